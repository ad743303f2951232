//! How commands reach a node: its own socket, or any node of a list over HTTP(S).
//!
//! Order: `--server`; then the socket of the data directory; then what `login` remembered. A
//! node that cannot be reached is passed over for the next of the list.

mod login_file;
mod pin;

pub(super) use login_file::{Login, LoginFile};
pub(super) use pin::Pin;

use super::{Common, exit::Stop};
use crate::{
    base::redact::Secret,
    web::{auth::token, error::ProblemBody, socket},
};
use anyhow::{Context as _, anyhow};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use std::{path::PathBuf, time::Duration};

/// A node that does not take a connection within this time is passed over.
const CONNECT: Duration = Duration::from_secs(3);

/// Who we are for the server.
enum Proof {
    /// The socket's peer credentials.
    Socket,
    /// `Authorization: Bearer`
    Token(Secret<String>),
    /// Session cookie of `login`.
    Cookie(Secret<String>),
    /// Nothing: signing in.
    Nothing,
}

/// A connection to the cluster.
pub(super) struct Client {
    http: reqwest::Client,
    bases: Vec<String>,
    proof: Proof,
}

impl Client {
    /// Connects the way the flags and the environment say.
    ///
    /// # Errors
    /// No way is known; the message says which there are.
    pub(super) fn new(common: &Common) -> Result<Self, Stop> {
        let logins = LoginFile::read()?;
        if common.server.is_empty() {
            let path = socket::path_for(&data_dir(common), own_uid());
            if path.exists() {
                return Self::over_socket(path);
            }
            return match logins.last() {
                Some(login) => Self::with_login(common, login),
                None => Err(Stop::Usage(format!(
                    "no node found: no socket at {}, no `--server`, and no `watchkeep login`",
                    path.display()
                ))),
            };
        }
        if let Some(text) = common.token.clone() {
            let pin = Pin::new(common.ca.as_deref(), token::split(&text).map(|(hash, ..)| hash))?;
            let proof = Proof::Token(Secret::new(text));
            return Self::over_http(common.server.clone(), &pin, proof);
        }
        match logins.of(&common.server) {
            Some(login) => Self::with_login(common, login),
            None => Err(Stop::Usage(
                "sign in first: `watchkeep login --server URL`, or set WATCHKEEP_TOKEN".into(),
            )),
        }
    }

    /// Whether it is the node's own socket that is spoken to.
    pub(super) fn is_local(&self) -> bool {
        matches!(self.proof, Proof::Socket)
    }

    fn over_socket(path: PathBuf) -> Result<Self, Stop> {
        let http = builder(&Pin::none())?.unix_socket(path).build()?;
        Ok(Self { http, bases: vec!["http://localhost".into()], proof: Proof::Socket })
    }

    fn with_login(common: &Common, login: &Login) -> Result<Self, Stop> {
        let pin = Pin::new(common.ca.as_deref(), login.ca_hash.as_deref())?;
        let proof = Proof::Cookie(Secret::new(login.cookie.clone()));
        Self::over_http(login.servers.clone(), &pin, proof)
    }

    /// For signing in.
    pub(super) fn nobody(servers: Vec<String>, pin: &Pin) -> Result<Self, Stop> {
        Self::over_http(servers, pin, Proof::Nothing)
    }

    fn over_http(servers: Vec<String>, pin: &Pin, proof: Proof) -> Result<Self, Stop> {
        let bases = servers.iter().map(|server| base(server)).collect::<Result<_, _>>()?;
        Ok(Self { http: builder(pin)?.build()?, bases, proof })
    }

