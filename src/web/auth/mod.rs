//! Who is asking: sessions, API tokens, the node's own socket.
//!
//! Only hashes of secrets are stored. An identity is looked up anew for every request, so that a
//! disabled account, a changed password or a revoked token counts at once on every node.

pub(crate) mod device;
pub mod housekeeping;
mod identity;
pub(crate) mod lasting;
pub(crate) mod outside;
pub(crate) mod own;
pub mod password;
mod same_origin;
pub(crate) mod second;
pub mod session;
pub mod throttle;
pub mod token;
pub(crate) mod token_use;
pub(crate) mod totp;

use super::{Front, error::Problem};
use crate::{
    base::redact::Secret,
    model::{
        Kind, UnixMs,
        spec::{self, RoleName},
    },
    scope::Access,
};
use axum::http::{HeaderMap, Method, header, request::Parts};
pub use identity::{Identity, Via, role_text};
pub(crate) use same_origin::{own_origin, same_origin};

/// The peer of a connection over the node's own socket; put there by the listener only.
#[derive(Debug, Clone, Copy)]
pub struct SocketPeer {
    /// User id, as the kernel says.
    pub uid: u32,
}

/// The peer of a TCP connection; put there by the listener only.
#[derive(Debug, Clone, Copy)]
pub struct RemoteAddress(pub std::net::IpAddr);

/// What a request shows of who sends it.
#[derive(Clone)]
enum Proof {
    Socket(SocketPeer),
    Token(Secret<String>),
    Session(Secret<String>),
}

/// Somebody, for as long as nothing about them changes.
struct Holder {
    identity: Identity,
    /// What they showed counts no longer then.
    until: Option<UnixMs>,
}

impl Proof {
    /// `None` = nothing is shown.
    fn of(front: &Front, parts: &Parts) -> Result<Option<Self>, Problem> {
        if let Some(peer) = parts.extensions.get::<SocketPeer>() {
            return Ok(Some(Self::Socket(*peer)));
        }
        let mut said = parts.headers.get_all(header::AUTHORIZATION).iter();
        if let Some(header) = said.next() {
            // A proxy in front may go by another one than we would.
            if said.next().is_some() {
                return Err(Problem::malformed("two Authorization headers: which one is meant?"));
            }
            let secret = strip_scheme(header.to_str().unwrap_or_default());
            let secret = secret.ok_or_else(|| {
                Problem::sign_in("the Authorization header must be `Bearer TOKEN`")
            })?;
            return Ok(Some(Self::Token(Secret::new(secret.to_owned()))));
        }
        let id = cookie(&parts.headers, front.settings().cookie_name());
        Ok(id.map(|id| Self::Session(Secret::new(id.to_owned()))))
    }

    /// Who shows it; leaves no trace. `None` = their session ended.
    fn holder(&self, front: &Front) -> Result<Option<Holder>, Problem> {
        match self {
            Self::Socket(peer) if peer.uid == 0 || peer.uid == front.settings().own_uid => {
                let actor = format!("local/{}", peer.uid);
                let access = Access::everywhere(RoleName::Admin);
                let identity = Identity::new(actor, access, Via::Socket);
                Ok(Some(Holder { identity, until: None }))
            }
            Self::Socket(peer) => {
                Err(Problem::forbidden(format!("user id {} may not use this socket", peer.uid)))
            }
            Self::Token(secret) => token::find(front.deps()?, secret.expose()).map(Some),
            Self::Session(id) => session::find(front.deps()?, id.expose()),
        }
    }
}

/// Finds out who sent a request. `None` = nobody said anything, or their session ended.
///
/// # Errors
/// 401 for a bearer token that is not valid, 503 while there is no store to ask.
pub(crate) fn identify(front: &Front, parts: &Parts) -> Result<Option<Identity>, Problem> {
    let Some(proof) = Proof::of(front, parts)? else { return Ok(None) };
    let Some(Holder { identity, .. }) = proof.holder(front)? else { return Ok(None) };
    match &proof {
        Proof::Socket(_) => {}
        Proof::Token(_) => token_use::seen(front.deps()?, &identity.actor, parts),
        Proof::Session(id) => {
            let from = parts.extensions.get::<RemoteAddress>();
            let from = from.map(|RemoteAddress(address)| *address);
            session::used(front.deps()?, id.expose(), from)?;
        }
    }
    Ok(Some(identity))
}

/// Whose credential a refused one says it is, where there is such a token; never what was sent.
pub(crate) fn claimed(front: &Front, parts: &Parts) -> String {
    let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let id = header.and_then(strip_scheme).and_then(token::split).map(|(_, id, _)| id);
    let known =
        |id: &&str| front.deps().is_ok_and(|deps| deps.whole().get(Kind::Token, id).is_some());
    match (id.filter(known), parts.extensions.get::<SocketPeer>()) {
        (Some(id), _) => format!("token/{id}"),
        (None, Some(peer)) => format!("local/{}", peer.uid),
        (None, None) => String::new(),
    }
}

fn strip_scheme(header: &str) -> Option<&str> {
    let (scheme, rest) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim())
}

pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Whether a method changes nothing.
pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The account behind a name, while it may sign in.
pub(crate) fn account(
    state: &crate::model::cluster::DeclaredState,
    name: &str,
) -> Option<spec::User> {
    let user: spec::User = state.get(Kind::User, name)?.spec_as().ok()?;
    (!user.disabled).then_some(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others_and_by_whole_name() {
        let found = |line: &str| {
            let headers = HeaderMap::from_iter([(header::COOKIE, line.parse().unwrap())]);
            cookie(&headers, "wk_session").map(str::to_owned)
        };
        assert_eq!(found("a=b; wk_session=x1").as_deref(), Some("x1"));
        assert_eq!(found("xwk_session=x1; wk_session2=y"), None);
    }
}
