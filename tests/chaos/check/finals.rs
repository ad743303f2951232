//! What is left after everything has healed: the same on every node, and nothing lost.

use super::{
    super::history::{Op, Seen},
    Verdict, by_key,
};
use std::collections::BTreeMap;

/// All objects of a round as one node shows them.
pub type Shown = BTreeMap<String, Seen>;

/// Compares what the nodes show with each other and with what was acknowledged.
pub fn check(history: &[Op], nodes: &[Shown]) -> Verdict {
    let mut verdict = Verdict::default();
    let keys = by_key(history);
    for (n, shown) in nodes.iter().enumerate() {
        if let Some((first, _)) = nodes.split_first()
            && first != shown
        {
            verdict.violations.push(format!("node {n} ends with another state than node 0: {}", {
                difference(first, shown)
            }));
        }
        for (key, ops) in &keys {
            verdict.violations.extend(lost(n, key, ops, shown.get(*key)));
        }
    }
    verdict
}

/// The last acknowledged write is there, or something newer that somebody wanted to write.
fn lost(n: usize, key: &str, ops: &[&Op], shown: Option<&Seen>) -> Option<String> {
    let newest = ops.iter().filter_map(|op| op.acknowledged()).max_by_key(|written| written.1);
    let complaint = |what: &str| {
        let shown = shown.map_or("nothing".to_owned(), |seen| format!("{seen:?}"));
        Some(format!("node {n} shows {shown} as {key}: {what}"))
    };
    match (newest, shown) {
        (None, None) => None,
        (Some((value, at)), None) => complaint(&format!("{value}, acknowledged at {at}, is lost")),
        (Some((value, at)), Some(seen)) if seen.revision < at => {
            complaint(&format!("{value}, acknowledged at {at}, is lost"))
        }
        (_, Some(seen)) if !ops.iter().any(|op| op.written() == Some(&seen.value)) => {
            complaint("nobody wrote that")
        }
        _ => None,
    }
}

fn difference(one: &Shown, other: &Shown) -> String {
    let differs = |key: &&String| one.get(*key) != other.get(*key);
    let mut keys: Vec<&String> = one.keys().chain(other.keys()).filter(differs).collect();
    keys.sort();
    keys.dedup();
    let first =
        keys.first().map(|key| format!("{key}: {:?} / {:?}", one.get(*key), other.get(*key)));
    format!("{} objects, first {}", keys.len(), first.unwrap_or_default())
}
