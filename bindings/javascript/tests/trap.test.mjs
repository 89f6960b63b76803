// What happens when the module itself breaks: the call says so, and the next one works.

import assert from "node:assert/strict";
import { test } from "node:test";

/** A module whose only function is a trap. */
const TRAP = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 116, 0, 0, 10, 5, 1, 3, 0, 0, 11,
);
const trap = new WebAssembly.Instance(new WebAssembly.Module(TRAP)).exports.t;

let armed = false;
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...given) => {
  const made = await instantiate(...given);
  const { instance, module } = made;
  // Node has modules of its own.
  if (instance?.exports.call === undefined) return made;
  const { call, ...others } = instance.exports;
  return { module, instance: { exports: { ...others, call: (...numbers) => (armed ? trap() : call(...numbers)) } } };
};
const { vm } = await import("./given.mjs");

test("a trap is told, the module starts afresh, and scorers go on", () => {
  const nps = () => vm.nps({ promoters: 55, passives: 30, detractors: 15 }).nps;
  const scorer = new vm.Scorer("value-realization");
  const record = { account: "acme", answers: { full_usage: 0.8 } };
  const before = scorer.assess(record, "2026-11-01");
  assert.equal(nps(), 40);
  armed = true;
  assert.throws(nps, (error) => error instanceof vm.ValueModelError && /please report it: RuntimeError: unreachable/.test(error.message));
  assert.equal(nps(), 40);
  assert.deepEqual(scorer.assess(record, "2026-11-01"), before);
  scorer.free();
});

test("tables of Arrow are for Node: the browser's package says so", async () => {
  const scorer = new vm.Scorer("value-realization");
  const wanted = (error) => error instanceof vm.ValueModelError && error.code === "invalid_input" && /reads no Arrow; give `scoreColumns`/.test(error.message);
  assert.throws(() => scorer.scoreArrow(new Uint8Array(8), { as_of: "2026-11-01" }), wanted);
  await assert.rejects(scorer.scoreArrowAsync(new Uint8Array(8), { as_of: "2026-11-01" }), wanted);
  scorer.free();
});
