//! The leader's view of the queue in memory: which delivery may be sent now. Pure; the rows in
//! the store are what is durable.
//!
//! Each channel, and each recipient of one that has several, has a lane of its own, so that one
//! that hangs delays no other. Two deliveries of
//! a lane that share an episode are never sent at once: their order is part of what they say.

use super::{
    delivery::{Class, Delivery, DeliveryId, Item},
    schedule::Tuning,
};
use crate::model::{Revision, UnixMs};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

#[derive(Debug, Clone)]
struct Entry {
    delivery: Delivery,
    revision: Revision,
    busy: bool,
}

#[derive(Debug, Default)]
struct Lane {
    due: BTreeSet<(UnixMs, DeliveryId)>,
    busy: usize,
    /// Episodes being told.
    held: HashSet<Item>,
    failing: bool,
    blocked_until: UnixMs,
}

/// See [`Delivery::lane`].
type LaneKey = (String, String);

fn lane_of(delivery: &Delivery) -> LaneKey {
    let (channel, to) = delivery.lane();
    (channel.to_owned(), to.to_owned())
}

/// All deliveries that are not finished.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: BTreeMap<DeliveryId, Entry>,
    lanes: HashMap<LaneKey, Lane>,
    busy: usize,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Task {
    /// Send this one.
    Send(Box<Delivery>, Revision),
    /// Merge all of them into the first.
    Merge(Vec<(Delivery, Revision)>),
}

/// Most deliveries merged at once.
const MERGED_AT_ONCE: usize = 100;
/// Due deliveries of a lane looked at for one that may go.
const LOOKED_AT: usize = 32;

impl Queue {
    /// A row as read. One that is being sent is left alone: its sender releases it.
    pub(super) fn put(&mut self, delivery: Delivery, revision: Revision) {
        if self.entries.get(&delivery.id).is_some_and(|entry| entry.busy) {
            return;
        }
        self.remove(delivery.id);
        let lane = self.lanes.entry(lane_of(&delivery)).or_default();
        let last = delivery.attempts.last().and_then(|attempt| attempt.outcome.as_ref());
        if last.is_some_and(|outcome| outcome.class == Class::Limited) {
            lane.blocked_until = lane.blocked_until.max(delivery.next_at);
        }
        lane.due.insert((delivery.next_at, delivery.id));
        self.entries.insert(delivery.id, Entry { delivery, revision, busy: false });
    }

    /// The row is gone.
    pub(super) fn remove(&mut self, id: DeliveryId) {
        if self.entries.get(&id).is_none_or(|entry| entry.busy) {
            return;
        }
        let Some(Entry { delivery, .. }) = self.entries.remove(&id) else { return };
        if let Some(lane) = self.lanes.get_mut(&lane_of(&delivery)) {
            lane.due.remove(&(delivery.next_at, id));
            if lane.due.is_empty() && lane.busy == 0 && !lane.failing {
                self.lanes.remove(&lane_of(&delivery));
            }
        }
    }

    /// The next task that is due, marked as being done.
    pub(super) fn take(&mut self, now: UnixMs, tuning: &Tuning) -> Option<Task> {
        if self.busy >= tuning.in_flight {
            return None;
        }
        let lanes: Vec<LaneKey> = self.lanes.keys().cloned().collect();
        lanes.iter().find_map(|lane| self.take_from(lane, now, tuning))
    }

    fn take_from(&mut self, key: &LaneKey, now: UnixMs, tuning: &Tuning) -> Option<Task> {
        let lane = self.lanes.get(key)?;
        if lane.blocked_until > now || lane.busy >= tuning.per_channel {
            return None;
        }
        let due = || lane.due.iter().take_while(|(at, _)| *at <= now).map(|(_, id)| *id);
        let limit = if lane.failing { tuning.merge_failing } else { tuning.merge_any };
        // A failing channel is tried with one message at a time.
        if lane.failing && lane.busy > 0 {
            return None;
        }
        if due().nth(limit.saturating_sub(1)).is_some() {
            let ids: Vec<_> = due().take(MERGED_AT_ONCE).collect();
            return Some(Task::Merge(ids.into_iter().filter_map(|id| self.hold(id)).collect()));
        }
        let free = |id: &DeliveryId| {
            let items = self.entries.get(id).map(|entry| &entry.delivery.items);
            items.is_some_and(|items| items.iter().all(|item| !lane.held.contains(item)))
        };
        let id = due().take(LOOKED_AT).find(free)?;
        let (delivery, revision) = self.hold(id)?;
        Some(Task::Send(Box::new(delivery), revision))
    }

    fn hold(&mut self, id: DeliveryId) -> Option<(Delivery, Revision)> {
        let entry = self.entries.get_mut(&id)?;
        let lane = self.lanes.get_mut(&lane_of(&entry.delivery))?;
        entry.busy = true;
        lane.due.remove(&(entry.delivery.next_at, id));
        lane.held.extend(&entry.delivery.items);
        lane.busy += 1;
        self.busy += 1;
        Some((entry.delivery.clone(), entry.revision))
    }

    /// The task on `id` is over; `ended` is how the attempt went, if there was one. What the row
    /// says now has to be put again.
    pub(super) fn release(&mut self, id: DeliveryId, ended: Option<Class>) {
        let Some(entry) = self.entries.get_mut(&id).filter(|entry| entry.busy) else { return };
        entry.busy = false;
        self.busy -= 1;
        if let Some(lane) = self.lanes.get_mut(&lane_of(&entry.delivery)) {
            lane.busy -= 1;
            for item in &entry.delivery.items {
                lane.held.remove(item);
            }
            if let Some(class) = ended {
                lane.failing = !class.is_success() && class != Class::Rejected;
            }
        }
        self.remove(id);
    }

