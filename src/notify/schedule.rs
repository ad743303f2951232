//! When to try again.

use super::delivery::{Class, Delivery, Outcome};
use crate::model::UnixMs;
use std::time::Duration;

/// The notifier's time limits and bounds; tests use shorter ones.
#[derive(Debug, Clone)]
pub struct Tuning {
    /// Longest wait after the first failed attempt, the second, …; the last goes on. Each wait is
    /// drawn between nothing and this.
    pub waits: Vec<Duration>,
    /// A new leader leaves what the last one was sending alone for this long.
    pub grace: Duration,
    /// Longest time for one write of the queue.
    pub write_deadline: Duration,
    /// Without quorum for this long, a node answers from its spool.
    pub hold: Duration,
    /// Attempts at once over one channel.
    pub per_channel: usize,
    /// Attempts at once.
    pub in_flight: usize,
    /// Due deliveries of a failing channel that are merged into one.
    pub merge_failing: usize,
    /// Due deliveries of any channel that are merged into one.
    pub merge_any: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            waits: [5, 15, 30, 60, 120, 300, 600].map(Duration::from_secs).into(),
            grace: Duration::from_secs(2),
            write_deadline: Duration::from_secs(5),
            hold: Duration::from_secs(5),
            per_channel: 8,
            in_flight: 64,
            merge_failing: 10,
            merge_any: 200,
        }
    }
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// It is told.
    Done,
    /// Try again, not before.
    Again(UnixMs),
    /// Give up.
    Fail,
}

/// What follows from `outcome` of the latest attempt; `random` is in `[0, 1)`. A limit's wait
/// moves the end of the schedule by as much, so that limits never use it up.
pub(super) fn next(
    delivery: &mut Delivery,
    outcome: &Outcome,
    now: UnixMs,
    random: f64,
    waits: &[Duration],
) -> Next {
    let asked = outcome.wait_ms.unwrap_or(0);
    match outcome.class {
        Class::Delivered | Class::Accepted => Next::Done,
        Class::Rejected => Next::Fail,
        Class::Limited => {
            delivery.expires_at = UnixMs(delivery.expires_at.0.saturating_add(asked));
            Next::Again(UnixMs(now.0.saturating_add(asked)))
        }
        Class::Retry | Class::Unknown => {
            let step = usize::try_from(delivery.n_attempts.saturating_sub(1)).unwrap_or(usize::MAX);
            let longest = waits.get(step).or(waits.last()).copied().unwrap_or_default();
            let drawn = longest.mul_f64(random.clamp(0.02, 1.0)).as_millis();
            let wait = u64::try_from(drawn).unwrap_or(u64::MAX).max(asked);
            let at = UnixMs(now.0.saturating_add(wait));
            if at > delivery.expires_at { Next::Fail } else { Next::Again(at) }
        }
    }
}

/// A random number in `[0, 1)`; one half should the system have none to give.
pub(super) fn random() -> f64 {
    let mut bytes = [0_u8; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_ne_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::NodeId,
        notify::delivery::{About, DeliveryId},
    };

    fn delivery() -> Delivery {
        Delivery {
            id: DeliveryId(1),
            created: UnixMs(0),
            receiver: "ops".into(),
            channel: "a".into(),
            kind: "webhook".into(),
            to: String::new(),
            about: About::Firing,
            group_labels: Default::default(),
            items: Vec::new(),
            truncated_alerts: 0,
            merged: 0,
            omitted: 0,
            expires_at: UnixMs(3_600_000),
            next_at: UnixMs(0),
            n_attempts: 0,
            attempts: Vec::new(),
            local: false,
        }
    }

    fn outcome(class: Class, wait_ms: Option<u64>) -> Outcome {
        Outcome { class, reason: String::new(), status: None, wait_ms, took_ms: 0 }
    }

    #[test]
    fn waits_grow_to_the_last_and_end_with_the_schedule() {
        let mut delivery = delivery();
        let waits = Tuning::default().waits;
        let (mut now, mut attempts) = (UnixMs(0), 0);
        loop {
            delivery.begin(now, NodeId(1), 1);
            attempts += 1;
            match next(&mut delivery, &outcome(Class::Retry, None), now, 1.0, &waits) {
                Next::Again(at) => now = at,
                Next::Fail => break,
                Next::Done => panic!("a failed attempt is not done"),
            }
        }
        // 5 + 15 + 30 + 60 + 120 + 300 s, then every 600 s within the hour.
        assert_eq!((attempts, now), (12, UnixMs(3_530_000)));
    }

    #[test]
    fn asked_for_wait_is_kept_and_a_limit_does_not_use_up_the_schedule() {
        let mut delivery = delivery();
        delivery.begin(UnixMs(0), NodeId(1), 1);
        let retry = outcome(Class::Retry, Some(70_000));
        let waits = Tuning::default().waits;
        assert_eq!(
            next(&mut delivery, &retry, UnixMs(0), 0.1, &waits),
            Next::Again(UnixMs(70_000))
        );
        let limited = outcome(Class::Limited, Some(3_600_000));
        let now = UnixMs(3_000_000);
        let Next::Again(at) = next(&mut delivery, &limited, now, 0.1, &waits) else {
            panic!("a limit is no reason to give up")
        };
        assert_eq!((at, delivery.expires_at), (UnixMs(6_600_000), UnixMs(7_200_000)));
    }
}
