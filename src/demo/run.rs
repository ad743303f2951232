//! The demo: real node processes with the standard ports on 127.0.0.1 and up, sample hosts, an
//! inbox; declares the sample resources through the API, waits until everything really works,
//! says where to look, and cleans up all of it at the end.

use super::{
    api::{Api, ApiError},
    footprint::Footprint,
    inbox::Inbox,
    plan::{self, DemoNode},
};
use crate::{
    base::{atomic_file, basic_auth, error_chain::ErrorChain, redact::Secret, shutdown::Shutdown},
    bundle::{BundleError, Installed, Library, Trust},
    model::process::{LOGIN_FILE, LOGIN_USER, Probe, ProcessSpec},
    supervise::{self, SuperviseError, Supervisor},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// Where the inbox listens.
pub const INBOX: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);
/// How long the cluster may take to be there.
const PATIENCE: Duration = Duration::from_secs(180);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// What the command line gives.
#[derive(Debug, Clone)]
pub struct Options {
    /// 1 or 3.
    pub nodes: u8,
    /// Everything goes below; made if missing, and removed at the end if made.
    pub dir: PathBuf,
    /// Written once everything works.
    pub ready_file: Option<PathBuf>,
    /// Bundle with the components, signed or not.
    pub bundle: PathBuf,
    /// Where the inbox listens: [`INBOX`].
    pub inbox: SocketAddr,
    /// A token made by `watchkeep token new --formation`.
    pub formation_token: crate::base::redact::Secret<String>,
    /// This program.
    pub program: PathBuf,
}

