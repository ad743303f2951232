use super::*;
use proptest::prelude::*;

const LIMITS: Limits = Limits { late_ms: 90_000, idle_ms: 30_000_000 };

fn firing(starts: u64) -> Assertion {
    Assertion::Firing { starts_at: UnixMs(starts) }
}

fn resolved(starts: u64, ends: u64) -> Assertion {
    Assertion::Resolved { starts_at: UnixMs(starts), ends_at: UnixMs(ends) }
}

/// Applies assertions in order; returns every span there ever was, latest last, and meanings.
fn run(assertions: &[(Assertion, u64)]) -> (Vec<Span>, Vec<Meaning>) {
    let mut spans: Vec<Span> = Vec::new();
    let mut meanings = Vec::new();
    for (assertion, received) in assertions {
        let merged = merge(spans.last(), *assertion, UnixMs(*received), LIMITS);
        if let Some(expired) = merged.expired {
            *spans.last_mut().unwrap() = expired;
        }
        match spans.last_mut() {
            Some(last) if last.number == merged.span.number => *last = merged.span,
            _ => spans.push(merged.span),
        }
        meanings.push(merged.meaning);
    }
    (spans, meanings)
}

#[test]
fn replicas_that_differ_by_an_evaluation_share_one_episode_with_the_earliest_start() {
    let (spans, meanings) = run(&[
        (firing(15_000), 16_000),
        (firing(10_000), 16_500),
        (resolved(10_000, 60_000), 61_000),
        (resolved(15_000, 65_000), 66_000),
        (firing(15_000), 67_000),
    ]);
    use Meaning::{Closed, Joined, Late, Opened, StillClosed};
    assert_eq!(meanings, [Opened, Joined, Closed, StillClosed, Late]);
    assert_eq!(spans.len(), 1);
    assert_eq!((spans[0].starts_at, spans[0].ends_at), (UnixMs(10_000), Some(UnixMs(65_000))));
}

#[test]
fn resolved_that_overtakes_its_firing_leaves_no_episode_open() {
    let (spans, meanings) = run(&[(resolved(10_000, 60_000), 61_000), (firing(10_000), 62_000)]);
    assert_eq!(meanings, [Meaning::Unheard, Meaning::Late]);
    assert!(spans.len() == 1 && spans[0].ends_at.is_some());
}

#[test]
fn echo_of_the_last_resolved_does_not_close_the_new_firing() {
    let (spans, meanings) = run(&[
        (firing(10_000), 11_000),
        (resolved(10_000, 60_000), 61_000),
        (firing(65_000), 66_000),
        (resolved(10_000, 70_000), 71_000),
        (resolved(10_000, 55_000), 72_000),
    ]);
    use Meaning::{Closed, Opened, Stale};
    assert_eq!(meanings, [Opened, Closed, Opened, Stale, Stale]);
    assert_eq!((spans.len(), spans[1].ends_at), (2, None));
}

#[test]
fn late_firing_of_the_last_episode_does_not_pull_the_new_start_back() {
    let (spans, _) = run(&[
        (firing(10_000), 11_000),
        (resolved(10_000, 60_000), 61_000),
        (firing(65_000), 66_000),
        (firing(10_000), 67_000),
    ]);
    assert_eq!(spans[1].starts_at, UnixMs(65_000));
}

#[test]
fn alert_that_goes_on_firing_after_an_interruption_is_not_taken_for_a_late_message() {
    let (spans, meanings) = run(&[
        (firing(10_000), 11_000),
        (resolved(10_000, 300_000), 301_000),
        (firing(10_000), 301_000 + LIMITS.late_ms + 1),
        (resolved(10_000, 900_000), 901_000),
    ]);
    use Meaning::{Closed, Opened};
    assert_eq!(meanings, [Opened, Closed, Opened, Closed]);
    assert_eq!(spans[1].ends_at, Some(UnixMs(900_000)));
}

#[test]
fn open_episode_whose_resolved_was_lost_does_not_swallow_the_next_firing() {
    let later = LIMITS.idle_ms + 20_000;
    let (spans, meanings) = run(&[(firing(10_000), 11_000), (firing(later), later + 1)]);
    assert_eq!(meanings, [Meaning::Opened, Meaning::Opened]);
    assert_eq!((spans[0].ends_at, spans[1].number), (Some(UnixMs(11_000)), 2));
}

