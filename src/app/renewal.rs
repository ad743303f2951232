//! Looks once an hour whether a certificate of this node is due, and renews it.

use super::doors::{self, PublicDoor};
use crate::{
    base::{error_chain::ErrorChain, shutdown::Shutdown},
    model::{cluster::Member, process::RunAs},
    peer::{
        formation::Formed,
        identity::NodeDir,
        renewal::{Shown, renew},
    },
};
use anyhow::Context as _;
use std::{path::PathBuf, sync::Arc, time::Duration};

/// A certificate is due for thirty days before it ends.
const LOOK: Duration = Duration::from_secs(3600);

/// All that is needed to renew; files of components are read anew by the components.
pub(super) struct Renewal {
    pub(super) formed: Arc<Formed>,
    pub(super) me: Member,
    pub(super) data_dir: PathBuf,
    pub(super) run_as: Option<RunAs>,
    pub(super) public: Arc<PublicDoor>,
    pub(super) shown: Shown,
}

impl Renewal {
    /// Runs until shutdown.
    pub(super) async fn run(self, shutdown: Shutdown) {
        let renewal = Arc::new(self);
        let mut current = renewal.formed.identity.certificate_pem().to_owned();
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = shutdown.cancelled() => return,
            }
            let (round, known) = (Arc::clone(&renewal), current.clone());
            match tokio::task::spawn_blocking(move || round.round(&known)).await {
                Ok(Ok(Some(renewed))) => {
                    tracing::info!("the node's certificate was renewed");
                    current = renewed;
                }
                Ok(Ok(None)) => {}
                Ok(Err(error)) => {
                    tracing::error!(error = format!("{error:#}"), "certificate not renewed");
                }
                Err(error) => {
                    tracing::error!(error = %ErrorChain(&error), "certificate not renewed");
                }
            }
        }
    }

    fn round(&self, current: &str) -> anyhow::Result<Option<String>> {
        let Self { formed, me, data_dir, run_as, public, shown } = self;
        let dir = NodeDir::open(data_dir)?;
        let (id, addresses) = (&formed.record.cluster_id, doors::addresses(me));
        let renewed = renew(&dir, &formed.authority, id, addresses, current, shown)?;
        doors::component_certificate(data_dir, formed, me, *run_as)
            .context("certificate of components")?;
        public.adopt(formed, data_dir, me).context("certificate of the public port")?;
        Ok(renewed)
    }
}
