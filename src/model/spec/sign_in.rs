//! Settings of signing in through somebody else: an OpenID provider, a directory.

use super::RoleRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Part of [`super::Settings`]: who may sign in besides the accounts of this site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SignInSettings {
    /// Whom to ask for a role, shown to people who have none: a name, an address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// Hours after which people whom a provider or directory vouched for sign in again, 1 to 168:
    /// for so long at most somebody who was removed there still has access.
    #[schemars(range(min = 1, max = 168))]
    pub session_hours: u32,
    /// An OpenID Connect provider; none = not offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc: Option<OidcSettings>,
    /// An LDAP directory, asked for names that are no accounts here; none = not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ldap: Option<LdapSettings>,
}

impl Default for SignInSettings {
    fn default() -> Self {
        Self { contact: String::new(), session_hours: 12, oidc: None, ldap: None }
    }
}

/// An OpenID Connect provider. Redirect addresses to register with it:
/// `https://NODE:8420/api/v1/session/oidc/callback` of every node, or below `public_url`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OidcSettings {
    /// On the button of the sign-in page; none = "Single sign-on".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// As the provider writes it; `/.well-known/openid-configuration` is read below it.
    pub issuer: String,
    /// What the provider calls us.
    pub client_id: String,
    /// Name of the `secret` with the client secret; none = a public client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Asked of the provider; `openid` is always among them.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// Claim with the name that history shows; it must belong to one person only, for ever.
    #[serde(default = "name_claim")]
    pub name_claim: String,
    /// Claim with the groups, a list of texts.
    #[serde(default = "groups_claim")]
    pub groups_claim: String,
    /// PEM of the authorities that the provider's certificate may come from; none = the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
    /// Address of this portal as browsers see it, where that is not the node's own (behind a
    /// proxy): `https://monitoring.example`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// What members of which group may do. Whoever is in none of them is refused.
    #[serde(default)]
    pub grants: Vec<GroupGrant>,
}

/// An LDAP directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LdapSettings {
    /// `ldaps://HOST[:PORT]`, or `ldap://HOST[:PORT]` with StartTLS.
    pub url: String,
    /// PEM of the authorities that its certificate may come from; none = the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
    /// Whom to search as; none = anonymously.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bind_dn: Option<String>,
    /// Name of the `secret` with the password of `bind_dn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bind_password: Option<String>,
    /// People are searched below it.
    pub base: String,
    /// Attribute that holds the name people sign in with.
    #[serde(default = "user_attribute")]
    pub user_attribute: String,
    /// A further filter that people must match: `(objectClass=person)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Attribute of a person with the DNs of their groups; not read where `group_base` is set.
    #[serde(default = "group_attribute")]
    pub group_attribute: String,
    /// Groups are searched below it, as entries whose `member`, `uniqueMember` or `memberUid`
    /// names the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_base: Option<String>,
    /// What members of which group may do; a group is its DN or its `cn`. Whoever is in none of
    /// them is refused.
    #[serde(default)]
    pub grants: Vec<GroupGrant>,
}

/// What members of a group may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupGrant {
    /// As the provider writes it.
    pub group: String,
    /// What they may do.
    pub role: RoleRef,
    /// Where: matchers over the dimensions of projects, all of which must hold. None = everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
}

fn scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).to_vec()
}

fn name_claim() -> String {
    "preferred_username".into()
}

fn groups_claim() -> String {
    "groups".into()
}

fn user_attribute() -> String {
    "uid".into()
}

fn group_attribute() -> String {
    "memberOf".into()
}
