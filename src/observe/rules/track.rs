//! What changed: known + seen → transitions. Pure.
//!
//! ```text
//!            ┌──────────── gone ────────────┐
//!            ▼                              │
//! inactive ──► pending ──► firing ──► resolved ──► (pending | firing) …
//!     └────────── without `for` ──┘
//! ```
//!
//! Instants are Prometheus' own: an alert is pending since the evaluation that saw its condition
//! and firing since the evaluation by which it had held for `for`, however late we looked.
//!
//! A Prometheus that has just started knows nothing of what fired before for some evaluations:
//! that an alert is gone is believed only of a replica that has run for a while.

use super::seen::{SeenAlert, SeenRule, SeenRules, State};
use crate::model::{UnixMs, fingerprint::Fingerprint, label::Labels};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An alert that is pending or firing as far as the history goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Its identity.
    pub labels: Labels,
    /// Rule group of its rule.
    pub group: String,
    /// Pending or firing.
    pub state: State,
    /// Of its last transition.
    pub since: UnixMs,
}

/// One change of state.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// When it happened.
    pub at: UnixMs,
    /// Of which alert.
    pub fingerprint: Fingerprint,
    /// Rule group of its rule.
    pub group: String,
    /// Its identity.
    pub labels: Labels,
    /// What it was.
    pub from: State,
    /// What it became.
    pub to: State,
    /// Of the expression; `None` where it is not known or not finite.
    pub value: Option<f64>,
}

/// By fingerprint.
pub type Active = BTreeMap<Fingerprint, Known>;

/// What the replicas showed at one look.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Pending and firing alerts.
    pub seen: &'a BTreeMap<Fingerprint, SeenAlert>,
    /// The previous look that brought an answer; 0 = never.
    pub watched: UnixMs,
    /// The clock.
    pub now: UnixMs,
    /// Since when the longest-running replica that answered has been ready.
    pub oldest_replica: Option<UnixMs>,
}

impl Look<'_> {
    /// After its start a replica needs two evaluations before it restores what was pending, and
    /// a third before that fires again.
    fn settled(&self, interval_ms: u64) -> bool {
        let needed = 4 * interval_ms + 10_000;
        self.oldest_replica.is_some_and(|since| self.now.since(since) >= needed)
    }

    /// The alert began anew after we last looked.
    fn renewed(&self, known: &Known, alert: &SeenAlert) -> bool {
        let anew = alert.active_at > known.since;
        let unseen = self.watched.0 > 0 && alert.active_at > self.watched;
        let fell_back = known.state == State::Firing && alert.state == State::Pending;
        anew && (unseen || fell_back)
    }
}

/// Alerts that may have changed, by name of their rule: those whose rules are worth reading.
#[must_use]
pub fn moved<'a>(known: &'a Active, look: &Look<'a>) -> Vec<&'a str> {
    let name = |labels: &'a Labels| labels.get("alertname").map_or("", String::as_str);
    let gone = known.iter().filter(|(of, _)| !look.seen.contains_key(of));
    let gone = gone.map(|(_, known)| name(&known.labels));
    let changed = look.seen.iter().filter(|(of, alert)| match known.get(of) {
        None => true,
        Some(known) => known.state < alert.state || look.renewed(known, alert),
    });
    let mut names: Vec<&str> = gone.chain(changed.map(|(_, alert)| name(&alert.labels))).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// All transitions since the last look, oldest first. `rules` are those of [`moved`]; an alert
/// whose rule is not among them is left to the next look.
#[must_use]
pub fn transitions(known: &Active, look: &Look<'_>, rules: &SeenRules) -> Vec<Transition> {
    let mut found = Vec::new();
    for (fingerprint, was) in known.iter().filter(|(of, _)| !look.seen.contains_key(of)) {
        found.extend(gone(*fingerprint, was, look, rules));
    }
    let homes = homes(rules);
    for (fingerprint, alert) in look.seen {
        if let Some(home) = homes.get(fingerprint) {
            found.extend(active(*fingerprint, known.get(fingerprint), alert, look, home));
        }
    }
    // Those of one alert are in order and stay so.
    found.sort_by_key(|transition| transition.at);
    found
}

/// Where an alert comes from.
struct Home<'a> {
    group: &'a str,
    interval_ms: u64,
    rule: &'a SeenRule,
}

