//! `watchkeep login`, `logout`, `user`.

use super::{
    Common,
    client::{self, Client, Login, LoginFile, Pin, part},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use crate::base::redact::Secret;
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use reqwest::Method;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use serde_json::{Value, json};
use std::io::{BufRead as _, IsTerminal as _, Write as _};

/// Flags of `login`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep login --server https://mon1:8420 --user alice

Shows the hash of the cluster's CA and asks once whether it is the right one.")]
pub(super) struct LoginArgs {
    /// Name of the account
    #[arg(long, value_name = "NAME")]
    user: String,
    /// Hash of the CA that is known to be right: do not ask
    #[arg(long, value_name = "HASH")]
    ca_hash: Option<String>,
}

/// Flags of `logout`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep logout")]
pub(super) struct LogoutArgs {}

/// `watchkeep user …`
#[derive(Debug, Args)]
pub(super) struct UserArgs {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// List accounts
    #[command(after_help = "Example:\n  watchkeep user list")]
    List,
    /// Make an account with a random password, which is shown once
    Add(AddArgs),
    /// Give an account a new random password, which is shown once
    Reset(ResetArgs),
    /// Delete an account; its sessions end at once
    Delete(NameArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep user add alice --role operator
  watchkeep user add bob --role developer --scope 'project=\"shop\"'
  watchkeep user add eve --role night-shift")]
struct AddArgs {
    /// Name of the account
    name: String,
    /// viewer, developer, operator, admin or the name of a declared role
    #[arg(long, value_name = "ROLE", default_value = "viewer")]
    role: String,
    /// Where: a matcher over the dimensions of projects; may be repeated, all must
    /// hold [default: everywhere]
    #[arg(long, value_name = "MATCHER")]
    scope: Vec<String>,
    /// For people
    #[arg(long, value_name = "TEXT", default_value = "")]
    title: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep user delete alice")]
struct NameArgs {
    /// Name of the account
    name: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep user reset alice
  watchkeep user reset alice --totp")]
struct ResetArgs {
    /// Name of the account
    name: String,
    /// Take the second factor away instead; the password stays
    #[arg(long)]
    totp: bool,
}

pub(super) fn login(common: &Common, args: &LoginArgs) -> Outcome {
    if common.server.is_empty() {
        return Err(Stop::Usage("say where: `watchkeep login --server https://HOST:8420`".into()));
    }
    let ca_hash = match (&args.ca_hash, &common.ca) {
        (Some(hash), _) => Some(hash.clone()),
        (None, Some(_)) => None,
        (None, None) => accepted_ca(common)?,
    };
    let pin = Pin::new(common.ca.as_deref(), ca_hash.as_deref())?;
    let client = Client::nobody(common.server.clone(), &pin)?;
    let password = ask_password(&format!("Password of {}: ", args.user))?;
    let cookie = match open_session(&client, &args.user, &password, None) {
        Err(Stop::Failed(error)) if asks_for_code(&error) => {
            let code = ask_password("Code of the authenticator app: ")?;
            open_session(&client, &args.user, &password, Some(&code))
        }
        opened => opened,
    }?;
    let servers = common.server.clone();
    LoginFile::read()?.remember(Login { servers, ca_hash, user: args.user.clone(), cookie })?;
    output::talk(&format!("signed in as {}", args.user));
    Ok(Exit::Done)
}

/// Whether the account has a second factor.
fn asks_for_code(error: &anyhow::Error) -> bool {
    error.downcast_ref::<client::Refused>().is_some_and(|refused| refused.code == "WK-2026")
}

/// The session's cookie.
fn open_session(
    client: &Client,
    user: &str,
    password: &Secret<String>,
    code: Option<&Secret<String>>,
) -> Result<String, Stop> {
    let code = code.map(Secret::expose);
    let body = json!({ "user": user, "password": password.expose(), "totp": code });
    client::run(async {
        let fill = |request: reqwest::RequestBuilder| request.json(&body);
        let answer = client.send(Method::POST, "/api/v1/session", fill).await?;
        let set = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = set.and_then(|set| set.split(';').next()).map(str::to_owned);
        cookie.ok_or_else(|| Stop::Failed(anyhow!("the server sent no session")))
    })
}

/// Looks at the server's CA and asks whether it is the right one; none for plain HTTP.
fn accepted_ca(common: &Common) -> Result<Option<String>, Stop> {
    let server = common.server.first().map_or("", String::as_str);
    if server.starts_with("http://") {
        output::talk("warning: plain HTTP: the password can be read on the way");
        return Ok(None);
    }
    let (pin, seen) = Pin::looking();
    let client = Client::nobody(common.server.clone(), &pin)?;
    client::run(client.send(Method::GET, "/-/healthy", |request| request))?;
    let hash = seen.lock().ok().and_then(|seen| seen.clone());
    let hash = hash.context("the server showed no certificate")?;
    if !std::io::stdin().is_terminal() {
        let text = format!(
            "the CA of {server} has the hash\n  {hash}\n\
             nobody is here to say whether it is right: repeat with `--ca-hash {hash}`"
        );
        return Err(Stop::Usage(text));
    }
    output::talk(&format!(
        "The CA of {server} has the hash\n  {hash}\n`watchkeep token list` and the portal of a \
         node you trust show the same one."
    ));
    match ask("Is it the right one? [y/N] ")?.trim() {
        "y" | "Y" | "yes" => Ok(Some(hash)),
        _ => Err(Stop::Failed(anyhow!("not signed in"))),
    }
}

fn ask(prompt: &str) -> Result<String, Stop> {
    let mut err = std::io::stderr();
    err.write_all(prompt.as_bytes())?;
    err.flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Reads a line without showing it; from a pipe just the line.
pub(super) fn ask_password(prompt: &str) -> Result<Secret<String>, Stop> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        let mut line = String::new();
        stdin.lock().read_line(&mut line)?;
        return Ok(Secret::new(line.trim_end_matches(['\r', '\n']).to_owned()));
    }
    let before = tcgetattr(&stdin)?;
    let mut quiet = before.clone();
    quiet.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Flush, &quiet)?;
    let line = ask(prompt);
    let restored = tcsetattr(&stdin, OptionalActions::Flush, &before);
    output::talk("");
    restored?;
    Ok(Secret::new(line?))
}

pub(super) fn logout(common: &Common) -> Outcome {
    let logins = LoginFile::read()?;
    let known = if common.server.is_empty() { logins.last() } else { logins.of(&common.server) };
    let Some(login) = known else {
        output::talk("not signed in");
        return Ok(Exit::Done);
    };
    let remote = Common { server: login.servers.clone(), token: None, ..common.clone() };
    let client = Client::new(&remote)?;
    let ended = client::run(client.send(Method::DELETE, "/api/v1/session", |request| request));
    if ended.is_err() {
        output::talk("warning: the session could not be ended on the server; it expires by itself");
    }
    logins.forget(&remote.server)?;
    Ok(Exit::Done)
}

pub(super) fn user(common: &Common, args: UserArgs) -> Outcome {
    let client = Client::new(common)?;
    match args.command {
        UserCommand::List => list(common, &client),
        UserCommand::Add(args) => {
            let path = format!("/api/v1/users/{}", part(&args.name));
            let spec = json!({ "role": args.role, "title": args.title, "scope": args.scope });
            let body = json!({ "spec": spec });
            let fill =
                |request: reqwest::RequestBuilder| request.json(&body).header("if-none-match", "*");
            client::run(client.send(Method::PUT, &path, fill))?;
            reset(common, &client, &args.name)
        }
        UserCommand::Reset(args) if args.totp => {
            let path = format!("/api/v1/users/{}/totp", part(&args.name));
            client::run(client.send(Method::DELETE, &path, |request| request))?;
            output::talk(&format!("{} signs in with the password alone again", args.name));
            Ok(Exit::Done)
        }
        UserCommand::Reset(args) => reset(common, &client, &args.name),
        UserCommand::Delete(args) => {
            let path = format!("/api/v1/users/{}", part(&args.name));
            client::run(client.send(Method::DELETE, &path, |request| request))?;
            output::talk(&format!("deleted {}", args.name));
            Ok(Exit::Done)
        }
    }
}

fn reset(common: &Common, client: &Client, name: &str) -> Outcome {
    let path = format!("/api/v1/users/{}/password", part(name));
    let made = client::run(client.change(Method::POST, &path, &json!({})))?;
    match common.output {
        Format::Json => output::json(&made)?,
        Format::Table => output::line(made["password"].as_str().unwrap_or_default())?,
    }
    Ok(Exit::Done)
}

fn list(common: &Common, client: &Client) -> Outcome {
    let users = client::run(client.get("/api/v1/users", &[("limit", "1000")]))?;
    if common.output == Format::Json {
        output::json(&users)?;
        return Ok(Exit::Done);
    }
    let row = |item: &Value| {
        let spec = &item["spec"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let disabled = if spec["disabled"] == Value::Bool(true) { "disabled" } else { "" };
        let [name, role, title] = [&item["name"], &spec["role"], &spec["title"]].map(text);
        vec![name, role, scope(spec), disabled.into(), title]
    };
    let rows: Vec<Vec<String>> = users["items"].as_array().into_iter().flatten().map(row).collect();
    output::line(&output::table(&["name", "role", "scope", "state", "title"], &rows))?;
    Ok(Exit::Done)
}

/// Where the role of an account or a token is held.
pub(super) fn scope(spec: &Value) -> String {
    let matchers = spec["scope"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let text = matchers.collect::<Vec<_>>().join(", ");
    if text.is_empty() { "everywhere".to_owned() } else { text }
}
