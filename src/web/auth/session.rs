//! Sessions: a random id in a cookie, its hash as the key of a replicated row.
//!
//! A session ends when it expires, is signed out, was idle for too long, or when the account's
//! credential changes (which also covers an account deleted and made anew). That of somebody from
//! outside ends when the settings give them nothing any more.

use super::{Identity, Via, account, outside::Person};
use crate::{
    model::{Revision, UnixMs, cluster::DeclaredState},
    scope::Access,
    store::{
        StoreError,
        command::{Change, Space},
    },
    web::{
        deps::{Deps, now},
        error::Problem,
        random,
    },
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// A session lives at most so long.
pub const LIFETIME_MS: u64 = 7 * 24 * 3_600_000;
/// Ends when unused for so long.
pub const IDLE_MS: u64 = 24 * 3_600_000;
/// `last` is written again at most so often, so that reading pages does not fill the log.
const TOUCH_MS: u64 = 30 * 60_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    user: String,
    created: UnixMs,
    last: UnixMs,
    expires: UnixMs,
    /// When the credential it was opened with last changed.
    credential: Revision,
    /// Who vouched for somebody who has no account here. A release that does not know the field
    /// finds no credential and takes the session for ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outside: Option<Arc<Person>>,
}

impl Row {
    fn is_over(&self, at: UnixMs) -> bool {
        at >= self.expires || at.since(self.last) > IDLE_MS
    }

    /// Whether the account has another credential since.
    fn is_replaced(&self, deps: &Deps) -> Result<bool, StoreError> {
        if self.outside.is_some() {
            return Ok(false);
        }
        let credential = deps.store.row(Space::Credential, self.user.as_bytes())?;
        Ok(credential.map(|(revision, _)| revision) != Some(self.credential))
    }

    /// What the holder may do now; `None` = may not even be here.
    fn access(&self, state: &DeclaredState) -> Option<Access> {
        match &self.outside {
            Some(person) => person.access(state),
            None => account(state, &self.user).map(|user| Access::of_user(state, &user)),
        }
    }
}

fn key(id: &str) -> Bytes {
    Bytes::copy_from_slice(&Sha256::digest(id.as_bytes()))
}

/// A new session: its id for the cookie, and the change that stores it.
pub(crate) fn open(user: &str, credential: Revision) -> (String, Change) {
    open_as(user, credential, None)
}

/// As [`open`], for somebody from outside.
pub(crate) fn open_outside(person: Arc<Person>) -> (String, Change) {
    open_as(&person.actor(), Revision(0), Some(person))
}

fn open_as(user: &str, credential: Revision, outside: Option<Arc<Person>>) -> (String, Change) {
    let id = random::text::<32>();
    let at = now();
    let row = Row {
        user: user.into(),
        created: at,
        last: at,
        expires: UnixMs(at.0 + LIFETIME_MS),
        credential,
        outside,
    };
    let change = put(&id, &row);
    (id, change)
}

fn put(id: &str, row: &Row) -> Change {
    Change::PutRow(Space::Session, key(id), serde_json::to_vec(row).unwrap_or_default().into())
}

/// The change that ends a session.
pub(crate) fn close(id: &str) -> Change {
    Change::DeleteRow(Space::Session, key(id))
}

/// Who holds a session; `None` when it ended.
pub(crate) fn find(deps: &Deps, id: &str) -> Result<Option<Identity>, Problem> {
    let Some((_, bytes)) = deps.store.row(Space::Session, &key(id))? else { return Ok(None) };
    let Ok(row) = serde_json::from_slice::<Row>(&bytes) else { return Ok(None) };
    let at = now();
    if row.is_over(at) || row.is_replaced(deps)? {
        return Ok(None);
    }
    let Some(access) = row.access(&deps.whole()) else { return Ok(None) };
    if at.since(row.last) > TOUCH_MS {
        touch(deps.clone(), id.to_owned(), Row { last: at, ..row.clone() });
    }
    Ok(Some(Identity { actor: row.user, access, via: Via::Session, outside: row.outside }))
}

/// Remembers the use, in the background: a page must not wait for a write.
fn touch(deps: Deps, id: String, row: Row) {
    tokio::spawn(async move {
        let written = deps.write("system", "session used", Vec::new(), vec![put(&id, &row)]).await;
        if let Err(error) = written {
            tracing::debug!(%error, "session use not recorded");
        }
    });
}

/// Whether a session's row can go: nobody can use it any more.
pub(super) fn has_ended(deps: &Deps, row: &Bytes, at: UnixMs) -> Result<bool, StoreError> {
    let Ok(row) = serde_json::from_slice::<Row>(row) else { return Ok(true) };
    Ok(row.is_over(at) || row.is_replaced(deps)?)
}
