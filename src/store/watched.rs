//! Tokio's watch channel, and under a seed one whose waiters wake in the order in which they
//! came: tokio wakes them in a random order, and a simulation must be repeatable.
//!
//! Outside of a simulation there is no bell, and each call is tokio's alone.

use crate::base::random;
use futures_util::FutureExt as _;
use openraft::{OptionalSend, OptionalSync, async_runtime::watch as raft};
use std::{pin::pin, sync::Arc};
use tokio::{
    sync::{
        Notify,
        watch::{self, Ref, error::RecvError},
    },
    task::coop::unconstrained,
};

/// Sends values. Clones share the channel.
#[derive(Debug)]
pub(super) struct Sender<T> {
    inner: watch::Sender<T>,
    // After the sender: it must ring when that is gone.
    bell: Option<Bell>,
}

/// Sees the latest value.
#[derive(Debug)]
pub struct Receiver<T> {
    inner: watch::Receiver<T>,
    bell: Option<Arc<Notify>>,
}

/// Rings when a sender is dropped, too: it may have been the last.
#[derive(Debug, Clone)]
struct Bell(Arc<Notify>);

impl Drop for Bell {
    fn drop(&mut self) {
        self.0.notify_waiters();
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), bell: self.bell.clone() }
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), bell: self.bell.clone() }
    }
}

impl<T> Sender<T> {
    /// A channel without receivers yet.
    pub(super) fn new(value: T) -> Self {
        let bell = random::is_seeded().then(|| Bell(Arc::new(Notify::new())));
        Self { inner: watch::Sender::new(value), bell }
    }

    fn ring(&self) {
        if let Some(Bell(bell)) = &self.bell {
            bell.notify_waiters();
        }
    }

    /// The latest value.
    pub(super) fn borrow(&self) -> Ref<'_, T> {
        self.inner.borrow()
    }

    /// Changes the value; receivers are told if `modify` says so.
    pub(super) fn send_if_modified(&self, modify: impl FnOnce(&mut T) -> bool) -> bool {
        let modified = self.inner.send_if_modified(modify);
        if modified {
            self.ring();
        }
        modified
    }

    /// A receiver that has seen the latest value.
    pub(super) fn subscribe(&self) -> Receiver<T> {
        let bell = self.bell.as_ref().map(|bell| bell.0.clone());
        Receiver { inner: self.inner.subscribe(), bell }
    }
}

impl<T: Default> Default for Sender<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Receiver<T> {
    /// The latest value.
    pub fn borrow(&self) -> Ref<'_, T> {
        self.inner.borrow()
    }

    /// The latest value, which is seen from now on.
    pub fn borrow_and_update(&mut self) -> Ref<'_, T> {
        self.inner.borrow_and_update()
    }

    /// Waits for a value that was not seen yet. Cancel safe.
    ///
    /// # Errors
    /// There is none, and no sender is left.
    pub async fn changed(&mut self) -> Result<(), RecvError> {
        let Some(bell) = &self.bell else { return self.inner.changed().await };
        loop {
            let mut rung = pin!(bell.notified());
            rung.as_mut().enable();
            // A task that has used up its budget would be told "not yet", and never woken.
            if let Some(changed) = unconstrained(self.inner.changed()).now_or_never() {
                return changed;
            }
            rung.await;
        }
    }

    /// Waits for a value that `fits`; the latest may do already. Cancel safe.
    ///
    /// # Errors
    /// None does, and no sender is left.
    pub async fn wait_for(
        &mut self,
        mut fits: impl FnMut(&T) -> bool,
    ) -> Result<Ref<'_, T>, RecvError> {
        if self.bell.is_none() {
            return self.inner.wait_for(fits).await;
        }
        while !fits(&self.inner.borrow_and_update()) {
            self.changed().await?;
        }
        Ok(self.inner.borrow())
    }
}

/// What openraft's channels are.
pub(super) struct Watched;

impl raft::Watch for Watched {
    type Sender<T: OptionalSend + OptionalSync> = Sender<T>;
    type Receiver<T: OptionalSend + OptionalSync> = Receiver<T>;
    type Ref<'a, T: OptionalSend + 'a> = Ref<'a, T>;

    fn channel<T: OptionalSend + OptionalSync>(value: T) -> (Sender<T>, Receiver<T>) {
        let sender = Sender::new(value);
        let receiver = sender.subscribe();
        (sender, receiver)
    }
}

impl<T: OptionalSend + OptionalSync> raft::WatchSender<Watched, T> for Sender<T> {
    fn send(&self, value: T) -> Result<(), raft::SendError<T>> {
        self.inner.send(value).map_err(|error| raft::SendError(error.0))?;
        self.ring();
        Ok(())
    }

    fn send_if_modified<F: FnOnce(&mut T) -> bool>(&self, modify: F) -> bool {
        Self::send_if_modified(self, modify)
    }

    fn borrow_watched(&self) -> Ref<'_, T> {
        self.borrow()
    }

    fn subscribe(&self) -> Receiver<T> {
        Self::subscribe(self)
    }
}

impl<T: OptionalSend + OptionalSync> raft::WatchReceiver<Watched, T> for Receiver<T> {
    async fn changed(&mut self) -> Result<(), raft::RecvError> {
        Self::changed(self).await.map_err(|_| raft::RecvError(()))
    }

    fn borrow_watched(&self) -> Ref<'_, T> {
        self.borrow()
    }

    fn borrow_and_update(&mut self) -> Ref<'_, T> {
        Self::borrow_and_update(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[tokio::test]
    async fn under_a_seed_waiters_wake_in_the_order_in_which_they_came() {
        let _seeded = random::seeded(1);
        let (sender, order) = (Sender::new(0), Arc::new(Mutex::new(Vec::new())));
        let waiters: Vec<_> = (0..20)
            .map(|n| {
                let (mut receiver, order) = (sender.subscribe(), order.clone());
                tokio::spawn(async move {
                    receiver.wait_for(|value| *value == 7).await.unwrap();
                    order.lock().unwrap().push(n);
                    receiver.changed().await.unwrap_err();
                })
            })
            .collect();
        tokio::task::yield_now().await;
        raft::WatchSender::send(&sender, 3).unwrap();
        tokio::task::yield_now().await;
        raft::WatchSender::send(&sender, 7).unwrap();
        tokio::task::yield_now().await;
        drop(sender);
        for waiter in waiters {
            waiter.await.unwrap();
        }
        assert!(order.lock().unwrap().is_sorted());
    }
}
