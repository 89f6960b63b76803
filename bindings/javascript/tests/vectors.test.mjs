import assert from "node:assert/strict";
import { test } from "node:test";

import { vectorFiles, vm } from "./given.mjs";
import { camel, difference, wrong } from "./vectors.mjs";

test("every formula of the catalog is a function, and has vectors", () => {
  const ids = vm.catalog().map((formula) => formula.id);
  const known = new Set([
    "ColumnScores", "Scorer", "ValueModelError", "catalog", "errorCodes", "init", "lint", "presets", "default", "module.exports",
  ]);
  assert.deepEqual(Object.keys(vm).filter((name) => !known.has(name)).sort(), ids.map(camel).sort());
  assert.deepEqual(vectorFiles().map((file) => file.formula).sort(), [...ids].sort());
});

test("every code is met", () => {
  const met = new Set(vectorFiles().flatMap((file) => file.cases.flatMap((vector) => vector.error?.code ?? [])));
  const codes = new Set(vm.errorCodes());
  assert.equal(codes.size, 20);
  for (const code of met) assert.ok(codes.has(code), code);
});

for (const file of vectorFiles()) {
  test(`${file.formula}: ${file.cases.length} vectors to the last bit`, () => {
    for (const vector of file.cases) assert.equal(wrong(vm, file.formula, vector), undefined, vector.name);
  });
}

test("a difference of one bit is a difference", () => {
  assert.equal(difference({ a: [1, { b: 0.1 + 0.2 }] }, { a: [1, { b: 0.3 }] }), ".a.1.b: 0.30000000000000004 instead of 0.3");
  assert.equal(difference({ a: -0 }, { a: 0 }), ".a: 0 instead of 0");
  assert.ok(difference({ a: 1 }, { a: 1, b: 2 }) && difference(null, {}) && difference({}, null));
});
