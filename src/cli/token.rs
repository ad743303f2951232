//! `watchkeep token`.

use super::{
    Common,
    client::{self, Client, part},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use crate::peer::token::FormationToken;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

/// `watchkeep token …`
#[derive(Debug, Args)]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token; it is shown once
    New(NewArgs),
    /// List API tokens
    #[command(after_help = "Example:\n  watchkeep token list")]
    List,
    /// Revoke an API token; it stops working at once
    Revoke(RevokeArgs),
}

/// Flags of `token new`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep token new --formation > formation.token
      works without a cluster; copy the file to every machine
  watchkeep token new --name ci --role operator
      an API token for WATCHKEEP_TOKEN or `Authorization: Bearer`")]
struct NewArgs {
    /// For forming a cluster: works with no cluster
    #[arg(long, conflicts_with_all = ["name", "role", "title", "expires"])]
    formation: bool,
    /// Name of the API token
    #[arg(long, value_name = "NAME", required_unless_present = "formation", requires = "role")]
    name: Option<String>,
    /// What its holder may do: viewer, developer, operator or admin
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    title: String,
    /// When it ends, RFC 3339 [default: never]
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep token revoke ci")]
struct RevokeArgs {
    /// Name of the token
    name: String,
}

pub(super) fn run(common: &Common, args: TokenArgs) -> Outcome {
    match args.command {
        TokenCommand::New(args) if args.formation => {
            let token = FormationToken::mint()?;
            show(common, token.reveal().expose())
        }
        TokenCommand::New(args) => new(common, &args),
        TokenCommand::List => list(common),
        TokenCommand::Revoke(args) => {
            let client = Client::new(common)?;
            let path = format!("/api/v1/tokens/{}", part(&args.name));
            client::run(client.send(Method::DELETE, &path, |request| request))?;
            output::talk(&format!("revoked {}", args.name));
            Ok(Exit::Done)
        }
    }
}

fn show(common: &Common, token: &str) -> Outcome {
    match common.output {
        Format::Table => output::line(token)?,
        Format::Json => output::json(&json!({ "token": token }))?,
    }
    Ok(Exit::Done)
}

fn new(common: &Common, args: &NewArgs) -> Outcome {
    let body = json!({
        "name": args.name,
        "role": args.role,
        "title": args.title,
        "expires": args.expires,
    });
    let client = Client::new(common)?;
    let made = client::run(client.change(Method::POST, "/api/v1/tokens", &body))?;
    match made["token"].as_str() {
        Some(token) => show(common, token),
        None => Err(Stop::Failed(anyhow::anyhow!("the server made no token"))),
    }
}

fn list(common: &Common) -> Outcome {
    let client = Client::new(common)?;
    let tokens = client::run(client.get("/api/v1/tokens", &[("limit", "1000")]))?;
    if common.output == Format::Json {
        output::json(&tokens)?;
        return Ok(Exit::Done);
    }
    let row = |item: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let spec = &item["spec"];
        let [role, expires, title] = ["role", "expires", "title"].map(|field| text(&spec[field]));
        vec![text(&item["name"]), role, expires, text(&item["created"]), title]
    };
    let rows: Vec<Vec<String>> =
        tokens["items"].as_array().into_iter().flatten().map(row).collect();
    output::line(&output::table(&["name", "role", "expires", "created", "title"], &rows))?;
    Ok(Exit::Done)
}
