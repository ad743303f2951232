//! One client: reads and writes keys through any node, repeats what it got no answer to under the
//! same idempotency key as a good client library would, and writes down what it was told.

use super::{
    cluster::Cluster,
    history::{End, Op, Seen, Swapped, What},
    net::N_NODES,
    rng::Rng,
};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

const N_KEYS: u64 = 50;
/// A write is repeated for so long.
const WRITE_DEADLINE: Duration = Duration::from_secs(12);
/// Acknowledged writes of which one may be sent again.
const REMEMBERED: usize = 20;

pub struct Client {
    pub cluster: Arc<Cluster>,
    pub http: reqwest::Client,
    pub id: u32,
    pub round: u32,
    pub rng: Rng,
    pub stop: Arc<AtomicBool>,
    known: HashMap<String, Seen>,
    acknowledged: VecDeque<(Write, u64)>,
    n_writes: u32,
    history: Vec<Op>,
    complaints: Vec<String>,
}

/// A write, the same each time it is sent.
#[derive(Clone)]
struct Write {
    name: String,
    value: String,
    /// `If-Match`, `If-None-Match`, or none.
    condition: Option<(&'static str, String)>,
    idempotency_key: String,
}

enum Answer {
    Status(u16, HeaderMap, Value),
    /// Nothing was sent.
    NotSent,
    Nothing,
}

impl Client {
    pub fn new(
        cluster: Arc<Cluster>,
        id: u32,
        round: u32,
        rng: Rng,
        stop: Arc<AtomicBool>,
    ) -> Self {
        let http = reqwest::Client::builder().no_proxy().connect_timeout(Duration::from_secs(1));
        let http = http.timeout(Duration::from_secs(9)).build().unwrap();
        let (known, acknowledged) = (HashMap::new(), VecDeque::new());
        let (history, complaints, n_writes) = (Vec::new(), Vec::new(), 0);
        Self {
            cluster,
            http,
            id,
            round,
            rng,
            stop,
            known,
            acknowledged,
            n_writes,
            history,
            complaints,
        }
    }

    /// Works until told to stop; what it did, and answers that should never be given.
    pub async fn run(mut self) -> (Vec<Op>, Vec<String>) {
        while !self.stop.load(Ordering::SeqCst) {
            let name = format!("c{}-{}", self.round, self.rng.within(0..N_KEYS));
            match self.rng.within(0..100) {
                0..35 => self.read(&name).await,
                35..60 => self.put(name).await,
                60..80 => self.swap(name).await,
                80..86 => self.create().await,
                86..93 => self.fresh().await,
                _ => self.repeat().await,
            }
            tokio::time::sleep(self.rng.millis(5..60)).await;
        }
        (self.history, self.complaints)
    }

