//! What only the demo and tests need.

pub mod inbox;
