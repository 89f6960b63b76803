import assert from "node:assert/strict";
import { test } from "node:test";

import { RecordBatchReader, RecordBatchStreamWriter, Table, Utf8, tableFromArrays, tableFromIPC, tableToIPC, vectorFromArray } from "apache-arrow";

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

/** Columns as JavaScript holds them; null is no answer. */
function columns(rows) {
  const next = noise();
  const random = () => next.next().value;
  const pick = (...words) => words[Math.floor(random() * words.length)];
  const made = { account: Array.from({ length: rows }, (_, row) => `account ${row}`) };
  for (const name of NUMERIC) made[name] = Array.from({ length: rows }, () => (random() < 0.1 ? null : random()));
  made.goals_documented = Array.from({ length: rows }, () => pick("yes", "no", null, ""));
  made.executive_confirmation = Array.from({ length: rows }, () => pick("2026-09-15", null));
  return made;
}

function table(made) {
  const texts = ["account", "goals_documented", "executive_confirmation"];
  const vectors = Object.entries(made).map(([name, values]) => [name, texts.includes(name) ? vectorFromArray(values, new Utf8()) : vectorFromArray(values)]);
  return new Table(Object.fromEntries(vectors));
}

const NAMES = ["score", "band", "coverage", "lower", "upper", "lower_band", "outcome", "fresh_share"];

test("files and streams are scored as columns are, to the last bit", () => {
  for (const rows of [0, 1, 1025, 70_000]) {
    const made = columns(rows);
    const expected = scorer.scoreColumns(made, { as_of: DAY, contributions: true });
    for (const form of ["file", "stream"]) {
      const bytes = scorer.scoreArrow(tableToIPC(table(made), form), { as_of: DAY, contributions: true });
      const found = tableFromIPC(bytes);
      assert.equal(found.numRows, rows);
      assert.deepEqual(found.schema.fields.map((field) => field.name), ["account", ...Object.keys(expected.columns), "code"]);
      for (let row = 0; row < rows; row += Math.max(1, Math.floor(rows / 200))) {
        const { account, ...others } = found.get(row).toJSON();
        assert.equal(account, `account ${row}`);
        for (const [name, value] of Object.entries(expected.row(row))) assert.ok(Object.is(others[name], value), `${name} of row ${row}`);
      }
    }
  }
});

test("many batches come back as many, whatever memory they are given in", () => {
  const parts = [columns(700), columns(1), columns(2048)];
  const bytes = RecordBatchStreamWriter.writeAll(parts.flatMap((made) => table(made).batches)).toUint8Array(true);
  const expected = parts.flatMap((made) => [...scorer.scoreColumns(made, { as_of: DAY }).columns.score]);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  for (const given of [bytes, Buffer.from(bytes), bytes.slice().buffer, shifted.subarray(3), shared, shared.buffer]) {
    const found = tableFromIPC(scorer.scoreArrow(given, { as_of: DAY }));
    assert.equal(found.batches.length, 3);
    assert.deepEqual([...found.getChild("score")].map((score) => score ?? Number.NaN), expected);
  }
});

test("one wrong row does not stop the others, and says why", () => {
  const made = columns(5000);
  made.full_usage[3] = 7;
  made.goals_documented[4000] = "perhaps";
  const bytes = tableToIPC(table(made));
  const found = tableFromIPC(scorer.scoreArrow(bytes, { as_of: DAY, results: ["score"], keep: [] }));
  const codes = [...found.getChild("code")].map((code, row) => [row, code]).filter(([, code]) => code !== null);
  assert.deepEqual(codes, [[3, "outside_scale"], [4000, "outside_scale"]]);
  assert.equal(found.getChild("score").get(3), null);
  assert.deepEqual(found.schema.fields.map((field) => field.name), ["score", "code"]);
  assert.throws(() => scorer.scoreArrow(bytes, { as_of: DAY, errors: "raise" }), { code: "outside_scale", field: "[3].full_usage" });
});

