import assert from "node:assert/strict";
import { test } from "node:test";

import { vm } from "./given.mjs";

const DAY = "2026-11-01";
const scorer = new vm.Scorer("value-realization");
const NUMERIC = ["full_usage", "metrics_documented", "metrics_progressing", "experience", "financial", "learning"];

/** Numbers that look random, the same each time. */
function* noise(seed = 7) {
  for (;;) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield seed / 2_147_483_648;
  }
}

function table(rows) {
  const next = noise();
  const random = () => next.next().value;
  const columns = {};
  for (const name of NUMERIC) {
    columns[name] = Float64Array.from({ length: rows }, () => (random() < 0.1 ? Number.NaN : random()));
  }
  columns.emotional = Float32Array.from({ length: rows }, () => Math.round(random() * 4) / 4);
  columns.goals_documented = Array.from({ length: rows }, () => [true, false, null, "yes", ""][Math.floor(random() * 5)]);
  columns.executive_confirmation = Array.from({ length: rows }, () => (random() < 0.5 ? "2026-09-15" : null));
  return columns;
}

/** The answers of one row. */
function answers(columns, row) {
  const given = Object.entries(columns).map(([name, column]) => [name, column[row] === "yes" ? true : column[row]]);
  return Object.fromEntries(given.filter(([, value]) => value !== null && value !== "" && !Number.isNaN(value)));
}

for (const rows of [0, 1, 63, 1024, 1025, 70_000]) {
  test(`${rows} rows are scored as one account is, to the last bit`, () => {
    const columns = table(rows);
    const scores = scorer.scoreColumns(columns, { as_of: DAY, contributions: true, headroom: true });
    assert.equal(scores.rows, rows);
    assert.deepEqual(scores.refused, []);
    for (let row = 0; row < rows; row += Math.max(1, Math.floor(rows / 300))) {
      const one = scorer.assess({ account: "acme", answers: answers(columns, row) }, DAY);
      const found = scores.row(row);
      for (const name of ["score", "band", "coverage", "lower", "upper", "lower_band", "outcome", "fresh_share"]) {
        assert.ok(Object.is(found[name], one[name]), `${name} of row ${row}: ${found[name]} instead of ${one[name]}`);
      }
      for (const { id, contribution, headroom } of one.measures) {
        if (one.score === null) continue;
        assert.ok(Object.is(found[`${id}_points`], contribution) && Object.is(found[`${id}_headroom`], headroom), id);
      }
    }
  });
}

test("flags and fired rules are columns on request", () => {
  const flagged = new vm.Scorer({
    schema: "value-model/1", id: "flagged", version: "1", title: "Flagged",
    tree: {
      id: "health", title: "Health",
      children: [
        { id: "seats", title: "Seats", scale: { progress: { baseline: 10, target: 50 } }, recency: { window: { days: 90 } } },
        { id: "csat", title: "CSAT", scale: "score" },
      ],
    },
    rules: [{ id: "unhappy", title: "", when: { below: { measure: "csat", unit: 0.3 } }, then: { cap: 0.4 } }],
  });
  const columns = { seats: Float64Array.of(5, 9, 30, Number.NaN, 11), csat: Float64Array.of(90, 20, 29, 31, 700) };
  const scores = flagged.scoreColumns(columns, { as_of: DAY, flags: true });
  const names = ["seats_undated", "seats_regressed", "unhappy_fired"];
  assert.deepEqual(names.map((name) => [...scores.columns[name]]), [[1, 1, 1, 0, 255], [1, 1, 0, 0, 255], [0, 1, 1, 0, 255]]);
  for (let row = 0; row < 4; row++) {
    const one = flagged.assess({ account: "acme", answers: answers(columns, row) }, DAY);
    const [seats] = one.measures;
    const found = scores.row(row);
    assert.deepEqual(names.map((name) => found[name]), [seats.flags.includes("undated"), seats.flags.includes("regressed"), one.rules.length === 1]);
  }
  assert.deepEqual(names.map((name) => scores.row(4)[name]), [null, null, null]);
  assert.ok(!("seats_undated" in flagged.scoreColumns(columns, { as_of: DAY }).columns));
});

