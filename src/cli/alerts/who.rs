//! `watchkeep alert who`: who would be told of an alert with these labels.

use super::super::{
    Common,
    client::{self, Client},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use clap::Args;
use reqwest::Method;
use serde_json::{Map, Value, json};

/// Flags of `alert who`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep alert who project=shop severity=critical
  watchkeep alert who severity=critical --at 2026-12-24T22:00:00+01:00

Labels of the project are added. Exit code 3 when nobody would be told.")]
pub(super) struct WhoArgs {
    /// Labels of the alert
    #[arg(value_name = "LABEL=VALUE", value_parser = label)]
    labels: Vec<(String, String)>,
    /// At this instant, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

fn label(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it like severity=critical")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

pub(super) fn who(common: &Common, args: &WhoArgs) -> Outcome {
    let client = Client::new(common)?;
    let labels: Map<String, Value> =
        args.labels.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let mut question = json!({ "labels": labels });
    if let Some(at) = &args.at {
        question["at"] = json!(at);
    }
    let answer = client::run(client.change(Method::POST, "/api/v1/routes/explain", &question))?;
    match common.output {
        Format::Json => output::json(&answer)?,
        Format::Table => print(&answer)?,
    }
    Ok(if answer["nobody"] == true { Exit::Problems } else { Exit::Done })
}

fn print(answer: &Value) -> Result<(), Stop> {
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for told in items(&answer["told"]) {
        output::line(told["words"].as_str().unwrap_or_default())?;
        for channel in items(&told["channels"]) {
            let to: Vec<String> = items(&channel["to"]).iter().map(text).collect();
            let line = format!(
                "  {} {}: {}",
                text(&channel["type"]),
                text(&channel["name"]),
                to.join(", ")
            );
            output::line(&line)?;
        }
        let people: Vec<String> = items(&told["people"]).iter().map(person).collect();
        if !people.is_empty() {
            output::line(&format!("  people: {}", people.join(", ")))?;
        }
    }
    for inhibition in items(&answer["inhibitions"]) {
        let [name, words] = ["name", "words"].map(|field| text(&inhibition[field]));
        output::line(&format!("inhibition {name}: {words}"))?;
    }
    for silence in items(&answer["silences"]) {
        output::line(&format!("silenced by {}", text(&silence)))?;
    }
    if answer["nobody"] == true {
        output::talk("nobody would be told");
    }
    Ok(())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn person(value: &Value) -> String {
    let title = text(&value["title"]);
    if title.is_empty() { text(&value["name"]) } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_cut_at_the_first_sign() {
        assert_eq!(label("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(label("a="), Ok(("a".into(), String::new())));
        assert!(label("a").is_err());
    }
}
