//! Accounts and tokens.

use crate::model::{Kind, Name};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A built-in role.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RoleName {
    /// Reads.
    Viewer,
    /// Reads, and changes the rules of projects and who is told of them.
    Developer,
    /// Changes everything but accounts and settings.
    Operator,
    /// Everything.
    Admin,
}

impl RoleName {
    /// Lowest first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Developer, Self::Operator, Self::Admin];

    /// As people write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }

    /// The built-in role of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// Name of a role: `viewer`, `developer`, `operator`, `admin`, or a declared `role`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RoleRef(#[schemars(with = "String")] Name);

impl RoleRef {
    /// The built-in role; `None` = a declared one, if there is one of that name.
    #[must_use]
    pub fn built_in(&self) -> Option<RoleName> {
        RoleName::of(self.0.as_str())
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &Name {
        &self.0
    }
}

impl From<RoleName> for RoleRef {
    /// # Panics
    /// Never: names of built-in roles are names, which a test shows.
    fn from(role: RoleName) -> Self {
        Self(role.as_str().parse().expect("a name"))
    }
}

/// Spec of a `role`: what a built-in role may do, and changing objects of some kinds more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What may be done at least: `viewer`, `developer` or `operator`.
    pub base: RoleName,
    /// Kinds whose objects may be changed, too; never accounts, roles,
    /// settings, secrets, channels or projects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub write: Vec<Kind>,
}

impl Role {
    /// Whether a role may give the right to change objects of a kind: what would let its holder
    /// become more than the role says is the base role's alone. Projects, because where a role
    /// holds is said by their dimensions; channels, because they say who is shown a password.
    #[must_use]
    pub const fn may_give(kind: Kind) -> bool {
        !matches!(
            kind,
            Kind::User
                | Kind::Token
                | Kind::Role
                | Kind::Settings
                | Kind::Secret
                | Kind::Channel
                | Kind::Project
        )
    }
}

/// Spec of a `user`. The password's hash is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What it may do.
    pub role: RoleRef,
    /// Where: matchers over the dimensions of projects, all of which must hold
    /// (`department="retail"`, `project=~"shop|till"`). None = everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
    /// Further roles elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Grant>,
    /// Cannot sign in.
    #[serde(default)]
    pub disabled: bool,
}

/// A role in a part of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// What may be done.
    pub role: RoleRef,
    /// Where: matchers over the dimensions of projects, at least one, all of which must hold.
    pub scope: Vec<String>,
}

/// Spec of a `token`. The secret's hash is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What it may do.
    pub role: RoleRef,
    /// Where: matchers over the dimensions of projects, all of which must hold. None = everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
    /// RFC 3339; none = never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_as_it_is_written() {
        for role in RoleName::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
            assert_eq!(RoleRef::from(role).built_in(), Some(role));
        }
        let own: RoleRef = serde_json::from_value("night-shift".into()).unwrap();
        assert_eq!((own.built_in(), own.name().as_str()), (None, "night-shift"));
        assert!(serde_json::from_value::<RoleRef>("Admin".into()).is_err());
    }
}