#[test]
fn repeats_keep_an_episode_alive_however_long_it_fires() {
    let step = LIMITS.idle_ms / 2;
    let repeats: Vec<_> = (0..20).map(|n| (firing(10_000), 11_000 + n * step)).collect();
    assert_eq!(run(&repeats).0.len(), 1);
}

/// One real firing of a target seen by replicas: skewed by up to an evaluation, doubled.
fn webhooks() -> impl Strategy<Value = (Vec<(u64, u64)>, Vec<u64>)> {
    let skews = prop::collection::vec((0_u64..15_000, 0_u64..15_000), 1..4);
    (skews, prop::collection::vec(any::<u64>(), 2..40))
}

proptest! {
    #[test]
    fn one_firing_is_one_episode_however_its_webhooks_are_reordered_doubled_and_skewed(
        (skews, order) in webhooks()
    ) {
        let (start, end) = (1_000_000, 1_060_000);
        let mut all: Vec<Assertion> = Vec::new();
        for (late_start, late_end) in &skews {
            let (starts, ends) = (start + late_start, end + late_end);
            all.extend([firing(starts), resolved(starts, ends)]);
        }
        // Every one at least once, then doubles, in an order drawn from the random keys.
        let mut posts: Vec<(u64, Assertion)> = order
            .iter()
            .enumerate()
            .map(|(n, key)| (*key, all[n % all.len()]))
            .chain(all.iter().enumerate().map(|(n, a)| (order[n % order.len()] ^ 0x5555, *a)))
            .collect();
        posts.sort_by_key(|(key, _)| *key);
        let posts: Vec<_> = posts.iter().enumerate()
            .map(|(n, (_, a))| (*a, end + 20_000 + n as u64)).collect();
        let (spans, meanings) = run(&posts);
        prop_assert_eq!(spans.len(), 1);
        let first = skews.iter().map(|s| s.0).min().unwrap();
        let last = skews.iter().map(|s| s.1).max().unwrap();
        prop_assert_eq!(spans[0].starts_at, UnixMs(start + first));
        prop_assert_eq!(spans[0].ends_at, Some(UnixMs(end + last)));
        let opened = meanings.iter().filter(|m| **m == Meaning::Opened).count();
        let closed = meanings.iter().filter(|m| **m == Meaning::Closed).count();
        prop_assert!(opened <= 1 && closed <= 1);
    }

    #[test]
    fn firings_apart_are_episodes_apart_and_doubles_change_nothing(
        gaps in prop::collection::vec((20_000_u64..200_000, 20_000_u64..200_000), 1..6),
        skew in 0_u64..10_000,
        doubles in prop::collection::vec(0_usize..3, 24),
    ) {
        let mut posts = Vec::new();
        let mut now = 1_000_000;
        for (n, (fires, rests)) in gaps.iter().enumerate() {
            let (start, end) = (now, now + fires);
            for copy in 0..=doubles[n % doubles.len()] {
                posts.push((firing(start + skew * copy as u64 / 3), start + skew + 1));
            }
            for copy in 0..=doubles[(n + 7) % doubles.len()] {
                posts.push((resolved(start, end + skew * copy as u64 / 3), end + skew + 1));
            }
            // A late double of the firing, after its end.
            posts.push((firing(start), end + skew + 2));
            now = end + rests;
        }
        let (spans, _) = run(&posts);
        prop_assert_eq!(spans.len(), gaps.len());
        prop_assert!(spans.iter().all(|span| span.ends_at.is_some()));
        prop_assert!(spans.windows(2).all(|w| w[0].ends_at.unwrap() < w[1].starts_at));
    }

    #[test]
    fn no_sequence_whatever_breaks_the_order_of_episodes(
        posts in prop::collection::vec(
            (any::<bool>(), 0_u64..1_000_000, 0_u64..500_000, 0_u64..100_000), 1..60)
    ) {
        let mut now = 1_000_000;
        let posts: Vec<_> = posts.into_iter().map(|(fires, start, length, wait)| {
            now += wait;
            let assertion = if fires { firing(start) } else { resolved(start, start + length) };
            (assertion, now)
        }).collect();
        let (spans, _) = run(&posts);
        for (n, span) in spans.iter().enumerate() {
            prop_assert_eq!(span.number as usize, n + 1);
            prop_assert!(span.ends_at.is_some() || n + 1 == spans.len());
            prop_assert!(span.ends_at.is_none_or(|end| end >= span.starts_at));
        }
    }
}
