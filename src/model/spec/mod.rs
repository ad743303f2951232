//! The content of each kind, as types. Unknown fields are errors. Where Prometheus or
//! Alertmanager has a format its own field names are used and its deeper parts stay open JSON,
//! which the program's own checker judges; our own fields are snake_case.

mod accounts;
mod notification;
mod organisation;
mod routing;
mod rules;
mod scraping;
mod settings;
mod sign_in;

pub use accounts::{Grant, Role, RoleName, RoleRef, Token, User};
pub use notification::{Channel, MailTls, Receiver, Secret};
pub use organisation::{Contact, Department, Project, Team};
pub use routing::{Inhibition, Policy, PolicyLine, Route, Silence, SilenceMatcher, TimeInterval};
pub use rules::{Rule, RuleGroup, RuleTest};
pub use scraping::{ScrapeJob, Target};
pub use settings::{
    AlertmanagerSettings, AuditSettings, BundleSettings, OutgoingSettings, PrometheusSettings,
    SafetySettings, Settings,
};
pub use sign_in::{GroupGrant, LdapSettings, OidcSettings, SignInSettings};

const fn yes() -> bool {
    true
}
