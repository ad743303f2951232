//! What began and ended while no leader watched: read from the series `ALERTS`, in which
//! Prometheus writes at each evaluation which alerts are pending and which fire. Pure but for
//! the question.
//!
//! ```text
//! watched ───────── gap ────────── now        P pending, F firing
//!    ┊   P P F F F          told: pending, firing, resolved
//! F F┊F F                   known before: the next look tells its end
//!    ┊              P F F F┊F  goes on: the next look tells it
//!    ┊              P F F F┊   just ended: told, since the look that was made does not see it
//! ```
//!
//! Only lives that lie in the gap as a whole are told; the others are what looks are for. What
//! the history has is from before `watched`, so nothing is told twice.

use super::{
    seen::{ExternalLabels, SeenAlert, SeenRules, State},
    track::{Active, Transition},
};
use crate::{
    model::{Kind, UnixMs, cluster::DeclaredState, fingerprint::Fingerprint, label::Labels},
    observe::{
        preview::samples::{Matrix, Series},
        prometheus::{AskError, Prometheus, Question, each},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// A shorter gap is what lies between two looks.
const SHORTEST_MS: u64 = 5_000;
/// Of a longer one only the end is read.
const LONGEST_MS: u64 = 6 * 3_600_000;
/// Evaluations are late now and then.
const LATE_MS: u64 = 1_000;

/// When nobody watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    from: UnixMs,
    now: UnixMs,
}

/// What was seen of the alerts right before their evaluations were read.
pub(super) struct Seen<'a> {
    pub(super) alerts: &'a BTreeMap<Fingerprint, SeenAlert>,
    /// When the replicas were asked.
    pub(super) asked: UnixMs,
    /// Since when the one of them runs that runs longest: a younger one has forgotten.
    pub(super) oldest_replica: Option<UnixMs>,
}

impl Seen<'_> {
    /// Whether an alert that was last active at `last` is known to be over.
    fn is_over(&self, alert: &Fingerprint, last: UnixMs) -> bool {
        !self.alerts.contains_key(alert)
            && last.0 + LATE_MS < self.asked.0
            && self.oldest_replica.is_some_and(|ready| ready < last)
    }
}

/// By identity: the labels, and what each evaluation said, in order.
pub(super) type Evaluations = BTreeMap<Fingerprint, (Labels, Vec<(UnixMs, State)>)>;

impl Gap {
    /// Between the last look and now; `None` when it is none, or nobody ever looked.
    pub(super) fn since(watched: UnixMs, now: UnixMs) -> Option<Self> {
        let from = UnixMs(watched.0.max(now.0.saturating_sub(LONGEST_MS)));
        (watched.0 > 0 && now.since(from) >= SHORTEST_MS).then_some(Self { from, now })
    }

    /// What the replica says that knows most of the gap: both evaluate at moments of their own,
    /// so one of them is told, not a mixture.
    ///
    /// # Errors
    /// No replica answers, or all refuse.
    pub(super) async fn read(
        self,
        prometheus: &dyn Prometheus,
        external: &ExternalLabels,
        patience: Duration,
    ) -> Result<Evaluations, AskError> {
        let query = format!("ALERTS[{}ms]", self.now.since(self.from));
        let time = UnixSeconds(self.now).to_string();
        let question = Question::post("/api/v1/query", &[("query", &query), ("time", &time)]);
        let mut best: Result<Vec<Series>, AskError> =
            Err(AskError::NoReplica("none is installed".to_owned()));
        for (_, answer) in each::<Matrix>(prometheus, &question, patience).await {
            match (answer, &best) {
                (Ok(matrix), Ok(known)) if n_samples(&matrix.result) <= n_samples(known) => {}
                (Ok(matrix), _) => best = Ok(matrix.result),
                (Err(error), Err(_)) => best = Err(error),
                (Err(_), Ok(_)) => {}
            }
        }
        Ok(evaluations(best?, external))
    }

    /// The whole lives in the gap, oldest first, of alerts that are not `known`. `rules` are
    /// those of [`names`]; of an alert whose rule is not among them nothing is told.
    pub(super) fn transitions(
        self,
        evaluations: &Evaluations,
        known: &Active,
        rules: &SeenRules,
        state: &DeclaredState,
        seen: &Seen<'_>,
    ) -> Vec<Transition> {
        let mut found = Vec::new();
        for (fingerprint, (labels, said)) in evaluations {
            let Some(home) =
                home(labels, rules, state).filter(|_| !known.contains_key(fingerprint))
            else {
                continue;
            };
            let is_over = |last| seen.is_over(fingerprint, last);
            for life in self.lives(said, home.interval_ms, is_over) {
                found.extend(life.into_iter().map(|(at, from, to)| Transition {
                    at,
                    fingerprint: *fingerprint,
                    group: home.group.to_owned(),
                    labels: labels.clone(),
                    from,
                    to,
                    value: None,
                }));
            }
        }
        // Those of one alert are in order and stay so.
        found.sort_by_key(|transition| transition.at);
        found
    }

