//! Takes a revision back, in our own name and with the reason, and leaves a fault on what it
//! changed until somebody changes it again.

use super::{DEADLINE, Safety, culprit::OURSELVES, now, past::Change, random};
use crate::{
    admission::{
        Request, SubmitError,
        kept_fault::{KeptFault, UNDONE},
        undo,
    },
    store::{HistoryEntry, WriteError, command::Command},
};

/// Longest reason in the history, in characters.
const WHY_MAX: usize = 500;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// It is undone with this index.
    At(u64),
    /// Nothing of it is in force any more.
    Nothing,
    /// It cannot be: something newer depends on it. A fault says so.
    Cannot,
}

impl Safety {
    /// Undoes what is still in force of `change`, because of `reason`.
    ///
    /// # Errors
    /// No quorum, or a lost race: worth another try.
    pub(super) async fn undo(&self, change: &Change, reason: &str) -> Result<Undone, SubmitError> {
        let entries = change.in_force(&self.store.state());
        if entries.is_empty() {
            return Ok(Undone::Nothing);
        }
        let (revision, actor) = (change.revision, &change.actor);
        let what = format!("revision {revision} by {actor}");
        let faults = faults(&entries, &format!("{what} was undone on all nodes: {reason}"), true);
        let named = Request {
            actor: OURSELVES.into(),
            why: cut(&format!("{what} undone: {reason}")),
            request: random(),
            at: now(),
            rows: faults.iter().filter_map(|fault| fault.put().ok()).collect(),
            ..Request::default()
        };
        let request = undo::request(&entries, false, named);
        let outcome = self.admission.submit(request, DEADLINE).await?;
        if let Some(written) = outcome.written {
            let index = written.index;
            tracing::warn!(%revision, by = actor, index, reason, "a change was undone");
            return Ok(Undone::At(index));
        }
        if !outcome.plan.conflicts.is_empty() || outcome.plan.errors.is_empty() {
            return Ok(Undone::Nothing);
        }
        let errors = outcome.plan.errors.iter().take(3);
        let errors: Vec<_> = errors.map(|it| format!("{}: {}", it.path, it.message)).collect();
        let message =
            format!("{what} should be undone and cannot be ({}): {reason}", errors.join("; "));
        tracing::error!(%revision, reason = message, "a change cannot be undone");
        self.keep(&faults_about(&entries, &message)).await.map_err(SubmitError::Write)?;
        Ok(Undone::Cannot)
    }

    async fn keep(&self, faults: &[KeptFault]) -> Result<(), WriteError> {
        let command = Command {
            request: random(),
            actor: OURSELVES.into(),
            why: "a change cannot be undone".into(),
            at: now(),
            preconditions: Vec::new(),
            changes: faults.iter().filter_map(|fault| fault.put().ok()).collect(),
        };
        self.store.write(command, DEADLINE).await.map(|_| ())
    }
}

fn faults(entries: &[HistoryEntry], message: &str, undone: bool) -> Vec<KeptFault> {
    let fault = |entry: &HistoryEntry| KeptFault {
        code: UNDONE.into(),
        object: entry.key.to_string(),
        message: message.to_owned(),
        since: now(),
        gone: if undone { entry.before.is_none() } else { entry.after.is_none() },
    };
    entries.iter().map(fault).collect()
}

fn faults_about(entries: &[HistoryEntry], message: &str) -> Vec<KeptFault> {
    faults(entries, message, false)
}

fn cut(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(WHY_MAX).collect()
}
