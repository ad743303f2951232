//! One replica at a time: who restarts a running component for a change first takes the turn of
//! that component, a lease row in the store, and gives it back once the program is ready again.
//!
//! ```text
//! take ──► held (renewed every few seconds) ──► give back
//!   ▲         │ holder died: not renewed for a while
//!   └─────────┘ the next one takes over
//! ```
//! Whether a lease has lapsed is judged by each waiting node on its own monotonic clock, from the
//! revision of the row standing still; so clocks that disagree do no harm. Taking over is guarded
//! by that revision. A holder that could not renew in time says so ([`Turn::is_mine`]) before it
//! touches anything. Without quorum nobody gets a turn: what runs goes on as it is.

use crate::{
    base::clock::now_unix_ms,
    model::{NodeId, Revision, UnixMs},
    store::{
        Event, Store, StoreError, WriteError,
        command::{Change, Command, Precondition, Space},
    },
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, sleep_until},
};
use tokio_util::task::AbortOnDropHandle;

/// A lease that stands still for so long is nobody's: longer than an election takes.
const LAPSE: Duration = Duration::from_secs(20);
/// Wait for a row that moved to arrive here.
const SOON: Duration = Duration::from_millis(100);
/// Wait after a store that could not be asked.
const AGAIN: Duration = Duration::from_secs(1);

/// Gives out turns. Cheap to clone.
#[derive(Clone)]
pub struct Turns {
    store: Store,
    node: NodeId,
    lapse: Duration,
}

/// The turn of one component; let go of by [`Turn::give_back`], else it lapses.
pub struct Turn {
    turns: Turns,
    key: Bytes,
    mine: Arc<AtomicBool>,
    renewing: AbortOnDropHandle<()>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Row {
    node: NodeId,
    /// For people who look at the rows.
    at: UnixMs,
}

/// The row of somebody else, as it stands.
struct Standing {
    revision: Revision,
    since: Instant,
}

impl Turns {
    /// For this node.
    #[must_use]
    pub const fn new(store: Store, node: NodeId) -> Self {
        Self { store, node, lapse: LAPSE }
    }

    #[cfg(test)]
    fn lapsing(store: Store, node: NodeId, lapse: Duration) -> Self {
        Self { store, node, lapse }
    }

    /// Waits for the turn of `component`. Cancel safe: a turn taken by a dropped call lapses, or
    /// is taken again by this node at once.
    pub async fn take(&self, component: &str) -> Turn {
        let key = Bytes::from(format!("restart/{component}"));
        let mut events = self.store.subscribe(self.store.state().index);
        let mut standing = None;
        loop {
            match self.try_take(&key, &mut standing).await {
                Ok(Some(revision)) => return self.held(key, revision),
                Ok(None) => self.wait(&mut events, standing.as_ref()).await,
                Err(error) => {
                    tracing::warn!(component, %error, "cannot take the turn to restart it yet");
                    sleep(AGAIN).await;
                }
            }
        }
    }

    /// `None`: it is somebody else's now.
    async fn try_take(
        &self,
        key: &Bytes,
        standing: &mut Option<Standing>,
    ) -> Result<Option<Revision>, StoreError> {
        let found = self.store.row(Space::Lease, key)?;
        if let Some((revision, row)) = &found
            && serde_json::from_slice::<Row>(row).is_ok_and(|row| row.node != self.node)
        {
            let now = Instant::now();
            let same = standing.take().filter(|known| known.revision == *revision);
            let known = same.unwrap_or(Standing { revision: *revision, since: now });
            let lapsed = now.duration_since(known.since) >= self.lapse;
            *standing = Some(known);
            if !lapsed {
                return Ok(None);
            }
        }
        match self.write(key, found.map(|(revision, _)| revision)).await {
            Ok(revision) => Ok(Some(revision)),
            Err(WriteError::Precondition(_)) => Ok(None),
            Err(error) => Err(StoreError::Storage(error.to_string())),
        }
    }