    /// Each life that began and ended in the gap, as its changes of state. `is_over` says it of one
    /// whose last evaluation is too young to tell.
    fn lives(
        self,
        said: &[(UnixMs, State)],
        interval_ms: u64,
        is_over: impl Fn(UnixMs) -> bool,
    ) -> Vec<Vec<Change>> {
        let patience = 2 * interval_ms + LATE_MS;
        let mut lives: Vec<Vec<Change>> = Vec::new();
        let mut open: Option<(Vec<Change>, UnixMs, State)> = None;
        for &(at, state) in said {
            if let Some((mut life, last, was)) = open.take() {
                if at.since(last) > patience {
                    lives.push(ended(life, UnixMs(last.0 + interval_ms), was));
                } else if state < was {
                    // Resolved and pending anew within one evaluation.
                    lives.push(ended(life, at, was));
                } else {
                    if state > was {
                        life.push((at, was, state));
                    }
                    open = Some((life, at, state));
                    continue;
                }
            }
            open = Some((vec![(at, State::Inactive, state)], at, state));
        }
        if let Some((life, last, was)) = open
            && (self.now.since(last) > patience || is_over(last))
        {
            lives.push(ended(life, UnixMs(last.0 + interval_ms), was));
        }
        lives.retain(|life| life.first().is_some_and(|(began, ..)| *began > self.from));
        lives
    }
}

/// When, from what, to what.
type Change = (UnixMs, State, State);

fn ended(mut life: Vec<Change>, at: UnixMs, was: State) -> Vec<Change> {
    let to = if was == State::Firing { State::Resolved } else { State::Inactive };
    life.push((at, was, to));
    life
}

/// Names of the alerts, whose rules have to be read.
pub(super) fn names(evaluations: &Evaluations) -> Vec<&str> {
    let labels = evaluations.values().filter_map(|(labels, _)| labels.get("alertname"));
    labels.map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect()
}

struct Home<'a> {
    group: &'a str,
    interval_ms: u64,
}

/// The group of the alert's rule; of several with such a rule that of the alert's project.
fn home<'a>(labels: &Labels, rules: &'a SeenRules, state: &DeclaredState) -> Option<Home<'a>> {
    let name = labels.get("alertname")?;
    let mut groups = rules
        .groups
        .iter()
        .filter(|(_, group)| group.rules.iter().any(|rule| rule.alerting && rule.name == *name));
    let own = |group: &str| {
        let declared = state.get(Kind::RuleGroup, group);
        let project = declared.and_then(|group| group.spec.get("project")?.as_str());
        project.is_some() && project == labels.get("project").map(String::as_str)
    };
    let any = groups.clone().next();
    let (group, seen) = groups.find(|(group, _)| own(group)).or(any)?;
    Some(Home { group, interval_ms: seen.interval_ms })
}

fn n_samples(series: &[Series]) -> usize {
    series.iter().map(|series| series.values.len()).sum()
}

fn evaluations(series: Vec<Series>, external: &ExternalLabels) -> Evaluations {
    let mut evaluations = Evaluations::new();
    for Series { mut metric, values } in series {
        metric.remove("__name__");
        let state = match metric.remove("alertstate").as_deref() {
            Some("firing") => State::Firing,
            Some("pending") => State::Pending,
            _ => continue,
        };
        let labels = external.add(metric);
        let said = &mut evaluations
            .entry(Fingerprint::of(&labels))
            .or_insert_with(|| (labels, Vec::new()))
            .1;
        said.extend(values.iter().map(|sample| (milliseconds(sample.at_s), state)));
    }
    for (_, said) in evaluations.values_mut() {
        said.sort_unstable();
    }
    evaluations
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "instants of millennia fit; floats saturate"
)]
fn milliseconds(at_s: f64) -> UnixMs {
    UnixMs((at_s * 1000.0).round() as u64)
}

/// An instant as Prometheus takes it: seconds with decimals.
struct UnixSeconds(UnixMs);

