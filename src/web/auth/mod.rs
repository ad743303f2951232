//! Who is asking: sessions, API tokens, the node's own socket.
//!
//! Only hashes of secrets are stored. An identity is looked up anew for every request, so that a
//! disabled account, a changed password or a revoked token counts at once on every node.

pub(crate) mod device;
pub mod housekeeping;
pub(crate) mod lasting;
pub(crate) mod outside;
pub(crate) mod own;
pub mod password;
pub(crate) mod second;
pub mod session;
pub mod throttle;
pub mod token;
pub(crate) mod token_use;
pub(crate) mod totp;

use super::{Front, audit::Origin, error::Problem, proxies::Scheme};
use crate::{
    base::redact::Secret,
    model::{Kind, UnixMs, spec},
    scope::Access,
    web::policy::{self, Whose},
};
use axum::http::{HeaderMap, Method, header, request::Parts};
use spec::RoleName;
use std::sync::Arc;

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Session cookie: changes need a proof of same origin.
    Session,
    /// `Authorization: Bearer`.
    Token,
    /// The node's own Unix socket.
    Socket,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// As the history shows it: `alice`, `token/ci`, `local/0`.
    pub actor: String,
    /// What they may do where.
    pub access: Access,
    /// How they proved it.
    pub via: Via,
    /// Where this request comes from; put there by the guard.
    pub origin: Arc<Origin>,
    /// Who vouched for somebody who has no account here.
    pub(crate) outside: Option<Arc<outside::Person>>,
}

impl Identity {
    /// Somebody who has proven who they are.
    #[must_use]
    pub fn new(actor: impl Into<String>, access: Access, via: Via) -> Self {
        Self { actor: actor.into(), access, via, origin: Arc::default(), outside: None }
    }

    /// Somebody for whom a provider or a directory vouches.
    #[must_use]
    pub(crate) fn vouched(self, outside: Option<Arc<outside::Person>>) -> Self {
        Self { outside, ..self }
    }
}

impl Identity {
    /// Refuses those who do not have the role `wanted` everywhere.
    ///
    /// # Errors
    /// 403.
    pub fn must_be(&self, wanted: RoleName, what: &str) -> Result<(), Problem> {
        if self.access.is_everywhere(wanted) {
            return Ok(());
        }
        self.must_be_somewhere(wanted, what)?;
        let role = role_text(wanted);
        let actor = &self.actor;
        Err(Problem::forbidden(format!(
            "{what} needs the role {role} everywhere, {actor} has it for some projects only"
        )))
    }

    /// Refuses those who have the role `wanted` nowhere. A scope that selects no project yet is
    /// somewhere: it is empty, not forbidden.
    ///
    /// # Errors
    /// 403.
    pub fn must_be_somewhere(&self, wanted: RoleName, what: &str) -> Result<(), Problem> {
        let highest = self.access.highest();
        if highest >= Some(wanted) {
            return Ok(());
        }
        let highest = highest.map_or("nothing", role_text);
        let (wanted, actor) = (role_text(wanted), &self.actor);
        Err(Problem::forbidden(format!("{what} needs the role {wanted}, {actor} is {highest}")))
    }

    /// Refuses those who may change no object of a kind at all.
    ///
    /// # Errors
    /// 403.
    pub fn must_change(&self, kind: Kind, what: &str) -> Result<(), Problem> {
        if policy::writes_somewhere(&self.access, kind) {
            return Ok(());
        }
        self.must_have(policy::write_role(kind, Whose::Projects), kind, what)
    }

    /// Refuses those who may see no object of a kind at all.
    ///
    /// # Errors
    /// 403.
    pub fn must_read(&self, kind: Kind, what: &str) -> Result<(), Problem> {
        if policy::reads_somewhere(&self.access, kind) {
            return Ok(());
        }
        self.must_have(policy::read_role(kind, Whose::Projects), kind, what)
    }

    /// Refuses those who may change nothing at all.
    ///
    /// # Errors
    /// 403.
    pub fn must_change_something(&self, what: &str) -> Result<(), Problem> {
        if Kind::ALL.iter().any(|kind| policy::writes_somewhere(&self.access, *kind)) {
            return Ok(());
        }
        self.must_be_somewhere(RoleName::Developer, what)
    }

