//! A formed node with a real store, accounts and a cluster that answers what a test says.

use super::*;
use crate::{
    admission::{Admission, CheckFailure, Checker},
    base::redact::Secret,
    model::{
        Kind, NodeId, UnixMs,
        label::Labels,
        observed::{ComponentStatus, NodeStatus, ProcessState},
        resource::Key,
        spec::RoleName,
    },
    notify::{
        Inbound,
        alert::Fingerprint,
        book::Episode,
        delivery::DeliveryId,
        receipt::{self, Filter},
        secret::{self, Giver, SecretError},
        tally::{Fate, Sums, Tally},
        trial::{TestError, TestResult, Tried},
    },
    peer::data_key::DataKey,
    scope::{Parts, Projects},
    store::{
        Store,
        command::{Change, Precondition, Space},
        testing,
    },
    web::{
        api::users,
        deps::{Cluster, Deps, IntakeAnswer, Notify, ReachError, SeenNode},
    },
};
use axum::body::Bytes;
use futures_util::{FutureExt as _, future::BoxFuture, stream, stream::BoxStream};
use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// What a component on a node answers: status and body; `None` = unreachable.
type Says = Option<(u16, String)>;

#[derive(Default)]
pub(crate) struct FakeCluster {
    pub(crate) nodes: Mutex<Vec<SeenNode>>,
    pub(crate) says: Mutex<BTreeMap<(u64, String), Says>>,
    /// By path, before what the component says to everything.
    answers: Mutex<BTreeMap<(u64, String, String), String>>,
    pub(crate) asked: Mutex<Vec<(u64, String)>>,
    changed: Mutex<Option<watch::Sender<u64>>>,
    follows: Mutex<bool>,
}

impl FakeCluster {
    /// What a component answers on one path.
    pub(crate) fn answer(&self, node: u64, component: &str, path: &str, body: &Value) {
        let key = (node, component.to_owned(), path.to_owned());
        self.answers.lock().unwrap().insert(key, body.to_string());
    }

    /// From now on logs that are followed do not end.
    pub(crate) fn follow(&self) {
        *self.follows.lock().unwrap() = true;
    }

    pub(crate) fn component(&self, node: u64, name: &str, state: ProcessState, says: Says) {
        let component = ComponentStatus {
            node: NodeId(node),
            name: name.into(),
            version: "1.0".into(),
            state,
            pid: Some(1),
            restarts: 0,
            since: UnixMs(0),
            error: None,
        };
        let status = NodeStatus {
            id: NodeId(node),
            version: "0".into(),
            level: 1,
            pid: 1,
            started: UnixMs(0),
            at: UnixMs(0),
            applied_index: 0,
            state_hashes: Vec::new(),
            components: vec![component],
            configs: Vec::new(),
            faults: Vec::new(),
        };
        self.nodes.lock().unwrap().push(SeenNode { status, age_ms: node });
        self.says.lock().unwrap().insert((node, name.into()), says);
    }
}

impl Cluster for FakeCluster {
    fn nodes(&self) -> Vec<SeenNode> {
        self.nodes.lock().unwrap().clone()
    }

    fn changed(&self) -> watch::Receiver<u64> {
        let (sender, receiver) = watch::channel(0);
        *self.changed.lock().unwrap() = Some(sender);
        receiver
    }

