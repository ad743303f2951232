//! What a notification says, as of the attempt that sends it.

use super::{
    alert::{Alert, Status},
    book::Episode,
    delivery::{About, Delivery, Item},
};
use crate::model::{UnixMs, label::Labels};
use serde::Serialize;
use std::collections::BTreeMap;

/// Alerts beyond this are counted, not shown.
const MAX_BODY_BYTES: usize = 1 << 20;

/// The JSON body of the generic webhook, in the shape Standard Webhooks suggests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// `alert.firing`, `alert.resolved` or `alert.test`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When the alerts came in.
    pub timestamp: UnixMs,
    /// The notification.
    pub data: Data,
}

/// Part of [`Message`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Data {
    /// The same on every attempt, as in the header `webhook-id`.
    pub id: String,
    /// Name of the cluster.
    pub cluster: String,
    /// Who is told.
    pub receiver: String,
    /// Over what.
    pub channel: String,
    /// `firing` if any alert fires, else `resolved`.
    pub status: Status,
    /// Why it is sent: new, a repeat, or over. A `firing` one with status `resolved` tells both
    /// at once: the alert was over before it could be delivered.
    pub about: About,
    /// Labels of Alertmanager's group.
    pub group_labels: Labels,
    /// Sent by a node that had no quorum.
    pub local: bool,
    /// Further notifications merged into this one.
    pub merged: u32,
    /// Alerts that had no room here.
    pub omitted: u64,
    /// Alerts that Alertmanager had left out.
    pub truncated_alerts: u64,
    /// Those that fire first.
    pub alerts: Vec<Shown>,
    /// Somebody tries the channel; the alert is made up.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// Whom of the channel's recipients; for channels that have several.
    #[serde(skip)]
    pub to: String,
}

/// One alert as told, with Alertmanager's names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// Sixteen hex digits.
    pub fingerprint: String,
    /// From 1: which firing of it.
    pub episode: u32,
    /// As of this attempt.
    pub status: Status,
    /// Identity.
    pub labels: Labels,
    /// Text.
    pub annotations: BTreeMap<String, String>,
    /// RFC 3339.
    pub starts_at: UnixMs,
    /// RFC 3339; `null` while firing.
    pub ends_at: Option<UnixMs>,
    /// Link to the expression.
    #[serde(rename = "generatorURL")]
    pub generator_url: String,
    /// Texts were cut.
    pub truncated: bool,
    /// What was odd about it.
    pub flags: Vec<String>,
}

/// Composes what `delivery` says now. `None` when none of its episodes is left.
#[must_use]
pub fn compose(delivery: &Delivery, episodes: &[Episode], cluster: &str) -> Option<Message> {
    let mut alerts: Vec<Shown> = episodes.iter().map(shown).collect();
    alerts.sort_by_key(|alert| (alert.status, alert.starts_at));
    let status = alerts.first()?.status;
    let all = alerts.len();
    let mut bytes = 0;
    alerts.retain(|alert| {
        bytes += size(alert);
        bytes <= MAX_BODY_BYTES
    });
    let omitted = delivery.omitted + (all - alerts.len()) as u64;
    let kind = match status {
        Status::Firing => "alert.firing",
        Status::Resolved => "alert.resolved",
    };
    let data = Data {
        id: message_id(delivery),
        cluster: cluster.to_owned(),
        receiver: delivery.receiver.clone(),
        channel: delivery.channel.clone(),
        status,
        about: delivery.about,
        group_labels: delivery.group_labels.clone(),
        local: delivery.local,
        merged: delivery.merged,
        omitted,
        truncated_alerts: delivery.truncated_alerts,
        alerts,
        test: false,
        to: delivery.to.clone(),
    };
    Some(Message { kind, timestamp: delivery.created, data })
}

/// Episodes that `message` says are over.
pub(super) fn told_resolved(episodes: &[Episode]) -> impl Iterator<Item = Item> {
    episodes.iter().filter(|episode| episode.span.ends_at.is_some()).map(Episode::item)
}

fn message_id(delivery: &Delivery) -> String {
    format!("msg_{}", delivery.id)
}

fn shown(episode: &Episode) -> Shown {
    let Alert { labels, annotations, generator_url, truncated, flags, .. } = episode.alert.clone();
    Shown {
        fingerprint: episode.alert.fingerprint.to_string(),
        episode: episode.span.number,
        status: if episode.span.ends_at.is_some() { Status::Resolved } else { Status::Firing },
        labels,
        annotations,
        starts_at: episode.span.starts_at,
        ends_at: episode.span.ends_at,
        generator_url,
        truncated,
        flags,
    }
}

fn size(alert: &Shown) -> usize {
    let texts = alert.labels.iter().chain(&alert.annotations);
    texts.map(|(name, value)| name.len() + value.len() + 8).sum::<usize>() + 300
}
