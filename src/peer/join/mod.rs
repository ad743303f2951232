//! Joining a formed cluster: what a machine with a token says, and what it is answered.
//!
//! A node token carries the hash of the cluster CA's public key, so the machine knows whom it
//! speaks to before it sends the secret; a formation token is proven on its own channel (see
//! `formation`). Both lead to the same [`Gatekeeper`], which decides and writes; this module only
//! carries. Who is let in gets the cluster's record with the sealed CA key and the data key, as
//! every node has them, and makes its own certificate: no private key travels.
//!
//! ```text
//!   machine ── TLS, ALPN wk-join/1, CA checked by hash ──► any member
//!           ── {token id, secret, who I am} ──►              │ Gatekeeper: token, id, address
//!           ◄── welcome(record, keys) · wait(why) · refused(why)
//! ```

mod client;
mod door;
mod token;

pub use door::JoinDoor;
pub use token::{NodeToken, hash as token_hash};

pub(in crate::peer) use client::JoinClient;

use super::formation::Offer;
use crate::{base::redact::Secret, model::cluster::Member};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// ALPN name of the join protocol.
pub const JOIN_ALPN: &[u8] = b"wk-join/1";

/// Who wants to join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// As the others would know it.
    pub member: Member,
    /// Version of its binary.
    pub version: String,
    /// Highest feature level it can apply.
    pub level: u32,
}

/// What it shows to be let in.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A node token.
    Token {
        /// Its id.
        id: String,
        /// Not checked yet.
        secret: Secret<String>,
    },
    /// It has proven on this very connection to hold the formation token.
    Formation {
        /// The token's hash.
        hash: String,
    },
}

/// What it is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A member now, as learner.
    Welcome(Box<Offer>),
    /// Not now; asking again later may help.
    Wait {
        /// Why, for people.
        reason: String,
    },
    /// Asking again does not help.
    Refused {
        /// Why, and what to do.
        reason: String,
    },
}

/// Decides who joins. Implemented where the store is.
pub trait Gatekeeper: Send + Sync + 'static {
    /// Lets in or not. Asked again by a node that it has let in already, the answer is the same.
    fn admit(&self, ask: Ask, credential: Credential, from: SocketAddr) -> BoxFuture<'_, Answer>;
}

/// The one message of the join protocol.
#[derive(Serialize, Deserialize)]
struct Knock {
    id: String,
    secret: String,
    ask: Ask,
}
