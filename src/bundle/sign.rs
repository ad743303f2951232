//! Signatures over manifests: ed25519, any number of signers, so that keys can be exchanged
//! without a day on which old and new installations need different bundles.
//!
//! `manifest.sig` is text, one line a signer: `ed25519 <key id> <128 hex digits>`.

use super::error::{BundleError, Result};
use crate::base::redact::Secret;
use data_encoding::HEXLOWER;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use std::{fmt, str::FromStr};

/// Keys of our own releases. None has been made yet; the first release fills this in.
const RELEASE_KEYS: &[&str] = &[];

/// In place of a key id: an upstream archive whose sum is compiled into this binary.
pub const CATALOGUE: &str = "catalogue";

/// Separates these signatures from every other use of the same key.
const CONTEXT: &[u8] = b"watchkeep bundle manifest v1\n";
const PUBLIC: &str = "wkpub1.";
const SECRET: &str = "wksec1.";

/// A key that signs. Text form `wksec1.<64 hex digits>`, kept in a file of mode 0600.
#[derive(Debug)]
pub struct SecretKey(Secret<[u8; 32]>);

/// A key that is believed. Text form `wkpub1.<64 hex digits>`; public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Whom this node believes.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Release keys and those added by an admin.
    pub keys: Vec<PublicKey>,
    /// Take bundles that nobody signed (demo, tests).
    pub allow_unsigned: bool,
}

impl Trust {
    /// The compiled-in release keys and `more`.
    #[must_use]
    pub fn release_and(more: Vec<PublicKey>, allow_unsigned: bool) -> Self {
        let release = RELEASE_KEYS.iter().filter_map(|text| text.parse().ok());
        Self { keys: release.chain(more).collect(), allow_unsigned }
    }

    /// Is an item believed that was accepted under this key id (`None` = unsigned)?
    #[must_use]
    pub fn accepts(&self, signer: Option<&str>) -> bool {
        match signer {
            None => self.allow_unsigned,
            Some(CATALOGUE) => true,
            Some(id) => self.keys.iter().any(|key| key.id() == id),
        }
    }
}

impl SecretKey {
    /// A new random key.
    ///
    /// # Errors
    /// `Key` when the system has no randomness to give.
    pub fn generate() -> Result<Self> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| BundleError::Key {
            what: "a new key".to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self(Secret::new(bytes)))
    }

    /// Reads the text form; `what` names the file in errors.
    ///
    /// # Errors
    /// `Key`, without the text.
    pub fn parse(what: &str, text: &str) -> Result<Self> {
        Ok(Self(Secret::new(key_bytes(what, text, SECRET)?)))
    }

    /// The text form, for the key file only.
    #[must_use]
    pub fn to_text(&self) -> Secret<String> {
        Secret::new(format!("{SECRET}{}\n", HEXLOWER.encode(self.0.expose())))
    }

    /// The key that others need to believe this one.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(SigningKey::from_bytes(self.0.expose()).verifying_key())
    }

    /// Adds a line to `signatures` (the old `manifest.sig`, or nothing), replacing an older one
    /// by the same key.
    #[must_use]
    pub fn sign(&self, manifest: &[u8], signatures: &str) -> String {
        let id = self.public().id();
        let signature = SigningKey::from_bytes(self.0.expose()).sign(&message(manifest));
        let mut lines: Vec<String> = signatures
            .lines()
            .filter(|line| line.split(' ').nth(1) != Some(&id))
            .map(str::to_owned)
            .collect();
        lines.push(format!("ed25519 {id} {}", HEXLOWER.encode(&signature.to_bytes())));
        lines.push(String::new());
        lines.join("\n")
    }
}

impl PublicKey {
    /// The key that `text` is, or that the file of this name holds.
    ///
    /// # Errors
    /// `Key`; `Io` when it is neither a key nor a file.
    pub fn from_text_or_file(text: &str) -> Result<Self> {
        if text.starts_with(PUBLIC) {
            return text.parse();
        }
        let path = std::path::Path::new(text);
        std::fs::read_to_string(path)
            .map_err(super::error::io_error("read the key file", path))?
            .parse()
    }

    /// The first 16 hex digits of the key's sha256: for people and for `manifest.sig`.
    #[must_use]
    pub fn id(&self) -> String {
        super::sum::of_bytes(self.0.as_bytes())[..16].to_owned()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC}{}", HEXLOWER.encode(self.0.as_bytes()))
    }
}

impl FromStr for PublicKey {
    type Err = BundleError;

