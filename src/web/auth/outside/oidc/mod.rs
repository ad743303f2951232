//! Signing in at an OpenID Connect provider: authorization code with PKCE.
//!
//! ```text
//! browser ─► begin: state, nonce and verifier in a sealed cookie ─► the provider's own page
//!    ▲                                                                      │
//!    └── session cookie ◄── finish: cookie, state, issuer ◄── code ◄────────┘
//!                              │ code + verifier ─► token endpoint ─► ID token: signature, claims
//! ```
//!
//! Nothing is written before the provider has vouched: what the second half needs is sealed under
//! the cluster's key in the browser's cookie, so that any node can answer it. The signature is
//! checked with ring, which is here anyway: the crates for it bring another cryptography with
//! them, one part of which has an advisory without a fix. Sources: OpenID Connect Core 1.0
//! (3.1.2, 3.1.3.7), RFC 7636, RFC 9207.

mod claims;
mod document;
mod http;
mod jws;
mod pending;
pub(super) mod trial;

pub(crate) use document::Cache;
pub(crate) use pending::{LIFETIME_MS, Pending, is_local};

use super::{Person, Provider, SignInSettings, Vouched, is_name};
use crate::{model::spec::OidcSettings, notify::outgoing::Guard, web::deps::Deps};
use document::Known;
use http::Http;
use jws::Keys;
use serde::Deserialize;
use serde_json::Value;
use std::{borrow::Cow, sync::Arc};

/// Why somebody was not signed in. The texts are for the log and the admin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum OidcError {
    /// The settings have no provider.
    #[error("no OpenID provider is declared in settings.sign_in.oidc")]
    None,
    /// The settings or the secret cannot be used.
    #[error("settings.sign_in.oidc: {0}")]
    Settings(String),
    /// No connection, or no answer in time.
    #[error("{what} of the provider does not answer: {why}")]
    Unreachable {
        /// Which of its addresses.
        what: &'static str,
        /// In words.
        why: String,
    },
    /// An answer that cannot be used.
    #[error("{what} of the provider answered what cannot be used: {why}")]
    Answer {
        /// Which of its addresses.
        what: &'static str,
        /// In words.
        why: String,
    },
    /// The ID token is not what it must be.
    #[error("the ID token is refused: {0}")]
    Token(String),
    /// The browser did not bring what it was given, or too late.
    #[error("the sign-in was not finished: {0}")]
    Unfinished(String),
    /// No group is mapped.
    #[error("no group of {name} is mapped to a role (groups: {groups})")]
    Unmapped {
        /// Who.
        name: String,
        /// What the provider says they are in.
        groups: String,
    },
}

/// What the provider sends the browser back with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// What the token endpoint gives.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    #[serde(default)]
    access_token: Option<String>,
}

/// One sign-in, with the settings as they are now.
pub(crate) struct Oidc<'d> {
    deps: &'d Deps,
    all: SignInSettings,
    settings: OidcSettings,
    http: Http,
    known: Arc<Known>,
}

impl<'d> Oidc<'d> {
    /// Reads the provider's document where it is not known yet.
    ///
    /// # Errors
    /// There is no provider, or it cannot be reached.
    pub(crate) async fn new(deps: &'d Deps, cache: &Cache) -> Result<Self, OidcError> {
        let state = deps.whole();
        let all = super::settings(&state);
        let settings = all.oidc.clone().ok_or(OidcError::None)?;
        let http = Http::new(settings.ca.as_deref(), Guard::of(&state), deps.lookup.clone())?;
        let known = cache.get(&settings, &http).await?;
        Ok(Self { deps, all, settings, http, known })
    }

    /// The provider's address that the browser is sent to.
    ///
    /// # Errors
    /// Its document names none that can be used.
    pub(crate) fn begin(&self, pending: &Pending) -> Result<String, OidcError> {
        let mut url =
            self.http.url("authorization_endpoint", &self.known.document.authorization)?;
        let mut scopes: Vec<&str> = self.settings.scopes.iter().map(String::as_str).collect();
        if !scopes.contains(&"openid") {
            scopes.insert(0, "openid");
        }
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &pending.redirect)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", &pending.state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &pending.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Issuer that the settings name.
    pub(crate) fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Who came back from the provider.
    ///
    /// # Errors
    /// Anything does not fit.
    pub(crate) async fn finish(
        &self,
        pending: &Pending,
        answer: &Answer,
    ) -> Result<Person, OidcError> {
        let code = self.code(pending, answer)?;
        let tokens = self.exchange(pending, code).await?;
        let payload = self.verified(&tokens.id_token).await?;
        let at = crate::web::deps::now().0 / 1000;
        let mut claims = claims::check(&payload, &self.settings, &pending.nonce, at)
            .map_err(OidcError::Token)?;
        if let (Some(token), true) = (&tokens.access_token, claims.lacks(&self.settings)) {
            self.ask_more(&mut claims, token).await?;
        }
        self.person(&claims)
    }

