//! A real program with an HTTP API: Prometheus with given series or targets, Alertmanager.

use super::wire::{self, Series};
use crate::harness::{component::Component, node::PATIENCE, wait::eventually};
use serde_json::Value;
use std::{
    fs,
    net::TcpListener,
    process::{Child, Stdio},
};
use tempfile::TempDir;

pub struct Server {
    child: Child,
    url: String,
    client: reqwest::Client,
    dir: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Prometheus with these series.
    pub async fn with(program: &Component, series: &[Series]) -> Self {
        let files = [("prometheus.yml", "storage: {exemplars: {max_exemplars: 10000}}\n")];
        let server = Self::prometheus(program, &files).await;
        server.write(series).await;
        server
    }

    /// Prometheus with these files, of which one is `prometheus.yml`.
    pub async fn prometheus(program: &Component, files: &[(&str, &str)]) -> Self {
        let arguments = [
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            "--web.enable-remote-write-receiver",
            "--storage.tsdb.retention.time=100y",
            "--enable-feature=native-histograms,exemplar-storage",
        ];
        Self::start(program, &arguments, files).await
    }

    /// Alertmanager alone.
    pub async fn alertmanager(program: &Component, config: &str) -> Self {
        let arguments =
            ["--config.file=am.yml", "--storage.path=data", "--cluster.listen-address="];
        Self::start(program, &arguments, &[("am.yml", config)]).await
    }

    async fn start(program: &Component, arguments: &[&str], files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let port = {
            let held = TcpListener::bind("127.0.0.1:0").unwrap();
            held.local_addr().unwrap().port()
        };
        let child = program
            .command()
            .current_dir(dir.path())
            .args(arguments)
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(fs::File::create(dir.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let server = Self { child, url: format!("http://127.0.0.1:{port}"), client, dir };
        server.ready().await;
        server
    }

    async fn ready(&self) {
        eventually("the program to be ready", PATIENCE, || async {
            let asked = self.client.get(format!("{}/-/ready", self.url)).send().await;
            let log = || fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
            match asked {
                Ok(answer) if answer.status().is_success() => Ok(()),
                other => Err(format!("{other:?}\n{}", log())),
            }
        })
        .await;
    }

    async fn write(&self, series: &[Series]) {
        let answer = self
            .client
            .post(format!("{}/api/v1/write", self.url))
            .header("Content-Type", "application/x-protobuf")
            .header("Content-Encoding", "snappy")
            .header("X-Prometheus-Remote-Write-Version", "0.1.0")
            .body(wire::request(series))
            .send()
            .await
            .unwrap();
        let status = answer.status();
        assert!(status.is_success(), "{status}: {}", answer.text().await.unwrap());
    }

    /// What is answered to a form; also errors are JSON.
    pub async fn ask(&self, path: &str, form: &[(&str, String)]) -> Value {
        let request = self.client.post(format!("{}{path}", self.url)).form(form);
        let body = request.send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice(&body)
            .unwrap_or_else(|why| panic!("{form:?}: {why}: {}", String::from_utf8_lossy(&body)))
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.url)).json(body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default()
    }

    /// Status and text of an answer to a request as it is.
    pub async fn raw(&self, target: &str, form: Option<String>) -> (u16, String) {
        let url = format!("{}{target}", self.url);
        let request = match form {
            None => self.client.get(url),
            Some(form) => self
                .client
                .post(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form),
        };
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}