    /// Until the row moves, or the lease of a holder that stands still lapses.
    async fn wait(&self, events: &mut mpsc::Receiver<Event>, standing: Option<&Standing>) {
        let moved = async {
            loop {
                match events.recv().await {
                    Some(Event::Changed { rows, .. })
                        if !rows.iter().any(|(space, _)| *space == Space::Lease) => {}
                    Some(_) => return,
                    // The store is closing.
                    None => std::future::pending().await,
                }
            }
        };
        let lapses = standing.map_or(Instant::now() + SOON, |known| known.since + self.lapse);
        tokio::select! {
            () = moved => {}
            () = sleep_until(lapses) => {}
        }
    }

    fn held(&self, key: Bytes, revision: Revision) -> Turn {
        let mine = Arc::new(AtomicBool::new(true));
        let renewing = self.clone().renew(key.clone(), revision, Arc::clone(&mine));
        let renewing = AbortOnDropHandle::new(tokio::spawn(renewing));
        Turn { turns: self.clone(), key, mine, renewing }
    }

    async fn renew(self, key: Bytes, mut revision: Revision, mine: Arc<AtomicBool>) {
        let mut renewed = Instant::now();
        loop {
            sleep(self.lapse / 5).await;
            let began = Instant::now();
            match self.write(&key, Some(revision)).await {
                Ok(now) => (revision, renewed) = (now, began),
                Err(WriteError::Precondition(_)) => break,
                Err(error) => tracing::debug!(%error, "turn not renewed"),
            }
            if renewed.elapsed() >= self.lapse * 4 / 5 {
                break;
            }
        }
        mine.store(false, Ordering::SeqCst);
    }

    async fn write(&self, key: &Bytes, found: Option<Revision>) -> Result<Revision, WriteError> {
        let at = UnixMs(now_unix_ms());
        let row = serde_json::to_vec(&Row { node: self.node, at }).unwrap_or_default();
        let change = Change::PutRow(Space::Lease, key.clone(), row.into());
        self.propose(Precondition::Row(Space::Lease, key.clone(), found), change).await
    }

    async fn propose(
        &self,
        precondition: Precondition,
        change: Change,
    ) -> Result<Revision, WriteError> {
        let mut request = [0u8; 16];
        getrandom::fill(&mut request).map_err(|error| WriteError::Refused(error.to_string()))?;
        let command = Command {
            request: u128::from_ne_bytes(request),
            actor: format!("node/{}", self.node),
            why: "one replica at a time".into(),
            at: UnixMs(now_unix_ms()),
            preconditions: vec![precondition],
            changes: vec![change],
        };
        Ok(Revision(self.store.write(command, self.lapse / 4).await?.index))
    }
}

impl Turn {
    /// Whether it is still ours. Once it is not it stays so.
    #[must_use]
    pub fn is_mine(&self) -> bool {
        self.mine.load(Ordering::SeqCst)
    }

