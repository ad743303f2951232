//! Did a watcher hear of every change? An event says which objects changed up to its index, since
//! the event before it; so every acknowledged write falls into exactly one event's span, and that
//! event must name it, or say that everything is to be read again.

use super::{super::history::Op, Verdict};
use serde::Serialize;
use std::collections::BTreeSet;

/// One event as a watcher got it.
#[derive(Debug, Clone, Serialize)]
pub struct Heard {
    /// Changes after this index…
    pub after: u64,
    /// …up to this one.
    pub upto: u64,
    pub keys: BTreeSet<String>,
    /// Read everything again.
    pub all: bool,
}

/// All that one watcher heard, in order.
#[derive(Debug, Default, Serialize)]
pub struct Watched {
    pub watcher: usize,
    pub heard: Vec<Heard>,
    /// Events whose index was not above that of the one before.
    pub went_back: Vec<String>,
}

/// Judges one watcher.
pub fn check(history: &[Op], watched: &Watched) -> Verdict {
    let mut verdict = Verdict::default();
    let who = watched.watcher;
    verdict
        .violations
        .extend(watched.went_back.iter().map(|what| format!("watcher {who} went back: {what}")));
    let Some(first) = watched.heard.first() else {
        verdict.violations.push(format!("watcher {who} heard nothing"));
        return verdict;
    };
    for (op, at) in history.iter().filter_map(|op| Some((op, op.acknowledged()?.1))) {
        if at <= first.after {
            continue;
        }
        let mut spans = watched.heard.iter().filter(|heard| heard.after < at && at <= heard.upto);
        if !spans.any(|heard| heard.all || heard.keys.contains(&op.key)) {
            let key = &op.key;
            verdict.violations.push(format!("watcher {who} never heard of {key} at {at}"));
        }
    }
    verdict
}
