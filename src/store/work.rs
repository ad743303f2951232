//! Where the store does what blocks. In the product: on threads. In a simulation: in tasks of
//! the caller's runtime, after a pause that stands for the disk, so that a whole cluster runs on
//! one thread in the order that its seed decides. What is done is the same code in both.

use std::{io, sync::Arc, time::Duration};

/// How long a simulated disk takes for its next piece of work.
pub(super) type Pause = Arc<dyn Fn() -> Duration + Send + Sync>;

/// See the module.
#[derive(Clone)]
pub(super) enum Work {
    /// Threads of their own for the writers, the runtime's pool for the rest.
    Threads,
    /// The runtime that the store is opened in, and nothing else.
    #[cfg_attr(not(test), expect(dead_code, reason = "no product is simulated"))]
    Tasks(Pause),
}

impl Work {
    /// Does what blocks without keeping other tasks from going on.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        match self {
            Self::Threads => tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?,
            Self::Tasks(pause) => {
                tokio::time::sleep(pause()).await;
                work()
            }
        }
    }
}
