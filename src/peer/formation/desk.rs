//! The state of this node's formation and its transitions, each durable before it counts. The
//! door (others ask) and the drive (we ask) both work on it, one transition at a time.

use super::{
    FormationError, FormationStatus, Plan,
    message::{Hello, HelloPhase, Offer},
    record::{OnDisk, Record, list_hash},
};
use crate::{
    base::clock,
    model::{NodeId, UnixMs, cluster::FEATURE_LEVEL},
    peer::{
        data_key::KeyFile,
        identity::{IdentityError, NodeDir},
        join::{Ask, Gatekeeper},
    },
};
use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};
use tokio::sync::{Notify, watch};
use tracing::info;

/// Listed members that lost their record may ask for it this long after formation.
pub(super) const HAND_OVER_MILLIS: u64 = 24 * 3600 * 1000;

/// How far this node is.
#[derive(Debug, Clone)]
pub(super) enum Phase {
    Blank,
    Prepared(Record),
    Committed(Record),
}

/// Why a transition did not happen.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeskError {
    /// It does not fit; the text goes to the other side.
    #[error("{0}")]
    Refused(String),
    /// Own files or keys.
    #[error(transparent)]
    Failed(#[from] FormationError),
}

fn refused<T>(reason: impl Into<String>) -> Result<T, DeskError> {
    Err(DeskError::Refused(reason.into()))
}

pub(super) struct Desk {
    pub(super) plan: Plan,
    pub(super) dir: NodeDir,
    pub(super) keys: KeyFile,
    pub(super) status: watch::Sender<FormationStatus>,
    /// Wakes the drive.
    pub(super) changed: Notify,
    /// Decides who joins, once there is something to join.
    pub(super) gatekeeper: OnceLock<Arc<dyn Gatekeeper>>,
    phase: Mutex<Phase>,
    /// Held through a whole transition; `phase` only for an instant.
    transition: Mutex<()>,
    seen: Mutex<BTreeMap<String, NodeId>>,
    #[cfg(test)]
    pub(super) crash: super::tests::CrashPoint,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    pub(super) fn open(plan: Plan, dir: NodeDir, keys: KeyFile) -> Result<Self, FormationError> {
        let plan =
            Plan { me: crate::model::cluster::Member { id: dir.node_id(), ..plan.me }, ..plan };
        let phase = match dir.formation::<OnDisk>()? {
            None => Phase::Blank,
            Some(OnDisk { record, .. }) if !record.lists(dir.node_id()) => {
                return Err(FormationError::NotListed { node: dir.node_id() });
            }
            Some(OnDisk { record, committed: true }) => Phase::Committed(record),
            Some(OnDisk { record, .. }) if record.list_hash != list_hash(&plan) => {
                let of = |m: &crate::model::cluster::Member| format!("{} ({})", m.name, m.address);
                let members = record.members.iter().map(of).collect::<Vec<_>>().join(", ");
                return Err(FormationError::OtherCommand { members });
            }
            Some(OnDisk { record, .. }) => Phase::Prepared(record),
        };
        let status = FormationStatus { text: "starting".to_owned(), ..FormationStatus::default() };
        Ok(Self {
            plan,
            dir,
            keys,
            status: watch::Sender::new(status),
            changed: Notify::new(),
            gatekeeper: OnceLock::new(),
            phase: Mutex::new(phase),
            transition: Mutex::new(()),
            seen: Mutex::default(),
            #[cfg(test)]
            crash: super::tests::CrashPoint::default(),
        })
    }

    pub(super) fn phase(&self) -> Phase {
        lock(&self.phase).clone()
    }

    pub(super) fn own_entry(&self) -> String {
        self.plan.entries[self.plan.own].to_string()
    }

    /// What this node's certificates are for.
    pub(super) fn addresses(&self) -> Vec<IpAddr> {
        let me = &self.plan.me;
        if me.address == me.loopback { vec![me.address] } else { vec![me.address, me.loopback] }
    }

    pub(super) fn hello(&self) -> Hello {
        let mut cluster_name = self.plan.cluster_name.clone();
        let phase = match self.phase() {
            Phase::Blank => HelloPhase::Blank,
            Phase::Prepared(Record { cluster_id, proposer, .. }) => {
                HelloPhase::Prepared { cluster_id, proposer }
            }
            Phase::Committed(record) => {
                // What it is, not what this start would have called it.
                cluster_name = record.cluster_name;
                HelloPhase::Committed { cluster_id: record.cluster_id }
            }
        };
        Hello {
            entry: self.own_entry(),
            list: self.plan.entries.iter().map(ToString::to_string).collect(),
            cluster_name,
            list_hash: list_hash(&self.plan),
            member: self.plan.me.clone(),
            phase,
            sees: lock(&self.seen).clone(),
        }
    }

    /// How this node asks to be let in.
    pub(super) fn ask(&self) -> Ask {
        let member = self.plan.me.clone();
        Ask { member, version: env!("CARGO_PKG_VERSION").to_owned(), level: FEATURE_LEVEL }
    }

