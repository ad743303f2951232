//! What happened, line by line: the same seed must give the same lines.

use sha2::{Digest as _, Sha256};
use std::{
    fmt,
    sync::{Arc, Mutex},
};
use tokio::time::Instant;

/// Shared by everybody in a run.
#[derive(Clone)]
pub(super) struct Trace {
    began: Instant,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Trace {
    pub(super) fn begin() -> Self {
        Self { began: Instant::now(), lines: Arc::default() }
    }

    /// Simulated time since the start.
    pub(super) fn micros(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap()
    }

    pub(super) fn note(&self, what: fmt::Arguments<'_>) {
        let line = format!("{:>10} {what}", self.micros());
        self.lines.lock().unwrap().push(line);
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

/// A few digits that stand for some bytes.
pub(super) fn short(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..4])
}