    fn forward(
        &self,
        node: NodeId,
        component: &str,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, ReachError>> {
        self.asked.lock().unwrap().push((node.0, request.uri().to_string()));
        let says = self.says.lock().unwrap().get(&(node.0, component.to_owned())).cloned();
        let key = (node.0, component.to_owned(), request.uri().path().to_owned());
        let answer = self.answers.lock().unwrap().get(&key).cloned();
        let says = answer.map(|body| Some((200, body))).or(says);
        async move {
            match says.flatten() {
                None => Err(ReachError::Unreachable(format!("node {node}: connection refused"))),
                Some((status, body)) => Ok(http::Response::builder()
                    .status(status)
                    .header("content-type", "application/json")
                    .header("set-cookie", "evil=1")
                    .body(body.into())
                    .unwrap()),
            }
        }
        .boxed()
    }

    fn log(
        &self,
        _: NodeId,
        component: &str,
        tail: usize,
        follow: bool,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, std::io::Error>>, ReachError>> {
        let component = component.to_owned();
        let follows = follow && *self.follows.lock().unwrap();
        async move {
            if component != "prometheus" {
                return Err(ReachError::Missing(format!("log of {component}")));
            }
            let lines = (0..tail).map(|n| Ok(Bytes::from(format!("line {n}\n"))));
            let lines = stream::iter(lines.collect::<Vec<_>>());
            Ok(if follows { lines.chain(stream::pending()).boxed() } else { lines.boxed() })
        }
        .boxed()
    }
}

use futures_util::StreamExt as _;

/// No component is installed: admission checks all that needs none.
struct NoBuilds;

impl Checker for NoBuilds {
    fn ground(&self) -> Option<(NodeId, crate::render::NodeFacts)> {
        None
    }

    fn check<'a>(
        &'a self,
        _: &'a crate::render::Component,
    ) -> BoxFuture<'a, Result<(), CheckFailure>> {
        async { Ok(()) }.boxed()
    }
}

pub(crate) struct FakeNotify;

impl Notify for FakeNotify {
    fn accept(&self, inbound: Inbound) -> BoxFuture<'_, IntakeAnswer> {
        async move {
            let Inbound { receiver, sender, encoding, body } = inbound;
            let chunks: Vec<Bytes> = body.map(|chunk| chunk.unwrap()).collect().await;
            let body = chunks.concat();
            let status = match (encoding, body.first()) {
                (Some(_), _) => 415,
                (None, Some(b'{')) if body.len() > 1 << 20 => 413,
                (None, Some(b'{')) => 200,
                _ => 400,
            };
            IntakeAnswer { status, text: format!("{receiver} from {sender}: {} bytes", body.len()) }
        }
        .boxed()
    }

    fn receipts(
        &self,
        filter: &Filter,
        _: Option<DeliveryId>,
        _: usize,
    ) -> Result<receipt::Page, String> {
        let fingerprint = filter.fingerprint.map(|fingerprint| fingerprint.to_string());
        let receipt = a_receipt(&fingerprint.unwrap_or_default());
        let in_sight = filter.projects.is_none() || filter.takes(&receipt);
        Ok(receipt::Page {
            receipts: if in_sight { vec![receipt] } else { Vec::new() },
            next: None,
        })
    }

    fn tally(&self, since: UnixMs) -> Result<Tally, String> {
        let told: Fingerprint = "00000000000000f1".parse().unwrap();
        let sums = |delivered, failed| Sums { delivered, failed, pending: 0 };
        Ok(Tally {
            since,
            by_project: [("shop".to_owned(), sums(7, 1)), ("lab".to_owned(), sums(3, 0))].into(),
            fates: [(told, Fate::Told)].into(),
        })
    }

    fn episodes(&self, fingerprint: Fingerprint) -> Result<Vec<Episode>, String> {
        Ok(match fingerprint.0 {
            0xf9 => vec![an_episode()],
            _ => Vec::new(),
        })
    }

    fn test(&self, tried: Tried, by: &str) -> BoxFuture<'_, Result<Vec<TestResult>, TestError>> {
        let answer = match tried {
            Tried::Receiver(name) => Err(TestError::Missing(format!("receiver `{name}`"))),
            Tried::Channel(channel) => Ok(vec![TestResult {
                channel,
                kind: "mail".into(),
                to: "ops@example.org".into(),
                ok: false,
                answer: format!("550 no such user ({by})"),
                took_ms: 12,
            }]),
        };
        async move { answer }.boxed()
    }

    fn put_secret(
        &self,
        name: &str,
        value: &Secret<String>,
        by: &str,
    ) -> Result<(Precondition, Change), SecretError> {
        if value.expose().is_empty() {
            return Err(SecretError::Length);
        }
        let key = Key { kind: Kind::Secret, name: name.parse().unwrap() };
        let giver = Giver { actor: by.to_owned(), project: None };
        let row = secret::row(UnixMs(1), "sealed".into(), giver);
        let row = Change::PutRow(Space::Secret, name.to_owned().into(), row);
        Ok((Precondition::Exists(key), row))
    }
}

