// The blocks of a package's README, as one program; what a comment says is printed is printed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

const folder = dirname(process.env.VALUE_MODEL_PACKAGE);

test("the README does what it says", () => {
  const text = readFileSync(join(folder, "README.md"), "utf8");
  const blocks = [...text.matchAll(/^```js\n(.*?)^```/gms)].map(([, block]) => block);
  assert.ok(blocks.length >= 3);
  const source = blocks.join("").replaceAll(/"@value-model\/(web|node)"/g, '"./index.js"');
  const said = [...source.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, words]) => words.split(":")[0]);
  assert.ok(said.length >= 5);
  const file = join(folder, "readme.mjs");
  writeFileSync(file, source);
  const printed = execFileSync(process.execPath, [file], { encoding: "utf8" });
  assert.deepEqual(printed.trim().split("\n"), said);
});
