//! What an ID token must say (OpenID Connect Core 1.0, 3.1.3.7), and what it says of a person.

use crate::model::spec::OidcSettings;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

/// Clocks may differ by so much, in seconds.
const LEEWAY_SECONDS: u64 = 60;
/// Longest subject, in bytes (the standard's own limit).
const MAX_SUBJECT: usize = 255;

/// The checked claims of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) subject: String,
    all: Map<String, Value>,
}

/// Checks issuer, audience, times and nonce at `at`, seconds since 1970.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn check(
    payload: &Value,
    settings: &OidcSettings,
    nonce: &str,
    at: u64,
) -> Result<Claims, String> {
    let all = payload.as_object().ok_or("it holds no claims")?;
    let text = |name: &str| all.get(name).and_then(Value::as_str);
    if text("iss") != Some(settings.issuer.as_str()) {
        return Err("`iss` is another issuer than the declared one".into());
    }
    audience(all, &settings.client_id)?;
    times(all, at)?;
    let fits = text("nonce").is_some_and(|said| said.as_bytes().ct_eq(nonce.as_bytes()).into());
    if !fits {
        return Err("`nonce` is not that of this sign-in".into());
    }
    let subject = text("sub").filter(|sub| (1..=MAX_SUBJECT).contains(&sub.len()));
    let subject = subject.ok_or("`sub` is missing or too long")?.to_owned();
    Ok(Claims { subject, all: all.clone() })
}

fn audience(all: &Map<String, Value>, client: &str) -> Result<(), String> {
    let is_us = |value: &Value| value.as_str() == Some(client);
    let (ours, others) = match all.get("aud") {
        Some(Value::Array(list)) => (list.iter().any(is_us), list.len() > 1),
        Some(one) => (is_us(one), false),
        None => (false, false),
    };
    if !ours {
        return Err("`aud` does not name us".into());
    }
    match all.get("azp") {
        Some(party) if !is_us(party) => Err("`azp` names somebody else".into()),
        None if others => Err("`aud` names others, too, and `azp` is missing".into()),
        _ => Ok(()),
    }
}

fn times(all: &Map<String, Value>, at: u64) -> Result<(), String> {
    let seconds = |name: &str| match all.get(name) {
        None => Ok(None),
        // Whole seconds; some providers write them with a fraction.
        Some(value) => value
            .as_u64()
            .map(Some)
            .or_else(|| value.as_f64().and_then(whole).map(Some))
            .ok_or_else(|| format!("`{name}` is no time")),
    };
    let end = seconds("exp")?.ok_or("`exp` is missing")?;
    let made = seconds("iat")?.ok_or("`iat` is missing")?;
    if at >= end.saturating_add(LEEWAY_SECONDS) {
        return Err(format!("it expired {} s ago", at - end));
    }
    let latest = at + LEEWAY_SECONDS;
    if made > latest || seconds("nbf")?.is_some_and(|from| from > latest) {
        return Err("it is of the future: compare the clocks".into());
    }
    Ok(())
}

fn whole(seconds: f64) -> Option<u64> {
    // Far beyond every date, and still exact.
    let fits = (0.0..1e15).contains(&seconds);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
    fits.then_some(seconds as u64)
}

impl Claims {
    /// Whether what the settings ask for has to be looked for elsewhere.
    pub(super) fn lacks(&self, settings: &OidcSettings) -> bool {
        [&settings.groups_claim, &settings.name_claim]
            .iter()
            .any(|name| !self.all.contains_key(*name))
    }

    /// Adds what the provider tells elsewhere of the same person. What the signed token says stays.
    ///
    /// # Errors
    /// It is of somebody else.
    pub(super) fn add(&mut self, more: Map<String, Value>) -> Result<(), String> {
        if more.get("sub").and_then(Value::as_str) != Some(&self.subject) {
            return Err("`sub` is not that of the ID token".into());
        }
        for (name, value) in more {
            self.all.entry(name).or_insert(value);
        }
        Ok(())
    }

    /// A claim that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.all.get(name).and_then(Value::as_str)
    }

    /// A claim that is a list of texts, or one text.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        match self.all.get(name) {
            Some(Value::Array(list)) => {
                list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
            }
            Some(Value::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
#[path = "claims_tests.rs"]
mod tests;
