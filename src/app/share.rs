//! One bundle for the whole cluster: a node announces what it has, and fetches from the others
//! what it lacks. What a node believes is decided by its own trusted keys, not by who offers it.

use super::components;
use crate::{
    base::{clock::now_unix_ms, error_chain::ErrorChain, shutdown::Shutdown},
    bundle::{Accepted, Library},
    model::{NodeId, UnixMs},
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
    /// Told when there is more.
    pub facts: watch::Sender<Option<Arc<NodeFacts>>>,
    /// For files on their way.
    pub incoming: PathBuf,
}

impl Share {
    /// Runs until shutdown.
    pub async fn run(self, shutdown: Shutdown) {
        let mut events = self.store.subscribe(self.store.state().index);
        loop {
            if let Err(error) = self.round().await {
                tracing::warn!(error = format!("{error:#}"), "sharing components, trying again");
            }
            let announced = async {
                while let Some(event) = events.recv().await {
                    match event {
                        Event::Changed { rows, .. }
                            if !rows.iter().any(|(space, _)| *space == Space::Bundle) => {}
                        _ => return,
                    }
                }
                std::future::pending().await
            };
            tokio::select! {
                () = announced => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    async fn round(&self) -> anyhow::Result<()> {
        let announced: Vec<Accepted> = self
            .store
            .rows(Space::Bundle, b"", ROWS)?
            .into_iter()
            .filter_map(|(_, _, row)| serde_json::from_slice(&row).ok())
            .collect();
        self.announce(&announced).await?;
        let library = self.library.clone();
        let missing = tokio::task::spawn_blocking(move || library.missing(&announced)).await??;
        let mut fetched = false;
        for row in missing {
            fetched |= self.fetch(row).await?;
        }
        if fetched {
            let library = self.library.clone();
            let builds = tokio::task::spawn_blocking(move || components::builds(&library)).await?;
            self.facts.send_modify(|facts| {
                if let Some(known) = facts.as_deref() {
                    *facts = Some(Arc::new(NodeFacts { builds, ..known.clone() }));
                }
            });
        }
        Ok(())
    }

    /// Writes rows for what is here and not announced yet.
    async fn announce(&self, announced: &[Accepted]) -> anyhow::Result<()> {
        let library = self.library.clone();
        let here = tokio::task::spawn_blocking(move || library.items()).await??;
        let changes = here
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