    /// Sends a request to the first node that answers; a problem of the server is an error.
    ///
    /// # Errors
    /// No node is reachable, or the server refused.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        fill: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, Stop> {
        let mut last = None;
        for base in &self.bases {
            let request = self.http.request(method.clone(), format!("{base}{path}"));
            match fill(self.prove(request, base)).send().await {
                Ok(answer) if answer.status().is_success() => return Ok(answer),
                Ok(answer) => return Err(problem(answer).await),
                // Only what never arrived may be sent to another node.
                Err(error) if error.is_connect() => {
                    last = Some(anyhow!(error.without_url()).context(format!("{base}: no answer")));
                }
                Err(error) => {
                    return Err(Stop::Failed(anyhow!(error.without_url()).context(base.clone())));
                }
            }
        }
        Err(Stop::Failed(last.unwrap_or_else(|| anyhow!("no server given"))))
    }

    fn prove(&self, request: RequestBuilder, base: &str) -> RequestBuilder {
        match &self.proof {
            Proof::Socket | Proof::Nothing => request,
            Proof::Token(token) => request.bearer_auth(token.expose()),
            Proof::Cookie(cookie) => request
                .header("cookie", cookie.expose())
                .header("x-wk-request", "1")
                .header("origin", origin(base)),
        }
    }

    /// `GET` of a JSON document.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Stop> {
        let answer = self.send(Method::GET, path, |request| request.query(query)).await?;
        Ok(answer.json().await?)
    }

    /// A change with a JSON body; an empty answer is null.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub(super) async fn change(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value, Stop> {
        let answer = self.send(method, path, |request| request.json(body)).await?;
        let text = answer.text().await?;
        if text.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_str(&text)?) }
    }
}

fn builder(pin: &Pin) -> Result<reqwest::ClientBuilder, Stop> {
    Ok(reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("watchkeep/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(pin.config()?))
}

/// `https://` unless said otherwise, without a slash at the end.
fn base(server: &str) -> Result<String, Stop> {
    let text = if server.contains("://") { server.into() } else { format!("https://{server}") };
    let good = text.starts_with("https://") || text.starts_with("http://");
    if good && text.parse::<http::Uri>().is_ok() {
        return Ok(text.trim_end_matches('/').to_owned());
    }
    Err(Stop::Usage(format!("`{server}` is no server: https://HOST:8420")))
}

/// Scheme, host and port of a base.
fn origin(base: &str) -> String {
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    format!("{scheme}://{}", rest.split('/').next().unwrap_or_default())
}

/// What the server says is wrong, for people.
async fn problem(answer: Response) -> Stop {
    let status = answer.status();
    let bytes = answer.bytes().await.unwrap_or_default();
    let Ok(problem) = serde_json::from_slice::<ProblemBody>(&bytes) else {
        return Stop::Failed(anyhow!("the server answered {status}"));
    };
    let mut text = match problem.errors.len() {
        // Its detail repeats the one error.
        1 => problem.title.clone(),
        _ => format!("{}: {} ({})", problem.title, problem.detail, problem.code),
    };
    for item in &problem.errors {
        let line = item.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        text.push_str(&format!("\n  {line}{}: {} ({})", item.path, item.message, item.code));
    }
    if !problem.hint.is_empty() {
        text.push_str(&format!("\nhint: {}", problem.hint));
    }
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        text.push_str(&format!("\nrequest id: {}", problem.request_id));
    }
    Stop::Failed(Refused { code: problem.code, text }.into())
}

/// What the server refused.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(super) struct Refused {
    /// `WK-1234`
    pub(super) code: String,
    text: String,
}

/// The data directory that the flags, or else who we are, mean.
pub(super) fn data_dir(common: &Common) -> PathBuf {
    common.data_dir.clone().unwrap_or_else(|| default_data_dir(own_uid()))
}

fn default_data_dir(uid: u32) -> PathBuf {
    if uid == 0 {
        return "/var/lib/watchkeep".into();
    }
    let from = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let home = || from("HOME").unwrap_or_else(|| "/".into()).join(".local/share");
    from("XDG_DATA_HOME").unwrap_or_else(home).join("watchkeep")
}

pub(super) fn own_uid() -> u32 {
    rustix::process::getuid().as_raw()
}

/// Runs a client command on a small runtime of its own.
///
/// # Errors
/// Whatever the command says.
pub(super) fn run<T>(work: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    runtime.block_on(work)
}

/// Percent-encodes one part of a path.
pub(super) fn part(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests;
