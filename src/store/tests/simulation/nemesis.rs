//! What goes wrong: processes, disks and cables, several things at once.

use super::{
    disk::End,
    net::{CALM, Weather},
    node::Node,
    rng::Rng,
    world::World,
};
use crate::{model::NodeId, store::VoterChange};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// What happened how often, for the summary.
pub(super) type Count = Arc<Mutex<std::collections::BTreeMap<&'static str, u64>>>;

fn count(counts: &Count, what: &'static str) {
    *counts.lock().unwrap().entry(what).or_default() += 1;
}

/// Kills, power cuts, slow and full disks.
pub(super) async fn plague_nodes(world: Arc<World>, mut rng: Rng, until: Instant, counts: Count) {
    while Instant::now() < until {
        sleep(rng.millis(200..2000)).await;
        let node = &world.nodes[rng.index(world.nodes.len())];
        let Some(life) = node.life() else { continue };
        let end = *rng.pick(&[End::Killed, End::PowerCut]);
        match rng.within(0..100) {
            0..35 => {
                count(&counts, if end == End::Killed { "kill" } else { "power cut" });
            }
            35..65 => {
                count(&counts, "end amid a disk operation");
                life.power.light_fuse(rng.within(1..60));
                let _ = tokio::time::timeout(Duration::from_secs(5), life.power.gone()).await;
            }
            65..75 => {
                count(&counts, "full disk");
                world.trace.note(format_args!("the disk of {} is full", node.id));
                life.power.fill();
                sleep(rng.millis(100..1500)).await;
            }
            _ => {
                count(&counts, "slow disk");
                let longest_ms = rng.within(50..2500);
                world.trace.note(format_args!("the disk of {} takes {longest_ms} ms", node.id));
                node.set_slow(Some(longest_ms));
                sleep(rng.millis(500..4000)).await;
                node.set_slow(None);
                continue;
            }
        }
        if !node.end(&world, life.n, end) {
            continue;
        }
        drop(life);
        sleep(rng.millis(20..2500)).await;
        node.start(&world).await;
    }
}

/// Cuts of every kind, and bad weather.
pub(super) async fn plague_net(world: Arc<World>, mut rng: Rng, until: Instant, counts: Count) {
    while Instant::now() < until {
        sleep(rng.millis(100..1500)).await;
        let cuts = choose_cuts(&world.ids(), &mut rng);
        if rng.chance(30) {
            count(&counts, "bad weather");
            let (lost, slow) = (rng.within(0..40), rng.within(0..60));
            world.net.set_weather(Weather { lost, slow, slow_ms: rng.within(50..600) });
        } else {
            count(&counts, "cut");
            world.trace.note(format_args!("cut {cuts:?}"));
            world.net.cut(&cuts);
        }
        sleep(rng.millis(50..3000)).await;
        world.trace.note(format_args!("the net is mended"));
        world.net.mend(&cuts);
        world.net.set_weather(CALM);
    }
}

fn choose_cuts(ids: &[NodeId], rng: &mut Rng) -> BTreeSet<(NodeId, NodeId)> {
    let pairs = ids.iter().flat_map(|a| ids.iter().map(move |b| (*a, *b)));
    let one = *rng.pick(ids);
    let other = *rng.pick(ids);
    let side: BTreeSet<NodeId> = ids.iter().copied().filter(|_| rng.chance(50)).collect();
    let kind = rng.within(0..5);
    pairs
        .filter(|(from, to)| match kind {
            // One is alone; nobody hears it; it hears nobody; one link; two sides.
            0 => *from == one || *to == one,
            1 => *from == one,
            2 => *to == one,
            3 => (*from, *to) == (one, other) || (*from, *to) == (other, one),
            _ => side.contains(from) != side.contains(to),
        })
        .collect()
}

/// Leadership is handed over, members leave and come back.
pub(super) async fn unsettle(world: Arc<World>, mut rng: Rng, until: Instant, counts: Count) {
    while Instant::now() < until {
        sleep(rng.millis(500..4000)).await;
        let Some((_, life)) = world.leader() else { continue };
        if rng.chance(40) {
            count(&counts, "hand over");
            let done = life.store.hand_over(Duration::from_secs(2)).await;
            world.trace.note(format_args!("hand over: {done:?}"));
        } else {
            count(&counts, "membership");
            let node = &world.nodes[rng.index(world.nodes.len())];
            change_members(&world, node, &life.store).await;
        }
    }
}

/// Makes `node` one step more or less of a member.
async fn change_members(world: &World, node: &Node, store: &crate::store::Store) {
    let seen = store.membership();
    let one = BTreeSet::from([node.id]);
    let done = if seen.joint {
        store.change_voters(&seen, &VoterChange::default()).await
    } else if seen.learners.contains(&node.id) {
        let change = VoterChange { add: one, ..VoterChange::default() };
        store.change_voters(&seen, &change).await
    } else if seen.voters.contains(&node.id) {
        if seen.voters.len() <= 2 {
            return;
        }
        let change = VoterChange { remove: one, ..VoterChange::default() };
        store.change_voters(&seen, &change).await
    } else {
        store.add_learner(node.id).await
    };
    world.trace.note(format_args!("membership of {}: {done:?}", node.id));
}

/// Until everybody is a voter again.
pub(super) async fn make_whole(world: &World, until: Instant) -> bool {
    while Instant::now() < until {
        sleep(Duration::from_millis(200)).await;
        let Some((_, life)) = world.leader() else { continue };
        let members = life.store.membership();
        let missing = world.nodes.iter().find(|node| !members.voters.contains(&node.id));
        match missing {
            None if !members.joint => return true,
            None => change_members(world, &world.nodes[0], &life.store).await,
            Some(node) => change_members(world, node, &life.store).await,
        }
    }
    false
}
