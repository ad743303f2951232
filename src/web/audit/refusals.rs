//! Refusals on their way into the audit: merged, so that whoever tries a thousand times a second
//! makes one record a minute, and bounded, so that whoever does so under a thousand names does not
//! push everything else out of it.
//!
//! ```text
//! refused ─► window of (who, from where, what, why): first record at once, one a minute after
//!              └► no room, or too many of them: counted in one record for all
//! ```
//!
//! A refusal changes nothing, so it may wait some seconds in memory; killed in between, a node
//! forgets those. Written by one task ([`run`]).

use super::super::{Front, deps::Deps};
use crate::{
    base::shutdown::Shutdown,
    model::{
        UnixMs,
        audit::{Ending, Note, Verb},
        cluster::AUDIT_LEVEL,
    },
    store::{WriteError, command::Change},
    web::deps::now,
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// The same refusal again within so long only counts.
const WINDOW_MS: u64 = 60_000;
/// Different refusals that are told apart at once…
const BURST: u32 = 100;
/// …and one more is, each time so much has passed: some 8,600 a day.
const REFILL_MS: u64 = 10_000;
/// Records that wait for a quorum; beyond, the newest are counted only.
const WAITING: usize = 200;
/// Between two writes.
const TICK: Duration = Duration::from_secs(1);
/// What a node that stops gives the last of them.
const AT_THE_END: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    actor: String,
    from: Option<String>,
    verb: Verb,
    code: Option<String>,
    /// Route as it is declared: paths are somebody else's.
    route: String,
}

struct Window {
    since: UnixMs,
    /// Of what is not written yet.
    note: Note,
    count: u32,
}

#[derive(Default)]
struct Pending {
    windows: BTreeMap<Key, Window>,
    ready: Vec<Note>,
    /// Told apart since `refilled`.
    spent: u32,
    refilled: UnixMs,
    /// More than were told apart.
    others: Option<Window>,
}

/// Collects refusals.
#[derive(Default)]
pub struct Refusals {
    pending: Mutex<Pending>,
    wake: Notify,
}

impl Refusals {
    /// Notes a refusal of a request on the declared route `route`.
    pub(crate) fn add(&self, mut note: Note, code: &str, route: &str) {
        note.outcome = Ending::Refused;
        note.code = Some(code.to_owned());
        self.pending().add(note, route);
        self.wake.notify_one();
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is due at `at`; `all`: what is not due yet, too.
    ///
    /// # Errors
    /// As [`Deps::write`]; what was not written waits for the next time.
    pub(crate) async fn flush(&self, deps: &Deps, at: UnixMs, all: bool) -> Result<(), WriteError> {
        let notes = self.pending().take(at, all);
        let level = deps.whole().meta.feature_level;
        if notes.is_empty() || (1..AUDIT_LEVEL).contains(&level) {
            return Ok(());
        }
        let changes = notes.iter().map(Change::from).collect();
        let written = deps.write("system", "refused", Vec::new(), changes).await;
        if written.is_err() {
            self.pending().put_back(notes);
        }
        written.map(drop)
    }

    fn is_empty(&self) -> bool {
        let pending = self.pending();
        pending.windows.is_empty() && pending.ready.is_empty() && pending.others.is_none()
    }
}

impl Pending {
    fn add(&mut self, note: Note, route: &str) {
        let at = note.at;
        let key = Key {
            actor: note.actor.clone(),
            from: note.from.clone(),
            verb: note.verb,
            code: note.code.clone(),
            route: route.to_owned(),
        };
        if let Some(window) = self.windows.get_mut(&key) {
            return window.again(note);
        }
        if self.may_tell_apart(at) {
            self.ready.push(note.clone());
            self.windows.insert(key, Window { since: at, note, count: 0 });
            return;
        }
        match &mut self.others {
            Some(others) => others.again(note),
            None => {
                let why = "refusals beyond those that are recorded one by one".to_owned();
                let code = note.code;
                let note = Note { why, ..Note::done(at, "", Verb::Request) };
                let note = Note { outcome: Ending::Refused, code, ..note };
                self.others = Some(Window { since: at, note, count: 1 });
            }
        }
    }

    fn may_tell_apart(&mut self, at: UnixMs) -> bool {
        let n = u32::try_from(at.since(self.refilled) / REFILL_MS).unwrap_or(u32::MAX);
        if n > 0 {
            self.spent = self.spent.saturating_sub(n);
            self.refilled = at;
        }
        let room = self.spent < BURST && self.ready.len() < WAITING;
        self.spent += u32::from(room);
        room
    }

    fn take(&mut self, at: UnixMs, all: bool) -> Vec<Note> {
        let mut due = std::mem::take(&mut self.ready);
        let over = |window: &Window| all || at.since(window.since) >= WINDOW_MS;
        self.windows.retain(|_, window| {
            let over = over(window);
            if over {
                due.extend(window.told());
            }
            !over
        });
        if self.others.as_ref().is_some_and(over) {
            due.extend(self.others.take().and_then(|window| window.told()));
        }
        due
    }

    fn put_back(&mut self, notes: Vec<Note>) {
        self.ready.splice(..0, notes);
    }
}

impl Window {
    fn again(&mut self, note: Note) {
        if self.count == 0 {
            self.note = note;
        } else {
            self.note.last = Some(note.at);
        }
        self.count = self.count.saturating_add(1);
    }

    fn told(&self) -> Option<Note> {
        (self.count > 0).then(|| Note { count: self.count, ..self.note.clone() })
    }
}

/// Writes refusals until shutdown.
pub async fn run(front: Front, deps: Deps, shutdown: Shutdown) {
    let refusals = front.refusals();
    while !shutdown.is_cancelled() {
        if refusals.is_empty() {
            tokio::select! {
                () = refusals.wake.notified() => {}
                () = shutdown.cancelled() => break,
            }
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = shutdown.cancelled() => break,
        }
        if let Err(error) = refusals.flush(&deps, now(), false).await {
            tracing::debug!(%error, "refusals not recorded yet");
        }
    }
    // A node that stops without a quorum does not wait for one.
    let _ = tokio::time::timeout(AT_THE_END, refusals.flush(&deps, now(), true)).await;
}

#[cfg(test)]
#[path = "refusals_tests.rs"]
mod tests;