test("numbers of every kind, dictionaries, and columns that nobody reads", () => {
  const made = tableFromArrays({ full_usage: Float32Array.of(0.5, 1, 0.25), experience: Int8Array.of(0, 1, 1), goals_documented: ["yes", "no", "yes"], note: [[1], [2], [3]].map(String), other: BigInt64Array.of(1n, 2n, 3n) });
  const found = tableFromIPC(scorer.scoreArrow(tableToIPC(made), { as_of: DAY, keep: ["other", "goals_documented"] }));
  const expected = scorer.scoreColumns({ full_usage: [0.5, 1, 0.25], experience: [0, 1, 1], goals_documented: ["yes", "no", "yes"] }, { as_of: DAY });
  assert.deepEqual([...found.getChild("lower")], [...expected.columns.lower]);
  assert.deepEqual([...found.getChild("other")], [1n, 2n, 3n]);
  assert.deepEqual([...found.getChild("goals_documented")], ["yes", "no", "yes"]);
  assert.deepEqual([...found.getChild("band")], [null, null, null].map((_, row) => expected.row(row).band));
});

// 200 times 0.5, written by pyarrow.
const LZ4 =
  "/////4AAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAAEDEAAAACQAAAAEAAAAAAAAAAoAAABmdWxsX3VzYWdlAAAAAAYACAAGAAYAAAAAAAIAAAAAAP////+YAAAAFAAAAAAAAAAMABgABgAFAAgADAAMAAAAAAMEABwAAAAwAAAAAAAAAAAAAAAMABwAEAAEAAgADAAMAAAASAAAABwAAAAUAAAAyAAAAAAAAAAAAAAABAAEAAQAAAACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAMAAAAAAAAAAAAAAAAQAAAMgAAAAAAAAAAAAAAAAAAABABgAAAAAAAAQiTRhgQIIZAAAAEQABACHgPwcADwgA////////IVAAAADgPwAAAAD/////AAAAAA==";
const ZSTD =
  "/////4AAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAAEDEAAAACQAAAAEAAAAAAAAAAoAAABmdWxsX3VzYWdlAAAAAAYACAAGAAYAAAAAAAIAAAAAAP////+gAAAAFAAAAAAAAAAMABgABgAFAAgADAAMAAAAAAMEABwAAAAoAAAAAAAAAAAAAAAMAB4AEAAEAAgADAAMAAAAUAAAACQAAAAYAAAAyAAAAAAAAAAAAAAAAAAGAAgABwAGAAAAAAAAAQIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAkAAAAAAAAAAAAAAABAAAAyAAAAAAAAAAAAAAAAAAAAEAGAAAAAAAAKLUv/WBABZUAAEgAAAAAAADgPwACAC+ufCCAIwAAAAD/////AAAAAA==";

test("packed batches: LZ4 is read, zstd says what to do", () => {
  const found = tableFromIPC(scorer.scoreArrow(Buffer.from(LZ4, "base64"), { as_of: DAY, results: ["lower"] }));
  const expected = scorer.scoreColumns({ full_usage: new Array(200).fill(0.5) }, { as_of: DAY, results: ["lower"] });
  assert.deepEqual([...found.getChild("lower")], [...expected.columns.lower]);
  assert.throws(() => scorer.scoreArrow(Buffer.from(ZSTD, "base64"), { as_of: DAY }), { code: "invalid_input", field: "table", message: /packed with zstd; pack it with LZ4/ });
});