fn homes(rules: &SeenRules) -> BTreeMap<Fingerprint, Home<'_>> {
    let mut homes = BTreeMap::new();
    for (group, seen) in &rules.groups {
        for rule in &seen.rules {
            for fingerprint in rule.active.keys() {
                let interval_ms = seen.interval_ms;
                homes.entry(*fingerprint).or_insert(Home { group, interval_ms, rule });
            }
        }
    }
    homes
}

fn gone(
    fingerprint: Fingerprint,
    was: &Known,
    look: &Look<'_>,
    rules: &SeenRules,
) -> Option<Transition> {
    let name = was.labels.get("alertname");
    let group = rules.groups.get(&was.group);
    let rule = group.and_then(|group| group.rules.iter().find(|rule| Some(&rule.name) == name));
    if !look.settled(group.map_or(0, |group| group.interval_ms)) {
        return None;
    }
    // A rule that is gone has no evaluation that found its condition cleared.
    let at = rule.and_then(|rule| rule.last_evaluation).unwrap_or(look.now);
    let at = at.clamp(was.since, look.now.max(was.since));
    Some(end(fingerprint, was, at))
}

fn end(fingerprint: Fingerprint, was: &Known, at: UnixMs) -> Transition {
    let fired = was.state == State::Firing;
    Transition {
        at,
        fingerprint,
        group: was.group.clone(),
        labels: was.labels.clone(),
        from: was.state,
        to: if fired { State::Resolved } else { State::Inactive },
        value: None,
    }
}

fn active(
    fingerprint: Fingerprint,
    known: Option<&Known>,
    alert: &SeenAlert,
    look: &Look<'_>,
    home: &Home<'_>,
) -> Vec<Transition> {
    let mut life = Life { fingerprint, alert, home, now: look.now, found: Vec::new() };
    let mut standing =
        known.map_or((State::Inactive, UnixMs(0)), |known| (known.state, known.since));
    if let Some(was) = known.filter(|known| look.renewed(known, alert)) {
        if !look.settled(home.interval_ms) {
            return life.found;
        }
        let last = end(fingerprint, was, alert.active_at.min(look.now).max(was.since));
        standing = (State::Inactive, last.at);
        life.found.push(last);
    }
    if standing.0 < State::Pending && home.rule.for_ms > 0 {
        standing = life.step(standing, State::Pending, alert.active_at);
    }
    if standing.0 < State::Firing && alert.state == State::Firing {
        life.step(standing, State::Firing, fired_at(alert, home));
    }
    life.found
}

/// Transitions of an alert that is seen.
struct Life<'a> {
    fingerprint: Fingerprint,
    alert: &'a SeenAlert,
    home: &'a Home<'a>,
    now: UnixMs,
    found: Vec<Transition>,
}

impl Life<'_> {
    /// Goes on from a state and its beginning to the next.
    fn step(&mut self, (from, since): (State, UnixMs), to: State, at: UnixMs) -> (State, UnixMs) {
        let at = at.min(self.now).max(since);
        self.found.push(Transition {
            at,
            fingerprint: self.fingerprint,
            group: self.home.group.to_owned(),
            labels: self.alert.labels.clone(),
            from,
            to,
            value: self.alert.value,
        });
        (to, at)
    }
}

/// The evaluation at which the condition had held for `for`.
fn fired_at(alert: &SeenAlert, home: &Home<'_>) -> UnixMs {
    let interval = home.interval_ms.max(1);
    let at = UnixMs(alert.active_at.0 + home.rule.for_ms.div_ceil(interval) * interval);
    // The other replica's last evaluation may be from before this one's first.
    home.rule.last_evaluation.map_or(at, |last| at.min(last.max(alert.active_at)))
}

/// Takes a transition into account.
pub fn apply(known: &mut Active, transition: &Transition) {
    if transition.to < State::Pending {
        known.remove(&transition.fingerprint);
        return;
    }
    let now = Known {
        labels: transition.labels.clone(),
        group: transition.group.clone(),
        state: transition.to,
        since: transition.at,
    };
    known.insert(transition.fingerprint, now);
}

#[cfg(test)]
mod tests;
