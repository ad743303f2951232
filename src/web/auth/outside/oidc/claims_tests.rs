use super::*;
use serde_json::json;

const AT: u64 = 1_800_000_000;

fn settings() -> OidcSettings {
    serde_json::from_value(json!({"issuer": "https://id.example", "client_id": "wk"})).unwrap()
}

fn good() -> Value {
    json!({"iss": "https://id.example", "aud": "wk", "sub": "1", "nonce": "n",
           "exp": AT + 300, "iat": AT, "groups": ["a", 7, "b"]})
}

fn with(changes: Value) -> Result<Claims, String> {
    let mut payload = good();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            payload.as_object_mut().unwrap().remove(name);
        } else {
            payload[name] = value.clone();
        }
    }
    check(&payload, &settings(), "n", AT)
}

#[test]
fn a_token_for_us_of_now_is_taken() {
    for good in [
        json!({}),
        json!({"aud": ["wk"]}),
        json!({"aud": ["wk", "other"], "azp": "wk"}),
        json!({"exp": AT - 59}),
        json!({"iat": AT + 59, "nbf": AT + 59}),
        json!({"exp": AT as f64 + 0.5}),
    ] {
        let claims = with(good.clone()).unwrap_or_else(|error| panic!("{good}: {error}"));
        assert_eq!(claims.subject, "1");
        assert_eq!(claims.texts("groups"), ["a", "b"]);
    }
}

#[test]
fn a_token_for_others_or_of_another_time_is_refused() {
    for (bad, word) in [
        (json!({"iss": "https://id.example/"}), "iss"),
        (json!({"iss": null}), "iss"),
        (json!({"aud": "other"}), "aud"),
        (json!({"aud": ["other"]}), "aud"),
        (json!({"aud": null}), "aud"),
        (json!({"aud": ["wk", "other"]}), "azp"),
        (json!({"azp": "other"}), "azp"),
        (json!({"exp": AT - 60}), "expired"),
        (json!({"exp": null}), "exp"),
        (json!({"exp": (AT + 300).to_string()}), "exp"),
        (json!({"exp": -1}), "exp"),
        (json!({"iat": AT + 61}), "future"),
        (json!({"iat": null}), "iat"),
        (json!({"nbf": AT + 61}), "future"),
        (json!({"nonce": "m"}), "nonce"),
        (json!({"nonce": null}), "nonce"),
        (json!({"sub": ""}), "sub"),
        (json!({"sub": "x".repeat(256)}), "sub"),
        (json!({"sub": 7}), "sub"),
    ] {
        let error = with(bad.clone()).expect_err(&bad.to_string());
        assert!(error.contains(word), "{bad}: {error}");
    }
}

#[test]
fn what_is_told_elsewhere_must_be_of_the_same_person_and_changes_nothing_signed() {
    let mut claims = with(json!({})).unwrap();
    let more = |text: Value| text.as_object().unwrap().clone();
    assert!(claims.add(more(json!({"sub": "2", "name": "x"}))).is_err());
    assert!(claims.add(more(json!({"name": "x"}))).is_err());
    claims.add(more(json!({"sub": "1", "name": "x", "groups": ["root"]}))).unwrap();
    assert_eq!(claims.text("name"), Some("x"));
    assert_eq!(claims.texts("groups"), ["a", "b"]);
}