/// A receipt that names this alert.
fn a_receipt(fingerprint: &str) -> receipt::Receipt {
    serde_json::from_value(serde_json::json!({
        "v": 1, "id": "00000000000000000000000000000007", "created": "2026-01-01T00:00:01Z",
        "ended": "2026-01-01T00:00:03Z", "receiver": "ops", "channel": "mail", "kind": "mail",
        "to": "ops@example.org", "about": "firing", "state": "accepted", "n_attempts": 1,
        "alerts": [{"fingerprint": if fingerprint.is_empty() { "00000000000000f1" } else { fingerprint },
                    "episode": 1, "status": "firing",
                    "labels": {"alertname": "DiskFull", "severity": "critical"}}],
        "attempts": [{"n": 1, "at": "2026-01-01T00:00:02Z", "node": "1", "term": 1,
                      "outcome": {"class": "accepted", "reason": "250 queued", "took_ms": 9}}],
    }))
    .unwrap()
}

/// An alert that is over.
fn an_episode() -> Episode {
    serde_json::from_value(serde_json::json!({
        "v": 1,
        "span": {"number": 1, "starts_at": "2026-01-01T00:00:00Z",
                 "ends_at": "2026-01-01T01:00:00Z", "floor": null,
                 "closed_at": "2026-01-01T01:00:01Z", "seen_at": "2026-01-01T00:00:00Z"},
        "alert": {"fingerprint": "00000000000000f9", "status": "resolved",
                  "labels": {"alertname": "DiskFull", "project": "shop"},
                  "starts_at": "2026-01-01T00:00:00Z"},
        "told": {"ops": {"firing": "2026-01-01T00:00:01Z"}},
    }))
    .unwrap()
}

pub(crate) struct Site {
    pub(crate) _dir: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) front: Front,
    pub(crate) router: Router,
    pub(crate) cluster: Arc<FakeCluster>,
}

/// One formed node with the accounts `admin`, `olga` (operator) and `vera` (viewer).
pub(crate) async fn site() -> Site {
    let dir = tempfile::tempdir().unwrap();
    let store = testing::single(dir.path()).await;
    let cluster = Arc::new(FakeCluster::default());
    let deps = Deps {
        node: NodeId(1),
        store: store.clone(),
        admission: Admission::new(store.clone(), Arc::new(NoBuilds)),
        cluster: cluster.clone(),
        notify: Arc::new(FakeNotify),
        metadata: crate::observe::metadata::Metadata::default(),
        metrics: Arc::new(|| "watchkeep_build_info 1\n".into()),
        ca_hash: "cahash".into(),
        data_key: DataKey::mint().unwrap().to_base64(),
        secret_value: Arc::new(|name| match name {
            "oidc" => Ok(Secret::new("client secret".to_owned())),
            _ => Err(format!("there is no secret `{name}`")),
        }),
        lookup: Arc::new(|name| Box::pin(async move { Err(format!("{name} is not looked up")) })),
        seen: Projects::All,
        parts: Parts::default(),
    };
    let accounts =
        [("admin", RoleName::Admin), ("olga", RoleName::Operator), ("vera", RoleName::Viewer)];
    // Hashing is slow by design: once for all tests.
    static ACCOUNT: LazyLock<Vec<Change>> = LazyLock::new(|| {
        let password = Secret::new(PASSWORD.to_owned());
        users::new_account(&"x".parse().unwrap(), RoleName::Viewer, &password).unwrap()
    });
    let mut changes = Vec::new();
    for (user, role_of) in accounts {
        for mut change in ACCOUNT.clone() {
            match &mut change {
                Change::Put { name, spec, .. } => {
                    *name = user.parse().unwrap();
                    spec["role"] = serde_json::to_value(role_of).unwrap();
                }
                Change::PutRow(_, key, _) => *key = user.into(),
                other => panic!("{other:?}"),
            }
            changes.push(change);
        }
    }
    deps.write("system", "accounts", Vec::new(), changes).await.unwrap();
    let front = closed();
    front.open(deps);
    let router = door(&front);
    Site { _dir: dir, store, front, router, cluster }
}

