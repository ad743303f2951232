//! What the demo waits for until everything really works.

use super::{
    api::{Api, ApiError},
    error::DemoError,
    plan::{self, DemoNode},
    run::Demo,
    told::{self, Credentials},
};
use crate::{
    base::{basic_auth, redact::Secret},
    model::process::{LOGIN_FILE, LOGIN_USER},
};
use serde_json::Value;
use std::{fs, time::Duration};
use tokio::time::{Instant, sleep};

/// How long the cluster may take to be there.
const PATIENCE: Duration = Duration::from_secs(180);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(200);

impl Demo {
    /// The ready files of all nodes.
    pub(super) async fn nodes_ready(&self) -> Result<Vec<Value>, DemoError> {
        let read = |node: &DemoNode| -> Option<Value> {
            serde_json::from_slice(&fs::read(node.ready_file()).ok()?).ok()
        };
        self.wait("the cluster to form", || async {
            self.failed_node()
                .map_or_else(|| Ok(self.nodes.iter().map(read).collect::<Option<Vec<_>>>()), Err)
        })
        .await
    }

    /// A node that ends at its start again and again will not come up.
    fn failed_node(&self) -> Option<DemoError> {
        self.supervisor.statuses().borrow().values().find(|status| status.restarts > 2).map(
            |status| DemoError::Node {
                node: status.name.clone(),
                reason: status.error.clone().unwrap_or_else(|| "no reason given".into()),
            },
        )
    }

    pub(super) async fn sign_in(&self, ready: &[Value]) -> Result<(Credentials, Api), DemoError> {
        let user_password = self
            .wait("the first password", || async {
                Ok(self.nodes.iter().find_map(|node| {
                    fs::read_to_string(node.data_dir().join("initial-admin-password")).ok()
                }))
            })
            .await?
            .trim()
            .to_owned();
        let api = Api::new(told::url_of(ready.first()))?;
        let token = self
            .wait("the admin to be able to sign in", || async {
                match api.make_token("admin", &user_password, "demo").await {
                    Ok(token) => Ok(Some(token)),
                    // The password is on disk a moment before the account is in the store.
                    Err(
                        ApiError::NoAnswer { .. } | ApiError::Refused { status: 401 | 503, .. },
                    ) => Ok(None),
                    Err(error) => Err(error.into()),
                }
            })
            .await?;
        let api = api.with_token(token.clone());
        Ok((Credentials { user_password, token }, api))
    }

    pub(super) async fn components_ready(&self, api: &Api) -> Result<Option<()>, DemoError> {
        let Ok(status) = api.get("/api/v1/status").await else { return Ok(None) };
        let components = list(&status, "components");
        let ready = |c: &&Value| {
            c.get("state").and_then(Value::as_str).is_some_and(|state| state == "ready")
        };
        // Two Prometheus, an Alertmanager on each node; exporters come on top.
        let wanted = 2.min(self.nodes.len()) + self.nodes.len();
        let n_main = components
            .iter()
            .filter(|c| {
                matches!(c.get("name").and_then(Value::as_str), Some("prometheus" | "alertmanager"))
            })
            .filter(ready)
            .count();
        Ok((n_main == wanted && components.iter().all(|c| ready(&c))).then_some(()))
    }

    pub(super) async fn scraped(&self, api: &Api) -> Result<Option<()>, DemoError> {
        let n_hosts = plan::hosts().count();
        let n_replicas = 2.min(self.nodes.len());
        let mut seen = 0;
        for node in &self.nodes {
            let local = Api::new(&format!("http://{}:9090", node.address))?.with_login(login(node));
            let query = "/api/v1/query?query=count(up%7Bjob%3D%22node%22%7D%20%3D%3D%201)";
            let Ok(answer) = local.get(query).await else { continue };
            let count = answer.pointer("/data/result/0/value/1").and_then(Value::as_str);
            seen += usize::from(count.is_some_and(|count| count == n_hosts.to_string()));
        }
        // And through the door that people use.
        let door = api.get("/prometheus/api/v1/query?query=up").await.is_ok();
        Ok((seen == n_replicas && door).then_some(()))
    }

    /// Looks until `condition` gives something.
    pub(super) async fn wait<T, F>(
        &self,
        what: &str,
        mut condition: impl FnMut() -> F,
    ) -> Result<T, DemoError>
    where
        F: Future<Output = Result<Option<T>, DemoError>>,
    {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = condition().await? {
                return Ok(found);
            }
            if Instant::now() >= deadline {
                return Err(DemoError::Patience {
                    what: what.to_owned(),
                    seconds: PATIENCE.as_secs(),
                    logs: self.options.dir.join("logs"),
                });
            }
            tokio::select! {
                () = sleep(LOOK) => {}
                () = self.shutdown.cancelled() => return Err(DemoError::Stopped),
            }
        }
    }
}

/// What the programs of a node are shown; `None` before it has started.
fn login(node: &DemoNode) -> Option<http::HeaderValue> {
    let password = fs::read_to_string(node.data_dir().join(LOGIN_FILE)).ok()?;
    basic_auth::header(LOGIN_USER, &Secret::new(password.trim().to_owned()))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