/// Why the demo did not come up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// Files.
    #[error("cannot use {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The inbox.
    #[error("the inbox cannot listen on {INBOX}: is another demo running?")]
    Inbox(#[source] io::Error),
    /// The bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The bundle is not for demos.
    #[error(
        "the bundle {0} has no node_exporter for the sample hosts: `scripts/demo` makes one that has"
    )]
    NoExporter(PathBuf),
    /// Processes.
    #[error(transparent)]
    Supervise(#[from] SuperviseError),
    /// The API.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The HTTP client.
    #[error("cannot make an HTTP client")]
    Client(#[from] reqwest::Error),
    /// Something did not happen.
    #[error("waited {seconds} s for {what}; the nodes' logs are in {logs}")]
    Patience {
        /// For what.
        what: String,
        /// How long.
        seconds: u64,
        /// Where to look.
        logs: PathBuf,
    },
    /// A node ended by itself.
    #[error("{node} does not start: {reason}")]
    Node {
        /// Which.
        node: String,
        /// Its last words.
        reason: String,
    },
    /// Asked to stop while starting.
    #[error("stopped")]
    Stopped,
}

struct Demo {
    options: Options,
    nodes: Vec<DemoNode>,
    node_exporter: Installed,
    supervisor: Supervisor,
    inbox: Inbox,
    shutdown: Shutdown,
}

/// Runs the demo until `shutdown`, then stops and removes everything it made.
///
/// # Errors
/// [`DemoError`]; everything is cleaned up then too.
pub async fn run(options: Options, shutdown: Shutdown) -> Result<(), DemoError> {
    // First of all: who holds this port holds the folder too, should another demo be running.
    let inbox = Inbox::start(options.inbox).await.map_err(DemoError::Inbox)?;
    let nodes = plan::nodes(options.nodes, &options.dir);
    let footprint = Footprint::begin(&options.dir, &nodes, options.ready_file.as_deref())?;
    let outcome = live(options, nodes, inbox, shutdown).await;
    footprint.remove();
    outcome
}

async fn live(
    options: Options,
    nodes: Vec<DemoNode>,
    inbox: Inbox,
    shutdown: Shutdown,
) -> Result<(), DemoError> {
    let node_exporter = node_exporter(options.bundle.clone(), options.dir.join("library")).await?;
    let config = supervise::Config::new(demo_owner(&options.dir), &options.dir);
    let supervisor = Supervisor::open(config).await?;
    let demo = Demo { options, nodes, node_exporter, supervisor, inbox, shutdown };
    let outcome = tokio::select! {
        started = demo.start() => match started {
            Ok(()) => { demo.shutdown.cancelled().await; Ok(()) }
            Err(error) => Err(error),
        },
        () = demo.shutdown.cancelled() => Ok(()),
    };
    demo.stop().await;
    outcome
}

/// The exporter of the sample hosts, unpacked into a library of the demo's own.
async fn node_exporter(bundle: PathBuf, library: PathBuf) -> Result<Installed, DemoError> {
    let unpacked = tokio::task::spawn_blocking(move || {
        make_dir(&library)?;
        let library = Library::open(&library, Trust::release_and(Vec::new(), true))?;
        library.import(&bundle, false)?;
        library.install("node_exporter")?.ok_or(DemoError::NoExporter(bundle))
    });
    unpacked.await.unwrap_or_else(|ended| std::panic::resume_unwind(ended.into_panic()))
}

/// What the programs of a node are shown; `None` before it has started.
fn login(node: &DemoNode) -> Option<http::HeaderValue> {
    let password = fs::read_to_string(node.data_dir().join(LOGIN_FILE)).ok()?;
    basic_auth::header(LOGIN_USER, &Secret::new(password.trim().to_owned()))
}

impl Demo {
    async fn start(&self) -> Result<(), DemoError> {
        let token_file = self.options.dir.join("formation.token");
        write(&token_file, self.options.formation_token.expose().as_bytes(), 0o600)?;
        let mut specs = self.host_specs()?;
        for node in &self.nodes {
            make_dir(&node.data_dir())?;
            let conf = node.conf(&self.nodes, &token_file, &self.options.bundle);
            write(&node.conf_file(), conf.as_bytes(), 0o644)?;
            specs.push(self.node_spec(node));
        }
        self.supervisor.apply(specs)?;
        say("starting the nodes");
        let ready = self.nodes_ready().await?;
        let (password, api) = self.sign_in(&ready).await?;
        say("declaring the sample projects, targets, rules and routes");
        let inbox = self.inbox.addr.to_string();
        api.apply(include_str!("sample.yaml").replace("INBOX", &inbox)).await?;
        self.wait("all components to be ready", || self.components_ready(&api)).await?;
        self.wait("both Prometheus to have scraped the sample hosts", || self.scraped(&api))
            .await?;
        self.announce(&ready, &password, false)?;
        self.print(&ready, &password.user_password);
        tokio::select! {
            () = self.inbox.arrived(1) => self.announce(&ready, &password, true)?,
            () = self.shutdown.cancelled() => {}
        }
        say("the first alert has been delivered to the inbox");
        Ok(())
    }

    fn host_specs(&self) -> Result<Vec<ProcessSpec>, DemoError> {
        let build = &self.node_exporter;
        let exe = build.programs.get("node_exporter").cloned().unwrap_or_default();
        plan::hosts()
            .enumerate()
            .map(|(number, address)| {
                let name = format!("sample-host-{}", number + 1);
                let cwd = self.options.dir.join("hosts").join(&name);
                make_dir(&cwd)?;
                let listen = SocketAddr::new(address, 9100);
                Ok(ProcessSpec {
                    name,
                    exe: exe.clone(),
                    args: vec![format!("--web.listen-address={listen}")],
                    env: BTreeMap::new(),
                    cwd,
                    run_as: None,
                    binds: build.binds.clone(),
                    memory_limit_bytes: None,
                    ready: Probe::Http { url: format!("http://{listen}/"), login: None },
                    start_timeout: Duration::from_secs(30),
                    stop_grace: Duration::from_secs(5),
                    order: 0,
                    generation: build.version.clone(),
                })
            })
            .collect()
    }

    fn node_spec(&self, node: &DemoNode) -> ProcessSpec {
        let text = |path: PathBuf| path.display().to_string();
        ProcessSpec {
            name: node.name.clone(),
            exe: self.options.program.clone(),
            args: [
                "up",
                "--conf",
                &text(node.conf_file()),
                "--ready-file",
                &text(node.ready_file()),
            ]
            .map(ToOwned::to_owned)
            .into(),
            env: BTreeMap::new(),
            cwd: node.dir.clone(),
            run_as: None,
            binds: Vec::new(),
            memory_limit_bytes: None,
            ready: Probe::Http {
                url: format!("http://{}:8420/-/healthy", node.address),
                login: None,
            },
            start_timeout: Duration::from_secs(60),
            stop_grace: Duration::from_secs(60),
            order: 1,
            generation: String::new(),
        }
    }

    /// The ready files of all nodes.
    async fn nodes_ready(&self) -> Result<Vec<Value>, DemoError> {
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

    async fn sign_in(&self, ready: &[Value]) -> Result<(Credentials, Api), DemoError> {
        let user_password = self
            .wait("the first password", || async {
                Ok(self.nodes.iter().find_map(|node| {
                    fs::read_to_string(node.data_dir().join("initial-admin-password")).ok()
                }))
            })
            .await?
            .trim()
            .to_owned();
        let api = Api::new(url_of(ready.first()))?;
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

    async fn components_ready(&self, api: &Api) -> Result<Option<()>, DemoError> {
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

    async fn scraped(&self, api: &Api) -> Result<Option<()>, DemoError> {
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
    async fn wait<T, F>(&self, what: &str, mut condition: impl FnMut() -> F) -> Result<T, DemoError>
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

    fn announce(
        &self,
        ready: &[Value],
        admin: &Credentials,
        inbox_ready: bool,
    ) -> Result<(), DemoError> {
        let Some(path) = &self.options.ready_file else { return Ok(()) };
        let nodes: Vec<Value> = ready
            .iter()
            .map(|node| json!({"url": node.get("url"), "pid": node.get("pid"), "data_dir": node.get("data_dir")}))
            .collect();
        let mut document = json!({
            "nodes": nodes,
            "admin": {"user": "admin", "password": admin.user_password, "token": admin.token},
            "inbox": self.inbox.url(),
        });
        if inbox_ready && let Some(fields) = document.as_object_mut() {
            fields.insert("inbox_ready".into(), Value::Bool(true));
        }
        write(path, document.to_string().as_bytes(), 0o600)
    }

    fn print(&self, ready: &[Value], password: &str) {
        let urls: Vec<&str> = ready.iter().map(|node| url_of(Some(node))).collect();
        say(&format!(
            "ready\n\n  portal    {}\n  sign in   admin / {password}\n  inbox     {}\n  data      {}\n\n  \
             Kill a node and watch nothing stop:  kill -9 {}\n  Ctrl-C stops everything and cleans up.\n",
            urls.join("  "),
            self.inbox.url(),
            self.options.dir.display(),
            ready.last().and_then(|node| node.get("pid")).unwrap_or(&Value::Null),
        ));
    }

    /// Stops everything, also the programs of a node that was killed and did not come back.
    async fn stop(self) {
        say("stopping");
        if let Err(error) = self.supervisor.stop_all().await {
            tracing::warn!(error = %ErrorChain(&error), "not everything was stopped");
        }
        for node in &self.nodes {
            let Some(owner) = owner(&node.data_dir()) else { continue };
            let config = supervise::Config::new(owner, &node.data_dir());
            if let Ok(leftovers) = Supervisor::open(config).await {
                let _ = leftovers.stop_all().await;
            }
        }
    }
}

struct Credentials {
    user_password: String,
    token: String,
}

/// Tells the processes of this demo from those of another one.
fn demo_owner(dir: &Path) -> String {
    let hash = Sha256::digest(dir.as_os_str().as_encoded_bytes());
    format!("demo-{}", data_encoding::HEXLOWER.encode(&hash[..8]))
}

/// Under which name a node supervises; see `app::node`.
fn owner(data_dir: &Path) -> Option<String> {
    let node: Value = serde_json::from_slice(&fs::read(data_dir.join("node.json")).ok()?).ok()?;
    Some(format!("node-{}", node.get("node_id")?.as_str()?))
}

fn url_of(node: Option<&Value>) -> &str {
    node.and_then(|node| node.get("url")).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn make_dir(path: &Path) -> Result<(), DemoError> {
    fs::create_dir_all(path).map_err(|source| DemoError::File { path: path.to_owned(), source })
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), DemoError> {
    atomic_file::write(path, bytes, mode)
        .map_err(|source| DemoError::File { path: path.to_owned(), source })
}

/// Progress for the person in front of it.
#[expect(clippy::print_stderr, reason = "the demo speaks to a person")]
fn say(text: &str) {
    eprintln!("demo: {text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_demo_that_cannot_start_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let bundle = dir.path().join("broken.wkb");
        write(&bundle, b"no bundle", 0o644).unwrap();
        let options = Options {
            nodes: 1,
            dir: dir.path().join("demo"),
            ready_file: None,
            bundle: bundle.clone(),
            inbox: SocketAddr::new(INBOX.ip(), 0),
            formation_token: crate::base::redact::Secret::new("unused".into()),
            program: "/nowhere".into(),
        };
        let error = run(options, Shutdown::new()).await.unwrap_err();
        assert!(error.to_string().contains("broken.wkb"), "{error}");
        let left: Vec<_> =
            fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(left, [bundle]);
    }
}