    /// The refusal of those who lack a role for a kind.
    fn must_have(&self, role: RoleName, kind: Kind, what: &str) -> Result<(), Problem> {
        if policy::is_written_in_scope(kind) {
            return self.must_be_somewhere(role, what);
        }
        self.must_be(role, what)
    }
}

/// A role as people write it.
#[must_use]
pub const fn role_text(role: RoleName) -> &'static str {
    role.as_str()
}

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

/// A change with a cookie must come from our own pages.
///
/// # Errors
/// 403 with what is missing.
pub(crate) fn same_origin(parts: &Parts) -> Result<(), Problem> {
    let refused = |detail: &str| {
        Problem::new(axum::http::StatusCode::FORBIDDEN, "WK-2023", detail.to_owned())
    };
    if parts.headers.get("x-wk-request").is_none_or(|value| value != "1") {
        return Err(refused("the header `X-WK-Request: 1` is missing"));
    }
    own_origin(parts).map_err(refused)
}

/// Whether Origin, or else Sec-Fetch-Site, says that our own page asks.
pub(crate) fn own_origin(parts: &Parts) -> Result<(), &'static str> {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(origin) = text("origin") {
        let host = text("host").or_else(|| parts.uri.authority().map(|a| a.as_str()));
        let (Some((scheme, from)), Some(host)) = (origin.split_once("://"), host) else {
            return Err("the Origin header names another site");
        };
        if !from.eq_ignore_ascii_case(host) {
            return Err("the Origin header names another site");
        }
        // A proxy that is not listed may have ended TLS: then the browser's own word counts.
        let known = parts.extensions.get::<Scheme>().copied();
        let vouched = known == Some(Scheme::Http) && text("sec-fetch-site") == Some("same-origin");
        return match known {
            Some(known) if !scheme.eq_ignore_ascii_case(known.as_str()) && !vouched => {
                Err("the Origin header has another scheme than the request; a proxy that ends TLS \
                 must be in `trusted_proxies` and send X-Forwarded-Proto")
            }
            _ => Ok(()),
        };
    }
    match text("sec-fetch-site") {
        Some("same-origin") => Ok(()),
        Some(_) => Err("the Sec-Fetch-Site header says that another site asks"),
        None => Err("neither Origin nor Sec-Fetch-Site says where the request comes from"),
    }
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
    use axum::http::Request;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post("/api/v1/apply").header("host", "mon1:8420");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_change_needs_the_header_and_an_origin_of_our_own() {
        let own = ("origin", "https://mon1:8420");
        let header = ("x-wk-request", "1");
        assert!(same_origin(&parts(&[header, own])).is_ok());
        assert!(same_origin(&parts(&[header, ("sec-fetch-site", "same-origin")])).is_ok());
        for bad in [
            &[own][..],
            &[header],
            &[header, ("origin", "https://mon1:8430")],
            &[header, ("origin", "null")],
            &[header, ("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
            &[header, ("sec-fetch-site", "same-site")],
            &[header, ("sec-fetch-site", "none")],
        ] {
            assert!(same_origin(&parts(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_scheme_of_the_origin_is_that_of_the_request_where_it_is_known() {
        let own = |scheme: Option<Scheme>, headers: &[(&str, &str)]| {
            let mut parts = parts(headers);
            if let Some(scheme) = scheme {
                parts.extensions.insert(scheme);
            }
            own_origin(&parts).is_ok()
        };
        let (plain, tls) = (("origin", "http://mon1:8420"), ("origin", "https://mon1:8420"));
        let (http, https) = (Some(Scheme::Http), Some(Scheme::Https));
        assert!(own(http, &[plain]) && own(https, &[tls]));
        assert!(!own(http, &[tls]) && !own(https, &[plain]));
        assert!(own(None, &[plain]) && own(None, &[tls]));
        let same = ("sec-fetch-site", "same-origin");
        assert!(own(http, &[tls, same]), "TLS ended before us");
        assert!(!own(https, &[plain, same]));
        assert!(!own(http, &[tls, ("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn cookies_are_found_among_others_and_by_whole_name() {
        let found = |line: &str| {
            let parts = parts(&[("cookie", line)]);
            cookie(&parts.headers, "wk_session").map(str::to_owned)
        };
        assert_eq!(found("a=b; wk_session=x1").as_deref(), Some("x1"));
        assert_eq!(found("xwk_session=x1; wk_session2=y"), None);
    }
}