impl std::fmt::Display for UnixSeconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:03}", self.0.0 / 1000, self.0.0 % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: u64 = 10_000;

    /// `.` = nothing, `P` = pending, `F` = firing; one evaluation each, from `watched` on.
    fn told(evaluations: &str, now: u64) -> Vec<String> {
        told_of(evaluations, now, |_| false)
    }

    fn told_of(evaluations: &str, now: u64, is_over: impl Fn(UnixMs) -> bool) -> Vec<String> {
        let gap = Gap { from: UnixMs(0), now: UnixMs(now * INTERVAL) };
        let said: Vec<_> = evaluations
            .chars()
            .enumerate()
            .filter_map(|(n, c)| {
                let state = match c {
                    'P' => State::Pending,
                    'F' => State::Firing,
                    _ => return None,
                };
                Some((UnixMs(n as u64 * INTERVAL), state))
            })
            .collect();
        let lives = gap.lives(&said, INTERVAL, is_over);
        let word = |(at, _, to): &Change| format!("{} {}", at.0 / INTERVAL, to.as_str());
        lives.iter().flatten().map(word).collect()
    }

    #[test]
    fn a_life_within_the_gap_is_told_from_pending_to_resolved() {
        assert_eq!(told(".PPFFF", 30), ["1 pending", "3 firing", "6 resolved"]);
        assert_eq!(told(".FF", 30), ["1 firing", "3 resolved"], "a rule without `for`");
        assert_eq!(told(".PP", 30), ["1 pending", "3 inactive"]);
        assert_eq!(told(".F", 30), ["1 firing", "2 resolved"]);
    }

    #[test]
    fn what_began_before_or_still_goes_on_is_left_to_the_looks() {
        assert_eq!(told("FFF", 30), [""; 0]);
        assert_eq!(told(".PFF", 4), [""; 0]);
        assert_eq!(told("PF.....PF", 30), ["7 pending", "8 firing", "9 resolved"]);
    }

    #[test]
    fn what_just_ended_is_told_since_no_look_will() {
        assert_eq!(told_of(".PFF", 4, |_| true), ["1 pending", "2 firing", "4 resolved"]);
        let alerts = BTreeMap::from([(Fingerprint::of(&Labels::new()), seen_alert())]);
        let nobody = BTreeMap::new();
        let other = Fingerprint::of(&Labels::from([("alertname".to_owned(), "Other".to_owned())]));
        let is_over = |alerts, asked, oldest: Option<u64>, alert| {
            let seen = Seen { alerts, asked: UnixMs(asked), oldest_replica: oldest.map(UnixMs) };
            seen.is_over(&alert, UnixMs(50_000))
        };
        let active = Fingerprint::of(&Labels::new());
        assert!(is_over(&alerts, 60_000, Some(1), other));
        assert!(!is_over(&alerts, 60_000, Some(1), active), "it goes on");
        assert!(
            !is_over(&nobody, 50_500, Some(1), active),
            "asked before that evaluation, perhaps"
        );
        assert!(!is_over(&nobody, 60_000, Some(55_000), active), "a Prometheus that forgot it");
        assert!(!is_over(&nobody, 60_000, None, active));
    }

    fn seen_alert() -> SeenAlert {
        SeenAlert {
            labels: Labels::new(),
            annotations: BTreeMap::new(),
            state: State::Firing,
            active_at: UnixMs(1),
            value: None,
        }
    }

    #[test]
    fn an_evaluation_that_was_missed_ends_nothing_and_a_pause_does() {
        assert_eq!(told(".F.F", 30), ["1 firing", "4 resolved"]);
        let two = ["1 firing", "2 resolved", "5 firing", "6 resolved"];
        assert_eq!(told(".F...F", 30), two);
    }

    #[test]
    fn pending_right_after_firing_is_a_life_of_its_own() {
        let both = ["1 firing", "3 resolved", "3 pending", "5 inactive"];
        assert_eq!(told(".FFPP", 30), both);
        assert_eq!(told(".FFPP", 5), both[..2]);
    }

    #[test]
    fn the_gap_begins_at_the_last_look_and_is_bounded() {
        let day = 24 * 3_600_000;
        assert_eq!(Gap::since(UnixMs(0), UnixMs(day)), None);
        assert_eq!(Gap::since(UnixMs(day - 1_000), UnixMs(day)), None);
        let gap = |from| Some(Gap { from: UnixMs(from), now: UnixMs(day) });
        assert_eq!(Gap::since(UnixMs(day - 60_000), UnixMs(day)), gap(day - 60_000));
        assert_eq!(Gap::since(UnixMs(1), UnixMs(day)), gap(day - LONGEST_MS));
    }
}
