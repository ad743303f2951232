//! What a webhook changes: which episodes, and who is told what. Pure.
//!
//! A receiver is told once that an episode fires and once that it does no more, whatever order,
//! number and origin of the webhooks that say so; a repeat is told once per repeat interval.

use super::{
    alert::{Alert, Status},
    book::{Book, Told},
    delivery::{About, Delivery, DeliveryId, Item},
    episode::{Assertion, Limits, merge},
    payload::Webhook,
};
use crate::model::UnixMs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A channel of the receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Name of the channel.
    pub channel: String,
    /// `spec.type` of it.
    pub kind: String,
    /// One of its recipients; empty for channels that have none.
    pub to: String,
    /// Whether it is told of resolved alerts.
    pub send_resolved: bool,
}

/// What a node without quorum has told already.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ToldLocally {
    /// Over which channel.
    pub channel: String,
    /// To which of its recipients.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// Which of the two.
    pub status: Status,
}

/// Everything that is decided upon.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Whom Alertmanager addresses.
    pub receiver: &'a str,
    /// What it says.
    pub webhook: &'a Webhook,
    /// When, on our clock.
    pub received: UnixMs,
    /// The receiver's channels; none when there is no such receiver.
    pub ways: &'a [Way],
    /// Told before by the spool of a node without quorum.
    pub told: &'a BTreeSet<ToldLocally>,
    /// See there.
    pub limits: Limits,
    /// Repeats closer together are one.
    pub repeat_window_ms: u64,
}

/// What is to be told, besides the changed [`Book`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// To be queued.
    pub deliveries: Vec<Delivery>,
    /// Nobody can be told: the receiver has no channel.
    pub unreachable: Vec<Delivery>,
}

/// Merges a webhook into the episodes in `book` (loaded for all its alerts) and says who is told.
#[must_use]
pub fn plan(question: Question<'_>, book: &mut Book, mint: &mut dyn FnMut() -> DeliveryId) -> Plan {
    let mut told: Vec<(About, Item, UnixMs)> = Vec::new();
    for alert in &question.webhook.alerts {
        let expiry = expiry(alert, question.received);
        told.extend(
            assert(question, alert, book).into_iter().map(|(about, item)| (about, item, expiry)),
        );
    }
    let mut plan = Plan::default();
    let firing = told.iter().filter(|(about, ..)| *about != About::Resolved);
    let resolved = told.iter().filter(|(about, ..)| *about == About::Resolved);
    let about = if told.iter().any(|(about, ..)| *about == About::Firing) {
        About::Firing
    } else {
        About::Repeat
    };
    notify(question, about, &firing.collect::<Vec<_>>(), &mut plan, mint);
    notify(question, About::Resolved, &resolved.collect::<Vec<_>>(), &mut plan, mint);
    plan
}

/// Merges one alert; what the receiver is to be told of it, if anything.
fn assert(question: Question<'_>, alert: &Alert, book: &mut Book) -> Vec<(About, Item)> {
    let assertion = match alert.status {
        Status::Firing => Assertion::Firing { starts_at: alert.starts_at },
        Status::Resolved => Assertion::Resolved {
            starts_at: alert.starts_at,
            ends_at: alert.ends_at.unwrap_or(question.received),
        },
    };
    let latest = book.latest(alert.fingerprint).map(|episode| &episode.span);
    let merged = merge(latest, assertion, question.received, question.limits);
    book.put_span(merged.span, merged.expired, alert);
    let told = book
        .latest(alert.fingerprint)
        .and_then(|episode| episode.told.get(question.receiver))
        .copied();
    let closed = merged.span.ends_at.is_some();
    let Some((told, abouts)) = tell(question, told, alert.status, closed) else {
        return Vec::new();
    };
    book.put_told(alert, question.receiver, told);
    let item = Item { fingerprint: alert.fingerprint, episode: merged.span.number };
    abouts.iter().map(|about| (*about, item)).collect()
}

/// What a receiver that was told `told` is told now.
fn tell(
    question: Question<'_>,
    told: Option<Told>,
    status: Status,
    closed: bool,
) -> Option<(Told, &'static [About])> {
    let now = question.received;
    match (told, status) {
        // Those a node without quorum told that it fires are told that it is over.
        (None, Status::Firing) if closed && !question.told.is_empty() => {
            Some((Told { firing: now, resolved: Some(now) }, &[About::Firing, About::Resolved]))
        }
        // Late, but nobody told them yet: the message will say that it is over.
        (None, Status::Firing) => {
            Some((Told { firing: now, resolved: closed.then_some(now) }, &[About::Firing]))
        }
        (None, Status::Resolved) => None,
        (Some(told), _) if closed && told.resolved.is_none() => {
            Some((Told { resolved: Some(now), ..told }, &[About::Resolved]))
        }
        (Some(told), Status::Firing)
            if !closed
                && question.webhook.is_repeat()
                && now.since(told.firing) >= question.repeat_window_ms =>
        {
            Some((Told { firing: now, ..told }, &[About::Repeat]))
        }
        _ => None,
    }
}

/// One delivery per channel of all `told` alerts.
fn notify(
    question: Question<'_>,
    about: About,
    told: &[&(About, Item, UnixMs)],
    plan: &mut Plan,
    mint: &mut dyn FnMut() -> DeliveryId,
) {
    let Some(expires_at) = told.iter().map(|(.., expiry)| *expiry).max() else { return };
    let mut delivery = |channel: &str, kind: &str, to: &str| Delivery {
        id: mint(),
        created: question.received,
        receiver: question.receiver.to_owned(),
        channel: channel.to_owned(),
        kind: kind.to_owned(),
        to: to.to_owned(),
        about,
        group_labels: question.webhook.group_labels.clone(),
        items: told.iter().map(|(_, item, _)| *item).collect::<BTreeSet<_>>().into_iter().collect(),
        truncated_alerts: question.webhook.truncated_alerts,
        merged: 0,
        omitted: 0,
        expires_at,
        next_at: question.received,
        n_attempts: 0,
        attempts: Vec::new(),
        local: false,
    };
    if question.ways.is_empty() {
        plan.unreachable.push(delivery("", "", ""));
        return;
    }
    let status = if about == About::Resolved { Status::Resolved } else { Status::Firing };
    for way in question.ways {
        let done = ToldLocally { channel: way.channel.clone(), to: way.to.clone(), status };
        let wanted = status == Status::Firing || way.send_resolved;
        if wanted && !question.told.contains(&done) {
            plan.deliveries.push(delivery(&way.channel, &way.kind, &way.to));
        }
    }
}

/// When to give up: after a day, for information after an hour.
fn expiry(alert: &Alert, received: UnixMs) -> UnixMs {
    const HOUR_MS: u64 = 3_600_000;
    let hours = if matches!(alert.label("severity"), "info" | "none") { 1 } else { 24 };
    UnixMs(received.0.saturating_add(hours * HOUR_MS))
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
