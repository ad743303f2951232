//! How often rules fired.

use crate::{
    model::UnixMs,
    observe::rules::{seen::State, track::Transition},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How often a rule fired, and how long.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// Firings that began.
    pub times: u64,
    /// Firings that ended.
    pub ended: u64,
    /// How long those lasted together.
    pub lasted_ms: u64,
}

impl Fired {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            times: self.times + other.times,
            ended: self.ended + other.ended,
            lasted_ms: self.lasted_ms + other.lasted_ms,
        }
    }

    /// What a transition adds, given when the alert entered the state it leaves.
    pub(super) const fn of(transition: &Transition, since: UnixMs) -> Self {
        match (transition.from, transition.to) {
            (_, State::Firing) => Self { times: 1, ended: 0, lasted_ms: 0 },
            (State::Firing, _) => {
                let lasted_ms = transition.at.0.saturating_sub(since.0);
                Self { times: 0, ended: 1, lasted_ms }
            }
            _ => Self { times: 0, ended: 0, lasted_ms: 0 },
        }
    }
}

/// By group and name of the rule.
pub type FiredByRule = BTreeMap<(String, String), Fired>;
