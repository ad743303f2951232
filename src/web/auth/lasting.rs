//! Answers that go on: who reads them must still be who they were when it began, with the same
//! rights. What changes ends the answer; the client comes back and is judged anew.

use super::{Holder, Identity, Proof};
use crate::{
    model::{Kind, UnixMs},
    store::{Event, command::Space},
    web::{Front, deps::now, error::Problem},
};
use axum::{extract::FromRequestParts, http::request::Parts};
use std::time::Duration;
use tokio::sync::mpsc;

/// The clock may be set: an end far ahead is looked at again now and then.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Somebody who reads an answer that goes on.
pub(crate) struct Lasting {
    front: Front,
    proof: Proof,
    identity: Identity,
    until: Option<UnixMs>,
}

impl FromRequestParts<Front> for Lasting {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Problem> {
        let nobody = || Problem::sign_in("sign in first");
        let identity = parts.extensions.get::<Identity>().cloned().ok_or_else(nobody)?;
        let proof = Proof::of(front, parts)?.ok_or_else(nobody)?;
        let mut lasting = Self { front: front.clone(), proof, identity, until: None };
        if lasting.holds() { Ok(lasting) } else { Err(nobody()) }
    }
}

impl Lasting {
    /// Who it was when the answer began, and still is as far as was looked.
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Looks again: whether it is the same person with the same rights.
    pub(crate) fn holds(&mut self) -> bool {
        // A node that was removed from its cluster shows nothing of it any more.
        if self.front.deps().is_err() {
            return false;
        }
        let Ok(Some(Holder { identity, until })) = self.proof.holder(&self.front) else {
            return false;
        };
        self.until = until;
        let now = (&identity.actor, &identity.access, &identity.outside);
        now == (&self.identity.actor, &self.identity.access, &self.identity.outside)
    }

    /// Whether nothing that changed, nor the time, ends it.
    pub(crate) fn holds_after(&mut self, changes: &[Event]) -> bool {
        let in_time = self.until.is_none_or(|until| now() < until);
        in_time && (!changes.iter().any(concerns) || self.holds())
    }

    /// Returns when the time of what was shown may be over.
    pub(crate) async fn time(&self) {
        let left = self.until.map(|until| Duration::from_millis(until.since(now())));
        tokio::time::sleep(left.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN)).await;
    }

    /// Returns once it does not hold any more; `changes` are those since it began.
    pub(crate) async fn ended(mut self, mut changes: mpsc::Receiver<Event>) {
        loop {
            let changed = tokio::select! {
                change = changes.recv() => match change {
                    Some(change) => vec![change],
                    None => return,
                },
                () = self.time() => Vec::new(),
            };
            if !self.holds_after(&changed) {
                return;
            }
        }
    }
}

/// Whether what changed may be about somebody's rights: accounts and what they show, roles, the
/// groups of people from outside, and the projects that scopes select.
fn concerns(change: &Event) -> bool {
    let Event::Changed { keys, rows, .. } = change else { return true };
    let kinds =
        [Kind::User, Kind::Token, Kind::Role, Kind::Settings, Kind::Project, Kind::Department];
    keys.iter().any(|key| kinds.contains(&key.kind))
        || rows.iter().any(|(space, _)| matches!(space, Space::Session | Space::Credential))
}
