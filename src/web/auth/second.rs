//! The second factor of an account: a row beside its password, the shared secret sealed under the
//! data key, with the last step that was used. Every use is a write guarded by the row's revision,
//! so that one code opens one session, whichever nodes it is sent to.

use super::totp::Shared;
use crate::{
    model::{Kind, Revision, UnixMs, cluster::DeclaredState},
    store::command::{Change, Precondition, Space},
    web::{
        deps::{Deps, now},
        error::Problem,
    },
};
use axum::http::StatusCode;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// An account's second factor.
pub(crate) struct Second {
    key: Bytes,
    revision: Revision,
    row: Row,
    shared: Shared,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Row {
    v: u8,
    /// When the account was made that this belongs to.
    made: UnixMs,
    since: UnixMs,
    sealed: String,
    /// The last step that a code was used of.
    last: u64,
}

fn key(user: &str) -> Bytes {
    // No name has a slash.
    Bytes::from(format!("totp/{user}"))
}

fn purpose(user: &str, made: UnixMs) -> String {
    format!("totp/{user}/{}", made.0)
}

/// Says that a code is still to be given, or was wrong.
pub(crate) const CODE_NEEDED: &str = "WK-2026";

/// 401 that asks for a code.
pub(crate) fn needed(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, CODE_NEEDED, detail)
}

impl Second {
    /// That of an account; `None` = it has none. What cannot be read is no "none".
    ///
    /// # Errors
    /// 500: a row that does not open.
    pub(crate) fn of(
        deps: &Deps,
        state: &DeclaredState,
        user: &str,
    ) -> Result<Option<Self>, Problem> {
        let Some((revision, bytes)) = deps.store.row(Space::Credential, &key(user))? else {
            return Ok(None);
        };
        let damaged =
            |error: String| Problem::internal(format!("second factor of {user}: {error}"));
        let row: Row =
            serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        // Of an account of this name that was there before.
        if state.get(Kind::User, user).map(|user| user.created) != Some(row.made) {
            return Ok(None);
        }
        let plain = deps.key()?.unseal(&purpose(user, row.made), &row.sealed);
        let shared = Shared::from_bytes(plain.map_err(|error| damaged(error.to_string()))?);
        Ok(Some(Self { key: key(user), revision, row, shared }))
    }

    /// Since when it is asked for.
    pub(crate) fn since(&self) -> UnixMs {
        self.row.since
    }

    /// The write that uses `code` up; `None` for a code that is wrong, or was used.
    pub(crate) fn take(&self, code: &str) -> Option<(Precondition, Change)> {
        let last = self.shared.step_of(code, now(), Some(self.row.last))?;
        let row = serde_json::to_vec(&Row { last, ..self.row.clone() }).ok()?;
        let change = Change::PutRow(Space::Credential, self.key.clone(), row.into());
        Some((self.unchanged(), change))
    }

    /// The change that leaves an account without one, whatever is there.
    pub(crate) fn removal(user: &str) -> Change {
        Change::DeleteRow(Space::Credential, key(user))
    }

    /// The write that takes it away.
    pub(crate) fn remove(&self) -> (Precondition, Change) {
        (self.unchanged(), Change::DeleteRow(Space::Credential, self.key.clone()))
    }

    fn unchanged(&self) -> Precondition {
        Precondition::Row(Space::Credential, self.key.clone(), Some(self.revision))
    }

    /// The write that gives one to the account made at `made`, which just showed the code of
    /// step `last`. It takes the place of one that belonged to an account before.
    ///
    /// # Errors
    /// 500: it cannot be sealed or read.
    pub(crate) fn add(
        deps: &Deps,
        user: &str,
        made: UnixMs,
        shared: &Shared,
        last: u64,
    ) -> Result<(Precondition, Change), Problem> {
        let before = deps.store.row(Space::Credential, &key(user))?.map(|(revision, _)| revision);
        let sealed = deps.key()?.seal(&purpose(user, made), shared.bytes());
        let sealed = sealed.map_err(|error| Problem::internal(error.to_string()))?;
        let row = Row { v: 1, made, since: now(), sealed, last };
        let row = serde_json::to_vec(&row).map_err(|error| Problem::internal(error.to_string()))?;
        let unchanged = Precondition::Row(Space::Credential, key(user), before);
        Ok((unchanged, Change::PutRow(Space::Credential, key(user), row.into())))
    }
}
