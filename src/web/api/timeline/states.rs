//! An alert's states as Prometheus went through them, beside the firings that Alertmanager told
//! of: where both speak of the same firing it is told once, by Prometheus' own instants.
//!
//! ```text
//! Prometheus    pending ── firing ──────────────────────── resolved
//! Alertmanager               firing ── resolved   firing ── resolved     (it lost sight between)
//! told          pending, firing, resolved, firing, resolved
//! ```

use super::Entry;
use crate::{
    model::UnixMs,
    notify::book::Episode,
    observe::rules::{State, Transition},
};

/// From when to when an alert fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Firing {
    /// The beginning of time where the history no longer has it.
    pub(super) from: UnixMs,
    /// `None` = it still fires.
    pub(super) to: Option<UnixMs>,
}

impl Firing {
    const fn of(episode: &Episode) -> Self {
        Self { from: episode.span.starts_at, to: episode.span.ends_at }
    }

    fn end(self) -> UnixMs {
        self.to.unwrap_or(UnixMs(u64::MAX))
    }

    fn meets(self, other: Self) -> bool {
        self.from <= other.end() && other.from <= self.end()
    }
}

/// The entries of both; and every firing there was, in no order.
pub(super) fn of_states<'a>(
    episodes: &[Episode],
    states: &[Transition],
    entries: &mut Vec<Entry<'a>>,
) -> Vec<Firing> {
    entries.extend(states.iter().map(of_transition));
    let mut firings = firings(states);
    let told: Vec<Firing> = episodes.iter().map(Firing::of).collect();
    for episode in &told {
        let same = firings.iter().find(|firing| firing.meets(*episode));
        let others = || told.iter().filter(|other| same.is_some_and(|same| same.meets(**other)));
        let first = others().all(|other| other.from >= episode.from);
        let last = others().all(|other| other.end() <= episode.end());
        if same.is_none() || !first {
            entries.push(Entry::plain(episode.from, "firing", ""));
        }
        let over = same.is_some_and(|same| last && same.to.is_some());
        entries.extend(episode.to.filter(|_| !over).map(|at| Entry::plain(at, "resolved", "")));
    }
    firings.extend(told);
    firings
}

fn of_transition<'a>(transition: &Transition) -> Entry<'a> {
    // One that clears before it fires says so by what it is.
    let shown = transition.value.filter(|_| transition.to != State::Inactive);
    let text = shown.map_or_else(String::new, |value| value.to_string());
    Entry::plain(transition.at, transition.to.as_str(), text)
}

/// `states` is oldest first.
fn firings(states: &[Transition]) -> Vec<Firing> {
    let mut firings: Vec<Firing> = Vec::new();
    for transition in states {
        let at = transition.at;
        match (transition.to, firings.last_mut()) {
            (State::Firing, _) => firings.push(Firing { from: at, to: None }),
            (State::Resolved, Some(open @ Firing { to: None, .. })) => open.to = Some(at),
            (State::Resolved, _) => firings.push(Firing { from: UnixMs(0), to: Some(at) }),
            _ => {}
        }
    }
    firings
}
