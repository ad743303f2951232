//! The node's own listeners, all bound before anything else is done: a port clash is found at
//! the start and names the port and who holds it.

use super::{machine, options::NodeOptions};
use crate::{model::cluster::Ports, peer::port_clash};
use std::net::{IpAddr, SocketAddr};
use tokio::net::TcpListener;

/// Bound, not yet accepting.
pub struct Listeners {
    /// Portal and API.
    pub public: TcpListener,
    /// Cluster port.
    pub peer: TcpListener,
    /// Scrape door.
    pub scrape: TcpListener,
    /// Loopback door.
    pub local: TcpListener,
    /// The real numbers of all ports, also where 0 was asked for.
    pub ports: Ports,
}

/// Binds them all.
///
/// # Errors
/// The first port that cannot be had.
pub async fn bind(options: &NodeOptions) -> Result<Listeners, port_clash::BindError> {
    let asked = options.ports;
    let loopback = machine::loopback(options);
    let bind = |name, address, port| port_clash::bind(SocketAddr::new(address, port), name);
    let public = bind("public", options.listen, asked.public).await?;
    let peer = bind("peer", options.listen, asked.peer).await?;
    let scrape = bind("scrape", options.listen, asked.scrape).await?;
    let local = bind("local", loopback, asked.local).await?;
    let ports = Ports {
        public: number(&public, asked.public),
        peer: number(&peer, asked.peer),
        scrape: number(&scrape, asked.scrape),
        local: number(&local, asked.local),
        prometheus: free(loopback, asked.prometheus, "prometheus").await?,
        alertmanager: free(loopback, asked.alertmanager, "alertmanager").await?,
        gossip: free(options.listen, asked.gossip, "gossip").await?,
        node_exporter: free(loopback, asked.node_exporter, "node_exporter").await?,
        blackbox_exporter: free(loopback, asked.blackbox_exporter, "blackbox_exporter").await?,
    };
    Ok(Listeners { public, peer, scrape, local, ports })
}

fn number(listener: &TcpListener, asked: u16) -> u16 {
    listener.local_addr().map_or(asked, |address| address.port())
}

/// A component's port: as asked, or one that was free a moment ago. A given port is not tried
/// here, since the component of an earlier life of ours may rightly hold it.
async fn free(
    address: IpAddr,
    asked: u16,
    name: &'static str,
) -> Result<u16, port_clash::BindError> {
    if asked != 0 {
        return Ok(asked);
    }
    let found = port_clash::bind(SocketAddr::new(address, 0), name).await?;
    Ok(number(&found, asked))
}
