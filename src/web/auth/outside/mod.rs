//! People whom somebody else vouches for: an OpenID provider, a directory.
//!
//! They have no account here. Their session keeps who they are and those of their groups that
//! were mapped when they signed in; what they may do is read anew from the settings for every
//! request, so that a mapping that is taken away ends the access at once. History shows them as
//! `oidc/NAME` and `ldap/NAME`: names of accounts have no slash, so nobody can take one's place.

pub(crate) mod ldap;
pub(crate) mod oidc;
pub(crate) mod trial;

use crate::{
    model::{
        Kind,
        cluster::DeclaredState,
        spec::{GroupGrant, Settings, SignInSettings},
    },
    scope::Access,
};
use serde::{Deserialize, Serialize};

/// Longest name, in bytes.
const MAX_NAME: usize = 128;
/// Longest text about somebody in the audit, in characters.
const MAX_PROOF: usize = 300;

/// Who vouches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Provider {
    /// An OpenID provider.
    Oidc,
    /// A directory.
    Ldap,
}

impl Provider {
    /// Whether two names are of one group: directories do not tell `Shop` from `shop`.
    fn is_same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Oidc => one == other,
            Self::Ldap => one.eq_ignore_ascii_case(other),
        }
    }
}

/// Somebody from outside, as a session keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    provider: Provider,
    /// The issuer, or the directory's address: a session ends when the settings name another.
    source: String,
    /// What the provider calls them; never used again for another person.
    subject: String,
    /// As history shows them, without the provider.
    name: String,
    /// For people.
    #[serde(default)]
    title: String,
    /// Those of their groups that the settings name.
    groups: Vec<String>,
    /// Where one signs out at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sign_out: Option<String>,
}

/// What a provider says of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vouched {
    pub(crate) provider: Provider,
    pub(crate) source: String,
    pub(crate) subject: String,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) groups: Vec<String>,
    pub(crate) sign_out: Option<String>,
}

impl Person {
    /// `None` when no group of theirs is mapped to a role.
    pub(crate) fn of(settings: &SignInSettings, vouched: Vouched) -> Option<Self> {
        let Vouched { provider, source, subject, name, title, groups, sign_out } = vouched;
        let mut groups: Vec<String> = mapping(settings, provider, &source)
            .iter()
            .filter(|grant| groups.iter().any(|group| provider.is_same(group, &grant.group)))
            .map(|grant| grant.group.clone())
            .collect();
        groups.sort();
        groups.dedup();
        let person = Self { provider, source, subject, name, title, groups, sign_out };
        (!person.groups.is_empty()).then_some(person)
    }

    /// As history shows them.
    pub(crate) fn actor(&self) -> String {
        match self.provider {
            Provider::Oidc => format!("oidc/{}", self.name),
            Provider::Ldap => format!("ldap/{}", self.name),
        }
    }

    /// For people; may be empty.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// Whether it is the same person: names may go from one to another.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let who = |it: &Self| (it.provider, it.source.clone(), it.subject.clone());
        who(self) == who(other)
    }

    /// What the audit says of them besides their name.
    pub(crate) fn proof(&self) -> String {
        let text = format!("subject {} of {}", self.subject, self.source);
        text.chars().filter(|c| !c.is_control()).take(MAX_PROOF).collect()
    }

    /// Where one signs out at the provider.
    pub(crate) fn sign_out(&self) -> Option<&str> {
        self.sign_out.as_deref()
    }

    /// What they may do by the settings as they are; `None` when that is nothing any more.
    pub(crate) fn access(&self, state: &DeclaredState) -> Option<Access> {
        let settings = settings(state);
        let grants = mapping(&settings, self.provider, &self.source);
        let mut held = grants.iter().filter(|grant| self.groups.contains(&grant.group)).peekable();
        held.peek()?;
        Some(Access::of_grants(state, held.map(|grant| (&grant.role, grant.scope.as_slice()))))
    }
}

/// The settings as declared now.
pub(crate) fn settings(state: &DeclaredState) -> SignInSettings {
    let settings = state.get(Kind::Settings, "default");
    let settings = settings.and_then(|resource| resource.spec_as::<Settings>().ok());
    settings.unwrap_or_default().sign_in
}

/// How long their sessions last at most, in milliseconds.
pub(crate) fn session_ms(state: &DeclaredState) -> u64 {
    u64::from(settings(state).session_hours) * 3_600_000
}

/// The one place that says which groups have which roles; nothing for another source than the
/// declared one.
fn mapping<'s>(settings: &'s SignInSettings, provider: Provider, source: &str) -> &'s [GroupGrant] {
    let declared = match provider {
        Provider::Oidc => settings.oidc.as_ref().map(|oidc| (&oidc.issuer, &oidc.grants)),
        Provider::Ldap => settings.ldap.as_ref().map(|ldap| (&ldap.url, &ldap.grants)),
    };
    declared.filter(|(declared, _)| *declared == source).map_or(&[], |(_, grants)| grants)
}

/// Whether history can show a name: letters, digits and `._@+-`, which have one spelling only.
pub(crate) fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._@+-".contains(&byte);
    (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests;
