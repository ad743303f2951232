//! The tasks that make the machine match what is declared, and the components they need.

use super::Node;
use crate::{
    app::{
        components::Unpacked, node::Unpacking, notes::Notes, share::Share, sources,
        upstream::Upstream,
    },
    base::shutdown::Shutdown,
    model::NodeId,
    observe::http::LocalHttp,
    peer::client::PeerClient,
    reconcile::{
        checker::Checkers,
        component::{Parts, Specs},
        ledger::Ledger,
        turn::Turns,
        worker::Worker,
    },
    render::NodeFacts,
    store::Store,
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinHandle};

/// For local programs: reloads may take a while.
const LOCAL_TIMEOUT: Duration = Duration::from_secs(30);

/// The tasks that make the machine match, and what judges candidates.
pub(super) struct Reconciling {
    pub(super) checkers: Checkers,
    pub(super) worker: JoinHandle<()>,
    pub(super) unpacked: JoinHandle<anyhow::Result<()>>,
}

impl Node {
    pub(super) fn reconcile(
        &self,
        facts: NodeFacts,
        unpacking: Unpacking,
    ) -> anyhow::Result<Reconciling> {
        let (sender, receiver) = watch::channel(None);
        let sharing = Sharing {
            me: self.me.id,
            store: self.store.clone(),
            client: self.client.clone(),
            facts: sender,
            incoming: self.data.join("blobs-incoming"),
            notes: self.notes.clone(),
            online: self.options.bundle.online,
        };
        let unpacked = tokio::spawn(unpacked(unpacking, facts, sharing, self.shutdown.clone()));
        let checkers = Checkers::new(self.supervisor.runner(), self.me.id, receiver.clone());
        let parts = Parts {
            supervisor: Arc::clone(&self.supervisor),
            checkers: checkers.clone(),
            http: LocalHttp::new(LOCAL_TIMEOUT, self.login.header.clone())?,
            reports: self.reports.clone(),
            specs: Specs::default(),
            ledger: Ledger::open(&self.data.join("run/live.json")),
            turns: Turns::new(self.store.clone(), self.me.id),
        };
        let store = self.store.clone();
        let worker = Worker { store, node: self.me.id, facts: receiver, parts };
        let worker = tokio::spawn(worker.run(self.shutdown.clone()));
        Ok(Reconciling { checkers, worker, unpacked })
    }
}

/// Gives the reconciler its facts once the bundles are unpacked. A bundle that was named and
/// cannot be used ends the node.
async fn unpacked(
    unpacking: Unpacking,
    facts: NodeFacts,
    sharing: Sharing,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    match unpacking.await? {
        Ok(found) => {
            let Sharing { me, store, client, facts: sender, incoming, notes, online } = sharing;
            // Before anything is rendered: what runs under such a key must not count as missing.
            let keys = sources::cluster_keys(&store.state());
            let said = notes.clone();
            let with_keys = tokio::task::spawn_blocking(move || found.under(&keys, &said)).await?;
            let Unpacked { library, sources, builds } = with_keys;
            sender.send_replace(Some(Arc::new(NodeFacts { builds, ..facts })));
            let upstream = match online {
                true => Some(Upstream::of_catalogue(&incoming, notes.clone())?),
                false => None,
            };
            let facts = sender;
            let share =
                Share { me, store, client, library, sources, notes, upstream, facts, incoming };
            share.run(shutdown).await;
            Ok(())
        }
        Err(error) => {
            shutdown.cancel();
            Err(error.into())
        }
    }
}

/// What sharing components needs besides the library.
struct Sharing {
    me: NodeId,
    store: Store,
    client: PeerClient,
    facts: watch::Sender<Option<Arc<NodeFacts>>>,
    incoming: std::path::PathBuf,
    notes: Notes,
    online: bool,
}
