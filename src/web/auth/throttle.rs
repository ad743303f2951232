//! Failed sign-ins, counted in the store so that tries through another node count too.
//!
//! A try is counted *before* the password is looked at and given back when it was right: many
//! tries at the same moment cannot slip through. Ten a minute for each account, for browsers it is
//! known to use ([`super::device`]) and for each source address (an IPv6 /64 counts as one); codes of a second factor have a longer window of their
//! own, since there are only a million of them.

use super::device::Known;
use crate::{
    model::{Revision, UnixMs},
    store::{
        WriteError,
        command::{Change, Precondition, Space},
    },
    web::{
        deps::{Deps, now},
        error::Problem,
    },
};
use axum::http::StatusCode;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;

/// Failed tries allowed within [`WINDOW_MS`].
pub const LIMIT: u32 = 10;
/// Length of the window, from its first try.
pub const WINDOW_MS: u64 = 60_000;
/// The same for codes of a second factor.
pub const CODE_WINDOW_MS: u64 = 3_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Count {
    n: u32,
    from: UnixMs,
}

/// A code that has been counted.
#[derive(Debug)]
pub(crate) struct CountedCode(Bytes);

impl CountedCode {
    /// The change that lets the account begin anew after the right code.
    pub(crate) fn give_back(&self) -> Change {
        Change::DeleteRow(Space::Login, self.0.clone())
    }
}

/// A try that has been counted.
#[derive(Debug)]
pub(crate) struct Counted {
    account: Bytes,
    source: Bytes,
    /// Begin of the source's window that it was counted in.
    window: UnixMs,
}

impl Counted {
    /// The change that lets the account, or its browser, begin anew after the right password.
    pub(crate) fn forgive(&self) -> Change {
        Change::DeleteRow(Space::Login, self.account.clone())
    }

    /// Gives the source its one try back after the right password: not more, else one good account
    /// would free a guesser. What others counted meanwhile stays. Best effort: one that is lost
    /// is a try less.
    pub(crate) async fn give_back(&self, deps: &Deps) {
        for _ in 0..8 {
            let Ok(Some((before, row))) = deps.store.row(Space::Login, &self.source) else {
                return;
            };
            let count = serde_json::from_slice::<Count>(&row).ok();
            let Some(count) = count.filter(|count| count.from == self.window) else { return };
            let count = Count { n: count.n.saturating_sub(1), ..count };
            let unchanged = Precondition::Row(Space::Login, self.source.clone(), Some(before));
            let change = put(&self.source, count);
            match deps.write("system", "try given back", vec![unchanged], vec![change]).await {
                Err(WriteError::Precondition(_)) => {}
                Ok(_) => return,
                Err(error) => return tracing::debug!(%error, "a try was not given back"),
            }
        }
    }
}

fn put(key: &Bytes, count: Count) -> Change {
    let value = serde_json::to_vec(&count).unwrap_or_default();
    Change::PutRow(Space::Login, key.clone(), value.into())
}

/// Keys are hashes: names somebody tried do not end up in the store, and have one length.
fn key(space: char, text: &str) -> Bytes {
    let digest = Sha256::digest(text.as_bytes());
    Bytes::from(format!("{space}/{}", data_encoding::HEXLOWER.encode(&digest[..16])))
}

