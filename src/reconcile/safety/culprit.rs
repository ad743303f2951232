//! Which revision is to blame for a refused configuration? Pure.
//!
//! Suspects are the revisions that changed what the refusing component is given, after its last
//! good index and up to the index with which the refusals began. Evidence convicts first: an
//! object that the words can be traced to, or a text that came with the revision and is quoted in
//! them. When the words lead to an object that no suspect changed, nobody did it. Without any
//! evidence it is the newest suspect, but only while all of them are fresh: a node
//! that comes back after an hour and refuses must not cost somebody an innocent change.

use super::past::Change;
use crate::{
    model::{Revision, UnixMs, resource::Key},
    render::Component,
    store::HistoryEntry,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// Changes older than this are never undone: people have gone on since.
pub const FRESH_MS: u64 = 5 * 60 * 1000;
/// Shorter texts are found in the words by chance.
const TELLING: usize = 5;
/// Our own name in the history.
pub const OURSELVES: &str = "watchkeep";

/// What one revision has to do with a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// Which.
    pub revision: Revision,
    /// When it was written.
    pub at: UnixMs,
    /// Who wrote it.
    pub actor: String,
    /// The words of the refusal point at it.
    pub evidence: bool,
}

impl Suspect {
    /// The suspect for `change`: `implicated` are the objects that the words can be traced to.
    #[must_use]
    pub fn of(change: &Change, words: &str, implicated: &[Key]) -> Self {
        let points_at = |entry: &HistoryEntry| {
            implicated.contains(&entry.key)
                || came_with(entry).iter().any(|text| words.contains(text.as_str()))
        };
        Self {
            revision: change.revision,
            at: change.at,
            actor: change.actor.clone(),
            evidence: change.entries.iter().any(points_at),
        }
    }
}

/// The one to undo among `suspects` (newest first), if it is clear enough. `traced`: the words
/// lead to an object; when no suspect changed it, it turned bad by itself.
#[must_use]
pub fn culprit(suspects: &[Suspect], traced: bool, now: UnixMs) -> Option<Revision> {
    let fresh = |suspect: &&Suspect| now.since(suspect.at) <= FRESH_MS;
    // What we did ourselves is never undone by us: that would go back and forth.
    let others: Vec<&Suspect> = suspects.iter().filter(|it| it.actor != OURSELVES).collect();
    if let Some(convicted) = others.iter().find(|suspect| suspect.evidence) {
        return Some(*convicted).filter(fresh).map(|it| it.revision);
    }
    let unclear = traced || !others.iter().all(fresh);
    others.first().filter(|_| !unclear).map(|it| it.revision)
}

/// Whether a component is given the same.
#[must_use]
pub fn same(before: Option<&Component>, after: Option<&Component>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => {
            before.files == after.files && before.process == after.process
        }
        (before, after) => before.is_none() && after.is_none(),
    }
}

/// Texts in an object that were not in it before.
fn came_with(entry: &HistoryEntry) -> BTreeSet<String> {
    let texts = |side: &Option<std::sync::Arc<crate::model::Resource>>| {
        let mut found = BTreeSet::new();
        if let Some(resource) = side {
            collect(&resource.spec, &mut found);
        }
        found
    };
    let (before, after) = (texts(&entry.before), texts(&entry.after));
    after.difference(&before).cloned().collect()
}

fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.len() >= TELLING => {
            into.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{super::past, *};
    use crate::model::Kind;
    use crate::render::tests::fixture;
    use serde_json::json;

    const NOW: UnixMs = UnixMs(1_000_000_000);

    /// `(minutes ago, actor, evidence)`, newest first, with the revisions 30, 20, 10.
    fn undone(suspects: &[(u64, &str, bool)]) -> Option<u64> {
        let suspects: Vec<Suspect> = suspects
            .iter()
            .zip([30, 20, 10])
            .map(|(&(minutes, actor, evidence), revision)| Suspect {
                revision: Revision(revision),
                at: UnixMs(NOW.0 - minutes * 60_000),
                actor: actor.into(),
                evidence,
            })
            .collect();
        culprit(&suspects, false, NOW).map(|revision| revision.0)
    }

    #[test]
    fn evidence_convicts_and_without_it_the_newest_of_fresh_suspects() {
        for (suspects, wanted) in [
            (&[(0, "ann", false)][..], Some(30)),
            (&[(0, "ann", false), (1, "bob", false)], Some(30)),
            (&[(0, "ann", false), (1, "bob", true)], Some(20)),
            (&[(0, "ann", true), (1, "bob", true)], Some(30)),
            (&[(0, "ann", true), (90, "bob", false)], Some(30)),
            // Somebody else may have done it long ago.
            (&[(0, "ann", false), (90, "bob", false)], None),
            (&[(0, "ann", false), (90, "bob", true)], None),
            (&[(90, "ann", true)], None),
            (&[(0, "watchkeep", true)], None),
            (&[(0, "watchkeep", false), (1, "bob", false)], Some(20)),
            (&[], None),
        ] {
            assert_eq!(undone(suspects), wanted, "{suspects:?}");
        }
    }

    #[test]
    fn nobody_is_to_blame_for_an_object_that_turned_bad_by_itself() {
        let innocent =
            Suspect { revision: Revision(30), at: NOW, actor: "ann".into(), evidence: false };
        assert_eq!(culprit(std::slice::from_ref(&innocent), true, NOW), None);
        let guilty = Suspect { evidence: true, ..innocent };
        assert_eq!(culprit(&[guilty], true, NOW), Some(Revision(30)));
    }

    #[test]
    fn a_text_that_came_with_the_change_is_evidence_and_one_that_was_there_is_not() {
        let mut state = fixture::cluster(1);
        let old = json!({"metrics_path": "/internal/metrics"});
        past::tests::write(&mut state, "ann", 1, (Kind::ScrapeJob, "web", old));
        let new = json!({
            "metrics_path": "/internal/metrics", "tls_config": {"ca_file": "/etc/shop-ca.pem"}
        });
        let entry = past::tests::write(&mut state, "ann", 2, (Kind::ScrapeJob, "web", new));
        let change = past::changes(&state, vec![entry]).remove(0);
        let evidence = |words: &str, keys: &[Key]| Suspect::of(&change, words, keys).evidence;
        assert!(evidence("unable to load specified CA cert /etc/shop-ca.pem: no such file", &[]));
        assert!(!evidence("cannot scrape /internal/metrics", &[]));
        let key = Key { kind: Kind::ScrapeJob, name: "web".parse().unwrap() };
        assert!(evidence("line 17: field x not found", &[key]));
    }
}