    fn from_str(text: &str) -> Result<Self> {
        let bytes = key_bytes("the text", text, PUBLIC)?;
        VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak()).map(Self).ok_or_else(
            || BundleError::Key {
                what: "the text".to_owned(),
                reason: "it is no point of the curve, or a weak one".to_owned(),
            },
        )
    }
}

fn key_bytes(what: &str, text: &str, prefix: &str) -> Result<[u8; 32]> {
    text.trim()
        .strip_prefix(prefix)
        .and_then(|hex| HEXLOWER.decode(hex.as_bytes()).ok())
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| BundleError::Key {
            what: what.to_owned(),
            reason: format!("expected {prefix} and 64 hex digits"),
        })
}

fn message(manifest: &[u8]) -> Vec<u8> {
    [CONTEXT, manifest].concat()
}

/// Checks `manifest` of `bundle` against its `manifest.sig`; returns the id of the trusted key
/// that signed it, `None` for an unsigned bundle that may be taken.
///
/// # Errors
/// `Unsigned`, `Untrusted`, `BadSignature`, `Malformed`.
pub fn verify(
    bundle: &str,
    manifest: &[u8],
    signatures: Option<&str>,
    trust: &Trust,
) -> Result<Option<String>> {
    let bundle = bundle.to_owned();
    let Some(signatures) = signatures else {
        return if trust.allow_unsigned { Ok(None) } else { Err(BundleError::Unsigned { bundle }) };
    };
    let signatures = parse_signatures(signatures).ok_or_else(|| BundleError::Malformed {
        bundle: bundle.clone(),
        reason: "its manifest.sig is not a list of signatures".to_owned(),
    })?;
    for (id, signature) in &signatures {
        if let Some(key) = trust.keys.iter().find(|key| key.id() == *id) {
            return match key.0.verify_strict(&message(manifest), signature) {
                Ok(()) => Ok(Some(id.clone())),
                Err(_) => Err(BundleError::BadSignature { bundle, signer: id.clone() }),
            };
        }
    }
    let signers: Vec<_> = signatures.into_iter().map(|(id, _)| id).collect();
    Err(BundleError::Untrusted { bundle, signers: signers.join(", ") })
}

fn parse_signatures(text: &str) -> Option<Vec<(String, Signature)>> {
    let parse = |line: &str| {
        let mut words = line.split(' ');
        let (Some("ed25519"), Some(id), Some(hex), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return None;
        };
        let bytes: [u8; 64] = HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()?;
        (id.len() == 16).then(|| (id.to_owned(), Signature::from_bytes(&bytes)))
    };
    let signatures: Vec<_> = text.lines().map(parse).collect::<Option<_>>()?;
    (!signatures.is_empty() && signatures.len() <= 16).then_some(signatures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_text_form_and_never_prints_itself() {
        let key = SecretKey::generate().unwrap();
        let again = SecretKey::parse("file", key.to_text().expose()).unwrap();
        assert_eq!(key.public(), again.public());
        assert_eq!(key.public().to_string().parse::<PublicKey>().unwrap(), key.public());
        let text = key.to_text();
        let hex = &text.expose()["wksec1.".len()..];
        assert!(!format!("{key:?}").contains(hex.trim()));
        let error = SecretKey::parse("file", &format!("wksec2.{hex}")).unwrap_err();
        assert!(!error.to_string().contains(hex.trim()), "{error}");
    }

    #[test]
    fn any_one_trusted_signer_is_enough_so_that_keys_can_be_exchanged() {
        let (old, new) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
        let both = new.sign(b"m", &old.sign(b"m", ""));
        for key in [&old, &new] {
            let trust = Trust { keys: vec![key.public()], allow_unsigned: false };
            let signer = verify("b", b"m", Some(&both), &trust).unwrap();
            assert_eq!(signer, Some(key.public().id()));
            let error = verify("b", b"n", Some(&both), &trust).unwrap_err();
            assert!(matches!(error, BundleError::BadSignature { .. }), "{error}");
        }
        assert_eq!(old.sign(b"m", &both).lines().count(), 2);
    }

    #[test]
    fn an_unknown_signer_is_refused_even_where_unsigned_is_allowed() {
        let trust = Trust { keys: Vec::new(), allow_unsigned: true };
        let signed = SecretKey::generate().unwrap().sign(b"m", "");
        let error = verify("b", b"m", Some(&signed), &trust).unwrap_err();
        assert!(matches!(error, BundleError::Untrusted { .. }), "{error}");
        assert!(verify("b", b"m", None, &trust).unwrap().is_none());
        let strict = Trust::default();
        assert!(matches!(verify("b", b"m", None, &strict), Err(BundleError::Unsigned { .. })));
    }
}