fn source_text(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Counts a try. One from a browser that the account is known to use counts for that browser, not
/// for the account: others cannot use its tries up.
///
/// # Errors
/// 429 with `Retry-After` beyond the limit, 503 without quorum.
pub(crate) async fn count(
    deps: &Deps,
    user: &str,
    from: IpAddr,
    known: Option<Known>,
) -> Result<Counted, Problem> {
    let source = key('s', &source_text(from));
    let account = match known {
        None => key('u', user),
        Some(known) => key('d', &format!("{user}/{}", known.slot)),
    };
    for _ in 0..8 {
        let at = now();
        let (account_before, account_count) = next(deps, &account, at)?;
        let (source_before, source_count) = next(deps, &source, at)?;
        let preconditions = vec![
            Precondition::Row(Space::Login, account.clone(), account_before),
            Precondition::Row(Space::Login, source.clone(), source_before),
        ];
        let changes = vec![put(&account, account_count), put(&source, source_count)];
        match deps.write("system", "sign-in tried", preconditions, changes).await {
            Ok(_) => return Ok(Counted { account, source, window: source_count.from }),
            // Somebody else tried at the same moment: count on top of theirs.
            Err(WriteError::Precondition(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(too_many(1))
}

/// Counts a code of a second factor, before it is looked at.
///
/// # Errors
/// As [`count`].
pub(crate) async fn count_code(deps: &Deps, user: &str) -> Result<CountedCode, Problem> {
    let code = key(CODE, user);
    for _ in 0..8 {
        let (before, count) = next(deps, &code, now())?;
        let unchanged = Precondition::Row(Space::Login, code.clone(), before);
        match deps.write("system", "code tried", vec![unchanged], vec![put(&code, count)]).await {
            Ok(_) => return Ok(CountedCode(code)),
            Err(WriteError::Precondition(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(too_many(1))
}

/// Marks the counters of codes.
const CODE: char = 'c';

fn window_ms(key: &Bytes) -> u64 {
    if key.first() == Some(&(CODE as u8)) { CODE_WINDOW_MS } else { WINDOW_MS }
}

fn next(deps: &Deps, key: &Bytes, at: UnixMs) -> Result<(Option<Revision>, Count), Problem> {
    let window_ms = window_ms(key);
    let row = deps.store.row(Space::Login, key)?;
    let before = row.as_ref().map(|(revision, _)| *revision);
    let count = row.and_then(|(_, bytes)| serde_json::from_slice::<Count>(&bytes).ok());
    match count.filter(|count| at.since(count.from) < window_ms && count.from <= at) {
        None => Ok((before, Count { n: 1, from: at })),
        Some(count) if count.n >= LIMIT => {
            Err(too_many((window_ms - at.since(count.from)).div_ceil(1000)))
        }
        Some(count) => Ok((before, Count { n: count.n + 1, ..count })),
    }
}

fn too_many(seconds: u64) -> Problem {
    let detail = format!("too many failed sign-ins; try again in {seconds} s");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "WK-2024", detail).retry(seconds)
}

/// Whether a counter's row can go.
pub(super) fn has_passed(key: &Bytes, row: &Bytes, at: UnixMs) -> bool {
    let count = serde_json::from_slice::<Count>(row);
    count.map_or(true, |count| at.since(count.from) >= window_ms(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::tests::site::site;

    #[tokio::test]
    async fn what_one_good_account_gives_back_is_its_own_try_and_not_those_of_others() {
        let site = site().await;
        let deps = site.front.deps().unwrap();
        let from = "10.0.0.9".parse().unwrap();
        let own = count(deps, "ann", from, None).await.unwrap();
        for name in ["bob", "carl", "dora", "emil"] {
            count(deps, name, from, None).await.unwrap();
        }
        let n = |key: Bytes| {
            let row = deps.store.row(Space::Login, &key).unwrap();
            row.map(|(_, row)| serde_json::from_slice::<Count>(&row).unwrap().n)
        };
        own.give_back(deps).await;
        assert_eq!(n(own.source.clone()), Some(4));
        deps.write("ann", "signed in", Vec::new(), vec![own.forgive()]).await.unwrap();
        assert_eq!((n(own.account.clone()), n(key('u', "bob"))), (None, Some(1)));
        // Of a window that has passed nothing is given back.
        let later = Counted { window: UnixMs(own.window.0 + 1), ..own };
        later.give_back(deps).await;
        assert_eq!(n(later.source), Some(4));
    }

    #[test]
    fn an_ipv6_network_counts_as_one_source() {
        let text = |address: &str| source_text(address.parse().unwrap());
        assert_eq!(text("2001:db8::1"), text("2001:db8::ffff:1"));
        assert_ne!(text("2001:db8::1"), text("2001:db8:0:1::1"));
        assert_eq!(text("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
