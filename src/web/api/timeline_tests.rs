use super::*;
use crate::model::spec::SilenceMatcher;
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
    let labels = [("project".to_owned(), "shop".to_owned())].into();
    let entries = timeline(&labels, episodes, receipts, silences, at(100));
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
    assert_eq!(entries[3].1, "attempt 1 to ops@example.org: 451 later");
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
fn what_is_on_its_way_has_no_end_and_what_was_cut_is_counted() {
    let pending = receipt(json!({"state": "pending", "ended": null, "n_attempts": 32}));
    let entries = told(&[], &[pending], &[]);
    assert_eq!(words(&entries), ["queued", "sent", "sent"]);
    assert!(entries[1].1.starts_with("30 attempts before; "), "{}", entries[1].1);
}
