//! The example table with known outcomes: the scores must tell who stays as well as another library says they do.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test may panic, and counts are small"
)]

mod common;

use common::{Desk, column, demo};

/// The share of pairs (kept, churned) in which the kept account scores higher; ties count half.
fn auc(scores: &[String], churned: &[String]) -> f64 {
    let billionths = |score: &String| (score.parse::<f64>().unwrap() * 1e9).round();
    let of = |label: &str| -> Vec<f64> {
        scores
            .iter()
            .zip(churned)
            .filter(|(_, churn)| *churn == label)
            .map(|(score, _)| billionths(score))
            .collect()
    };
    let (kept, left) = (of("0"), of("1"));
    let mut halves = 0_u32;
    for stays in &kept {
        for goes in &left {
            halves += if stays > goes { 2 } else { u32::from(stays >= goes) };
        }
    }
    f64::from(halves) / 2.0 / (kept.len() as f64 * left.len() as f64)
}

#[test]
fn scores_of_the_saas_table_reach_the_known_auc() {
    let out = Desk::new()
        .run(&[
            "score",
            demo().join("saas_churn.csv").to_str().unwrap(),
            "--model",
            demo().join("saas.toml").to_str().unwrap(),
            "--account-column",
            "id",
            "--keep",
            "churned",
            "--as-of",
            "2026-11-01",
            "--strict",
        ])
        .ok();
    let churned = column(&out, "churned");
    assert_eq!(churned.len(), 2000);
    let value = auc(&column(&out, "value"), &churned);
    let last = auc(&column(&out, "score"), &churned);
    assert!((value - 0.803_950_969_281_959_7).abs() < 1e-12, "{value}");
    assert!((last - 0.810_568_066_740_608_7).abs() < 1e-12, "{last}");
}
