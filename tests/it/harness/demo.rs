//! A running demo: three real nodes, real programs.

use super::{bundle, program, wait::eventually};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

#[derive(Debug, Clone, Deserialize)]
pub struct NodeInfo {
    pub url: String,
    pub pid: u32,
    pub data_dir: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Admin {
    pub user: String,
    pub password: String,
    pub token: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    pub nodes: Vec<NodeInfo>,
    pub admin: Admin,
    pub inbox: String,
    #[serde(default)]
    pub inbox_ready: bool,
}

/// Stops the demo when dropped.
pub struct Demo {
    child: Child,
    dir: TempDir,
    pub ready: Ready,
    pub http: reqwest::Client,
}

impl Demo {
    pub async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        // The components' user must be able to reach its folders.
        fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .unwrap();
        let ready_file = dir.path().join("ready.json");
        let log = fs::File::create(dir.path().join("demo.log")).unwrap();
        let mut child = Command::new(program())
            .arg("demo")
            .arg("--bundle")
            .arg(bundle())
            .arg("--dir")
            .arg(dir.path().join("demo"))
            .arg("--ready-file")
            .arg(&ready_file)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let read_ready =
            || -> Option<Ready> { serde_json::from_slice(&fs::read(&ready_file).ok()?).ok() };
        let ready = eventually("the demo to be ready", Duration::from_secs(180), || {
            let found = match child.try_wait().unwrap() {
                Some(status) => panic!(
                    "the demo ended with {status}:\n{}",
                    fs::read_to_string(dir.path().join("demo.log")).unwrap_or_default()
                ),
                None => read_ready().ok_or_else(|| {
                    fs::read_to_string(dir.path().join("demo.log")).unwrap_or_default()
                }),
            };
            async { found }
        })
        .await;
        let http =
            reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        Self { child, dir, ready, http }
    }

    /// Stops it as Ctrl-C does, and looks for files and processes of it.
    pub fn stop_and_leave_nothing_behind(mut self) {
        self.terminate();
        let dir = self.dir.path().join("demo");
        assert!(!dir.exists(), "{} is left", dir.display());
        assert!(!self.dir.path().join("ready.json").exists(), "the ready file is left");
        let text = dir.display().to_string();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&line).contains(&text), "a process of {text} is left");
        }
    }

    fn terminate(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
            let _ = kill_process(pid, Signal::TERM);
            let _ = self.child.wait();
        }
    }

    /// As the demo wrote it last.
    pub fn ready_now(&self) -> Ready {
        serde_json::from_slice(&fs::read(self.dir.path().join("ready.json")).unwrap()).unwrap()
    }

    /// Signed-in request to node `n` (from 0). `Err` = no answer.
    pub async fn call(
        &self,
        n: usize,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<(u16, Value), String> {
        let url = format!("{}{path}", self.ready.nodes[n].url);
        let mut request =
            self.http.request(method.parse().unwrap(), &url).bearer_auth(&self.ready.admin.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// A `GET` that must be 200.
    pub async fn get(&self, n: usize, path: &str) -> Result<Value, String> {
        match self.call(n, "GET", path, None).await? {
            (200, value) => Ok(value),
            (status, value) => Err(format!("{path}: {status} {value}")),
        }
    }

    pub async fn put(
        &self,
        n: usize,
        plural: &str,
        name: &str,
        kind: &str,
        spec: Value,
    ) -> Result<(u16, Value), String> {
        let body = json!({"kind": kind, "name": name, "spec": spec});
        self.call(n, "PUT", &format!("/api/v1/{plural}/{name}"), Some(body)).await
    }

    /// Messages in the inbox.
    pub async fn inbox(&self) -> Vec<Value> {
        let url = format!("{}/messages?after=0", self.ready.inbox);
        let value: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        value["messages"].as_array().cloned().unwrap_or_default()
    }

    /// A question to a program of node `n` (from 1), with that node's password.
    pub fn ask(&self, n: usize, url: &str) -> reqwest::RequestBuilder {
        super::ask(&self.http, &self.ready.nodes[n - 1].data_dir, url)
    }

    /// As [`Demo::ask`], of the node whose address `url` names: 127.0.0.N.
    pub fn ask_at(&self, url: &str) -> reqwest::RequestBuilder {
        let address = url.strip_prefix("http://127.0.0.").unwrap();
        let n = address.split(':').next().unwrap().parse().unwrap();
        self.ask(n, url)
    }

    /// Rows of `/api/v1/status`'s components with this name.
    pub async fn components(&self, n: usize, name: &str) -> Result<Vec<Value>, String> {
        let status = self.get(n, "/api/v1/status").await?;
        Ok(status["components"]
            .as_array()
            .ok_or("no components")?
            .iter()
            .filter(|component| component["name"] == name)
            .cloned()
            .collect())
    }

    /// The process id of node `n` as its own ready file says now.
    pub fn node_pid(&self, n: usize) -> Option<u32> {
        let file = self.ready.nodes[n].data_dir.parent()?.join("ready.json");
        let value: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        let pid = u32::try_from(value["pid"].as_u64()?).ok()?;
        PathBuf::from(format!("/proc/{pid}")).exists().then_some(pid)
    }

    /// Processes whose command line mentions the data directory of node `n` and `program`.
    pub fn processes(&self, n: usize, program: &str) -> Vec<u32> {
        let dir = self.ready.nodes[n].data_dir.display().to_string();
        fs::read_dir("/proc")
            .unwrap()
            .flatten()
            .filter_map(|entry| {
                let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
                let line = fs::read(entry.path().join("cmdline")).ok()?;
                let mut words = line.split(|byte| *byte == 0).map(String::from_utf8_lossy);
                let is_it = words.next()?.rsplit('/').next()?.contains(program);
                (is_it && words.any(|word| word.contains(&dir))).then_some(pid)
            })
            .collect()
    }
}

/// `kill -9`.
pub fn kill(pid: u32) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    let _ = kill_process(pid, Signal::KILL);
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.terminate();
        if std::thread::panicking() {
            let log = fs::read_to_string(self.dir.path().join("demo.log")).unwrap_or_default();
            eprintln!("--- demo.log ---\n{log}");
        }
    }
}