    /// Remembers whom the last round reached and found blank; says whether that is news.
    pub(super) fn note_seen(&self, seen: BTreeMap<String, NodeId>) -> bool {
        let mut known = lock(&self.seen);
        let news = *known != seen;
        *known = seen;
        news
    }

    /// The record and its key for a listed member that asks in time.
    pub(super) fn offer_to(&self, node: NodeId) -> Option<Offer> {
        let Phase::Committed(record) = self.phase() else { return None };
        let age = UnixMs(clock::now_unix_ms()).since(record.formed);
        if !record.lists(node) || age > HAND_OVER_MILLIS {
            return None;
        }
        let data_key = self.keys.get(&record.cluster_id).ok()?;
        Some(Offer { record, data_key })
    }

    /// Keeps a record that its proposer may commit later. Blocking.
    pub(super) fn prepare(&self, offer: &Offer) -> Result<(), DeskError> {
        let _transition = lock(&self.transition);
        self.check(offer)?;
        if offer.record.list_hash != list_hash(&self.plan) {
            return refused("this node was given another --cluster list or cluster name");
        }
        match self.phase() {
            Phase::Committed(own) | Phase::Prepared(own) if own == offer.record => return Ok(()),
            Phase::Committed(own) => {
                return refused(format!("this node is in cluster {}", own.cluster_id));
            }
            // A proposer that proposes anew has abandoned what it proposed before.
            Phase::Prepared(own) if own.proposer != offer.record.proposer => {
                return refused(format!("this node holds a proposal of node {}", own.proposer));
            }
            Phase::Prepared(_) | Phase::Blank => {}
        }
        self.store(offer, false)
    }

    /// The proposer has every acknowledgement, or says that it had. Blocking.
    pub(super) fn commit(&self, cluster_id: &str) -> Result<(), DeskError> {
        let _transition = lock(&self.transition);
        match self.phase() {
            Phase::Committed(record) if record.cluster_id == cluster_id => Ok(()),
            Phase::Prepared(record) if record.cluster_id == cluster_id => {
                self.save(record, true)?;
                Ok(())
            }
            _ => refused(format!("this node holds no proposal for cluster {cluster_id}")),
        }
    }

    /// Takes the record of a committed cluster that lists this node, or has let it in. Blocking.
    pub(super) fn adopt(&self, offer: &Offer) -> Result<(), DeskError> {
        let _transition = lock(&self.transition);
        self.check(offer)?;
        if let Phase::Committed(own) = self.phase() {
            return refused(format!("this node is in cluster {}", own.cluster_id));
        }
        self.store(offer, true)
    }

    /// Gives up a proposal that can never commit. Blocking.
    pub(super) fn abandon(&self, cluster_id: &str) -> Result<(), DeskError> {
        let _transition = lock(&self.transition);
        if !matches!(self.phase(), Phase::Prepared(own) if own.cluster_id == cluster_id) {
            return Ok(());
        }
        self.persist(|| self.dir.save_formation::<OnDisk>(None)).map_err(FormationError::from)?;
        *lock(&self.phase) = Phase::Blank;
        info!(cluster_id, "formation starts over: the proposal can never be completed");
        Ok(())
    }

    fn check(&self, offer: &Offer) -> Result<(), DeskError> {
        offer.record.check().map_err(DeskError::Refused)?;
        if !offer.record.lists(self.plan.me.id) {
            return refused(format!("the record does not list node {}", self.plan.me.id));
        }
        match offer.record.authority(&offer.data_key) {
            Ok(_) => Ok(()),
            Err(error) => refused(format!("the record does not open: {error}")),
        }
    }

    /// The key first: a record without its key would be worth nothing.
    fn store(&self, offer: &Offer, committed: bool) -> Result<(), DeskError> {
        let key = || self.keys.add(&offer.record.cluster_id, &offer.data_key);
        self.persist(|| key().map_err(FormationError::from))?;
        self.save(offer.record.clone(), committed)?;
        Ok(())
    }

    fn save(&self, record: Record, committed: bool) -> Result<(), FormationError> {
        let on_disk = OnDisk { record, committed };
        self.persist(|| self.dir.save_formation(Some(&on_disk)))?;
        let record = on_disk.record;
        info!(cluster_id = record.cluster_id, committed, "formation record written");
        *lock(&self.phase) =
            if committed { Phase::Committed(record) } else { Phase::Prepared(record) };
        self.changed.notify_one();
        Ok(())
    }

    /// Runs one write. Tests let the node die just before or just after any of them.
    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "tests count writes here"))]
    pub(super) fn persist<T, E: From<IdentityError>>(
        &self,
        write: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        #[cfg(test)]
        self.crash.pass()?;
        let written = write()?;
        #[cfg(test)]
        self.crash.pass()?;
        Ok(written)
    }
}
