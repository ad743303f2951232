//! One attempt: claim, send, settle. Each write is conditional on the row being as it was read,
//! so whoever comes second changes nothing.

use super::{
    book::{Episode, decode, encode},
    channel::NoChannel,
    deliver::Desk,
    delivery::{Attempt, Class, Delivery, DeliveryId, Item, Outcome},
    message::{compose, told_resolved},
    receipt::{Receipt, State, episodes},
    schedule::{Next, next, random},
};
use crate::{
    base::{backoff::Backoff, clock::now_unix_ms},
    model::{Revision, UnixMs},
    store::{
        StoreError, WriteError,
        command::{Change, Precondition, Space},
    },
};
use std::{collections::HashSet, time::Duration};
use tokio::time::Instant;

/// How long the outcome of a sent message is tried to be written.
const SETTLE: Duration = Duration::from_secs(60);

/// Makes one attempt at `delivery` as read at `revision`. Says how it ended, if it was made.
pub(super) async fn run(desk: &Desk, mut delivery: Delivery, revision: Revision) -> Option<Class> {
    let episodes = match episodes(&*desk.cluster, &delivery) {
        Ok(episodes) => episodes,
        Err(error) => return gave_up(&error),
    };
    let state = desk.cluster.state();
    let channel = match desk.channels.find(&state, &delivery.channel) {
        Ok(channel) => channel,
        Err(error) => return cannot(desk, delivery, revision, &episodes, &error).await,
    };
    let Some(message) = compose(&delivery, &episodes, &state.meta.name) else {
        let why = "its alerts are older than what is kept".to_owned();
        return finish(desk, &delivery, revision, &[], State::Failed, why).await;
    };
    let claimed = match claim(desk, &mut delivery, revision).await {
        Ok(claimed) => claimed,
        Err(error) => return gave_up(&error),
    };
    let outcome = channel.send(&message).await;
    let class = outcome.class;
    desk.metrics.attempted(channel.kind(), class);
    delivery.end(outcome.clone());
    let now = UnixMs(now_unix_ms());
    match next(&mut delivery, &outcome, now, random(), &desk.tuning.waits) {
        Next::Done => {
            let state = if class == Class::Accepted { State::Accepted } else { State::Delivered };
            finish(desk, &delivery, claimed, &episodes, state, String::new()).await;
        }
        Next::Fail => {
            let id = delivery.id;
            tracing::warn!(%id, channel = delivery.channel, reason = outcome.reason, "not delivered");
            finish(desk, &delivery, claimed, &episodes, State::Failed, outcome.reason).await;
        }
        Next::Again(at) => {
            delivery.next_at = at;
            let put = Change::PutRow(Space::Delivery, delivery.id.key(), encode(&delivery));
            let unchanged = Precondition::Row(Space::Delivery, delivery.id.key(), Some(claimed));
            settle(desk, vec![unchanged], vec![put]).await;
        }
    }
    Some(class)
}

fn gave_up(error: &dyn std::error::Error) -> Option<Class> {
    tracing::debug!(%error, "attempt not made");
    None
}

/// Writes down that an attempt begins. Only the leader that holds the fence can.
async fn claim(
    desk: &Desk,
    delivery: &mut Delivery,
    revision: Revision,
) -> Result<Revision, WriteError> {
    if let Some(Attempt { outcome: outcome @ None, .. }) = delivery.attempts.last_mut() {
        *outcome = Some(Outcome {
            class: Class::Unknown,
            reason: "the node stopped before it knew the answer".to_owned(),
            status: None,
            wait_ms: None,
            took_ms: 0,
        });
    }
    delivery.begin(UnixMs(now_unix_ms()), desk.cluster.node(), desk.term);
    let key = delivery.id.key();
    let conditions =
        vec![desk.fence.clone(), Precondition::Row(Space::Delivery, key.clone(), Some(revision))];
    let put = Change::PutRow(Space::Delivery, key, encode(delivery));
    desk.cluster.write("begin a delivery", conditions, vec![put], desk.tuning.write_deadline).await
}

