//! Sessions: a random id in a cookie, its hash as the key of a replicated row.
//!
//! A session ends when it expires, is signed out, was idle for too long, or when the account's
//! credential changes (which also covers an account deleted and made anew) or the account was
//! disabled, also where it was enabled again. That of somebody from outside ends when the settings
//! give them nothing any more, and after the hours that the settings say: nobody tells us who left.

mod list;

pub(crate) use list::{Shown, Whose, all, handle};

use super::{
    Holder, Identity, Via, account,
    outside::{self, Person},
};
use crate::{
    admission::disabled_row,
    model::{Revision, UnixMs, cluster::DeclaredState},
    scope::Access,
    store::{
        StoreError,
        command::{Change, Precondition, Space},
    },
    web::{
        audit::Origin,
        deps::{Deps, now},
        error::Problem,
        random,
    },
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{net::IpAddr, sync::Arc};

/// A session lives at most so long.
pub const LIFETIME_MS: u64 = 7 * 24 * 3_600_000;
/// Ends when unused for so long.
pub const IDLE_MS: u64 = 24 * 3_600_000;
/// `last` is written again at most so often, so that reading pages does not fill the log.
const TOUCH_MS: u64 = 30 * 60_000;
/// …and so often where it is used from elsewhere.
const MOVED_MS: u64 = 60_000;
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    user: String,
    created: UnixMs,
    last: UnixMs,
    expires: UnixMs,
    #[serde(flatten)]
    grounds: Grounds,
    /// Where it was opened, and what with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    /// Where it was used last, when that was elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_from: Option<String>,
    /// Who vouched for somebody who has no account here. A release that does not know the field
    /// finds no credential and takes the session for ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outside: Option<Arc<Person>>,
}

/// What the session of an account stands on: when any of it changed, it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grounds {
    /// When the credential it was opened with last changed.
    pub(crate) credential: Revision,
    /// When the account was last disabled; `None` = never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) disabled: Option<Revision>,
}

impl Grounds {
    /// Those of an account as it is; `None` = it has no credential.
    pub(crate) fn of(deps: &Deps, user: &str) -> Result<Option<Self>, StoreError> {
        let last = |row: Option<(Revision, Bytes)>| row.map(|(revision, _)| revision);
        let disabled = last(deps.store.row(Space::Credential, &disabled_row(user))?);
        let credential = last(deps.store.row(Space::Credential, user.as_bytes())?);
        Ok(credential.map(|credential| Self { credential, disabled }))
    }

    /// Of somebody from outside: none here.
    const NONE: Self = Self { credential: Revision(0), disabled: None };
}

/// How long a session of somebody from outside, or of an account, lives at most by the settings as
/// they are.
pub(crate) fn lifetime_ms(state: &DeclaredState, is_outside: bool) -> u64 {
    if is_outside { outside::session_ms(state).min(LIFETIME_MS) } else { LIFETIME_MS }
}

impl Row {
    /// When it ends at the latest.
    fn end(&self, state: &DeclaredState) -> UnixMs {
        let Some(_) = &self.outside else { return self.expires };
        self.expires.min(UnixMs(self.created.0 + lifetime_ms(state, true)))
    }

    fn is_over(&self, at: UnixMs, state: &DeclaredState) -> bool {
        at >= self.end(state) || at.since(self.last) > IDLE_MS
    }

