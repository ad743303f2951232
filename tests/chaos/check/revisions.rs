//! Revisions are log indexes, so they claim an order. It must agree with the clock: who starts
//! after a revision was answered never meets an older one. And a revision is one value for ever.

use super::{
    super::history::{End, Op, Swapped, What},
    Verdict,
};
use std::collections::HashMap;

/// Judges one key.
pub fn check(key: &str, ops: &[&Op]) -> Verdict {
    let mut verdict = Verdict::default();
    verdict.violations.extend(names(key, ops));
    verdict.violations.extend(order(key, ops));
    verdict.violations.extend(ops.iter().filter_map(|op| single(key, op)));
    verdict.violations.extend(swaps(key, ops));
    verdict
}

/// One value for a revision, one revision for a value.
fn names(key: &str, ops: &[&Op]) -> Vec<String> {
    let (mut values, mut revisions) = (HashMap::new(), HashMap::new());
    let mut wrong = Vec::new();
    for op in ops {
        let seen = op.seen().map(|seen| (seen.value.as_str(), seen.revision));
        let Some((value, revision)) = seen.or(op.acknowledged()) else { continue };
        let (known, at) =
            (*values.entry(revision).or_insert(value), *revisions.entry(value).or_insert(revision));
        if known != value {
            wrong.push(format!("{key} at {revision} is both {known} and {value}"));
        }
        if at != revision {
            wrong.push(format!("{key} = {value} was written at {at} and again at {revision}"));
        }
    }
    wrong
}

/// What the operation shows the object at. A lost swap shows nothing for sure.
fn shown(op: &Op) -> Option<u64> {
    match (&op.what, op.end) {
        (What::Read(found), End::Ok) => Some(found.as_ref().map_or(0, |seen| seen.revision)),
        _ => op.acknowledged().map(|(_, revision)| revision),
    }
}

/// The clock's order: nobody is shown less than what had been shown before the call.
fn order(key: &str, ops: &[&Op]) -> Vec<String> {
    let mut by_return: Vec<(&Op, u64)> =
        ops.iter().filter_map(|op| Some((*op, shown(op)?))).collect();
    let by_call = by_return.clone();
    by_return.sort_by_key(|(op, _)| op.ret_us);
    let mut returned = by_return.into_iter().peekable();
    let mut newest: Option<(&Op, u64)> = None;
    let mut wrong = Vec::new();
    for (op, at) in by_call {
        while let Some(before) = returned.next_if(|(before, _)| before.ret_us < op.call_us) {
            if newest.is_none_or(|(_, newest)| newest < before.1) {
                newest = Some(before);
            }
        }
        let Some((before, revision)) = newest else { continue };
        if at < revision || (at == revision && op.acknowledged().is_some()) {
            wrong.push(format!("{key} went back from {revision} to {at}: {before:?} then {op:?}"));
        }
    }
    wrong
}

/// What one answer alone may not say.
fn single(key: &str, op: &Op) -> Option<String> {
    let good = match (&op.what, op.end) {
        (What::Fresh { at_least, found }, End::Ok) => {
            found.as_ref().is_some_and(|seen| seen.revision >= *at_least)
        }
        (What::Repeat { first, again }, End::Ok) => first == again,
        (What::Swap { expected, outcome: Swapped::Done(at), .. }, End::Ok) => *expected < Some(*at),
        _ => true,
    };
    (!good).then(|| format!("{key}: {op:?} cannot be"))
}

/// Between what a swap replaced and the swap itself nobody wrote.
fn swaps(key: &str, ops: &[&Op]) -> Vec<String> {
    let mut writes: Vec<u64> = ops
        .iter()
        .filter_map(|op| op.acknowledged().map(|w| w.1).or(op.seen().map(|seen| seen.revision)))
        .collect();
    writes.sort_unstable();
    writes.dedup();
    let lost = |op: &&&Op| match (&op.what, op.end) {
        (What::Swap { expected, outcome: Swapped::Done(at), .. }, End::Ok) => {
            let before = writes.partition_point(|revision| revision < at);
            before.checked_sub(1).map(|place| writes[place]) != *expected
        }
        _ => false,
    };
    let told = |op: &&Op| format!("{key}: an update was lost, somebody wrote before {op:?}");
    ops.iter().filter(lost).map(told).collect()
}