impl Site {
    /// Puts an object past admission.
    pub(crate) async fn put(&self, kind: Kind, name: &str, spec: Value) -> u64 {
        let change = Change::Put { kind, name: name.parse().unwrap(), labels: Labels::new(), spec };
        let deps = self.front.deps().unwrap();
        deps.write("system", "seed", Vec::new(), vec![change]).await.unwrap().index
    }

    /// Makes the one node a member that is shown, at 10.9.8.7.
    pub(crate) async fn is_member(&self) {
        let mut member = crate::peer::testing::member(1, "10.9.8.7:8421".parse().unwrap());
        member.url = "https://10.9.8.7:8420".into();
        let row = crate::membership::rows::put_member(&member).unwrap();
        let deps = self.front.deps().unwrap();
        deps.write("system", "member", Vec::new(), vec![row]).await.unwrap();
    }

    /// Signs in and gives the cookie.
    pub(crate) async fn cookie(&self, user: &str) -> String {
        let answer = self.sign_in(user, PASSWORD, "10.0.0.1").await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    pub(crate) async fn sign_in(&self, user: &str, password: &str, from: &str) -> Answer {
        let body = serde_json::json!({ "user": user, "password": password });
        self.sign_in_with(&body, from).await
    }

    /// Takes the counters of failed sign-ins away.
    pub(crate) async fn forget_tries(&self) {
        let rows = self.store.rows(Space::Login, &[], 1000).unwrap();
        let changes = rows.into_iter().map(|(key, ..)| Change::DeleteRow(Space::Login, key));
        let deps = self.front.deps().unwrap();
        deps.write("test", "a minute later", Vec::new(), changes.collect()).await.unwrap();
    }

    /// Signs in with a form of any content.
    pub(crate) async fn sign_in_with(&self, body: &Value, from: &str) -> Answer {
        self.sign_in_as("", body, from).await
    }

    /// Signs in with a browser that has a cookie.
    pub(crate) async fn sign_in_from(
        &self,
        cookie: &str,
        user: &str,
        password: &str,
        from: &str,
    ) -> Answer {
        let body = serde_json::json!({ "user": user, "password": password });
        self.sign_in_as(cookie, &body, from).await
    }

    async fn sign_in_as(&self, cookie: &str, body: &Value, from: &str) -> Answer {
        let mut request = Request::post("/api/v1/session")
            .header("content-type", "application/json")
            .header("cookie", cookie)
            .body(Body::from(body.to_string()))
            .unwrap();
        let from = crate::web::auth::RemoteAddress(from.parse().unwrap());
        request.extensions_mut().insert(from);
        send(&self.router, request).await
    }

    /// A request with a session, as the portal sends it.
    pub(crate) async fn call(&self, cookie: &str, method: &str, path: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "mon1:8420")
            .header("origin", "http://mon1:8420")
            .header("cookie", cookie)
            .header("x-wk-request", "1")
            .header("content-type", "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        send(&self.router, request.body(body).unwrap()).await
    }

    /// As [`Site::call`] without a body, from an address.
    pub(crate) async fn call_from(
        &self,
        from: &str,
        cookie: &str,
        method: &str,
        path: &str,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "mon1:8420")
            .header("origin", "http://mon1:8420")
            .header("cookie", cookie)
            .header("x-wk-request", "1");
        let mut request = request.body(Body::empty()).unwrap();
        let from = crate::web::auth::RemoteAddress(from.parse().unwrap());
        request.extensions_mut().insert(from);
        send(&self.router, request).await
    }

    pub(crate) async fn bearer(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        send(&self.router, request.body(body).unwrap()).await
    }
}
