//! Whole clusters in simulated time, on one thread, decided by a seed: our log store, state
//! machine and network adapter under the real Raft, over redb files in memory that crash, and a
//! network that delays, loses, reorders and cuts. `WATCHKEEP_SIM_SEEDS` says how many seeds,
//! `WATCHKEEP_SIM_FIRST` which is the first, `WATCHKEEP_SIM_LINES` how much of a failed run is shown.

#[path = "../../../../tests/chaos/check/mod.rs"]
#[allow(unreachable_pub, missing_docs, dead_code, reason = "shared with the fault harness")]
mod check;
mod client;
mod disk;
mod facts;
#[path = "../../../../tests/chaos/history.rs"]
#[allow(unreachable_pub, missing_docs, dead_code, reason = "shared with the fault harness")]
mod history;
mod nemesis;
mod net;
mod node;
#[path = "../../../../tests/chaos/rng.rs"]
#[allow(unreachable_pub, missing_docs, dead_code, reason = "shared with the fault harness")]
mod rng;
mod run;
mod trace;
mod world;

use run::{Outcome, Plan, run};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

const N_SEEDS: u64 = 200;
/// Lines of a failed run that are shown.
const SHOWN: u64 = 150;

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// The outcome of each seed from `first` on, several at a time, until `enough`.
fn run_all(
    first: u64,
    n: u64,
    disks_lie: bool,
    enough: impl Fn(&Outcome) -> bool + Sync,
) -> BTreeMap<u64, Outcome> {
    let next = AtomicU64::new(first);
    let outcomes = Mutex::new(BTreeMap::new());
    let n_threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + n {
                        return;
                    }
                    let plan = Plan { seed, disks_lie };
                    let ran = catch_unwind(AssertUnwindSafe(|| run(plan)));
                    let mut outcome = ran.unwrap_or_else(|panic| {
                        let why = panic.downcast_ref::<String>().cloned();
                        let violations = vec![format!("panicked: {why:?}")];
                        Outcome { violations, ..Outcome::default() }
                    });
                    if enough(&outcome) {
                        next.store(first + n, Ordering::Relaxed);
                    }
                    if outcome.violations.is_empty() {
                        outcome.trace = Vec::new();
                    }
                    outcomes.lock().unwrap().insert(seed, outcome);
                }
            });
        }
    });
    outcomes.into_inner().unwrap()
}

fn summary(outcomes: &BTreeMap<u64, Outcome>, began: Instant) -> String {
    let sum = |part: fn(&Outcome) -> usize| outcomes.values().map(part).sum::<usize>();
    let mut faults = BTreeMap::new();
    for (what, n) in outcomes.values().flat_map(|outcome| &outcome.faults) {
        *faults.entry(*what).or_insert(0) += n;
    }
    format!(
        "{} seeds, {} operations, {} answered, {} leaders, {} undecided, faults {faults:?}, {:.1} s",
        outcomes.len(),
        sum(|outcome| outcome.n_ops),
        sum(|outcome| outcome.n_answered),
        sum(|outcome| outcome.n_leaders),
        sum(|outcome| outcome.undecided.len()),
        began.elapsed().as_secs_f64()
    )
}

#[test]
fn no_promise_is_broken_whatever_goes_wrong_in_two_hundred_seeds() {
    let first = from_environment("WATCHKEEP_SIM_FIRST", 1);
    let n = from_environment("WATCHKEEP_SIM_SEEDS", N_SEEDS);
    let began = Instant::now();
    let outcomes = run_all(first, n, false, |outcome| !outcome.violations.is_empty());
    println!("{}", summary(&outcomes, began));
    for (seed, outcome) in &outcomes {
        if !outcome.violations.is_empty() {
            let shown = from_environment("WATCHKEEP_SIM_LINES", SHOWN);
            let from = outcome.trace.len().saturating_sub(usize::try_from(shown).unwrap());
            println!("{}", outcome.trace[from..].join("\n"));
            panic!("seed {seed} (WATCHKEEP_SIM_FIRST={seed} WATCHKEEP_SIM_SEEDS=1): {:#?}", {
                &outcome.violations
            });
        }
    }
    let idle: Vec<_> = outcomes
        .iter()
        .filter(|(_, outcome)| outcome.n_answered * 2 < outcome.n_ops || outcome.n_ops < 15)
        .map(|(seed, outcome)| (seed, outcome.n_ops, outcome.n_answered))
        .collect();
    assert!(idle.len() * 10 <= outcomes.len(), "runs in which too little happened: {idle:?}");
}

#[test]
fn the_same_seed_tells_the_same_story() {
    for seed in [3, 77, 1_000_003] {
        let tell = || run(Plan { seed, disks_lie: false });
        let (one, other) = (tell().trace, tell().trace);
        assert!(one.len() > 1000, "only {} lines", one.len());
        if let Some(n) = one.iter().zip(&other).position(|(one, other)| one != other) {
            let before = one[n.saturating_sub(20)..n].join("\n");
            panic!("seed {seed} parts after\n{before}\n\n{}\n\n{}", one[n], other[n]);
        }
        assert_eq!(one.len(), other.len(), "seed {seed}");
        println!("seed {seed}: {} lines, {}", one.len(), trace::short(one.join("\n").as_bytes()));
    }
}

#[test]
fn disks_that_lie_about_their_syncs_are_found_out() {
    let began = Instant::now();
    let outcomes = run_all(1, N_SEEDS, true, |outcome| !outcome.violations.is_empty());
    println!("{}", summary(&outcomes, began));
    let mut found = outcomes.values().flat_map(|outcome| &outcome.violations);
    assert!(
        found.any(|what| what.contains("said it had") || what.contains("answered for")),
        "the simulation would not notice a store that loses what it promised"
    );
}
