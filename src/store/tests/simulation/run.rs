//! One run: a cluster, its clients, what goes wrong, and the judgement.

use super::{
    check::{self, Verdict, finals::Shown},
    client::{Client, seen},
    facts::Facts,
    history::{End, Op},
    nemesis::{self, Count},
    net::{CALM, Net},
    node::Node,
    rng::Rng,
    trace::Trace,
    world::World,
};
use crate::{
    base::random,
    model::NodeId,
    store::tests::{command, put_row},
};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::{Instant, sleep};

const N_CLIENTS: u32 = 4;
/// How long things go wrong.
const TROUBLE: Duration = Duration::from_secs(6);
/// How long a cluster that is whole again may take until everybody is served.
const RECOVERY: Duration = Duration::from_secs(15);

/// How a run is to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) seed: u64,
    /// The disks say that they have synced, and have not.
    pub(super) disks_lie: bool,
}

/// How it was.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) violations: Vec<String>,
    pub(super) undecided: Vec<String>,
    pub(super) n_ops: usize,
    pub(super) n_answered: usize,
    pub(super) n_leaders: usize,
    pub(super) faults: BTreeMap<&'static str, u64>,
    /// All that happened.
    pub(super) trace: Vec<String>,
}

/// Runs it on this thread, in simulated time.
pub(super) fn run(plan: Plan) -> Outcome {
    let _seeded = random::seeded(plan.seed);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    runtime.block_on(story(plan, dir.unwrap().path()))
}

async fn story(plan: Plan, dir: &Path) -> Outcome {
    let trace = Trace::begin();
    let facts = Facts::new(trace.clone());
    let part = |n| Rng::part(plan.seed, n);
    let net = Net::new(part(1), trace.clone(), facts.clone());
    let n_nodes: u64 = if part(2).chance(20) { 5 } else { 3 };
    let node = |n: u64| Node::new(NodeId(n * 11), dir, part(100 + n), plan.disks_lie);
    let world = Arc::new(World {
        trace,
        facts,
        net,
        nodes: (1..=n_nodes).map(node).collect(),
        history: Mutex::default(),
        watched: Mutex::default(),
    });
    form(&world).await;
    let faults = trouble(&world, plan.seed).await;
    let shown = recover(&world).await;
    judge(&world, &shown, &faults)
}

/// All begin together, as formation sees to.
async fn form(world: &World) {
    for node in &world.nodes {
        node.start(world).await;
    }
    let ids = world.ids();
    for node in &world.nodes {
        node.life().unwrap().store.initialize(ids.clone()).await.unwrap();
    }
}

async fn trouble(world: &Arc<World>, seed: u64) -> Count {
    let part = |n| Rng::part(seed, n);
    let until = Instant::now() + TROUBLE;
    let faults = Count::default();
    let clients = (0..N_CLIENTS).map(|id| {
        tokio::spawn(Client::new(id, world.clone(), part(10 + u64::from(id))).run(until))
    });
    let clients: Vec<_> = clients.collect();
    let all = [
        tokio::spawn(nemesis::plague_nodes(world.clone(), part(3), until, faults.clone())),
        tokio::spawn(nemesis::plague_nodes(world.clone(), part(4), until, faults.clone())),
        tokio::spawn(nemesis::plague_net(world.clone(), part(5), until, faults.clone())),
        tokio::spawn(nemesis::plague_net(world.clone(), part(6), until, faults.clone())),
        tokio::spawn(nemesis::unsettle(world.clone(), part(7), until, faults.clone())),
    ];
    for task in clients.into_iter().chain(all) {
        task.await.unwrap();
    }
    faults
}

/// Everything is mended: now everybody must be served, and show the same.
async fn recover(world: &World) -> Vec<Shown> {
    world.trace.note(format_args!("all is mended"));
    world.net.set_weather(CALM);
    let until = Instant::now() + RECOVERY;
    if !nemesis::make_whole(world, until).await {
        world.facts.violated("the membership is not mended in time".to_owned());
    }
    let mut last = 0;
    for node in &world.nodes {
        let life = node.life().unwrap();
        match life.store.write(command_of(node.id), RECOVERY).await {
            Ok(written) => last = written.index,
            Err(error) => world.facts.violated(format!("node {} is not served: {error}", node.id)),
        }
    }
    let mut shown = Vec::new();
    for node in &world.nodes {
        let store = &node.life().unwrap().store;
        if !store.wait_applied(last, RECOVERY).await {
            world.facts.violated(format!("node {} does not catch up", node.id));
        }
        let keys = (0..3).map(|n| format!("k{n}"));
        shown.push(keys.filter_map(|key| Some((key.clone(), seen(store, &key)?))).collect());
    }
    // The watchers are told by tasks of their own.
    sleep(Duration::from_millis(100)).await;
    shown
}

fn command_of(node: NodeId) -> crate::store::command::Command {
    let request = u128::from(node.0);
    crate::store::command::Command { request, ..command(vec![put_row("last", b"v")]) }
}

fn judge(world: &World, shown: &[Shown], faults: &Count) -> Outcome {
    let history = world.history.lock().unwrap();
    let mut verdict = check::operations(&history);
    verdict.add(check::finals::check(&history, shown));
    for watched in world.watched.lock().unwrap().iter() {
        verdict.add(heard(&history, &watched.lock().unwrap()));
    }
    verdict.violations.extend(world.facts.violations());
    let Verdict { violations, undecided } = verdict;
    Outcome {
        violations,
        undecided,
        n_ops: history.len(),
        n_answered: history.iter().filter(|op| op.end == End::Ok).count(),
        n_leaders: world.facts.n_leaders(),
        faults: faults.lock().unwrap().clone(),
        trace: world.trace.lines(),
    }
}

/// A watcher must have heard of everything up to where its life ended.
fn heard(history: &[Op], watched: &check::watch::Watched) -> Verdict {
    let upto = watched.heard.last().map_or(0, |heard| heard.upto);
    let until_then: Vec<Op> = history
        .iter()
        .filter(|op| op.acknowledged().is_some_and(|(_, at)| at <= upto))
        .cloned()
        .collect();
    check::watch::check(&until_then, watched)
}
