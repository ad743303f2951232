//! Secrets that sing when they are seen: three real nodes and the real programs behind them, led
//! through everything that touches a secret, against servers that throw what they are told back in our
//! face; then everything that can be read is searched for them, in the forms they could take.

mod nasty;
mod outside;
mod places;
mod search;

use crate::harness::{
    bundle,
    node::{Node, PATIENCE, Plan, admin_token},
    program,
    wait::eventually,
};
use nasty::{Nasty, mail, web};
use search::{Canary, Found};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Arc, Mutex},
};
use tempfile::TempDir;

/// Of the nodes: their first three numbers.
const NET: &str = "127.0.23";
/// Of the servers that are told secrets.
const ADDRESS: &str = "127.0.23.9";
const SMTP: &str = "canary-smtp-Qk7vT2mZ9x";
const SMTP_OLD: &str = "canary-smtp-old-B4hJ8s";
const PASSWORD: &str = "canary password wR5-nL3";
const WRONG: &str = "canary wrong password uE8";
/// Without signs that are percent-encoded before they are sent.
const OIDC: &str = "canaryOidcClientzP5dL1xR";
const LDAP: &str = "canary-ldap-bind-hS8qY4nB";
const PASSPHRASE: &str = "canary passphrase tY6-bN1";
/// Operators write these into a declared object; they are no secret before them.
const HEADER: &str = "canary-header-Ff3gW0pK";
const IN_URL: &str = "canary-in-url-m2Xc7Vd5";

struct Story {
    dir: TempDir,
    nodes: Vec<Node>,
    admin: String,
    canaries: Vec<Canary>,
    /// What was answered to requests that were wrong.
    errors: Vec<String>,
    /// What the open streams of events have told so far.
    streams: Vec<Arc<Mutex<Vec<u8>>>>,
    /// Of the mail server.
    certificate: String,
    mail: Nasty,
    web: Nasty,
    oidc: Nasty,
    ldap: Nasty,
    ldap_certificate: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_found_where_it_need_not_be() {
    let mut story = Story::begin().await;
    story.uses_every_secret().await;
    let first = story.nodes.remove(0).stop().start();
    story.nodes.insert(0, first);
    story.is_ready().await;
    story.delivers_to_servers_that_repeat_what_they_hear().await;
    story.asks_servers_that_repeat_what_they_hear_who_signs_in().await;
    let mut found = story.searches_the_machine();
    found.extend(story.searches_every_answer().await);
    found.extend(story.searches_what_was_told_meanwhile());
    let unwanted: Vec<&Found> = found.iter().filter(|it| !places::may_be(it)).collect();
    assert!(unwanted.is_empty(), "{unwanted:#?}");
    // A search that finds nothing anywhere would be one that does not look.
    for declared in [HEADER, IN_URL] {
        assert!(found.iter().any(|it| it.canary == declared), "{declared} must be in its channel");
    }
    for (server, secret) in [(&story.mail, SMTP), (&story.oidc, OIDC), (&story.ldap, LDAP)] {
        let heard = server.heard();
        assert!(nasty::holds(&heard, secret), "a server was never told {secret}: {heard:?}");
    }
}

impl Story {
    async fn begin() -> Self {
        // Another test may have been faster.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        let ((mail, certificate), web) = (mail(ADDRESS).await, web(ADDRESS).await);
        let (oidc, (ldap, ldap_certificate)) = outside::servers(ADDRESS).await;
        let nodes: Vec<Node> = Plan::three(dir.path(), NET)
            .map(|mut plan| {
                plan.conf.push_str("profile = \"fast\"\n");
                plan.args = vec!["--bundle".into(), bundle().into(), "--allow-unsigned".into()];
                plan.start()
            })
            .into();
        let admin = admin_token(&nodes.iter().collect::<Vec<_>>()).await;
        let known = [SMTP, SMTP_OLD, PASSWORD, WRONG, PASSPHRASE, HEADER, IN_URL, OIDC, LDAP];
        let mut canaries: Vec<Canary> =
            known.into_iter().map(|text| Canary::new(text, text)).collect();
        let formation = fs::read_to_string(dir.path().join("token")).unwrap();
        canaries.push(Canary::new("formation token", formation.trim()));
        canaries.push(Canary::new("admin token", secret_of(&admin)));
        let password =
            |node: &Node| fs::read_to_string(node.plan.data().join("initial-admin-password")).ok();
        let first = nodes.iter().find_map(password).unwrap();
        canaries.push(Canary::new("first password", first.trim()));
        for node in &nodes {
            let login = node.plan.data().join(watchkeep::model::process::LOGIN_FILE);
            let login = fs::read_to_string(login).unwrap();
            canaries.push(Canary::new("programs' password", login.trim()));
        }
        let mut streams = Vec::new();
        for node in &nodes {
            streams.push(outside::listen_to_events(node, &admin).await);
        }
        let errors = Vec::new();
        Self {
            dir,
            nodes,
            admin,
            canaries,
            errors,
            streams,
            certificate,
            mail,
            web,
            oidc,
            ldap,
            ldap_certificate,
        }
    }

