//! An inbox that shows delivered notifications: the demo's stand-in for a chat service.
//!
//! | request | does |
//! | --- | --- |
//! | `POST /hook/RECEIVER` | takes a message; answers as the mode says |
//! | `GET /messages?after=N` | `{messages:[{n, at, receiver, headers, body}]}`, those above `N` |
//! | `DELETE /messages` | empties it; numbers go on |
//! | `PUT /mode {status, delay_ms}` | makes it fail or slow; a message answered with an error is not kept |
//! | `GET /` | the newest messages for a browser |

use crate::{
    base::{clock::now_unix_ms, shutdown::Shutdown},
    model::UnixMs,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, VecDeque},
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// Kept messages; older ones go.
const KEPT: usize = 10_000;
/// Shown on the page.
const SHOWN: usize = 200;
/// Largest body.
const BODY_LIMIT: usize = 8 << 20;

/// One message as it arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// From 1, never used twice.
    pub n: u64,
    /// When it arrived.
    pub at: UnixMs,
    /// Last part of the path.
    pub receiver: String,
    /// Lower-case names; credentials left out.
    pub headers: BTreeMap<String, String>,
    /// The JSON, or the text where it is none.
    pub body: Value,
}

/// How hooks are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mode {
    /// HTTP status, 200 to 599; messages are kept with a 2xx only.
    #[serde(default = "ok")]
    pub status: u16,
    /// Wait before answering, in milliseconds, at most 120 000.
    #[serde(default)]
    pub delay_ms: u64,
}

const fn ok() -> u16 {
    200
}

#[derive(Debug)]
struct Shared {
    messages: Mutex<VecDeque<Message>>,
    newest: watch::Sender<u64>,
    mode: watch::Sender<Mode>,
}

/// A running inbox; stops when dropped.
#[derive(Debug)]
pub struct Inbox {
    /// Where it listens.
    pub addr: SocketAddr,
    shared: Arc<Shared>,
    stop: Shutdown,
    task: JoinHandle<()>,
}

impl Inbox {
    /// Listens on `addr` (port 0 = any) and serves until dropped.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start(addr: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared {
            messages: Mutex::default(),
            newest: watch::Sender::new(0),
            mode: watch::Sender::new(Mode { status: 200, delay_ms: 0 }),
        });
        let stop = Shutdown::new();
        let ended = stop.clone().cancelled_owned();
        let router = router(shared.clone());
        let task = tokio::spawn(async move {
            let serve = axum::serve(listener, router).with_graceful_shutdown(ended);
            if let Err(error) = serve.await {
                tracing::error!(%error, "inbox stopped");
            }
        });
        Ok(Self { addr, shared, stop, task })
    }

    /// `http://ADDR`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Messages above `after`, oldest first.
    #[must_use]
    pub fn messages(&self, after: u64) -> Vec<Message> {
        self.shared.after(after)
    }

    /// Changes how hooks are answered.
    pub fn set_mode(&self, mode: Mode) {
        self.shared.mode.send_replace(mode);
    }

    /// Waits until message `n` has arrived.
    pub async fn arrived(&self, n: u64) {
        // The sender lives as long as we do.
        let _ = self.shared.newest.subscribe().wait_for(|newest| *newest >= n).await;
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.stop.cancel();
        self.task.abort();
    }
}

impl Shared {
    fn after(&self, after: u64) -> Vec<Message> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.iter().filter(|message| message.n > after).cloned().collect()
    }

    fn keep(&self, receiver: String, headers: &HeaderMap, body: &[u8]) {
        let message = |n| Message {
            n,
            at: UnixMs(now_unix_ms()),
            receiver,
            headers: shown_headers(headers),
            body: serde_json::from_slice(body)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned())),
        };
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let n = *self.newest.borrow() + 1;
        messages.push_back(message(n));
        if messages.len() > KEPT {
            messages.pop_front();
        }
        self.newest.send_replace(n);
    }
}

fn shown_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers
        .iter()
        .filter(|(name, _)| **name != header::AUTHORIZATION && **name != header::COOKIE)
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect()
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/hook/{receiver}", post(hook))
        .route("/messages", get(list).delete(empty))
        .route("/mode", put(set_mode))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(shared)
}

async fn hook(
    State(shared): State<Arc<Shared>>,
    Path(receiver): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let mode = *shared.mode.borrow();
    if mode.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(mode.delay_ms.min(120_000))).await;
    }
    let status = StatusCode::from_u16(mode.status).unwrap_or(StatusCode::OK);
    if status.is_success() {
        shared.keep(receiver, &headers, &body);
    }
    status
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

