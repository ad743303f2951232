//! `watchkeep audit`: who did what, all of it as a file, and whether it is still what was written
//! down. A file is verified here, without a cluster.

use super::{
    Common,
    client::{self, Client},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use crate::model::audit::{AuditFileHead, Walk, hex, parse_hex, parse_line};
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    fs::{File, OpenOptions},
    io::{BufRead as _, BufReader},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};
use tokio::io::AsyncWriteExt as _;

/// `watchkeep audit …`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  watchkeep audit --outcome refused --since 2026-11-01T00:00:00Z
  watchkeep audit --kind rule-group --name web
  watchkeep audit --export audit.jsonl && watchkeep audit verify audit.jsonl")]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: Option<AuditCommand>,
    /// Text anywhere in a record
    #[arg(long, value_name = "TEXT")]
    q: Option<String>,
    /// Only by this account, token/NAME or local/UID
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// change, sign-in, token-make, …
    #[arg(long, value_name = "VERB")]
    verb: Option<String>,
    /// Only what changed objects of this kind
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only what changed objects of this name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// done or refused
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// Not before this time, RFC 3339
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Before this time, RFC 3339
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// How many records at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Write everything that is kept to this new file, with the hashes
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Follow the chain of hashes, of the cluster or of an exported file
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep audit verify
  watchkeep audit verify audit.jsonl --head 1234:9f86d081884c7d65…

`watchkeep status` shows the head. Written down elsewhere it proves later that no
record up to it was changed. Exit code 3: the chain is broken.")]
struct VerifyArgs {
    /// An exported file [default: ask the cluster]
    file: Option<PathBuf>,
    /// NUMBER:HASH that was written down: must be in the file as it was
    #[arg(long, value_name = "HEAD", requires = "file")]
    head: Option<String>,
}

pub(super) fn run(common: &Common, args: &AuditArgs) -> Outcome {
    match (&args.command, &args.export) {
        (Some(AuditCommand::Verify(VerifyArgs { file: Some(file), head })), _) => {
            let verdict = verify_file(file, head.as_deref())?;
            say(common, &verdict)
        }
        (Some(AuditCommand::Verify(_)), _) => {
            let client = Client::new(common)?;
            let verdict = client::run(client.get("/api/v1/audit/verify", &[]))?;
            say(common, &verdict)
        }
        (None, Some(file)) => client::run(export(common, file)),
        (None, None) => list(common, args),
    }
}

fn say(common: &Common, verdict: &Value) -> Outcome {
    let ok = verdict["ok"] == Value::Bool(true);
    if common.output == Format::Json {
        output::json(verdict)?;
    } else {
        let (n, head) = (&verdict["n_records"], verdict["head"].as_str().unwrap_or_default());
        let (first, last) = (&verdict["first"], &verdict["last"]);
        if ok {
            output::line(&format!("{n} records fit, from {first} on; head {last}:{head}"))?;
        } else {
            let reason = verdict["reason"].as_str().unwrap_or_default();
            output::line(&format!(
                "BROKEN at record {}: {reason}\n{n} records before it fit; the last is {last}:{head}",
                verdict["broken"]
            ))?;
        }
    }
    Ok(if ok { Exit::Done } else { Exit::Problems })
}

fn verify_file(path: &Path, head: Option<&str>) -> Result<Value, Stop> {
    let shown = path.display().to_string();
    let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
    let mut lines = BufReader::new(file).lines();
    let first = lines.next().transpose().with_context(|| format!("cannot read {shown}"))?;
    let anchor = first.and_then(|line| serde_json::from_str::<AuditFileHead>(&line).ok());
    let anchor = anchor.and_then(|head| head.anchor()).ok_or_else(|| {
        anyhow!("{shown} is no export of an audit: `watchkeep audit --export FILE` makes one")
    })?;
    let wanted = head.map(parse_head).transpose()?;
    let mut seen =
        wanted.filter(|(seq, hash)| (*seq, *hash) == (anchor.seq, anchor.hash)).is_some();
    let (mut walk, mut broken) = (Walk::from(anchor), None);
    for line in lines {
        let line = line.with_context(|| format!("cannot read {shown}"))?;
        let stepped = match parse_line(&line) {
            Some((hash, text)) => walk.step(&hash, text).map_err(|it| (it.seq, it.reason)),
            None => Err((walk.end().seq + 1, "its line is no record".to_owned())),
        };
        if let Err(at) = stepped {
            broken = Some(at);
            break;
        }
        seen |= wanted == Some((walk.end().seq, walk.end().hash));
    }
    if let (None, Some((seq, _)), false) = (&broken, wanted, seen) {
        broken = Some((seq, "does not have the hash that was written down".to_owned()));
    }
    Ok(json!({
        "ok": broken.is_none(),
        "n_records": walk.n_records(),
        "first": anchor.seq + 1,
        "last": walk.end().seq,
        "head": hex(&walk.end().hash),
        "broken": broken.as_ref().map(|(seq, _)| seq),
        "reason": broken.map(|(_, reason)| reason),
    }))
}

