//! Which firing belongs to which episode: pure rules, so that webhooks may arrive doubled, out
//! of order and from replicas whose clocks and evaluations differ. Called by [`super::plan`].
//!
//! An episode is one firing of one fingerprint, from its start to its end.
//!
//! ```text
//!            firing                    resolved
//! nothing ──────────► open, number 1 ──────────► closed ──firing after its end──► open, number 2
//!    │                 ▲ firing: joins            ▲ late firing, resolved again: stays closed
//!    └─resolved──────► closed (its firing is still under way to us)
//! ```
//!
//! Two time limits keep a mistake from lasting, both counted on our own clock:
//! a firing that claims to be older than the end of the closed episode is *late*, but only while
//! Alertmanager may still be retrying it; after that the alert does fire (a Prometheus that was
//! cut off comes back with its old `startsAt`). And an open episode nobody spoke of for longer
//! than repeats are apart lost its resolved (an Alertmanager forgets them when it restarts); the
//! next firing opens a new one instead of joining it unseen.

use crate::model::UnixMs;
use serde::{Deserialize, Serialize};

/// How long mistakes may last, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A message may be this late: the longest time Alertmanager tries one, and some.
    pub late_ms: u64,
    /// An open episode that nobody asserted for this long is over.
    pub idle_ms: u64,
}

/// What one alert of a webhook says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assertion {
    /// Firing since.
    Firing {
        /// `startsAt`
        starts_at: UnixMs,
    },
    /// Fired from, to.
    Resolved {
        /// `startsAt`
        starts_at: UnixMs,
        /// `endsAt`
        ends_at: UnixMs,
    },
}

/// The latest episode of a fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// From 1, in order of time.
    pub number: u32,
    /// The earliest asserted one.
    pub starts_at: UnixMs,
    /// The latest asserted one; `None` = open.
    pub ends_at: Option<UnixMs>,
    /// End of the episode before.
    pub floor: Option<UnixMs>,
    /// When we closed it, on our clock.
    pub closed_at: Option<UnixMs>,
    /// When it was last asserted, on our clock, to an eighth of [`Limits::idle_ms`].
    pub seen_at: UnixMs,
}

/// What an assertion meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A firing that opened an episode.
    Opened,
    /// A firing of the open episode.
    Joined,
    /// A firing of the closed episode, come late.
    Late,
    /// A resolved that closed the open episode.
    Closed,
    /// A resolved of the closed episode.
    StillClosed,
    /// A resolved of an episode that never was heard of: recorded as closed.
    Unheard,
    /// A resolved of an episode before the open one.
    Stale,
}

/// The outcome of [`merge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// What it meant.
    pub meaning: Meaning,
    /// The latest episode now; equal to the old one when nothing changed.
    pub span: Span,
    /// The episode before, when it was closed because nobody spoke of it any more.
    pub expired: Option<Span>,
}

/// Applies one assertion, received at `received`, to the latest episode of its fingerprint.
#[must_use]
pub fn merge(
    latest: Option<&Span>,
    assertion: Assertion,
    received: UnixMs,
    limits: Limits,
) -> Merged {
    match (latest, assertion) {
        (None, Assertion::Firing { starts_at }) => {
            opened(1, starts_at, None, received, Meaning::Opened)
        }
        (None, Assertion::Resolved { starts_at, ends_at }) => {
            unheard(1, starts_at, ends_at, None, received)
        }
        (Some(span), Assertion::Firing { starts_at }) => match span.ends_at {
            None => firing_on_open(span, starts_at, received, limits),
            Some(end) => firing_on_closed(span, end, starts_at, received, limits),
        },
        (Some(span), Assertion::Resolved { starts_at, ends_at }) => match span.ends_at {
            None => resolved_on_open(span, starts_at, ends_at, received, limits),
            Some(end) => resolved_on_closed(span, end, starts_at, ends_at, received),
        },
    }
}

fn opened(
    number: u32,
    starts_at: UnixMs,
    floor: Option<UnixMs>,
    received: UnixMs,
    meaning: Meaning,
) -> Merged {
    let span = Span { number, starts_at, ends_at: None, floor, closed_at: None, seen_at: received };
    Merged { meaning, span, expired: None }
}

fn unheard(
    number: u32,
    starts_at: UnixMs,
    ends_at: UnixMs,
    floor: Option<UnixMs>,
    received: UnixMs,
) -> Merged {
    let mut merged = opened(number, starts_at, floor, received, Meaning::Unheard);
    merged.span.ends_at = Some(ends_at);
    merged.span.closed_at = Some(received);
    merged
}

/// The earlier of both, unless that reaches back into the episode before.
fn earliest(span: &Span, starts_at: UnixMs) -> UnixMs {
    if span.floor.is_none_or(|floor| starts_at > floor) {
        span.starts_at.min(starts_at)
    } else {
        span.starts_at
    }
}

fn firing_on_open(span: &Span, starts_at: UnixMs, received: UnixMs, limits: Limits) -> Merged {
    let silent_ms = received.since(span.seen_at);
    if silent_ms > limits.idle_ms {
        let end = span.seen_at.max(span.starts_at);
        let expired = Span { ends_at: Some(end), closed_at: Some(received), ..*span };
        let next = span.number.saturating_add(1);
        let merged = opened(next, starts_at, Some(end), received, Meaning::Opened);
        return Merged { expired: Some(expired), ..merged };
    }
    let seen_at = if silent_ms > limits.idle_ms / 8 { received } else { span.seen_at };
    let span = Span { starts_at: earliest(span, starts_at), seen_at, ..*span };
    Merged { meaning: Meaning::Joined, span, expired: None }
}

fn firing_on_closed(
    span: &Span,
    end: UnixMs,
    starts_at: UnixMs,
    received: UnixMs,
    limits: Limits,
) -> Merged {
    let closed_for_ms = received.since(span.closed_at.unwrap_or_default());
    if starts_at <= end && closed_for_ms <= limits.late_ms {
        let span = Span { starts_at: earliest(span, starts_at), ..*span };
        return Merged { meaning: Meaning::Late, span, expired: None };
    }
    opened(span.number.saturating_add(1), starts_at, Some(end), received, Meaning::Opened)
}

fn resolved_on_open(
    span: &Span,
    starts_at: UnixMs,
    ends_at: UnixMs,
    received: UnixMs,
    limits: Limits,
) -> Merged {
    // Alertmanager may join the starts of two episodes, so an old start alone does not make a
    // resolved stale; one that ends about where the episode before ended is a replica's echo.
    let of_this = ends_at >= span.starts_at
        && span
            .floor
            .is_none_or(|floor| starts_at > floor || ends_at.since(floor) > limits.late_ms);
    if !of_this {
        return Merged { meaning: Meaning::Stale, span: *span, expired: None };
    }
    let span = Span {
        starts_at: earliest(span, starts_at),
        ends_at: Some(ends_at),
        closed_at: Some(received),
        seen_at: received,
        ..*span
    };
    Merged { meaning: Meaning::Closed, span, expired: None }
}

fn resolved_on_closed(
    span: &Span,
    end: UnixMs,
    starts_at: UnixMs,
    ends_at: UnixMs,
    received: UnixMs,
) -> Merged {
    if starts_at > end {
        let next = span.number.saturating_add(1);
        return unheard(next, starts_at, ends_at, Some(end), received);
    }
    let span =
        Span { starts_at: earliest(span, starts_at), ends_at: Some(end.max(ends_at)), ..*span };
    Merged { meaning: Meaning::StillClosed, span, expired: None }
}

#[cfg(test)]
#[path = "episode_tests.rs"]
mod tests;
