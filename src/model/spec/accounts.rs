//! Accounts and tokens.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an account may do. Bound to scopes later; one role each for now.
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
    /// Cannot sign in.
    #[serde(default)]
    pub disabled: bool,
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
    /// RFC 3339; none = never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}
