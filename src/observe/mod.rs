//! What the programs we run really do: reads their metrics and APIs on the node's own loopback
//! addresses. Publishes; never writes declared state.

pub mod exposition;
pub mod http;
