//! Faults that are kept in the store: they stay until the object they are about is changed again
//! or somebody dismisses them, also over restarts and changes of leader.
//!
//! Written together with what they tell of, so that the index of a row is the index of that
//! write: an object with a newer revision has been changed since.

use crate::model::{UnixMs, cluster::DeclaredState, resource::Key};
use crate::store::{
    Store, StoreError,
    command::{Change, Space},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A change that undid itself.
pub const UNDONE: &str = "WK-3018";
/// Rows read at once; far more than anybody looks at.
const MOST: usize = 1000;

/// One kept fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFault {
    /// Stable code.
    pub code: String,
    /// The object it is about: `scrape-job/web`.
    pub object: String,
    /// What happened and what to do.
    pub message: String,
    /// Since when.
    pub since: UnixMs,
    /// The object was not there any more once this was written.
    pub gone: bool,
}

impl KeptFault {
    /// The change that writes it.
    ///
    /// # Errors
    /// Never for what can be declared; for JSON's sake.
    pub fn put(&self) -> Result<Change, serde_json::Error> {
        let value = serde_json::to_vec(self)?;
        Ok(Change::PutRow(Space::Fault, row_key(&self.code, &self.object), value.into()))
    }
}

/// The change that removes a fault.
#[must_use]
pub fn remove(code: &str, object: &str) -> Change {
    Change::DeleteRow(Space::Fault, row_key(code, object))
}

/// All kept faults by what became of them: those that stand, and those whose object was changed
/// since and that can be removed. Reads up to a thousand rows.
///
/// # Errors
/// [`StoreError::Storage`].
pub fn all(store: &Store) -> Result<(Vec<KeptFault>, Vec<KeptFault>), StoreError> {
    let rows = store.rows(Space::Fault, b"", MOST)?;
    // Read after the rows: a fault never looks settled by what was there before it.
    let state = store.state();
    let faults = rows.into_iter().filter_map(|(_, revision, row)| {
        let fault: KeptFault = serde_json::from_slice(&row).ok()?;
        Some((stands(&fault, revision.0, &state), fault))
    });
    let (standing, settled): (Vec<_>, Vec<_>) = faults.partition(|(stands, _)| *stands);
    let plain = |faults: Vec<(bool, KeptFault)>| faults.into_iter().map(|it| it.1).collect();
    Ok((plain(standing), plain(settled)))
}

fn stands(fault: &KeptFault, written: u64, state: &DeclaredState) -> bool {
    match key_of(&fault.object).and_then(|key| {
        let resource = state.get(key.kind, key.name.as_str())?;
        Some(resource.revision.0)
    }) {
        Some(revision) => revision <= written && !fault.gone,
        None => fault.gone,
    }
}

fn key_of(object: &str) -> Option<Key> {
    let (kind, name) = object.split_once('/')?;
    Some(Key { kind: kind.parse().ok()?, name: name.parse().ok()? })
}

fn row_key(code: &str, object: &str) -> Bytes {
    format!("{code}/{object}").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::render::tests::fixture;

    #[test]
    fn a_fault_stands_until_its_object_is_changed_or_is_there_again() {
        let mut state = fixture::cluster(1);
        fixture::put(&mut state, Kind::ScrapeJob, "web", serde_json::json!({}));
        let written = state.index;
        let fault = |object: &str, gone| KeptFault {
            code: UNDONE.into(),
            object: object.into(),
            message: String::new(),
            since: UnixMs(1),
            gone,
        };
        let kept = fault("scrape-job/web", false);
        let gone = fault("scrape-job/new", true);
        assert!(stands(&kept, written, &state) && stands(&gone, written, &state));
        fixture::put(&mut state, Kind::ScrapeJob, "web", serde_json::json!({"a": 1}));
        fixture::put(&mut state, Kind::ScrapeJob, "new", serde_json::json!({}));
        assert!(!stands(&kept, written, &state) && !stands(&gone, written, &state));
        let deleted = fault("scrape-job/old", false);
        assert!(!stands(&deleted, written, &state));
    }
}
