//! One story out of what Prometheus, Alertmanager and the notifier say.

use super::*;
use crate::{
    model::{fingerprint::Fingerprint, spec::SilenceMatcher},
    observe::rules,
};
use serde_json::{Value, json};

fn at(minute: u64) -> UnixMs {
    UnixMs(1_800_000_000_000 + minute * 60_000)
}

fn episode(from: u64, to: Option<u64>) -> Episode {
    serde_json::from_value(json!({
        "v": 1,
        "span": {"number": 1, "starts_at": at(from), "ends_at": to.map(at), "floor": null,
                 "closed_at": to.map(at), "seen_at": at(from)},
        "alert": {"fingerprint": "00000000000000f1", "status": "firing",
                  "labels": {"project": "shop"}, "starts_at": at(from)},
        "told": {"ops": {"firing": at(from + 1)}},
    }))
    .unwrap()
}

fn receipt(more: Value) -> Receipt {
    let mut receipt = json!({
        "v": 1, "id": "00000000000000000000000000000007", "created": at(1), "ended": at(4),
        "receiver": "ops", "channel": "mail", "kind": "mail", "to": "ops@example.org",
        "about": "firing", "state": "failed", "reason": "550 no such user", "n_attempts": 2,
        "alerts": [],
        "attempts": [
            {"n": 1, "at": at(2), "node": "1", "term": 1,
             "outcome": {"class": "retry", "reason": "451 later"}},
            {"n": 2, "at": at(3), "node": "1", "term": 1,
             "outcome": {"class": "rejected", "reason": "550 no such user"}}],
    });
    receipt.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(receipt).unwrap()
}

fn silence(from: u64, to: u64, project: &str) -> Wanted {
    let value = project.to_owned();
    Wanted {
        name: "work".into(),
        by: "ann".into(),
        starts: at(from),
        ends: at(to),
        matchers: vec![SilenceMatcher {
            name: "project".into(),
            value,
            is_regex: false,
            is_equal: true,
        }],
        comment: "planned".into(),
    }
}

fn told(episodes: &[Episode], receipts: &[Receipt], silences: &[Wanted]) -> Vec<(String, String)> {
    story(&[], episodes, receipts, silences)
}

fn story(
    states: &[Transition],
    episodes: &[Episode],
    receipts: &[Receipt],
    silences: &[Wanted],
) -> Vec<(String, String)> {
    let labels = [("project".to_owned(), "shop".to_owned())].into();
    let known = Known { labels: &labels, episodes, receipts, states, silences };
    let entries = timeline(&known, at(100));
    let times: Vec<&str> = entries.iter().map(|entry| entry.at.as_str()).collect();
    assert!(times.is_sorted(), "{times:?}");
    entries.into_iter().map(|entry| (entry.what, entry.text)).collect()
}

fn words(entries: &[(String, String)]) -> Vec<&str> {
    entries.iter().map(|(what, _)| what.as_str()).collect()
}

#[test]
fn the_whole_way_is_told_in_order_with_every_answer() {
    let entries = told(&[episode(0, Some(9))], &[receipt(json!({}))], &[silence(5, 8, "shop")]);
    assert_eq!(
        words(&entries),
        ["firing", "received", "queued", "sent", "sent", "failed", "silenced", "resolved"]
    );
    assert_eq!(entries[3].1, "451 later");
    assert_eq!(entries[5].1, "550 no such user");
    assert!(entries[6].1.starts_with("silence work by ann until "), "{}", entries[6].1);
}

#[test]
fn tests_and_silences_of_others_or_of_other_times_are_left_out() {
    let silences = [silence(5, 8, "crm"), silence(20, 30, "shop"), silence(200, 300, "shop")];
    let test = receipt(json!({"test": true}));
    assert_eq!(
        words(&told(&[episode(0, Some(9))], &[test], &silences)),
        ["firing", "received", "resolved"]
    );
}

#[test]
fn an_alert_held_back_from_its_start_shows_the_silence_alone() {
    assert_eq!(words(&told(&[], &[], &[silence(5, 8, "shop")])), ["silenced"]);
}

