//! Good histories pass, and each way of being wrong is caught: a checker that cannot fail proves
//! nothing.

use super::{
    check::{
        Verdict,
        finals::{self, Shown},
        linear, operations, revisions,
        watch::{self, Heard, Watched},
    },
    history::{End, Op, Seen, Swapped, What},
};
use proptest::{prelude::*, test_runner::Config};

fn op(client: u32, call_us: u64, ret_us: u64, what: What) -> Op {
    Op { client, node: 0, key: "k".into(), call_us, ret_us, end: End::Ok, what }
}

fn unknown(op: Op) -> Op {
    Op { end: End::Info, ..op }
}

fn put(value: &str, revision: u64) -> What {
    What::Put { value: value.into(), revision }
}

fn read(value: &str, revision: u64) -> What {
    What::Read(Some(Seen { value: value.into(), revision }))
}

fn swap(expected: Option<u64>, value: &str, outcome: Swapped) -> What {
    What::Swap { expected, value: value.into(), outcome }
}

fn linear_only(history: &[Op]) -> Verdict {
    linear::check("k", &history.iter().collect::<Vec<_>>())
}

fn revisions_only(history: &[Op]) -> Verdict {
    revisions::check("k", &history.iter().collect::<Vec<_>>())
}

fn is_good(verdict: &Verdict) -> bool {
    assert!(verdict.undecided.is_empty(), "{verdict:?}");
    verdict.violations.is_empty()
}

#[test]
fn operations_one_after_the_other_are_fine() {
    let history = [
        op(1, 0, 1, What::Read(None)),
        op(1, 2, 3, swap(None, "a", Swapped::Done(10))),
        op(2, 4, 5, read("a", 10)),
        op(2, 6, 7, swap(Some(10), "b", Swapped::Done(12))),
        op(1, 8, 9, swap(Some(10), "c", Swapped::Lost)),
        op(1, 10, 11, put("d", 13)),
        op(
            1,
            12,
            13,
            What::Fresh { at_least: 13, found: Some(Seen { value: "d".into(), revision: 13 }) },
        ),
        op(1, 14, 15, What::Repeat { first: 13, again: 13 }),
    ];
    assert!(is_good(&operations(&history)));
}

#[test]
fn overlapping_operations_may_take_effect_in_any_order() {
    let history = [
        op(1, 0, 10, put("a", 2)),
        op(2, 0, 10, put("b", 1)),
        op(3, 1, 9, read("b", 1)),
        op(3, 11, 12, read("a", 2)),
    ];
    assert!(is_good(&operations(&history)));
}

#[test]
fn a_dropped_write_is_caught_by_both_judges() {
    let history = [op(1, 0, 1, put("a", 1)), op(1, 2, 3, put("b", 2)), op(2, 4, 5, read("a", 1))];
    assert!(!is_good(&linear_only(&history)));
    assert!(!is_good(&revisions_only(&history)));
}

#[test]
fn a_value_that_vanishes_is_caught() {
    let history = [op(1, 0, 1, put("a", 1)), op(2, 2, 3, What::Read(None))];
    assert!(!is_good(&linear_only(&history)));
    assert!(!is_good(&revisions_only(&history)));
}

#[test]
fn a_stale_read_is_caught() {
    let history = [
        op(1, 0, 10, put("a", 1)),
        op(2, 11, 20, put("b", 2)),
        op(3, 12, 13, read("b", 2)),
        op(4, 14, 15, read("a", 1)),
    ];
    assert!(!is_good(&linear_only(&history)));
    assert!(!is_good(&revisions_only(&history)));
}

#[test]
fn a_write_with_unknown_outcome_may_happen_late_or_never() {
    let base = [op(1, 0, 1, put("a", 1)), unknown(op(2, 2, 3, put("b", 0)))];
    let late = [op(3, 90, 91, read("a", 1)), op(3, 95, 96, read("b", 7))];
    assert!(is_good(&operations(&[base.as_slice(), &late].concat())));
    let never = [op(3, 95, 96, read("a", 1))];
    assert!(is_good(&operations(&[base.as_slice(), &never].concat())));
}

#[test]
fn a_write_with_unknown_outcome_happens_only_once() {
    let history = [
        op(1, 0, 1, put("a", 1)),
        unknown(op(2, 2, 3, put("b", 0))),
        op(3, 4, 5, read("b", 2)),
        op(1, 6, 7, put("c", 3)),
        op(3, 8, 9, read("b", 4)),
    ];
    assert!(!is_good(&linear_only(&history)));
    assert!(!is_good(&revisions_only(&history)));
}

#[test]
fn a_write_cannot_be_read_before_it_was_asked_for() {
    let history = [op(2, 0, 1, read("a", 1)), op(1, 2, 3, put("a", 1))];
    assert!(!is_good(&linear_only(&history)));
    assert!(!is_good(&revisions_only(&history)));
}

#[test]
fn two_swaps_of_one_revision_are_caught() {
    let history = [
        op(1, 0, 1, put("a", 1)),
        op(1, 2, 9, swap(Some(1), "b", Swapped::Done(2))),
        op(2, 2, 9, swap(Some(1), "c", Swapped::Done(3))),
    ];
    assert!(!is_good(&linear_only(&history)));
    assert!(!is_good(&revisions_only(&history)));
}

#[test]
fn a_swap_refused_without_reason_is_caught() {
    let history = [op(1, 0, 1, put("a", 1)), op(1, 2, 3, swap(Some(1), "b", Swapped::Lost))];
    assert!(!is_good(&linear_only(&history)));
}

