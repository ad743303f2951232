//! Questions to the Prometheus replicas, wherever they run, and how their answers are read.
//!
//! Which replicas there are and how to reach them is the caller's: it gives a [`Prometheus`].

use crate::model::{NodeId, UnixMs};
use bytes::Bytes;
use futures_util::future::{BoxFuture, join_all};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, de::DeserializeOwned};
use std::time::Duration;

/// Prometheus' own words are cut to this many characters.
const MAX_WORDS: usize = 2_000;

/// One Prometheus of the pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replica {
    /// Where it runs.
    pub node: NodeId,
    /// Since when it has been ready, as its node says; `None` = it is not ready, or its node has
    /// not been heard of lately.
    pub ready_since: Option<UnixMs>,
}

/// A question to the query API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// `/api/v1/…`, with the query of a GET.
    pub path: String,
    /// Body of a POST (a form); `None` = GET.
    pub form: Option<String>,
}

impl Question {
    /// A GET; `path` may carry a query.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self { path: path.into(), form: None }
    }

    /// A POST with a form: expressions may be long.
    #[must_use]
    pub fn post(path: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        Self { path: path.into(), form: Some(form(fields)) }
    }
}

/// `name=value&…`, percent-encoded.
#[must_use]
pub fn form(fields: &[(&str, &str)]) -> String {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(*name), encode(*value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The way to the replicas.
pub trait Prometheus: Send + Sync {
    /// All there are, the one to ask first in front.
    fn replicas(&self) -> Vec<Replica>;

    /// HTTP status and body, or why there is none. Cancelled when dropped.
    fn ask(&self, node: NodeId, question: &Question)
    -> BoxFuture<'_, Result<(u16, Bytes), String>>;
}

/// Why a question brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// No replica answers.
    #[error("no prometheus answers: {0}")]
    NoReplica(String),
    /// Prometheus refuses the question, in its words.
    #[error("Prometheus refuses it: {0}")]
    Refused(String),
    /// An answer that cannot be read.
    #[error("the answer of Prometheus on node {node} cannot be read: {reason}")]
    Odd {
        /// Whose.
        node: NodeId,
        /// Why.
        reason: String,
    },
}

/// What Prometheus wraps every answer in.
#[derive(Debug, Deserialize)]
pub struct Envelope<T> {
    /// The answer.
    pub data: Option<T>,
    /// Why there is none.
    #[serde(default)]
    error: String,
    /// What should be looked at.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What could be better.
    #[serde(default)]
    pub infos: Vec<String>,
}

/// Asks one replica after the other until one can answer.
///
/// # Errors
/// See [`AskError`]; a refusal is final, the other replica would say the same.
pub async fn first<T: DeserializeOwned>(
    prometheus: &dyn Prometheus,
    question: &Question,
    patience: Duration,
) -> Result<(NodeId, Envelope<T>), AskError> {
    let mut reasons = Vec::new();
    for replica in prometheus.replicas() {
        match one(prometheus, replica.node, question, patience).await {
            Err(AskError::NoReplica(why)) => reasons.push(why),
            Ok(envelope) => return Ok((replica.node, envelope)),
            Err(error) => return Err(error),
        }
    }
    let why = if reasons.is_empty() { "none is installed".to_owned() } else { reasons.join("; ") };
    Err(AskError::NoReplica(why))
}

/// Asks every replica at once: each with its answer, in the order of [`Prometheus::replicas`].
pub async fn each<T: DeserializeOwned>(
    prometheus: &dyn Prometheus,
    question: &Question,
    patience: Duration,
) -> Vec<(Replica, Result<T, AskError>)> {
    let replicas = prometheus.replicas();
    let asked = replicas.iter().map(|replica| async {
        let envelope = one::<T>(prometheus, replica.node, question, patience).await?;
        let reason = "it has no data".to_owned();
        envelope.data.ok_or(AskError::Odd { node: replica.node, reason })
    });
    let answers = join_all(asked).await;
    replicas.into_iter().zip(answers).collect()
}

async fn one<T: DeserializeOwned>(
    prometheus: &dyn Prometheus,
    node: NodeId,
    question: &Question,
    patience: Duration,
) -> Result<Envelope<T>, AskError> {
    let asked = tokio::time::timeout(patience, prometheus.ask(node, question)).await;
    let (status, body) = match asked {
        Ok(answer) => answer.map_err(AskError::NoReplica)?,
        Err(_) => return Err(AskError::NoReplica(format!("{node}: nothing within {patience:?}"))),
    };
    if status >= 500 && status != 503 || status == 404 {
        return Err(AskError::NoReplica(format!("{node} answered {status}")));
    }
    let envelope: Result<Envelope<T>, _> = serde_json::from_slice(&body);
    match (status, envelope) {
        (200..300, Ok(envelope)) => Ok(envelope),
        (200..300, Err(error)) => Err(AskError::Odd { node, reason: error.to_string() }),
        // Prometheus answers 503 for a query that took too long, and says so.
        (_, Ok(envelope)) if !envelope.error.is_empty() => {
            Err(AskError::Refused(envelope.error.chars().take(MAX_WORDS).collect()))
        }
        _ => Err(AskError::NoReplica(format!("{node} answered {status}"))),
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use futures_util::FutureExt as _;
    use std::sync::Mutex;

    /// Replicas that answer what a test says; everything asked is noted.
    pub(crate) struct Scripted<F> {
        pub(crate) replicas: Vec<Replica>,
        pub(crate) says: F,
        pub(crate) asked: Mutex<Vec<(u64, Question)>>,
    }

    impl<F: Fn(u64, &Question) -> Result<(u16, String), String> + Send + Sync> Scripted<F> {
        pub(crate) fn new(nodes: &[u64], says: F) -> Self {
            let replica =
                |node: &u64| Replica { node: NodeId(*node), ready_since: Some(UnixMs(0)) };
            Self { replicas: nodes.iter().map(replica).collect(), says, asked: Mutex::default() }
        }
    }

    impl<F: Fn(u64, &Question) -> Result<(u16, String), String> + Send + Sync> Prometheus
        for Scripted<F>
    {
        fn replicas(&self) -> Vec<Replica> {
            self.replicas.clone()
        }

        fn ask(
            &self,
            node: NodeId,
            question: &Question,
        ) -> BoxFuture<'_, Result<(u16, Bytes), String>> {
            self.asked.lock().unwrap().push((node.0, question.clone()));
            let answer = (self.says)(node.0, question);
            async move { answer.map(|(status, body)| (status, body.into())) }.boxed()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{testing::Scripted, *};

    const SOON: Duration = Duration::from_secs(1);

    async fn ask(says: impl Fn(u64) -> Result<(u16, String), String> + Send + Sync) -> String {
        let prometheus = Scripted::new(&[1, 2], move |node, _| says(node));
        match first::<u32>(&prometheus, &Question::get("/x"), SOON).await {
            Ok((node, envelope)) => format!("{node}: {:?}", envelope.data),
            Err(error) => error.to_string(),
        }
    }

    #[tokio::test]
    async fn the_second_replica_is_asked_when_the_first_cannot_answer() {
        let good = || Ok((200, r#"{"status":"success","data":7}"#.to_owned()));
        for first in [Err("refused".to_owned()), Ok((502, String::new())), Ok((404, "".into()))] {
            let says = move |node| if node == 1 { first.clone() } else { good() };
            assert_eq!(ask(says).await, "2: Some(7)");
        }
        assert!(ask(|_| Err("gone".into())).await.starts_with("no prometheus answers: gone; gone"));
    }

    #[tokio::test]
    async fn a_refusal_is_final_and_in_prometheus_own_words() {
        let body = r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#;
        let says = move |node| if node == 1 { Ok((400, body.to_owned())) } else { Err("x".into()) };
        assert_eq!(ask(says).await, "Prometheus refuses it: parse error");
    }

    #[test]
    fn forms_are_encoded() {
        assert_eq!(
            form(&[("query", "a{b=\"c\"} > 1"), ("x", "")]),
            "query=a%7Bb%3D%22c%22%7D%20%3E%201&x="
        );
    }
}
