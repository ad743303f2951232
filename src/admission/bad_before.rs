//! An object that turned bad by itself must not keep everybody from changing anything else: the
//! nodes leave it out, and so does the judgement of a change that has nothing to do with it.

use super::{
    blame,
    checker::{CheckFailure, Checker},
};
use crate::model::{NodeId, cluster::DeclaredState, resource::Key};
use crate::render::{Component, NodeFacts, render};
use std::collections::BTreeSet;

/// No more objects than this are left out.
const MOST: usize = 20;

/// A change whose outcome a checker refused.
pub(super) struct Refused<'a> {
    /// As it is.
    pub(super) before: &'a DeclaredState,
    /// As it would be.
    pub(super) after: &'a DeclaredState,
    /// Whose rendering was judged.
    pub(super) node: NodeId,
    /// With these builds.
    pub(super) facts: &'a NodeFacts,
    /// The component.
    pub(super) component: &'a str,
    /// What the change is about.
    pub(super) changed: &'a BTreeSet<Key>,
}

impl Refused<'_> {
    /// The objects that were bad before and are to blame for all of `words`, with the words
    /// against each; `None` when the change is to blame for any of it.
    pub(super) async fn by_others(
        &self,
        checker: &dyn Checker,
        words: String,
    ) -> Option<Vec<(Key, String)>> {
        let mut found: Vec<(Key, String)> = Vec::new();
        let mut words = words;
        while found.len() < MOST {
            let out: Vec<&Key> = found.iter().map(|(key, _)| key).collect();
            let candidate = self.rendered(self.after, &out)?;
            let blamed = blame::blamed(&candidate, &words);
            if blamed.is_empty() || blamed.iter().any(|key| self.changed.contains(key)) {
                return None;
            }
            let current = self.rendered(self.before, &out)?;
            let Err(CheckFailure::Refused { words: old, .. }) = checker.check(&current).await
            else {
                return None;
            };
            let old = blame::blamed(&current, &old);
            let both: Vec<Key> = blamed.into_iter().filter(|key| old.contains(key)).collect();
            if both.is_empty() {
                return None;
            }
            found.extend(both.into_iter().map(|key| (key, words.clone())));
            let out: Vec<&Key> = found.iter().map(|(key, _)| key).collect();
            match checker.check(&self.rendered(self.after, &out)?).await {
                Ok(()) => return Some(found),
                Err(CheckFailure::Refused { check, words: next }) => {
                    words = format!("{check}: {next}");
                }
                Err(CheckFailure::NotRun { .. }) => return None,
            }
        }
        None
    }

    fn rendered(&self, state: &DeclaredState, out: &[&Key]) -> Option<Component> {
        let state = state.without(out.iter().copied());
        render(&state, self.node, self.facts).ok()?.components.remove(self.component)
    }
}
