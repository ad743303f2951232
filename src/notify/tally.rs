//! What became of the notifications of the last while: counted by project, and whether somebody
//! was told of an alert at all. One pass over the receipts, newest first, reading of each only what
//! is counted; whoever shows it keeps the answer for a while.

use super::{
    alert::{Fingerprint, Status},
    cluster::Rows,
    delivery::{About, DeliveryId},
    receipt::{Receipt, State, after},
};
use crate::{
    model::UnixMs,
    store::{StoreError, command::Space},
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Receipts that are counted at most; with more, the count begins later.
const COUNTED: usize = 50_000;
/// Rows read at once.
const STRIDE: usize = 512;

/// Notifications of one project by how they ended. One that tells of several projects' alerts
/// counts for each of them; tests of a channel and what another message said too do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// The other side has it, or queued it.
    pub delivered: u64,
    /// Refused for good, or tried until its time was up.
    pub failed: u64,
    /// Still on their way.
    pub pending: u64,
}

impl Sums {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            delivered: self.delivered + other.delivered,
            failed: self.failed + other.failed,
            pending: self.pending + other.pending,
        }
    }
}

/// The best that became of saying that an alert fires; the later the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Nobody got it.
    Failed,
    /// It is on its way.
    Waiting,
    /// Somebody has it.
    Told,
}

/// The count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// From when on receipts were counted.
    pub since: UnixMs,
    /// By the label `project`, which is empty for alerts of no project.
    pub by_project: BTreeMap<String, Sums>,
    /// Of every alert that was told of as firing in that time.
    pub fates: HashMap<Fingerprint, Fate>,
}

/// What is read of a receipt.
#[derive(Deserialize)]
struct Row {
    about: About,
    state: State,
    #[serde(default)]
    test: bool,
    alerts: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    fingerprint: Fingerprint,
    status: Status,
    labels: Project,
}

#[derive(Deserialize)]
struct Project {
    #[serde(default)]
    project: String,
}

/// Counts what was queued at `since` or later, and what of `pending` was. Blocking for as long as
/// reading takes: about a second for the most it counts.
///
/// # Errors
/// The storage failed.
pub(super) fn tally(
    rows: &dyn Rows,
    pending: Vec<Receipt>,
    since: UnixMs,
) -> Result<Tally, StoreError> {
    let oldest = DeliveryId::new(since, 0).receipt_key();
    let mut tally = Tally { since, ..Tally::default() };
    for receipt in pending.into_iter().filter(|receipt| receipt.created >= since) {
        tally.add(&Row::from(receipt));
    }
    let (mut start, mut counted) = (Vec::new(), 0);
    loop {
        let found = rows.rows(Space::Receipt, &start, STRIDE)?;
        let Some((last, ..)) = found.last() else { return Ok(tally) };
        start = after(last);
        for (key, _, bytes) in &found {
            if *key > oldest {
                return Ok(tally);
            }
            if counted == COUNTED {
                tally.since = created(key).unwrap_or(since);
                return Ok(tally);
            }
            counted += 1;
            // One that cannot be read is told of where receipts are listed.
            if let Ok(row) = serde_json::from_slice::<Row>(bytes) {
                tally.add(&row);
            }
        }
    }
}

/// When the receipt with this key was queued.
fn created(key: &[u8]) -> Option<UnixMs> {
    let id = !u128::from_be_bytes(key.try_into().ok()?);
    u64::try_from(id >> 80).ok().map(UnixMs)
}

impl Tally {
    fn add(&mut self, row: &Row) {
        let (one, fate) = match row.state {
            _ if row.test => return,
            State::Delivered | State::Accepted => {
                (Sums { delivered: 1, ..Sums::default() }, Fate::Told)
            }
            State::Failed => (Sums { failed: 1, ..Sums::default() }, Fate::Failed),
            State::Pending => (Sums { pending: 1, ..Sums::default() }, Fate::Waiting),
            State::Merged => return,
        };
        let projects: BTreeSet<&str> =
            row.alerts.iter().map(|alert| &*alert.labels.project).collect();
        for project in projects {
            let sums = self.by_project.entry(project.to_owned()).or_default();
            *sums = sums.and(one);
        }
        if row.about == About::Resolved {
            return;
        }
        for alert in row.alerts.iter().filter(|alert| alert.status == Status::Firing) {
            let known = self.fates.entry(alert.fingerprint).or_insert(fate);
            *known = fate.max(*known);
        }
    }
}

