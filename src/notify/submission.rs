//! What intake hands to the leader: one part of a webhook, with what was told of it already.

use super::{
    alert::Alert,
    book::{Book, encode},
    cluster::Rows,
    delivery::{Delivery, DeliveryId, MAX_ITEMS},
    payload::Webhook,
    plan::{Plan, Question, ToldLocally, Way, plan},
    receipt::{Receipt, State},
    timing,
};
use crate::{
    base::clock::now_unix_ms,
    model::{Kind, UnixMs, cluster::DeclaredState, spec},
    scope::Owner,
    store::{
        StoreError,
        command::{Change, Precondition, Space},
    },
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One part of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Whom Alertmanager addresses (last part of the path).
    pub receiver: String,
    /// At most [`MAX_ITEMS`] alerts and about half a MiB.
    pub webhook: Webhook,
    /// When it was received.
    pub received: UnixMs,
    /// Told by a node without quorum.
    #[serde(default)]
    pub told: BTreeSet<ToldLocally>,
    /// Receipts of that.
    #[serde(default)]
    pub receipts: Vec<Receipt>,
}

/// Largest part, about, in bytes.
const PART_BYTES: usize = 512 << 10;

/// A webhook in parts that fit a delivery; at least one, which may hold no alert.
#[must_use]
pub fn split(receiver: &str, mut webhook: Webhook, received: UnixMs) -> Vec<Submission> {
    let all = std::mem::take(&mut webhook.alerts);
    let head = webhook;
    let part = |alerts| Submission {
        receiver: receiver.to_owned(),
        webhook: Webhook { alerts, ..head.clone() },
        received,
        told: BTreeSet::new(),
        receipts: Vec::new(),
    };
    let mut parts = Vec::new();
    let (mut alerts, mut bytes) = (Vec::new(), 0);
    for alert in all {
        let size = size(&alert);
        if !alerts.is_empty() && (alerts.len() >= MAX_ITEMS || bytes + size > PART_BYTES) {
            parts.push(part(std::mem::take(&mut alerts)));
            bytes = 0;
        }
        bytes += size;
        alerts.push(alert);
    }
    parts.push(part(alerts));
    parts
}

fn size(alert: &Alert) -> usize {
    let texts = alert.labels.iter().chain(&alert.annotations);
    texts.map(|(name, value)| name.len() + value.len() + 8).sum::<usize>() + 200
}

/// What one or more submissions change.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) book: Book,
    pub(super) plan: Plan,
    receipts: Vec<Receipt>,
}

impl Draft {
    /// Plans one more submission, against rows as they are on this node.
    pub(super) fn add(
        &mut self,
        rows: &dyn Rows,
        state: &DeclaredState,
        submission: &Submission,
    ) -> Result<(), StoreError> {
        for alert in &submission.webhook.alerts {
            self.book.load(rows, alert.fingerprint)?;
        }
        let ways = ways(state, &submission.receiver);
        let question = Question {
            receiver: &submission.receiver,
            webhook: &submission.webhook,
            received: submission.received,
            ways: &ways,
            told: &submission.told,
            limits: timing::limits(state),
            repeat_window_ms: timing::repeat_window_ms(state, &submission.receiver),
        };
        let mut mint = || DeliveryId::mint(UnixMs(now_unix_ms()));
        let made = plan(question, &mut self.book, &mut mint);
        self.plan.deliveries.extend(made.deliveries);
        self.plan.unreachable.extend(made.unreachable);
        self.receipts.extend(submission.receipts.iter().cloned());
        Ok(())
    }

    /// The rows to write; both empty when everything is as it should be already.
    pub(super) fn changes(&self, local: bool) -> (Vec<Precondition>, Vec<Change>) {
        let (conditions, mut changes) = self.book.changes();
        let queued = self.plan.deliveries.iter().map(|delivery| {
            let delivery = Delivery { local, ..delivery.clone() };
            Change::PutRow(Space::Delivery, delivery.id.key(), encode(&delivery))
        });
        changes.extend(queued);
        changes.extend(self.plan.unreachable.iter().map(|delivery| self.unreachable(delivery)));
        changes.extend(self.receipts.iter().map(|receipt| {
            Change::PutRow(Space::Receipt, receipt.id.receipt_key(), encode(receipt))
        }));
        (conditions, changes)
    }

