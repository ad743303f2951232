//! The fault harness: three real nodes in network namespaces, clients that write down what they
//! are told, faults from a seed, and judges. `scripts/chaos --help` says how to use it.

#![allow(clippy::unwrap_used, reason = "a harness that fails should say so loudly")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the lines are the product")]
#![allow(unreachable_pub, missing_docs, reason = "a program, not a library")]
#![allow(clippy::disallowed_methods, reason = "starts the program under test")]
#![allow(dead_code, reason = "parts are shared with the tests")]

mod check;
mod client;
mod cluster;
mod figures;
#[path = "../it/harness/mod.rs"]
mod harness;
mod history;
mod link;
mod membership;
mod nemesis;
mod net;
mod node;
mod options;
mod report;
mod rng;
mod router;
mod run;
mod watcher;

use clap::Parser as _;
use cluster::Cluster;
use nemesis::Kind;
use net::Middle;
use options::Options;
use report::Report;
use std::{
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

/// Wrong flags.
const USAGE: u8 = 2;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let mut options = Options::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    if options.seed == 0 {
        let clock = watchkeep::base::clock::now_unix_ms();
        options.seed = rng::Rng::new(clock).next() >> 32;
    }
    let interrupted = async {
        let kind = tokio::signal::unix::SignalKind::terminate();
        let mut terminated = tokio::signal::unix::signal(kind).unwrap();
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
    };
    // Dropping the run ends the nodes and takes the cables away.
    tokio::select! {
        code = run(&options) => code,
        () = interrupted => ExitCode::FAILURE,
    }
}

async fn run(options: &Options) -> ExitCode {
    if let Some(figure) = &options.figure {
        return match figures::measure(figure, options).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("{why}");
                ExitCode::FAILURE
            }
        };
    }
    let kinds = match options.kinds() {
        Ok(kinds) => kinds,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(USAGE);
        }
    };
    eprintln!("seed {}: the same plan again with --seed {}", options.seed, options.seed);
    let (disk, middle) = (kinds.contains(&Kind::DiskFull), Middle::Router(options.seed));
    let cluster = match Cluster::new(&options.profile, disk, middle) {
        Ok(cluster) => cluster,
        Err(why) => {
            eprintln!("skipped: all of it, since there can be no network namespaces here: {why}");
            println!("{}", serde_json::json!({"chaos": "skipped", "why": why}));
            return ExitCode::SUCCESS;
        }
    };
    let kinds = without_impossible(kinds, &cluster);
    let tending = tokio::spawn(cluster.clone().tend());
    let mut report = Report::new(options, &kinds);
    for n in 0..net::N_NODES {
        cluster.node(n).start();
    }
    cluster.first_write().await;
    report.first_term = cluster.leader().await.map_or(0, |leader| leader.1);
    let end = Instant::now() + Duration::from_secs_f64(options.minutes * 60.0);
    while Instant::now() < end && report.is_good() {
        let left = end - Instant::now();
        let round = run::round(&cluster, options, report.n_rounds, &kinds, left).await;
        report.add(round, &cluster);
    }
    tending.abort();
    report.finish(&cluster)
}

/// What this machine or harness cannot do is left out by name.
fn without_impossible(mut kinds: Vec<Kind>, cluster: &Arc<Cluster>) -> Vec<Kind> {
    if cluster.node(net::N_NODES - 1).disk().is_none() && kinds.contains(&Kind::DiskFull) {
        eprintln!("skipped: disk-full, since this machine lets us mount no tmpfs");
        kinds.retain(|kind| *kind != Kind::DiskFull);
    }
    if !cluster.net.has_router() {
        for kind in kinds.iter().filter(|kind| kind.needs_router()) {
            eprintln!("skipped: {}, since there is no router between the nodes", kind.name());
        }
        kinds.retain(|kind| !kind.needs_router());
    }
    kinds
}
