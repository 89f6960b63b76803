// What must not compile.

import { nps, Scorer } from "value-model";

// @ts-expect-error: a misspelt field
nps({ promoterz: 1, passives: 1, detractors: 1 });
// @ts-expect-error: a text is no number
nps({ promoters: "1", passives: 1, detractors: 1 });
// @ts-expect-error: there is no score without a date
new Scorer("value-realization").score({ account: "acme" });
// @ts-expect-error: a result has no such field
nps({ promoters: 1, passives: 1, detractors: 1 }).skore;
