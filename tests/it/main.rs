//! Everything that crosses a module, in one binary: each further one would link the world again.

#![allow(clippy::unwrap_used, reason = "clippy's own exception ends at helpers of a test")]

mod bundle;
mod layering;
mod supervise;
