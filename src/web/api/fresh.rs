//! What was asked of the programs a moment ago, shared by all who want it now.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// Asked at most once in so long, however many pages are open.
const FRESH: Duration = Duration::from_millis(1_000);

/// The last answer. Whoever comes while it is being fetched waits for it.
pub(crate) struct Fresh<T>(Mutex<Option<(Instant, Arc<T>)>>);

impl<T> Default for Fresh<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Fresh<T> {
    /// The answer that is at hand while it is fresh, else what `fetch` brings.
    ///
    /// # Errors
    /// Those of `fetch`; nothing is kept then.
    pub(super) async fn get<E>(
        &self,
        fetch: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        self.get_for(FRESH, fetch).await
    }

    /// As [`Fresh::get`], asked at most once in `fresh`.
    ///
    /// # Errors
    /// Those of `fetch`; nothing is kept then.
    pub(super) async fn get_for<E>(
        &self,
        fresh: Duration,
        fetch: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let mut last = self.0.lock().await;
        if let Some((at, answer)) = &*last
            && at.elapsed() < fresh
        {
            return Ok(answer.clone());
        }
        let answer = Arc::new(fetch.await?);
        *last = Some((Instant::now(), answer.clone()));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[tokio::test]
    async fn whoever_comes_meanwhile_gets_the_same_answer_and_a_failure_is_not_kept() {
        let fresh = Fresh::default();
        assert_eq!(fresh.get(async { Err("down") }).await, Err("down"));
        let answer = |n: u8| fresh.get(async move { Ok::<_, Infallible>(n) });
        let (Ok(one), Ok(other)) = tokio::join!(answer(1), answer(2));
        assert_eq!((*one, *other), (1, 1));
    }
}
