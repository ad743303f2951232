//! Browsers that an account has signed in with before. They have counters of failed sign-ins of
//! their own, so that whoever tries wrong passwords elsewhere does not lock the account's owner out.
//!
//! What says so is a cookie, sealed under the cluster's key: nothing is stored, every node can read
//! it, and nobody but the cluster can make one. It is worth nothing by itself, and nothing at all
//! for another account or after the password changed. An account has [`SLOTS`] such counters,
//! however many browsers: its tries stay bounded, also for who got hold of every cookie.

use super::cookie;
use crate::{
    model::{Revision, UnixMs},
    store::command::Space,
    web::{
        deps::{Deps, now},
        error::Problem,
        random,
    },
};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

/// For how long a browser is known, in milliseconds.
pub(crate) const LIFETIME_MS: u64 = 180 * 24 * 3_600_000;
/// Name of the cookie.
pub(crate) const COOKIE: &str = "wk_device";
/// Name of the cookie where browsers take the strict form.
pub(crate) const STRICT_COOKIE: &str = "__Host-wk-device";
/// Counters of an account.
const SLOTS: u8 = 8;
const PURPOSE: &str = "device";

#[derive(Serialize, Deserialize)]
struct Kept {
    v: u8,
    /// As it was counted.
    user: String,
    /// Of the account; `None` = a directory vouched.
    credential: Option<Revision>,
    slot: u8,
    until: UnixMs,
}

/// A browser that is known for the account that signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// Which of the account's counters.
    pub(super) slot: u8,
}

fn credential(deps: &Deps, user: &str) -> Result<Option<Revision>, Problem> {
    let row = deps.store.row(Space::Credential, user.as_bytes())?;
    Ok(row.map(|(revision, _)| revision))
}

/// What the browser keeps after `user` has signed in, for the cookie.
///
/// # Errors
/// 500: it cannot be sealed.
pub(crate) fn keep(deps: &Deps, user: &str) -> Result<String, Problem> {
    let [byte] = random::bytes::<1>();
    let kept = Kept {
        v: 1,
        user: user.to_owned(),
        credential: credential(deps, user)?,
        slot: byte % SLOTS,
        until: UnixMs(now().0 + LIFETIME_MS),
    };
    let plain = serde_json::to_vec(&kept).map_err(|error| Problem::internal(error.to_string()))?;
    let sealed = deps.key()?.seal(PURPOSE, &plain);
    sealed.map_err(|error| Problem::internal(error.to_string()))
}

/// Whether `user` has signed in with this browser before; whatever is wrong with the cookie, it is
/// as if there were none.
///
/// # Errors
/// The storage failed.
pub(crate) fn known(
    deps: &Deps,
    headers: &HeaderMap,
    user: &str,
) -> Result<Option<Known>, Problem> {
    let key = deps.key()?;
    let sealed = cookie(headers, STRICT_COOKIE).or_else(|| cookie(headers, COOKIE));
    let plain = sealed.and_then(|sealed| key.unseal(PURPOSE, sealed).ok());
    let kept = plain.and_then(|plain| serde_json::from_slice::<Kept>(plain.expose()).ok());
    let Some(kept) = kept.filter(|kept| kept.user == user && now() < kept.until) else {
        return Ok(None);
    };
    let same = kept.credential == credential(deps, user)?;
    Ok(same.then_some(Known { slot: kept.slot % SLOTS }))
}
