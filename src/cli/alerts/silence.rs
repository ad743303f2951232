//! `watchkeep alert silence`: hold alerts back, look at what is held back, end it.

use super::{
    super::{
        Common,
        client::{self, Client, part},
        exit::{Exit, Outcome, Stop},
        output::{self, Format},
    },
    rows,
};
use crate::{
    base::clock::now_unix_ms,
    model::{UnixMs, matcher::Matcher},
};
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

/// `watchkeep alert silence …`
#[derive(Debug, Args)]
pub(super) struct SilenceArgs {
    #[command(subcommand)]
    command: SilenceCommand,
}

#[derive(Debug, Subcommand)]
enum SilenceCommand {
    /// Hold alerts back from now on
    Add(AddArgs),
    /// List silences
    List(ListArgs),
    /// End a silence now
    Expire(ExpireArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep alert silence add project=shop --for 2h --comment \"database upgrade\"
  watchkeep alert silence add 'instance=~\"db-.*\"' severity!=critical \\
      --until 2026-12-01T06:00:00Z --comment \"move to the new hall\"")]
struct AddArgs {
    /// What alerts must be like, all of it: =, !=, =~ or !~
    #[arg(value_name = "MATCHER", required = true, value_parser = matcher)]
    matchers: Vec<Matcher>,
    /// For so long: 30m, 2h, 1d
    #[arg(long = "for", value_name = "DURATION", value_parser = duration, required_unless_present = "until")]
    for_: Option<u64>,
    /// Until then, RFC 3339
    #[arg(long, value_name = "TIME", conflicts_with = "for_")]
    until: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    comment: String,
    /// Name of the silence [default: made from the time]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep alert silence list --state active")]
struct ListArgs {
    /// Only in this state: active, pending, expired
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep alert silence expire upgrade")]
struct ExpireArgs {
    /// Name of the silence
    name: String,
}

fn matcher(text: &str) -> Result<Matcher, String> {
    Matcher::parse(text).map_err(|error| error.to_string())
}

/// Milliseconds.
fn duration(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a duration: 30m, 2h, 1d");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: u64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
    let unit_ms = match unit {
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        'w' => 7 * 86_400_000,
        _ => return Err(wrong()),
    };
    number.checked_mul(unit_ms).filter(|ms| *ms > 0).ok_or_else(wrong)
}

pub(super) fn run(common: &Common, args: SilenceArgs) -> Outcome {
    match args.command {
        SilenceCommand::Add(args) => add(common, &args),
        SilenceCommand::List(args) => list(common, &args),
        SilenceCommand::Expire(args) => {
            let client = Client::new(common)?;
            let path = format!("/api/v1/silences/{}/expire", part(&args.name));
            client::run(client.change(Method::POST, &path, &json!({})))?;
            output::talk(&format!("ended {}", args.name));
            Ok(Exit::Done)
        }
    }
}

fn add(common: &Common, args: &AddArgs) -> Outcome {
    let client = Client::new(common)?;
    let now = now_unix_ms();
    let ends = match (&args.until, args.for_) {
        (Some(until), _) => until.clone(),
        (None, for_) => UnixMs(now.saturating_add(for_.unwrap_or_default())).to_string(),
    };
    let name = args.name.clone().unwrap_or_else(|| format!("cli-{now}"));
    let matchers: Vec<Value> = args.matchers.iter().map(as_silence_matcher).collect();
    let object = json!({
        "kind": "silence",
        "name": name,
        "spec": {
            "matchers": matchers,
            "startsAt": UnixMs(now).to_string(),
            "endsAt": ends,
            "comment": args.comment,
        },
    });
    let path = format!("/api/v1/silences/{}", part(&name));
    let answer = client::run(async {
        let fill =
            |request: reqwest::RequestBuilder| request.header("if-none-match", "*").json(&object);
        let answer = client.send(Method::PUT, &path, fill).await?;
        Ok::<Value, Stop>(answer.json().await?)
    })?;
    match common.output {
        Format::Json => output::json(&answer)?,
        Format::Table => output::line(&name)?,
    }
    Ok(Exit::Done)
}

fn as_silence_matcher(matcher: &Matcher) -> Value {
    json!({
        "name": matcher.name,
        "value": matcher.value,
        "isRegex": matcher.op.is_regex(),
        "isEqual": matcher.op.is_equal(),
    })
}

fn list(common: &Common, args: &ListArgs) -> Outcome {
    let client = Client::new(common)?;
    let mut silences = client::run(client.get("/api/v1/observed/silences", &[]))?;
    if let (Some(state), Some(items)) = (&args.state, silences["items"].as_array_mut()) {
        items.retain(|item| item["state"] == json!(state));
    }
    if common.output == Format::Json {
        output::json(&silences)?;
        return Ok(Exit::Done);
    }
    let fields = ["name", "state", "hides", "ends_at", "by", "comment"];
    output::line(&output::table(&fields, &rows(&silences["items"], &fields)))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_one_unit() {
        assert_eq!(duration("30m"), Ok(1_800_000));
        assert_eq!(duration("2h"), Ok(7_200_000));
        for bad in ["", "h", "0h", "2", "2s", "1h30m", "2é", "99999999999999999w"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn matchers_are_said_in_alertmanagers_words() {
        let said = as_silence_matcher(&matcher(r#"a!~"b.*""#).unwrap());
        assert_eq!(said, json!({"name": "a", "value": "b.*", "isRegex": true, "isEqual": false}));
        assert!(matcher("a").is_err());
    }
}
