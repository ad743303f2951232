//! What was declared earlier: the state with its newest changes taken back. Pure.

use crate::{
    model::{Revision, UnixMs, cluster::DeclaredState},
    store::HistoryEntry,
};

/// What one revision did.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its index.
    pub revision: Revision,
    /// When, by the proposer's clock.
    pub at: UnixMs,
    /// Who.
    pub actor: String,
    /// Its part in each object, newest first.
    pub entries: Vec<HistoryEntry>,
    /// The state just before it.
    pub before: DeclaredState,
    /// The state just after it.
    pub after: DeclaredState,
}

/// The revisions in `entries` (newest first, all there is above some index), newest first.
/// `state` is what they led to. Members and meta data are those of `state` throughout.
#[must_use]
pub fn changes(state: &DeclaredState, entries: Vec<HistoryEntry>) -> Vec<Change> {
    let mut after = state.clone();
    let mut changes: Vec<Change> = Vec::new();
    for entry in entries {
        let mut before = after.clone();
        take_back(&mut before, &entry);
        match changes.last_mut().filter(|last| last.revision == entry.revision) {
            Some(last) => {
                last.entries.push(entry);
                last.before = before.clone();
            }
            None => changes.push(Change {
                revision: entry.revision,
                at: entry.at,
                actor: entry.actor.clone(),
                entries: vec![entry],
                before: before.clone(),
                after,
            }),
        }
        after = before;
    }
    changes
}

fn take_back(state: &mut DeclaredState, entry: &HistoryEntry) {
    let of_kind = state.resources.entry(entry.key.kind).or_default();
    match &entry.before {
        Some(before) => of_kind.insert(entry.key.name.clone(), before.clone()),
        None => of_kind.remove(&entry.key.name),
    };
}

impl Change {
    /// The entries whose object is still as this revision left it; empty once it is undone or
    /// overwritten.
    #[must_use]
    pub fn in_force(&self, state: &DeclaredState) -> Vec<HistoryEntry> {
        let stands = |entry: &&HistoryEntry| {
            let now = state.get(entry.key.kind, entry.key.name.as_str());
            match &entry.after {
                Some(_) => now.is_some_and(|now| now.revision == self.revision),
                None => now.is_none(),
            }
        };
        self.entries.iter().filter(stands).cloned().collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Kind, resource::Key};
    use crate::render::tests::fixture;
    use serde_json::{Value, json};
    use std::sync::Arc;

    /// Puts (or with null deletes) an object and gives the history entry of that.
    pub(in crate::reconcile::safety) fn write(
        state: &mut DeclaredState,
        actor: &str,
        at: u64,
        (kind, name, spec): (Kind, &str, Value),
    ) -> HistoryEntry {
        let key = Key { kind, name: name.parse().unwrap() };
        let get = |state: &DeclaredState| state.get(kind, name).cloned().map(Arc::new);
        let before = get(state);
        if spec.is_null() {
            state.index += 1;
            state.resources.get_mut(&kind).unwrap().remove(&key.name);
        } else {
            fixture::put(state, kind, name, spec);
        }
        let after = get(state);
        let (revision, actor) = (Revision(state.index), actor.to_owned());
        HistoryEntry { revision, at: UnixMs(at), actor, why: String::new(), key, before, after }
    }

    #[test]
    fn the_past_is_what_was_before_each_change() {
        let mut state = fixture::cluster(1);
        let empty = state.clone();
        let mut entries = vec![
            write(&mut state, "ann", 1, (Kind::ScrapeJob, "web", json!({"a": 1}))),
            write(&mut state, "ann", 2, (Kind::ScrapeJob, "web", json!({"a": 2}))),
            write(&mut state, "ann", 3, (Kind::ScrapeJob, "web", Value::Null)),
        ];
        entries.reverse();
        let changes = changes(&state, entries);
        let spec = |state: &DeclaredState| {
            state.get(Kind::ScrapeJob, "web").map(|job| (*job.spec).clone())
        };
        let pairs: Vec<_> = changes.iter().map(|it| (spec(&it.before), spec(&it.after))).collect();
        let (one, two) = (Some(json!({"a": 1})), Some(json!({"a": 2})));
        assert_eq!(pairs, [(two.clone(), None), (one.clone(), two), (None, one)]);
        assert_eq!(spec(&changes[2].before), spec(&empty));
    }

    #[test]
    fn what_was_changed_again_is_no_longer_in_force() {
        let mut state = fixture::cluster(1);
        let mut entries = vec![
            write(&mut state, "ann", 1, (Kind::ScrapeJob, "web", json!({"a": 1}))),
            write(&mut state, "bob", 2, (Kind::ScrapeJob, "web", json!({"a": 2}))),
        ];
        entries.reverse();
        let changes = changes(&state, entries);
        assert_eq!(changes[0].in_force(&state).len(), 1);
        assert!(changes[1].in_force(&state).is_empty());
    }
}