/// There is no channel to send over.
async fn cannot(
    desk: &Desk,
    delivery: Delivery,
    revision: Revision,
    episodes: &[Episode],
    error: &NoChannel,
) -> Option<Class> {
    let why = error.to_string();
    tracing::warn!(id = %delivery.id, channel = delivery.channel, why, "not delivered");
    finish(desk, &delivery, revision, episodes, State::Failed, why).await
}

/// Replaces the delivery by its receipt. Once told, other deliveries of the channel that wait to
/// say the same are shortened or ended in the same write.
async fn finish(
    desk: &Desk,
    delivery: &Delivery,
    revision: Revision,
    episodes: &[Episode],
    state: State,
    reason: String,
) -> Option<Class> {
    if state == State::Failed {
        desk.metrics.failed();
    }
    let key = delivery.id.key();
    let mut receipt = Receipt::of(delivery, episodes, state, reason);
    receipt.ended = Some(UnixMs(now_unix_ms()));
    let mut conditions = vec![Precondition::Row(Space::Delivery, key.clone(), Some(revision))];
    let mut changes = vec![
        Change::DeleteRow(Space::Delivery, key),
        Change::PutRow(Space::Receipt, delivery.id.receipt_key(), encode(&receipt)),
    ];
    let (own_conditions, own_changes) = (conditions.clone(), changes.clone());
    if state != State::Failed
        && let Err(error) = shorten_others(desk, delivery, episodes, &mut conditions, &mut changes)
    {
        gave_up(&error);
    }
    let shortens = conditions.len() > own_conditions.len();
    if !settle(desk, conditions, changes).await && shortens {
        // Another delivery changed meanwhile: it may say something twice, ours is told.
        settle(desk, own_conditions, own_changes).await;
    }
    None
}

/// Waiting deliveries lose what was just told: that an alert is over, and with it that it fired.
fn shorten_others(
    desk: &Desk,
    told: &Delivery,
    episodes: &[Episode],
    conditions: &mut Vec<Precondition>,
    changes: &mut Vec<Change>,
) -> Result<(), StoreError> {
    let over: HashSet<Item> = told_resolved(episodes).collect();
    if over.is_empty() {
        return Ok(());
    }
    let others = desk.queue().sharing(told, &over);
    for id in others {
        let Some((revision, bytes)) = desk.cluster.row(Space::Delivery, &id.key())? else {
            continue;
        };
        let Some(mut other) = decode::<Delivery>(&bytes, "delivery") else { continue };
        conditions.push(Precondition::Row(Space::Delivery, id.key(), Some(revision)));
        let before = super::receipt::episodes(&*desk.cluster, &other)?;
        other.items.retain(|item| !over.contains(item));
        if other.items.is_empty() {
            changes.push(Change::DeleteRow(Space::Delivery, id.key()));
            changes.push(merged_into(&other, &before, told.id));
        } else {
            changes.push(Change::PutRow(Space::Delivery, id.key(), encode(&other)));
        }
    }
    Ok(())
}

/// The receipt of a delivery whose content another one tells.
pub(super) fn merged_into(merged: &Delivery, episodes: &[Episode], into: DeliveryId) -> Change {
    let mut receipt = Receipt::of(merged, episodes, State::Merged, String::new());
    receipt.ended = Some(UnixMs(now_unix_ms()));
    receipt.merged_into = Some(into);
    Change::PutRow(Space::Receipt, merged.id.receipt_key(), encode(&receipt))
}

/// Writes what has happened, for as long as it takes within a minute; false when the rows have
/// changed. The fence is no condition: what was sent was sent, whoever leads now.
async fn settle(desk: &Desk, conditions: Vec<Precondition>, changes: Vec<Change>) -> bool {
    let until = Instant::now() + SETTLE;
    let mut backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(2));
    loop {
        let (conditions, changes) = (conditions.clone(), changes.clone());
        let deadline = desk.tuning.write_deadline;
        match desk.cluster.write("end a delivery", conditions, changes, deadline).await {
            Ok(_) => return true,
            Err(WriteError::NoQuorum(_)) if Instant::now() < until => {
                tokio::time::sleep(backoff.next_wait()).await;
            }
            Err(error) => {
                tracing::warn!(%error, "outcome of a delivery not recorded; it may be sent again");
                return false;
            }
        }
    }
}
