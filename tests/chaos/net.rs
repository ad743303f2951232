//! Three network namespaces. Each has a leg on a bridge for the nodes among themselves and one on
//! a bridge for the clients, so that clients reach also a node that no other node reaches.
//!
//! Names carry the process id: runs beside each other do not meet, and what a killed run left is
//! found and removed by the next.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

pub const N_NODES: usize = 3;

pub struct Net {
    pid: u32,
    /// Which of the nets below 10.0.0.0/8 are ours.
    place: u8,
}

impl Net {
    /// Lays the cables; says what is missing where this machine does not let us.
    pub fn new() -> Result<Self, String> {
        remove_leftovers();
        let pid = std::process::id();
        let first = pid % 120;
        let place = (0..120)
            .map(|n| u8::try_from((first + n) % 120 + 128).unwrap())
            .find(|place| !run_text("ip addr").contains(&format!("10.{place}.")))
            .ok_or("no free net below 10.0.0.0/8")?;
        let net = Self { pid, place };
        for bridge in [net.bridge('p'), net.bridge('c')] {
            ip(&format!("link add {bridge} type bridge"))?;
            ip(&format!("link set {bridge} up"))?;
        }
        ip(&format!("addr add {}/24 dev {}", net.address('c', 253), net.bridge('c')))?;
        for n in 0..N_NODES {
            let namespace = net.namespace(n);
            ip(&format!("netns add {namespace}"))?;
            ip(&format!("-n {namespace} link set lo up"))?;
            for side in ['p', 'c'] {
                let (cable, inside) = (net.cable(side, n), format!("eth{side}"));
                ip(&format!("link add {cable} type veth peer name {inside} netns {namespace}"))?;
                ip(&format!("link set {cable} master {} up", net.bridge(side)))?;
                let address = net.address(side, n);
                ip(&format!("-n {namespace} addr add {address}/24 dev {inside}"))?;
                ip(&format!("-n {namespace} link set {inside} up"))?;
            }
        }
        Ok(net)
    }

    fn bridge(&self, side: char) -> String {
        format!("wkb{side}{}", self.pid)
    }

    fn cable(&self, side: char, n: usize) -> String {
        format!("wk{side}{n}-{}", self.pid)
    }

    fn namespace(&self, n: usize) -> String {
        format!("wkchaos-{}-{n}", self.pid)
    }

    pub fn namespace_file(&self, n: usize) -> PathBuf {
        PathBuf::from("/run/netns").join(self.namespace(n))
    }

    fn address(&self, side: char, n: usize) -> String {
        format!("10.{}.{}.{}", self.place, u8::from(side == 'c'), n + 1)
    }

    /// Where the other nodes reach node `n`.
    pub fn peer_address(&self, n: usize) -> String {
        self.address('p', n)
    }

    /// Where clients reach node `n`.
    pub fn client_address(&self, n: usize) -> String {
        self.address('c', n)
    }

    /// Plugs or unplugs the cable between node `n` and all others.
    pub fn plug(&self, n: usize, plugged: bool) {
        let state = if plugged { "up" } else { "down" };
        ip(&format!("link set {} {state}", self.cable('p', n))).unwrap();
    }

    /// Takes away, or gives back, only the way between `i` and `j`: isolated ports of a bridge
    /// reach all others but each other.
    pub fn cut(&self, i: usize, j: usize, cut: bool) {
        for n in [i, j] {
            let state = if cut { "on" } else { "off" };
            let command = format!("bridge link set dev {} isolated {state}", self.cable('p', n));
            run(&command).unwrap();
        }
    }

    /// Everything plugged again.
    pub fn heal(&self) {
        for n in 0..N_NODES {
            self.plug(n, true);
            self.cut(n, n, false);
        }
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        remove(self.pid);
    }
}

fn remove(pid: u32) {
    for n in 0..N_NODES {
        let _ = ip(&format!("netns del wkchaos-{pid}-{n}"));
    }
    for side in ['p', 'c'] {
        let _ = ip(&format!("link del wkb{side}{pid}"));
    }
}

/// What runs that were killed have left: their nodes, namespaces and bridges.
fn remove_leftovers() {
    let pid_of = |line: &str| -> Option<u32> {
        line.split_whitespace().next()?.strip_prefix("wkchaos-")?.split('-').next()?.parse().ok()
    };
    for line in run_text("ip netns list").lines() {
        let Some(pid) = pid_of(line).filter(|pid| !PathBuf::from(format!("/proc/{pid}")).exists())
        else {
            continue;
        };
        let name = line.split_whitespace().next().unwrap_or_default();
        for node in run_text(&format!("ip netns pids {name}")).split_whitespace() {
            let _ = run(&format!("kill -9 {node}"));
        }
        remove(pid);
    }
}

fn ip(arguments: &str) -> Result<(), String> {
    run(&format!("ip {arguments}"))
}

fn run(command: &str) -> Result<(), String> {
    let mut words = command.split_whitespace();
    let output = Command::new(words.next().unwrap_or_default())
        .args(words)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{command}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{command}: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}

fn run_text(command: &str) -> String {
    let mut words = command.split_whitespace();
    let output = Command::new(words.next().unwrap_or_default()).args(words).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}
