//! One signal that tells every long-lived task to end.

/// Cloned into each task; `cancelled().await` returns once somebody called `cancel()`.
pub type Shutdown = tokio_util::sync::CancellationToken;