test("a table that does not fit is refused as a whole", () => {
  const bytes = tableToIPC(tableFromArrays({ full_usage: Float64Array.of(1), usage: Float64Array.of(1) }));
  const refuses = (given, options, code, field) => assert.throws(() => scorer.scoreArrow(given, { as_of: DAY, ...options }), (error) => error instanceof vm.ValueModelError && error.code === code && error.field === field, `${code} ${field}`);
  refuses(bytes, { as_off: DAY }, "unknown_field", "as_off");
  refuses(bytes, { as_of: "yesterday" }, "invalid_date", "as_of");
  refuses(bytes, { results: ["skore"] }, "unknown_id", "results");
  refuses(bytes, { keep: ["account"] }, "unknown_id", "keep");
  refuses(bytes, { keep: "account" }, "invalid_input", "keep");
  refuses(bytes, { columns: { full_usage: "usages" } }, "unknown_id", "columns");
  assert.throws(() => scorer.scoreArrow(bytes, { as_of: DAY, columns: { full_usage: "usages" } }), /did you mean `usage`/);
  refuses(tableToIPC(tableFromArrays({ other: Float64Array.of(1) })), {}, "missing", "measures");
  for (const strange of [null, undefined, "ARROW1", {}, [1, 2], 7n, new Float64Array(8), new DataView(new ArrayBuffer(8))]) refuses(strange, {}, "invalid_input", "table");
  const gone = bytes.slice();
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  refuses(gone, {}, "invalid_input", "table");
  refuses(gone.buffer, {}, "invalid_input", "table");
});

test("bytes that are cut, damaged or lie give an error or other values", () => {
  const made = columns(300);
  for (const form of ["file", "stream"]) {
    const bytes = tableToIPC(table(made), form);
    const typed = (given) => {
      try {
        return scorer.scoreArrow(given, { as_of: DAY }).length > 0;
      } catch (error) {
        assert.ok(error instanceof vm.ValueModelError && ["invalid_input", "limit"].includes(error.code) && error.field === "table", `${error.stack}`);
        return false;
      }
    };
    assert.ok(typed(bytes));
    for (let cut = 0; cut < bytes.length; cut += 89) assert.equal(typed(bytes.subarray(0, cut)), false, `${form} cut at ${cut}`);
    const found = { true: 0, false: 0 };
    const view = (copy) => new DataView(copy.buffer, copy.byteOffset);
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      const word = view(bytes).getBigInt64(at, true);
      if (word < 8n || word > 10_000n) continue;
      for (const lie of [1n << 40n, (1n << 63n) - 1n, -8n]) {
        const copy = bytes.slice();
        view(copy).setBigInt64(at, lie, true);
        found[typed(copy)] += 1;
      }
    }
    assert.ok(found.false > 20, JSON.stringify(found));
    const next = noise();
    const below = (most) => Math.floor(next.next().value * most);
    for (let times = 0; times < 500; times += 1) {
      const copy = bytes.slice();
      const at = below(2) === 0 ? below(copy.length) : copy.length - 1 - below(Math.min(copy.length, 1500));
      copy[at] = [0, 0xff, 0x7f, 0x80, 1, copy[at] ^ 1][below(6)];
      // Another name of a column or another answer is no damage: only that nothing else is thrown counts.
      try {
        scorer.scoreArrow(copy, { as_of: DAY });
      } catch (error) {
        assert.ok(error instanceof vm.ValueModelError, `${error.stack}`);
      }
    }
  }
});

test("scoring aside: the same bytes, progress, and an end when it is no longer wanted", async () => {
  const made = columns(1000);
  const batches = Array.from({ length: 400 }, () => table(made).batches[0]);
  const bytes = RecordBatchStreamWriter.writeAll(batches).toUint8Array(true);
  const told = [];
  const running = scorer.scoreArrowAsync(bytes, { as_of: DAY, onProgress: (done, rows) => told.push([done, rows]) });
  const before = bytes.slice();
  // Its bytes were copied: what happens to them now is nobody's concern.
  bytes.fill(0);
  assert.deepEqual(await running, scorer.scoreArrow(before, { as_of: DAY }));
  assert.deepEqual(told.at(-1), [400_000, 400_000]);
  const stop = new AbortController();
  const stopped = scorer.scoreArrowAsync(before, { as_of: DAY, signal: stop.signal });
  stop.abort();
  await assert.rejects(stopped, { name: "AbortError" });
  await assert.rejects(scorer.scoreArrowAsync(before, { as_of: DAY, signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(scorer.scoreArrowAsync(new Uint8Array(5), { as_of: DAY }), { code: "invalid_input", field: "table" });
  assert.equal(RecordBatchReader.from(await scorer.scoreArrowAsync(before, { as_of: DAY, results: NAMES })).open().schema.fields.length, NAMES.length + 2);
});
