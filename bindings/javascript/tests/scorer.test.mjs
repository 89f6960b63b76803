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

test("many accounts in a row: each is scored as if it were alone", () => {
  const scorer = new vm.Scorer("value-realization");
  const fresh = (record, day) => {
    const { score, lower, upper, coverage, fresh_share, band } = scorer.assess(record, day);
    return { score, lower, upper, coverage, fresh_share, band };
  };
  const same = (record, day) => {
    const found = scorer.score(record, day);
    for (const [name, value] of Object.entries(fresh(record, day))) assert.ok(Object.is(found[name], value), `${name}: ${found[name]} instead of ${value}`);
  };
  const said = (work) => {
    try {
      return [work()];
    } catch (error) {
      return [error.name, error.code, error.field, error.message];
    }
  };
  const NUMERIC = ["full_usage", "metrics_documented", "metrics_progressing", "experience", "financial", "learning", "emotional", "opportunity"];
  for (let round = 0; round < 200; round += 1) {
    const answers = Object.fromEntries(NUMERIC.filter((_, place) => (round * 7 + place * 3) % 5).map((name, place) => [name, ((round * 13 + place * 29) % 101) / 100]));
    const day = round % 50 === 49 ? "2026-10-01" : "2026-11-01";
    same({ account: "acme", answers }, day);
    if (round % 20 === 0) same({ answers: { ...answers, executive_confirmation: "2026-09-15", goals_documented: true }, account: "é" }, day);
    if (round % 20 === 1) same({ account: "acme", answers: { ...answers, opportunity: { value: 0.5, on: "2026-10-01" } }, default_on: "2026-10-01" }, day);
    if (round % 20 === 2) same({ account: "acme", answers: { ...answers, full_usage: undefined, experience: null, learning: -0 } }, day);
    if (round % 20 === 3) {
      for (const more of [{ full_usage: 7 }, { full_usage: Number.NaN }, { full_usag: 0.5 }, { executive_confirmation: 5 }, { learning: 2 ** 60 }]) {
        const wrong = { account: "acme", answers: { ...answers, ...more } };
        const [name, ...words] = said(() => scorer.score(wrong, day));
        assert.equal(name, "ValueModelError");
        assert.deepEqual([name, ...words], said(() => scorer.assess(wrong, day)));
      }
      for (const account of ["", "a\nb", 5, undefined]) assert.throws(() => scorer.score({ account, answers }, day), (error) => error.field === "account");
      assert.throws(() => scorer.score({ account: "acme", answers }, "never"), { code: "invalid_date", field: "as_of" });
    }
  }
});

test("an answer that asks for another score while it is read disturbs nobody", () => {
  const scorer = new vm.Scorer("value-realization");
  const plain = { account: "acme", answers: { full_usage: 0.25, metrics_documented: 1, metrics_progressing: 1, experience: 0.5 } };
  const expected = scorer.score(plain, "2026-11-01");
  for (const day of ["2026-11-01", "2026-10-01"]) {
    const other = { account: "b", answers: { full_usage: 1, learning: 1, financial: 1 } };
    const nested = [];
    const answers = {
      full_usage: 0.25,
      get metrics_documented() {
        nested.push(scorer.score(other, day));
        return 1;
      },
      metrics_progressing: 1,
      experience: 0.5,
    };
    assert.deepEqual(scorer.score({ account: "acme", answers }, "2026-11-01"), expected);
    for (const found of nested) assert.deepEqual(found, scorer.score(other, day));
    assert.deepEqual(scorer.score(plain, "2026-11-01"), expected);
  }
});