    /// The code, when the answer is one to this browser's question, from this provider.
    fn code<'a>(&self, pending: &Pending, answer: &'a Answer) -> Result<&'a str, OidcError> {
        let refused = |why: &str| Err(OidcError::Unfinished(why.to_owned()));
        pending.check(answer.state.as_deref(), &self.settings.issuer)?;
        match &answer.iss {
            Some(issuer) if *issuer != self.settings.issuer => {
                return refused("the answer comes from another provider");
            }
            None if self.known.document.names_itself => {
                return refused("the answer does not say which provider it comes from");
            }
            _ => {}
        }
        if let Some(error) = &answer.error {
            let error: String = error.chars().filter(char::is_ascii_graphic).take(80).collect();
            return refused(&format!("the provider says {error}"));
        }
        match answer.code.as_deref() {
            Some(code) if !code.is_empty() => Ok(code),
            _ => refused("the answer has no code"),
        }
    }

    async fn exchange(&self, pending: &Pending, code: &str) -> Result<Tokens, OidcError> {
        const WHAT: &str = "token_endpoint";
        let url = self.http.url(WHAT, &self.known.document.token)?;
        let id = self.settings.client_id.as_str();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &pending.redirect),
            ("code_verifier", pending.verifier()),
        ];
        let secret =
            self.settings.client_secret.as_deref().map(|name| (self.deps.secret_value)(name));
        let secret = secret.transpose().map_err(OidcError::Settings)?;
        let mut request = self.http.client(&url)?.post(url);
        match &secret {
            Some(secret) if self.known.document.takes_basic() => {
                // RFC 6749, 2.3.1: both are form-encoded first.
                request = request.basic_auth(encoded(id), Some(encoded(secret.expose())));
            }
            Some(secret) => form.extend([("client_id", id), ("client_secret", secret.expose())]),
            None => form.push(("client_id", id)),
        }
        self.http.json(WHAT, request.form(&form)).await
    }

    /// The content of a token that the provider signed; its keys are read anew for an unknown one.
    async fn verified(&self, token: &str) -> Result<Value, OidcError> {
        for fresh in [false, true] {
            let keys: Arc<Keys> = self.known.keys(&self.http, fresh).await?;
            match keys.verify(token) {
                Err(error) if error.may_be_a_new_key() && !fresh => {}
                verdict => return verdict.map_err(|error| OidcError::Token(error.to_string())),
            }
        }
        Err(OidcError::Token("no key fits".into()))
    }

    /// Many providers tell groups and names only here.
    async fn ask_more(&self, claims: &mut claims::Claims, token: &str) -> Result<(), OidcError> {
        const WHAT: &str = "userinfo_endpoint";
        let Some(url) = &self.known.document.userinfo else { return Ok(()) };
        let url = self.http.url(WHAT, url)?;
        let request = self.http.client(&url)?.get(url).bearer_auth(token);
        let more: serde_json::Map<String, Value> = self.http.json(WHAT, request).await?;
        claims.add(more).map_err(|why| OidcError::Answer { what: WHAT, why })
    }

    fn person(&self, claims: &claims::Claims) -> Result<Person, OidcError> {
        let claim = &self.settings.name_claim;
        let name = claims.text(claim).filter(|name| is_name(name)).ok_or_else(|| {
            let why = format!("the claim `{claim}` is no name of 1 to 128 of a-z, 0-9 and ._@+-");
            OidcError::Token(why)
        })?;
        let groups = claims.texts(&self.settings.groups_claim);
        let shown = groups.join(", ").chars().take(500).collect();
        let vouched = Vouched {
            provider: Provider::Oidc,
            source: self.settings.issuer.clone(),
            subject: claims.subject.clone(),
            name: name.to_owned(),
            title: claims.text("name").unwrap_or_default().chars().take(200).collect(),
            groups,
            sign_out: self.known.document.end_session.clone(),
        };
        let name = name.to_owned();
        Person::of(&self.all, vouched).ok_or(OidcError::Unmapped { name, groups: shown })
    }
}

fn encoded(text: &str) -> Cow<'_, str> {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).into()
}