    /// Waiting deliveries of the same channel that tell some of `items` too.
    pub(super) fn sharing(&self, of: &Delivery, items: &HashSet<Item>) -> Vec<DeliveryId> {
        let Some(lane) = self.lanes.get(&lane_of(of)) else { return Vec::new() };
        let waiting = lane.due.iter().filter_map(|(_, id)| self.entries.get(id));
        waiting
            .filter(|entry| entry.delivery.items.iter().any(|item| items.contains(item)))
            .map(|entry| entry.delivery.id)
            .collect()
    }

    /// When something may become due; `None` = nothing waits.
    pub(super) fn next_at(&self, tuning: &Tuning) -> Option<UnixMs> {
        if self.busy >= tuning.in_flight {
            return None;
        }
        let lanes = self
            .lanes
            .values()
            .filter(|lane| lane.busy < tuning.per_channel && !(lane.failing && lane.busy > 0));
        lanes.filter_map(|lane| Some(lane.due.first()?.0.max(lane.blocked_until))).min()
    }

    /// Unfinished ones, and the oldest of them.
    pub(super) fn depth(&self) -> (usize, Option<DeliveryId>) {
        (self.entries.len(), self.entries.keys().next().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NodeId;
    use crate::notify::{
        alert::Fingerprint,
        delivery::{About, Outcome},
    };

    fn delivery(id: u64, channel: &str, alerts: &[u64]) -> Delivery {
        let item = |n: &u64| Item { fingerprint: Fingerprint(*n), episode: 1 };
        Delivery {
            id: DeliveryId(id.into()),
            created: UnixMs(0),
            receiver: "ops".into(),
            channel: channel.into(),
            kind: "webhook".into(),
            to: String::new(),
            about: About::Firing,
            group_labels: Default::default(),
            items: alerts.iter().map(item).collect(),
            truncated_alerts: 0,
            merged: 0,
            omitted: 0,
            expires_at: UnixMs(9_000_000),
            next_at: UnixMs(0),
            n_attempts: 0,
            attempts: Vec::new(),
            local: false,
        }
    }

    fn sent(task: Option<Task>) -> Option<u128> {
        match task? {
            Task::Send(delivery, _) => Some(delivery.id.0),
            Task::Merge(_) => panic!("nothing to merge"),
        }
    }

    const NOW: UnixMs = UnixMs(1_000);

    #[test]
    fn full_lane_holds_up_no_other_and_order_is_kept_where_episodes_are_shared() {
        let tuning = Tuning { per_channel: 2, ..Tuning::default() };
        let mut queue = Queue::default();
        for (id, channel, alert) in
            [(1, "a", 1), (2, "a", 1), (3, "a", 2), (4, "a", 3), (5, "b", 1)]
        {
            queue.put(delivery(id, channel, &[alert]), Revision(1));
        }
        let mut taken: Vec<_> = std::iter::from_fn(|| sent(queue.take(NOW, &tuning))).collect();
        taken.sort_unstable();
        assert_eq!(taken, [1, 3, 5]);
        queue.release(DeliveryId(1), Some(Class::Delivered));
        assert_eq!(sent(queue.take(NOW, &tuning)), Some(2));
        assert_eq!(queue.depth(), (4, Some(DeliveryId(2))));
    }

    #[test]
    fn limit_blocks_its_lane_also_when_read_back_from_the_row() {
        let mut queue = Queue::default();
        let mut limited = delivery(1, "a", &[1]);
        limited.begin(UnixMs(0), NodeId(1), 1);
        let class = Class::Limited;
        let outcome =
            Outcome { class, reason: String::new(), status: None, wait_ms: None, took_ms: 0 };
        limited.end(outcome);
        limited.next_at = UnixMs(60_000);
        queue.put(limited, Revision(1));
        queue.put(delivery(2, "a", &[2]), Revision(1));
        assert_eq!(queue.take(NOW, &Tuning::default()), None);
        assert_eq!(queue.next_at(&Tuning::default()), Some(UnixMs(60_000)));
        assert!(queue.take(UnixMs(60_000), &Tuning::default()).is_some());
    }

    #[test]
    fn failing_channel_is_tried_one_at_a_time_and_its_backlog_is_merged() {
        let tuning = Tuning { merge_failing: 3, ..Tuning::default() };
        let mut queue = Queue::default();
        queue.put(delivery(1, "a", &[1]), Revision(1));
        assert_eq!(sent(queue.take(NOW, &tuning)), Some(1));
        queue.release(DeliveryId(1), Some(Class::Retry));
        for id in 2..4 {
            queue.put(delivery(id, "a", &[id]), Revision(1));
        }
        assert_eq!(sent(queue.take(NOW, &tuning)), Some(2));
        assert_eq!(queue.take(NOW, &tuning), None);
        queue.release(DeliveryId(2), Some(Class::Unknown));
        for id in 4..6 {
            queue.put(delivery(id, "a", &[id]), Revision(1));
        }
        let Some(Task::Merge(all)) = queue.take(NOW, &tuning) else { panic!("a merge is due") };
        assert_eq!(all.iter().map(|(d, _)| d.id.0).collect::<Vec<_>>(), [3, 4, 5]);
    }

    #[test]
    fn deliveries_that_tell_the_same_are_found() {
        let mut queue = Queue::default();
        for (id, channel, alerts) in [(1, "a", &[1, 2][..]), (2, "a", &[3]), (3, "b", &[1])] {
            queue.put(delivery(id, channel, alerts), Revision(1));
        }
        let item = Item { fingerprint: Fingerprint(1), episode: 1 };
        let found = queue.sharing(&delivery(9, "a", &[]), &HashSet::from([item]));
        assert_eq!(found, [DeliveryId(1)]);
    }
}
