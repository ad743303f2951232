//! `watchkeep token`.

use super::{
    Common,
    account::scope,
    client::{self, Client, part},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use crate::{admission::parse_duration, model::standing::NODE_ROLE, peer::token::FormationToken};
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
    /// List API tokens and join tokens
    #[command(after_help = "Example:\n  watchkeep token list")]
    List,
    /// Revoke an API token or a join token; it stops working at once
    Revoke(RevokeArgs),
}

/// Flags of `token new`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep token new --formation > formation.token
      works without a cluster; copy the file to every machine
  watchkeep token new --role node --expires 24h --uses 2 > node.token
      lets two more machines join: `up --cluster … --token-file node.token`
  watchkeep token new --name ci --role operator
      an API token for WATCHKEEP_TOKEN or `Authorization: Bearer`
  watchkeep token new --name shop-ci --role developer --scope 'project=\"shop\"'
      one that sees and changes only what belongs to a project")]
struct NewArgs {
    /// For forming a cluster: works with no cluster
    #[arg(long, conflicts_with_all = ["name", "role", "title", "expires"])]
    formation: bool,
    /// Name of the API token
    #[arg(long, value_name = "NAME", requires = "role")]
    name: Option<String>,
    /// What its holder may do: viewer, developer, operator, admin or a declared
    /// role; node = a machine joins the cluster with it
    #[arg(long, value_name = "ROLE", required_unless_present = "formation")]
    role: Option<String>,
    /// Where an API token holds: a matcher over the dimensions of projects; may be
    /// repeated, all must hold [default: everywhere]
    #[arg(long, value_name = "MATCHER", conflicts_with_all = ["formation", "uses"])]
    scope: Vec<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    title: String,
    /// When it ends: RFC 3339 for API tokens [default: never], 30m or 24h from
    /// now for node tokens [default: 24h]
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    /// How many machines a node token lets in [default: 1]
    #[arg(long, value_name = "N", conflicts_with_all = ["formation", "name"])]
    uses: Option<u32>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep token revoke ci")]
struct RevokeArgs {
    /// Name of the API token, or id of the join token
    name: String,
}

pub(super) fn run(common: &Common, args: TokenArgs) -> Outcome {
    match args.command {
        TokenCommand::New(args) if args.formation => {
            let token = FormationToken::mint()?;
            show(common, token.reveal().expose())
        }
        TokenCommand::New(args) if args.role.as_deref() == Some(NODE_ROLE) => {
            new_join_token(common, &args)
        }
        TokenCommand::New(args) => new(common, &args),
        TokenCommand::List => list(common),
        TokenCommand::Revoke(args) => revoke(common, &args.name),
    }
}

fn revoke(common: &Common, name: &str) -> Outcome {
    let client = Client::new(common)?;
    client::run(async {
        // Ids of join tokens are random: an API token of the same name is not to be expected, and
        // if there is one it is meant.
        let joins = client.get("/api/v1/join-tokens", &[]).await?;
        let is_join = joins["items"].as_array().into_iter().flatten().any(|t| t["id"] == name);
        let api = format!("/api/v1/tokens/{}", part(name));
        let named = match is_join {
            true => client.get(&api, &[]).await.is_ok(),
            false => true,
        };
        let path = if named { api } else { format!("/api/v1/join-tokens/{}", part(name)) };
        client.send(Method::DELETE, &path, |request| request).await
    })?;
    output::talk(&format!("revoked {name}"));
    Ok(Exit::Done)
}

fn new_join_token(common: &Common, args: &NewArgs) -> Outcome {
    if args.name.is_some() {
        return Err(Stop::Usage("a node token has no --name: it gets an id".into()));
    }
    let expires = args.expires.as_deref().unwrap_or("24h");
    let lasts = parse_duration(expires).map_err(|error| {
        Stop::Usage(format!("--expires {expires}: {error}; write for instance 30m or 24h"))
    })?;
    let uses = args.uses.unwrap_or(1);
    let body = json!({ "role": NODE_ROLE, "expires_in_s": lasts.as_secs(), "uses": uses });
    let client = Client::new(common)?;
    let made = client::run(client.change(Method::POST, "/api/v1/join-tokens", &body))?;
    let Some(token) = made["token"].as_str() else {
        return Err(Stop::Failed(anyhow::anyhow!("the server made no token")));
    };
    let (id, ends) = (&made["id"], &made["expires"]);
    let [id, ends] = [id, ends].map(|text| text.as_str().unwrap_or_default());
    output::talk(&format!("node token {id}, good for {uses} machine(s) until {ends}"));
    show(common, token)
}

fn show(common: &Common, token: &str) -> Outcome {
    match common.output {
        Format::Table => output::line(token)?,
        Format::Json => output::json(&json!({ "token": token }))?,
    }
    Ok(Exit::Done)
}

fn new(common: &Common, args: &NewArgs) -> Outcome {
    if args.name.is_none() {
        return Err(Stop::Usage("an API token needs a --name".into()));
    }
    let body = json!({
        "name": args.name,
        "role": args.role,
        "title": args.title,
        "scope": args.scope,
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
    let (tokens, joins, uses) = client::run(async {
        let tokens = client.get("/api/v1/tokens", &[("limit", "1000")]).await?;
        let joins = client.get("/api/v1/join-tokens", &[]).await?;
        Ok::<_, Stop>((tokens, joins, client.get("/api/v1/token-uses", &[]).await?))
    })?;
    if common.output == Format::Json {
        let mut tokens = tokens;
        tokens["join_tokens"] = joins["items"].clone();
        tokens["uses"] = uses["items"].clone();
        output::json(&tokens)?;
        return Ok(Exit::Done);
    }
    let row = |item: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let spec = &item["spec"];
        let [role, expires, title] = ["role", "expires", "title"].map(|field| text(&spec[field]));
        let used = uses["items"].as_array().into_iter().flatten();
        let used = used.filter(|used| used["name"] == item["name"]).map(|used| text(&used["last"]));
        let used: String = used.collect();
        let [name, created] = [&item["name"], &item["created"]].map(text);
        vec![name, role, scope(spec), expires, created, used, title]
    };
    let rows: Vec<Vec<String>> =
        tokens["items"].as_array().into_iter().flatten().map(row).collect();
    output::line(&output::table(
        &["name", "role", "scope", "expires", "created", "last used", "title"],
        &rows,
    ))?;
    let row = |item: &Value| {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => "any".to_owned(),
            other => other.to_string(),
        };
        ["id", "role", "state", "uses_left", "expires", "by"].map(|f| text(&item[f])).to_vec()
    };
    let rows: Vec<Vec<String>> = joins["items"].as_array().into_iter().flatten().map(row).collect();
    if !rows.is_empty() {
        let head = ["join token", "role", "state", "uses left", "expires", "by"];
        output::line(&output::table(&head, &rows))?;
    }
    Ok(Exit::Done)
}
