//! Makes this machine match what was rendered.
//!
//! Woken by the store's watch and by a timer, [`worker`] renders everything from scratch each
//! time and hands each component to its own task. That task asks [`plan`] (pure) what to do and
//! does it:
//!
//! ```text
//! check candidate ─► swap `config` link ─► reload or restart ─► verify
//!        │ refused           ▲                                    │ not taken up
//!        ▼                   └────── put the previous one back ◄──┘
//!   fault, previous stays live
//! ```
//!
//! Invariants: a tree that its checker or its program refused is never left active; nothing on
//! disk is read back as intent; a pass over an unchanged state does nothing.

pub mod aside;
pub mod checker;
pub mod component;
pub mod ledger;
mod passed_alone;
pub mod plan;
pub mod reload;
pub mod safety;
pub mod status;
pub mod tree;
pub mod trial;
pub mod turn;
pub mod worker;
