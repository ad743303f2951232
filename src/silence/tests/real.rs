//! Three real Alertmanagers that gossip. The program is looked for in the folder that
//! `WATCHKEEP_TEST_COMPONENTS` names, else unpacked from the bundle `WATCHKEEP_TEST_BUNDLE` names.

use super::super::{
    Held, Wanted,
    held::PATH,
    sync::{Alertmanagers, Syncer, read},
};
use crate::{
    base::{atomic_file, clock::now_unix_ms, shutdown::Shutdown},
    bundle::{Library, Trust},
    model::{Kind, NodeId, UnixMs, label::Labels, resource::Key},
    store::{
        Store,
        command::{Change, Command},
        testing,
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use serde_json::json;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{self, Child, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// For three programs to start and to tell each other on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, and what it expects at fixed places: where that is, where it looks for it.
struct Program {
    path: PathBuf,
    binds: Vec<(PathBuf, PathBuf)>,
}

fn program(dir: &Path) -> Option<Program> {
    if let Some(components) = std::env::var_os("WATCHKEEP_TEST_COMPONENTS") {
        let path = PathBuf::from(components).join("alertmanager");
        return Some(Program { path, binds: Vec::new() });
    }
    let Some(bundle) = std::env::var_os("WATCHKEEP_TEST_BUNDLE") else {
        println!("SKIP real Alertmanagers: neither WATCHKEEP_TEST_COMPONENTS nor _BUNDLE is set");
        return None;
    };
    let library = Library::open(dir, Trust::release_and(Vec::new(), true)).unwrap();
    library.import(Path::new(&bundle), false).unwrap();
    let mut installed = library.install("alertmanager").unwrap().unwrap();
    let path = installed.programs.remove("alertmanager").unwrap();
    let binds: Vec<_> =
        installed.binds.into_iter().map(|bind| (bind.source, bind.target)).collect();
    if !binds.is_empty() && !rustix::process::geteuid().is_root() {
        println!("SKIP real Alertmanagers: this build needs a mount namespace, and so root");
        return None;
    }
    Some(Program { path, binds })
}

impl Program {
    /// A command for it that sees its folders where it looks for them, and nobody else does.
    #[expect(clippy::disallowed_methods, reason = "a test; there is no supervisor here")]
    fn command(&self) -> process::Command {
        if self.binds.is_empty() {
            return process::Command::new(&self.path);
        }
        let mut script = String::from("set -e\n");
        for (source, target) in &self.binds {
            let (source, target) = (source.display(), target.display());
            script.push_str(&format!(
                "[ -d {target} ] || {{ mount -t tmpfs none /usr/share; mkdir -p {target}; }}\n\
                 mount --bind {source} {target}\n"
            ));
        }
        script.push_str("exec \"$0\" \"$@\"\n");
        let mut command = process::Command::new("unshare");
        command.args(["--mount", "sh", "-c", &script]).arg(&self.path);
        command
    }
}

struct Three {
    dir: TempDir,
    program: Program,
    /// Web and gossip ports by node, from 0.
    ports: Vec<(u16, u16)>,
    running: Vec<Child>,
    client: reqwest::Client,
}

impl Drop for Three {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Three {
    fn start() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let program = program(dir.path())?;
        let config = "route: {receiver: none}\nreceivers: [{name: none}]\n";
        atomic_file::write(&dir.path().join("am.yml"), config.as_bytes(), 0o644).unwrap();
        let free = || TcpListener::bind("127.0.0.1:0").unwrap();
        let held: Vec<_> = (0..6).map(|_| free()).collect();
        let port = |n: usize| held[n].local_addr().unwrap().port();
        let ports = (0..3).map(|n| (port(n), port(n + 3))).collect();
        drop(held);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut three = Self { dir, program, ports, running: Vec::new(), client };
        three.run();
        Some(three)
    }

    fn run(&mut self) {
        for (n, (web, gossip)) in self.ports.iter().enumerate() {
            let mut command = self.program.command();
            command
                .arg(format!("--config.file={}", self.dir.path().join("am.yml").display()))
                .arg(format!("--storage.path={}", self.data(n).display()))
                .arg(format!("--web.listen-address=127.0.0.1:{web}"))
                .arg(format!("--cluster.listen-address=127.0.0.1:{gossip}"))
                .arg(format!("--cluster.advertise-address=127.0.0.1:{gossip}"))
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            for (_, peer) in self.ports.iter().filter(|(other, _)| other != web) {
                command.arg(format!("--cluster.peer=127.0.0.1:{peer}"));
            }
            self.running.push(command.spawn().unwrap());
        }
    }

    fn data(&self, n: usize) -> PathBuf {
        self.dir.path().join(format!("data{n}"))
    }

    /// SIGKILL.
    fn kill(&mut self) {
        for mut child in self.running.drain(..) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn handle(&self) -> Arc<Handle> {
        let web = self.ports.iter().map(|(web, _)| *web).collect();
        Arc::new(Handle { web, client: self.client.clone() })
    }
}

struct Handle {
    web: Vec<u16>,
    client: reqwest::Client,
}

impl Alertmanagers for Handle {
    fn nodes(&self) -> Vec<NodeId> {
        (1..=self.web.len() as u64).map(NodeId).collect()
    }

    fn ask(
        &self,
        node: NodeId,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, String>> {
        let (parts, body) = request.into_parts();
        let port = self.web[usize::try_from(node.0).unwrap() - 1];
        let url = format!("http://127.0.0.1:{port}{}", parts.uri);
        Box::pin(async move {
            let sent = self.client.request(parts.method, url).headers(parts.headers).body(body);
            let answer = sent.send().await.map_err(|error| error.to_string())?;
            let status = answer.status();
            let body = answer.bytes().await.map_err(|error| error.to_string())?;
            Ok(Response::builder().status(status).body(body).unwrap())
        })
    }
}

/// Waits until every Alertmanager has exactly these living silences of ours: name, comment, end.
async fn all_have(handle: &Handle, wanted: &[(&str, &str, UnixMs)]) -> Vec<Held> {
    let until = Instant::now() + PATIENCE;
    loop {
        let instances = read(handle).await;
        let ours = |held: &&Held| held.is_alive() && held.object().is_some();
        let has = |all: &[Held]| {
            let mut living: Vec<_> = all
                .iter()
                .filter(ours)
                .map(|held| (held.object().unwrap(), held.ends_at, held.comment.as_str()))
                .collect();
            living.sort();
            living.len() == wanted.len()
                && living.iter().zip(wanted).all(|(is, (name, comment, ends))| {
                    is.0 == *name && is.1 == *ends && is.2.starts_with(comment)
                })
        };
        if instances.len() == 3 && instances.iter().all(|instance| has(&instance.held)) {
            return instances[0].held.iter().filter(ours).cloned().collect();
        }
        assert!(Instant::now() < until, "{wanted:?}: {instances:#?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn write(store: &Store, change: Change) {
    let mut request = [0_u8; 16];
    getrandom::fill(&mut request).unwrap();
    let command = Command {
        request: u128::from_ne_bytes(request),
        actor: "ann".into(),
        why: String::new(),
        at: UnixMs(now_unix_ms()),
        preconditions: Vec::new(),
        changes: vec![change],
    };
    store.write(command, testing::PATIENCE).await.unwrap();
}

fn silence(name: &str, comment: &str, ends: UnixMs) -> Change {
    let spec = json!({"matchers": [{"name": "project", "value": "shop"}], "comment": comment,
                      "startsAt": "2026-01-01T00:00:00Z", "endsAt": ends.to_string()});
    Change::Put { kind: Kind::Silence, name: name.parse().unwrap(), labels: Labels::new(), spec }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declared_silence_survives_the_loss_of_every_alertmanager_and_all_their_data() {
    let Some(mut three) = Three::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = testing::single(dir.path()).await;
    let handle = three.handle();
    let shutdown = Shutdown::new();
    let syncer = Syncer { store: store.clone(), alertmanagers: handle.clone() };
    let syncing = tokio::spawn(syncer.run(shutdown.clone()));
    let ends = UnixMs(now_unix_ms() + 3_600_000);

    write(&store, silence("work", "planned", ends)).await;
    all_have(&handle, &[("work", "planned", ends)]).await;

    // Extended and reworded: still one, everywhere.
    let later = UnixMs(ends.0 + 3_600_000);
    write(&store, silence("work", "takes longer", later)).await;
    all_have(&handle, &[("work", "takes longer", later)]).await;

    // Somebody ends it behind our back: it is declared, so it comes back.
    let held = all_have(&handle, &[("work", "takes longer", later)]).await;
    let path = super::super::held::path_of(&held[0].id);
    let end = Request::delete(path).body(Bytes::new()).unwrap();
    assert!(handle.ask(NodeId(2), end).await.unwrap().status().is_success());
    let back = all_have(&handle, &[("work", "takes longer", later)]).await;
    assert_ne!(held[0].id, back[0].id);

    // All three killed, their data deleted.
    three.kill();
    for n in 0..3 {
        std::fs::remove_dir_all(three.data(n)).unwrap();
    }
    three.run();
    all_have(&handle, &[("work", "takes longer", later)]).await;

    // A silence that is not ours is left alone; ours goes with its object.
    let foreign = json!({"matchers": [{"name": "a", "value": "b", "isRegex": false}],
                         "startsAt": "2026-01-01T00:00:00Z", "endsAt": later.to_string(),
                         "createdBy": "bob", "comment": "by hand"});
    let post = Request::post(PATH)
        .header("content-type", "application/json")
        .body(serde_json::to_vec(&foreign).unwrap().into())
        .unwrap();
    assert!(handle.ask(NodeId(1), post).await.unwrap().status().is_success());
    let key = Key { kind: Kind::Silence, name: "work".parse().unwrap() };
    write(&store, Change::Delete(key)).await;
    all_have(&handle, &[]).await;
    let alive = read(&*handle).await[0].held.iter().filter(|held| held.is_alive()).count();
    assert_eq!(alive, 1);
    assert!(Wanted::all(&store.state()).is_empty());
    shutdown.cancel();
    syncing.await.unwrap();
}
