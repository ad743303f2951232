//! The store as its users see it.

mod audit;
mod backup;
mod behind;
mod conformance;
mod crash;
mod disk;
mod frozen;
mod membership;
mod one_node;
mod replay;
mod salvage;
mod simulation;
mod three_nodes;

use super::command::{Change, Command, Precondition, Space};
use crate::model::{Kind, Name, UnixMs, label::Labels, resource::Key};
use bytes::Bytes;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(20);

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn project(text: &str) -> Key {
    Key { kind: Kind::Project, name: name(text) }
}

fn put(text: &str, title: &str) -> Change {
    Change::Put {
        kind: Kind::Project,
        name: name(text),
        labels: Labels::new(),
        spec: serde_json::json!({ "title": title }),
    }
}

fn put_row(key: &str, value: &[u8]) -> Change {
    Change::PutRow(
        Space::Lease,
        Bytes::copy_from_slice(key.as_bytes()),
        Bytes::copy_from_slice(value),
    )
}

fn random_request() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    u128::from_be_bytes(bytes)
}

fn command(changes: Vec<Change>) -> Command {
    Command {
        request: random_request(),
        actor: "ann".to_owned(),
        why: "a test".to_owned(),
        at: UnixMs(1_000),
        preconditions: vec![],
        changes,
    }
}

fn guarded(preconditions: Vec<Precondition>, changes: Vec<Change>) -> Command {
    Command { preconditions, ..command(changes) }
}