fn parse_head(text: &str) -> Result<(u64, [u8; 32]), Stop> {
    let parsed = text
        .split_once(':')
        .and_then(|(seq, hash)| Some((seq.trim().parse().ok()?, parse_hex(hash)?)));
    parsed
        .ok_or_else(|| Stop::Usage("a head is NUMBER:HASH, as `watchkeep status` shows it".into()))
}

async fn export(common: &Common, to: &Path) -> Outcome {
    let client = Client::new(common)?;
    let mut answer = client.send(Method::GET, "/api/v1/audit/export", |request| request).await?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let file = file.with_context(|| format!("cannot make {}", to.display()))?;
    let mut file = tokio::fs::File::from_std(file);
    let written = async {
        while let Some(chunk) = answer.chunk().await? {
            file.write_all(&chunk).await?;
        }
        file.sync_all().await?;
        anyhow::Ok(())
    };
    if let Err(error) = written.await {
        // Half of it would look like all.
        let _ = std::fs::remove_file(to);
        return Err(Stop::Failed(error.context("the export broke off")));
    }
    output::talk(&format!("wrote {}", to.display()));
    Ok(Exit::Done)
}

fn list(common: &Common, args: &AuditArgs) -> Outcome {
    let client = Client::new(common)?;
    let given = [
        ("q", &args.q),
        ("actor", &args.actor),
        ("verb", &args.verb),
        ("kind", &args.kind),
        ("name", &args.name),
        ("outcome", &args.outcome),
        ("since", &args.since),
        ("until", &args.until),
    ];
    let given: Vec<(&str, &str)> =
        given.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
    let items = client::run(pages(&client, &given, args.limit))?;
    if common.output == Format::Json {
        output::json(&json!({ "items": items }))?;
    } else {
        let rows: Vec<Vec<String>> = items.iter().map(row).collect();
        let headings = ["seq", "time", "actor", "from", "what", "about", "outcome"];
        output::line(&output::table(&headings, &rows))?;
    }
    Ok(Exit::Done)
}

async fn pages(client: &Client, given: &[(&str, &str)], limit: usize) -> Result<Vec<Value>, Stop> {
    let (mut items, mut cursor): (Vec<Value>, Option<String>) = (Vec::new(), None);
    while items.len() < limit {
        let size = (limit - items.len()).min(1000).to_string();
        let mut query = given.to_vec();
        query.push(("limit", &size));
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = client.get("/api/v1/audit", &query).await?;
        items.extend(page["items"].as_array().into_iter().flatten().cloned());
        cursor = page["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    Ok(items)
}

fn row(item: &Value) -> Vec<String> {
    let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let count = item["count"].as_u64().unwrap_or(1);
    let times = if count > 1 { format!(" ×{count}") } else { String::new() };
    let actor = Some(text("actor")).filter(|actor| !actor.is_empty());
    vec![
        item["seq"].to_string(),
        text("at"),
        actor.unwrap_or_else(|| "(unknown)".to_owned()),
        text("from"),
        text("verb"),
        about(item),
        format!("{}{times} {}", text("outcome"), text("code")).trim_end().to_owned(),
    ]
}

fn about(item: &Value) -> String {
    let name = |it: &Value| {
        format!("{}/{}", it["kind"].as_str().unwrap_or("?"), it["name"].as_str().unwrap_or("?"))
    };
    let objects: Vec<&Value> = item["objects"].as_array().into_iter().flatten().collect();
    match (&objects[..], item["about"].as_str()) {
        ([], Some(about)) => about.to_owned(),
        ([], None) => item["route"].as_str().unwrap_or_default().to_owned(),
        ([one], _) => name(one),
        ([first, ..], _) => {
            format!("{} and {} more", name(first), item["n_objects"].as_u64().unwrap_or(1) - 1)
        }
    }
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
