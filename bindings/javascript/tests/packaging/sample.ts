// A program of a user: it compiles strictly and runs unchanged on either package.

import { init, npv, Scorer, ValueModelError, whatIf, type AccountRecord, type Assessment } from "value-model";

await init();
const scorer = new Scorer("value-realization");
const acme: AccountRecord = {
  account: "acme",
  answers: {
    executive_confirmation: "2026-09-15",
    full_usage: 0.8,
    goals_documented: true,
    metrics_documented: { value: 0.5, source: "measured", on: new Date("2026-10-01") },
    experience: [{ value: 0.25, persona: "executive" }, 0.5],
    opportunity: null,
  },
};
const assessment: Assessment = scorer.assess(acme, "2026-11-01");
const after = whatIf({ model: scorer, record: acme, as_of: new Date("2026-11-01"), changes: { full_usage: 1 } });
const shares: number[] = assessment.measures.map((measure) => measure.contribution);
const scores = scorer.scoreColumns({ full_usage: Float64Array.of(0.5, 7), goals_documented: [true, null] }, { as_of: "2026-11-01" });
const band: string | null = scorer.score(acme, "2026-11-01").band;
let code: string | undefined;
try {
  npv({ rate: -2, flows: [-100, 60, 60] });
} catch (error) {
  if (error instanceof ValueModelError) code = `${error.code} ${error.field}`;
}
if (code !== "out_of_range rate" || shares.length !== 12 || scores.refused[0]?.code !== "outside_scale") throw new Error(`${code}`);
if (after.after.account !== "acme" || (assessment.score === null) !== (band === null)) throw new Error("two answers");
scorer.free();
