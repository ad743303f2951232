//! `watchkeep alert`, `receipts`: the on-call's terminal.

mod receipts;
mod silence;
mod who;

pub(super) use receipts::{ReceiptsArgs, receipts};

use super::{
    Common,
    client::{self, Client, part},
    exit::{Exit, Outcome},
    output::{self, Format},
};
use clap::{Args, Subcommand};
use serde_json::Value;

/// `watchkeep alert …`
#[derive(Debug, Args)]
pub(super) struct AlertArgs {
    #[command(subcommand)]
    command: AlertCommand,
}

#[derive(Debug, Subcommand)]
enum AlertCommand {
    /// List alerts, most severe first
    List(ListArgs),
    /// Show one alert with its receipts
    Show(ShowArgs),
    /// Show who would be told of an alert, and why
    Who(who::WhoArgs),
    /// Hold alerts back for a time
    Silence(silence::SilenceArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep alert list --project shop --severity critical")]
struct ListArgs {
    /// Only this project
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// Only these severities
    #[arg(long, value_name = "NAMES")]
    severity: Option<String>,
    /// Only these states: firing, silenced, inhibited
    #[arg(long, value_name = "STATES")]
    state: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep alert show 2f1c9a60e5b7d384")]
struct ShowArgs {
    /// Its fingerprint
    fingerprint: String,
}

fn given<'a>(pairs: &[(&'a str, &'a Option<String>)]) -> Vec<(&'a str, &'a str)> {
    pairs.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect()
}

pub(super) fn alert(common: &Common, args: AlertArgs) -> Outcome {
    match args.command {
        AlertCommand::List(args) => list(common, &args),
        AlertCommand::Show(args) => {
            let client = Client::new(common)?;
            let path = format!("/api/v1/alerts/{}", part(&args.fingerprint));
            let alert = client::run(client.get(&path, &[]))?;
            match common.output {
                Format::Json => output::json(&alert)?,
                Format::Table => output::line(&output::yaml(&alert)?)?,
            }
            Ok(Exit::Done)
        }
        AlertCommand::Who(args) => who::who(common, &args),
        AlertCommand::Silence(args) => silence::run(common, args),
    }
}

fn list(common: &Common, args: &ListArgs) -> Outcome {
    let client = Client::new(common)?;
    let mut query =
        given(&[("project", &args.project), ("severity", &args.severity), ("state", &args.state)]);
    query.push(("limit", "1000"));
    let alerts = client::run(client.get("/api/v1/alerts", &query))?;
    if common.output == Format::Json {
        output::json(&alerts)?;
        return Ok(Exit::Done);
    }
    let fields = ["severity", "state", "name", "project", "starts_at", "fingerprint"];
    output::line(&output::table(&fields, &rows(&alerts["items"], &fields)))?;
    for node in alerts["missing"].as_array().into_iter().flatten() {
        output::talk(&format!("warning: the alertmanager of node {node} does not answer"));
    }
    Ok(Exit::Done)
}

fn rows(list: &Value, fields: &[&str]) -> Vec<Vec<String>> {
    let cell = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let row = |item: &Value| fields.iter().map(|field| cell(&item[field])).collect();
    list.as_array().into_iter().flatten().map(row).collect()
}