    fn write_of(&mut self, name: String, condition: Option<(&'static str, String)>) -> Write {
        self.n_writes += 1;
        let value = format!("v{}-{}-{}", self.round, self.id, self.n_writes);
        let idempotency_key = format!("{:016x}{:016x}", self.rng.next(), self.rng.next());
        Write { name, value, condition, idempotency_key }
    }

    async fn put(&mut self, name: String) {
        let write = self.write_of(name, None);
        self.write(write, |value, told| {
            let Told::Done(revision) = told else { return What::Put { value, revision: 0 } };
            What::Put { value, revision }
        })
        .await;
    }

    async fn swap(&mut self, name: String) {
        let expected = self.known.get(&name).map(|seen| seen.revision);
        self.swap_from(name, expected).await;
    }

    /// An object that nobody writes again: it must be there at the end.
    async fn create(&mut self) {
        let name = format!("u{}-{}-{}", self.round, self.id, self.n_writes);
        self.swap_from(name, None).await;
    }

    async fn swap_from(&mut self, name: String, expected: Option<u64>) {
        let condition = match expected {
            Some(revision) => ("if-match", format!("\"{revision}\"")),
            None => ("if-none-match", "*".to_owned()),
        };
        let write = self.write_of(name, Some(condition));
        self.write(write, |value, told| {
            let outcome = match told {
                Told::Done(revision) => Swapped::Done(revision),
                _ => Swapped::Lost,
            };
            What::Swap { expected, value, outcome }
        })
        .await;
    }

    async fn write(&mut self, write: Write, what: impl FnOnce(String, Told) -> What) {
        let call_us = self.cluster.now_us();
        let (node, told) = self.deliver(&write).await;
        let end = match told {
            Told::Done(_) | Told::Lost => End::Ok,
            Told::NotSent => End::Fail,
            Told::Unknown => End::Info,
        };
        self.note(node, &write.name, call_us, end, what(write.value.clone(), told));
        if let Told::Done(revision) = told {
            let seen = Seen { value: write.value.clone(), revision };
            self.known.insert(write.name.clone(), seen);
            self.acknowledged.push_back((write, revision));
            if self.acknowledged.len() > REMEMBERED {
                self.acknowledged.pop_front();
            }
        } else {
            self.known.remove(&write.name);
        }
    }

    /// Sends it to one node after the other until one gives an answer.
    async fn deliver(&mut self, write: &Write) -> (usize, Told) {
        let until = Instant::now() + WRITE_DEADLINE;
        let mut node = self.rng.index(N_NODES);
        let mut sent = false;
        loop {
            match self.send(self.request(node, write)).await {
                Answer::Status(200 | 201, headers, _) => {
                    let Some(revision) = etag(&headers) else {
                        self.complaints.push("a write was answered without an ETag".to_owned());
                        return (node, Told::Unknown);
                    };
                    return (node, Told::Done(revision));
                }
                Answer::Status(409 | 412, ..) if write.condition.is_some() => {
                    return (node, Told::Lost);
                }
                Answer::Status(503, ..) | Answer::Nothing => sent = true,
                Answer::NotSent => {}
                Answer::Status(status, _, body) => {
                    self.complaints.push(format!("node {node} answered a write {status}: {body}"));
                    sent = true;
                }
            }
            if Instant::now() > until || self.stop.load(Ordering::SeqCst) {
                return (node, if sent { Told::Unknown } else { Told::NotSent });
            }
            tokio::time::sleep(self.rng.millis(30..150)).await;
            node = (node + 1) % N_NODES;
        }
    }

    async fn read(&mut self, name: &str) {
        let node = self.rng.index(N_NODES);
        let url = format!("{}{}?consistency=strong", self.cluster.url(node), path(name));
        let call_us = self.cluster.now_us();
        let answer = self.send(self.http.get(url)).await;
        let (end, found) = self.found(node, answer);
        match (&found, end) {
            (Some(seen), End::Ok) => drop(self.known.insert(name.to_owned(), seen.clone())),
            _ => drop(self.known.remove(name)),
        }
        self.note(node, name, call_us, end, What::Read(found));
    }

    /// Reads its own write at any node.
    async fn fresh(&mut self) {
        let Some((write, at_least)) = self.acknowledged.back().cloned() else { return };
        let node = self.rng.index(N_NODES);
        let url = format!("{}{}", self.cluster.url(node), path(&write.name));
        let request = self.http.get(url).header("x-wk-min-index", at_least);
        let call_us = self.cluster.now_us();
        let answer = self.send(request).await;
        let (end, found) = self.found(node, answer);
        self.note(node, &write.name, call_us, end, What::Fresh { at_least, found });
    }

    /// Sends an acknowledged write once more.
    async fn repeat(&mut self) {
        if self.acknowledged.is_empty() {
            return;
        }
        let (write, first) = self.acknowledged[self.rng.index(self.acknowledged.len())].clone();
        let node = self.rng.index(N_NODES);
        let call_us = self.cluster.now_us();
        let (end, again) = match self.send(self.request(node, &write)).await {
            Answer::Status(200 | 201, headers, _) => (End::Ok, etag(&headers).unwrap_or(0)),
            Answer::Status(503, ..) | Answer::Nothing => (End::Info, 0),
            Answer::NotSent => (End::Fail, 0),
            Answer::Status(status, _, body) => {
                let told = format!("node {node} answered a repetition {status}: {body}");
                self.complaints.push(told);
                (End::Info, 0)
            }
        };
        self.note(node, &write.name, call_us, end, What::Repeat { first, again });
    }

    fn found(&mut self, node: usize, answer: Answer) -> (End, Option<Seen>) {
        match answer {
            Answer::Status(200, _, body) => match seen(&body) {
                Some(seen) => (End::Ok, Some(seen)),
                None => {
                    self.complaints.push(format!("node {node} answered a read {body}"));
                    (End::Fail, None)
                }
            },
            Answer::Status(404, ..) => (End::Ok, None),
            Answer::Status(503, ..) | Answer::NotSent | Answer::Nothing => (End::Fail, None),
            Answer::Status(status, _, body) => {
                self.complaints.push(format!("node {node} answered a read {status}: {body}"));
                (End::Fail, None)
            }
        }
    }

    fn request(&self, node: usize, write: &Write) -> RequestBuilder {
        let body = json!({
            "labels": {"round": self.round.to_string()},
            "spec": {"title": write.value},
        });
        let url = format!("{}{}", self.cluster.url(node), path(&write.name));
        let request = self.http.request(Method::PUT, url).json(&body);
        let request = request.header("idempotency-key", &write.idempotency_key);
        match &write.condition {
            Some((header, value)) => request.header(*header, value),
            None => request,
        }
    }

    async fn send(&self, request: RequestBuilder) -> Answer {
        let answer = match request.bearer_auth(self.cluster.token()).send().await {
            Err(error) if error.is_connect() => return Answer::NotSent,
            Err(_) => return Answer::Nothing,
            Ok(answer) => answer,
        };
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        match answer.json().await {
            Ok(body) => Answer::Status(status, headers, body),
            Err(_) => Answer::Nothing,
        }
    }

    fn note(&mut self, node: usize, name: &str, call_us: u64, end: End, what: What) {
        let key = format!("department/{name}");
        let ret_us = self.cluster.now_us();
        self.history.push(Op { client: self.id, node, key, call_us, ret_us, end, what });
    }
}

/// What came of a write.
#[derive(Clone, Copy)]
enum Told {
    Done(u64),
    Lost,
    NotSent,
    Unknown,
}

fn path(name: &str) -> String {
    format!("/api/v1/departments/{name}")
}

fn etag(headers: &HeaderMap) -> Option<u64> {
    headers.get("etag")?.to_str().ok()?.trim_matches('"').parse().ok()
}

/// Value and revision of an object as the API shows it.
pub fn seen(object: &Value) -> Option<Seen> {
    Some(Seen {
        value: object["spec"]["title"].as_str()?.to_owned(),
        revision: object["revision"].as_str()?.parse().ok()?,
    })
}
