//! When API tokens were last used, and from where. Remembered in the background, at most once an
//! hour, and at once where a token comes from an address it did not come from before: that is
//! recorded in the audit.

use super::{RemoteAddress, SocketPeer};
use crate::{
    model::{Kind, UnixMs, audit::Verb, resource::Key},
    store::command::{Change, Precondition, Space},
    web::{
        audit::Origin,
        deps::{Deps, now},
        error::Problem,
    },
};
use axum::http::request::Parts;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// Written again at most so often…
const EVERY_MS: u64 = 3_600_000;
/// …and so often where the address is new.
const NEW_MS: u64 = 60_000;
/// Addresses that are remembered, the newest first.
const ADDRESSES: usize = 8;

/// What is known of a token's use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Use {
    /// Last one, at most an hour old.
    pub(crate) last: UnixMs,
    /// Source addresses, newest first.
    #[serde(default)]
    pub(crate) from: Vec<String>,
}

/// Row of a token's use within [`Space::Credential`]; no name has a slash.
pub(crate) fn row_key(id: &str) -> Bytes {
    Bytes::from(format!("used/{id}"))
}

/// What is known of the use of a token.
pub(crate) fn read(deps: &Deps, id: &str) -> Result<Option<Use>, Problem> {
    let row = deps.store.row(Space::Credential, &row_key(id))?;
    Ok(row.and_then(|(_, row)| serde_json::from_slice(&row).ok()))
}

/// Takes note that `actor`, a token, was used; returns at once.
pub(super) fn seen(deps: &Deps, actor: &str, parts: &Parts) {
    let Some(id) = actor.strip_prefix("token/") else { return };
    let remote = parts.extensions.get::<RemoteAddress>();
    let remote = remote.map(|RemoteAddress(address)| address.to_canonical().to_string());
    let socket = parts.extensions.get::<SocketPeer>().map(|_| "socket".to_owned());
    let from = remote.or(socket).unwrap_or_default();
    let Ok(row) = deps.store.row(Space::Credential, &row_key(id)) else { return };
    let before = row.as_ref().map(|(revision, _)| *revision);
    let known = row.and_then(|(_, row)| serde_json::from_slice::<Use>(&row).ok());
    let known = known.unwrap_or_default();
    let (at, new) = (now(), !known.from.contains(&from));
    if at.since(known.last) <= if new { NEW_MS } else { EVERY_MS } {
        return;
    }
    let mut changes = vec![put(id, at, from, known)];
    if new {
        changes.push((&Origin::of(parts).note(actor, Verb::TokenNewAddress).about(actor)).into());
    }
    // Of several at once only one writes; for a token that goes meanwhile nothing stays behind.
    let unchanged = Precondition::Row(Space::Credential, row_key(id), before);
    let Ok(name) = id.parse() else { return };
    let token = Precondition::Exists(Key { kind: Kind::Token, name });
    let deps = deps.clone();
    tokio::spawn(async move {
        let written = deps.write("system", "token used", vec![unchanged, token], changes).await;
        if let Err(error) = written {
            tracing::debug!(%error, "use of a token not recorded");
        }
    });
}

fn put(id: &str, last: UnixMs, from: String, known: Use) -> Change {
    let mut all = known.from;
    all.retain(|other| *other != from);
    all.insert(0, from);
    all.truncate(ADDRESSES);
    let used = Use { last, from: all };
    let row = serde_json::to_vec(&used).unwrap_or_default();
    Change::PutRow(Space::Credential, row_key(id), row.into())
}
