//! `watchkeep session`: who is signed in where, and the end of it.

use super::{
    Common,
    client::{self, Client, part},
    exit::{Exit, Outcome},
    output::{self, Format},
};
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

/// `watchkeep session …`
#[derive(Debug, Args)]
pub(super) struct SessionArgs {
    #[command(subcommand)]
    command: SessionCommand,
}

#[derive(Debug, Subcommand)]
enum SessionCommand {
    /// List open sessions: your own, or as admin anybody's
    List(ListArgs),
    /// End a session at once, or all of an account
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep session list
  watchkeep session list --user alice")]
struct ListArgs {
    /// Of this account (admins only); `*` for all [default: your own; on a node's own
    /// socket all]
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep session revoke 3f9c0a7b1d2e4f506172
  watchkeep session revoke --user alice")]
struct RevokeArgs {
    /// Id of the session, as `session list` shows it
    #[arg(value_name = "ID", required_unless_present = "user")]
    id: Option<String>,
    /// All of this account instead (admins only, but for your own)
    #[arg(long, value_name = "NAME", conflicts_with = "id")]
    user: Option<String>,
}

pub(super) fn run(common: &Common, args: SessionArgs) -> Outcome {
    let client = Client::new(common)?;
    match args.command {
        SessionCommand::List(args) => list(common, &client, args.user),
        SessionCommand::Revoke(RevokeArgs { id: Some(id), .. }) => {
            let path = format!("/api/v1/sessions/{}", part(&id));
            client::run(client.send(Method::DELETE, &path, |request| request))?;
            output::talk(&format!("ended {id}"));
            Ok(Exit::Done)
        }
        SessionCommand::Revoke(RevokeArgs { user, .. }) => {
            let user = user.unwrap_or_default();
            let path = format!("/api/v1/sessions?user={}", part(&user));
            let ended = client::run(client.change(Method::DELETE, &path, &Value::Null))?;
            output::talk(&format!("ended {} sessions of {user}", ended["n_ended"]));
            Ok(Exit::Done)
        }
    }
}

fn list(common: &Common, client: &Client, user: Option<String>) -> Outcome {
    let user = match user {
        None if client.is_local() => Some("*".to_owned()),
        user => user,
    };
    let query: Vec<(&str, &str)> = user.iter().map(|user| ("user", user.as_str())).collect();
    let sessions = client::run(client.get("/api/v1/sessions", &query))?;
    if common.output == Format::Json {
        output::json(&sessions)?;
        return Ok(Exit::Done);
    }
    let row = |item: &Value| {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        let this = if item["current"] == Value::Bool(true) { " (this one)" } else { "" };
        let id = format!("{}{this}", text("id"));
        vec![id, text("user"), text("created"), text("last"), text("last_from"), text("agent")]
    };
    let items = sessions["items"].as_array().into_iter().flatten();
    let rows: Vec<Vec<String>> = items.map(row).collect();
    let headings = ["id", "user", "signed in", "last used", "from", "with"];
    output::line(&output::table(&headings, &rows))?;
    Ok(Exit::Done)
}
