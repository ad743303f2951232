//! `watchkeep get`, `delete`, `history`, `revert`.

use super::{
    Common,
    client::{self, Client, part},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use crate::model::Kind;
use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

fn kind(text: &str) -> Result<Kind, String> {
    text.parse().map_err(|error: crate::model::kind::UnknownKind| error.to_string())
}

/// Flags of `get`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep get targets --project shop
  watchkeep get rule-group web
      one object, as YAML")]
pub(super) struct GetArgs {
    /// Kind, singular or plural
    #[arg(value_parser = kind)]
    kind: Kind,
    /// One object
    name: Option<String>,
    /// Words that must all occur
    #[arg(short, long, value_name = "WORDS")]
    q: Option<String>,
    /// Labels of the object: k=v,k!=v
    #[arg(long, value_name = "SELECTOR")]
    label: Option<String>,
    /// Only this project
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// Only this department
    #[arg(long, value_name = "NAME")]
    department: Option<String>,
}

/// Flags of `delete`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep delete target web-1")]
pub(super) struct DeleteArgs {
    /// Kind, singular or plural
    #[arg(value_parser = kind)]
    kind: Kind,
    /// Which object
    name: String,
}

/// Flags of `history`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep history
  watchkeep history rule-group web
  watchkeep history --revision 1234
      everything that one revision changed, with the difference")]
pub(super) struct HistoryArgs {
    /// Kind of one object
    #[arg(value_parser = kind, requires = "name")]
    kind: Option<Kind>,
    /// Its name
    name: Option<String>,
    /// One revision
    #[arg(long, value_name = "REVISION", conflicts_with = "kind")]
    revision: Option<String>,
    /// Newest changes to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u16,
}

/// Flags of `revert`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep revert 1234")]
pub(super) struct RevertArgs {
    /// The revision to undo
    revision: String,
    /// Also where an object changed again since; those changes are lost
    #[arg(long)]
    force: bool,
}

pub(super) fn get(common: &Common, args: &GetArgs) -> Outcome {
    let client = Client::new(common)?;
    let plural = args.kind.plural();
    if let Some(name) = &args.name {
        let path = format!("/api/v1/{plural}/{}", part(name));
        let object = client::run(client.get(&path, &[]))?;
        match common.output {
            Format::Json => output::json(&object)?,
            Format::Table => output::line(&output::yaml(&object)?)?,
        }
        return Ok(Exit::Done);
    }
    let items = client::run(all(&client, args))?;
    if common.output == Format::Json {
        output::json(&json!({ "items": items, "total": items.len() }))?;
        return Ok(Exit::Done);
    }
    let row = |item: &Value| {
        let text = |field: &str| item[field].as_str().unwrap_or_default().to_owned();
        vec![text("name"), summary(&item["spec"]), text("updated"), text("by")]
    };
    let rows: Vec<Vec<String>> = items.iter().map(row).collect();
    output::line(&output::table(&["name", "spec", "updated", "by"], &rows))?;
    Ok(Exit::Done)
}

/// Every page of a list.
async fn all(client: &Client, args: &GetArgs) -> Result<Vec<Value>, Stop> {
    let path = format!("/api/v1/{}", args.kind.plural());
    let given = [
        ("q", &args.q),
        ("label", &args.label),
        ("project", &args.project),
        ("department", &args.department),
    ];
    let (mut items, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut query = vec![("limit", "1000")];
        query.extend(given.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))));
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = client.get(&path, &query).await?;
        items.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(items),
        }
    }
}

/// The spec on one line, cut.
fn summary(spec: &Value) -> String {
    let text = spec.to_string();
    if text.chars().count() <= 60 {
        return text;
    }
    text.chars().take(59).chain(['…']).collect()
}

pub(super) fn delete(common: &Common, args: &DeleteArgs) -> Outcome {
    let client = Client::new(common)?;
    let path = format!("/api/v1/{}/{}", args.kind.plural(), part(&args.name));
    client::run(client.send(Method::DELETE, &path, |request| request))?;
    output::talk(&format!("deleted {}/{}", args.kind, args.name));
    Ok(Exit::Done)
}

pub(super) fn history(common: &Common, args: &HistoryArgs) -> Outcome {
    let client = Client::new(common)?;
    let limit = args.limit.to_string();
    let mut query = vec![("limit", limit.as_str())];
    if let (Some(kind), Some(name)) = (args.kind, &args.name) {
        query.extend([("kind", kind.singular()), ("name", name.as_str())]);
    }
    let answer = match &args.revision {
        Some(revision) => {
            client::run(client.get(&format!("/api/v1/history/{}", part(revision)), &[]))?
        }
        None => client::run(client.get("/api/v1/history", &query))?,
    };
    if common.output == Format::Json {
        output::json(&answer)?;
        return Ok(Exit::Done);
    }
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    let text = |item: &Value, field: &str| item[field].as_str().unwrap_or_default().to_owned();
    if args.revision.is_some() {
        for item in &items {
            output::line(&text(item, "diff"))?;
        }
        return Ok(Exit::Done);
    }
    let row = |item: &Value| {
        let object = format!("{}/{}", text(item, "kind"), text(item, "name"));
        let [revision, at, actor, action, why] =
            ["revision", "at", "actor", "action", "why"].map(|field| text(item, field));
        vec![revision, at, actor, action, object, why]
    };
    let rows: Vec<Vec<String>> = items.iter().map(row).collect();
    let headings = ["revision", "at", "by", "action", "object", "why"];
    output::line(&output::table(&headings, &rows))?;
    Ok(Exit::Done)
}

pub(super) fn revert(common: &Common, args: &RevertArgs) -> Outcome {
    let client = Client::new(common)?;
    let force = if args.force { "?force=true" } else { "" };
    let path = format!("/api/v1/history/{}/revert{force}", part(&args.revision));
    let answer = client::run(client.change(Method::POST, &path, &json!({})))?;
    match answer["revision"].as_str() {
        Some(revision) => output::talk(&format!("undone by revision {revision}")),
        None => output::talk("nothing to undo: everything is as it was before"),
    }
    Ok(Exit::Done)
}
