import assert from "node:assert/strict";
import { test } from "node:test";

import { vm } from "./given.mjs";

const DAY = "2026-11-01";
const acme = {
  account: "acme",
  answers: {
    executive_confirmation: "2026-09-15",
    full_usage: 0.8,
    goals_documented: true,
    metrics_documented: 0.5,
    metrics_progressing: 0.75,
    reviewed_internally: "2026-06-30",
    experience: 0.25,
    financial: 0.75,
    change_management: 0.5,
    emotional: 0,
    learning: 0.25,
    opportunity: 0.5,
  },
};

test("the worked example", () => {
  const scorer = new vm.Scorer("value-realization");
  const assessment = scorer.assess(acme, DAY);
  assert.equal(assessment.score.toFixed(1), "65.0");
  assert.equal(assessment.band, "watch");
  assert.equal(assessment.groups.find((group) => group.id === "costs").cost_score, 37.5);
  assert.deepEqual(vm.score({ model: scorer, record: acme, as_of: DAY }), assessment);
});

test("the number alone is that of the assessment", () => {
  for (const { id } of vm.presets()) {
    const scorer = new vm.Scorer(id);
    for (const answers of [{}, { [scorer.measures[0]]: null }, ...(id === "value-realization" ? [acme.answers] : [])]) {
      const record = { account: "acme", answers };
      const { outcome, score, raw, band, lower_band, lower, upper, coverage, validated_share, fresh_share } =
        scorer.assess(record, DAY);
      assert.deepEqual(scorer.score(record, DAY), {
        outcome, score, raw, band, lower_band, lower, upper, coverage, validated_share, fresh_share,
      });
      const slow = { ...record, default_source: "measured", default_on: "2026-10-30" };
      assert.equal(scorer.score(slow, DAY).fresh_share, scorer.assess(slow, DAY).fresh_share);
    }
  }
});

test("a model is a preset, a text, an object or another scorer", () => {
  const preset = new vm.Scorer("value-realization");
  const { document } = vm.presets().find(({ id }) => id === "value-realization");
  for (const model of [document, preset.toToml(), preset.toJSON(), JSON.stringify(preset), preset]) {
    const scorer = new vm.Scorer(model);
    assert.deepEqual(scorer.assess(acme, DAY), preset.assess(acme, DAY));
    assert.deepEqual([scorer.model, scorer.version, scorer.measures.length], ["value-realization", preset.version, 12]);
  }
  assert.deepEqual(vm.lint(preset), []);
  assert.deepEqual(preset.bands, ["at_risk", "watch", "healthy"]);
});

test("a scorer is freed once, and says so", () => {
  const scorer = new vm.Scorer("customer-value");
  if (Symbol.dispose) assert.equal(typeof scorer[Symbol.dispose], "function");
  scorer.free();
  scorer.free();
  assert.throws(() => scorer.score(acme, DAY), TypeError);
});

test("a million calls keep no memory", { timeout: 120_000 }, () => {
  const scorer = new vm.Scorer("value-realization");
  const record = { account: "acme", answers: { full_usage: 0.8, goals_documented: true } };
  const calls = (count) => {
    for (let call = 0; call < count; call += 1) scorer.score(record, DAY);
    globalThis.gc?.();
    return process.memoryUsage().rss;
  };
  const before = calls(300_000);
  const after = calls(1_000_000);
  // The engine's own heap breathes: a leak of 64 bytes per call would be 64 MB.
  assert.ok(after < before * 1.01 + 4_000_000, `${before} bytes became ${after}`);
});
