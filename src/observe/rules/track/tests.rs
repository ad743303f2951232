//! Looks in order, and the transitions they bring.

use super::*;
use crate::{model::NodeId, observe::rules::SeenGroup};
use proptest::prelude::*;

/// Evaluations every 10 s; the clock is in seconds.
const INTERVAL: u64 = 10;

fn labels() -> Labels {
    [("alertname".to_owned(), "A".to_owned()), ("instance".to_owned(), "i".to_owned())].into()
}

fn at(seconds: u64) -> UnixMs {
    UnixMs(seconds * 1000)
}

/// A rule watched from look to look.
struct Watched {
    known: Active,
    for_s: u64,
    last: u64,
    ready_since: u64,
    log: Vec<String>,
}

impl Watched {
    fn new(for_s: u64) -> Self {
        Self { known: Active::new(), for_s, last: 0, ready_since: 1, log: Vec::new() }
    }

    /// At `now` the alert is seen as `state` since `active`, if at all.
    fn look(&mut self, now: u64, seen: Option<(State, u64)>) -> &mut Self {
        let fingerprint = Fingerprint::of(&labels());
        let alert = |(state, active)| SeenAlert {
            labels: labels(),
            annotations: BTreeMap::new(),
            state,
            active_at: at(active),
            value: Some(1.0),
        };
        let seen: BTreeMap<_, _> =
            seen.map(alert).map(|alert| (fingerprint, alert)).into_iter().collect();
        let rule = SeenRule {
            name: "A".into(),
            alerting: true,
            for_ms: self.for_s * 1000,
            health: "ok".into(),
            last_error: String::new(),
            last_evaluation: Some(at(now / INTERVAL * INTERVAL)),
            evaluation_seconds: 0.0,
            active: seen.clone(),
        };
        let group = SeenGroup { interval_ms: INTERVAL * 1000, rules: vec![rule] };
        let groups = [("g".to_owned(), group)].into();
        let rules = SeenRules { groups, answered: vec![NodeId(1)] };
        let look = Look {
            seen: &seen,
            watched: at(self.last),
            now: at(now),
            oldest_replica: Some(at(self.ready_since)),
        };
        let found = transitions(&self.known, &look, &rules);
        assert!(found.is_empty() || !moved(&self.known, &look).is_empty(), "{found:?} unasked");
        for transition in found {
            apply(&mut self.known, &transition);
            let (from, to) = (transition.from.as_str(), transition.to.as_str());
            self.log.push(format!("{} {from}>{to}", transition.at.0 / 1000));
        }
        self.last = now;
        self
    }
}

const PENDING: State = State::Pending;
const FIRING: State = State::Firing;

#[test]
fn an_alert_goes_through_its_states_at_the_instants_of_its_evaluations() {
    let mut rule = Watched::new(10);
    rule.look(101, None).look(112, Some((PENDING, 110))).look(113, Some((PENDING, 110)));
    rule.look(121, Some((FIRING, 110))).look(129, Some((FIRING, 110))).look(143, None);
    assert_eq!(rule.log, ["110 inactive>pending", "120 pending>firing", "140 firing>resolved"]);
    assert!(rule.known.is_empty());
}

#[test]
fn without_for_pending_is_never_written() {
    let mut rule = Watched::new(0);
    rule.look(101, None).look(112, Some((FIRING, 110))).look(123, None);
    assert_eq!(rule.log, ["110 inactive>firing", "120 firing>resolved"]);
}

#[test]
fn a_pending_that_was_not_seen_is_written_since_prometheus_tells_of_it() {
    let mut rule = Watched::new(15);
    rule.look(101, None).look(300, Some((FIRING, 210)));
    // 15 s after 210 lies between two evaluations.
    assert_eq!(rule.log, ["210 inactive>pending", "230 pending>firing"]);
}

#[test]
fn a_pending_that_clears_never_fired() {
    let mut rule = Watched::new(30);
    rule.look(101, None).look(112, Some((PENDING, 110))).look(121, None);
    assert_eq!(rule.log, ["110 inactive>pending", "120 pending>inactive"]);
}

