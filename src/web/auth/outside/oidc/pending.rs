//! What the browser keeps between the two halves of a sign-in, sealed so that it can neither be
//! read nor made by anybody but the cluster.

use super::OidcError;
use crate::{
    model::UnixMs,
    peer::data_key::DataKey,
    web::{deps::now, random},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

const PURPOSE: &str = "oidc sign-in";
/// Time for the provider's own page.
pub(crate) const LIFETIME_MS: u64 = 10 * 60_000;
/// Longest path that is gone back to, in bytes.
const MAX_NEXT: usize = 1024;

/// A sign-in that has begun.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(super) state: String,
    pub(super) nonce: String,
    verifier: String,
    /// The path that was asked for.
    pub(crate) next: String,
    /// Where the provider sends the browser back to; said again when the code is redeemed.
    pub(super) redirect: String,
    issuer: String,
    until: UnixMs,
}

impl Pending {
    /// `next` must be [`is_local`].
    pub(crate) fn new(issuer: &str, redirect: String, next: String) -> Self {
        Self {
            state: random::text::<32>(),
            nonce: random::text::<32>(),
            verifier: random::text::<32>(),
            next,
            redirect,
            issuer: issuer.to_owned(),
            until: UnixMs(now().0 + LIFETIME_MS),
        }
    }

    /// For the cookie.
    ///
    /// # Errors
    /// In words: no key, no randomness.
    pub(crate) fn seal(&self, key: &DataKey) -> Result<String, String> {
        let plain = serde_json::to_vec(self).map_err(|error| error.to_string())?;
        key.seal(PURPOSE, &plain).map_err(|error| error.to_string())
    }

    /// From the cookie; `None` for anything that we did not make.
    pub(crate) fn open(key: &DataKey, sealed: &str) -> Option<Self> {
        let plain = key.unseal(PURPOSE, sealed).ok()?;
        serde_json::from_slice(plain.expose()).ok()
    }

    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }

    pub(super) fn verifier(&self) -> &str {
        &self.verifier
    }

    /// Whether an answer with this state belongs to it, in time.
    pub(super) fn check(&self, state: Option<&str>, issuer: &str) -> Result<(), OidcError> {
        let refused = |why: &str| Err(OidcError::Unfinished(why.to_owned()));
        if now() >= self.until {
            return refused("it took longer than ten minutes");
        }
        if self.issuer != issuer {
            return refused("the provider was changed meanwhile");
        }
        let same = state.is_some_and(|state| state.as_bytes().ct_eq(self.state.as_bytes()).into());
        if same { Ok(()) } else { refused("the answer belongs to another sign-in") }
    }
}

/// Whether a path leads to a page of ours and nowhere else.
pub(crate) fn is_local(path: &str) -> bool {
    let mut bytes = path.bytes();
    bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && path.len() <= MAX_NEXT
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending() -> Pending {
        Pending::new("https://id.example", "https://mon/cb".into(), "/targets".into())
    }

    #[test]
    fn only_the_clusters_key_opens_what_the_browser_keeps() {
        let (key, other) = (DataKey::mint().unwrap(), DataKey::mint().unwrap());
        let sealed = pending().seal(&key).unwrap();
        assert_eq!(Pending::open(&key, &sealed).unwrap().next, "/targets");
        assert!(Pending::open(&other, &sealed).is_none());
        let mut bent = sealed.into_bytes();
        bent[60] = if bent[60] == b'A' { b'B' } else { b'A' };
        assert!(Pending::open(&key, std::str::from_utf8(&bent).unwrap()).is_none());
    }

    #[test]
    fn an_answer_must_bring_its_state_in_time_from_the_declared_provider() {
        let mut pending = pending();
        let state = pending.state.clone();
        assert!(pending.check(Some(&state), "https://id.example").is_ok());
        assert!(pending.check(Some(&state), "https://other.example").is_err());
        assert!(pending.check(Some("guess"), "https://id.example").is_err());
        assert!(pending.check(None, "https://id.example").is_err());
        pending.until = now();
        assert!(pending.check(Some(&state), "https://id.example").is_err());
    }

    #[test]
    fn one_is_led_to_own_pages_only() {
        for good in ["/", "/targets?q=a&b=%2F%2F", "/a//b", "/wk/alerts"] {
            assert!(is_local(good), "{good}");
        }
        let long = format!("/{}", "a".repeat(2000));
        for bad in [
            "",
            "targets",
            "//evil.example",
            "/\\evil.example",
            "\\/evil",
            "https://evil.example",
            "/a\\b",
            "/a\r\nSet-Cookie: x=y",
            "/\tx",
            "/ä",
            &long,
        ] {
            assert!(!is_local(bad), "{bad}");
        }
    }
}
