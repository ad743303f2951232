//! The other nodes as this one sees them: what they say of themselves, and the way to their
//! components.

pub mod board;
mod fleet;
pub mod logs;
pub mod view;
