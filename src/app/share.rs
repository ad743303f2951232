//! One bundle for the whole cluster: a node announces what it has, and fetches from the others
//! what it lacks, or from upstream where it may. What a node believes is decided by the trusted
//! keys, its own and the cluster's, not by who offers it.
//!
//! A key that is no longer trusted counts for what is taken from then on; programs that run under
//! it go on until the node starts again.

use super::{
    components,
    notes::Notes,
    sources::{self, Sources},
    upstream::{self, Upstream},
};
use crate::{
    base::{clock::now_unix_ms, error_chain::ErrorChain, shutdown::Shutdown},
    bundle::{Accepted, Library},
    model::{
        Kind, NodeId, UnixMs,
        audit::{Note, Verb},
    },
    peer::{blob::fetch_blob, client::PeerClient},
    render::NodeFacts,
    store::{
        Event, Store,
        command::{Change, Command, Space},
    },
};
use anyhow::Context as _;
use bytes::Bytes;
use std::{fs::File, path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::watch;

/// Looks again for what could not be had.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
const DEADLINE: Duration = Duration::from_secs(10);
/// Rows read at once; a catalogue is far smaller.
const ROWS: usize = 1000;

/// Shares components until shutdown.
pub struct Share {
    /// This node.
    pub me: NodeId,
    /// Where announcements are.
    pub store: Store,
    /// The way to the others.
    pub client: PeerClient,
    /// What is here.
    pub library: Library,
    /// Where more of it may turn up on this machine.
    pub sources: Sources,
    /// What is wrong with bundles.
    pub notes: Notes,
    /// The last resort, with `--online`.
    pub upstream: Option<Upstream>,
    /// Told when there is more.
    pub facts: watch::Sender<Option<Arc<NodeFacts>>>,
    /// For files on their way.
    pub incoming: PathBuf,
}

impl Share {
    /// Runs until shutdown.
    pub async fn run(mut self, shutdown: Shutdown) {
        tokio::select! {
            // Cancel safe: what is half fetched is fetched again, what is taken is taken whole.
            () = self.go_on() => {}
            () = shutdown.cancelled() => {}
        }
    }

    async fn go_on(&mut self) {
        let mut events = self.store.subscribe(self.store.state().index);
        loop {
            if let Err(error) = self.round().await {
                tracing::warn!(error = format!("{error:#}"), "sharing components, trying again");
            }
            let concerned = async {
                while let Some(event) = events.recv().await {
                    if concerns_us(&event) {
                        return;
                    }
                }
                std::future::pending().await
            };
            tokio::select! {
                () = concerned => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    async fn round(&mut self) -> anyhow::Result<()> {
        let mut more = self.look_here().await?;
        let announced = self.announced()?;
        self.announce(&announced).await?;
        let (library, rows) = (self.library.clone(), announced.clone());
        for row in tokio::task::spawn_blocking(move || library.missing(&rows)).await?? {
            more |= self.fetch(row).await?;
        }
        if let Some(upstream) = &mut self.upstream {
            let leads = self.store.raft().borrow().is_leader;
            let names = upstream::names(&announced);
            if upstream.round(&self.library, &names, leads).await? {
                more = true;
                self.announce(&announced).await?;
            }
        }
        if more {
            self.unpack().await?;
        }
        Ok(())
    }

    fn announced(&self) -> anyhow::Result<Vec<Accepted>> {
        let rows = self.store.rows(Space::Bundle, b"", ROWS)?.into_iter();
        Ok(rows.filter_map(|(_, _, row)| serde_json::from_slice(&row).ok()).collect())
    }

    /// Looks at the bundles on this machine under the keys that count now.
    async fn look_here(&mut self) -> anyhow::Result<bool> {
        let keys = sources::cluster_keys(&self.store.state());
        self.library = self.library.with_trust(self.sources.trust(&keys));
        let (library, notes) = (self.library.clone(), self.notes.clone());
        let mut sources = self.sources.clone();
        let look = move || {
            let more = sources.look(&library, &keys, &notes);
            (sources, more)
        };
        let (sources, more) = tokio::task::spawn_blocking(look).await?;
        self.sources = sources;
        Ok(more?)
    }

    /// Gives the reconciler what the library can offer now besides what it has.
    async fn unpack(&self) -> anyhow::Result<()> {
        let library = self.library.clone();
        let builds = tokio::task::spawn_blocking(move || components::builds(&library)).await?;
        self.facts.send_modify(|facts| {
            if let Some(known) = facts.as_deref() {
                let mut known = known.clone();
                known.builds.extend(builds);
                *facts = Some(Arc::new(known));
            }
        });
        Ok(())
    }

    /// Writes rows for what is here and not announced yet.
    async fn announce(&self, announced: &[Accepted]) -> anyhow::Result<()> {
        let library = self.library.clone();
        let here = tokio::task::spawn_blocking(move || library.items()).await??;
        let mut changes = here
            .iter()
            .filter(|row| !announced.contains(row))
            .map(|row| {
                let key = Bytes::copy_from_slice(row.item.sha256.as_bytes());
                Ok(Change::PutRow(Space::Bundle, key, serde_json::to_vec(row)?.into()))
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        if changes.is_empty() {
            return Ok(());
        }
        changes.push((&added(self.me, &here, announced)).into());
        let mut request = [0u8; 16];
        getrandom::fill(&mut request).context("no randomness")?;
        let command = Command {
            request: u128::from_ne_bytes(request),
            actor: format!("node/{}", self.me),
            why: "components found in a bundle".into(),
            at: UnixMs(now_unix_ms()),
            preconditions: Vec::new(),
            changes,
        };
        self.store.write(command, DEADLINE).await?;
        Ok(())
    }

    /// Asks one member after the other. `false`: nobody has it now.
    async fn fetch(&self, row: Accepted) -> anyhow::Result<bool> {
        let others: Vec<NodeId> =
            self.store.state().members.keys().copied().filter(|node| *node != self.me).collect();
        tokio::fs::create_dir_all(&self.incoming).await?;
        let file = self.incoming.join(&row.item.sha256);
        for node in others {
            let got = fetch_blob(&self.client, node, &row.item.sha256, row.item.size, &file).await;
            if let Err(error) = got {
                tracing::debug!(%node, error = %ErrorChain(&error), "blob not had from this node");
                continue;
            }
            tracing::info!(component = %row.item.name, version = row.item.version, from = %node, "component fetched");
            let (library, path) = (self.library.clone(), file.clone());
            tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
                library.add_blob(row, &mut File::open(&path)?)?;
                Ok(std::fs::remove_file(&path)?)
            })
            .await??;
            return Ok(true);
        }
        Ok(false)
    }
}

/// What the audit says of components that became available.
fn added(me: NodeId, here: &[Accepted], announced: &[Accepted]) -> Note {
    let new = here.iter().filter(|row| !announced.contains(row));
    let names: Vec<String> =
        new.map(|row| format!("{} {}", row.item.name, row.item.version)).collect();
    let why: String = names.join(", ").chars().take(500).collect();
    let done = Note::done(UnixMs(now_unix_ms()), format!("node/{me}"), Verb::BundleAdd);
    Note { why, ..done }.about(format!("{} components", names.len()))
}

/// Rows of bundles, or the settings with their keys.
fn concerns_us(event: &Event) -> bool {
    match event {
        Event::Changed { rows, keys, .. } => {
            rows.iter().any(|(space, _)| *space == Space::Bundle)
                || keys.iter().any(|key| key.kind == Kind::Settings)
        }
        Event::Resync { .. } => true,
    }
}
