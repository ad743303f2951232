//! Who waits for which applied index.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{oneshot, watch};

#[derive(Default)]
pub(super) struct Waiting(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    /// By index, then in order of arrival.
    by_index: BTreeMap<(u64, u64), oneshot::Sender<()>>,
    arrived: u64,
}

/// Leaves the queue when dropped.
struct Place<'a> {
    queue: &'a Waiting,
    at: (u64, u64),
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.lock().by_index.remove(&self.at);
    }
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A wait for `index`; `None` when `applied` is there already. `applied` is read under the lock
    /// that [`Self::wake`] takes after it was moved, so none is forgotten.
    pub(super) fn until(
        &self,
        index: u64,
        applied: &watch::Sender<u64>,
    ) -> Option<impl Future<Output = ()>> {
        let mut queue = self.lock();
        if *applied.borrow() >= index {
            return None;
        }
        let (wake, woken) = oneshot::channel();
        queue.arrived += 1;
        let at = (index, queue.arrived);
        queue.by_index.insert(at, wake);
        drop(queue);
        let place = Place { queue: self, at };
        Some(async move {
            let _ = woken.await;
            drop(place);
        })
    }

    /// Wakes all that wait for `index` or less.
    pub(super) fn wake(&self, index: u64) {
        let mut queue = self.lock();
        while let Some(first) = queue.by_index.first_entry()
            && first.key().0 <= index
        {
            let _ = first.remove().send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[test]
    fn each_is_woken_by_its_own_index_and_who_leaves_is_forgotten() {
        let (waiting, applied) = (Waiting::default(), watch::Sender::new(5));
        assert!(waiting.until(5, &applied).is_none());
        let mut six = Box::pin(waiting.until(6, &applied).unwrap());
        let mut eight = Box::pin(waiting.until(8, &applied).unwrap());
        let never = waiting.until(u64::MAX, &applied).unwrap();
        applied.send_replace(7);
        waiting.wake(7);
        assert!((&mut six).now_or_never().is_some());
        assert!((&mut eight).now_or_never().is_none());
        drop(never);
        assert_eq!(waiting.lock().by_index.len(), 1);
        applied.send_replace(8);
        waiting.wake(8);
        assert!((&mut eight).now_or_never().is_some());
        assert!(waiting.lock().by_index.is_empty());
    }
}
