//! Receipts: the record of what became of each delivery, newest first, and the one place that
//! reads them.

use super::{
    alert::{Fingerprint, Status, cut},
    book::{Episode, decode},
    cluster::{Cluster, Rows},
    delivery::{About, Attempt, Delivery, DeliveryId},
    tally::{Tally, tally},
};
use crate::{
    model::{
        UnixMs,
        label::{DIMENSIONS, Labels},
    },
    store::{StoreError, command::Space},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not yet.
    Pending,
    /// The other side has it.
    Delivered,
    /// The other side queued it.
    Accepted,
    /// Refused for good, or tried until its time was up.
    Failed,
    /// Another message said it too.
    Merged,
}

impl State {
    /// As in JSON.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_value(text.into()).ok()
    }
}

/// An alert as a receipt names it: enough to find and filter it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Which alert.
    pub fingerprint: Fingerprint,
    /// Which firing of it.
    pub episode: u32,
    /// What was said of it.
    pub status: Status,
    /// `alertname`, `severity`, `instance` and the dimensions, each cut to 128 bytes.
    pub labels: Labels,
}

/// What became of one delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Format of this row.
    pub v: u8,
    /// Of the delivery, and in the header `webhook-id` after `msg_`.
    pub id: DeliveryId,
    /// When the alerts came in.
    pub created: UnixMs,
    /// When it ended; `None` while pending.
    #[serde(default)]
    pub ended: Option<UnixMs>,
    /// Whom.
    pub receiver: String,
    /// Over what; empty when the receiver has no channel.
    pub channel: String,
    /// `spec.type` of the channel.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Whom of the channel's recipients; empty for channels that have none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// What was to be told.
    pub about: About,
    /// How it ended.
    pub state: State,
    /// Why, in words; empty where `state` says it.
    #[serde(default)]
    pub reason: String,
    /// The delivery whose message said it.
    #[serde(default)]
    pub merged_into: Option<DeliveryId>,
    /// The alerts, as far as there is room.
    pub alerts: Vec<Named>,
    /// Alerts not named here.
    #[serde(default)]
    pub more: u64,
    /// All of them.
    pub n_attempts: u32,
    /// The latest ones.
    pub attempts: Vec<Attempt>,
    /// Delivered by a node without quorum.
    #[serde(default)]
    pub local: bool,
    /// Somebody tried the channel; no alert was told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
}

/// Room for the names of alerts.
const NAMED_BYTES: usize = 96 << 10;

impl Receipt {
    /// Of `delivery` that ended, or is on its way, with the episodes it is about.
    #[must_use]
    pub fn of(delivery: &Delivery, episodes: &[Episode], state: State, reason: String) -> Self {
        let mut room = NAMED_BYTES;
        let mut alerts = Vec::new();
        for episode in episodes {
            let named = name(episode);
            let size = 150 + named.labels.iter().map(|(k, v)| k.len() + v.len() + 8).sum::<usize>();
            if size > room {
                break;
            }
            room -= size;
            alerts.push(named);
        }
        let more = delivery.omitted + delivery.items.len().saturating_sub(alerts.len()) as u64;
        Self {
            v: 1,
            id: delivery.id,
            created: delivery.created,
            ended: None,
            receiver: delivery.receiver.clone(),
            channel: delivery.channel.clone(),
            kind: delivery.kind.clone(),
            to: delivery.to.clone(),
            about: delivery.about,
            state,
            reason,
            merged_into: None,
            alerts,
            more,
            n_attempts: delivery.n_attempts,
            attempts: delivery.attempts.clone(),
            local: delivery.local,
            test: false,
        }
    }
}

fn name(episode: &Episode) -> Named {
    let wanted = ["alertname", "severity", "instance"].iter().chain(&DIMENSIONS);
    let labels = wanted.filter_map(|name| {
        let mut value = episode.alert.labels.get(*name)?.clone();
        cut(&mut value, 128);
        Some(((*name).to_owned(), value))
    });
    Named {
        fingerprint: episode.alert.fingerprint,
        episode: episode.span.number,
        status: if episode.span.ends_at.is_some() { Status::Resolved } else { Status::Firing },
        labels: labels.collect(),
    }
}

/// Which receipts; all conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// That name this alert.
    pub fingerprint: Option<Fingerprint>,
    /// To this receiver.
    pub receiver: Option<String>,
    /// Over this channel.
    pub channel: Option<String>,
    /// In this state.
    pub state: Option<State>,
    /// That name an alert with all of these labels.
    pub labels: Labels,
    /// That name an alert of one of these projects.
    pub projects: Option<Arc<BTreeSet<String>>>,
}

impl Filter {
    /// Whether a receipt is one of those.
    #[must_use]
    pub fn takes(&self, receipt: &Receipt) -> bool {
        let is = |wanted: &Option<String>, have: &str| wanted.as_deref().is_none_or(|w| w == have);
        let named = |alert: &Named| {
            self.fingerprint.is_none_or(|wanted| alert.fingerprint == wanted)
                && self.labels.iter().all(|(name, value)| alert.labels.get(name) == Some(value))
                && self.projects.as_deref().is_none_or(|projects| {
                    alert.labels.get("project").is_some_and(|name| projects.contains(name))
                })
        };
        let by_alert =
            self.fingerprint.is_none() && self.labels.is_empty() && self.projects.is_none();
        is(&self.receiver, &receipt.receiver)
            && is(&self.channel, &receipt.channel)
            && self.state.is_none_or(|wanted| receipt.state == wanted)
            && (by_alert || receipt.alerts.iter().any(named))
    }
}

