//! What is posted and ended, from what is wanted and what Alertmanagers hold.

use super::*;
use crate::model::spec::SilenceMatcher;

const NOW: UnixMs = UnixMs(1_000_000);

fn wanted(name: &str) -> Wanted {
    Wanted {
        name: name.into(),
        by: "ann".into(),
        starts: UnixMs(500_000),
        ends: UnixMs(9_000_000),
        matchers: vec![SilenceMatcher {
            name: "project".into(),
            value: "shop".into(),
            is_regex: false,
            is_equal: true,
        }],
        comment: "planned work".into(),
    }
}

/// As an Alertmanager holds what was posted at the time.
fn held(id: &str, wanted: &Wanted, posted: UnixMs) -> Held {
    let json = serde_json::to_value(Posted::of(wanted, None, posted)).unwrap();
    let state = if wanted.starts > NOW { "pending" } else { "active" };
    serde_json::from_value(serde_json::json!({
        "id": id, "status": {"state": state}, "comment": json["comment"],
        "createdBy": json["createdBy"], "startsAt": wanted.starts.max(posted),
        "endsAt": json["endsAt"], "matchers": json["matchers"],
        "updatedAt": "2026-01-01T00:00:00Z",
    }))
    .unwrap()
}

fn instance(node: u64, held: &[Held]) -> Instance {
    Instance { node: NodeId(node), held: held.to_vec() }
}

fn planned(wanted: &[Wanted], instances: &[Instance]) -> Vec<Step> {
    plan(wanted, instances, &mut Lacking::new(), NOW)
}

#[test]
fn a_new_silence_is_posted_once_and_left_to_gossip() {
    let silence = wanted("work");
    let steps = planned(std::slice::from_ref(&silence), &[instance(1, &[]), instance(2, &[])]);
    assert!(
        matches!(steps.as_slice(), [Step::Post(NodeId(1), name, post)] if name == "work" && post.id.is_none()),
        "{steps:?}"
    );
    let there = held("a", &silence, NOW);
    assert_eq!(there.object(), Some("work"));
    let all = [instance(1, std::slice::from_ref(&there)), instance(2, &[there])];
    assert_eq!(planned(&[silence], &all), []);
}

#[test]
fn an_edit_replaces_the_old_copy_and_a_leftover_is_ended() {
    let old = held("a", &wanted("work"), UnixMs(600_000));
    let longer = Wanted { ends: UnixMs(10_000_000), ..wanted("work") };
    let steps = planned(std::slice::from_ref(&longer), &[instance(1, std::slice::from_ref(&old))]);
    let [Step::Post(_, _, post)] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!(post.id.as_deref(), Some("a"));
    assert_eq!(serde_json::to_value(post).unwrap()["startsAt"], old.starts_at.to_string());
    let new = held("b", &longer, NOW);
    let steps = planned(&[longer], &[instance(1, &[old, new])]);
    assert_eq!(steps, [Step::Expire(NodeId(1), "a".into())]);
}

#[test]
fn of_two_good_copies_the_smaller_id_stays_and_is_ended_nowhere() {
    let silence = wanted("work");
    let (a, b) = (held("a", &silence, NOW), held("b", &silence, NOW));
    let both = [instance(1, &[b.clone(), a.clone()]), instance(2, &[a.clone(), b.clone()])];
    assert_eq!(
        planned(std::slice::from_ref(&silence), &both),
        [Step::Expire(NodeId(1), "b".into())]
    );
    let cut_off = [instance(1, &[a]), instance(2, &[b])];
    assert_eq!(planned(&[silence], &cut_off), []);
}

#[test]
fn what_is_deleted_or_over_is_ended_and_foreign_ones_are_left_alone() {
    let gone = held("a", &wanted("gone"), NOW);
    let over = Wanted { ends: NOW, ..wanted("over") };
    let was = held("b", &wanted("over"), NOW);
    let foreign = Held { comment: "by hand".into(), id: "c".into(), ..gone.clone() };
    let mut expired = held("d", &wanted("gone"), NOW);
    expired.status.state = "expired".into();
    let all = [instance(1, &[gone.clone(), was, foreign, expired]), instance(2, &[gone])];
    let steps = planned(&[over], &all);
    assert_eq!(steps, [Step::Expire(NodeId(1), "a".into()), Step::Expire(NodeId(1), "b".into())]);
}

#[test]
fn one_that_gossip_does_not_reach_gets_its_own_copy_after_a_while() {
    let silence = wanted("work");
    let all = [instance(1, &[held("a", &silence, NOW)]), instance(2, &[])];
    let wanted = [silence];
    let mut lacking = Lacking::new();
    assert_eq!(plan(&wanted, &all, &mut lacking, NOW), []);
    let soon = UnixMs(NOW.0 + GOSSIP_MS - 1);
    assert_eq!(plan(&wanted, &all, &mut lacking, soon), []);
    let late = UnixMs(NOW.0 + GOSSIP_MS);
    let steps = plan(&wanted, &all, &mut lacking, late);
    assert!(matches!(steps.as_slice(), [Step::Post(NodeId(2), ..)]), "{steps:?}");
    assert_eq!(plan(&wanted, &all, &mut lacking, UnixMs(late.0 + 1)), []);
}

#[test]
fn a_silence_that_begins_later_keeps_its_start() {
    let later = Wanted { starts: UnixMs(2_000_000), ..wanted("later") };
    let there = held("a", &later, NOW);
    assert_eq!(planned(std::slice::from_ref(&later), &[instance(1, &[there])]), []);
    let earlier = Wanted { starts: UnixMs(1_500_000), ..wanted("later") };
    let steps = planned(&[earlier], &[instance(1, &[held("a", &later, NOW)])]);
    assert!(
        matches!(steps.as_slice(), [Step::Post(_, _, post)] if post.id.as_deref() == Some("a")),
        "{steps:?}"
    );
}
