//! The way between the nodes where the kernel has no netem: each namespace has a TUN device as its
//! only leg towards the other nodes, and a thread here carries packets from one to another, late,
//! twice or never, as its links are set.
//!
//! It knows addresses and nothing else of what it carries. What it drops it drops silently, as a
//! dead switch port does.

use super::{
    link::{Link, Quality},
    net::N_NODES,
    rng::Rng,
};
use rustix::{process::setpriority_process, thread::gettid};
use serde::Serialize;
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread::JoinHandle,
    time::Instant,
};
use tokio::sync::{Notify, oneshot};
use tokio_tun::Tun;

/// Devices have an MTU of 1500 and no offloads.
const PACKET_MAX: usize = 2048;
/// Before the nodes and the clients: a packet waits for the links, not for this thread.
const PRIORITY: i32 = -15;
/// First two bytes of an IPv4 packet's destination, of which the third is 0.
pub type NetPrefix = [u8; 2];

/// What the router did, for a report that shows that it was in the way.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Carried {
    pub packets: u64,
    pub lost: u64,
    pub late: u64,
}

pub struct Router {
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    prefix: NetPrefix,
    state: Mutex<State>,
    /// Something is due earlier than what was waited for.
    earlier: Notify,
}

struct State {
    rng: Rng,
    unplugged: [bool; N_NODES],
    links: [[Link; N_NODES]; N_NODES],
    /// By time of arrival, then in the order of leaving.
    late: BinaryHeap<Reverse<Late>>,
    carried: Carried,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Late {
    at: Instant,
    number: u64,
    to: usize,
    packet: Vec<u8>,
}

impl Router {
    /// Opens a device of each name in the namespace of this process, and carries what comes for
    /// PREFIX.0.1 to PREFIX.0.3.
    ///
    /// # Errors
    /// What is missing, in words: no `/dev/net/tun`, no right to.
    pub fn new(names: [String; N_NODES], prefix: NetPrefix, seed: u64) -> Result<Self, String> {
        let state = State {
            rng: Rng::part(seed, 1 << 40),
            unplugged: [false; N_NODES],
            links: Default::default(),
            late: BinaryHeap::new(),
            carried: Carried::default(),
        };
        let shared =
            Arc::new(Shared { prefix, state: Mutex::new(state), earlier: Notify::default() });
        let (opened, is_open) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let theirs = shared.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let _ = setpriority_process(Some(gettid()), PRIORITY);
            runtime.unwrap().block_on(async {
                match open(names) {
                    Err(why) => drop(opened.send(Err(why))),
                    Ok(tuns) => {
                        let _ = opened.send(Ok(()));
                        theirs.carry(&tuns, stopped).await;
                    }
                }
            });
        });
        is_open.recv().map_err(|error| error.to_string())??;
        Ok(Self { shared, stop: Some(stop), thread: Some(thread) })
    }

    pub fn plug(&self, n: usize, plugged: bool) {
        self.shared.state().unplugged[n] = !plugged;
    }

    /// Cuts, or mends, the way from one node to another; not the way back.
    pub fn cut(&self, from: usize, to: usize, cut: bool) {
        self.shared.state().links[from][to].cut = cut;
    }

    pub fn set(&self, from: usize, to: usize, quality: Quality) {
        self.shared.state().links[from][to].quality = quality;
    }

    /// All links as on the first day; what is under way arrives.
    pub fn heal(&self) {
        let mut state = self.shared.state();
        state.unplugged = [false; N_NODES];
        state.links = Default::default();
    }

    pub fn carried(&self) -> Carried {
        self.shared.state().carried
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn open(names: [String; N_NODES]) -> Result<Vec<Tun>, String> {
    let open = |name: String| {
        let tuns = Tun::builder().name(&name).build();
        tuns.map_err(|error| format!("/dev/net/tun: {error}"))
    };
    Ok(names.into_iter().map(open).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until told to stop, or a device is gone.
    async fn carry(&self, tuns: &[Tun], stopped: oneshot::Receiver<()>) {
        tokio::select! {
            _ = stopped => {}
            _ = self.read(0, tuns) => {}
            _ = self.read(1, tuns) => {}
            _ = self.read(2, tuns) => {}
            () = self.deliver(tuns) => {}
        }
    }

    async fn read(&self, from: usize, tuns: &[Tun]) -> io::Result<()> {
        let mut packet = [0; PACKET_MAX];
        loop {
            tokio::task::consume_budget().await;
            let length = tuns[from].recv(&mut packet).await?;
            let packet = &packet[..length];
            if let Some(to) = self.place(packet).filter(|to| *to != from)
                && self.route(from, to, packet)
            {
                // A device that takes no more loses packets, as they do.
                let _ = tuns[to].try_send(packet);
            }
        }
    }

    /// Which node an IPv4 packet is for.
    fn place(&self, packet: &[u8]) -> Option<usize> {
        let is_ipv4 = packet.first()? >> 4 == 4;
        let [first, second, 0, last] = packet.get(16..20)? else { return None };
        let n = usize::from(*last).checked_sub(1).filter(|n| *n < N_NODES)?;
        (is_ipv4 && [*first, *second] == self.prefix).then_some(n)
    }

    /// True if it is to arrive now; later arrivals are kept.
    fn route(&self, from: usize, to: usize, packet: &[u8]) -> bool {
        let mut state = self.state();
        let State { rng, unplugged, links, .. } = &mut *state;
        let now = Instant::now();
        let arrivals = match unplugged[from] || unplugged[to] {
            true => Vec::new(),
            false => links[from][to].arrivals(now, packet.len(), rng),
        };
        state.carried.packets += 1;
        state.carried.lost += u64::from(arrivals.is_empty());
        let mut at_once = false;
        for at in arrivals {
            if at <= now && !at_once {
                at_once = true;
                continue;
            }
            state.carried.late += 1;
            let number = state.carried.late;
            let is_first = state.late.peek().is_none_or(|Reverse(first)| at < first.at);
            state.late.push(Reverse(Late { at, number, to, packet: packet.to_vec() }));
            if is_first {
                self.earlier.notify_one();
            }
        }
        at_once
    }

    /// Hands over what was late.
    async fn deliver(&self, tuns: &[Tun]) {
        loop {
            let next = self.state().late.peek().map(|Reverse(late)| late.at);
            let due = async {
                match next {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => {}
                () = self.earlier.notified() => continue,
            }
            loop {
                let Some(late) = self.state().due() else { break };
                let _ = tuns[late.to].try_send(&late.packet);
            }
        }
    }
}

impl State {
    fn due(&mut self) -> Option<Late> {
        let is_due = self.late.peek().is_some_and(|Reverse(late)| late.at <= Instant::now());
        is_due.then(|| self.late.pop()).flatten().map(|Reverse(late)| late)
    }
}
