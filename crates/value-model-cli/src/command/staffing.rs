//! `value-model staffing`: how many people a team needs.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use value_model::metric::staffing::{Staffing as Result_, staffing};
use value_model_bridge::run as apply;

use super::document::{refused, tree};
use crate::message::{Done, Failure};
use crate::output::table::readable;
use crate::output::{Format, Output, json};

/// Work out how many people a team needs.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model staffing team.toml

where team.toml holds
  paid_hours = 1800
  admin_share = 0.35
  accounts = [{ id = \"enterprise\", accounts = 40, hours = 67.5 }]
  events = [{ id = \"onboarding\", events = 150, hours = 24 }]")]
pub(crate) struct Staffing {
    /// The work and the hours: .toml or .json; `-` for JSON on standard input.
    #[arg(value_name = "FILE")]
    pub input: PathBuf,
    /// JSON for programs, or a text for people.
    #[arg(long, value_name = "FORM")]
    pub format: Option<Format>,
}

/// Runs the command.
pub(crate) fn run(args: &Staffing) -> Result<Done, Failure> {
    let team = apply(tree(&args.input)?, staffing);
    let team = team.map_err(|refusal| refused(refusal, &args.input.display().to_string()))?;
    let mut output = Output::open(None)?;
    match args.format {
        None | Some(Format::Table) => output.text.extend_from_slice(text(&team).as_bytes()),
        Some(Format::Json | Format::Ndjson) => {
            json(&mut output.text, &team, args.format == Some(Format::Json))?;
            output.text.push(b'\n');
        }
        Some(_) => return Err(Failure::usage("a staffing result is no table; use json or table")),
    }
    output.finish()?;
    Ok(Done::Fully)
}

fn text(team: &Result_) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "{} people", team.total_heads);
    let _ = writeln!(
        out,
        "  {} hours of work, {} that one person can do: {:.2} full-time equivalents, {} people",
        readable(Some(team.hours)),
        readable(Some(team.capacity)),
        team.fte,
        team.heads
    );
    if let Some(line) = &team.service {
        let _ = writeln!(
            out,
            "  just-in-time work: {} at a time, {} positions; {:.0}% answered in time, {:.0}% busy",
            line.agents,
            line.positions,
            line.service_level * 100.0,
            line.occupancy * 100.0
        );
    }
    if let Some(rule) = &team.revenue_rule {
        let _ = writeln!(
            out,
            "  for comparison only, a rule of {} of revenue per person would say {}",
            readable(Some(rule.revenue_per_csm)),
            rule.heads
        );
    }
    out
}
