//! Rows that say who may join, who joins, leaves or was removed. Judged by whoever writes them,
//! each write guarded by what it was judged on.

use crate::{
    model::{
        NodeId,
        cluster::Member,
        standing::{JoinToken, Standing},
    },
    store::{
        Store, StoreError,
        command::{Change, Precondition, Space},
    },
};
use bytes::Bytes;
use std::collections::BTreeMap;

/// Rows read at once; more machines than that never come and go.
const MOST: usize = 10_000;

fn row_key(node: NodeId) -> Bytes {
    node.to_string().into()
}

/// Where every node stands that is no settled member, by id.
///
/// # Errors
/// [`StoreError::Storage`].
pub fn standings(store: &Store) -> Result<BTreeMap<NodeId, Standing>, StoreError> {
    let rows = store.rows(Space::Standing, b"", MOST)?.into_iter();
    let parse = |key: &[u8], row: &[u8]| {
        let node = str::from_utf8(key).ok()?.parse().ok()?;
        Some((node, serde_json::from_slice(row).ok()?))
    };
    Ok(rows.filter_map(|(key, _, row)| parse(&key, &row)).collect())
}

/// Where one node stands.
///
/// # Errors
/// [`StoreError::Storage`].
pub fn standing(store: &Store, node: NodeId) -> Result<Option<Standing>, StoreError> {
    let row = store.row(Space::Standing, &row_key(node))?;
    Ok(row.and_then(|(_, row)| serde_json::from_slice(&row).ok()))
}

/// The change that says where a node stands; `None` = it is settled.
///
/// # Errors
/// Never for plain data; for JSON's sake.
pub fn put_standing(node: NodeId, standing: Option<&Standing>) -> serde_json::Result<Change> {
    Ok(match standing {
        Some(standing) => {
            let value = serde_json::to_vec(standing)?;
            Change::PutRow(Space::Standing, row_key(node), value.into())
        }
        None => Change::DeleteRow(Space::Standing, row_key(node)),
    })
}

/// The condition that nobody has written where `node` stands since this store's state.
///
/// # Errors
/// [`StoreError::Storage`].
pub fn standing_unchanged(store: &Store, node: NodeId) -> Result<Precondition, StoreError> {
    let revision = store.row(Space::Standing, &row_key(node))?.map(|(revision, _)| revision);
    Ok(Precondition::Row(Space::Standing, row_key(node), revision))
}

/// The change that makes a member known, with its address.
///
/// # Errors
/// Never for plain data; for JSON's sake.
pub fn put_member(member: &Member) -> serde_json::Result<Change> {
    let value = serde_json::to_vec(member)?;
    Ok(Change::PutRow(Space::Member, row_key(member.id), value.into()))
}

/// The change that makes the others forget a member.
#[must_use]
pub fn delete_member(node: NodeId) -> Change {
    Change::DeleteRow(Space::Member, row_key(node))
}

/// All join tokens by id, those that are used up or past included.
///
/// # Errors
/// [`StoreError::Storage`].
pub fn tokens(store: &Store) -> Result<Vec<(String, JoinToken)>, StoreError> {
    let rows = store.rows(Space::JoinToken, b"", MOST)?.into_iter();
    let parse = |key: &[u8], row: &[u8]| {
        Some((str::from_utf8(key).ok()?.to_owned(), serde_json::from_slice(row).ok()?))
    };
    Ok(rows.filter_map(|(key, _, row)| parse(&key, &row)).collect())
}

/// One join token, with the condition that it is still the same.
///
/// # Errors
/// [`StoreError::Storage`].
pub fn token(store: &Store, id: &str) -> Result<Option<(Precondition, JoinToken)>, StoreError> {
    let key = Bytes::copy_from_slice(id.as_bytes());
    let Some((revision, row)) = store.row(Space::JoinToken, &key)? else { return Ok(None) };
    let same = Precondition::Row(Space::JoinToken, key, Some(revision));
    Ok(serde_json::from_slice(&row).ok().map(|token| (same, token)))
}

/// The change that keeps a join token.
///
/// # Errors
/// Never for plain data; for JSON's sake.
pub fn put_token(id: &str, token: &JoinToken) -> serde_json::Result<Change> {
    let key = Bytes::copy_from_slice(id.as_bytes());
    Ok(Change::PutRow(Space::JoinToken, key, serde_json::to_vec(token)?.into()))
}

/// The change that revokes a join token.
#[must_use]
pub fn delete_token(id: &str) -> Change {
    Change::DeleteRow(Space::JoinToken, Bytes::copy_from_slice(id.as_bytes()))
}
