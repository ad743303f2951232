//! Keeps the logs of all children short.

use super::rotate::rotate_if_long;
use super::shared::Shared;
use std::sync::Arc;
use tokio::time::{MissedTickBehavior, interval};

/// Runs until release.
pub(super) async fn keep_logs_short(shared: Arc<Shared>) {
    let mut tick = interval(shared.config.timing.rotate_every);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.release.cancelled() => return,
            _ = tick.tick() => {}
        }
        let names: Vec<String> = shared.statuses.borrow().keys().cloned().collect();
        for name in names {
            let (log, limits) = (shared.log_path(&name), shared.config.log_limits);
            let rotated = tokio::task::spawn_blocking(move || rotate_if_long(&log, limits)).await;
            match rotated {
                Ok(Ok(true)) => tracing::info!(process = name, "log rotated"),
                Ok(Err(error)) => tracing::warn!(process = name, %error, "cannot rotate a log"),
                Ok(Ok(false)) | Err(_) => {}
            }
        }
    }
}
