//! The summary of a run, as one JSON line, and what is kept of a failed one.

use super::{
    cluster::Cluster,
    history::{End, Op},
    nemesis::{Kind, Span},
    options::Options,
    run::Round,
};
use serde::Serialize;
use serde_json::json;
use std::{collections::BTreeMap, process::ExitCode, time::Instant};

/// Of the operations called while nothing was wrong so many must succeed.
const CALM_PERCENT: usize = 60;

/// How the cluster stood links of a kind, while nothing else was wrong.
#[derive(Debug, Default, Serialize)]
struct BadLinks {
    seconds: u64,
    elections: u64,
}

pub struct Report<'o> {
    options: &'o Options,
    kinds: Vec<Kind>,
    began: Instant,
    pub n_rounds: u32,
    pub first_term: u64,
    last_term: u64,
    faults: BTreeMap<String, u32>,
    bad_links: BTreeMap<String, BadLinks>,
    operations: BTreeMap<&'static str, usize>,
    calm: (usize, usize),
    violations: Vec<String>,
    undecided: Vec<String>,
    failed: Option<(Vec<Op>, Vec<Span>)>,
}

impl<'o> Report<'o> {
    pub fn new(options: &'o Options, kinds: &[Kind]) -> Self {
        Self {
            options,
            kinds: kinds.to_vec(),
            began: Instant::now(),
            n_rounds: 0,
            first_term: 0,
            last_term: 0,
            faults: BTreeMap::new(),
            bad_links: BTreeMap::new(),
            operations: BTreeMap::new(),
            calm: (0, 0),
            violations: Vec::new(),
            undecided: Vec::new(),
            failed: None,
        }
    }

    pub fn is_good(&self) -> bool {
        self.violations.is_empty()
    }

    pub fn add(&mut self, round: Round, cluster: &Cluster) {
        self.n_rounds += 1;
        self.last_term = self.last_term.max(round.term);
        for span in &round.spans {
            *self.faults.entry(span.kind.name()).or_default() += 1;
            if let Some(elections) = span.elections {
                let sum = self.bad_links.entry(span.kind.name()).or_default();
                sum.seconds += (span.to_us - span.from_us) / 1_000_000;
                sum.elections += elections;
            }
        }
        for op in &round.history {
            let end = match op.end {
                End::Ok => "ok",
                End::Fail => "fail",
                End::Info => "info",
            };
            *self.operations.entry(end).or_default() += 1;
        }
        self.calm.0 += round.calm.0;
        self.calm.1 += round.calm.1;
        self.violations.extend(round.verdict.violations);
        self.undecided.extend(round.verdict.undecided);
        for n in 0..super::net::N_NODES {
            let log = cluster.node(n).log();
            let panics = log.lines().filter(|line| line.contains("panicked at"));
            self.violations.extend(panics.map(|line| format!("node {n}: {line}")));
        }
        eprintln!(
            "round {}: {} faults, {} operations, {} violations, term {}",
            self.n_rounds,
            round.spans.len(),
            round.history.len(),
            self.violations.len(),
            round.term,
        );
        if !self.is_good() {
            self.failed = Some((round.history, round.spans));
        }
    }

    /// Prints the summary; keeps history and logs if something was wrong.
    pub fn finish(mut self, cluster: &Cluster) -> ExitCode {
        let (n_calm, n_answered) = self.calm;
        if n_answered * 100 < n_calm * CALM_PERCENT || n_answered == 0 {
            self.violations.push(format!(
                "only {n_answered} of {n_calm} operations outside of faults were answered"
            ));
        }
        for violation in self.violations.iter().take(20) {
            eprintln!("violation: {violation}");
        }
        let line = json!({
            "chaos": if self.is_good() { "passed" } else { "failed" },
            "seed": self.options.seed,
            "profile": self.options.profile,
            "minutes": (self.began.elapsed().as_secs_f64() / 6.0).round() / 10.0,
            "rounds": self.n_rounds,
            "faults": self.faults,
            "operations": self.operations,
            "calm": {"operations": n_calm, "answered": n_answered},
            "elections_on_bad_links": self.bad_links,
            "carried": cluster.net.carried(),
            "elections": self.last_term.saturating_sub(self.first_term),
            "ended_on_a_full_disk": *cluster.n_excused_ends.lock().unwrap(),
            "violations": self.violations.len(),
            "undecided": self.undecided,
        });
        println!("{line}");
        if self.is_good() {
            return ExitCode::SUCCESS;
        }
        self.keep(cluster);
        ExitCode::FAILURE
    }

    fn keep(&self, cluster: &Cluster) {
        let dir = self.options.keep.join(format!("seed-{}", self.options.seed));
        cluster.keep(&dir);
        let (history, spans) =
            self.failed.as_ref().map(|(h, s)| (&h[..], &s[..])).unwrap_or_default();
        let document = json!({
            "seed": self.options.seed,
            "nemesis": self.kinds,
            "violations": self.violations,
            "faults": spans,
            "history": history,
        });
        std::fs::write(dir.join("history.json"), document.to_string()).unwrap();
        eprintln!("history, logs and data are kept in {}", dir.display());
    }
}
