//! Plain nodes on NET.1 and up, without components unless the first one is given a bundle.

use super::{bundle, program, wait::eventually};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use watchkeep::demo::api::Api;

const PATIENCE: Duration = Duration::from_secs(60);

pub struct Nodes {
    children: Vec<Child>,
    dir: TempDir,
    net: String,
    pub http: reqwest::Client,
}

impl Nodes {
    /// `net` is the first three numbers of their addresses: `127.0.1`.
    pub fn start(n_nodes: u8, net: &str) -> Self {
        Self::start_with(n_nodes, net, false)
    }

    /// The first node alone knows the bundle.
    pub fn start_with_bundle_on_the_first(n_nodes: u8, net: &str) -> Self {
        Self::start_with(n_nodes, net, true)
    }

    fn start_with(n_nodes: u8, net: &str, bundled: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(dir.path(), open).unwrap();
        let token = Command::new(program()).args(["token", "new", "--formation"]).output().unwrap();
        let token_file = dir.path().join("token");
        fs::write(&token_file, token.stdout).unwrap();
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&token_file, private).unwrap();
        let all: Vec<String> = (1..=n_nodes).map(|n| format!("{net}.{n}")).collect();
        let children =
            (1..=n_nodes).map(|n| start_one(dir.path(), n, &all, bundled && n == 1)).collect();
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { children, dir, net: net.to_owned(), http }
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn url(&self, n: usize) -> String {
        format!("http://{}.{}:8420", self.net, n + 1)
    }

    pub async fn healthy(&self, n: usize) {
        let url = format!("{}/-/healthy", self.url(n));
        loop {
            match self.http.get(&url).send().await {
                Ok(answer) if answer.status().is_success() => return,
                _ => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        }
    }

    /// Waits until a write is acknowledged; returns an admin token.
    pub async fn first_write(&self) -> String {
        eventually("the first accepted write", PATIENCE, || async {
            let password = (1..=self.children.len())
                .find_map(|n| {
                    fs::read_to_string(
                        self.dir.path().join(format!("n{n}/data/initial-admin-password")),
                    )
                    .ok()
                })
                .ok_or("no password yet")?;
            let api = Api::new(&self.url(0)).map_err(|error| error.to_string())?;
            api.make_token("admin", password.trim(), "bench")
                .await
                .map_err(|error| error.to_string())
        })
        .await
    }

    /// `kill -9` of one control plane; its programs run on.
    pub fn kill(&mut self, n: usize) {
        self.children[n].kill().unwrap();
        self.children[n].wait().unwrap();
    }

    /// The control plane comes back, with the same line as before.
    pub fn start_again(&mut self, n: usize) {
        self.children[n] = run(&self.dir.path().join(format!("n{}", n + 1)));
    }

    pub fn resident_bytes(&self, n: usize) -> u64 {
        resident(self.children[n].id())
    }
}

fn start_one(dir: &Path, n: u8, all: &[String], bundled: bool) -> Child {
    let home = dir.join(format!("n{n}"));
    fs::create_dir_all(&home).unwrap();
    let seeds: Vec<String> = all.iter().map(|seed| format!("{seed:?}")).collect();
    let membership = if all.len() > 1 {
        format!("cluster = [{}]\ntoken_file = {:?}\n", seeds.join(", "), dir.join("token"))
    } else {
        String::new()
    };
    let conf = format!(
        "data_dir = {:?}\nkey_file = {:?}\nlisten = {own:?}\nadvertise = {own:?}\n\
         {membership}[public]\ntls = \"off\"\n[bundle]\nallow_unsigned = true\n{named}",
        home.join("data"),
        home.join("secret.key"),
        own = all[usize::from(n) - 1],
        named = if bundled { format!("file = {:?}\n", bundle()) } else { String::new() },
    );
    fs::write(home.join("watchkeep.toml"), conf).unwrap();
    run(&home)
}

fn run(home: &Path) -> Child {
    let log = fs::File::options().create(true).append(true).open(home.join("log")).unwrap();
    Command::new(program())
        .args(["up", "--conf"])
        .arg(home.join("watchkeep.toml"))
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// Resident memory of a process, in bytes.
pub fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

impl Drop for Nodes {
    fn drop(&mut self) {
        for child in &self.children {
            let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
            let _ = kill_process(pid, Signal::TERM);
        }
        for child in &mut self.children {
            let _ = child.wait();
        }
        end_leftovers(self.dir.path());
    }
}

/// Programs of a node that was killed have nobody else to end them.
fn end_leftovers(dir: &Path) {
    let dir = dir.display().to_string();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&line).contains(&dir)
            && let Some(pid) = Pid::from_raw(pid)
        {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}
