//! Formation: the identical command on every machine becomes exactly one cluster.
//!
//! ```text
//!            propose (own id lowest, everybody blank and seeing everybody)
//!   blank ───────────────────────────────► prepared ──all acknowledged──► committed
//!     ▲  ◄── abandoned: it can never commit ──┘  │                            ▲
//!     ├──────────── handed over by a committed node that lists us ────────────┤
//!     └──────────── let in by a cluster that was formed without us ───────────┘ (joined)
//! ```
//!
//! Invariants: a node writes each state to disk before it speaks of it; only the proposer decides
//! to commit, and only after every listed node has acknowledged the very record; nobody starts
//! Raft before `committed`. There is no time-out and no smaller cluster: until everybody is there
//! the status says for whom it waits. The formation token authenticates both sides, bound to the
//! connection. Called by `app` only. See ../DESIGN.md for why no crash can make two clusters.

pub(in crate::peer) mod channel;
mod decide;
mod desk;
mod door;
mod drive;
mod joining;
mod message;
mod record;
mod status;
#[cfg(test)]
mod tests;

pub use message::Offer;
pub use record::{Origin, Record};
pub use status::{FormationStatus, PeerNote};

use super::{
    ca::{Authority, CaError, Role},
    data_key::{DataKey, KeyError, KeyFile},
    identity::{IdentityError, NodeDir},
    join::Gatekeeper,
    resolve::Endpoint,
    server::FormationDoor,
    tls::{Identity, TlsError},
    token::Token,
};
use crate::model::cluster::Member;
use channel::Secure;
use desk::{Desk, Phase};
use std::sync::Arc;
use tokio::sync::watch;

/// What this machine was told.
#[derive(Debug, Clone)]
pub struct Plan {
    /// This node as the others will know it; its id is the data directory's.
    pub me: Member,
    /// The `cluster` external label.
    pub cluster_name: String,
    /// All entries of `--cluster`, this node's among them; one entry for a single node.
    pub entries: Vec<Endpoint>,
    /// Which of them this node is.
    pub own: usize,
    /// Needed for more than one entry.
    pub token: Option<Token>,
}

/// Why formation cannot go on by itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormationError {
    /// The node's own files.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The key file.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The cluster CA.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// Certificates do not fit.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Several entries but no token.
    #[error(
        "--cluster needs --token-file: make one with `watchkeep token new --formation` and copy \
         it to every machine"
    )]
    NoToken,
    /// An unfinished formation was begun with another command.
    #[error(
        "a formation with {members} is unfinished in this data directory: run the same command as \
         before, or remove formation.json to start over"
    )]
    OtherCommand {
        /// Names and addresses of its members.
        members: String,
    },
    /// The record on disk does not list this node.
    #[error("formation.json does not list this node {node}: was the data directory copied?")]
    NotListed {
        /// This node.
        node: crate::model::NodeId,
    },
}

/// The outcome: everything to start Raft, doors and rendering with.
pub struct Formed {
    /// What all members agreed on.
    pub record: Record,
    /// The CA, opened.
    pub authority: Authority,
    /// The cluster's data key.
    pub data_key: DataKey,
    /// This node towards other members.
    pub identity: Identity,
    /// This node proposed the record. It alone makes the first admin.
    pub initial: bool,
    /// What the cluster is to keep of the formation token, as a join token.
    pub first_token: Option<Vec<u8>>,
}

/// A formation on its way, or one that was finished in an earlier life.
pub struct Formation {
    desk: Arc<Desk>,
    secure: Option<Arc<Secure>>,
}

impl Formation {
    /// Reads what is on disk. Blocking.
    ///
    /// # Errors
    /// All variants of [`FormationError`].
    pub fn open(plan: Plan, dir: NodeDir, keys: KeyFile) -> Result<Self, FormationError> {
        let token = plan.token.clone();
        let alone = plan.entries.len() == 1;
        let desk = Arc::new(Desk::open(plan, dir, keys)?);
        if token.is_none() && !alone && !matches!(desk.phase(), Phase::Committed(_)) {
            return Err(FormationError::NoToken);
        }
        let secure = match token {
            Some(Token::Formation(token)) => Some(Arc::new(Secure::new(token)?)),
            Some(Token::Node(_)) | None => None,
        };
        Ok(Self { desk, secure })
    }

    /// From now on machines that show the formation token may join. A second call changes
    /// nothing.
    pub fn set_gatekeeper(&self, gatekeeper: Arc<dyn Gatekeeper>) {
        let _ = self.desk.gatekeeper.set(gatekeeper);
    }

    /// For [`super::server::PeerServer::set_formation`]; `None` without a token. Keep it mounted
    /// after formation: a member that crashed in the middle comes back to it.
    #[must_use]
    pub fn door(&self) -> Option<Arc<dyn FormationDoor>> {
        let secure = Arc::clone(self.secure.as_ref()?);
        Some(Arc::new(door::Door::new(Arc::clone(&self.desk), secure)))
    }

    /// For whom or what it waits.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<FormationStatus> {
        self.desk.status.subscribe()
    }

    /// Whether an earlier life has finished it already; [`Self::run`] then needs no network.
    #[must_use]
    pub fn is_formed(&self) -> bool {
        matches!(self.desk.phase(), Phase::Committed(_))
    }

    /// Forms the cluster, however long that takes. Cancel safe: what is on disk is enough to go
    /// on from.
    ///
    /// # Errors
    /// Own files or keys cannot be used.
    pub async fn run(&self) -> Result<Formed, FormationError> {
        let record = match &self.desk.plan.token {
            Some(Token::Node(token)) => joining::to_member(&self.desk, token).await?,
            _ => drive::to_commit(&self.desk, self.secure.as_deref()).await?,
        };
        let desk = Arc::clone(&self.desk);
        tokio::task::spawn_blocking(move || finish(&desk, record)).await.map_err(|error| {
            IdentityError::File {
                path: self.desk.dir.dir().to_owned(),
                source: std::io::Error::other(error),
            }
        })?
    }
}

/// Writes what a node of a restored cluster starts from: first the key, as always. Blocking.
///
/// # Errors
/// Own files or the key file cannot be written.
pub fn keep_restored(
    dir: &NodeDir,
    keys: &KeyFile,
    record: &Record,
    data_key: &DataKey,
) -> Result<(), FormationError> {
    keys.add(&record.cluster_id, data_key)?;
    dir.save_formation(Some(&record::OnDisk { record: record.clone(), committed: true }))?;
    dir.bind_to_cluster(&record.cluster_id)?;
    Ok(())
}

/// Opens what a committed record promises; repeats what a crash left undone.
fn finish(desk: &Desk, record: Record) -> Result<Formed, FormationError> {
    let me = desk.dir.node_id();
    desk.persist(|| desk.dir.bind_to_cluster(&record.cluster_id))?;
    let data_key = desk.keys.get(&record.cluster_id)?;
    let authority = record.authority(&data_key)?;
    let role = Role::Node { id: me, addresses: desk.addresses() };
    let issued = desk.persist(|| desk.dir.certificate("node", &role, &authority))?;
    let identity = Identity::new(me, &record.cluster_id, authority.pem(), &issued)?;
    desk.status.send_replace(FormationStatus::formed(&record));
    let initial = record.origin == Origin::Formed && record.proposer == me;
    let first_token = match &desk.plan.token {
        Some(Token::Formation(token)) => Some(record.join_token_row(token)),
        _ => None,
    };
    Ok(Formed { record, authority, data_key, identity, initial, first_token })
}
