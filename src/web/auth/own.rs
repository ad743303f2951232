//! What an account keeps for itself: private rows that no other account can read, of the account
//! as it was made (one deleted and made anew under the same name begins with nothing). People from
//! outside keep theirs for as long as they use it.

use super::Identity;
use crate::{
    model::{Kind, UnixMs, cluster::DeclaredState},
    store::command::{Change, Space},
    web::{
        deps::{Deps, now},
        error::Problem,
    },
};
use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Rows of people from outside go when they were not written for so long.
const OUTSIDE_MS: u64 = 400 * 24 * 3_600_000;
/// No account was made then: marks rows of people from outside.
const NEVER: UnixMs = UnixMs(0);

/// An account that keeps something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    name: String,
    made: UnixMs,
}

/// One thing that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept<T> {
    /// When the account was made.
    made: UnixMs,
    /// When this was written.
    pub(crate) at: UnixMs,
    /// Until when it is kept; `None` = as long as the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<UnixMs>,
    /// What.
    pub(crate) value: T,
}

impl Owner {
    /// The account behind an identity; `None` for a token or the node's own socket.
    pub(crate) fn of(state: &DeclaredState, identity: &Identity) -> Option<Self> {
        if let Some(person) = &identity.outside {
            // No name of an account begins so.
            return Some(Self { name: format!("@{}", person.actor()), made: NEVER });
        }
        let user = state.get(Kind::User, &identity.actor)?;
        Some(Self { name: identity.actor.clone(), made: user.created })
    }

    /// As [`Owner::of`].
    ///
    /// # Errors
    /// 403 for what is no account.
    pub(crate) fn must(state: &DeclaredState, identity: &Identity) -> Result<Self, Problem> {
        Self::of(state, identity).ok_or_else(|| {
            Problem::forbidden(format!("{} is no account: it keeps nothing here", identity.actor))
        })
    }

    fn key(&self, what: &str) -> Bytes {
        // Neither names nor kinds have a slash.
        format!("{}/{what}", self.name).into()
    }

    /// What is kept under `what`; what has ended or cannot be read counts as nothing.
    ///
    /// # Errors
    /// The storage failed.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        deps: &Deps,
        what: &str,
    ) -> Result<Option<Kept<T>>, Problem> {
        let row = deps.store.row(Space::Account, &self.key(what))?;
        let kept = row.and_then(|(_, row)| serde_json::from_slice::<Kept<T>>(&row).ok());
        Ok(kept.filter(|kept| kept.made == self.made && !kept.is_over(now())))
    }

    /// The change that keeps `value` for `keep_ms` milliseconds, or as long as the account.
    pub(crate) fn put<T: Serialize>(&self, what: &str, value: T, keep_ms: Option<u64>) -> Change {
        let at = now();
        let until = keep_ms.map(|keep| UnixMs(at.0 + keep));
        let row = Kept { made: self.made, at, until, value };
        let row = serde_json::to_vec(&row).unwrap_or_default();
        Change::PutRow(Space::Account, self.key(what), row.into())
    }

    /// The change that forgets it.
    pub(crate) fn forget(&self, what: &str) -> Change {
        Change::DeleteRow(Space::Account, self.key(what))
    }
}

impl<T> Kept<T> {
    fn is_over(&self, at: UnixMs) -> bool {
        self.until.is_some_and(|until| at >= until)
    }
}

/// Whether a row can go: its account is gone, or its time has passed.
pub(super) fn has_ended(state: &DeclaredState, key: &[u8], row: &[u8], at: UnixMs) -> bool {
    let owner = key.split(|byte| *byte == b'/').next().unwrap_or_default();
    let owner = std::str::from_utf8(owner).unwrap_or_default();
    let made = state.get(Kind::User, owner).map(|user| user.created);
    let kept = serde_json::from_slice::<Kept<serde::de::IgnoredAny>>(row);
    if let Ok(kept) = kept.as_ref()
        && kept.made == NEVER
    {
        return kept.is_over(at) || at.since(kept.at) > OUTSIDE_MS;
    }
    kept.map_or(true, |kept| made != Some(kept.made) || kept.is_over(at))
}
