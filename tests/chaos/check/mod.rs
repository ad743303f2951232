//! Judges a history. Pure: the same for a run and for the hand-written histories of its tests.
//!
//! Two judges that share nothing: `linear` looks for an order that explains what was read and
//! trusts no revision; `revisions` takes the order that the revisions claim and compares it with
//! the clock. `finals` and `watch` look at what is left and at what was announced.

pub mod finals;
pub mod linear;
pub mod revisions;
pub mod watch;

use super::history::Op;
use std::collections::BTreeMap;

/// What a judge found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Each is a broken promise.
    pub violations: Vec<String>,
    /// Keys for which the search was given up: neither good nor bad.
    pub undecided: Vec<String>,
}

impl Verdict {
    pub fn add(&mut self, other: Self) {
        self.violations.extend(other.violations);
        self.undecided.extend(other.undecided);
    }
}

/// Operations by key, in order of their calls.
pub fn by_key(history: &[Op]) -> BTreeMap<&str, Vec<&Op>> {
    let mut keys: BTreeMap<&str, Vec<&Op>> = BTreeMap::new();
    for op in history {
        keys.entry(&op.key).or_default().push(op);
    }
    for ops in keys.values_mut() {
        ops.sort_by_key(|op| op.call_us);
    }
    keys
}

/// Everything that can be said of the operations alone.
pub fn operations(history: &[Op]) -> Verdict {
    let mut verdict = Verdict::default();
    for (key, ops) in by_key(history) {
        verdict.add(revisions::check(key, &ops));
        verdict.add(linear::check(key, &ops));
    }
    verdict
}