    /// Whether the account has another credential, or was disabled, since.
    fn is_replaced(&self, deps: &Deps) -> Result<bool, StoreError> {
        if self.outside.is_some() {
            return Ok(false);
        }
        Ok(Grounds::of(deps, &self.user)? != Some(self.grounds))
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
pub(crate) fn open(user: &str, grounds: Grounds, origin: &Origin) -> (String, Change) {
    open_as(user, grounds, None, origin)
}

/// As [`open`], for somebody from outside.
pub(crate) fn open_outside(person: Arc<Person>, origin: &Origin) -> (String, Change) {
    open_as(&person.actor(), Grounds::NONE, Some(person), origin)
}

fn open_as(
    user: &str,
    grounds: Grounds,
    outside: Option<Arc<Person>>,
    origin: &Origin,
) -> (String, Change) {
    let id = random::text::<32>();
    let at = now();
    let row = Row {
        user: user.into(),
        created: at,
        last: at,
        expires: UnixMs(at.0 + LIFETIME_MS),
        grounds,
        from: origin.from.clone(),
        agent: origin.agent.clone(),
        last_from: None,
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
pub(super) fn find(deps: &Deps, id: &str) -> Result<Option<Holder>, Problem> {
    let Some((_, row)) = read(deps, id)? else { return Ok(None) };
    let state = deps.whole();
    if row.is_over(now(), &state) || row.is_replaced(deps)? {
        return Ok(None);
    }
    let Some(access) = row.access(&state) else { return Ok(None) };
    let until = row.end(&state).min(UnixMs(row.last.0 + IDLE_MS));
    let identity = Identity::new(row.user, access, Via::Session).vouched(row.outside);
    Ok(Some(Holder { identity, until: Some(until) }))
}

fn read(deps: &Deps, id: &str) -> Result<Option<(Revision, Row)>, Problem> {
    let Some((seen, bytes)) = deps.store.row(Space::Session, &key(id))? else { return Ok(None) };
    Ok(serde_json::from_slice(&bytes).ok().map(|row| (seen, row)))
}

/// Takes note that a session that counts was used; returns at once.
pub(super) fn used(deps: &Deps, id: &str, from: Option<IpAddr>) -> Result<(), Problem> {
    let Some((seen, row)) = read(deps, id)? else { return Ok(()) };
    let at = now();
    let from = from.map(|address| address.to_canonical().to_string());
    let moved = from.is_some() && from != row.last_from.clone().or_else(|| row.from.clone());
    if at.since(row.last) > if moved { MOVED_MS } else { TOUCH_MS } {
        let last_from = from.or_else(|| row.last_from.clone());
        // In the background: a page must not wait for a write.
        tokio::spawn(touch(deps.clone(), id.to_owned(), seen, Row { last: at, last_from, ..row }));
    }
    Ok(())
}

/// Remembers the use of the row as it was `seen`. One that ended meanwhile, by this very request
/// or on a node that is ahead of this one, must not come back.
async fn touch(deps: Deps, id: String, seen: Revision, row: Row) {
    let unchanged = Precondition::Row(Space::Session, key(&id), Some(seen));
    let written = deps.write("system", "session used", vec![unchanged], vec![put(&id, &row)]).await;
    if let Err(error) = written {
        tracing::debug!(%error, "session use not recorded");
    }
}

/// Whether a session's row can go: nobody can use it any more.
pub(super) fn has_ended(deps: &Deps, row: &Bytes, at: UnixMs) -> Result<bool, StoreError> {
    let Ok(row) = serde_json::from_slice::<Row>(row) else { return Ok(true) };
    Ok(row.is_over(at, &deps.whole()) || row.is_replaced(deps)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::tests::site::site;

    #[tokio::test]
    async fn a_use_that_is_recorded_after_the_end_does_not_bring_the_session_back() {
        let site = site().await;
        let deps = site.front.deps().unwrap().clone();
        let (id, open) = open("vera", Grounds::NONE, &Origin::default());
        deps.write("vera", "signed in", Vec::new(), vec![open]).await.unwrap();
        let row = || deps.store.row(Space::Session, &key(&id)).unwrap();
        let (seen, bytes) = row().unwrap();
        let used = serde_json::from_slice::<Row>(&bytes).unwrap();
        touch(deps.clone(), id.clone(), seen, used.clone()).await;
        let (seen, _) = row().filter(|(now, _)| *now > seen).expect("a use is recorded");
        deps.write("vera", "signed out", Vec::new(), vec![close(&id)]).await.unwrap();
        touch(deps.clone(), id.clone(), seen, used).await;
        assert_eq!(row(), None);
    }
}
