//! Tests of admission as a whole.

mod corpus;
mod documents;
mod planning;
mod refused;
mod rule_tests;
mod sample;
mod writing;

use super::{Plan, Put, Request, document};
use crate::model::{UnixMs, cluster::DeclaredState};
use crate::render::tests::fixture;

/// Three nodes with everything a small site declares.
fn shop() -> DeclaredState {
    let mut state = fixture::cluster(3);
    fixture::shop(&mut state);
    state
}

/// The objects of a YAML text, which must be well formed.
fn puts(text: &str) -> Vec<Put> {
    let parsed = document::parse_yaml(text);
    assert_eq!(parsed.errors, []);
    parsed.puts
}

fn request(text: &str) -> Request {
    Request {
        puts: puts(text),
        actor: "ann".into(),
        why: "a test".into(),
        request: 7,
        at: UnixMs(1_800_000_000_000),
        ..Request::default()
    }
}

fn messages(plan: &Plan) -> Vec<String> {
    plan.errors.iter().map(|error| format!("{}: {}", error.path, error.code.as_str())).collect()
}
