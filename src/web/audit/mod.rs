//! What the door says for the audit: who asked, from where, in which request.
//!
//! A change carries its note in its own command, so neither is without the other; what was refused
//! goes through [`refusals`], which merges floods. A note never holds what was sent, but for the
//! reason somebody gave.

pub mod keep;
pub mod refusals;

use super::auth::{Identity, RemoteAddress, SocketPeer, Via};
use super::deps::now;
use crate::model::audit::{Note, Verb};
use axum::http::{header, request::Parts};
use std::sync::Arc;

/// Longest text of a client that is kept, in characters.
const TEXT_MAX: usize = 200;

/// Id of the request; put there by `super::context` only.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Source address, or `uid N` on the node's own socket.
    pub from: Option<String>,
    /// What the client says it is.
    pub agent: Option<String>,
    /// As in the answer and in the log.
    pub request: Option<String>,
    /// Method and path.
    pub route: String,
}

impl Origin {
    /// Of a request.
    #[must_use]
    pub(crate) fn of(parts: &Parts) -> Self {
        let peer = parts.extensions.get::<SocketPeer>().map(|peer| format!("uid {}", peer.uid));
        let remote = parts.extensions.get::<RemoteAddress>();
        let remote = remote.map(|RemoteAddress(address)| address.to_canonical().to_string());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            from: peer.or(remote),
            agent: agent.map(cut).filter(|agent| !agent.is_empty()),
            request: parts.extensions.get::<RequestId>().map(|RequestId(id)| id.to_string()),
            route: cut(&format!("{} {}", parts.method, parts.uri.path())),
        }
    }

    /// A note of what was done from here.
    #[must_use]
    pub(crate) fn note(&self, actor: &str, verb: Verb) -> Note {
        let Self { from, agent, request, route } = self.clone();
        let route = Some(route).filter(|route| !route.is_empty());
        Note { from, agent, request, route, ..Note::done(now(), actor, verb) }
    }
}

/// Text of somebody else's as it may be kept: short, and without control characters.
pub(crate) fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT_MAX).collect()
}

impl Identity {
    /// A note of what this identity did.
    #[must_use]
    pub(crate) fn note(&self, verb: Verb) -> Note {
        Note { via: Some(via_text(self.via).into()), ..self.origin.note(&self.actor, verb) }
    }
}

/// How somebody proved who they are, as the audit says it.
pub(crate) const fn via_text(via: Via) -> &'static str {
    match via {
        Via::Session => "session",
        Via::Token => "token",
        Via::Socket => "socket",
    }
}
