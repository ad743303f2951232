//! Reads the body of a webhook as it comes over a door: bounded on the wire and after inflating,
//! gzip or plain, in a bounded amount of memory over all that come at once.
//!
//! Alertmanager takes 4xx as final: what is refused here as too large is lost input, so it is
//! counted, logged and remembered for a fault. What merely does not fit into memory now is
//! answered with 503 and comes again.

use super::intake::MAX_BODY_BYTES;
use bytes::Bytes;
use flate2::write::GzDecoder;
use futures_util::{StreamExt as _, stream::BoxStream};
use std::{
    error::Error,
    io::{self, Write},
    sync::Arc,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// All bodies that are being read or worked on, together.
const IN_FLIGHT_BYTES: usize = 192 << 20;
/// Unit of the budget.
const BLOCK_BYTES: usize = 64 << 10;
/// Compressed bytes inflated without letting others run: at most four MiB come of it.
const STEP_BYTES: usize = 4 << 10;

/// A webhook at the door.
pub struct Inbound {
    /// Last part of the path, percent-decoded.
    pub receiver: String,
    /// Who sends it, for logs and the fault.
    pub sender: String,
    /// `Content-Encoding`, if there is one.
    pub encoding: Option<String>,
    /// The body; an error ends it.
    pub body: BoxStream<'static, Result<Bytes, Box<dyn Error + Send + Sync>>>,
}

/// Why a body was not read to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// On the wire or inflated.
    #[error(
        "the body is larger than {} MiB; Alertmanager sends one for each group: make the groups of this route smaller with `group_by`",
        MAX_BODY_BYTES >> 20
    )]
    TooLarge,
    /// Neither gzip nor plain.
    #[error("Content-Encoding `{0}` is not taken: send gzip, or none")]
    Encoding(String),
    /// Ended early, or is no gzip.
    #[error("the body cannot be read: {0}")]
    Damaged(String),
    /// Too many at once.
    #[error("too many large bodies at once, send it again")]
    Busy,
}

/// What all bodies on this node share.
#[derive(Debug, Clone)]
pub(super) struct Budget(Arc<Semaphore>);

/// A body in memory; its share of the budget is given back when it is dropped.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    _share: Vec<OwnedSemaphorePermit>,
}

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(IN_FLIGHT_BYTES / BLOCK_BYTES)))
    }
}

impl Budget {
    /// Reads all of it. Of one that is too large the rest is read and thrown away up to the same
    /// size again, so that the sender hears the answer instead of a broken connection.
    pub(super) async fn read(&self, inbound: &mut Inbound) -> Result<Body, BodyError> {
        let mut sink = Sink::new(inbound.encoding.as_deref(), self.clone())?;
        let mut n_wire = 0usize;
        while let Some(chunk) = inbound.body.next().await {
            let chunk = chunk.map_err(|error| BodyError::Damaged(error.to_string()))?;
            n_wire += chunk.len();
            let taken = if n_wire > MAX_BODY_BYTES {
                Err(BodyError::TooLarge)
            } else {
                sink.take(&chunk).await
            };
            if let Err(error) = taken {
                drop(sink);
                discard(inbound).await;
                return Err(error);
            }
        }
        sink.finish()
    }
}

async fn discard(inbound: &mut Inbound) {
    let mut left = MAX_BODY_BYTES;
    while let Some(Ok(chunk)) = inbound.body.next().await {
        let Some(less) = left.checked_sub(chunk.len()) else { return };
        left = less;
    }
}

enum Sink {
    Plain(Bounded),
    Gzip(Box<GzDecoder<Bounded>>),
}

impl Sink {
    fn new(encoding: Option<&str>, budget: Budget) -> Result<Self, BodyError> {
        let bounded =
            Bounded { bytes: Vec::new(), budget, share: Vec::new(), n_granted: 0, refused: None };
        match encoding.map(|text| text.trim().to_ascii_lowercase()).as_deref() {
            None | Some("" | "identity") => Ok(Self::Plain(bounded)),
            Some("gzip" | "x-gzip") => Ok(Self::Gzip(Box::new(GzDecoder::new(bounded)))),
            Some(other) => Err(BodyError::Encoding(other.chars().take(40).collect())),
        }
    }

    async fn take(&mut self, chunk: &[u8]) -> Result<(), BodyError> {
        match self {
            Self::Plain(bounded) => {
                let taken = bounded.write_all(chunk);
                taken.map_err(|error| bounded.reason(&error))
            }
            Self::Gzip(decoder) => {
                for step in chunk.chunks(STEP_BYTES) {
                    let taken = decoder.write_all(step);
                    taken.map_err(|error| decoder.get_mut().reason(&error))?;
                    tokio::task::yield_now().await;
                }
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<Body, BodyError> {
        let bounded = match self {
            Self::Plain(bounded) => bounded,
            Self::Gzip(mut decoder) => {
                if let Err(error) = decoder.try_finish() {
                    return Err(decoder.get_mut().reason(&error));
                }
                // `finish` would take the decoder by value and do nothing further.
                std::mem::replace(decoder.get_mut(), Bounded::empty())
            }
        };
        Ok(Body { bytes: bounded.bytes, _share: bounded.share })
    }
}

/// Collects bytes as long as limit and budget allow.
struct Bounded {
    bytes: Vec<u8>,
    budget: Budget,
    share: Vec<OwnedSemaphorePermit>,
    n_granted: usize,
    /// Why the last write was refused; `io::Error` cannot carry it through the decoder.
    refused: Option<BodyError>,
}

impl Bounded {
    fn empty() -> Self {
        let budget = Budget(Arc::new(Semaphore::new(0)));
        Self { bytes: Vec::new(), budget, share: Vec::new(), n_granted: 0, refused: None }
    }

    fn reason(&mut self, error: &io::Error) -> BodyError {
        self.refused.take().unwrap_or_else(|| BodyError::Damaged(error.to_string()))
    }

    fn grant(&mut self, n_wanted: usize) -> Result<(), BodyError> {
        if n_wanted > MAX_BODY_BYTES {
            return Err(BodyError::TooLarge);
        }
        let n_blocks = n_wanted.saturating_sub(self.n_granted).div_ceil(BLOCK_BYTES);
        if n_blocks > 0 {
            let many = u32::try_from(n_blocks).unwrap_or(u32::MAX);
            let permit = Arc::clone(&self.budget.0).try_acquire_many_owned(many);
            self.share.push(permit.map_err(|_| BodyError::Busy)?);
            self.n_granted += n_blocks * BLOCK_BYTES;
        }
        Ok(())
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.grant(self.bytes.len() + bytes.len()) {
            let text = error.to_string();
            self.refused = Some(error);
            return Err(io::Error::other(text));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "inbound_tests.rs"]
mod tests;
