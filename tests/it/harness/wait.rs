//! Conditions with deadlines instead of sleeps.

use std::time::Duration;
use tokio::time::Instant;

const LOOK: Duration = Duration::from_millis(100);

/// Looks until `condition` gives something; panics with `what` and the last complaint at the
/// deadline.
pub async fn eventually<T, F>(what: &str, limit: Duration, mut condition: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, String>>,
{
    let deadline = Instant::now() + limit;
    loop {
        match condition().await {
            Ok(found) => return found,
            Err(complaint) if Instant::now() >= deadline => {
                panic!("waited {limit:?} for {what}: {complaint}")
            }
            Err(_) => tokio::time::sleep(LOOK).await,
        }
    }
}

/// Watches for `span` that `condition` never complains.
pub async fn always<F>(what: &str, span: Duration, mut condition: impl FnMut() -> F)
where
    F: Future<Output = Result<(), String>>,
{
    let end = Instant::now() + span;
    while Instant::now() < end {
        if let Err(complaint) = condition().await {
            panic!("{what} did not hold: {complaint}");
        }
        tokio::time::sleep(LOOK).await;
    }
}
