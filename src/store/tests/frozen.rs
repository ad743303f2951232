//! The bytes of version 1, as they lie on disks and travel between versions. A change here
//! breaks a mixed cluster: add optional fields instead, or a new version beside this one.

use super::{crash::log_id, name, project, put_row};
use crate::{
    model::{
        Revision, UnixMs,
        audit::{Note, Verb},
        label::Labels,
    },
    store::{
        codec::{Blob, encode},
        command::{Change, Command, Precondition, Written},
        types::{Entry, Outcome, Vote},
        wire::{
            command::{command_op, decode_command},
            outcome::{decode_outcome, encode_outcome},
            raft::{AppendWire, decode_entry, encode_entry},
        },
    },
};
use data_encoding::HEXLOWER;
use openraft::{EntryPayload, entry::RaftEntry};
use sha2::{Digest as _, Sha256};

fn example() -> Command {
    let key = project("shop");
    Command {
        request: 7,
        actor: "ann".to_owned(),
        why: "x".to_owned(),
        at: UnixMs(5),
        preconditions: vec![Precondition::Revision(key.clone(), Revision(3))],
        changes: vec![
            Change::Put {
                kind: key.kind,
                name: name("shop"),
                labels: Labels::new(),
                spec: serde_json::json!({"n": 1.5}),
            },
            Change::Delete(key),
            put_row("k", b"v"),
        ],
    }
}

fn entry() -> Entry {
    <Entry as RaftEntry>::new(log_id(2, 9), EntryPayload::Normal(command_op(example())))
}

fn check(found: &[u8], frozen: &str) {
    assert_eq!(HEXLOWER.encode(found), frozen.replace(['\n', ' '], ""));
}

fn bytes(frozen: &str) -> Vec<u8> {
    HEXLOWER.decode(frozen.replace(['\n', ' '], "").as_bytes()).unwrap()
}

#[test]
fn a_log_entry_with_a_command_keeps_its_bytes() {
    check(&encode_entry(&entry()), ENTRY);
    let entry = decode_entry(&bytes(ENTRY)).unwrap();
    let EntryPayload::Normal(op) = &entry.payload else { panic!("{entry:?}") };
    assert_eq!(decode_command(&op.body).unwrap(), example());
}

#[test]
fn an_audited_command_keeps_its_bytes_and_is_of_a_version_that_older_binaries_stop_at() {
    let note = Note::done(UnixMs(5), "ann", Verb::SignIn).about("user/ann");
    let changes = vec![(&note).into(), Change::PruneAudit(7)];
    let command = Command { preconditions: vec![], changes, ..example() };
    let op = command_op(command.clone());
    assert_eq!((op.kind, op.v), (1, 2));
    check(&op.body, AUDITED);
    assert_eq!(decode_command(&bytes(AUDITED)).unwrap(), command);
    assert_eq!(command_op(example()).v, 1);
}

#[tokio::test]
async fn an_audit_record_keeps_its_text_and_its_hash() {
    let dir = tempfile::tempdir().unwrap();
    let store = crate::store::testing::single(dir.path()).await;
    let note = Note::done(UnixMs(5), "ann", Verb::Change).about("x");
    let changes = vec![example().changes.remove(0), (&note).into()];
    let command = Command { preconditions: vec![], changes, ..example() };
    let index = store.write(command, super::DEADLINE).await.unwrap().index;
    let row = store.audit_after(0, 1).unwrap().remove(0);
    let text = format!(
        r#"{{"seq":1,"index":{index},"objects":[{{"kind":"project","name":"shop","before":null,"after":"{index}"}}],"n_objects":1,"at":"1970-01-01T00:00:00.005Z","actor":"ann","verb":"change","outcome":"done","about":"x"}}"#
    );
    assert_eq!(row.text, text);
    let hash = Sha256::digest([&[0; 32], text.as_bytes()].concat());
    assert_eq!(row.hash, *hash);
    store.close().await.unwrap();
}

#[test]
fn an_outcome_keeps_its_bytes() {
    let outcome = Outcome::Written(Written { index: 9, changed: vec![project("shop")] });
    check(&encode_outcome(&outcome), OUTCOME);
    assert_eq!(decode_outcome(&bytes(OUTCOME)).unwrap(), outcome);
}

#[test]
fn an_append_message_keeps_its_bytes() {
    let message = AppendWire {
        vote: (&Vote::new_committed(2, 1)).into(),
        prev: Some((&log_id(1, 8)).into()),
        commit: None,
        entries: vec![Blob(bytes("01ff").into())],
    };
    check(&encode(&message), APPEND);
}

const ENTRY: &str = "
    01a2626964a3647465726d02646e6f64650165696e64657809677061796c6f6164a1626f70a3646b696e6401
    61760164626f647958ec01a667726571756573745000000000000000000000000000000007656163746f7263
    616e6e637768796178626174056d707265636f6e646974696f6e7381a1687265766973696f6ea2636b6579a2
    646b696e646770726f6a656374646e616d656473686f70687265766973696f6e03676368616e67657383a163
    707574a4646b696e646770726f6a656374646e616d656473686f70666c6162656c73a06473706563a1616ef9
    3e00a16664656c657465a1636b6579a2646b696e646770726f6a656374646e616d656473686f70a167707574
    5f726f77a365737061636507636b6579416b6576616c75654176
";
const AUDITED: &str = "
    01a667726571756573745000000000000000000000000000000007656163746f7263616e6e63776879617862
    6174056d707265636f6e646974696f6e7380676368616e67657382a1646e6f7465a1647465787478647b2261
    74223a22313937302d30312d30315430303a30303a30302e3030355a222c226163746f72223a22616e6e222c
    2276657262223a227369676e2d696e222c226f7574636f6d65223a22646f6e65222c2261626f7574223a2275
    7365722f616e6e227da16b7072756e655f6175646974a16562656c6f7707
";
const OUTCOME: &str = "
    01a1677772697474656ea265696e64657809676368616e67656481a2646b696e646770726f6a656374646e61
    6d656473686f70
";
const APPEND: &str = "
    01a464766f7465a3647465726d02646e6f64650169636f6d6d6974746564f56470726576a3647465726d0164
    6e6f64650165696e6465780866636f6d6d6974f667656e7472696573814201ff
";
