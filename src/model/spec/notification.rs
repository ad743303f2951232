//! Ways to reach people.

use super::yes;
use crate::model::language::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Spec of a `channel`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Channel {
    /// A generic webhook.
    Webhook {
        /// For people.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        title: String,
        /// Name of the project it belongs to: its own people change it, and only its own routes
        /// and policies use it. None = shared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        project: Option<String>,
        /// `http://` or `https://`.
        url: String,
        /// Sent with every request. Not for secrets.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
        /// Whether resolved alerts are sent too.
        #[serde(default = "yes")]
        send_resolved: bool,
        /// Whole exchange, in seconds: 1 to 120.
        #[serde(default = "thirty")]
        timeout_seconds: u32,
    },
    /// Mail over SMTP; each recipient has a delivery of its own.
    Mail {
        /// For people.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        title: String,
        /// Name of the project it belongs to: its own people change it, and only its own routes
        /// and policies use it. None = shared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        project: Option<String>,
        /// Name or address of the mail server.
        host: String,
        /// 587 unless said otherwise.
        #[serde(default = "submission")]
        port: u16,
        /// How the connection is protected.
        #[serde(default)]
        tls: MailTls,
        /// Certificates of a private CA as PEM, trusted beside the usual ones for this channel.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ca: Option<String>,
        /// Account on the mail server; none = no authentication.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        username: Option<String>,
        /// Name of the secret that holds the account's password.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        password_secret: Option<String>,
        /// Sender: `Watchkeep <alerts@example.org>`.
        from: String,
        /// Addresses of recipients.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<String>,
        /// Names of contacts with a mail address.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        contacts: Vec<String>,
        /// What the message is written in, around the alerts' own texts.
        #[serde(default, skip_serializing_if = "Language::is_default")]
        language: Language,
        /// Whether resolved alerts are sent too.
        #[serde(default = "yes")]
        send_resolved: bool,
        /// Whole exchange, in seconds: 1 to 120.
        #[serde(default = "thirty")]
        timeout_seconds: u32,
    },
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// Plain at first, then TLS; refused when the server does not offer it.
    #[default]
    Starttls,
    /// TLS from the first byte (port 465).
    Tls,
    /// No protection: for a relay on the same machine.
    None,
}

const fn submission() -> u16 {
    587
}

const fn thirty() -> u32 {
    30
}

/// Spec of a `receiver`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Name of the project it belongs to: its own people change it, and only its own routes and
    /// policies use it. None = shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Names of channels, at least one; each gets every notification.
    pub channels: Vec<String>,
}

/// Spec of a `secret`. Its value is not part of it: it is set apart and never read back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Secret {
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Name of the project it belongs to: its own people change it, and only its own channels use
    /// it. None = shared, and for shared channels only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
}
