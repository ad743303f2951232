//! One node as a process of its own, started the way a test says, with everything it wrote.

use super::{program, wait::eventually};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};
use watchkeep::demo::api::Api;

pub const PATIENCE: Duration = Duration::from_secs(90);

/// How a node is started; the same again after it ended.
#[derive(Clone)]
pub struct Plan {
    /// Holds conf, key, data and log of this node.
    pub home: PathBuf,
    /// Its own address.
    pub address: String,
    /// More lines of the conf file, `[public] tls = "off"` not among them.
    pub conf: String,
    /// More arguments of `up`.
    pub args: Vec<OsString>,
    /// What is run: the program under test, or something that leads to it.
    pub command: Vec<OsString>,
}

pub struct Node {
    pub plan: Plan,
    child: Child,
}

impl Plan {
    pub fn new(home: &Path, address: &str) -> Self {
        fs::create_dir_all(home).unwrap();
        fs::set_permissions(home, fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            home: home.to_owned(),
            address: address.to_owned(),
            conf: String::new(),
            args: Vec::new(),
            command: vec![program().into()],
        }
    }

    /// Three of a cluster that share a token file, on NET.1 to NET.3.
    pub fn three(dir: &Path, net: &str) -> [Self; 3] {
        let token = formation_token(dir, "token");
        let all: Vec<String> = (1..=3).map(|n| format!("\"{net}.{n}\"")).collect();
        [1, 2, 3].map(|n| {
            let mut plan = Self::new(&dir.join(format!("n{n}")), &format!("{net}.{n}"));
            plan.conf = format!("cluster = [{}]\ntoken_file = {token:?}\n", all.join(", "));
            plan
        })
    }

    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.home.join("log")).unwrap_or_default()
    }

    /// What it wrote from byte `start` on.
    pub fn log_since(&self, start: usize) -> String {
        self.log().get(start..).unwrap_or_default().to_owned()
    }

    pub fn url(&self) -> String {
        format!("http://{}:8420", self.address)
    }

    pub fn start(self) -> Node {
        let conf = format!(
            "data_dir = {:?}\nkey_file = {:?}\nlisten = {own:?}\nadvertise = {own:?}\n{}\n\
             [public]\ntls = \"off\"\n",
            self.data(),
            self.home.join("secret.key"),
            self.conf,
            own = self.address,
        );
        fs::write(self.home.join("watchkeep.toml"), conf).unwrap();
        let log = fs::File::options().create(true).append(true).open(self.home.join("log"));
        let log = log.unwrap();
        let child = Command::new(&self.command[0])
            .args(&self.command[1..])
            .args(["up", "--conf"])
            .arg(self.home.join("watchkeep.toml"))
            .args(&self.args)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Node { plan: self, child }
    }
}

/// A token file that only its owner may read.
pub fn formation_token(dir: &Path, name: &str) -> PathBuf {
    let token = Command::new(program()).args(["token", "new", "--formation"]).output().unwrap();
    let file = dir.join(name);
    fs::write(&file, token.stdout).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    file
}

/// An admin token, once one of the nodes has formed the cluster.
pub async fn admin_token(nodes: &[&Node]) -> String {
    eventually("the first account", PATIENCE, || async {
        let password = |node: &&Node| {
            let file = node.plan.data().join("initial-admin-password");
            Some((fs::read_to_string(file).ok()?, node.plan.url()))
        };
        let (password, url) = nodes.iter().find_map(password).ok_or("no password")?;
        let api = Api::new(&url).map_err(|error| error.to_string())?;
        let made = api.make_token("admin", password.trim(), "test").await;
        made.map_err(|error| error.to_string())
    })
    .await
}

impl Node {
    pub fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap()
    }

    /// Answers signed-in requests with status and body.
    pub async fn call(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> Result<(u16, Value), String> {
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20));
        let client = client.build().unwrap();
        let url = format!("{}{path}", self.plan.url());
        let mut request = client.request(method.parse().unwrap(), url).bearer_auth(token);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// Faults with this code in the status that this node shows.
    pub async fn faults(&self, token: &str, code: &str) -> Result<Vec<Value>, String> {
        let (_, status) = self.call(token, "GET", "/api/v1/status", Value::Null).await?;
        let faults = status["faults"].as_array().ok_or_else(|| status.to_string())?;
        Ok(faults.iter().filter(|fault| fault["code"] == code).cloned().collect())
    }

    /// Waits until it has ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let child = &mut self.child;
        let log = &self.plan;
        eventually("the node to end by itself", PATIENCE, || {
            let ended = child.try_wait().unwrap().ok_or_else(|| log.log());
            async { ended }
        })
        .await
    }

    /// Stops it in order and gives its plan back.
    pub fn stop(self) -> Plan {
        self.plan.clone()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = kill_process(self.pid(), Signal::TERM);
            let _ = self.child.wait();
        }
        if std::thread::panicking() {
            eprintln!("--- log of {} ---\n{}", self.plan.address, self.plan.log());
        }
    }
}
