//! What only the demo and tests need.

pub mod api;
pub mod error;
mod footprint;
pub mod inbox;
pub mod plan;
mod processes;
mod ready;
pub mod run;
mod told;
