//! Judges a running process by the answers of its probe: pure, the clock comes in.

use super::config::Timing;
use std::time::Duration;
use tokio::time::Instant;

/// So many unanswered questions in a row make a ready program unhealthy.
const MAX_MISSES: u32 = 3;

/// What one answer changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It has become ready (again).
    Ready,
    /// It was ready and has failed often enough in a row.
    Unhealthy,
    /// Nothing changed.
    Same,
}

/// Since one process was started or adopted.
#[derive(Debug)]
pub(super) struct Health {
    timing: Timing,
    is_ready: bool,
    was_ready: bool,
    n_misses: u32,
    /// When to ask next.
    pub(super) next_probe: Instant,
    /// When it counts as stuck, unless it has been ready by then.
    pub(super) start_deadline: Instant,
    ready_since: Option<Instant>,
}

impl Health {
    pub(super) fn new(timing: Timing, now: Instant, start_timeout: Duration) -> Self {
        Self {
            timing,
            is_ready: false,
            was_ready: false,
            n_misses: 0,
            next_probe: now,
            start_deadline: now + start_timeout,
            ready_since: None,
        }
    }

    pub(super) fn was_ready(&self) -> bool {
        self.was_ready
    }

    /// Ready without a break for the healthy period.
    pub(super) fn is_settled(&self, now: Instant) -> bool {
        self.ready_since.is_some_and(|since| now - since >= self.timing.healthy_after)
    }

    pub(super) fn answer(&mut self, is_good: bool, now: Instant) -> Verdict {
        let verdict = if is_good { self.hit(now) } else { self.miss() };
        let interval =
            if self.is_ready { self.timing.probe_ready } else { self.timing.probe_starting };
        self.next_probe = now + interval;
        verdict
    }

    fn hit(&mut self, now: Instant) -> Verdict {
        self.n_misses = 0;
        if self.is_ready {
            return Verdict::Same;
        }
        self.is_ready = true;
        self.was_ready = true;
        self.ready_since = Some(now);
        Verdict::Ready
    }

    fn miss(&mut self) -> Verdict {
        self.n_misses += 1;
        if !self.is_ready || self.n_misses < MAX_MISSES {
            return Verdict::Same;
        }
        self.is_ready = false;
        self.ready_since = None;
        Verdict::Unhealthy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_missed_answer_is_forgiven_three_in_a_row_are_not() {
        let now = Instant::now();
        let mut health = Health::new(Timing::default(), now, Duration::from_secs(1));
        assert_eq!(health.answer(false, now), Verdict::Same);
        assert!(!health.was_ready());
        assert_eq!(health.answer(true, now), Verdict::Ready);
        for _ in 0..5 {
            assert_eq!(health.answer(false, now), Verdict::Same);
            assert_eq!(health.answer(false, now), Verdict::Same);
            assert_eq!(health.answer(true, now), Verdict::Same);
        }
        let verdicts: Vec<_> = (0..4).map(|_| health.answer(false, now)).collect();
        assert_eq!(verdicts, [Verdict::Same, Verdict::Same, Verdict::Unhealthy, Verdict::Same]);
        assert_eq!(health.answer(true, now), Verdict::Ready);
    }

    #[test]
    fn only_an_unbroken_period_counts_as_healthy() {
        let timing = Timing::default();
        let begin = Instant::now();
        let mut health = Health::new(timing, begin, Duration::from_secs(1));
        health.answer(true, begin);
        let later = begin + timing.healthy_after;
        assert!(!health.is_settled(later - Duration::from_millis(1)));
        assert!(health.is_settled(later));
        for _ in 0..MAX_MISSES {
            health.answer(false, later);
        }
        health.answer(true, later);
        assert!(!health.is_settled(later));
    }
}
