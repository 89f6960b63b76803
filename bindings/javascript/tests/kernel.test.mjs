// The kernel over columns gives the bits that every instruction set of a processor gives: see tests/kernel_bits.rs of
// value-model-arrow, which makes the same tables and writes down what comes out.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { vm } from "./given.mjs";

const { as_of, rows, cases } = JSON.parse(readFileSync(new URL("kernel.json", import.meta.url), "utf8"));
const DAY_MS = 86_400_000;

/** Numbers that look random, the same in Rust. */
function* noise(seed = 7) {
  for (;;) {
    seed = (seed * 48_271) % 2_147_483_647;
    yield seed;
  }
}

function table({ values, on }) {
  const numbers = noise();
  const draw = () => numbers.next().value;
  const columns = Object.fromEntries(values.map(([id]) => [id, new Float64Array(rows)]));
  const days = [];
  for (let row = 0; row < rows; row++) {
    for (const [id, from, step, count] of values) {
      const drawn = draw();
      const number = from + step * (Math.floor(drawn / 16) % count);
      columns[id][row] = drawn % 11 === 0 ? Number.NaN : drawn % 2_003 === 0 ? 1e9 : number;
    }
    const drawn = draw();
    days.push(drawn % 5 === 0 ? null : new Date(Date.parse(as_of) - (Math.floor(drawn / 16) % 300) * DAY_MS));
  }
  return on ? { ...columns, on: days } : columns;
}

/** FNV-1a over the eight bytes of each number, or one that says that there is none. */
function digest(column) {
  const view = new DataView(new ArrayBuffer(8));
  const codes = column instanceof Uint8Array;
  let sum = 0x811c9dc5;
  const add = (byte) => {
    sum = Math.imul(sum ^ byte, 0x01000193);
  };
  for (const number of column) {
    if (codes ? number === 255 : Number.isNaN(number)) {
      add(0xff);
      continue;
    }
    view.setFloat64(0, number, true);
    for (let byte = 0; byte < 8; byte++) add(view.getUint8(byte));
  }
  return (sum >>> 0).toString(16).padStart(8, "0");
}

for (const one of cases) {
  test(`${one.card.id}: the bits of every other build`, () => {
    const scorer = new vm.Scorer(one.card);
    const options = { as_of, contributions: true, headroom: true, flags: true, default_source: "customer_provided" };
    // Everything, or few enough columns that numbers are summed where they stand.
    for (const results of [null, ["score", "band", "coverage", "lower", "upper"], ["score"]]) {
      const { columns } = scorer.scoreColumns(table(one), { ...options, results, ...(one.on ? { on: "on" } : {}) });
      const found = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, digest(column)]));
      const expected = Object.entries(one.digests).filter(([name]) => results?.includes(name) ?? true);
      assert.deepEqual(found, Object.fromEntries(expected));
    }
  });
}