    async fn is_ready(&self) {
        eventually("the programs to be ready again", PATIENCE, || async {
            let mut n_ready = 0;
            for node in &self.nodes {
                let (_, status) =
                    node.call(&self.admin, "GET", "/api/v1/status", Value::Null).await?;
                let all = status["components"].as_array().cloned().unwrap_or_default();
                n_ready += all
                    .iter()
                    .filter(|it| it["name"] == "alertmanager" && it["state"] == "ready")
                    .count();
            }
            // Each node knows them all.
            if n_ready == 9 { Ok(()) } else { Err(format!("{n_ready} seen ready, 9 are due")) }
        })
        .await;
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Result<Value, String> {
        match self.nodes[0].call(&self.admin, method, path, body).await? {
            (200..=299, answer) => Ok(answer),
            (status, answer) => Err(format!("{method} {path}: {status} {answer}")),
        }
    }

    async fn uses_every_secret(&mut self) {
        self.is_ready().await;
        let (mail, web) = (self.mail.address, self.web.address);
        let allowed = [mail, web, self.oidc.address, self.ldap.address];
        for (path, spec) in [
            ("settings/default", json!({"outgoing": {"allow": allowed.map(|to| to.to_string())}})),
            ("secrets/oidc", json!({})),
            ("secrets/ldap", json!({})),
            ("secrets/smtp", json!({"title": "of the mail server"})),
            (
                "channels/mail",
                json!({"type": "mail", "host": ADDRESS, "port": mail.port(), "tls": "tls",
                       "ca": self.certificate,
                       "username": "watch", "password_secret": "smtp", "from": "w@example.org",
                       "to": ["ops@example.org"]}),
            ),
            (
                "channels/web",
                json!({"type": "webhook", "url": format!("http://{web}/{IN_URL}"),
                       "headers": {"x-key": HEADER}}),
            ),
            ("receivers/ops", json!({"channels": ["mail", "web"]})),
            ("users/eve", json!({"role": "admin"})),
        ] {
            self.call("PUT", &format!("/api/v1/{path}"), json!({ "spec": spec })).await.unwrap();
        }
        for (name, value) in [("smtp", SMTP_OLD), ("smtp", SMTP), ("oidc", OIDC), ("ldap", LDAP)] {
            let path = format!("/api/v1/secrets/{name}/value");
            self.call("POST", &path, json!({ "value": value })).await.unwrap();
        }
        let body = json!({ "password": PASSWORD });
        self.call("POST", "/api/v1/users/eve/password", body).await.unwrap();
        self.signs_in().await;
        self.makes_tokens().await;
        self.sends_what_is_wrong().await;
        self.takes_a_backup();
    }

    /// Well and badly, and keeps the session's cookie.
    async fn signs_in(&mut self) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/api/v1/session", self.nodes[0].plan.url());
        for (user, password) in [("eve", WRONG), (WRONG, "x"), ("eve", PASSWORD)] {
            let form = json!({ "user": user, "password": password });
            let answer = http.post(&url).json(&form).send().await.unwrap();
            let cookie =
                answer.headers().get("set-cookie").map(|it| it.to_str().unwrap().to_owned());
            assert_eq!(cookie.is_some(), password == PASSWORD);
            if let Some(cookie) = cookie {
                let id = cookie.split(['=', ';']).nth(1).unwrap();
                self.canaries.push(Canary::new("session", id));
            }
        }
    }

    async fn makes_tokens(&mut self) {
        let body = json!({"name": "ci", "role": "admin"});
        let made = self.call("POST", "/api/v1/tokens", body).await.unwrap();
        let token = made["token"].as_str().unwrap().to_owned();
        self.canaries.push(Canary::new("API token", secret_of(&token)));
        let used = self.nodes[0].call(&token, "GET", "/api/v1/status", Value::Null).await.unwrap();
        assert_eq!(used.0, 200);
        let wrong = format!("{token}x");
        assert_eq!(
            self.nodes[0].call(&wrong, "GET", "/api/v1/status", Value::Null).await.unwrap().0,
            401
        );
        let made = self.call("POST", "/api/v1/join-tokens", json!({"role": "node"})).await.unwrap();
        self.canaries.push(Canary::new("join token", secret_of(made["token"].as_str().unwrap())));
    }

