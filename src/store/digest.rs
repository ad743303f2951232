//! A rolling hash over everything that applying the log wrote, so that nodes whose states have
//! come apart notice: the same log must leave the same hash at the same index on every node.
//!
//! Kept in the state file in the same transaction as what it is about, and in snapshots. A state
//! of an older binary has none: it begins at the next multiple of [`BEGIN_EVERY`], and hashes
//! compare only when they began at the same index.

use super::{
    codec::{Blob, CodecError, decode, encode},
    types::LogId,
};
use crate::model::observed::StateHash;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::VecDeque;

/// A state without a hash begins one at such an index.
const BEGIN_EVERY: u64 = 1024;
/// Nodes are rarely at the same index at once, so each remembers what it had at these.
const REMEMBER_EVERY: u64 = 256;
const REMEMBERED: usize = 8;

/// The hash as of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) index: u64,
    /// Where it began.
    since: u64,
    hash: [u8; 32],
}

/// What one entry wrote.
#[derive(Default)]
pub(super) struct Trace(Sha256);

/// How a digest lies in the state file and in a snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct DigestWire {
    index: u64,
    since: u64,
    hash: Blob,
}

impl Trace {
    /// Takes note of one row.
    pub(super) fn note(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.0.update(part.len().to_be_bytes());
            self.0.update(part);
        }
    }

    fn take(&mut self) -> [u8; 32] {
        std::mem::take(&mut self.0).finalize().into()
    }
}

impl Digest {
    /// After the entry at `index` that wrote `trace`; `before` is the state's and its index.
    pub(super) fn after(
        digest: Option<Self>,
        before: Option<LogId>,
        index: u64,
        trace: &mut Trace,
    ) -> Option<Self> {
        let wrote = trace.take();
        let (since, so_far) = match (digest, before) {
            (Some(digest), Some(before)) if digest.index == before.index => {
                (digest.since, digest.hash)
            }
            (None, None) => (index, [0; 32]),
            _ if index.is_multiple_of(BEGIN_EVERY) => (index, [0; 32]),
            _ => return None,
        };
        let hash = Sha256::new()
            .chain_update(so_far)
            .chain_update(index.to_be_bytes())
            .chain_update(wrote)
            .finalize()
            .into();
        Some(Self { index, since, hash })
    }

    /// What is kept of it; one of another index than the state's is from before a downgrade.
    pub(super) fn read(bytes: &[u8], applied: Option<LogId>) -> Result<Option<Self>, CodecError> {
        let wire: DigestWire = decode(bytes)?;
        Ok(Self::of(&wire).filter(|digest| Some(digest.index) == applied.map(|id| id.index)))
    }

    pub(super) fn of(wire: &DigestWire) -> Option<Self> {
        let hash = wire.hash.0.as_ref().try_into().ok()?;
        Some(Self { index: wire.index, since: wire.since, hash })
    }

    pub(super) fn wire(&self) -> DigestWire {
        let hash = Blob(self.hash.to_vec().into());
        DigestWire { index: self.index, since: self.since, hash }
    }

    pub(super) fn encoded(&self) -> Vec<u8> {
        encode(&self.wire())
    }

    fn shown(&self) -> StateHash {
        StateHash { index: self.index, since: self.since, hash: HEXLOWER.encode(&self.hash[..16]) }
    }
}

/// The newest digests, for comparison with other nodes.
#[derive(Debug, Default)]
pub(super) struct Digests {
    remembered: VecDeque<Digest>,
    now: Option<Digest>,
}

impl Digests {
    /// Those of a batch, in order.
    pub(super) fn push(&mut self, digests: impl IntoIterator<Item = Digest>) {
        for digest in digests {
            self.now = Some(digest);
            if digest.index.is_multiple_of(REMEMBER_EVERY) {
                self.remembered.push_back(digest);
            }
        }
        let surplus = self.remembered.len().saturating_sub(REMEMBERED);
        self.remembered.drain(..surplus);
    }

    /// Another state took the place of the one these were about.
    pub(super) fn reset(&mut self, now: Option<Digest>) {
        *self = Self { remembered: VecDeque::new(), now };
    }

    /// Oldest first; the last one is that of the state as it is.
    pub(super) fn shown(&self) -> Vec<StateHash> {
        self.remembered.iter().chain(&self.now).map(Digest::shown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::types::LeaderId;

    fn log_id(term: u64, index: u64) -> LogId {
        LogId { leader_id: LeaderId { term, node_id: 1 }, index }
    }

    fn trace(what: &[u8]) -> Trace {
        let mut trace = Trace::default();
        trace.note(&[what]);
        trace
    }

    #[test]
    fn one_difference_long_ago_is_seen_for_ever() {
        let run = |first: &[u8]| {
            let mut digest = Digest::after(None, None, 0, &mut trace(first));
            for index in 1..50 {
                let before = Some(log_id(1, index - 1));
                digest = Digest::after(digest, before, index, &mut trace(b"same"));
            }
            digest.unwrap()
        };
        assert_eq!(run(b"a"), run(b"a"));
        assert_ne!(run(b"a").hash, run(b"b").hash);
    }

    #[test]
    fn rows_that_read_alike_when_joined_differ() {
        let hash = |parts: &[&[u8]]| {
            let mut trace = Trace::default();
            trace.note(parts);
            trace.take()
        };
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }

    #[test]
    fn a_state_without_a_hash_begins_one_where_all_others_would() {
        let before = |index: u64| Some(log_id(1, index - 1));
        assert_eq!(Digest::after(None, before(7), 7, &mut trace(b"x")), None);
        let begun = Digest::after(None, before(1024), 1024, &mut trace(b"x")).unwrap();
        assert_eq!((begun.index, begun.since), (1024, 1024));
        // One that a binary without hashes has left behind is of no use either.
        assert_eq!(Digest::after(Some(begun), before(2000), 2000, &mut trace(b"x")), None);
    }

    #[test]
    fn what_is_kept_is_read_again_unless_the_state_went_on_without_it() {
        let digest = Digest::after(None, None, 3, &mut trace(b"x")).unwrap();
        let bytes = digest.encoded();
        assert_eq!(Digest::read(&bytes, Some(log_id(1, 3))).unwrap(), Some(digest));
        assert_eq!(Digest::read(&bytes, Some(log_id(1, 4))).unwrap(), None);
    }
}
