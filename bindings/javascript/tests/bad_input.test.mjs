// What JavaScript can hand over and no formula can use: always the one typed error, in the words of every language.

import assert from "node:assert/strict";
import { test } from "node:test";

import { vm } from "./given.mjs";

const DAY = "2026-11-01";
const scorer = new vm.Scorer("value-realization");
const nps = (promoters) => vm.nps({ promoters, passives: 1, detractors: 1 });
const account = (answers) => scorer.assess({ account: "acme", answers }, DAY);

function refuses(call, code, field, message) {
  let caught;
  try {
    call();
  } catch (error) {
    caught = error;
  }
  assert.ok(caught instanceof vm.ValueModelError && caught instanceof Error, String(caught));
  assert.equal(caught.name, "ValueModelError");
  assert.deepEqual([caught.code, caught.field], [code, field], caught.message);
  assert.ok(vm.errorCodes().includes(caught.code));
  if (message !== undefined) assert.equal(caught.message, message);
  assert.notEqual(caught.message, "");
}

test("null and undefined are no values", () => {
  refuses(() => vm.nps(null), "missing", "", "the input is required");
  refuses(() => vm.nps(undefined), "missing", "");
  refuses(() => vm.nps(), "missing", "");
  refuses(() => nps(null), "missing", "promoters", "`promoters` is required");
  refuses(() => nps(undefined), "missing", "promoters", "`promoters` is required");
  refuses(() => scorer.assess({ account: "acme" }), "missing", "as_of", "`as_of` is required");
});

test("NaN and infinity are no numbers", () => {
  refuses(() => nps(Number.NaN), "not_finite", "promoters", "`promoters` must be a finite number, got NaN");
  refuses(() => nps(Number.NEGATIVE_INFINITY), "not_finite", "promoters", "`promoters` must be a finite number, got -inf");
  refuses(() => account({ full_usage: Number.NaN }), "not_finite", "answers.full_usage");
});

test("a text is no number, a number no text", () => {
  refuses(() => nps("5"), "invalid_input", "promoters", "`promoters`: expected a whole number, found the text `5`");
  refuses(() => nps(true), "invalid_input", "promoters", "`promoters`: expected a whole number, found true");
  refuses(() => nps([5]), "invalid_input", "promoters", "`promoters`: expected a whole number, found a list");
  refuses(() => nps(1.5), "invalid_input", "promoters");
  refuses(() => nps(-1), "out_of_range", "promoters");
  refuses(() => scorer.assess({ account: 5 }, DAY), "invalid_input", "account");
});

test("whole numbers above 2^53 are not rounded in silence", () => {
  const words = "`promoters`: a whole number above 2^53 cannot be held exactly; write ids as texts";
  refuses(() => nps(2 ** 53 + 2), "invalid_input", "promoters", words);
  refuses(() => nps(-(2 ** 60)), "invalid_input", "promoters", words);
  refuses(() => nps(2n ** 64n), "invalid_input", "promoters", words);
  refuses(() => nps(2n ** 53n + 1n), "invalid_input", "promoters", words);
  assert.deepEqual(nps(5n), nps(5));
});

test("a misspelt field is named, with the nearest", () => {
  refuses(
    () => vm.nps({ promoterz: 1, passives: 1, detractors: 1 }),
    "unknown_field", "promoterz", "`promoterz` is not a known field; did you mean `promoters`?",
  );
  for (const value of [1, null]) {
    refuses(() => account({ full_usge: value }), "unknown_id", "answers");
    refuses(() => scorer.score({ account: "acme", answers: { full_usge: value } }, DAY), "unknown_id", "answers");
  }
  refuses(() => new vm.Scorer("value-realisation"), "unknown_id", "model");
});

