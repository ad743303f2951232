//! What a provider says of itself (OpenID Connect Discovery 1.0): read once an hour, its keys
//! also when a token comes that none of them fits, but then at most once in ten seconds.

use super::{OidcError, http::Http, jws::Keys};
use crate::model::spec::OidcSettings;
use serde::Deserialize;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

const KEPT_FOR: Duration = Duration::from_secs(3600);
const KEYS_AGAIN_AFTER: Duration = Duration::from_secs(10);

/// The addresses that are used.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Document {
    issuer: String,
    #[serde(rename = "authorization_endpoint")]
    pub(super) authorization: String,
    #[serde(rename = "token_endpoint")]
    pub(super) token: String,
    jwks_uri: String,
    #[serde(default, rename = "userinfo_endpoint")]
    pub(super) userinfo: Option<String>,
    #[serde(default, rename = "end_session_endpoint")]
    pub(super) end_session: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    /// RFC 9207: every answer says which provider it comes from.
    #[serde(default, rename = "authorization_response_iss_parameter_supported")]
    pub(super) names_itself: bool,
}

impl Document {
    /// How the client secret is sent: as a header, where the provider does not say otherwise.
    pub(super) fn takes_basic(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        methods.is_empty() || methods.iter().any(|method| method == "client_secret_basic")
    }
}

/// What is known of a provider.
pub(crate) struct Known {
    issuer: String,
    /// With the certificates that were trusted when it was read.
    ca: Option<String>,
    read: Instant,
    pub(super) document: Document,
    keys: Mutex<Published>,
}

#[derive(Default)]
struct Published {
    keys: Option<Arc<Keys>>,
    /// When they were last read because a token came that none fitted.
    again: Option<Instant>,
}

/// What is known of the declared provider, on this node.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Slot>);

#[derive(Default)]
struct Slot {
    known: Option<Arc<Known>>,
    /// The last time that it could not be asked, and why.
    failed: Option<(Instant, String)>,
}

impl Cache {
    /// Asks the provider where it is not known, or for too long.
    pub(super) async fn get(
        &self,
        settings: &OidcSettings,
        http: &Http,
    ) -> Result<Arc<Known>, OidcError> {
        let asked = Instant::now();
        let mut slot = self.0.lock().await;
        if let Some(known) = slot.known.as_ref().filter(|known| known.is_of(settings)) {
            return Ok(Arc::clone(known));
        }
        // Those who waited while it failed for another share the answer: anybody may ask.
        if let Some((_, why)) = slot.failed.as_ref().filter(|(at, _)| *at >= asked) {
            return Err(OidcError::Unreachable { what: "openid-configuration", why: why.clone() });
        }
        match Known::read(settings, http).await {
            Ok(known) => {
                let known = Arc::new(known);
                *slot = Slot { known: Some(Arc::clone(&known)), failed: None };
                Ok(known)
            }
            Err(error) => {
                slot.failed = Some((Instant::now(), error.to_string()));
                Err(error)
            }
        }
    }
}

impl Known {
    fn is_of(&self, settings: &OidcSettings) -> bool {
        self.issuer == settings.issuer && self.ca == settings.ca && self.read.elapsed() < KEPT_FOR
    }

    pub(super) async fn read(settings: &OidcSettings, http: &Http) -> Result<Self, OidcError> {
        const WHAT: &str = "openid-configuration";
        let issuer = settings.issuer.trim_end_matches('/');
        let url = http.url(WHAT, &format!("{issuer}/.well-known/openid-configuration"))?;
        let mut document: Document = http.json(WHAT, http.client(&url)?.get(url)).await?;
        if document.issuer != settings.issuer {
            let shown: String = document.issuer.chars().take(200).collect();
            let why = format!("it says that it is {shown}, declared is {}", settings.issuer);
            return Err(OidcError::Answer { what: WHAT, why });
        }
        // It becomes a link in the portal: better none than one that is no address.
        document.end_session =
            document.end_session.filter(|text| http.url("end_session_endpoint", text).is_ok());
        let (issuer, ca) = (settings.issuer.clone(), settings.ca.clone());
        Ok(Self { issuer, ca, read: Instant::now(), document, keys: Mutex::default() })
    }

    /// The provider's keys; read anew when `fresh` unless that was just done.
    pub(super) async fn keys(&self, http: &Http, fresh: bool) -> Result<Arc<Keys>, OidcError> {
        const WHAT: &str = "jwks_uri";
        let mut kept = self.keys.lock().await;
        let just_read = kept.again.is_some_and(|at| at.elapsed() < KEYS_AGAIN_AFTER);
        if let Some(keys) = kept.keys.as_ref().filter(|_| !fresh || just_read) {
            return Ok(Arc::clone(keys));
        }
        let url = http.url(WHAT, &self.document.jwks_uri)?;
        let keys: Arc<Keys> = Arc::new(http.json(WHAT, http.client(&url)?.get(url)).await?);
        *kept = Published { keys: Some(Arc::clone(&keys)), again: fresh.then(Instant::now) };
        Ok(keys)
    }
}
