//! Values of secrets in a store in memory, with a seal that can be looked through.

use super::*;
use crate::notify::{
    cluster::Rows as _,
    testing::{Declared, Memory, PlainSeal, Shared},
};
use serde_json::json;
use std::time::Duration;

fn secrets(shared: &Arc<Shared>) -> Secrets {
    Secrets::new(Memory::node(shared, 1), Arc::new(PlainSeal))
}

async fn set(shared: &Arc<Shared>, name: &str, value: &str) {
    let (_, change) = secrets(shared).put(name, &Secret::new(value.to_owned()), "ann").unwrap();
    let deadline = Duration::from_secs(1);
    Memory::node(shared, 1).write("value", Vec::new(), vec![change], deadline).await.unwrap();
}

#[tokio::test]
async fn a_value_is_read_by_its_name_and_replaced_by_the_next() {
    let mut declared = Declared::new();
    declared.put(Kind::Secret, "smtp", json!({}));
    let shared = Shared::new(declared);
    let source = secrets(&shared).source();
    assert_eq!(source("smtp").unwrap_err(), "secret `smtp` has no value yet");
    set(&shared, "smtp", "one").await;
    assert_eq!(source("smtp").unwrap().expose(), "one");
    set(&shared, "smtp", "two").await;
    assert_eq!(source("smtp").unwrap().expose(), "two");
    assert_eq!(source("other").unwrap_err(), "there is no secret `other`");
}

#[tokio::test]
async fn a_secret_made_again_under_its_name_has_no_value() {
    let mut declared = Declared::new();
    declared.put(Kind::Secret, "smtp", json!({}));
    let shared = Shared::new(declared);
    set(&shared, "smtp", "one").await;
    let row = Memory::node(&shared, 1).row(Space::Secret, b"smtp").unwrap().unwrap().1;
    let key = Bytes::from_static(b"smtp");
    assert!(!is_orphan(&shared.declared.lock().unwrap().state(), &key, &row));
    {
        let mut declared = shared.declared.lock().unwrap();
        declared.remove(Kind::Secret, "smtp");
        assert!(is_orphan(&declared.state(), &key, &row));
        declared.put_created(Kind::Secret, "smtp", json!({}), UnixMs(77));
        assert!(is_orphan(&declared.state(), &key, &row));
    }
    assert_eq!(secrets(&shared).value("smtp").unwrap_err(), "secret `smtp` has no value yet");
}

#[test]
fn what_is_empty_too_long_or_unknown_is_refused() {
    let mut declared = Declared::new();
    declared.put(Kind::Secret, "smtp", json!({}));
    let secrets = secrets(&Shared::new(declared));
    let put =
        |name: &str, value: String| secrets.put(name, &Secret::new(value), "ann").unwrap_err();
    assert_eq!(put("smtp", String::new()), SecretError::Length);
    assert_eq!(put("smtp", "x".repeat(MAX_BYTES + 1)), SecretError::Length);
    assert_eq!(put("none", "x".into()), SecretError::Missing("none".into()));
    assert_eq!(put("NOT A NAME", "x".into()), SecretError::Missing("NOT A NAME".into()));
}
