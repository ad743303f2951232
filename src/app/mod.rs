//! The composition root: builds every part and owns the order of start and shutdown.

pub mod boot;
pub mod cluster;
pub mod components;
pub mod conf;
pub mod doors;
mod login;
pub mod machine;
pub mod metrics;
pub mod node;
pub mod notes;
pub mod notifier;
mod observer;
pub mod options;
pub mod ports;
pub mod programs;
pub mod ready;
pub mod recover;
mod removed;
mod renewal;
pub mod restore;
mod serve;
pub mod share;
pub mod sources;
pub mod status;
mod swap;
pub mod upstream;
