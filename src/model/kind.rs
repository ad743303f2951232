//! The kinds of declared resources.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! kinds {
    ($($variant:ident $singular:literal $plural:literal $doc:literal),* $(,)?) => {
        /// What a resource is. Kebab-case singular in documents, plural in paths.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind { $(#[doc = $doc] $variant),* }

        impl Kind {
            /// Every kind, in the order in which a batch is applied and shown.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// `rule-group`
            #[must_use]
            pub const fn singular(self) -> &'static str {
                match self { $(Self::$variant => $singular),* }
            }

            /// `rule-groups`, as in `/api/v1/rule-groups`
            #[must_use]
            pub const fn plural(self) -> &'static str {
                match self { $(Self::$variant => $plural),* }
            }

            /// One sentence on what it is for.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $doc),* }
            }
        }
    };
}

kinds! {
    Department "department" "departments" "A department: the coarsest dimension.",
    Contact "contact" "contacts" "A person, with the addresses under which they are reached.",
    Team "team" "teams" "People who look after projects together.",
    Project "project" "projects" "A project with its owner and the dimension labels its series carry.",
    ScrapeJob "scrape-job" "scrape-jobs" "How a group of targets is scraped (Prometheus' scrape_config).",
    Target "target" "targets" "Addresses to scrape for a job and a project (one file_sd entry).",
    RuleGroup "rule-group" "rule-groups" "Alerting and recording rules of a project (Prometheus' rule group).",
    RuleTest "rule-test" "rule-tests" "What rules must do on given series (promtool's test file).",
    Secret "secret" "secrets" "A password or key for a channel; its value is set apart and never shown.",
    Channel "channel" "channels" "One way to reach somebody.",
    Receiver "receiver" "receivers" "Who is told, over which channels.",
    Route "route" "routes" "Which alerts go to which receiver.",
    TimeInterval "time-interval" "time-intervals" "Times of the week or year (Alertmanager's time interval).",
    Policy "policy" "policies" "Who is told of the alerts of projects or departments, by severity and time.",
    Inhibition "inhibition" "inhibitions" "Alerts that hold back others (Alertmanager's inhibition rule).",
    Silence "silence" "silences" "Alerts held back for a time (Alertmanager's silence).",
    Settings "settings" "settings" "The one object `default` with the settings of the cluster.",
    Role "role" "roles" "A role beside the built-in ones: what a built-in one may do, and changing some kinds more.",
    User "user" "users" "A local account.",
    Token "token" "tokens" "An API token; its secret is shown once.",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.singular())
    }
}

/// A kind nobody knows; lists those that exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind `{text}`; known kinds: {}", known())]
pub struct UnknownKind {
    /// What was asked for.
    pub text: String,
}

fn known() -> String {
    Kind::ALL.iter().map(|kind| kind.singular()).collect::<Vec<_>>().join(", ")
}

impl FromStr for Kind {
    type Err = UnknownKind;
    /// Takes the singular and the plural.
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.singular() == text || kind.plural() == text)
            .ok_or_else(|| UnknownKind { text: text.chars().take(80).collect() })
    }
}

impl Kind {
    /// Lowest feature level at which every member knows it: an older binary has to stop at an
    /// entry with a kind that it cannot read.
    #[must_use]
    pub const fn since_level(self) -> u32 {
        match self {
            Self::Role => 2,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_is_what_serde_writes_and_both_forms_parse() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.singular());
            assert_eq!(kind.singular().parse::<Kind>().unwrap(), *kind);
            assert_eq!(kind.plural().parse::<Kind>().unwrap(), *kind);
        }
    }
}
