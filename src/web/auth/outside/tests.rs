use super::*;
use crate::{
    model::spec::RoleName,
    scope::{Projects, testing},
};
use serde_json::json;

const ISSUER: &str = "https://id.example";

fn state(grants: serde_json::Value) -> DeclaredState {
    let oidc = json!({"issuer": ISSUER, "client_id": "wk", "grants": grants});
    let settings = json!({"sign_in": {"oidc": oidc}}).to_string();
    testing::state(&[
        ("project/shop", "{}"),
        ("project/bank", "{}"),
        ("settings/default", &settings),
    ])
}

fn vouched(groups: &[&str]) -> Vouched {
    Vouched {
        provider: Provider::Oidc,
        source: ISSUER.into(),
        subject: "248289761001".into(),
        name: "alice".into(),
        title: "Alice".into(),
        groups: groups.iter().map(ToString::to_string).collect(),
        sign_out: None,
    }
}

#[test]
fn groups_give_the_roles_they_are_mapped_to_and_no_others() {
    let state = state(json!([
        {"group": "everyone", "role": "viewer", "scope": ["project=\"bank\""]},
        {"group": "shop", "role": "developer", "scope": ["project=\"shop\""]},
        {"group": "root", "role": "admin"},
    ]));
    let settings = settings(&state);
    let person = Person::of(&settings, vouched(&["everyone", "shop", "chess"])).unwrap();
    assert_eq!(person.actor(), "oidc/alice");
    assert_eq!(person.groups, ["everyone", "shop"]);
    let access = person.access(&state).unwrap();
    assert_eq!(access.visible(), Projects::only(["bank", "shop"]));
    assert_eq!(access.within(RoleName::Developer), Projects::only(["shop"]));
    assert_eq!(access.highest(), Some(RoleName::Developer));
    let root = Person::of(&settings, vouched(&["root"])).unwrap();
    assert!(root.access(&state).unwrap().is_everywhere(RoleName::Admin));
}

#[test]
fn who_is_in_no_mapped_group_is_nobody() {
    let state = state(json!([{"group": "shop", "role": "developer"}]));
    for groups in [&[][..], &["Shop"], &["shop "], &["chess"]] {
        assert_eq!(Person::of(&settings(&state), vouched(groups)), None, "{groups:?}");
    }
}

#[test]
fn a_mapping_that_is_taken_away_ends_the_access_and_another_issuer_never_had_it() {
    let mapped = state(json!([{"group": "shop", "role": "developer"}]));
    let person = Person::of(&settings(&mapped), vouched(&["shop"])).unwrap();
    assert!(person.access(&mapped).is_some());
    assert_eq!(person.access(&state(json!([{"group": "bank", "role": "admin"}]))), None);
    assert_eq!(person.access(&testing::state(&[])), None);
    let other = Vouched { source: "https://evil.example".into(), ..vouched(&["shop"]) };
    assert_eq!(Person::of(&settings(&mapped), other), None);
}

#[test]
fn a_name_has_one_spelling_and_cannot_pass_for_something_else() {
    for good in ["alice", "Alice.B", "a@b.example", "x-1_y+z"] {
        assert!(is_name(good), "{good}");
    }
    let long = "a".repeat(129);
    for bad in ["", "a/b", "a b", "älice", "a\n", "a\u{200b}", "oidc/alice", &long] {
        assert!(!is_name(bad), "{bad}");
    }
}