    /// Lets the next one go on.
    pub async fn give_back(self) {
        let Self { turns, key, mine, renewing } = self;
        renewing.abort();
        let _ = renewing.await;
        if !mine.load(Ordering::SeqCst) {
            return;
        }
        // What was renewed last is read again: the renewal may have been cut off in the middle.
        let Ok(Some((revision, row))) = turns.store.row(Space::Lease, &key) else { return };
        if serde_json::from_slice::<Row>(&row).is_ok_and(|row| row.node == turns.node) {
            let holds = Precondition::Row(Space::Lease, key.clone(), Some(revision));
            if let Err(error) = turns.propose(holds, Change::DeleteRow(Space::Lease, key)).await {
                tracing::debug!(%error, "turn not given back, it lapses by itself");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{MemoryNetwork, PATIENCE, member};
    use std::sync::atomic::AtomicU32;

    const IDS: [NodeId; 3] = [NodeId(1), NodeId(2), NodeId(3)];

    struct Three {
        _dir: tempfile::TempDir,
        stores: Vec<Store>,
    }

    async fn three() -> Three {
        let (dir, network) = (tempfile::tempdir().unwrap(), MemoryNetwork::default());
        let mut stores = Vec::new();
        for id in IDS {
            stores.push(member(dir.path(), id, &network).await);
        }
        for store in &stores {
            store.initialize(IDS.to_vec()).await.unwrap();
        }
        Three { _dir: dir, stores }
    }

    async fn taken(turns: &Turns) -> Turn {
        tokio::time::timeout(PATIENCE, turns.take("prometheus")).await.expect("a turn in time")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_all_who_want_to_restart_one_does_at_a_time() {
        let three = three().await;
        let n_at_once = Arc::new(AtomicU32::new(0));
        let nodes = three.stores.iter().zip(IDS).map(|(store, node)| {
            let (turns, n_at_once) = (Turns::new(store.clone(), node), Arc::clone(&n_at_once));
            tokio::spawn(async move {
                for _ in 0..5 {
                    let turn = taken(&turns).await;
                    assert_eq!(n_at_once.fetch_add(1, Ordering::SeqCst), 0, "two at a time");
                    tokio::task::yield_now().await;
                    assert!(turn.is_mine());
                    n_at_once.fetch_sub(1, Ordering::SeqCst);
                    turn.give_back().await;
                }
            })
        });
        for ended in futures_util::future::join_all(nodes).await {
            ended.unwrap();
        }
        let mut events = three.stores[0].subscribe(three.stores[0].state().index);
        let empty = async {
            while !three.stores[0].rows(Space::Lease, b"", 10).unwrap().is_empty() {
                events.recv().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, empty).await.expect("every turn given back");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn other_components_have_turns_of_their_own() {
        let three = three().await;
        let prometheus = taken(&Turns::new(three.stores[0].clone(), IDS[0])).await;
        let other = Turns::new(three.stores[1].clone(), IDS[1]);
        let alertmanager = tokio::time::timeout(PATIENCE, other.take("alertmanager")).await;
        assert!(prometheus.is_mine() && alertmanager.unwrap().is_mine());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_turn_of_a_holder_that_died_lapses_and_its_own_node_has_it_back_at_once() {
        let three = three().await;
        let lapse = Duration::from_secs(2);
        let first = Turns::lapsing(three.stores[0].clone(), IDS[0], lapse);
        // Dropped as by a crash: nobody gives it back.
        drop(taken(&first).await);
        let began = Instant::now();
        drop(taken(&first).await);
        assert!(began.elapsed() < lapse, "the same node waited for itself");
        let second = Turns::lapsing(three.stores[1].clone(), IDS[1], lapse);
        let turn = taken(&second).await;
        assert!(began.elapsed() >= lapse, "taken from a holder that may live");
        assert!(turn.is_mine());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_holder_that_lives_keeps_its_turn_and_one_that_lost_it_knows() {
        let three = three().await;
        let lapse = Duration::from_secs(1);
        let first = Turns::lapsing(three.stores[0].clone(), IDS[0], lapse);
        let turn = taken(&first).await;
        let second = Turns::lapsing(three.stores[1].clone(), IDS[1], lapse);
        let waiting = tokio::time::timeout(lapse * 3, second.take("prometheus")).await;
        assert!(waiting.is_err() && turn.is_mine(), "taken from a holder that lives");

        // Somebody took it over all the same.
        let key = Bytes::from_static(b"restart/prometheus");
        let until = Instant::now() + PATIENCE;
        while turn.is_mine() {
            assert!(Instant::now() < until, "the holder does not notice");
            let (revision, _) = second.store.row(Space::Lease, &key).unwrap().unwrap();
            // Fails where the holder renewed in between.
            let _ = second.write(&key, Some(revision)).await;
            sleep(lapse / 4).await;
        }
        turn.give_back().await;
        let (_, row) = second.store.row(Space::Lease, &key).unwrap().expect("still the other's");
        assert_eq!(serde_json::from_slice::<Row>(&row).unwrap().node, IDS[1]);
    }
}
