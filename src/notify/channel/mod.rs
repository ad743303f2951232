//! Ways to reach somebody: one trait, one file a kind.

pub mod mail;
mod reply;
pub mod webhook;

use super::{
    delivery::Outcome,
    message::Message,
    outgoing::{Guard, Lookup},
};
use crate::{
    base::redact::Secret,
    model::{Kind, Resource, Revision, cluster::DeclaredState, spec},
    scope::owner,
};
use futures_util::future::BoxFuture;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// One configured way to reach somebody.
pub trait Channel: Send + Sync {
    /// `spec.type`
    fn kind(&self) -> &'static str;

    /// Sends once. Ends by itself within the channel's time limit, whatever the other side does.
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Outcome>;
}

/// Why there is no such channel now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoChannel {
    /// Deleted, or never there.
    #[error("there is no channel `{0}` (any more)")]
    Missing(String),
    /// Its settings make no sense.
    #[error("channel `{channel}` cannot be used: {reason}")]
    Unusable {
        /// Its name.
        channel: String,
        /// Why.
        reason: String,
    },
}

/// The value of a secret by its name; supplied by whoever can open it. The error is for people.
pub type SecretValue = Arc<dyn Fn(&str) -> Result<Secret<String>, String> + Send + Sync>;

/// The channels as declared, built when first used and kept with their connections until their
/// declaration, or what the notifier may reach, changes.
pub struct Channels {
    lookup: Lookup,
    secrets: SecretValue,
    built: Mutex<BTreeMap<String, Built>>,
}

struct Built {
    revision: Revision,
    guard: Guard,
    channel: Arc<dyn Channel>,
}

impl Channels {
    /// `lookup` resolves the names of other sides, `secrets` opens their passwords.
    #[must_use]
    pub fn new(lookup: Lookup, secrets: SecretValue) -> Self {
        Self { lookup, secrets, built: Mutex::default() }
    }

    /// The channel `name` as declared in `state`.
    ///
    /// # Errors
    /// There is none, or it cannot be used as it is.
    pub fn find(&self, state: &DeclaredState, name: &str) -> Result<Arc<dyn Channel>, NoChannel> {
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(resource) = state.get(Kind::Channel, name) else {
            built.remove(name);
            return Err(NoChannel::Missing(name.to_owned()));
        };
        if let Some(secret) = misused_secret(state, resource) {
            built.remove(name);
            let reason = format!("secret `{secret}` is not of the same project as the channel");
            return Err(NoChannel::Unusable { channel: name.to_owned(), reason });
        }
        let guard = Guard::of(state);
        if let Some(have) = built.get(name)
            && (have.revision, &have.guard) == (resource.revision, &guard)
        {
            return Ok(have.channel.clone());
        }
        let unusable = |reason: String| NoChannel::Unusable { channel: name.to_owned(), reason };
        let spec = resource.spec_as().map_err(|error| unusable(error.to_string()))?;
        let channel: Arc<dyn Channel> = match spec {
            spec::Channel::Webhook { url, headers, timeout_seconds, .. } => Arc::new(
                webhook::Webhook::new(&url, &headers, timeout_seconds, &guard, &self.lookup)
                    .map_err(|error| unusable(error.to_string()))?,
            ),
            spec @ spec::Channel::Mail { .. } => Arc::new(
                mail::Mail::new(spec, &guard, &self.lookup, &self.secrets)
                    .map_err(|error| unusable(error.to_string()))?,
            ),
        };
        let entry = Built { revision: resource.revision, guard, channel: channel.clone() };
        built.insert(name.to_owned(), entry);
        Ok(channel)
    }
}

/// Whose a secret is may change without its channel: a password goes nowhere it does not belong.
fn misused_secret(state: &DeclaredState, channel: &Resource) -> Option<String> {
    let misused = owner::misused(Kind::Channel, channel.name.as_str(), &channel.spec, state);
    misused.into_iter().next().map(|reference| reference.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::testing::Declared;
    use serde_json::json;

    #[test]
    fn a_password_goes_to_no_server_that_another_project_names() {
        let lookup: Lookup = Arc::new(|_| Box::pin(async { Ok(Vec::new()) }));
        let secrets: SecretValue = Arc::new(|_| Ok(Secret::new("hunter2".to_owned())));
        let channels = Channels::new(lookup, secrets);
        let mut declared = Declared::new();
        declared.put(Kind::Secret, "mail", json!({"project": "shop"}));
        let mail = json!({"type": "mail", "project": "shop", "host": "mail.example.org",
            "from": "a@example.org", "to": ["b@example.org"], "username": "a",
            "password_secret": "mail"});
        declared.put(Kind::Channel, "mail", mail);
        assert!(channels.find(&declared.state(), "mail").is_ok());
        // The channel stays as it is, and was in use: the secret becomes the site's, or another's.
        for owner in [json!({}), json!({"project": "bank"})] {
            declared.put(Kind::Secret, "mail", owner.clone());
            let found = channels.find(&declared.state(), "mail");
            assert!(matches!(found, Err(NoChannel::Unusable { .. })), "{owner}");
        }
    }
}
