//! Who belongs to the cluster: letting machines in, making them vote, taking them out.
//!
//! ```text
//! machine with a token ─► gate (any member): rows member + `joining` ─┐
//! `members remove`, the API ─► row `leaving` ─────────────────────────┤
//!                                                                     ▼
//!   keeper (on the leader): decide (pure) ─► learner ─► voter ─► settled · out ─► `removed`
//! ```
//!
//! Invariants: Raft's membership follows the rows, one step at a time, each step harmless when
//! repeated, so that a leader may die between any two of them and the next one goes on. A node
//! votes only after it has been healthy for a while; nobody is taken out by silence alone, but by
//! an operator or by a new machine at the same address with a token. A removed id stays removed.
//!
//! Used by `app`, which gives it the store and opens the doors, and by `web`, which reads and
//! writes the rows.

pub mod decide;
pub mod gate;
mod judge;
pub mod keeper;
pub mod level;
pub mod rows;

use crate::{
    base::clock::now_unix_ms,
    model::UnixMs,
    store::{
        Profile,
        command::{Change, Command, Precondition},
    },
};
use std::time::Duration;

/// How patient membership is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// A learner must have been healthy for so long before it votes.
    pub stable: Duration,
    /// A member that was silent for so long counts as dead for one that takes its place.
    pub dead: Duration,
    /// An answer not older than this counts as one of now.
    pub fresh: Duration,
}

impl From<Profile> for Patience {
    fn from(profile: Profile) -> Self {
        let seconds = Duration::from_secs;
        match profile {
            Profile::Default => Self { stable: seconds(10), dead: seconds(60), fresh: seconds(3) },
            Profile::Fast => Self { stable: seconds(2), dead: seconds(15), fresh: seconds(2) },
        }
    }
}

/// A write about membership.
fn command(
    actor: String,
    why: String,
    preconditions: Vec<Precondition>,
    changes: Vec<Change>,
) -> Result<Command, getrandom::Error> {
    let mut request = [0u8; 16];
    getrandom::fill(&mut request)?;
    let (request, at) = (u128::from_ne_bytes(request), UnixMs(now_unix_ms()));
    Ok(Command { request, actor, why, at, preconditions, changes })
}
