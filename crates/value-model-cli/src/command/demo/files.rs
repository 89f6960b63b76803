//! The example's inputs, embedded so that the demo runs from anywhere.

macro_rules! embedded {
    ($($folder:literal / $name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../demo/", $folder, "/", $name)))),+]
    };
}

/// Names and texts. The made-up ones describe nobody; the churn table is simulated and has a licence of its own.
pub(super) const ALL: &[(&str, &str)] = embedded![
    "made_up" / "answers.csv",
    "made_up" / "perceived_value.json",
    "made_up" / "value_generated.json",
    "made_up" / "customers_metric.json",
    "made_up" / "money_lines.csv",
    "made_up" / "team.toml",
    "." / "saas_churn.csv",
    "." / "saas.toml",
    "." / "NOTICE",
    "." / "LICENSE-APACHE",
];
