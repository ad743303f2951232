use super::*;
use crate::web::tests::signer::Signer;
use serde_json::json;

/// RFC 7515, A.2.
const RS256: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const RS256_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
/// RFC 7515, A.3.
const ES256: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const ES256_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const ES256_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

fn keys(list: Value) -> Keys {
    serde_json::from_value(json!({ "keys": list })).unwrap()
}

fn rsa() -> Value {
    json!({"kty": "RSA", "n": RS256_N, "e": "AQAB"})
}

fn ec() -> Value {
    json!({"kty": "EC", "crv": "P-256", "x": ES256_X, "y": ES256_Y})
}

#[test]
fn the_examples_of_the_standards_verify() {
    let keys = keys(json!([{"kty": "oct", "k": "AA"}, rsa(), ec()]));
    assert_eq!(keys.verify(RS256).unwrap()["iss"], "joe");
    assert_eq!(keys.verify(ES256).unwrap()["iss"], "joe");
    let signer = Signer::ed25519("one");
    let signed = super::tests::keys(json!([signer.jwk()])).verify(&signer.sign(&json!({"a": 1})));
    assert_eq!(signed, Ok(json!({"a": 1})));
}

#[test]
fn what_was_changed_after_signing_is_refused() {
    let keys = keys(json!([rsa(), ec()]));
    for token in [RS256, ES256] {
        let parts: Vec<&str> = token.split('.').collect();
        let other = URL_SAFE_NO_PAD.encode(br#"{"iss":"mallory"}"#);
        let bent = format!("{}.{other}.{}", parts[0], parts[2]);
        assert_eq!(keys.verify(&bent), Err(JwsError::Signature));
        let short = format!("{}.{}.{}", parts[0], parts[1], &parts[2][..40]);
        assert_eq!(keys.verify(&short), Err(JwsError::Signature));
        let unsigned = format!("{}.{}.", parts[0], parts[1]);
        assert_eq!(keys.verify(&unsigned), Err(JwsError::Signature));
    }
}

#[test]
fn no_algorithm_but_the_keys_own_counts() {
    let keys = keys(json!([rsa(), ec()]));
    let payload = RS256.split('.').nth(1).unwrap();
    for (header, wanted) in [
        (json!({"alg": "none"}), JwsError::Algorithm),
        (json!({"alg": "HS256"}), JwsError::Algorithm),
        (json!({"alg": "rs256"}), JwsError::Algorithm),
        (json!({"alg": "EdDSA"}), JwsError::UnknownKey),
        (json!({"alg": "RS256", "kid": "new"}), JwsError::UnknownKey),
        (json!({"alg": "RS256", "crit": ["b64"], "b64": false}), JwsError::Critical),
    ] {
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        assert_eq!(keys.verify(&format!("{header}.{payload}.AAAA")), Err(wanted), "{header}");
    }
    // The RSA key's number as the secret of an HMAC: the classic confusion.
    let encryption = keys_with(json!({"use": "enc"}));
    assert_eq!(encryption.verify(RS256), Err(JwsError::UnknownKey));
    let other = keys_with(json!({"alg": "RS512"}));
    assert_eq!(other.verify(RS256), Err(JwsError::UnknownKey));
}

fn keys_with(more: Value) -> Keys {
    let mut key = rsa();
    key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    keys(json!([key]))
}

#[test]
fn what_is_no_token_is_refused() {
    let keys = keys(json!([rsa()]));
    let long = "a".repeat(70_000);
    for bad in ["", ".", "..", "a.b.c", "a.b", "a.b.c.d", &format!("{RS256}="), &long] {
        assert_eq!(keys.verify(bad), Err(JwsError::Form), "{bad:.20}");
    }
}
