//! Leaf tools with no knowledge of Watchkeep. They use nothing else of this crate.

pub mod atomic_file;
pub mod backoff;
pub mod basic_auth;
pub mod clock;
pub(crate) mod diff;
pub mod disk;
pub mod error_chain;
pub mod heap;
pub mod places;
pub mod random;
pub mod redact;
pub mod sealed;
pub mod shutdown;
