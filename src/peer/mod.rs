//! What nodes say to each other and how they know each other: the cluster port (8421), the scrape
//! door (8422), the loopback door (8423), certificates and formation. See DESIGN.md beside this
//! file.
//!
//! Invariant: whoever is served on 8421 has proven by certificate to be a node of this cluster,
//! is a member now, and meant exactly this node of this cluster. This module carries; it decides
//! nothing. Called by `app`, and by `store`, `notify` and `web` through [`crate::model::rpc`].

pub mod blob;
pub mod ca;
pub mod cert;
pub mod check;
pub mod client;
mod connection;
pub mod data_key;
#[cfg(test)]
mod door_tests;
pub mod formation;
pub mod forward;
pub mod identity;
pub mod join;
mod lane;
pub mod local_door;
pub mod local_http;
pub mod port_clash;
pub mod renewal;
pub mod resolve;
mod rpc;
pub mod scrape_door;
pub mod server;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod tls;
pub mod token;

/// Names the cluster a call is meant for.
pub const CLUSTER_HEADER: &str = "x-wk-cluster";
/// Names the calling node; must agree with its certificate.
pub const FROM_HEADER: &str = "x-wk-from";
/// Names the called node.
pub const TO_HEADER: &str = "x-wk-to";