test("one wrong row does not stop the others", () => {
  const columns = table(5000);
  columns.full_usage[3] = 7;
  columns.goals_documented[4000] = "perhaps";
  columns.executive_confirmation[4999] = {};
  const { refused, ...scores } = scorer.scoreColumns(columns, { as_of: DAY });
  assert.deepEqual(refused.map(({ row, code, field }) => [row, code, field]), [
    [3, "outside_scale", "full_usage"],
    [4000, "outside_scale", "goals_documented"],
    [4999, "invalid_input", "executive_confirmation"],
  ]);
  assert.equal(scores.columns.score[3], Number.NaN);
  assert.equal(scores.columns.outcome[3], 255);
  assert.throws(() => scorer.scoreColumns(columns, { as_of: DAY, errors: "raise" }), { code: "outside_scale", field: "[3].full_usage" });
});

test("NaN is no answer, or a mistake", () => {
  const columns = { full_usage: Float64Array.of(0.5, Number.NaN, Number.POSITIVE_INFINITY) };
  const codes = (options) => scorer.scoreColumns(columns, { as_of: DAY, ...options }).refused.map(({ row, code }) => `${row} ${code}`);
  assert.deepEqual(codes(), ["2 not_finite"]);
  assert.deepEqual(codes({ nan: "refused" }), ["1 not_finite", "2 not_finite"]);
});

test("columns of every kind of number", () => {
  const model = { schema: "value-model/1", id: "m", version: "1", title: "M", tree: { id: "t", title: "T", children: [{ id: "a", title: "A", scale: { likert: { min: 0, max: 10 } } }] } };
  const likert = new vm.Scorer(model);
  const expected = [10, 20, 30];
  for (const Kind of [Float64Array, Float32Array, Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Array]) {
    const found = likert.scoreColumns({ a: Kind.of(1, 2, 3) }, { as_of: DAY, results: ["score"] });
    assert.deepEqual([...found.columns.score], expected, Kind.name);
  }
  assert.deepEqual([...likert.scoreColumns({ a: BigInt64Array.of(1n, 2n, 3n) }, { as_of: DAY }).columns.score], expected);
  assert.deepEqual([...likert.scoreColumns({ other: [1, 2, 3] }, { as_of: DAY, columns: { a: "other" } }).columns.score], expected);
});

test("a table that does not fit is refused as a whole", () => {
  const refuses = (columns, options, code) => assert.throws(() => scorer.scoreColumns(columns, { as_of: DAY, ...options }), (error) => error instanceof vm.ValueModelError && error.code === code, code);
  refuses({ full_usage: [1], experience: [1, 2] }, {}, "conflict");
  refuses({ other: [1] }, {}, "missing");
  refuses({ full_usage: [1] }, { as_off: DAY }, "unknown_field");
  refuses({ full_usage: [1] }, { as_of: "yesterday" }, "invalid_date");
  refuses({ full_usage: [1] }, { results: ["skore"] }, "unknown_id");
  refuses({ full_usage: [1] }, { columns: { full_usage: "usage" } }, "unknown_id");
  refuses({ full_usage: [1] }, { default_on: "2027-01-01" }, "after_as_of");
  refuses({ full_usage: "1" }, {}, "invalid_input");
  refuses(null, {}, "invalid_input");
});

test("scoring aside: the same bits, progress, and an end when it is no longer wanted", async () => {
  const columns = table(200_000);
  const told = [];
  const scores = await scorer.scoreColumnsAsync(columns, { as_of: DAY, onProgress: (done, rows) => told.push([done, rows]) });
  assert.deepEqual(scores.columns, scorer.scoreColumns(columns, { as_of: DAY }).columns);
  assert.deepEqual(told.at(-1), [200_000, 200_000]);
  const stop = new AbortController();
  const stopped = scorer.scoreColumnsAsync(columns, { as_of: DAY, signal: stop.signal });
  stop.abort();
  await assert.rejects(stopped, { name: "AbortError" });
  await assert.rejects(scorer.scoreColumnsAsync(columns, { as_of: DAY, signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(scorer.scoreColumnsAsync({}, { as_of: DAY }), { code: "missing" });
});
