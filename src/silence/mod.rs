//! Declared silences in Alertmanager: an object of kind `silence` is posted there by the Raft
//! leader, kept alive, changed and ended. The store is what is true; an Alertmanager that lost
//! its data gets them again.
//!
//! ```text
//! silences of the store ─┐
//!                        ├─► plan (pure) ─► post, expire ─► one Alertmanager ─gossip─► the others
//! what each one holds ───┘
//! ```
//!
//! A silence of ours is recognised by a mark in its comment, so that posting is idempotent.
//! Silences without the mark are somebody else's and never touched. Called by `app` (the loop)
//! and `web` (reading).

pub mod held;
pub mod plan;
pub mod sync;
pub mod wanted;

pub use held::Held;
pub use wanted::Wanted;

#[cfg(test)]
mod tests;