/// A page of receipts, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Page {
    /// At most as many as asked for; may be empty although there are more further on.
    pub receipts: Vec<Receipt>,
    /// Pass as `before` for the next page; `None` = that was all.
    pub next: Option<DeliveryId>,
}

/// Rows looked at for one page.
const SCANNED: usize = 5_000;
/// Episodes of one alert that are shown.
const EPISODES: usize = 10;
/// Rows read at once.
const STRIDE: usize = 256;

/// Reads receipts and the deliveries still on their way.
#[derive(Clone)]
pub struct Receipts {
    cluster: Arc<dyn Cluster>,
}

impl Receipts {
    /// Over this cluster's rows.
    #[must_use]
    pub fn new(cluster: Arc<dyn Cluster>) -> Self {
        Self { cluster }
    }

    /// At most `limit` receipts older than `before` (`None` = from the newest on). Pending ones
    /// are among them. Blocking for milliseconds.
    ///
    /// # Errors
    /// The storage failed.
    pub fn page(
        &self,
        filter: &Filter,
        before: Option<DeliveryId>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let mut pending = self.pending(before)?;
        let mut page = Page::default();
        let mut start = before.map_or_else(Vec::new, |id| after(&id.receipt_key()));
        let mut scanned = 0;
        loop {
            let rows = self.cluster.rows(Space::Receipt, &start, STRIDE)?;
            let last = rows.len() < STRIDE;
            for (key, _, bytes) in rows {
                start = after(&key);
                scanned += 1;
                let Some(receipt) = decode::<Receipt>(&bytes, "receipt") else { continue };
                while let Some(newer) = pending.pop_if(|waiting| waiting.id > receipt.id) {
                    if page.take(filter, newer, limit) {
                        return Ok(page);
                    }
                }
                let id = receipt.id;
                if page.take(filter, receipt, limit) {
                    return Ok(page);
                }
                if scanned >= SCANNED {
                    page.next = Some(id);
                    return Ok(page);
                }
            }
            if last {
                break;
            }
        }
        while let Some(oldest) = pending.pop() {
            if page.take(filter, oldest, limit) {
                return Ok(page);
            }
        }
        Ok(page)
    }

    /// Counts what was queued at `since` or later. Blocking: it may read 50,000 rows.
    ///
    /// # Errors
    /// The storage failed.
    pub fn tally(&self, since: UnixMs) -> Result<Tally, StoreError> {
        tally(&*self.cluster, self.pending(None)?, since)
    }

    /// One receipt by its id.
    ///
    /// # Errors
    /// The storage failed.
    pub fn one(&self, id: DeliveryId) -> Result<Option<Receipt>, StoreError> {
        if let Some((_, bytes)) = self.cluster.row(Space::Receipt, &id.receipt_key())? {
            return Ok(decode(&bytes, "receipt"));
        }
        let row = self.cluster.row(Space::Delivery, &id.key())?;
        let delivery = row.and_then(|(_, bytes)| decode::<Delivery>(&bytes, "delivery"));
        delivery.map(|delivery| self.on_its_way(&delivery)).transpose()
    }

    /// The latest episodes of an alert, latest first; at most [`EPISODES`].
    ///
    /// # Errors
    /// The storage failed.
    pub fn episodes_of(&self, fingerprint: Fingerprint) -> Result<Vec<Episode>, StoreError> {
        let start = fingerprint.0.to_be_bytes();
        let rows = self.cluster.rows(Space::Episode, &start, EPISODES)?;
        let own = rows.iter().take_while(|(key, ..)| key.starts_with(&start));
        Ok(own.filter_map(|(_, _, bytes)| decode(bytes, "episode")).collect())
    }

    /// Deliveries on their way, oldest first, so that the newest is popped first.
    fn pending(&self, before: Option<DeliveryId>) -> Result<Vec<Receipt>, StoreError> {
        let rows = self.cluster.rows(Space::Delivery, &[], SCANNED)?;
        let deliveries = rows
            .iter()
            .filter_map(|(_, _, bytes)| decode::<Delivery>(bytes, "delivery"))
            .filter(|delivery| before.is_none_or(|before| delivery.id < before));
        deliveries.map(|delivery| self.on_its_way(&delivery)).collect()
    }

    fn on_its_way(&self, delivery: &Delivery) -> Result<Receipt, StoreError> {
        let episodes = episodes(&*self.cluster, delivery)?;
        Ok(Receipt::of(delivery, &episodes, State::Pending, String::new()))
    }
}

impl Page {
    /// Adds a receipt the filter takes; true when the page is full.
    fn take(&mut self, filter: &Filter, receipt: Receipt, limit: usize) -> bool {
        if !filter.takes(&receipt) {
            return false;
        }
        let id = receipt.id;
        self.receipts.push(receipt);
        let full = self.receipts.len() >= limit;
        if full {
            self.next = Some(id);
        }
        full
    }
}

/// The smallest key above `key`.
pub(super) fn after(key: &[u8]) -> Vec<u8> {
    let mut next = key.to_vec();
    next.push(0);
    next
}

/// The episodes a delivery is about, without those that retention has taken.
pub(super) fn episodes(rows: &dyn Rows, delivery: &Delivery) -> Result<Vec<Episode>, StoreError> {
    let read = |item: &_| super::book::read_episode(rows, *item).transpose();
    delivery.items.iter().filter_map(read).collect()
}
