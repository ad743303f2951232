//! When would an alert have been pending and firing? The life of Prometheus' alerting rules over
//! samples on a grid of evaluations. Pure.
//!
//! ```text
//! inactive ──condition──► pending ──held for `for`──► firing
//!     ▲                      │ gone                     │ gone for `keep_firing_for`
//!     └──────────────────────┴──────────────────────────┘
//! ```

/// `for` and `keep_firing_for` of a rule, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Timing {
    /// The condition must hold so long before the alert fires.
    pub for_s: f64,
    /// It goes on firing so long after the condition cleared.
    pub keep_firing_for_s: f64,
}

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The condition does not hold.
    Inactive,
    /// It holds, not for long enough.
    Pending,
    /// It fires.
    Firing,
}

/// One firing: from the evaluation that made it fire to the one that ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Unix seconds.
    pub from_s: i64,
    /// Unix seconds, exclusive; `None` = it fires at the last evaluation.
    pub to_s: Option<i64>,
}

/// All firings of one series, oldest first, and how it stands at the last evaluation. `grid`
/// gives the evaluations in order of time with whether the condition held.
#[must_use]
pub fn spans(grid: impl Iterator<Item = (i64, bool)>, timing: Timing) -> (Vec<Span>, Standing) {
    let mut spans: Vec<Span> = Vec::new();
    let mut standing = Standing::Inactive;
    let mut active_at = 0;
    let mut cleared_at = None;
    for (at, holds) in grid {
        if holds {
            cleared_at = None;
            if standing == Standing::Inactive {
                (standing, active_at) = (Standing::Pending, at);
            }
            if standing == Standing::Pending && seconds(active_at, at) >= timing.for_s {
                standing = Standing::Firing;
                spans.push(Span { from_s: at, to_s: None });
            }
            continue;
        }
        if standing == Standing::Firing && timing.keep_firing_for_s > 0.0 {
            let cleared = *cleared_at.get_or_insert(at);
            if seconds(cleared, at) < timing.keep_firing_for_s {
                continue;
            }
        }
        if standing == Standing::Firing
            && let Some(last) = spans.last_mut()
        {
            last.to_s = Some(at);
        }
        (standing, cleared_at) = (Standing::Inactive, None);
    }
    (spans, standing)
}

#[expect(clippy::cast_precision_loss, reason = "differences of instants within weeks")]
fn seconds(from: i64, to: i64) -> f64 {
    (to - from) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `#` = the condition holds; evaluations every 10 s from 0.
    fn life(pattern: &str, for_s: f64, keep_firing_for_s: f64) -> (Vec<(i64, i64)>, Standing) {
        let grid = (0..).step_by(10).zip(pattern.chars().map(|c| c == '#'));
        let (spans, standing) = spans(grid, Timing { for_s, keep_firing_for_s });
        (spans.iter().map(|span| (span.from_s, span.to_s.unwrap_or(-1))).collect(), standing)
    }

    #[test]
    fn without_for_it_fires_at_the_evaluation_that_sees_it_and_is_never_pending() {
        assert_eq!(life(".##..#", 0.0, 0.0), (vec![(10, 30), (50, -1)], Standing::Firing));
        assert_eq!(life(".#.", 0.0, 0.0), (vec![(10, 20)], Standing::Inactive));
    }

    #[test]
    fn with_for_it_fires_once_the_condition_held_so_long() {
        assert_eq!(life("##.###.", 20.0, 0.0), (vec![(50, 60)], Standing::Inactive));
        assert_eq!(life("..##", 20.0, 0.0), (vec![], Standing::Pending));
        // A `for` that lies between two evaluations counts from the later one.
        assert_eq!(life("####.", 15.0, 0.0), (vec![(20, 40)], Standing::Inactive));
    }

    #[test]
    fn keep_firing_for_bridges_gaps_of_what_fires_but_not_of_what_is_pending() {
        assert_eq!(life("##..##...", 10.0, 30.0), (vec![(10, -1)], Standing::Firing));
        assert_eq!(life("##....#", 10.0, 30.0), (vec![(10, 50)], Standing::Pending));
        assert_eq!(life("#.#", 10.0, 30.0), (vec![], Standing::Pending));
    }

    proptest! {
        #[test]
        fn firings_are_in_order_apart_and_begin_only_where_the_condition_held_long_enough(
            pattern in prop::collection::vec(any::<bool>(), 0..80),
            for_steps in 0_u32..5,
            keep_steps in 0_u32..5,
        ) {
            let timing = Timing {
                for_s: f64::from(for_steps) * 10.0,
                keep_firing_for_s: f64::from(keep_steps) * 10.0,
            };
            let grid = (0..).step_by(10).zip(pattern.iter().copied());
            let (spans, standing) = spans(grid, timing);
            let mut last_end = -1;
            for (n, span) in spans.iter().enumerate() {
                prop_assert!(span.from_s > last_end || n == 0);
                let begin = usize::try_from(span.from_s / 10).unwrap();
                let held = usize::try_from(for_steps).unwrap();
                prop_assert!(begin >= held && pattern[begin - held..=begin].iter().all(|p| *p));
                match span.to_s {
                    Some(end) => {
                        prop_assert!(end > span.from_s);
                        prop_assert!(!pattern[usize::try_from(end / 10).unwrap()]);
                        last_end = end;
                    }
                    None => prop_assert!(n + 1 == spans.len() && standing == Standing::Firing),
                }
            }
        }
    }
}