#[test]
fn a_prometheus_that_just_started_does_not_resolve_what_fired() {
    let mut rule = Watched::new(10);
    rule.look(101, None).look(112, Some((FIRING, 90)));
    rule.log.clear();
    rule.ready_since = 120;
    rule.look(121, None).look(131, Some((PENDING, 130))).look(141, Some((PENDING, 130)));
    rule.look(151, Some((FIRING, 130)));
    assert!(rule.log.is_empty(), "{:?}", rule.log);
    // But when it is gone for good, it is told once the replica has run for a while.
    rule.look(161, None).look(169, None);
    assert!(rule.log.is_empty(), "{:?}", rule.log);
    rule.look(171, None);
    assert_eq!(rule.log, ["170 firing>resolved"]);
}

#[test]
fn what_ended_and_began_again_while_nobody_watched_is_two_firings() {
    let mut rule = Watched::new(10);
    rule.look(101, None).look(112, Some((FIRING, 90)));
    rule.log.clear();
    rule.look(500, Some((FIRING, 400)));
    assert_eq!(rule.log, ["400 firing>resolved", "400 inactive>pending", "410 pending>firing"]);
}

#[test]
fn the_other_replica_that_saw_it_later_is_no_new_firing() {
    let mut rule = Watched::new(0);
    rule.look(101, None).look(112, Some((FIRING, 110)));
    rule.log.clear();
    // The replica that saw it first is lost; the other one's condition holds since 115.
    rule.look(116, Some((FIRING, 110))).look(130, Some((FIRING, 115)));
    // The lagging one is still pending after the first resolved: it has fired already.
    let mut lagging = Watched::new(10);
    lagging.look(101, None).look(125, Some((FIRING, 110))).look(131, Some((PENDING, 115)));
    assert_eq!((rule.log.len(), lagging.log.len()), (0, 2), "{:?} {:?}", rule.log, lagging.log);
}

#[test]
fn a_firing_is_not_from_before_its_condition_held() {
    let mut rule = Watched::new(0);
    rule.look(1001, None).look(1030, None).look(1035, Some((FIRING, 1035)));
    rule.look(1062, Some((FIRING, 1062))).look(1063, None).look(1064, Some((FIRING, 1064)));
    assert_eq!(rule.log.last().map(String::as_str), Some("1064 inactive>firing"), "{:?}", rule.log);
}

#[test]
fn a_rule_that_is_deleted_ends_its_alerts() {
    let mut rule = Watched::new(0);
    rule.look(101, None).look(112, Some((FIRING, 110)));
    let (seen, rules) = (BTreeMap::new(), SeenRules::default());
    let look = Look { seen: &seen, watched: at(112), now: at(200), oldest_replica: Some(at(1)) };
    let found = transitions(&rule.known, &look, &rules);
    assert_eq!((found.len(), found[0].to, found[0].at), (1, State::Resolved, at(200)));
}

proptest! {
    /// Whatever is seen, the history is a path through the states, in order of time.
    #[test]
    fn histories_are_paths_through_the_states(
        looks in prop::collection::vec((1_u64..40, 0_u8..3, 0_u64..60), 1..60),
        for_s in prop::sample::select(vec![0_u64, 10, 25]),
    ) {
        let mut rule = Watched::new(for_s);
        let mut now = 1_000;
        for (wait, kind, ago) in looks {
            now += wait;
            let seen = match kind {
                0 => None,
                1 if for_s > 0 => Some((PENDING, now - ago.min(wait))),
                _ => Some((FIRING, now - ago.min(wait))),
            };
            rule.look(now, seen);
        }
        let mut last = ("inactive".to_owned(), 0);
        for line in &rule.log {
            let (time, step) = line.split_once(' ').unwrap();
            let (from, to) = step.split_once('>').unwrap();
            let time: u64 = time.parse().unwrap();
            let resting = |state: &str| state == "inactive" || state == "resolved";
            prop_assert!(from == last.0 || resting(from) && resting(&last.0), "{:?}", rule.log);
            prop_assert!(time >= last.1, "{:?}", rule.log);
            let allowed = match from {
                "pending" => ["firing", "inactive"].contains(&to),
                "firing" => to == "resolved",
                _ => to == if for_s > 0 { "pending" } else { "firing" },
            };
            prop_assert!(allowed, "{:?}", rule.log);
            last = (to.to_owned(), time);
        }
    }
}
