//! Formation tokens: `wkf1.<base32 of 160 random bits>`, the one secret that machines share
//! before there is a cluster. Short ones are refused, because whoever sees a handshake could
//! guess them offline. And the token file, which holds one of these or a node token.

use super::join::NodeToken;
use crate::base::redact::Secret;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::{fs, io, os::unix::fs::PermissionsExt, path::Path};

const PREFIX: &str = "wkf1.";
const BYTES: usize = 20;

/// The shared secret of a formation.
#[derive(Debug, Clone)]
pub struct FormationToken(Secret<Vec<u8>>);

/// What a token file holds.
#[derive(Debug, Clone)]
pub enum Token {
    /// For forming a cluster, and for coming back to it soon after.
    Formation(FormationToken),
    /// For joining a formed one.
    Node(NodeToken),
}

impl Token {
    /// Reads the token from a file that only its owner and group may read. Blocking.
    ///
    /// # Errors
    /// All variants of [`TokenError`] but [`TokenError::Random`].
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        let text = read_text(path)?;
        if NodeToken::is_one(text.expose()) {
            return NodeToken::parse(text.expose()).map(Self::Node);
        }
        FormationToken::parse(text.expose()).map(Self::Formation)
    }
}

fn read_text(path: &Path) -> Result<Secret<String>, TokenError> {
    let shown = || path.display().to_string();
    let failed = |source| TokenError::Read { path: shown(), source };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(TokenError::Open { path: shown() });
    }
    fs::read_to_string(path).map(Secret::new).map_err(failed)
}

/// Why a text is no token. Never quotes it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Another kind of token, or none.
    #[error(
        "this is neither a formation token (`wkf1.…`, from `watchkeep token new --formation`) \
         nor a node token (`wk1.…`, from `watchkeep token new --role node` on a member)"
    )]
    Prefix,
    /// Too short, too long or with odd characters.
    #[error(
        "the formation token is damaged (after `wkf1.` come exactly 32 letters a-z and digits \
         2-7): copy the whole line"
    )]
    Body,
    /// A node token of another shape.
    #[error(
        "the node token is damaged (it has five parts: `wk1.CA.node.ID.SECRET`): copy the whole \
         line"
    )]
    NodeBody,
    /// A token for something else.
    #[error("this token is for role {role}: make one with `watchkeep token new --role node`")]
    Role {
        /// For what.
        role: String,
    },
    /// The file cannot be read.
    #[error("cannot read the token file {path}")]
    Read {
        /// Which file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Others may read the file.
    #[error("the token file {path} is readable by everybody: chmod 600 it")]
    Open {
        /// Which file.
        path: String,
    },
    /// The system gave no randomness.
    #[error("the system gave no randomness")]
    Random(#[source] getrandom::Error),
}

impl FormationToken {
    /// Mints a token.
    ///
    /// # Errors
    /// [`TokenError::Random`].
    pub fn mint() -> Result<Self, TokenError> {
        let mut bytes = vec![0u8; BYTES];
        getrandom::fill(&mut bytes).map_err(TokenError::Random)?;
        Ok(Self(Secret::new(bytes)))
    }

    /// Parses one token; white space around it is ignored, case does not matter.
    ///
    /// # Errors
    /// [`TokenError::Prefix`], [`TokenError::Body`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let body = text.trim().strip_prefix(PREFIX).ok_or(TokenError::Prefix)?;
        let bytes = BASE32_NOPAD
            .decode(body.to_ascii_uppercase().as_bytes())
            .map_err(|_| TokenError::Body)?;
        if bytes.len() == BYTES { Ok(Self(Secret::new(bytes))) } else { Err(TokenError::Body) }
    }

    /// Reads the token from a file that only its owner and group may read. Blocking.
    ///
    /// # Errors
    /// All variants but [`TokenError::Random`].
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        Self::parse(read_text(path)?.expose())
    }

    /// The token as text, for the one place that prints it.
    #[must_use]
    pub fn reveal(&self) -> Secret<String> {
        let body = BASE32_NOPAD.encode(self.0.expose()).to_ascii_lowercase();
        Secret::new(format!("{PREFIX}{body}"))
    }

    /// SHA-256 of the secret, lower-case hex: what a cluster keeps of it.
    #[must_use]
    pub fn hash(&self) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(self.0.expose()))
    }

    /// `HMAC-SHA-256(secret, parts)`, each part preceded by its length.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        keyed(self.0.expose(), parts).finalize().into_bytes().into()
    }

    /// Whether `proof` is [`Self::mac`] of `parts`; constant time.
    pub(super) fn verify(&self, parts: &[&[u8]], proof: &[u8]) -> bool {
        keyed(self.0.expose(), parts).verify_slice(proof).is_ok()
    }
}

fn keyed(secret: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minted_token_reads_back_and_prints_nothing() {
        let token = FormationToken::mint().unwrap();
        let text = token.reveal();
        assert_eq!(text.expose().len(), 5 + 32);
        let again = FormationToken::parse(&format!(" {}\n", text.expose())).unwrap();
        assert_eq!(again.hash(), token.hash());
        assert!(!format!("{token:?}").contains(&text.expose()[5..]));
    }

    #[test]
    fn short_odd_and_foreign_tokens_are_refused() {
        let good = FormationToken::mint().unwrap().reveal().expose().clone();
        for bad in ["", "wkf1.", "wk1.abc", &good[..36], &format!("{good}aa"), &good[5..]] {
            assert!(FormationToken::parse(bad).is_err(), "{bad}");
        }
        assert!(FormationToken::parse(&good.replace(&good[8..9], "1")).is_err());
    }

    #[test]
    fn a_world_readable_token_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        let text = FormationToken::mint().unwrap().reveal();
        crate::base::atomic_file::write(&path, text.expose().as_bytes(), 0o644).unwrap();
        assert!(matches!(FormationToken::read(&path), Err(TokenError::Open { .. })));
        crate::base::atomic_file::write(&path, text.expose().as_bytes(), 0o600).unwrap();
        assert!(FormationToken::read(&path).is_ok());
    }

    #[test]
    fn a_proof_fits_only_its_own_secret_and_parts() {
        let (one, other) = (FormationToken::mint().unwrap(), FormationToken::mint().unwrap());
        let proof = one.mac(&[b"ab", b"c"]);
        assert!(one.verify(&[b"ab", b"c"], &proof));
        assert!(!one.verify(&[b"a", b"bc"], &proof));
        assert!(!other.verify(&[b"ab", b"c"], &proof));
    }
}