test("only an object's own fields are read", () => {
  Object.prototype.passives = 7;
  try {
    refuses(() => vm.nps({ promoters: 5, detractors: 1 }), "missing", "passives");
    assert.equal(scorer.score({ account: "acme", answers: {} }, DAY).outcome, "insufficient");
  } finally {
    delete Object.prototype.passives;
  }
  refuses(() => vm.nps(Object.create({ promoters: 5, passives: 1, detractors: 1 })), "missing", "promoters");
  const hidden = { promoters: 5, passives: 1 };
  Object.defineProperty(hidden, "detractors", { value: 1, enumerable: false });
  refuses(() => vm.nps(hidden), "missing", "detractors");
  refuses(() => vm.nps(JSON.parse('{"__proto__": 1, "promoters": 1, "passives": 1, "detractors": 1}')), "unknown_field", "__proto__");
});

test("what a getter throws is thrown on, and the next call works", () => {
  const mine = new RangeError("mine");
  const given = { get promoters() { throw mine; }, passives: 1, detractors: 1 };
  assert.throws(() => vm.nps(given), (error) => error === mine);
  const nested = { get promoters() { return nps(5).responses; }, passives: 1, detractors: 1 };
  assert.equal(vm.nps(nested).responses, 9);
  assert.equal(nps(5).responses, 7);
});

test("half of a surrogate pair is no text", () => {
  refuses(() => scorer.assess({ account: "a\ud800", answers: {} }, DAY), "invalid_text", "account");
  refuses(() => scorer.score({ account: "a\ud800", answers: {} }, DAY), "invalid_text", "account");
  refuses(() => account({ "\udc00": 1 }), "invalid_text", "answers");
  assert.equal(scorer.assess({ account: "é😀", answers: {} }, DAY).account, "é😀");
  refuses(() => scorer.assess({ account: "a\u0000", answers: {} }, DAY), "invalid_text", "account");
});

test("a date is a day; a moment is none", () => {
  const day = (on) => account({ executive_confirmation: on }).measures.find(({ id }) => id === "executive_confirmation");
  assert.deepEqual(day(new Date("2026-09-15")), day("2026-09-15"));
  refuses(() => scorer.assess({ account: "acme" }, new Date("2026-11-01T10:30:00Z")), "invalid_date", "as_of");
  refuses(() => scorer.assess({ account: "acme" }, new Date(Number.NaN)), "invalid_date", "as_of");
  refuses(() => scorer.assess({ account: "acme" }, "2026-02-30"), "invalid_date", "as_of");
  refuses(() => scorer.assess({ account: "acme" }, 20260101), "invalid_input", "as_of");
});

test("what has no fields is no object", () => {
  for (const [value, kind] of [[new Set([1]), "Set"], [/x/, "RegExp"], [new ArrayBuffer(8), "ArrayBuffer"], [Promise.resolve(), "Promise"]]) {
    refuses(() => vm.nps(value), "invalid_input", "", `cannot read a value of the type \`${kind}\``);
  }
  refuses(() => nps(() => 5), "invalid_input", "promoters", "`promoters`: cannot read a value of the type `function`");
  refuses(() => nps(Symbol("five")), "invalid_input", "promoters", "`promoters`: cannot read a value of the type `symbol`");
  assert.deepEqual(vm.nps(new Map([["promoters", 5], ["passives", 1], ["detractors", 1]])), nps(5));
  refuses(() => vm.nps(new Map([[1, 5]])), "invalid_input", "", "names are texts");
});

test("numbers that were given away are missed", () => {
  const given = new Float64Array([-100, 60, 60]);
  assert.ok(vm.npv({ rate: 0.1, flows: given }));
  structuredClone(given, { transfer: [given.buffer] });
  refuses(() => vm.npv({ rate: 0.1, flows: given }), "invalid_input", "flows");
  refuses(() => scorer.scoreColumns({ full_usage: given }, { as_of: DAY }), "invalid_input", "full_usage");
});

test("too much is refused, and soon", () => {
  const loop = {};
  loop.self = loop;
  refuses(() => vm.nps(loop), "limit", "", "the input has 65 levels of nesting, more than the limit of 64");
  let deep = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  refuses(() => vm.nps(deep), "limit", "");
  const many = { flows: new Array(17_000_000).fill(0), rate: 0.1 };
  refuses(() => vm.npv(many), "limit", "");
  const names = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`x${index}`, index]));
  refuses(() => vm.nps(names), "unknown_field", "x0");
  assert.equal(nps(5).responses, 7);
});
