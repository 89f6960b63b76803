import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

import { vm } from "./given.mjs";

const DAY = "2026-11-01";
const ROWS = 150_000;
const NAMES = ["full_usage", "metrics_documented", "metrics_progressing", "experience", "financial", "learning"];

/** A table that is the same for the same seed. */
function table(seed, rows = ROWS) {
  let state = seed;
  const number = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state < 214_748_365 ? Number.NaN : state / 2_147_483_648;
  };
  return Object.fromEntries(NAMES.map((name) => [name, Float64Array.from({ length: rows }, number)]));
}

/** Everything the addon does, as numbers and texts that threads can send each other. */
async function results(seed) {
  const scorer = new vm.Scorer("value-realization");
  const columns = table(seed);
  const now = scorer.scoreColumns(columns, { as_of: DAY }).columns;
  const aside = await scorer.scoreColumnsAsync(columns, { as_of: DAY });
  const one = scorer.assess({ account: "acme", answers: { full_usage: (seed % 10) / 10, experience: 0.5 } }, DAY);
  const refusal = (() => {
    try {
      vm.nps({ promoters: -1, passives: 1, detractors: 1 });
    } catch (error) {
      return `${error.name} ${error.code} ${error.field} ${error.message}`;
    }
  })();
  return { now, aside: aside.columns, one: JSON.stringify(one), refusal };
}

if (isMainThread) {
  const here = fileURLToPath(import.meta.url);
  const start = (data) => new Worker(here, { workerData: data });
  const said = (worker) => new Promise((done, fail) => worker.once("message", done).once("error", fail));

  test("workers that score side by side give the bits of the main thread", async () => {
    const seeds = [1, 2, 3, 4];
    const workers = seeds.map((seed) => start({ seed }));
    const ended = Promise.all(workers.map((worker) => new Promise((done) => worker.once("exit", done))));
    const found = Promise.all(workers.map(said));
    const expected = await Promise.all(seeds.map(results));
    (await found).forEach((one, place) => assert.deepEqual(one, expected[place]));
    assert.deepEqual(await ended, seeds.map(() => 0));
  });

  test("a worker that is ended in the middle of its work takes nobody with it", async () => {
    for (const wait of [0, 1, 5, 20, 60]) {
      const workers = [1, 2, 3].map((seed) => start({ seed, forever: true }));
      await Promise.all(workers.map(said));
      await new Promise((done) => setTimeout(done, wait));
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
    const { now } = await results(5);
    assert.equal(now.score.length, ROWS);
  });

  test("a program may end while its workers score", () => {
    // In a process of its own: what it says on its way out counts.
    const program = `
      const { Worker } = require("node:worker_threads");
      const start = (seed) => new Worker(${JSON.stringify(here)}, { execArgv: [], workerData: { seed, forever: true } });
      const said = [1, 2].map((seed) => new Promise((done) => start(seed).once("message", done)));
      Promise.all(said).then(() => setTimeout(() => process.exit(7), 10));
    `;
    assert.throws(() => execFileSync(process.execPath, ["--eval", program], { stdio: "pipe" }), { status: 7, signal: null });
  });
} else if (workerData.forever) {
  const scorer = new vm.Scorer("value-realization");
  const columns = table(workerData.seed);
  parentPort.postMessage("scoring");
  for (;;) {
    scorer.scoreColumns(columns, { as_of: DAY });
    const aside = [1, 2].map(() => scorer.scoreColumnsAsync(columns, { as_of: DAY }));
    scorer.score({ account: "acme", answers: { full_usage: 0.5 } }, DAY);
    await Promise.race(aside);
  }
} else {
  parentPort.postMessage(await results(workerData.seed));
}
