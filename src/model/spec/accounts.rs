//! Accounts and tokens.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an account may do, within its scope.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RoleName {
    /// Reads.
    Viewer,
    /// Reads, and changes rules.
    Developer,
    /// Changes everything but accounts and settings.
    Operator,
    /// Everything.
    Admin,
}

/// Spec of a `user`. The password's hash is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What it may do.
    pub role: RoleName,
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
    pub role: RoleName,
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
    pub role: RoleName,
    /// Where: matchers over the dimensions of projects, all of which must hold. None = everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
    /// RFC 3339; none = never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}
