//! What is expensive to ask of the programs, asked once for all who want it.
//!
//! Who comes while a question is under way waits for the next one, together with all others that
//! came meanwhile: nobody is answered with what was asked before they came. Where asking takes so
//! long that a page would feel it, the last answer is given at once for a while and asked anew
//! behind it.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::{Mutex as Gate, OwnedMutexGuard};

/// Asking that takes longer is felt.
const SLOW: Duration = Duration::from_millis(200);
/// A slow answer is good for so long before it is asked anew behind the scenes…
const FRESH: Duration = Duration::from_secs(2);
/// …and is given away at most for so many times as long as it took.
const KEPT_TIMES: u32 = 10;
/// However long it took.
const KEPT: Duration = Duration::from_secs(15);

struct Last<T> {
    asked: Instant,
    answered: Instant,
    answer: Arc<T>,
}

/// Cheap to clone.
pub(crate) struct Shared<T> {
    last: Arc<Mutex<Option<Last<T>>>>,
    asking: Arc<Gate<()>>,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { last: Arc::default(), asking: Arc::default() }
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self { last: Arc::clone(&self.last), asking: Arc::clone(&self.asking) }
    }
}

impl<T: Send + Sync + 'static> Shared<T> {
    /// The answer to `ask`. `strong`: asked after this call began.
    ///
    /// # Errors
    /// Those of `ask`; they are not kept.
    pub(super) async fn get<E, F>(
        &self,
        strong: bool,
        ask: impl FnOnce() -> F + Send + 'static,
    ) -> Result<Arc<T>, E>
    where
        E: Send + 'static,
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        let came = Instant::now();
        if !strong && let Some((answer, age)) = self.at_hand() {
            if age >= FRESH
                && let Ok(turn) = Arc::clone(&self.asking).try_lock_owned()
            {
                let this = self.clone();
                tokio::spawn(async move { this.ask(turn, ask()).await.map(drop) });
            }
            return Ok(answer);
        }
        let turn = Arc::clone(&self.asking).lock_owned().await;
        if let Some(answer) = self.asked_since(came) {
            return Ok(answer);
        }
        self.ask(turn, ask()).await
    }

    async fn ask<E>(
        &self,
        turn: OwnedMutexGuard<()>,
        answer: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let asked = Instant::now();
        let answer = Arc::new(answer.await?);
        let last = Last { asked, answered: Instant::now(), answer: Arc::clone(&answer) };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
        drop(turn);
        Ok(answer)
    }

    /// A slow answer that may still be given, and its age.
    fn at_hand(&self) -> Option<(Arc<T>, Duration)> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let last = last.as_ref()?;
        let (took, age) = (last.answered - last.asked, last.answered.elapsed());
        let given = took >= SLOW && age <= (took * KEPT_TIMES).min(KEPT);
        given.then(|| (Arc::clone(&last.answer), age))
    }

    fn asked_since(&self, came: Instant) -> Option<Arc<T>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let last = last.as_ref().filter(|last| last.asked >= came)?;
        Some(Arc::clone(&last.answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Gives 1, 2, 3… and counts; each takes `took`.
    fn question(
        asked: &Arc<AtomicU32>,
        took: Duration,
    ) -> impl FnOnce() -> std::pin::Pin<Box<dyn Future<Output = Result<u32, &'static str>> + Send>>
    + Send
    + 'static {
        let asked = Arc::clone(asked);
        move || {
            Box::pin(async move {
                let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
                tokio::time::sleep(took).await;
                Ok(number)
            })
        }
    }

    #[tokio::test]
    async fn a_crowd_asks_twice_and_nobody_gets_what_was_asked_before_they_came() {
        let (shared, asked) = (Shared::default(), Arc::new(AtomicU32::new(0)));
        let quick = Duration::from_millis(20);
        let first = shared.get(false, question(&asked, quick));
        let crowd = futures_util::future::join_all((0..20).map(|_| async {
            tokio::task::yield_now().await;
            shared.get(false, question(&asked, quick)).await.unwrap()
        }));
        let (first, crowd) = tokio::join!(first, crowd);
        assert_eq!(*first.unwrap(), 1);
        assert!(crowd.iter().all(|answer| **answer == 2), "{crowd:?}");
        // What was quick to ask is asked again.
        assert_eq!(*shared.get(false, question(&asked, quick)).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn a_slow_answer_is_given_again_at_once_but_not_to_who_wants_a_strong_one() {
        let (shared, asked) = (Shared::default(), Arc::new(AtomicU32::new(0)));
        let slow = SLOW + Duration::from_millis(10);
        assert_eq!(*shared.get(false, question(&asked, slow)).await.unwrap(), 1);
        assert_eq!(*shared.get(false, question(&asked, slow)).await.unwrap(), 1);
        assert_eq!(*shared.get(true, question(&asked, slow)).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let shared = Shared::<u32>::default();
        assert_eq!(shared.get(false, || async { Err("down") }).await, Err("down"));
        assert_eq!(shared.get(false, || async { Ok::<_, &str>(7) }).await.map(|n| *n), Ok(7));
    }
}
