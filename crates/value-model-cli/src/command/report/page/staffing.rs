//! How many people the work needs.

use std::path::Path;

use serde::Serialize;
use value_model::metric::staffing::staffing as needed;
use value_model_bridge::run as apply;

use super::super::words::money;
use crate::command::document::{refused, tree};
use crate::message::Failure;

/// The section.
#[derive(Serialize)]
pub(super) struct Staffing {
    heads: String,
    rows: Vec<(String, String)>,
    rule: Option<String>,
}

/// Applies the formula to the team's document.
pub(super) fn staffing(path: &Path) -> Result<Staffing, Failure> {
    let team = apply(tree(path)?, needed);
    let team = team.map_err(|refusal| refused(refusal, &path.display().to_string()))?;
    let mut rows = vec![
        ("Hours of work".to_owned(), money(team.hours)),
        ("Hours that one person can do".to_owned(), money(team.capacity)),
        ("Full-time equivalents".to_owned(), format!("{:.2}", team.fte)),
        ("People for planned work".to_owned(), team.heads.to_string()),
    ];
    if let Some(line) = &team.service {
        rows.push(("People for just-in-time work, at a time".to_owned(), line.agents.to_string()));
        rows.push(("Positions for just-in-time work".to_owned(), line.positions.to_string()));
        rows.push(("Answered in time".to_owned(), format!("{:.0}%", line.service_level * 100.0)));
        rows.push(("Busy".to_owned(), format!("{:.0}%", line.occupancy * 100.0)));
    }
    let rule = team.revenue_rule.as_ref().map(|rule| {
        format!(
            "For comparison only: a rule of {} of revenue per person would say {}.",
            money(rule.revenue_per_csm),
            rule.heads
        )
    });
    Ok(Staffing { heads: team.total_heads.to_string(), rows, rule })
}