#[test]
fn what_failed_for_sure_must_not_be_read() {
    let failed = Op { end: End::Fail, ..op(1, 0, 1, put("a", 0)) };
    let history = [failed, op(2, 2, 3, read("a", 5))];
    assert!(!is_good(&linear_only(&history)));
}

#[test]
fn a_repeated_request_that_is_applied_again_is_caught() {
    let history = [op(1, 0, 1, put("a", 1)), op(1, 2, 3, What::Repeat { first: 1, again: 2 })];
    assert!(!is_good(&revisions_only(&history)));
}

#[test]
fn a_read_older_than_it_asked_to_be_is_caught() {
    let found = Some(Seen { value: "a".into(), revision: 3 });
    let history = [op(1, 0, 1, What::Fresh { at_least: 4, found })];
    assert!(!is_good(&revisions_only(&history)));
}

fn shown(value: &str, revision: u64) -> Shown {
    [("k".to_owned(), Seen { value: value.into(), revision })].into()
}

#[test]
fn what_is_left_must_be_the_newest_and_the_same_everywhere() {
    let history = [op(1, 0, 1, put("a", 1)), op(1, 2, 3, put("b", 2))];
    assert!(is_good(&finals::check(&history, &[shown("b", 2), shown("b", 2)])));
    assert!(!is_good(&finals::check(&history, &[shown("b", 2), shown("a", 1)])));
    assert!(!is_good(&finals::check(&history, &[Shown::new()])));
    assert!(!is_good(&finals::check(&history, &[shown("z", 3)])));
    let history = [history.as_slice(), &[unknown(op(2, 4, 5, put("c", 0)))]].concat();
    assert!(is_good(&finals::check(&history, &[shown("c", 3)])));
}

fn heard(after: u64, upto: u64, key: &str) -> Heard {
    Heard { after, upto, keys: [key.to_owned()].into(), all: false }
}

#[test]
fn a_watcher_must_hear_of_every_write_once_it_listens() {
    let history = [op(1, 0, 1, put("a", 3)), op(1, 2, 3, put("b", 5)), op(1, 4, 5, put("c", 8))];
    let of = |heard: Vec<Heard>| Watched { watcher: 0, heard, went_back: Vec::new() };
    assert!(is_good(&watch::check(&history, &of(vec![heard(3, 5, "k"), heard(5, 9, "k")]))));
    assert!(!is_good(&watch::check(&history, &of(vec![heard(3, 5, "x"), heard(5, 9, "k")]))));
    assert!(!is_good(&watch::check(&history, &of(vec![heard(3, 5, "k")]))));
    let all = Heard { after: 5, upto: 9, keys: [].into(), all: true };
    assert!(is_good(&watch::check(&history, &of(vec![heard(3, 5, "k"), all]))));
}

/// A real register, used by clients whose operations overlap: each takes effect at one moment.
fn real(moments: &[(u8, u64, u64)]) -> Vec<Op> {
    let (mut value, mut revision) = (String::new(), 0);
    let mut history = Vec::new();
    for (n, (kind, before, after)) in (1_u64..).zip(moments) {
        let at = n * 100;
        let found = (revision > 0).then(|| Seen { value: value.clone(), revision });
        let what = match kind % 4 {
            0 => What::Read(found),
            1 => {
                (value, revision) = (format!("v{n}"), n);
                put(&value, revision)
            }
            2 => {
                let expected = found.map(|seen| seen.revision);
                (value, revision) = (format!("v{n}"), n);
                swap(expected, &value, Swapped::Done(n))
            }
            _ => swap(Some(u64::MAX), "never", Swapped::Lost),
        };
        history.push(op(u32::try_from(n).unwrap(), at - before.min(&at), at + after, what));
    }
    history
}

proptest! {
    #![proptest_config(Config::with_cases(300))]

    #[test]
    fn whatever_a_real_register_answers_is_found_good(
        moments in prop::collection::vec((any::<u8>(), 0_u64..900, 0_u64..900), 1..40),
    ) {
        let history = real(&moments);
        let verdict = operations(&history);
        prop_assert!(verdict.violations.is_empty(), "{:?}", verdict.violations);
    }

    #[test]
    fn an_acknowledged_write_that_was_dropped_is_always_found(
        moments in prop::collection::vec((any::<u8>(), 0_u64..900, 0_u64..900), 0..20),
        more in prop::collection::vec((any::<u8>(), 0_u64..900, 0_u64..900), 0..20),
    ) {
        let mut history = real(&moments);
        let start = history.iter().map(|op| op.ret_us).max().unwrap_or(0) + 1;
        // Acknowledged alone, and not there for a read that comes later.
        history.push(op(0, start, start + 1, put("dropped", 1_000_000)));
        let found = history.iter().rev().skip(1).filter_map(|op| op.acknowledged())
            .max_by_key(|written| written.1)
            .map(|(value, revision)| Seen { value: value.to_owned(), revision });
        history.push(op(0, start + 2, start + 3, What::Read(found)));
        history.extend(real(&more).into_iter().map(|mut op| {
            op.call_us += start + 10;
            op.ret_us += start + 10;
            op
        }));
        let all: Vec<&Op> = history.iter().collect();
        prop_assert!(!linear::check("k", &all).violations.is_empty());
        prop_assert!(!revisions::check("k", &all).violations.is_empty());
    }
}
