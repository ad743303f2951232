//! Renews a node's certificate in process: made anew at two thirds of its life, shown on every
//! connection from then on. Connections that stand go on with the one they began with.

use super::{
    ca::{Authority, Role},
    client::PeerClient,
    identity::{IdentityError, NodeDir},
    join::{Gatekeeper, JoinDoor},
    scrape_door::ScrapeDoor,
    server::PeerServer,
    tls::{Identity, TlsError},
};
use crate::model::NodeId;
use std::{net::IpAddr, sync::Arc};

/// Why a certificate was not renewed; the old one goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenewError {
    /// It cannot be made or written.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// It cannot be shown.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// Everywhere that a node's certificate is shown.
pub struct Shown {
    /// To those it calls.
    pub client: PeerClient,
    /// On the cluster port.
    pub server: PeerServer,
    /// On the scrape door.
    pub scrape: ScrapeDoor,
    /// Behind the door for those who join.
    pub gate: Arc<dyn Gatekeeper>,
}

/// Makes and shows a new certificate if the one on disk is due or is not `current` (PEM). Returns
/// the one shown from now on when that is a new one. Blocking.
///
/// # Errors
/// [`RenewError`].
pub fn renew(
    dir: &NodeDir,
    authority: &Authority,
    cluster_id: &str,
    addresses: Vec<IpAddr>,
    current: &str,
    shown: &Shown,
) -> Result<Option<String>, RenewError> {
    let id: NodeId = dir.node_id();
    let issued = dir.certificate("node", &Role::Node { id, addresses }, authority)?;
    if issued.cert_pem == current {
        return Ok(None);
    }
    let identity = Identity::new(id, cluster_id, authority.pem(), &issued)?;
    shown.client.set_identity(&identity)?;
    shown.server.set_identity(&identity)?;
    shown.scrape.set_identity(&identity)?;
    let door = JoinDoor::new(&identity, Arc::clone(&shown.gate))?;
    shown.server.set_join(Some(Arc::new(door)));
    Ok(Some(issued.cert_pem))
}

#[cfg(test)]
#[path = "renewal_tests.rs"]
mod tests;
