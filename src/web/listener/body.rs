//! Bodies that must keep coming: who sends half of one and then nothing holds a connection no
//! longer than the patience of the door.

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use std::{
    error::Error,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};

/// The body did not come in time.
#[derive(Debug, thiserror::Error)]
#[error("the body did not come within {} s", .0.as_secs())]
pub(crate) struct TooSlow(Duration);

impl TooSlow {
    /// Whether that is what became of reading a body.
    pub(crate) fn is_in(error: &(dyn Error + 'static)) -> bool {
        let mut at = Some(error);
        while let Some(error) = at {
            if error.is::<Self>() {
                return true;
            }
            at = error.source();
        }
        false
    }
}

/// How long the whole body of somebody who is not signed in may take; put there by the listener
/// only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenBody(pub(crate) Duration);

/// A body with a limit to waiting for it.
struct Timed {
    body: Body,
    limit: Duration,
    /// When all of it must be there; `None` = `limit` counts from each part to the next.
    end: Option<Instant>,
    /// Runs only while a part is waited for: a slow reader is not the sender's fault.
    timer: Option<Pin<Box<Sleep>>>,
}

/// Ends the body with [`TooSlow`] when nothing of it comes for so long.
pub(crate) fn kept_coming(body: Body, limit: Duration) -> Body {
    timed(body, limit, None)
}

/// Ends the body with [`TooSlow`] when it is not whole after so long.
pub(crate) fn whole_within(body: Body, limit: Duration) -> Body {
    timed(body, limit, Some(Instant::now() + limit))
}

fn timed(body: Body, limit: Duration, end: Option<Instant>) -> Body {
    if body.is_end_stream() {
        return body;
    }
    Body::new(Timed { body, limit, end, timer: None })
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let this = &mut *self;
        let late = this.end.is_some_and(|end| Instant::now() >= end);
        if !late && let Poll::Ready(part) = Pin::new(&mut this.body).poll_frame(context) {
            this.timer = None;
            return Poll::Ready(part.map(|part| part.map_err(Into::into)));
        }
        let end = this.end.unwrap_or_else(|| Instant::now() + this.limit);
        let timer = this.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        ready!(timer.as_mut().poll(context));
        Poll::Ready(Some(Err(Box::new(TooSlow(this.limit)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use futures_util::{StreamExt as _, stream};

    async fn part(after: Duration) -> Result<Bytes, std::io::Error> {
        tokio::time::sleep(after).await;
        Ok(Bytes::from_static(b"x"))
    }

    /// Parts that come so many seconds after each other.
    fn slow(seconds: &[u64]) -> Body {
        let parts: Vec<_> = seconds.iter().map(|wait| Duration::from_secs(*wait)).collect();
        Body::from_stream(stream::iter(parts).then(part))
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_upload_goes_on_while_something_comes() {
        let limit = Duration::from_secs(30);
        let whole = to_bytes(kept_coming(slow(&[29, 29, 29, 29]), limit), 99).await.unwrap();
        assert_eq!(whole, "xxxx");
        let error = to_bytes(kept_coming(slow(&[1, 31]), limit), 99).await.unwrap_err();
        assert!(TooSlow::is_in(&error), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn drop_by_drop_is_no_way_around_the_deadline() {
        let limit = Duration::from_secs(10);
        assert_eq!(to_bytes(whole_within(slow(&[4, 5]), limit), 99).await.unwrap(), "xx");
        let drops = slow(&[1; 60]);
        let error = to_bytes(whole_within(drops, limit), 99).await.unwrap_err();
        assert!(TooSlow::is_in(&error), "{error:?}");
    }
}