    /// Errors are where secrets get out: bodies that are no JSON, unknown fields, wrong types.
    async fn sends_what_is_wrong(&mut self) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        for (path, body) in [
            ("secrets/smtp/value", format!("{{\"value\": \"{SMTP}\", \"{SMTP}\": 1}}")),
            ("secrets/smtp/value", format!("{{\"value\": [\"{SMTP}\"]}}")),
            ("secrets/none/value", format!("{{\"value\": \"{SMTP}\"}}")),
            ("users/eve/password", format!("{{\"password\": [\"{PASSWORD}\"]}}")),
            ("users/nobody/password", format!("{{\"password\": \"{PASSWORD}\"}}")),
            ("users/eve/password", format!("\"{PASSWORD}\" is what")),
            ("session", format!("{{\"user\": \"eve\", \"password\": [\"{PASSWORD}\"]}}")),
            ("session", format!("{{\"user\": \"eve\", \"pasword\": \"{PASSWORD}\"}}")),
        ] {
            let request = http.post(format!("{}/api/v1/{path}", self.nodes[0].plan.url()));
            let request =
                request.bearer_auth(&self.admin).header("content-type", "application/json");
            let answer = request.body(body.clone()).send().await.unwrap();
            assert!(answer.status().is_client_error(), "{path} {body}: {}", answer.status());
            self.errors.push(answer.text().await.unwrap());
        }
    }

    fn takes_a_backup(&self) {
        let file = self.dir.path().join("passphrase");
        watchkeep::base::atomic_file::write(&file, PASSPHRASE.as_bytes(), 0o600).unwrap();
        let to = self.dir.path().join("backup");
        let words = ["snapshot", "save", to.to_str().unwrap(), "--passphrase-file"];
        let saved = self.run(&words, Some(&file));
        assert!(saved.status.success(), "{}", String::from_utf8_lossy(&saved.stderr));
        // The file of the passphrase is the operator's own.
        fs::remove_file(file).unwrap();
    }

    fn run(&self, words: &[&str], file: Option<&Path>) -> Output {
        let mut command = Command::new(program());
        command.args(words);
        command.args(file).arg("--data-dir").arg(self.nodes[0].plan.data());
        command.output().unwrap()
    }

    async fn delivers_to_servers_that_repeat_what_they_hear(&self) {
        for channel in ["mail", "web"] {
            let path = format!("/api/v1/channels/{channel}/test");
            let told = eventually("an answer of the server", PATIENCE, || {
                self.call("POST", &path, json!({}))
            })
            .await;
            assert_eq!(told["results"][0]["ok"], false, "{told}");
        }
    }

    /// Files below the nodes' homes, and what the kernel says of their processes.
    fn searches_the_machine(&self) -> Vec<Found> {
        let mut found = search::files(&self.dir.path().join("backup"), &self.canaries);
        let mut n_processes = 0;
        for node in &self.nodes {
            found.extend(search::files(&node.plan.home, &self.canaries));
            let pids = search::family(node.pid().as_raw_nonzero().get().unsigned_abs());
            n_processes += pids.len();
            for pid in pids {
                for part in ["cmdline", "environ"] {
                    let file = PathBuf::from(format!("/proc/{pid}/{part}"));
                    found.extend(search::file(&file, &self.canaries));
                }
            }
        }
        assert!(
            n_processes >= 8,
            "three nodes, their Alertmanagers, two Prometheus: {n_processes}"
        );
        found
    }

    /// Answers to what was wrong, and the streams of events.
    fn searches_what_was_told_meanwhile(&self) -> Vec<Found> {
        let errors = self.errors.iter().enumerate();
        let mut found: Vec<Found> = errors
            .flat_map(|(n, said)| search::text(&format!("error {n}"), said, &self.canaries))
            .collect();
        for (n, stream) in self.streams.iter().enumerate() {
            let told = String::from_utf8_lossy(&stream.lock().unwrap()).into_owned();
            // That of the first node ended with it.
            assert!(told.contains("data:"), "node {n} told nothing: {told:?}");
            found.extend(search::text(&format!("events of node {n}"), &told, &self.canaries));
        }
        found
    }

    /// Every `GET` of the API document as admin, what the programs say of themselves, and what
    /// commands print.
    async fn searches_every_answer(&self) -> Vec<Found> {
        let document = self.call("GET", "/api/v1/openapi.json", Value::Null).await.unwrap();
        let mut found = Vec::new();
        let mut n_good = 0;
        for (n, path) in places::readable(&document).iter().enumerate() {
            // It never ends.
            if path == "/api/v1/events" {
                continue;
            }
            // Any node answers; not each is asked each question.
            let node = &self.nodes[n % self.nodes.len()];
            let (status, answer) = node.call(&self.admin, "GET", path, Value::Null).await.unwrap();
            n_good += usize::from(status == 200);
            found.extend(search::text(path, &answer.to_string(), &self.canaries));
        }
        assert!(n_good > 50, "only {n_good} answers");
        for words in [
            &["export"][..],
            &["status"],
            &["members"],
            &["audit", "--limit", "1000"],
            &["session", "list"],
            &["token", "list"],
            &["user", "list"],
            &["history"],
            &["receipts"],
            &["logs", "alertmanager"],
            &["logs", "prometheus"],
        ] {
            let Output { stdout, stderr, .. } = self.run(words, None);
            let said = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
            found.extend(search::text(
                &format!("watchkeep {}", words.join(" ")),
                &said,
                &self.canaries,
            ));
        }
        found
    }
}

/// The part of a token that is secret.
fn secret_of(token: &str) -> &str {
    token.rsplit('.').next().unwrap()
}
