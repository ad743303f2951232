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
        audit::Origin,
        deps::{Deps, now},
        error::Problem,
        random,
    },
};
use bytes::Bytes;
use data_encoding::HEXLOWER;
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
/// Rows read at once.
const STRIDE: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    user: String,
    created: UnixMs,
    last: UnixMs,
    expires: UnixMs,
    /// When the credential it was opened with last changed.
    credential: Revision,
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

/// A session as people see it; the cookie cannot be told from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Names it in requests: 20 hexadecimal digits.
    pub(crate) handle: String,
    pub(crate) user: String,
    pub(crate) created: UnixMs,
    /// Last use, at most half an hour old.
    pub(crate) last: UnixMs,
    pub(crate) expires: UnixMs,
    pub(crate) from: Option<String>,
    pub(crate) last_from: Option<String>,
    pub(crate) agent: Option<String>,
    /// The change that ends it.
    key: Bytes,
}

impl Shown {
    /// The change that ends it.
    pub(crate) fn end(&self) -> Change {
        Change::DeleteRow(Space::Session, self.key.clone())
    }
}

impl Row {
    fn shown(self, key: Bytes) -> Shown {
        Shown {
            handle: HEXLOWER.encode(&key[..HANDLE.min(key.len())]),
            user: self.user,
            created: self.created,
            last: self.last,
            expires: self.expires,
            last_from: self.last_from.or_else(|| self.from.clone()),
            from: self.from,
            agent: self.agent,
            key,
        }
    }

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

/// Bytes of a row's key that name the session to people: guessing others from them is as hard as
/// guessing a cookie.
const HANDLE: usize = 10;

/// What names the session of a cookie to people.
pub(crate) fn handle(id: &str) -> String {
    HEXLOWER.encode(&key(id)[..HANDLE])
}

/// Sessions that count now, newest first; of one account or of all.
pub(crate) fn all(deps: &Deps, user: Option<&str>) -> Result<Vec<Shown>, Problem> {
    let (at, mut shown, mut start) = (now(), Vec::new(), Vec::new());
    loop {
        let rows = deps.store.rows(Space::Session, &start, STRIDE)?;
        let Some((last, ..)) = rows.last() else { break };
        start = [last, [0].as_slice()].concat();
        for (key, _, bytes) in rows {
            if has_ended(deps, &bytes, at)? {
                continue;
            }
            let Ok(row) = serde_json::from_slice::<Row>(&bytes) else { continue };
            if user.is_none_or(|user| user == row.user) {
                shown.push(row.shown(key));
            }
        }
    }
    shown.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.handle.cmp(&b.handle)));
    Ok(shown)
}

fn key(id: &str) -> Bytes {
    Bytes::copy_from_slice(&Sha256::digest(id.as_bytes()))
}

/// A new session: its id for the cookie, and the change that stores it.
pub(crate) fn open(user: &str, credential: Revision, origin: &Origin) -> (String, Change) {
    open_as(user, credential, None, origin)
}

/// As [`open`], for somebody from outside.
pub(crate) fn open_outside(person: Arc<Person>, origin: &Origin) -> (String, Change) {
    open_as(&person.actor(), Revision(0), Some(person), origin)
}

fn open_as(
    user: &str,
    credential: Revision,
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
        credential,
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
pub(crate) fn find(
    deps: &Deps,
    id: &str,
    from: Option<IpAddr>,
) -> Result<Option<Identity>, Problem> {
    let Some((_, bytes)) = deps.store.row(Space::Session, &key(id))? else { return Ok(None) };
    let Ok(row) = serde_json::from_slice::<Row>(&bytes) else { return Ok(None) };
    let at = now();
    if row.is_over(at) || row.is_replaced(deps)? {
        return Ok(None);
    }
    let Some(access) = row.access(&deps.whole()) else { return Ok(None) };
    let from = from.map(|address| address.to_canonical().to_string());
    let moved = from.is_some() && from != row.last_from.clone().or_else(|| row.from.clone());
    if at.since(row.last) > if moved { MOVED_MS } else { TOUCH_MS } {
        let last_from = from.or_else(|| row.last_from.clone());
        touch(deps.clone(), id.to_owned(), Row { last: at, last_from, ..row.clone() });
    }
    Ok(Some(Identity::new(row.user, access, Via::Session).vouched(row.outside)))
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
