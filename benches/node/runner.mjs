// Does what `kinds/javascript.py` says, one line of JSON at a time: prepares somebody, runs them so often, writes results.

import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";

import { jsonLogic, zenEngine } from "./engines.mjs";
import { plainLoop } from "./loop.mjs";
import { arrow, columns, memory, records } from "./ours.mjs";

const [folder] = process.argv.slice(2);
const about = JSON.parse(readFileSync(join(folder, "about.json"), "utf8"));

/** The answers: a column of numbers for each measure, NaN where there is none. */
function answers() {
  return Array.from({ length: about.measures }, (_, place) => {
    const bytes = readFileSync(join(folder, `m${place}.f64`));
    return new Float64Array(bytes.buffer, bytes.byteOffset, about.rows);
  });
}

/** The answers of each account as an object with those that there are. */
function accounts(measures) {
  return Array.from({ length: about.rows }, (_, row) =>
    Object.fromEntries(measures.map((column, place) => [`m${place}`, column[row]]).filter(([, value]) => !Number.isNaN(value))),
  );
}

// Each gives `{ run, result }`: `result` shows the last run as columns of numbers, bands from 1 and 0 for none.
const FORMS = {
  columns: { node: columns("node"), wasm: columns("web"), node_arrow: arrow, plain_loop: plainLoop },
  records: { node: records("node"), wasm: records("web"), zen_engine: zenEngine, json_logic: jsonLogic },
};

const prepared = new Map();

/** Milliseconds that everybody runs before anybody is timed: until then engines may still run what they compiled in haste. */
const WARM = 3000;

async function prepare(impl) {
  const measures = answers();
  const given = about.form === "columns" ? measures : accounts(measures);
  prepared.set(impl, await FORMS[about.form][impl](about, given));
  const start = performance.now();
  while (performance.now() - start < WARM) await run(impl, 1);
  return {};
}

async function run(impl, times) {
  const { run: once } = prepared.get(impl);
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) {
    const pending = once();
    // Only who does not answer at once is waited for.
    if (pending instanceof Promise) await pending;
  }
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6 };
}

function result(impl) {
  const found = prepared.get(impl).result();
  for (const name of about.outputs) writeFileSync(join(folder, `${impl}_${name}.f64`), Float64Array.from(found[name]));
  return {};
}

const TASKS = {
  prepare: ({ impl }) => prepare(impl),
  run: ({ impl, times }) => run(impl, times),
  result: ({ impl }) => result(impl),
  memory: ({ impl, calls }) => memory(impl, about, accounts(answers()), calls),
};

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  const said = await Promise.resolve()
    .then(() => TASKS[task.do](task))
    .catch((error) => ({ failed: `${error.name}: ${error.message}` }));
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
