//! Alertmanagers that tell each other what was sent go on with a renewed certificate: nobody
//! restarts them for it.

use crate::harness::{component::Component, wait::eventually};
use serde_json::{Value, json};
use std::{
    fs,
    net::{IpAddr, Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use watchkeep::peer::{
    ca::{Authority, Issued, Role},
    cert,
};

const CLUSTER: &str = "it";
/// For two programs to start and to find each other, on a loaded machine.
const STARTS: Duration = Duration::from_secs(40);
const PATIENCE: Duration = Duration::from_secs(60);

/// One Alertmanager with its certificate at the place from which the running one reads it.
struct Alertmanager {
    dir: PathBuf,
    web: u16,
    gossip: u16,
    running: Option<Child>,
    http: reqwest::Client,
}

impl Alertmanager {
    fn new(dir: PathBuf, authority: &Authority) -> Self {
        let free = || TcpListener::bind("127.0.0.1:0").unwrap();
        let (web, gossip) = (free(), free());
        let port = |held: &TcpListener| held.local_addr().unwrap().port();
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("am.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n")
            .unwrap();
        fs::write(dir.join("ca.pem"), authority.pem()).unwrap();
        // As `render` writes it.
        let tls = json!({
            "tls_client_config": {"ca_file": "ca.pem", "cert_file": "component.pem",
                "key_file": "component.pem", "server_name": cert::component_name(CLUSTER)},
            "tls_server_config": {"cert_file": "component.pem", "key_file": "component.pem",
                "client_auth_type": "RequireAndVerifyClientCert", "client_ca_file": "ca.pem"},
        });
        fs::write(dir.join("tls.yml"), tls.to_string()).unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { web: port(&web), gossip: port(&gossip), dir, running: None, http }
    }

    /// As the node does: beside, then in its place.
    fn certify(&self, issued: &Issued) {
        let pem = format!("{}{}", issued.cert_pem, issued.key_pem.expose());
        fs::write(self.dir.join("new"), pem).unwrap();
        fs::rename(self.dir.join("new"), self.dir.join("component.pem")).unwrap();
    }

    fn start(&mut self, program: &Component, peer: u16) {
        self.stop();
        let path = |name: &str| self.dir.join(name).display().to_string();
        let child = program
            .command()
            .arg(format!("--config.file={}", path("am.yml")))
            .arg(format!("--storage.path={}", path("data")))
            .arg(format!("--web.listen-address=127.0.0.1:{}", self.web))
            .arg(format!("--cluster.listen-address=127.0.0.1:{}", self.gossip))
            .arg(format!("--cluster.advertise-address=127.0.0.1:{}", self.gossip))
            .arg(format!("--cluster.peer=127.0.0.1:{peer}"))
            .arg(format!("--cluster.tls-config={}", path("tls.yml")))
            .arg("--cluster.reconnect-interval=1s")
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.dir.join("log")).unwrap())
            .spawn();
        self.running = Some(child.unwrap());
    }

    /// SIGKILL.
    fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    async fn get(&self, path: &str) -> Result<Value, String> {
        let url = format!("http://127.0.0.1:{}/api/v2/{path}", self.web);
        let text = |error: reqwest::Error| error.to_string();
        self.http.get(url).send().await.map_err(text)?.json().await.map_err(text)
    }

    async fn sees_both(&self) -> Result<(), String> {
        let status = self.get("status").await?;
        let peers = status["cluster"]["peers"].as_array().map_or(0, Vec::len);
        if peers == 2 { Ok(()) } else { Err(format!("{peers} peers; {}", self.last_words())) }
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.dir.join("log")).unwrap_or_default();
        log.lines().last().unwrap_or_default().to_owned()
    }

    async fn silence(&self, comment: &str) {
        let body = json!({"matchers": [{"name": "a", "value": "b", "isRegex": false}],
            "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2096-01-01T00:00:00Z",
            "createdBy": "it", "comment": comment});
        let url = format!("http://127.0.0.1:{}/api/v2/silences", self.web);
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    async fn has(&self, comment: &str) -> Result<(), String> {
        let silences = self.get("silences").await?;
        let found =
            silences.as_array().is_some_and(|all| all.iter().any(|s| s["comment"] == comment));
        if found { Ok(()) } else { Err(format!("{silences}; {}", self.last_words())) }
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        self.stop();
    }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

fn component() -> Role {
    Role::Component { addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)] }
}

/// A certificate that ends after `left`.
fn ends_after(authority: &Authority, left: Duration) -> Issued {
    let whole = authority.issue(&component()).unwrap();
    let der = watchkeep::peer::ca::parse_certificate(&whole.cert_pem).unwrap();
    let (_, ends) = cert::validity(&der).unwrap();
    let life = Duration::from_secs(ends.try_into().unwrap()) - now();
    authority.issue_at(&component(), now() - life + left).unwrap()
}

#[tokio::test]
async fn alertmanagers_take_up_a_renewed_certificate_without_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let program = Component::unpack(&dir.path().join("library"), "alertmanager");
    if !program.can_run() {
        println!("SKIP gossip: this build of Alertmanager needs a mount namespace, and so root");
        return;
    }
    let authority = Authority::create(CLUSTER).unwrap();
    let place = |name: &str| Alertmanager::new(Path::new(dir.path()).join(name), &authority);
    let (mut first, mut second) = (place("first"), place("second"));
    let old = ends_after(&authority, STARTS);
    let ended = tokio::time::Instant::now() + STARTS;
    let peers = [second.gossip, first.gossip];
    for (own, peer) in [&mut first, &mut second].into_iter().zip(peers) {
        own.certify(&old);
        own.start(&program, peer);
    }
    eventually("they find each other", STARTS, || first.sees_both()).await;
    let fresh = authority.issue(&component()).unwrap();
    first.certify(&fresh);
    second.certify(&fresh);
    // What both hold in memory, if they did, is worth nothing from here on.
    tokio::time::sleep_until(ended).await;
    second.start(&program, first.gossip);
    eventually("the one that was restarted finds the other", PATIENCE, || second.sees_both()).await;
    first.silence("from the first").await;
    second.silence("from the second").await;
    eventually("it is told", PATIENCE, || second.has("from the first")).await;
    eventually("it tells", PATIENCE, || first.has("from the second")).await;
}
