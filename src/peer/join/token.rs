//! Node tokens as a machine holds them: `wk1.<CA hash>.node.<id>.<secret>`.

use crate::{
    base::redact::Secret,
    model::standing::{NODE_ROLE, NODE_TOKEN, split_token},
    peer::token::TokenError,
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A token that lets a machine join as a node.
#[derive(Debug, Clone)]
pub struct NodeToken {
    /// Base32 SHA-256 of the CA's public key: whom to speak to.
    pub ca_hash: String,
    /// Which token.
    pub id: String,
    /// Its secret.
    pub secret: Secret<String>,
}

impl NodeToken {
    /// Whether a text means to be a token of this family.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.trim().strip_prefix(NODE_TOKEN).is_some_and(|rest| rest.starts_with('.'))
    }

    /// Parses one token; white space around it is ignored.
    ///
    /// # Errors
    /// [`TokenError::NodeBody`], [`TokenError::Role`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let [ca_hash, role, id, secret] = split_token(text).ok_or(TokenError::NodeBody)?;
        if role != NODE_ROLE {
            return Err(TokenError::Role { role: role.chars().take(20).collect() });
        }
        Ok(Self {
            ca_hash: ca_hash.to_owned(),
            id: id.to_owned(),
            secret: Secret::new(secret.to_owned()),
        })
    }
}

/// SHA-256 of a secret, lower-case hex: what a cluster keeps of it.
#[must_use]
pub fn hash(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}
