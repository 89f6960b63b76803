// A made-up account for each model that comes with the package, and a small table.

/** By the model's id: a record as the package takes it, and the day on which it is scored. */
export const EXAMPLES = {
  "value-realization": {
    as_of: "2026-11-01",
    record: {
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
    },
  },
  "perceived-value": {
    as_of: "2026-11-01",
    record: {
      account: "acme",
      default_source: "customer_provided",
      answers: { rbo: 46.875, vp: 65, ve: 61.23724356957945, vu: 62.5 },
    },
  },
  "value-generated": {
    as_of: "2026-11-01",
    record: {
      account: "acme",
      answers: {
        business_value: 81.1,
        nps: 40,
        csat: 0.84,
        ces: 4.08,
        retention: 0.92,
        performance_value: 56.25,
        revenue: 1.08,
        tenure: 30,
        advocacy: 2,
        cost_to_serve: 0.12,
      },
    },
  },
  "customer-value": {
    as_of: "2026-11-01",
    record: { account: "acme", answers: { value_index: 66.7, net_value_positive: true } },
  },
  "customers-metric": {
    as_of: "2026-11-01",
    record: { account: "acme", answers: { customers_metric: 48, anticipated: 0.8, timeliness: 0.84, effectiveness: 0.8 } },
  },
};

/** A table for `value-realization`, with gaps and with one row that cannot be scored. */
export const TABLE = `account,executive_confirmation,full_usage,goals_documented,metrics_documented,metrics_progressing,reviewed_internally,experience,financial,change_management,emotional,learning,opportunity,csm
acme,2026-09-15,0.8,yes,0.5,0.75,2026-06-30,0.25,0.75,0.5,0,0.25,0.5,ann
aurora bakery,2026-10-20,0.95,yes,1,0.9,2026-10-01,0.1,0.2,0.25,0,0.1,0.1,ann
blue fjord,2026-09-30,0.7,yes,0.5,0.5,2026-09-01,0.4,0.4,0.4,,0.3,0.3,ann
cedar clinic,,0.35,no,0.25,,,0.6,0.75,0.5,0.5,,0.7,bob
delta freight,2026-01-15,0.2,no,0,0,,0.75,1,0.75,0.5,0.75,0.75,bob
ember studio,2026-10-11,0.6,yes,0.75,0.5,2026-08-20,0.25,0.5,0.5,0.25,0.25,0.5,bob
foxglove school,2026-08-30,0.9,yes,0.8,0.6,2026-10-15,0.2,0.3,0.5,0.1,0.4,0.2,cleo
granite bank,2026-10-30,1,yes,1,1,2026-10-28,0,0.1,0.2,0,0.1,0.05,cleo
harbour hotels,2026-10-02,1.4,yes,0.5,0.5,,0.5,0.5,0.5,0.5,0.5,0.5,cleo
juniper retail,,,,,,,0.5,,,,,,cleo
`;
