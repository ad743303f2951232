//! Why a version of a component is not live.

use super::LOOK_AGAIN;
use crate::{
    admission::CheckFailure,
    base::{clock::now_unix_ms, error_chain::ErrorChain},
    model::{
        UnixMs,
        observed::{ConfigRefusal, Fault, RefusedBy},
    },
    render::Component,
};
use std::time::Duration;
use tokio::time::Instant;

/// When a refused version is tried once more although nothing changed.
const TRY_AGAIN: Duration = Duration::from_secs(300);

/// Why the wanted version is not live.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    /// The checker's or the program's, or what stood in the way.
    pub(super) words: String,
    code: &'static str,
    /// Who said no; `None` when nobody did: it may have been the machine.
    by: Option<RefusedBy>,
    since: UnixMs,
    /// Worth another try although nothing changed.
    pub(super) retry: Option<Instant>,
}

impl Refusal {
    fn new(
        code: &'static str,
        by: Option<RefusedBy>,
        words: String,
        retry: Option<Duration>,
    ) -> Self {
        let retry = retry.map(|after| Instant::now() + after);
        Self { words, code, by, since: UnixMs(now_unix_ms()), retry }
    }

    /// Will pass by itself: a full disk, a program that could not be started.
    pub(super) fn passing(error: &(dyn std::error::Error + 'static)) -> Self {
        Self::new("WK-3013", None, ErrorChain(error).to_string(), Some(LOOK_AGAIN))
    }

    pub(super) fn of(error: CheckFailure) -> Self {
        match error {
            CheckFailure::Refused { .. } => {
                Self::new("WK-3011", Some(RefusedBy::Checker), error.to_string(), None)
            }
            _ => Self::passing(&error),
        }
    }

    /// The previous version is back. `by` is `None` when it is not sure that the program said no
    /// to what it was given: it did not answer, it was down before. Tried again after a while, in
    /// case it was only busy.
    pub(super) fn rolled_back(by: Option<RefusedBy>, words: String) -> Self {
        Self::new("WK-3012", by, words, Some(TRY_AGAIN))
    }

    /// What the other nodes are told: `None` when nobody said no.
    pub(super) fn told(&self, since_index: u64) -> Option<ConfigRefusal> {
        Some(ConfigRefusal { by: self.by?, since_index, since: self.since })
    }

    pub(super) fn is_said(&self) -> bool {
        self.by.is_some()
    }

    pub(super) fn fault(&self, component: &Component) -> Fault {
        let declared = component
            .files
            .iter()
            .find(|(path, file)| file.declared_by.is_some() && self.words.contains(path.as_str()))
            .and_then(|(_, file)| file.declared_by.as_ref());
        let object =
            declared.map_or_else(|| format!("component/{}", component.name), ToString::to_string);
        Fault {
            code: self.code.to_owned(),
            object,
            message: format!(
                "{} keeps its last good configuration: {}",
                component.name, self.words
            ),
            since: self.since,
        }
    }
}