#[test]
fn what_is_on_its_way_has_no_end_and_attempts_keep_their_numbers() {
    let attempt = |n: u32| json!({"n": n, "at": at(2), "node": "1", "term": 1});
    let pending = receipt(json!({"state": "pending", "ended": null, "n_attempts": 32,
        "attempts": [attempt(31), attempt(32)]}));
    let known = Known {
        labels: &Labels::default(),
        episodes: &[],
        receipts: &[pending],
        states: &[],
        silences: &[],
    };
    let entries = timeline(&known, at(100));
    let shown = entries.iter().map(|it| (it.what.as_str(), it.attempt, it.to.as_str()));
    let to = "ops@example.org";
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [("queued", None, to), ("sent", Some(31), to), ("sent", Some(32), to)]
    );
}

/// `p` = pending, `f` = firing, `r` = resolved, `i` = inactive again; each with its minute.
fn states(changes: &[(char, u64)]) -> Vec<Transition> {
    use rules::State::{Firing, Inactive, Pending, Resolved};
    let mut from = Inactive;
    let states = changes.iter().map(|(to, minute)| {
        let to = match to {
            'p' => Pending,
            'f' => Firing,
            'r' => Resolved,
            _ => Inactive,
        };
        let (labels, group) = ([("project".to_owned(), "shop".to_owned())].into(), "g".into());
        let value = (to >= Pending).then_some(25.0);
        let (fingerprint, at) = (Fingerprint(0xf1), at(*minute));
        Transition {
            at,
            fingerprint,
            group,
            labels,
            from: std::mem::replace(&mut from, to),
            to,
            value,
        }
    });
    states.collect()
}

#[test]
fn pending_firing_delivered_and_resolved_are_one_story() {
    let sent = receipt(json!({"state": "delivered", "n_attempts": 1, "attempts": [
        {"n": 1, "at": at(13), "node": "1", "term": 1,
         "outcome": {"class": "delivered", "reason": "250 ok"}}],
        "created": at(12), "ended": at(14)}));
    // Alertmanager's word of the firing comes from the other replica, an evaluation later.
    let told =
        story(&states(&[('p', 5), ('f', 10), ('r', 20)]), &[episode(11, Some(21))], &[sent], &[]);
    assert_eq!(
        words(&told),
        ["pending", "firing", "received", "queued", "sent", "delivered", "resolved"]
    );
    assert_eq!((told[0].1.as_str(), told[1].1.as_str()), ("25", "25"));
}

#[test]
fn a_rule_without_for_is_never_shown_as_pending() {
    let told = story(&states(&[('f', 10), ('r', 20)]), &[episode(10, Some(20))], &[], &[]);
    assert_eq!(words(&told), ["firing", "received", "resolved"]);
}

#[test]
fn a_condition_that_clears_before_it_fires_leaves_its_trace() {
    let told = story(&states(&[('p', 5), ('i', 7), ('p', 9)]), &[], &[], &[]);
    assert_eq!(words(&told), ["pending", "inactive", "pending"]);
}

#[test]
fn what_only_one_of_prometheus_and_alertmanager_knows_is_told_too() {
    // The history begins after the first firing and nobody told of the last one.
    let states = states(&[('f', 40), ('r', 50), ('f', 60)]);
    let told = story(&states, &[episode(0, Some(9)), episode(40, Some(50))], &[], &[]);
    let wanted = ["firing", "received", "resolved", "firing", "received", "resolved", "firing"];
    assert_eq!(words(&told), wanted);
}

#[test]
fn an_alertmanager_that_lost_sight_is_told_as_it_told_the_people() {
    let states = states(&[('f', 10), ('r', 40)]);
    let episodes = [episode(10, Some(20)), episode(25, Some(41))];
    let told = story(&states, &episodes, &[], &[]);
    let wanted = ["firing", "received", "resolved", "firing", "received", "resolved"];
    assert_eq!(words(&told), wanted);
    // Until Prometheus' own end is known Alertmanager's is.
    let open = story(&states[..1], &episodes[..1], &[], &[]);
    assert_eq!(words(&open), ["firing", "received", "resolved"]);
}

#[test]
fn a_silence_that_held_back_a_firing_nobody_was_told_of_stands_where_it_began() {
    let states = states(&[('f', 10), ('r', 20)]);
    let told = story(&states, &[], &[], &[silence(5, 30, "shop")]);
    assert_eq!(words(&told), ["firing", "silenced", "resolved"]);
    assert_eq!(
        words(&story(&states, &[], &[], &[silence(30, 40, "shop")])),
        ["firing", "resolved"]
    );
}
