//! Three network namespaces. Each has one leg towards the other nodes and one on a bridge for the
//! clients, so that clients reach also a node that no other node reaches. The nodes' legs end at a
//! router of ours, which can be bad in any way, or at a bridge where there can be no router.
//!
//! Names carry the process id: runs beside each other do not meet, and what a killed run left is
//! found and removed by the next.

use super::{
    link::Quality,
    router::{Carried, Router},
};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

pub const N_NODES: usize = 3;

pub struct Net {
    pid: u32,
    /// Which of the nets below 10.0.0.0/8 are ours.
    place: u8,
    /// What the nodes reach each other through; `None` = a bridge.
    router: Option<Router>,
}

/// What carries packets between the nodes.
#[derive(Debug, Clone, Copy)]
pub enum Middle {
    /// The kernel: adds nothing to what is measured.
    Bridge,
    /// A router that draws what happens to packets from this seed, where there can be one.
    Router(u64),
}

impl Net {
    /// Lays the cables; says what is missing where this machine does not let us.
    pub fn new(middle: Middle) -> Result<Self, String> {
        remove_leftovers();
        let pid = std::process::id();
        let first = pid % 120;
        let place = (0..120)
            .map(|n| u8::try_from((first + n) % 120 + 128).unwrap())
            .find(|place| !run_text("ip addr").contains(&format!("10.{place}.")))
            .ok_or("no free net below 10.0.0.0/8")?;
        let mut net = Self { pid, place, router: None };
        for n in 0..N_NODES {
            let namespace = net.namespace(n);
            ip(&format!("netns add {namespace}"))?;
            ip(&format!("-n {namespace} link set lo up"))?;
        }
        net.lay_cables('c')?;
        ip(&format!("addr add {}/24 dev {}", net.address('c', 253), net.bridge('c')))?;
        if let Middle::Router(seed) = middle {
            let names = std::array::from_fn(|n| net.cable('p', n));
            match Router::new(names, [10, place], seed) {
                Ok(router) => net.router = Some(router),
                Err(why) => eprintln!("no router between the nodes here: {why}"),
            }
        }
        match net.router.is_some() {
            true => net.lay_devices()?,
            false => net.lay_cables('p')?,
        }
        Ok(net)
    }

    /// All nodes on a bridge.
    fn lay_cables(&self, side: char) -> Result<(), String> {
        let bridge = self.bridge(side);
        ip(&format!("link add {bridge} type bridge"))?;
        ip(&format!("link set {bridge} up"))?;
        for n in 0..N_NODES {
            let (cable, inside) = (self.cable(side, n), format!("eth{side}"));
            let namespace = self.namespace(n);
            ip(&format!("link add {cable} type veth peer name {inside} netns {namespace}"))?;
            ip(&format!("link set {cable} master {bridge} up"))?;
            self.set_up(side, n, &inside)?;
        }
        Ok(())
    }

    /// The router's devices to where they belong: their other ends stay with it.
    fn lay_devices(&self) -> Result<(), String> {
        for n in 0..N_NODES {
            let device = self.cable('p', n);
            ip(&format!("link set {device} netns {}", self.namespace(n)))?;
            self.set_up('p', n, &device)?;
        }
        Ok(())
    }

    fn set_up(&self, side: char, n: usize, device: &str) -> Result<(), String> {
        let (namespace, address) = (self.namespace(n), self.address(side, n));
        ip(&format!("-n {namespace} addr add {address}/24 dev {device}"))?;
        ip(&format!("-n {namespace} link set {device} up"))
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

    /// Whether links can be made bad, and cut in one direction.
    pub fn has_router(&self) -> bool {
        self.router.is_some()
    }

    pub fn carried(&self) -> Option<Carried> {
        self.router.as_ref().map(Router::carried)
    }

    /// Plugs or unplugs the cable between node `n` and all others.
    pub fn plug(&self, n: usize, plugged: bool) {
        if let Some(router) = &self.router {
            return router.plug(n, plugged);
        }
        let state = if plugged { "up" } else { "down" };
        ip(&format!("link set {} {state}", self.cable('p', n))).unwrap();
    }

    /// Takes away, or gives back, only the way between `i` and `j`: isolated ports of a bridge
    /// reach all others but each other.
    pub fn cut(&self, i: usize, j: usize, cut: bool) {
        if let Some(router) = &self.router {
            router.cut(i, j, cut);
            return router.cut(j, i, cut);
        }
        for n in [i, j] {
            let state = if cut { "on" } else { "off" };
            let command = format!("bridge link set dev {} isolated {state}", self.cable('p', n));
            run(&command).unwrap();
        }
    }

    /// Cuts, or mends, what `from` says to `to`; the answers still arrive. Only with a router.
    pub fn cut_one_way(&self, from: usize, to: usize, cut: bool) {
        if let Some(router) = &self.router {
            router.cut(from, to, cut);
        }
    }

    /// How good the way from one node to another is from now on. Only with a router.
    pub fn set(&self, from: usize, to: usize, quality: &Quality) {
        if let Some(router) = &self.router {
            router.set(from, to, quality.clone());
        }
    }

    /// Everything plugged and good again.
    pub fn heal(&self) {
        if let Some(router) = &self.router {
            return router.heal();
        }
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
