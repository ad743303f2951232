//! The audit: no change without a record, no record without a change, and one chain.

use super::{DEADLINE, command, guarded, name, project, put, put_row};
use crate::{
    model::{
        Revision, UnixMs,
        audit::{End, GENESIS, Note, Record, Verb, Walk},
    },
    store::{
        Store, WriteError,
        command::{Change, Command, Precondition, Space},
        testing::single,
    },
};
use bytes::Bytes;

fn note(about: &str) -> Change {
    (&Note::done(UnixMs(1_000), "ann", Verb::Change).about(about)).into()
}

fn meta(level: u32) -> Change {
    let meta = serde_json::json!({"cluster_id": "c", "name": "n", "feature_level": level,
        "formed": "2026-01-01T00:00:00Z"});
    let value = serde_json::to_vec(&meta).unwrap().into();
    Change::PutRow(Space::Cluster, Bytes::from_static(b"meta"), value)
}

/// Every record, once the chain was followed over all of them.
fn records(store: &Store) -> Vec<Record> {
    let ends = store.audit_ends().unwrap();
    let mut walk = Walk::from(ends.anchor);
    let rows = store.audit_after(ends.anchor.seq, 1000).unwrap();
    for row in &rows {
        walk.step(&row.hash, &row.text).unwrap();
    }
    assert_eq!(walk.end(), ends.head);
    rows.iter().map(|row| serde_json::from_str(&row.text).unwrap()).collect()
}

async fn write(store: &Store, changes: Vec<Change>) -> u64 {
    store.write(command(changes), DEADLINE).await.unwrap().index
}

#[tokio::test]
async fn a_change_and_its_record_are_written_together_with_what_really_changed() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let first = write(&store, vec![put("a", "A"), note("one")]).await;
    let second = write(&store, vec![put("a", "B"), put("b", "B"), note("two")]).await;
    let third = write(&store, vec![Change::Delete(project("a")), put("b", "B"), note("3")]).await;
    // Equal puts and deletes of nothing are no change, and a condition that fails is none.
    write(&store, vec![put("b", "B"), Change::Delete(project("a")), note("nothing")]).await;
    let refused = guarded(vec![Precondition::Exists(project("a"))], vec![put("b", "C"), note("x")]);
    assert!(matches!(store.write(refused, DEADLINE).await, Err(WriteError::Precondition(_))));
    // What is about no object is recorded as it is said.
    write(&store, vec![put_row("k", b"v"), note("row")]).await;

    let all = records(&store);
    let said: Vec<&str> = all.iter().filter_map(|record| record.note.about.as_deref()).collect();
    assert_eq!(said, ["one", "two", "3", "row"]);
    assert_eq!(all.iter().map(|it| it.index).collect::<Vec<_>>()[..3], [first, second, third]);
    let touched: Vec<_> = all[1].objects.iter().map(|it| (it.name.as_str(), &it.before)).collect();
    assert_eq!(touched, [("a", &Some(Revision(first).to_string())), ("b", &None)]);
    assert_eq!(all[2].objects[0].after, None, "deleted");
    assert_eq!((all[2].n_objects, all[3].n_objects), (1, 0));

    // The chain goes on where it was after a restart.
    store.close().await.unwrap();
    let store = single(dir.path()).await;
    write(&store, vec![put("c", "C"), note("after")]).await;
    assert_eq!(records(&store).len(), 5);
    assert_eq!(store.audit_before(Some(3), 10).unwrap().len(), 2);
    store.close().await.unwrap();
}

#[tokio::test]
async fn members_of_an_older_level_get_no_notes_and_from_the_level_on_nothing_goes_unrecorded() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    write(&store, vec![meta(1)]).await;
    write(&store, vec![put("a", "A"), note("too early")]).await;
    assert!(records(&store).is_empty());
    let prune = store.write(command(vec![Change::PruneAudit(9)]), DEADLINE).await.unwrap_err();
    assert!(prune.to_string().contains("the cluster is at 1"), "{prune}");

    let spec = serde_json::json!({"base": "viewer", "change": []});
    let (kind, labels) = (crate::model::Kind::Role, Default::default());
    let role = Change::Put { kind, name: name("reader"), labels, spec };
    let too_new = store.write(command(vec![role.clone()]), DEADLINE).await.unwrap_err();
    assert!(matches!(too_new, WriteError::TooNew { needs: 2, level: 1, .. }), "{too_new}");
    assert!(store.state().get(kind, "reader").is_none());

    write(&store, vec![meta(2)]).await;
    write(&store, vec![role]).await;
    let index = write(&store, vec![put("a", "B")]).await;
    write(&store, vec![put_row("k", b"v")]).await;
    let all = records(&store);
    assert_eq!(all.len(), 2);
    let Record { index: at, objects, note, .. } = &all[1];
    assert_eq!((*at, objects[0].name.as_str()), (index, "a"));
    assert_eq!(
        (note.actor.as_str(), note.why.as_str(), note.verb),
        ("ann", "a test", Verb::Change)
    );
    store.close().await.unwrap();
}

#[tokio::test]
async fn what_is_pruned_leaves_a_chain_and_the_newest_record_stays() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    for n in 0..10 {
        write(&store, vec![note(&n.to_string())]).await;
    }
    let hash = store.audit_after(3, 1).unwrap()[0].hash;
    assert_eq!(store.audit_ends().unwrap().anchor, End { seq: 0, hash: GENESIS });
    write(&store, vec![Change::PruneAudit(5)]).await;
    assert_eq!(store.audit_ends().unwrap().anchor, End { seq: 4, hash });
    assert_eq!(records(&store).first().unwrap().seq, 5);
    // Again, and of what was never there, changes nothing.
    write(&store, vec![Change::PruneAudit(5), Change::PruneAudit(2)]).await;
    assert_eq!(records(&store).len(), 6);
    write(&store, vec![Change::PruneAudit(u64::MAX), note("pruned")]).await;
    let left: Vec<u64> = records(&store).iter().map(|record| record.seq).collect();
    assert_eq!(left, [10, 11]);
    store.close().await.unwrap();
}

#[tokio::test]
async fn nobody_writes_the_audit_but_by_notes_that_can_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let key = || Bytes::from_static(b"r\0\0\0\0\0\0\0\x01");
    let text = |text: &str| Change::Note(crate::store::command::NoteText(text.to_owned()));
    for bad in [
        Change::PutRow(Space::Audit, key(), Bytes::from_static(b"x")),
        Change::DeleteRow(Space::Audit, key()),
        text("{}"),
        text(r#"{"actor":"ann"}"#),
        text(r#"{"at":"2026-01-01T00:00:00Z","actor":"a","verb":"change","outcome":"done"},{}"#),
    ] {
        let refused = store.write(command(vec![bad.clone()]), DEADLINE).await;
        assert!(matches!(refused, Err(WriteError::Refused(_))), "{bad:?}");
    }
    assert!(records(&store).is_empty());
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_repeated_request_is_recorded_once_and_a_huge_one_names_a_part() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let mut changes: Vec<Change> = (0..300).map(|n| put(&format!("p{n}"), "x")).collect();
    let big = Change::Put {
        kind: project("x").kind,
        name: name("big"),
        labels: Default::default(),
        spec: serde_json::json!({ "title": "x".repeat(2 << 20) }),
    };
    changes.extend([big, note("all")]);
    let huge: Command = command(changes);
    store.write(huge.clone(), DEADLINE).await.unwrap();
    store.write(huge, DEADLINE).await.unwrap();
    let all = records(&store);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].objects.len(), all[0].n_objects), (200, 301));
    store.close().await.unwrap();
}
