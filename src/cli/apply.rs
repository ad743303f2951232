//! `watchkeep apply`, `diff`, `export`: configuration as code.

use super::{
    Common,
    client::{self, Client},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use anyhow::Context as _;
use clap::Args;
use reqwest::Method;
use serde_json::Value;
use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

/// Flags of `apply`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep apply -f monitoring.yaml
  watchkeep apply -f rules/ --prune --label team=web
      also deletes what carries team=web and is in none of the files")]
pub(super) struct ApplyArgs {
    /// File, folder of .yaml, .yml and .json files, or - for standard input
    #[arg(short, long, value_name = "FILE", required = true)]
    file: Vec<PathBuf>,
    /// Delete objects with the labels of --label that are in none of the files
    #[arg(long, requires = "label")]
    prune: bool,
    /// Labels of --prune: k=v,k!=v
    #[arg(long, value_name = "SELECTOR", requires = "prune")]
    label: Option<String>,
    /// Keep the good objects and report the rest
    #[arg(long)]
    partial: bool,
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
}

/// Flags of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep diff -f monitoring.yaml

Writes nothing. Exit code 3 when something in the files is wrong.")]
pub(super) struct DiffArgs {
    /// File, folder of .yaml, .yml and .json files, or - for standard input
    #[arg(short, long, value_name = "FILE", required = true)]
    file: Vec<PathBuf>,
}

/// Flags of `export`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep export --kind project,target > monitoring.yaml")]
pub(super) struct ExportArgs {
    /// Only these kinds
    #[arg(long, value_name = "KINDS")]
    kind: Option<String>,
    /// Only objects with these labels: k=v,k!=v
    #[arg(long, value_name = "SELECTOR")]
    label: Option<String>,
}

pub(super) fn apply(common: &Common, args: &ApplyArgs) -> Outcome {
    let text = read_all(&args.file)?;
    let mut query = Vec::new();
    if let (true, Some(label)) = (args.prune, &args.label) {
        query.push(("prune", label.clone()));
    }
    if args.partial {
        query.push(("partial", "true".into()));
    }
    let answer = send(common, &query, args.why.as_deref(), text)?;
    print(common, &answer, false)?;
    let left_out = answer["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    Ok(if left_out { Exit::Problems } else { Exit::Done })
}

pub(super) fn diff(common: &Common, args: &DiffArgs) -> Outcome {
    let text = read_all(&args.file)?;
    let answer = send(common, &[("dry_run", "true".into())], None, text)?;
    print(common, &answer, true)?;
    let wrong = answer["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    Ok(if wrong { Exit::Problems } else { Exit::Done })
}

pub(super) fn export(common: &Common, args: &ExportArgs) -> Outcome {
    let client = Client::new(common)?;
    let given = [("kind", &args.kind), ("label", &args.label)];
    let query: Vec<(&str, &str)> =
        given.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
    let text = client::run(async {
        let answer =
            client.send(Method::GET, "/api/v1/export", |request| request.query(&query)).await?;
        Ok(answer.text().await?)
    })?;
    output::line(&text)?;
    Ok(Exit::Done)
}

fn send(
    common: &Common,
    query: &[(&str, String)],
    why: Option<&str>,
    text: String,
) -> Result<Value, Stop> {
    let client = Client::new(common)?;
    let why = client::part(why.unwrap_or_default());
    client::run(async {
        let fill = |request: reqwest::RequestBuilder| {
            let request = request.header("content-type", "application/yaml");
            request.query(query).header("x-wk-why", &why).body(text.clone())
        };
        Ok(client.send(Method::POST, "/api/v1/apply", fill).await?.json().await?)
    })
}

fn print(common: &Common, answer: &Value, with_diffs: bool) -> Result<(), Stop> {
    if common.output == Format::Json {
        return Ok(output::json(answer)?);
    }
    let items = |field: &str| answer[field].as_array().cloned().unwrap_or_default();
    let text = |value: &Value, field: &str| value[field].as_str().unwrap_or_default().to_owned();
    for change in items("changes") {
        let action = text(&change, "action");
        if with_diffs {
            let diff = text(&change, "diff");
            if !diff.is_empty() {
                output::line(&diff)?;
            }
        } else {
            output::line(&format!(
                "{action:<9} {}/{}",
                text(&change, "kind"),
                text(&change, "name")
            ))?;
        }
    }
    for affected in items("affected") {
        let [node, component, effect] =
            ["node_name", "component", "effect"].map(|field| text(&affected, field));
        output::talk(&format!("{component} on {node}: {effect}"));
    }
    for warning in items("warnings") {
        output::talk(&format!("warning: {}", warning.as_str().unwrap_or_default()));
    }
    for error in items("errors") {
        let line = error["line"].as_u64().map(|line| format!("line {line}: ")).unwrap_or_default();
        let [path, message, code] = ["path", "message", "code"].map(|field| text(&error, field));
        output::talk(&format!("error: {line}{path}: {message} ({code})"));
    }
    Ok(())
}

/// All documents of all files as one text.
pub(super) fn read_all(files: &[PathBuf]) -> Result<String, Stop> {
    let mut texts = Vec::new();
    for file in files {
        if file.is_dir() {
            for inner in documents_in(file)? {
                texts.push(read(&inner)?);
            }
        } else {
            texts.push(read(file)?);
        }
    }
    Ok(texts.join("\n---\n"))
}

fn read(file: &Path) -> Result<String, Stop> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("reading standard input")?;
        return Ok(text);
    }
    Ok(std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?)
}

fn documents_in(folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let known = |e: &std::ffi::OsStr| ["yaml", "yml", "json"].iter().any(|known| e == *known);
        if path.extension().is_some_and(known) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
