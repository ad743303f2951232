//! Secrets that sing when they are seen: a real node and the real programs behind it, led through
//! everything that touches a secret, against servers that throw what they are told back in our
//! face; then everything that can be read is searched for them, in the forms they could take.

mod nasty;
mod places;
mod search;

use crate::harness::{
    bundle,
    node::{Node, PATIENCE, Plan, admin_token, formation_token},
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
};
use tempfile::TempDir;

const ADDRESS: &str = "127.0.23.1";
const SMTP: &str = "canary-smtp-Qk7vT2mZ9x";
const SMTP_OLD: &str = "canary-smtp-old-B4hJ8s";
const PASSWORD: &str = "canary password wR5-nL3";
const WRONG: &str = "canary wrong password uE8";
const PASSPHRASE: &str = "canary passphrase tY6-bN1";
/// Operators write these into a declared object; they are no secret before them.
const HEADER: &str = "canary-header-Ff3gW0pK";
const IN_URL: &str = "canary-in-url-m2Xc7Vd5";

struct Story {
    dir: TempDir,
    node: Node,
    admin: String,
    canaries: Vec<Canary>,
    /// Of the mail server.
    certificate: String,
    mail: Nasty,
    web: Nasty,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_found_where_it_need_not_be() {
    let mut story = Story::begin().await;
    story.uses_every_secret().await;
    let restarted = story.node.stop().start();
    story = Story { node: restarted, ..story };
    story.is_ready().await;
    story.delivers_to_servers_that_repeat_what_they_hear().await;
    let mut found = story.searches_the_machine();
    found.extend(story.searches_every_answer().await);
    let unwanted: Vec<&Found> = found.iter().filter(|it| !places::may_be(it)).collect();
    assert!(unwanted.is_empty(), "{unwanted:#?}");
    // A search that finds nothing anywhere would be one that does not look.
    for declared in [HEADER, IN_URL] {
        assert!(found.iter().any(|it| it.canary == declared), "{declared} must be in its channel");
    }
    let passwords = story.mail.heard();
    assert!(nasty::holds(&passwords, SMTP), "the mail server was never told: {passwords:?}");
}

impl Story {
    async fn begin() -> Self {
        // Another test may have been faster.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        let ((mail, certificate), web) = (mail(ADDRESS).await, web(ADDRESS).await);
        let mut plan = Plan::new(&dir.path().join("n1"), ADDRESS);
        let token = formation_token(dir.path(), "token");
        plan.conf =
            format!("profile = \"fast\"\ncluster = [{ADDRESS:?}]\ntoken_file = {token:?}\n");
        plan.args = vec!["--bundle".into(), bundle().into(), "--allow-unsigned".into()];
        let node = plan.start();
        let admin = admin_token(&[&node]).await;
        let known = [SMTP, SMTP_OLD, PASSWORD, WRONG, PASSPHRASE, HEADER, IN_URL];
        let mut canaries: Vec<Canary> =
            known.into_iter().map(|text| Canary::new(text, text)).collect();
        let formation = fs::read_to_string(&token).unwrap();
        canaries.push(Canary::new("formation token", formation.trim()));
        canaries.push(Canary::new("admin token", secret_of(&admin)));
        let first = fs::read_to_string(node.plan.data().join("initial-admin-password")).unwrap();
        canaries.push(Canary::new("first password", first.trim()));
        Self { dir, node, admin, canaries, certificate, mail, web }
    }

    async fn is_ready(&self) {
        eventually("the programs to be ready again", PATIENCE, || async {
            let status = self.call("GET", "/api/v1/status", Value::Null).await?;
            let all = status["components"].as_array().cloned().unwrap_or_default();
            let ready =
                |name: &str| all.iter().any(|it| it["name"] == name && it["state"] == "ready");
            match ready("prometheus") && ready("alertmanager") {
                true => Ok(()),
                false => Err(status.to_string()),
            }
        })
        .await;
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Result<Value, String> {
        match self.node.call(&self.admin, method, path, body).await? {
            (200..=299, answer) => Ok(answer),
            (status, answer) => Err(format!("{method} {path}: {status} {answer}")),
        }
    }

    async fn uses_every_secret(&mut self) {
        self.is_ready().await;
        let (mail, web) = (self.mail.address, self.web.address);
        for (path, spec) in [
            (
                "settings/default",
                json!({"outgoing": {"allow": [mail.to_string(), web.to_string()]}}),
            ),
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
        for value in [SMTP_OLD, SMTP] {
            let body = json!({ "value": value });
            self.call("POST", "/api/v1/secrets/smtp/value", body).await.unwrap();
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
        let url = format!("{}/api/v1/session", self.node.plan.url());
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
        let used = self.node.call(&token, "GET", "/api/v1/status", Value::Null).await.unwrap();
        assert_eq!(used.0, 200);
        let wrong = format!("{token}x");
        assert_eq!(
            self.node.call(&wrong, "GET", "/api/v1/status", Value::Null).await.unwrap().0,
            401
        );
        let made = self.call("POST", "/api/v1/join-tokens", json!({"role": "node"})).await.unwrap();
        self.canaries.push(Canary::new("join token", secret_of(made["token"].as_str().unwrap())));
    }

    /// Errors are where secrets get out: bodies that are no JSON, unknown fields, wrong types.
    async fn sends_what_is_wrong(&self) {
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
            let request = http.post(format!("{}/api/v1/{path}", self.node.plan.url()));
            let request =
                request.bearer_auth(&self.admin).header("content-type", "application/json");
            let answer = request.body(body.clone()).send().await.unwrap();
            assert!(answer.status().is_client_error(), "{path} {body}: {}", answer.status());
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
        command.args(file).arg("--data-dir").arg(self.node.plan.data());
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

    /// Files below the node's home, and what the kernel says of its processes.
    fn searches_the_machine(&self) -> Vec<Found> {
        let home = &self.node.plan.home;
        let mut found = search::files(home, &self.canaries);
        found.extend(search::files(&self.dir.path().join("backup"), &self.canaries));
        let pids = search::family(self.node.pid().as_raw_nonzero().get().unsigned_abs());
        assert!(pids.len() >= 3, "the node, Prometheus and Alertmanager: {pids:?}");
        for pid in pids {
            for part in ["cmdline", "environ"] {
                let file = PathBuf::from(format!("/proc/{pid}/{part}"));
                found.extend(search::file(&file, &self.canaries));
            }
        }
        found
    }

    /// Every `GET` of the API document as admin, what the programs say of themselves, and what
    /// commands print.
    async fn searches_every_answer(&self) -> Vec<Found> {
        let document = self.call("GET", "/api/v1/openapi.json", Value::Null).await.unwrap();
        let mut found = Vec::new();
        let mut n_good = 0;
        for path in places::readable(&document) {
            // It never ends.
            if path == "/api/v1/events" {
                continue;
            }
            let (status, answer) =
                self.node.call(&self.admin, "GET", &path, Value::Null).await.unwrap();
            n_good += usize::from(status == 200);
            found.extend(search::text(&path, &answer.to_string(), &self.canaries));
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
