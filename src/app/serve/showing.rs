//! How this node is seen: by the other nodes, by whoever scrapes 8422, and by its own components on
//! 8423.

use super::Node;
use crate::{
    app::{
        cluster::board, components, doors, login::Login, machine, metrics, notifier,
        status::StatusSource,
    },
    base::shutdown::Shutdown,
    model::cluster::Member,
    peer::{
        client::PeerClient,
        local_door::{self, LocalDoor},
        local_http::LocalTarget,
        scrape_door::{OwnMetrics, ScrapeDoor, ScrapeTable},
    },
    render::NodeFacts,
    store::Store,
};
use std::{collections::BTreeMap, sync::Arc};
use tokio::{net::TcpListener, task::JoinSet};

impl Node {
    /// Opens 8423, and gathers what rendering must know of this machine but its builds.
    pub(super) fn open_local_door(
        &self,
        local: TcpListener,
        tasks: &mut JoinSet<()>,
    ) -> anyhow::Result<NodeFacts> {
        let run_as = machine::component_user(&self.data.path);
        let component_tls =
            doors::component_certificate(&self.data.path, &self.formed, &self.me, run_as)?;
        let token_file = self.data.join("components/local.token");
        let door = LocalDoor {
            me: self.me.id,
            token: Arc::new(local_door::ensure_token(&token_file, run_as)?),
            forwarder: self.forwarder.clone(),
            client: self.client.clone(),
            notify: Arc::new(notifier::Door(Arc::clone(&self.notify))),
        };
        tasks.spawn(local_door::serve(local, door.router(), self.shutdown.clone()));
        Ok(NodeFacts {
            components_dir: self.data.join("components"),
            builds: BTreeMap::new(),
            run_as,
            component_tls,
            local_token_file: token_file,
            login: self.login.facts.clone(),
            listen: self.options.listen,
            memory_bytes: machine::memory_bytes(),
            disk_bytes: machine::disk_bytes(&self.data.path),
        })
    }

    /// Tells the other nodes and whoever scrapes 8422 how this one is; returns its own metrics.
    pub(super) fn show(
        &self,
        scrape: TcpListener,
        tasks: &mut JoinSet<()>,
    ) -> anyhow::Result<(OwnMetrics, ScrapeDoor)> {
        let shutdown = &self.shutdown;
        let supervisor = Arc::clone(&self.supervisor);
        let source = StatusSource::new(
            self.me.id,
            self.store.clone(),
            supervisor,
            self.reports.clone(),
            Arc::clone(&self.notify.metrics),
            self.notes.clone(),
        );
        let metrics = metrics::of(&source, &self.store, &self.notify.metrics);
        let identity = &self.formed.identity;
        let door = ScrapeDoor::start(scrape, identity, Arc::clone(&metrics), shutdown.clone())?;
        door.set_table(ScrapeTable {
            components: component_targets(&self.me, &components::KNOWN, "/metrics", &self.login),
            exporters: BTreeMap::new(),
        });
        let wake =
            vec![self.reports.watch(), self.notes.watch(), source.processes_changed(shutdown)];
        tasks.spawn(board::tell(
            self.board.clone(),
            self.store.clone(),
            Arc::clone(&self.transport),
            move || source.now(),
            wake,
            shutdown.clone(),
        ));
        let following = follow_members(self.store.clone(), self.client.clone(), shutdown.clone());
        tasks.spawn(following);
        Ok((metrics, door))
    }
}

/// Keeps the address book equal to the member rows.
async fn follow_members(store: Store, client: PeerClient, shutdown: Shutdown) {
    let mut changes = store.changes();
    loop {
        changes.mark_unchanged();
        let state = store.state();
        if !state.members.is_empty() {
            client.set_book(&state.members);
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = shutdown.cancelled() => return,
        }
    }
}

/// Where this node's components listen, those that run here or not.
pub(super) fn component_targets(
    me: &Member,
    names: &[&str],
    prefix: &str,
    login: &Login,
) -> BTreeMap<String, LocalTarget> {
    let port = |name: &str| match name {
        "prometheus" => Some(me.ports.prometheus),
        "alertmanager" => Some(me.ports.alertmanager),
        "node_exporter" => Some(me.ports.node_exporter),
        "blackbox_exporter" => Some(me.ports.blackbox_exporter),
        _ => None,
    };
    names
        .iter()
        .filter_map(|name| {
            let address = std::net::SocketAddr::new(me.loopback, port(name)?);
            let authorization = login.header.clone();
            let target = LocalTarget { address, prefix: prefix.to_owned(), authorization };
            Some(((*name).to_owned(), target))
        })
        .collect()
}