    fn unreachable(&self, delivery: &Delivery) -> Change {
        let latest = |item: &super::delivery::Item| self.book.latest(item.fingerprint).cloned();
        let episodes: Vec<_> = delivery.items.iter().filter_map(latest).collect();
        let why = format!("there is no receiver `{}` with a channel", delivery.receiver);
        let mut receipt = Receipt::of(delivery, &episodes, State::Failed, why);
        receipt.ended = Some(delivery.created);
        Change::PutRow(Space::Receipt, delivery.id.receipt_key(), encode(&receipt))
    }
}

/// The channels of a receiver that exist and that it may use.
pub(super) fn ways(state: &DeclaredState, receiver: &str) -> Vec<Way> {
    let declared: spec::Receiver = state
        .get(Kind::Receiver, receiver)
        .and_then(|resource| resource.spec_as().ok())
        .unwrap_or_default();
    let owner = Owner::of_declared(state, Kind::Receiver, receiver).unwrap_or(Owner::Shared);
    let names: BTreeSet<String> = declared.channels.into_iter().collect();
    let usable = names.iter().filter(|name| owner.may_use(state, Kind::Channel, name));
    usable.flat_map(|channel| channel_ways(state, channel)).collect()
}

/// One way for each recipient; none when there is no such channel.
pub(super) fn channel_ways(state: &DeclaredState, channel: &str) -> Vec<Way> {
    let Some(resource) = state.get(Kind::Channel, channel) else { return Vec::new() };
    let way = |kind: &str, to: String, send_resolved| Way {
        channel: channel.to_owned(),
        kind: kind.to_owned(),
        to,
        send_resolved,
    };
    match resource.spec_as() {
        Ok(spec::Channel::Webhook { send_resolved, .. }) => {
            vec![way("webhook", String::new(), send_resolved)]
        }
        Ok(spec::Channel::Mail { to, contacts, send_resolved, .. }) => {
            let mut recipients = mail_recipients(state, to, &contacts);
            if recipients.is_empty() {
                // Sending will say that there is nobody.
                recipients.insert(String::new());
            }
            recipients.into_iter().map(|to| way("mail", to, send_resolved)).collect()
        }
        // Sending will say what is wrong with it.
        Err(_) => vec![way("", String::new(), true)],
    }
}

/// Addresses as declared and those of contacts, each once.
fn mail_recipients(
    state: &DeclaredState,
    to: Vec<String>,
    contacts: &[String],
) -> BTreeSet<String> {
    let of_contact = |name: &String| {
        let contact: spec::Contact = state.get(Kind::Contact, name)?.spec_as().ok()?;
        contact.mail
    };
    to.into_iter().chain(contacts.iter().filter_map(of_contact)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::{payload::parse, testing::body};

    #[test]
    fn large_webhook_is_split_and_loses_nothing() {
        let names: Vec<String> = (0..1_201).map(|n| format!("A{n}")).collect();
        let alerts: Vec<_> = names.iter().map(|name| (name.as_str(), "firing", 5)).collect();
        let webhook = parse(&body(&alerts, "x"), UnixMs(u64::MAX >> 1)).unwrap();
        let parts = split("ops", webhook.clone(), UnixMs(7));
        assert!(parts.len() >= 3);
        assert!(parts.iter().all(|part| part.webhook.alerts.len() <= MAX_ITEMS));
        assert!(parts.iter().all(|part| part.webhook.group_key == webhook.group_key));
        let all: Vec<_> = parts.into_iter().flat_map(|part| part.webhook.alerts).collect();
        assert_eq!(all, webhook.alerts);
    }

    #[test]
    fn webhook_without_alerts_is_one_empty_part() {
        let webhook = parse(&body(&[], ""), UnixMs(7)).unwrap();
        assert_eq!(split("ops", webhook, UnixMs(7)).len(), 1);
    }

    #[test]
    fn a_receiver_reaches_nobody_through_what_another_project_owns() {
        let mut declared = crate::notify::testing::Declared::new();
        let hook = |project: &str| serde_json::json!({"type": "webhook", "url": "http://x/y", "project": project});
        declared.put(Kind::Channel, "shop", hook("shop"));
        declared.put(Kind::Channel, "bank", hook("bank"));
        let receiver = serde_json::json!({"project": "shop", "channels": ["shop", "bank"]});
        declared.put(Kind::Receiver, "shop", receiver);
        let ways = ways(&declared.state(), "shop");
        assert_eq!(ways.iter().map(|way| way.channel.as_str()).collect::<Vec<_>>(), ["shop"]);
    }
}
