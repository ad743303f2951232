//! Signatures of ID tokens (RFC 7515, 7517, 7518): RS256, ES256 and EdDSA with Ed25519, by the
//! keys that the provider publishes. The algorithm is the key's, never only what the token says:
//! a key of one type verifies its own kind of signature and nothing else.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// Longest token that is looked at, in bytes.
const MAX_TOKEN: usize = 64 << 10;

/// Why a token is not what the provider signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum JwsError {
    #[error("it is no signed token")]
    Form,
    #[error("its algorithm is none of RS256, ES256 and EdDSA")]
    Algorithm,
    #[error("it asks for an extension that is not known here")]
    Critical,
    #[error("the provider publishes no key that fits it")]
    UnknownKey,
    #[error("its signature is wrong")]
    Signature,
}

impl JwsError {
    /// Whether the provider may have changed its keys since they were read.
    pub(super) const fn may_be_a_new_key(&self) -> bool {
        matches!(self, Self::UnknownKey)
    }
}

/// The provider's keys, in the order it publishes them.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Keys {
    #[serde(default)]
    keys: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct Jwk {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

impl Keys {
    /// The content of a token that one of the keys signed.
    pub(super) fn verify(&self, token: &str) -> Result<Value, JwsError> {
        if token.len() > MAX_TOKEN {
            return Err(JwsError::Form);
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(JwsError::Form);
        };
        let signed = &token.as_bytes()[..header.len() + 1 + payload.len()];
        let header: Header = json(header)?;
        let signature = bytes(signature)?;
        if header.crit.is_some() {
            return Err(JwsError::Critical);
        }
        if !matches!(header.alg.as_str(), "RS256" | "ES256" | "EdDSA") {
            return Err(JwsError::Algorithm);
        }
        // Keys of types that are not known here are no reason to refuse the others.
        let keys = self.keys.iter().filter_map(|key| Jwk::deserialize(key).ok());
        let mut fitting = keys.filter(|key| key.fits(&header)).peekable();
        if fitting.peek().is_none() {
            return Err(JwsError::UnknownKey);
        }
        let right = fitting.any(|key| key.signed(signed, &signature).is_some());
        if right { json(payload) } else { Err(JwsError::Signature) }
    }
}

impl Jwk {
    fn fits(&self, header: &Header) -> bool {
        let curve = self.crv.as_deref();
        let kind = match header.alg.as_str() {
            "RS256" => self.kty == "RSA",
            "ES256" => self.kty == "EC" && curve == Some("P-256"),
            "EdDSA" => self.kty == "OKP" && curve == Some("Ed25519"),
            _ => false,
        };
        kind && self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.alg.as_deref().is_none_or(|alg| alg == header.alg)
            && header.kid.as_ref().is_none_or(|kid| self.kid.as_ref() == Some(kid))
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> Option<()> {
        let part = |text: &Option<String>| bytes(text.as_deref()?).ok();
        let verdict = match self.kty.as_str() {
            "RSA" => RsaPublicKeyComponents { n: part(&self.n)?, e: part(&self.e)? }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
            "EC" => {
                let point = [vec![4], part(&self.x)?, part(&self.y)?].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            _ => UnparsedPublicKey::new(&ED25519, part(&self.x)?).verify(message, signature),
        };
        verdict.ok()
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, JwsError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| JwsError::Form)
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, JwsError> {
    serde_json::from_slice(&bytes(text)?).map_err(|_| JwsError::Form)
}

#[cfg(test)]
#[path = "jws_tests.rs"]
mod tests;
