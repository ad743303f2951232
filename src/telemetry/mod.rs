//! Logs and our own metrics. Every series exists from the start, so that zero is visible; no
//! label whose values grow with use.

pub mod logs;
pub mod metrics;
