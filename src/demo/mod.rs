//! What only the demo and tests need.

pub mod api;
mod footprint;
pub mod inbox;
pub mod plan;
pub mod run;
