//! The route tree, made from settings, routes, policies and teams: the same for
//! `alertmanager.yml`, for showing it and for answering who would be told. Pure.
//!
//! ```text
//! default receiver ─┬─ routes and policies, by order and name
//!                   │     └─ lines of a policy, in their order
//!                   └─ one branch a project whose team has a receiver
//! ```
//!
//! What points at an object that is gone is left out: a route and the deletion of its receiver can
//! be accepted at the same moment by two nodes, and Alertmanager would refuse the whole file. So is
//! what points at an object that is another project's by now: nobody's alerts go there by accident.

mod build;
mod explain;
mod matching;
mod words;

#[cfg(test)]
mod tests;

pub use build::tree;
pub use explain::{Explanation, HeldBack, Told, explain};
pub use matching::Matching;
pub use words::{matchers_in_words, phrase};

use crate::model::{Kind, Name};

/// One branch of the tree with what is below it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Branch {
    /// What was declared so that it is there.
    pub source: Source,
    /// Who is told of what no child takes; none = nobody.
    pub receiver: Option<String>,
    /// As written to Alertmanager; all must hold.
    pub matchers: Vec<String>,
    /// The next branch is asked, too, after this one has taken an alert.
    pub continue_: bool,
    /// What is declared here; the rest comes from above.
    pub timing: Timing,
    /// Names; tells only within one of them. Not inherited.
    pub active_time_intervals: Vec<String>,
    /// Names; does not tell within any of them. Not inherited.
    pub mute_time_intervals: Vec<String>,
    /// Asked in this order, before the branch itself.
    pub children: Vec<Self>,
}

/// How alerts are grouped and repeated; none = as above.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timing {
    /// Labels that make a group.
    pub group_by: Option<Vec<String>>,
    /// Alertmanager duration.
    pub group_wait: Option<String>,
    /// Alertmanager duration.
    pub group_interval: Option<String>,
    /// Alertmanager duration.
    pub repeat_interval: Option<String>,
}

impl Timing {
    /// These, and what is not set here from `above`.
    #[must_use]
    pub fn or(&self, above: &Self) -> Self {
        let or = |own: &Option<String>, above: &Option<String>| own.clone().or(above.clone());
        Self {
            group_by: self.group_by.clone().or_else(|| above.group_by.clone()),
            group_wait: or(&self.group_wait, &above.group_wait),
            group_interval: or(&self.group_interval, &above.group_interval),
            repeat_interval: or(&self.repeat_interval, &above.repeat_interval),
        }
    }
}

/// Where a branch comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// The root: the settings' default receiver.
    #[default]
    Default,
    /// A route.
    Route {
        /// Its name.
        name: Name,
        /// For people; may be empty.
        title: String,
    },
    /// A policy.
    Policy {
        /// Its name.
        name: Name,
        /// For people; may be empty.
        title: String,
    },
    /// A line of a policy.
    Line {
        /// The policy.
        policy: Name,
        /// Place in the policy, from 0.
        number: usize,
        /// For people; may be empty.
        title: String,
    },
    /// The team that looks after a project.
    Team {
        /// Its name.
        name: Name,
        /// For people; may be empty.
        title: String,
        /// The project.
        project: Name,
    },
}

impl Source {
    /// The object that declares it.
    #[must_use]
    pub fn object(&self) -> Option<(Kind, &Name)> {
        match self {
            Self::Default => None,
            Self::Route { name, .. } => Some((Kind::Route, name)),
            Self::Policy { name, .. } | Self::Line { policy: name, .. } => {
                Some((Kind::Policy, name))
            }
            Self::Team { name, .. } => Some((Kind::Team, name)),
        }
    }
}
