//! One transition of the history: its place, and how it is looked for.

use crate::{
    model::{UnixMs, fingerprint::Fingerprint},
    observe::rules::{seen::State, track::Transition},
};
use bytes::Bytes;
use std::{collections::BTreeSet, sync::Arc};

/// Id of a transition; ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryId {
    pub(super) at: UnixMs,
    pub(super) sequence: u64,
}

impl EntryId {
    pub(super) fn key(self) -> Bytes {
        let mut key = (!self.at.0).to_be_bytes().to_vec();
        key.extend((!self.sequence).to_be_bytes());
        key.into()
    }

    pub(super) fn of_key(key: &[u8]) -> Option<Self> {
        let (at, sequence) = (key.get(..8)?.try_into().ok()?, key.get(8..)?.try_into().ok()?);
        Some(Self { at: UnixMs(!u64::from_be_bytes(at)), sequence: !u64::from_be_bytes(sequence) })
    }
}

impl std::fmt::Display for EntryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}-{:x}", self.at.0, self.sequence)
    }
}

impl std::str::FromStr for EntryId {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = |hex: &str| u64::from_str_radix(hex, 16).ok();
        text.split_once('-')
            .and_then(|(at, sequence)| {
                Some(Self { at: UnixMs(parse(at)?), sequence: parse(sequence)? })
            })
            .ok_or("no id of the history")
    }
}

/// One transition with its id.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place in the history.
    pub id: EntryId,
    /// What happened.
    pub transition: Transition,
}

/// What to read; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// No earlier.
    pub from: Option<UnixMs>,
    /// Earlier than this.
    pub to: Option<UnixMs>,
    /// Of this alert.
    pub fingerprint: Option<Fingerprint>,
    /// Of rules of this group.
    pub group: Option<String>,
    /// Of rules with this name.
    pub alert: Option<String>,
    /// Of this project.
    pub project: Option<String>,
    /// Of one of these projects.
    pub projects: Option<Arc<BTreeSet<String>>>,
    /// Into one of these states; empty = any.
    pub states: Vec<State>,
    /// Words that must all occur in group or labels, in lower case.
    pub words: Vec<String>,
}

impl Filter {
    pub(super) fn takes(&self, transition: &Transition) -> bool {
        let equal = |wanted: &Option<String>, value: Option<&String>| {
            wanted.is_none() || wanted.as_ref() == value
        };
        self.fingerprint.is_none_or(|wanted| wanted == transition.fingerprint)
            && equal(&self.group, Some(&transition.group))
            && equal(&self.alert, transition.labels.get("alertname"))
            && equal(&self.project, transition.labels.get("project"))
            && self.projects.as_deref().is_none_or(|projects| {
                transition.labels.get("project").is_some_and(|name| projects.contains(name))
            })
            && (self.states.is_empty() || self.states.contains(&transition.to))
            && self.has_words(transition)
    }

    fn has_words(&self, transition: &Transition) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let mut hay = transition.group.to_lowercase();
        for value in transition.labels.values() {
            hay.push('\n');
            hay.push_str(&value.to_lowercase());
        }
        self.words.iter().all(|word| hay.contains(word))
    }
}
