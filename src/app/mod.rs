//! The composition root: builds every part and owns the order of start and shutdown.

pub mod conf;
