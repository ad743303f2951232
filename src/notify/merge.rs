//! Merges what a channel could not take into one message that counts it: nothing is dropped and
//! nobody is flooded when the channel comes back.

use super::{
    attempt::merged_into,
    book::encode,
    deliver::Desk,
    delivery::{About, Delivery, Item, MAX_ITEMS},
    receipt::episodes,
};
use crate::{
    model::Revision,
    store::command::{Change, Precondition, Space},
};
use std::collections::BTreeSet;

/// Merges all into the first, in one write. What cannot be written stays as it is.
pub(super) async fn run(desk: &Desk, all: Vec<(Delivery, Revision)>) {
    let mut conditions = vec![desk.fence.clone()];
    let mut changes = Vec::new();
    let mut deliveries = all.iter();
    let Some((first, revision)) = deliveries.next() else { return };
    let mut into = first.clone();
    conditions.push(Precondition::Row(Space::Delivery, into.id.key(), Some(*revision)));
    for (delivery, revision) in deliveries {
        let key = delivery.id.key();
        let Ok(episodes) = episodes(&*desk.cluster, delivery) else { return };
        conditions.push(Precondition::Row(Space::Delivery, key.clone(), Some(*revision)));
        changes.push(Change::DeleteRow(Space::Delivery, key));
        changes.push(merged_into(delivery, &episodes, into.id));
        add(&mut into, delivery);
    }
    changes.push(Change::PutRow(Space::Delivery, into.id.key(), encode(&into)));
    let deadline = desk.tuning.write_deadline;
    if let Err(error) = desk.cluster.write("merge deliveries", conditions, changes, deadline).await
    {
        tracing::debug!(%error, "deliveries not merged");
    }
}

/// Adds what `other` tells; alerts beyond [`MAX_ITEMS`] are counted.
fn add(into: &mut Delivery, other: &Delivery) {
    let mut items: BTreeSet<Item> = into.items.iter().copied().collect();
    let mut left_out = 0;
    for item in &other.items {
        if items.contains(item) {
            continue;
        }
        if items.len() < MAX_ITEMS {
            items.insert(*item);
        } else {
            left_out += 1;
        }
    }
    into.items = items.into_iter().collect();
    into.about = match (into.about, other.about) {
        (About::Firing, _) | (_, About::Firing) => About::Firing,
        (About::Repeat, _) | (_, About::Repeat) => About::Repeat,
        (About::Resolved, About::Resolved) => About::Resolved,
    };
    into.merged = into.merged.saturating_add(other.merged).saturating_add(1);
    into.omitted = into.omitted.saturating_add(other.omitted).saturating_add(left_out);
    into.truncated_alerts = into.truncated_alerts.saturating_add(other.truncated_alerts);
    into.expires_at = into.expires_at.max(other.expires_at);
    if into.group_labels != other.group_labels {
        into.group_labels.clear();
    }
}
