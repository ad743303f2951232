//! One node: a real process in its namespace, started, killed and held at will.

use super::{harness::disk::SmallDisk, harness::program, net::Net};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

/// How all nodes of a run are started.
pub struct Common<'a> {
    pub dir: &'a Path,
    pub net: &'a Net,
    pub token_file: &'a Path,
    pub profile: &'a str,
}

pub struct Node {
    home: PathBuf,
    data: PathBuf,
    /// Its conf file but for the token file.
    conf: String,
    formation_token: PathBuf,
    command: Vec<OsString>,
    disk: Option<SmallDisk>,
    child: Option<Child>,
    /// It is meant to run; who ended by itself meanwhile is started again, as an init system would.
    pub wanted: bool,
}

impl Node {
    /// Prepares node `n`, on a disk of its own of so many MiB if told so and possible.
    pub fn new(common: &Common<'_>, n: usize, disk_mebibytes: Option<u32>) -> Self {
        let home = common.dir.join(format!("node-{n}"));
        fs::create_dir_all(&home).unwrap();
        fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
        let disk = disk_mebibytes.and_then(|size| SmallDisk::mount(&home.join("disk"), size));
        let data = home.join(if disk.is_some() { "disk/data" } else { "data" });
        let all: Vec<String> =
            (0..super::net::N_NODES).map(|n| format!("{:?}", common.net.peer_address(n))).collect();
        let conf = format!(
            "data_dir = {data:?}\nkey_file = {:?}\nlisten = \"0.0.0.0\"\nadvertise = {:?}\n\
             cluster = [{}]\nprofile = {:?}\n[public]\ntls = \"off\"\n",
            home.join("secret.key"),
            common.net.peer_address(n),
            all.join(", "),
            common.profile,
        );
        let inside = format!("--net={}", common.net.namespace_file(n).display());
        let mut command = match &disk {
            Some(disk) => disk.command(program()),
            None => vec!["nsenter".into(), "--".into(), program().into()],
        };
        command.insert(1, inside.into());
        let formation_token = common.token_file.to_owned();
        let node =
            Self { home, data, conf, formation_token, command, disk, child: None, wanted: false };
        node.write_conf(&node.formation_token);
        node
    }

    fn write_conf(&self, token_file: &Path) {
        let conf = format!("token_file = {token_file:?}\n{}", self.conf);
        fs::write(self.home.join("watchkeep.toml"), conf).unwrap();
    }

    /// While it does not run: all of its data is gone. It comes back as another node, with this
    /// token or the one that the cluster was formed with.
    pub fn lose_disk(&mut self, token_file: Option<&Path>) {
        assert!(self.child.is_none(), "a disk is lost under a running node");
        fs::remove_dir_all(self.seen_data()).unwrap();
        self.write_conf(token_file.unwrap_or(&self.formation_token));
    }

    /// Its data directory as this process reaches it.
    fn seen_data(&self) -> PathBuf {
        self.disk.as_ref().map_or_else(|| self.data.clone(), |disk| disk.seen("data"))
    }

    /// Starts it if it does not run.
    pub fn start(&mut self) {
        self.wanted = true;
        if self.child.is_some() {
            return;
        }
        let log = fs::File::options().create(true).append(true).open(self.home.join("log"));
        let log = log.unwrap();
        let child = Command::new(&self.command[0])
            .args(&self.command[1..])
            .args(["up", "--conf"])
            .arg(self.home.join("watchkeep.toml"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.wanted = false;
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks it to stop in order.
    pub fn terminate(&mut self) {
        self.wanted = false;
        self.signal(Signal::TERM);
    }

    /// Holds it, or lets it go on.
    pub fn hold(&mut self, held: bool) {
        self.signal(if held { Signal::STOP } else { Signal::CONT });
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = self.child.as_ref().and_then(|child| i32::try_from(child.id()).ok()) {
            let _ = kill_process(Pid::from_raw(pid).unwrap(), signal);
        }
    }

    /// How it ended, once, if it has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.as_mut()?.try_wait().ok()??;
        self.child = None;
        Some(status)
    }

    pub fn is_running(&self) -> bool {
        self.child.is_some()
    }

    pub fn disk(&self) -> Option<&SmallDisk> {
        self.disk.as_ref()
    }

    /// What a file in its data directory holds.
    pub fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.seen_data().join(name)).ok()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.home.join("log")).unwrap_or_default()
    }

    /// The last lines it wrote.
    pub fn last_words(&self) -> String {
        let log = self.log();
        let mut lines: Vec<&str> = log.lines().rev().take(4).collect();
        lines.reverse();
        lines.join(" | ")
    }

    /// Copies its log and, if it has ended, its data into the folder `to`.
    pub fn keep(&self, to: &Path) {
        let _ = fs::copy(self.home.join("log"), to.join("log"));
        let copied = Command::new("cp").arg("-a").arg(self.seen_data()).arg(to).output();
        if let Ok(output) = copied.as_ref().map_err(ToString::to_string)
            && !output.status.success()
        {
            eprintln!("not all is kept: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}
