import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";

import { vm } from "./given.mjs";

const { csvScorer, ndjsonScorer } = await import(new URL("./streams.js", new URL(process.env.VALUE_MODEL_PACKAGE ?? "", "file:///")).href);
const DAY = "2026-11-01";
const scorer = new vm.Scorer("value-realization");

/** What comes out, whatever the pieces in which it goes in. */
async function through(stream, bytes, size) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  let out = "";
  await pipeline(Readable.from(pieces), stream, async (chunks) => {
    for await (const chunk of chunks) out += chunk;
  });
  return out;
}

test("lines of JSON, cut anywhere", async () => {
  const lines = ['{"account": "é", "answers": {"full_usage": 0.8, "experience": 0}}', "", '{"account": "b", "answers": {"full_usage": 7}}', '{"account": '];
  for (const size of [1, 7, 1000]) {
    const out = await through(ndjsonScorer(scorer, { as_of: DAY }), Buffer.from(lines.join("\n")), size);
    const [first, second, third] = out.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(first, { account: "é", ...scorer.score({ account: "é", answers: { full_usage: 0.8, experience: 0 } }, DAY) });
    assert.deepEqual([second.line, second.code, second.field], [3, "outside_scale", "answers.full_usage"]);
    assert.deepEqual([third.line, third.code], [4, "invalid_input"]);
  }
  const whole = await through(ndjsonScorer(scorer, { as_of: DAY, explain: true }), Buffer.from(lines[0]), 10);
  assert.deepEqual(JSON.parse(whole), scorer.assess({ account: "é", answers: { full_usage: 0.8, experience: 0 } }, DAY));
  assert.throws(() => ndjsonScorer(scorer, { as_of: "never" }), { code: "invalid_date" });
});

test("a table of text, with everything that quotes allow", async () => {
  const text = '\ufeffaccount,note,full_usage,experience\r\n"a, ""b""","two\nlines",0.8,0.5\r\n=1+2,x,,\r\nc,x,7,0\r\n';
  for (const size of [1, 5, 1000]) {
    const out = await through(csvScorer(scorer, { as_of: DAY, results: ["outcome", "upper"] }), Buffer.from(text), size);
    const { upper } = scorer.score({ account: "a", answers: { full_usage: 0.8, experience: 0.5 } }, DAY);
    assert.equal(out, `account,outcome,upper,code\n"a, ""b""",insufficient,${upper},\n'=1+2,insufficient,100,\nc,,,outside_scale\n`);
  }
});

test("a table that is none ends the stream with its reason", async () => {
  const refuses = async (text, code, field) => {
    const stream = through(csvScorer(scorer, { as_of: DAY }), Buffer.from(text), 100);
    await assert.rejects(stream, (error) => error instanceof vm.ValueModelError && error.code === code && error.field === field);
  };
  await refuses("", "empty", "columns");
  await refuses("account,full_usage\na\n", "invalid_input", "[0]");
  await refuses('account,full_usage\na,"0.5\n', "invalid_input", "[1]");
  await refuses("full_usage,full_usage\n1,1\n", "duplicate", "columns");
  await refuses("account,usage\na,1\n", "missing", "measures");
  await refuses([0xff, 0xfe, 0x61, 0], "invalid_input", "");
  await refuses([0x61, 0x2c, 0xe9, 0x0a], "invalid_input", "");
});

test("ten thousand rows in, ten thousand rows out", async () => {
  const rows = Array.from({ length: 10_000 }, (_, row) => `acc${row},${(row % 11) / 10}`);
  const out = await through(csvScorer(scorer, { as_of: DAY, results: ["upper"] }), Buffer.from(`account,full_usage\n${rows.join("\n")}`), 65_536);
  const lines = out.trim().split("\n");
  assert.equal(lines.length, 10_001);
  assert.deepEqual(lines.map((line) => line.split(",")[0]).slice(1), rows.map((row) => row.split(",")[0]));
});
