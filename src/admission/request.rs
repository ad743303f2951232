//! What somebody wants changed.

use super::document::Places;
use crate::model::{
    Name, Revision, UnixMs,
    resource::{Declared, Key},
};
use crate::store::command::Change;
use std::collections::BTreeSet;

/// What must be true of an object before it is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expect {
    /// Nothing.
    #[default]
    Any,
    /// It does not exist (`If-None-Match: *`).
    Absent,
    /// It last changed at this revision (`If-Match`).
    Revision(Revision),
}

/// One object to create or replace.
#[derive(Debug, Clone, PartialEq)]
pub struct Put {
    /// What it shall be.
    pub declared: Declared,
    /// Guard against lost updates.
    pub expect: Expect,
    /// Where its parts stand in the text it came from, for error messages.
    pub places: Places,
}

/// One object to remove; one that is not there is no error unless a revision is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delete {
    /// Which.
    pub key: Key,
    /// Guard against lost updates.
    pub expect: Expect,
}

/// A batch: all or nothing, or with `partial` all that is good.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    /// Objects to create or replace; each key at most once.
    pub puts: Vec<Put>,
    /// Objects to remove; none of them also in `puts`.
    pub deletes: Vec<Delete>,
    /// Private rows written together with it, when something is written at all.
    pub rows: Vec<Change>,
    /// Accounts that have no password: none of them is an admin who could set things right. Filled
    /// in by [`super::Admission`].
    pub without_password: BTreeSet<Name>,
    /// Leave out what is wrong instead of refusing everything.
    pub partial: bool,
    /// Account, `system`, or `node/ID`.
    pub actor: String,
    /// Shown in the history; may be empty.
    pub why: String,
    /// Random, or derived from the client's `Idempotency-Key`: a repeated one is answered with
    /// the first outcome.
    pub request: u128,
    /// The caller's clock.
    pub at: UnixMs,
}

impl Put {
    /// An unconditional put of an object that did not come from a text.
    #[must_use]
    pub fn new(declared: Declared) -> Self {
        Self { declared, expect: Expect::Any, places: Places::default() }
    }

    /// Kind and name.
    #[must_use]
    pub fn key(&self) -> Key {
        Key { kind: self.declared.kind, name: self.declared.name.clone() }
    }
}
