//! `watchkeep secret set`: the value comes from a file or standard input, never from an argument,
//! which every process list shows.

use super::{
    Common, account,
    client::{self, Client, part},
    exit::{Exit, Outcome, Stop},
    output,
};
use crate::base::redact::Secret;
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::json;
use std::path::PathBuf;

/// `watchkeep secret …`
#[derive(Debug, Args)]
pub(super) struct SecretArgs {
    #[command(subcommand)]
    command: SecretCommand,
}

#[derive(Debug, Subcommand)]
enum SecretCommand {
    /// Set the value of a secret; it is never shown again
    Set(SetArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep secret set smtp --file password.txt
  pass show smtp | watchkeep secret set smtp

A secret that does not exist yet is made.")]
struct SetArgs {
    /// Name of the secret
    name: String,
    /// Where the value is, instead of standard input; a last line break is left out
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(super) fn run(common: &Common, args: SecretArgs) -> Outcome {
    let SecretCommand::Set(args) = args.command;
    let value = read(&args)?;
    if value.expose().is_empty() {
        return Err(Stop::Failed(anyhow!("the value is empty: nothing was set")));
    }
    let client = Client::new(common)?;
    let path = format!("/api/v1/secrets/{}", part(&args.name));
    let exists = client::run(client.get(&path, &[])).is_ok();
    if !exists {
        let body = json!({ "spec": {} });
        let fill =
            |request: reqwest::RequestBuilder| request.json(&body).header("if-none-match", "*");
        client::run(client.send(Method::PUT, &path, fill))?;
    }
    let body = json!({ "value": value.expose() });
    let fill = |request: reqwest::RequestBuilder| request.json(&body);
    client::run(client.send(Method::POST, &format!("{path}/value"), fill))?;
    output::talk(&format!("secret {} is set", args.name));
    Ok(Exit::Done)
}

fn read(args: &SetArgs) -> Result<Secret<String>, Stop> {
    let Some(path) = &args.file else {
        return account::ask_password(&format!("Value of {}: ", args.name));
    };
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = Secret::new(text);
    let line = text.expose().strip_suffix('\n').unwrap_or(text.expose());
    Ok(Secret::new(line.strip_suffix('\r').unwrap_or(line).to_owned()))
}