impl From<Receipt> for Row {
    fn from(receipt: Receipt) -> Self {
        let alerts = receipt.alerts.into_iter().map(|mut alert| Named {
            fingerprint: alert.fingerprint,
            status: alert.status,
            labels: Project { project: alert.labels.remove("project").unwrap_or_default() },
        });
        Self {
            about: receipt.about,
            state: receipt.state,
            test: receipt.test,
            alerts: alerts.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Revision;
    use bytes::Bytes;
    use serde_json::json;

    /// Receipts in the order of their keys.
    struct Kept(BTreeMap<Bytes, Bytes>);

    impl Kept {
        fn of(receipts: &[serde_json::Value]) -> Self {
            let rows = receipts.iter().map(|receipt| {
                let id: DeliveryId = serde_json::from_value(receipt["id"].clone()).unwrap();
                (id.receipt_key(), receipt.to_string().into())
            });
            Self(rows.collect())
        }
    }

    impl Rows for Kept {
        fn row(&self, _: Space, _: &[u8]) -> Result<Option<(Revision, Bytes)>, StoreError> {
            unreachable!("receipts are read in order")
        }

        fn rows(
            &self,
            space: Space,
            start: &[u8],
            limit: usize,
        ) -> Result<Vec<(Bytes, Revision, Bytes)>, StoreError> {
            assert_eq!(space, Space::Receipt);
            let rows = self.0.range(Bytes::copy_from_slice(start)..).take(limit);
            Ok(rows.map(|(key, row)| (key.clone(), Revision(1), row.clone())).collect())
        }
    }

    fn receipt(at: u64, state: &str, alerts: &[(&str, &str)]) -> serde_json::Value {
        let id = DeliveryId::new(UnixMs(at), u128::from(at));
        let alerts = alerts.iter().map(|(fingerprint, project)| {
            json!({"fingerprint": fingerprint, "episode": 1, "status": "firing",
                   "labels": {"alertname": "Down", "project": project}})
        });
        json!({"v": 1, "id": id, "created": UnixMs(at), "receiver": "ops", "channel": "mail",
               "about": "firing", "state": state, "alerts": alerts.collect::<Vec<_>>(),
               "n_attempts": 1, "attempts": []})
    }

    const A: &str = "000000000000000a";
    const B: &str = "000000000000000b";

    fn fate(tally: &Tally, alert: &str) -> Option<Fate> {
        tally.fates.get(&alert.parse().unwrap()).copied()
    }

    #[test]
    fn a_message_counts_once_for_each_project_and_the_best_that_became_of_an_alert_is_kept() {
        let rows = Kept::of(&[
            receipt(2_000, "failed", &[(A, "shop"), (A, "shop"), (B, "bank")]),
            receipt(3_000, "accepted", &[(A, "shop")]),
            receipt(4_000, "merged", &[(B, "bank")]),
        ]);
        let waiting = serde_json::from_value(receipt(4_500, "pending", &[(B, "bank")])).unwrap();
        let tally = tally(&rows, vec![waiting], UnixMs(1_000)).unwrap();
        let sums = |delivered, failed, pending| Sums { delivered, failed, pending };
        assert_eq!(tally.by_project["shop"], sums(1, 1, 0));
        assert_eq!(tally.by_project["bank"], sums(0, 1, 1));
        assert_eq!((fate(&tally, A), fate(&tally, B)), (Some(Fate::Told), Some(Fate::Waiting)));
    }

    #[test]
    fn what_is_older_a_test_or_about_the_end_is_not_taken_for_having_told() {
        let mut over = receipt(3_000, "delivered", &[(B, "shop")]);
        over["about"] = "resolved".into();
        let mut test = receipt(3_100, "delivered", &[(B, "shop")]);
        test["test"] = true.into();
        let rows = Kept::of(&[receipt(999, "delivered", &[(A, "shop")]), over, test]);
        let tally = tally(&rows, Vec::new(), UnixMs(1_000)).unwrap();
        assert_eq!(tally.by_project["shop"].delivered, 1);
        assert_eq!((fate(&tally, A), fate(&tally, B)), (None, None));
        assert_eq!(tally.since, UnixMs(1_000));
    }

    #[test]
    fn with_too_many_the_count_says_from_when_on_it_counted() {
        let many: Vec<_> = (0..COUNTED as u64 + 10)
            .map(|n| receipt(10_000 + n, "delivered", &[(A, "shop")]))
            .collect();
        let tally = tally(&Kept::of(&many), Vec::new(), UnixMs(1_000)).unwrap();
        assert_eq!(tally.by_project["shop"].delivered, COUNTED as u64);
        assert_eq!(tally.since, UnixMs(10_009));
    }
}
