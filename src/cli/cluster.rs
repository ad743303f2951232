//! `watchkeep status`, `members`, `logs`.

use super::{
    Common,
    client::{self, Client, part},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use clap::{Args, Subcommand};
use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::Value;
use std::{io::Write as _, time::Duration};

/// How long a removal is waited for.
const REMOVAL: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(300);

/// Flags of `status`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep status

Exit code 3 when there is a fault or no quorum.")]
pub(super) struct StatusArgs {}

/// Flags of `members`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep members
      who belongs to the cluster, and how far each is
  watchkeep members remove mon3
      take a node out for good

Exit code 3 when the states of two nodes have come apart.")]
pub(super) struct MembersArgs {
    #[command(subcommand)]
    command: Option<MembersCommand>,
}

#[derive(Debug, Subcommand)]
enum MembersCommand {
    /// Take a node out of the cluster for good; waits until it is out
    #[command(after_help = "Example:
  watchkeep members remove mon3

The machine can come back only as a new node: with an empty data directory and
a token of `watchkeep token new --role node`.")]
    Remove {
        /// Id or name of the node
        node: String,
    },
}

/// Flags of `logs`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep logs prometheus
  watchkeep logs alertmanager --node mon2 -f")]
pub(super) struct LogsArgs {
    /// prometheus, alertmanager, …
    component: String,
    /// Name or id of the node [default: the first that runs it]
    #[arg(long, value_name = "NODE")]
    node: Option<String>,
    /// Last lines to begin with
    #[arg(long, value_name = "N", default_value_t = 100)]
    tail: u16,
    /// Go on with what is appended
    #[arg(short, long)]
    follow: bool,
}

fn text(value: &Value, field: &str) -> String {
    match &value[field] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn rows(list: &Value, fields: &[&str]) -> Vec<Vec<String>> {
    let row = |item: &Value| fields.iter().map(|field| text(item, field)).collect();
    list.as_array().into_iter().flatten().map(row).collect()
}

pub(super) fn status(common: &Common) -> Outcome {
    let client = Client::new(common)?;
    let status = client::run(client.get("/api/v1/status", &[]))?;
    let quorum = status["cluster"]["quorum"] == Value::Bool(true);
    let faults = status["faults"].as_array().is_some_and(|faults| !faults.is_empty());
    let exit = if quorum && !faults { Exit::Done } else { Exit::Problems };
    if common.output == Format::Json {
        output::json(&status)?;
        return Ok(exit);
    }
    let cluster = &status["cluster"];
    output::line(&format!(
        "cluster {} ({}), {}, term {}, index {}\n",
        text(cluster, "name"),
        text(cluster, "id"),
        if quorum { "quorum" } else { "NO QUORUM" },
        text(cluster, "term"),
        text(cluster, "index"),
    ))?;
    say_head(cluster)?;
    let fields = ["name", "id", "address", "role", "state", "version", "last_seen"];
    output::line(&output::table(&fields, &rows(&status["nodes"], &fields)))?;
    let fields = ["node", "name", "version", "state", "pid", "restarts", "since", "error"];
    output::line(&output::table(&fields, &named(&status, &fields)))?;
    if faults {
        let fields = ["code", "object", "message", "since"];
        output::line(&output::table(&fields, &rows(&status["faults"], &fields)))?;
    }
    Ok(exit)
}

/// The newest audit record, where there is one.
fn say_head(answer: &Value) -> Result<(), Stop> {
    match text(answer, "audit_head") {
        head if head.is_empty() => Ok(()),
        head => Ok(output::line(&format!("audit head {head}\n"))?),
    }
}

/// Components, with the node's name in place of its id, and errors cut to one line.
fn named(status: &Value, fields: &[&str]) -> Vec<Vec<String>> {
    let mut rows = rows(&status["components"], fields);
    let nodes = status["nodes"].as_array().cloned().unwrap_or_default();
    for row in &mut rows {
        if let Some(node) = nodes.iter().find(|node| text(node, "id") == row[0]) {
            row[0] = text(node, "name");
        }
        if let Some(error) = row.last_mut() {
            *error = error.lines().next().unwrap_or_default().chars().take(80).collect();
        }
    }
    rows
}

pub(super) fn members(common: &Common, args: &MembersArgs) -> Outcome {
    let client = Client::new(common)?;
    if let Some(MembersCommand::Remove { node }) = &args.command {
        return client::run(remove(&client, common, node));
    }
    let members = client::run(client.get("/api/v1/members", &[]))?;
    let items = members["items"].as_array().cloned().unwrap_or_default();
    let apart: Vec<_> = items.iter().filter(|member| !member["fault"].is_null()).collect();
    let exit = if apart.is_empty() { Exit::Done } else { Exit::Problems };
    if common.output == Format::Json {
        output::json(&members)?;
        return Ok(exit);
    }
    let fields = [
        "name",
        "id",
        "address",
        "role",
        "state",
        "last_contact_ms",
        "lag",
        "state_hash_index",
        "state_hash",
        "text",
    ];
    output::line(&output::table(&fields, &rows(&members["items"], &fields)))?;
    say_head(&members)?;
    for member in apart {
        output::line(&format!("{}: {}", text(member, "name"), text(member, "fault")))?;
    }
    Ok(exit)
}

/// Begins the removal and waits until the node is out.
async fn remove(client: &Client, common: &Common, node: &str) -> Outcome {
    let path = format!("/api/v1/members/{}", part(node));
    let begun = client.send(Method::DELETE, &path, |request| request).await?;
    let begun: Value = begun.json().await?;
    let (id, name) = (text(&begun, "id"), text(&begun, "name"));
    let end = tokio::time::Instant::now() + REMOVAL;
    loop {
        let members = client.get("/api/v1/members", &[]).await?;
        let there = members["items"].as_array().into_iter().flatten().any(|m| text(m, "id") == id);
        if !there {
            break;
        }
        if tokio::time::Instant::now() >= end {
            return Err(Stop::Failed(anyhow::anyhow!(
                "the removal of {name} has begun and goes on, but is not done after {} s: \
                 `watchkeep members` shows how far it is",
                REMOVAL.as_secs()
            )));
        }
        tokio::time::sleep(LOOK).await;
    }
    match common.output {
        Format::Table => output::talk(&format!("removed {name} ({id})")),
        Format::Json => output::json(&serde_json::json!({ "removed": id, "name": name }))?,
    }
    Ok(Exit::Done)
}

pub(super) fn logs(common: &Common, args: &LogsArgs) -> Outcome {
    let client = Client::new(common)?;
    client::run(async {
        let node = match &args.node {
            Some(node) => node.clone(),
            None => first_node(&client, &args.component).await?,
        };
        let path = format!("/api/v1/logs/{}/{}", part(&node), part(&args.component));
        let (tail, follow) = (args.tail.to_string(), args.follow.to_string());
        let query = [("tail", tail.as_str()), ("follow", follow.as_str())];
        let answer = client.send(Method::GET, &path, |request| request.query(&query)).await?;
        let mut stream = answer.bytes_stream();
        while let Some(bytes) = stream.next().await {
            let mut out = std::io::stdout().lock();
            out.write_all(&bytes?)?;
            out.flush()?;
        }
        Ok(Exit::Done)
    })
}

async fn first_node(client: &Client, component: &str) -> Result<String, Stop> {
    let status = client.get("/api/v1/status", &[]).await?;
    let components = status["components"].as_array().cloned().unwrap_or_default();
    let found = components.iter().find(|c| text(c, "name") == component);
    match found {
        Some(found) => Ok(text(found, "node")),
        None => {
            let mut known: Vec<String> = components.iter().map(|c| text(c, "name")).collect();
            known.sort();
            known.dedup();
            let known = known.join(", ");
            Err(Stop::Failed(anyhow::anyhow!("no node runs {component}; there are: {known}")))
        }
    }
}
