//! The state of a project, and why. Pure.
//!
//! Only what is true now counts: a critical alert that fires or a project of which nothing answers
//! is critical, a lesser alert, a target that is down or a rule that fails is a warning. Where what
//! would say so does not answer, or has not looked yet, the state is unknown, never well.

use super::answer::{AlertCounts, RuleCounts, TargetCounts};
use serde::Serialize;

/// From well to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Everything answers and nothing fires.
    Ok,
    /// Nobody can say: no data, or nothing is watched.
    Unknown,
    /// Something is wrong.
    Warning,
    /// Something is badly wrong.
    Critical,
}

impl State {
    /// From worst on.
    pub(super) const ALL: [Self; 4] = [Self::Critical, Self::Warning, Self::Unknown, Self::Ok];

    /// As in JSON.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// One reason for a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// Critical alerts fire.
    CriticalFiring,
    /// All targets are down.
    AllDown,
    /// Alerts fire that are not critical.
    WarningFiring,
    /// Some targets are down.
    TargetsDown,
    /// Rules cannot be evaluated.
    RulesFailing,
    /// No Prometheus says how targets and rules are.
    NoPrometheus,
    /// No Alertmanager says what fires.
    NoAlertmanager,
    /// Targets have not been scraped yet.
    TargetsUnknown,
    /// It has neither targets nor rules.
    NothingWatched,
}

/// Why a project is in its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Why {
    pub(super) what: What,
    /// How many alerts, targets or rules; 0 where there is nothing to count.
    pub(super) count: usize,
}

/// What is known of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) targets: TargetCounts,
    pub(super) alerts: AlertCounts,
    pub(super) rules: RuleCounts,
    /// Some Prometheus answered.
    pub(super) prometheus: bool,
    /// Some Alertmanager answered.
    pub(super) alertmanager: bool,
}

/// The state and the reasons for it, the worst first; none when all is well.
pub(super) fn judge(known: Known) -> (State, Vec<Why>) {
    let Known { targets, alerts, rules, prometheus, alertmanager } = known;
    let watched = targets.total() + rules.total > 0;
    let all_down = targets.down > 0 && targets.down == targets.total();
    let down = if all_down { What::AllDown } else { What::TargetsDown };
    let once = |is: bool| usize::from(is);
    let reasons = [
        (State::Critical, What::CriticalFiring, alerts.critical),
        (if all_down { State::Critical } else { State::Warning }, down, targets.down),
        (State::Warning, What::WarningFiring, alerts.warning + alerts.other),
        (State::Warning, What::RulesFailing, rules.failing),
        (State::Unknown, What::NoPrometheus, once(watched && !prometheus)),
        (State::Unknown, What::NoAlertmanager, once(!alertmanager)),
        (State::Unknown, What::TargetsUnknown, if prometheus { targets.unknown } else { 0 }),
        (State::Unknown, What::NothingWatched, once(!watched)),
    ];
    let holding = reasons.into_iter().filter(|(.., count)| *count > 0);
    let state = holding.clone().map(|(state, ..)| state).max().unwrap_or(State::Ok);
    let counted =
        |what| !matches!(what, What::NoPrometheus | What::NoAlertmanager | What::NothingWatched);
    let why = holding
        .map(|(_, what, count)| Why { what, count: if counted(what) { count } else { 0 } })
        .collect();
    (state, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two targets up, one rule, everybody answers.
    fn well() -> Known {
        Known {
            targets: TargetCounts { up: 2, down: 0, unknown: 0 },
            alerts: AlertCounts::default(),
            rules: RuleCounts { total: 1, ..RuleCounts::default() },
            prometheus: true,
            alertmanager: true,
        }
    }

    fn whats(known: Known) -> (State, Vec<(What, usize)>) {
        let (state, why) = judge(known);
        (state, why.into_iter().map(|why| (why.what, why.count)).collect())
    }

    #[test]
    fn nothing_wrong_and_everybody_answering_is_well() {
        assert_eq!(whats(well()), (State::Ok, vec![]));
        let quiet = AlertCounts { info: 3, pending: 2, silenced: 4, ..AlertCounts::default() };
        assert_eq!(whats(Known { alerts: quiet, ..well() }), (State::Ok, vec![]));
    }

    #[test]
    fn the_worst_reason_decides_and_comes_first() {
        let targets = TargetCounts { up: 12, down: 2, unknown: 0 };
        let alerts = AlertCounts { critical: 1, warning: 2, other: 1, ..AlertCounts::default() };
        assert_eq!(
            whats(Known { targets, alerts, ..well() }),
            (
                State::Critical,
                vec![(What::CriticalFiring, 1), (What::TargetsDown, 2), (What::WarningFiring, 3)]
            )
        );
        let failing = RuleCounts { total: 4, failing: 1, ..RuleCounts::default() };
        let known = Known { rules: failing, ..well() };
        assert_eq!(whats(known), (State::Warning, vec![(What::RulesFailing, 1)]));
    }

    #[test]
    fn of_a_project_of_which_nothing_answers_it_is_critical_also_without_a_rule_for_it() {
        let targets = TargetCounts { up: 0, down: 2, unknown: 0 };
        let known = Known { targets, ..well() };
        assert_eq!(whats(known), (State::Critical, vec![(What::AllDown, 2)]));
        let half = TargetCounts { up: 0, down: 2, unknown: 1 };
        assert_eq!(whats(Known { targets: half, ..well() }).0, State::Warning);
    }

    #[test]
    fn what_nobody_looked_at_is_never_called_well() {
        let blind = Known {
            targets: TargetCounts { up: 0, down: 0, unknown: 2 },
            prometheus: false,
            ..well()
        };
        assert_eq!(whats(blind), (State::Unknown, vec![(What::NoPrometheus, 0)]));
        let deaf = Known { alertmanager: false, ..well() };
        assert_eq!(whats(deaf), (State::Unknown, vec![(What::NoAlertmanager, 0)]));
        let new = Known { targets: TargetCounts { up: 3, down: 0, unknown: 1 }, ..well() };
        assert_eq!(whats(new), (State::Unknown, vec![(What::TargetsUnknown, 1)]));
        let empty =
            Known { targets: TargetCounts::default(), rules: RuleCounts::default(), ..well() };
        assert_eq!(whats(empty), (State::Unknown, vec![(What::NothingWatched, 0)]));
    }

    #[test]
    fn who_is_blind_still_tells_the_worst_that_is_known() {
        let down = Known {
            targets: TargetCounts { up: 0, down: 1, unknown: 1 },
            alertmanager: false,
            ..well()
        };
        let (state, why) = whats(down);
        assert_eq!(state, State::Warning);
        assert_eq!(why.last(), Some(&(What::TargetsUnknown, 1)));
    }
}
