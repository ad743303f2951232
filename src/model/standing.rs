//! Becoming a member, and ceasing to be one: node tokens, and where each node stands.
//!
//! ```text
//!   token shown ──► joining ──healthy for a while──► settled (no row) ──► leaving ──► removed
//!                   (learner)                         (voter)                        (for ever)
//! ```
//! Rows say what is to become of a node; the leader makes Raft's membership follow them.

use super::{NodeId, UnixMs};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// First part of every node token.
pub const NODE_TOKEN: &str = "wk1";
/// The role of tokens that let a machine join as a node.
pub const NODE_ROLE: &str = "node";
/// Row of what is kept of the formation token.
pub const FORMATION_TOKEN_ID: &str = "formation";

/// `wk1.<base32 SHA-256 of the CA's public key>.<role>.<id>.<secret>`
#[must_use]
pub fn token_text(ca_hash: &str, id: &str, secret: &str) -> String {
    format!("{NODE_TOKEN}.{ca_hash}.{NODE_ROLE}.{id}.{secret}")
}

/// CA hash, role, id and secret of a text as [`token_text`] makes it; none is empty.
#[must_use]
pub fn split_token(text: &str) -> Option<[&str; 4]> {
    let mut parts = text.trim().split('.');
    if parts.next() != Some(NODE_TOKEN) {
        return None;
    }
    let four = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    (parts.next().is_none() && four.iter().all(|part| !part.is_empty())).then_some(four)
}

/// What is kept of a token that lets machines join. Its key is its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinToken {
    /// What its holder becomes: `node`.
    pub role: String,
    /// SHA-256 of the secret, lower-case hex.
    pub hash: String,
    /// Only machines with these addresses; empty = any.
    #[serde(default)]
    pub addresses: Vec<IpAddr>,
    /// When it was made.
    pub created: UnixMs,
    /// Who made it.
    pub by: String,
    /// When it ends.
    pub expires: UnixMs,
    /// Machines it still lets in; `None` = any number.
    #[serde(default)]
    pub uses_left: Option<u32>,
}

/// What is to become of a node. No row = it is a settled member, or was never heard of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Standing {
    /// Let in; a learner until it has proven healthy.
    Joining {
        /// Since when.
        since: UnixMs,
        /// Id of the token that let it in.
        token: String,
        /// The dead member at its address, whose vote it takes over.
        #[serde(default)]
        replaces: Option<NodeId>,
    },
    /// To be taken out.
    Leaving {
        /// Since when.
        since: UnixMs,
        /// Who wanted it.
        by: String,
    },
    /// Taken out. Kept for ever, so that the id never comes back.
    Removed {
        /// When.
        at: UnixMs,
        /// Who wanted it.
        by: String,
        /// What it was called.
        name: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_splits_into_what_it_was_made_of_and_nothing_else_does() {
        let text = token_text("abc", "k7", "s3cret");
        assert_eq!(split_token(&format!(" {text}\n")), Some(["abc", "node", "k7", "s3cret"]));
        for bad in ["", "wk1", "wk1.a.node.b", "wk1.a.node.b.c.d", "wka1.a.node.b.c", "wk1..n.b.c"]
        {
            assert_eq!(split_token(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_standing_reads_back() {
        let joining = Standing::Joining { since: UnixMs(1), token: "t".into(), replaces: None };
        let text = serde_json::to_string(&joining).unwrap();
        assert!(text.contains(r#""state":"joining""#), "{text}");
        assert_eq!(serde_json::from_str::<Standing>(&text).unwrap(), joining);
    }
}
