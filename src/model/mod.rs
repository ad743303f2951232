//! The words of the system as types: pure data and pure functions, no I/O, no clock, no
//! randomness. Everything above speaks in these.

pub mod audit;
pub mod cluster;
pub mod fingerprint;
pub mod id;
pub mod kind;
pub mod label;
pub mod language;
pub mod matcher;
pub mod metric;
pub mod name;
pub mod observed;
pub mod process;
pub mod promql;
pub mod re2;
pub mod reference;
pub mod resource;
pub mod rpc;
pub mod spec;
pub mod standing;
pub mod time;
pub mod time_interval;

pub use id::NodeId;
pub use kind::Kind;
pub use name::Name;
pub use resource::{Resource, Revision};
pub use time::UnixMs;