#[derive(Serialize)]
struct Messages {
    messages: Vec<Message>,
}

async fn list(State(shared): State<Arc<Shared>>, Query(query): Query<After>) -> Json<Messages> {
    Json(Messages { messages: shared.after(query.after) })
}

async fn empty(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.messages.lock().unwrap_or_else(PoisonError::into_inner).clear();
    StatusCode::NO_CONTENT
}

async fn set_mode(State(shared): State<Arc<Shared>>, Json(mode): Json<Mode>) -> Response {
    if !(200..=599).contains(&mode.status) {
        return (StatusCode::UNPROCESSABLE_ENTITY, "status must be 200 to 599\n").into_response();
    }
    shared.mode.send_replace(mode);
    Json(mode).into_response()
}

async fn page(State(shared): State<Arc<Shared>>) -> Response {
    let messages = shared.after(0);
    let mut rows = String::new();
    for message in messages.iter().rev().take(SHOWN) {
        let body = serde_json::to_string_pretty(&message.body).unwrap_or_default();
        rows.push_str(&format!(
            "<article><h2>{} · {} · {}</h2><pre>{}</pre></article>\n",
            message.n,
            message.at,
            escaped(&message.receiver),
            escaped(&body)
        ));
    }
    if rows.is_empty() {
        rows = "<p>No message yet. This page loads itself again every five seconds.</p>".into();
    }
    let html = PAGE.replace("{count}", &messages.len().to_string()).replace("{rows}", &rows);
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, html).into_response()
}

const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"refresh\" content=\"5\">\
<title>Inbox ({count})</title><style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui,\
sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}h2{font-size:1rem}article{border-top:\
1px solid #8888}pre{overflow-x:auto;font-size:.85rem}</style>\
<h1>Inbox: {count} messages</h1>\n{rows}</html>\n";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn started() -> (Inbox, reqwest::Client) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let inbox = Inbox::start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        (inbox, reqwest::Client::builder().no_proxy().build().unwrap())
    }

    async fn listed(client: &reqwest::Client, inbox: &Inbox, after: u64) -> Vec<Message> {
        let url = format!("{}/messages?after={after}", inbox.url());
        let answer: Value = client.get(url).send().await.unwrap().json().await.unwrap();
        serde_json::from_value(answer["messages"].clone()).unwrap()
    }

    #[tokio::test]
    async fn keeps_messages_in_order_and_lists_those_after_a_number() {
        let (inbox, client) = started().await;
        for text in ["{\"a\":1}", "plain <b>"] {
            let url = format!("{}/hook/ops", inbox.url());
            let post = client.post(url).header("authorization", "secret").body(text);
            assert_eq!(post.send().await.unwrap().status(), 200);
        }
        inbox.arrived(2).await;
        let all = listed(&client, &inbox, 0).await;
        assert_eq!(all[0].body, serde_json::json!({"a": 1}));
        assert!(!all[0].headers.contains_key("authorization"));
        let rest = listed(&client, &inbox, 1).await;
        assert_eq!((rest.len(), rest[0].n, rest[0].receiver.as_str()), (1, 2, "ops"));
        let page = client.get(inbox.url()).send().await.unwrap().text().await.unwrap();
        assert!(page.contains("plain &lt;b&gt;") && !page.contains("plain <b>"));
        let url = format!("{}/messages", inbox.url());
        assert_eq!(client.delete(url).send().await.unwrap().status(), 204);
        assert!(listed(&client, &inbox, 0).await.is_empty());
    }

    #[tokio::test]
    async fn fails_when_told_to_and_keeps_nothing_meanwhile() {
        let (inbox, client) = started().await;
        let mode = format!("{}/mode", inbox.url());
        let put = |body: &'static str| {
            client.put(&mode).header("content-type", "application/json").body(body).send()
        };
        assert_eq!(put("{\"status\":99}").await.unwrap().status(), 422);
        assert_eq!(put("{\"status\":503,\"delay_ms\":1}").await.unwrap().status(), 200);
        let hook = format!("{}/hook/ops", inbox.url());
        assert_eq!(client.post(&hook).body("x").send().await.unwrap().status(), 503);
        assert!(inbox.messages(0).is_empty());
        inbox.set_mode(Mode { status: 202, delay_ms: 0 });
        assert_eq!(client.post(&hook).body("x").send().await.unwrap().status(), 202);
        assert_eq!(inbox.messages(0).len(), 1);
    }
}
