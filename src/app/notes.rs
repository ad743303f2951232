//! What is wrong with the node itself rather than with one of its components: shown among its
//! faults until it is taken back.

use crate::{
    base::clock::now_unix_ms,
    model::{UnixMs, observed::Fault},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;

/// Notes by object (`bundle/NAME`). Cheap to clone.
#[derive(Debug, Clone)]
pub struct Notes {
    faults: Arc<Mutex<BTreeMap<String, Fault>>>,
    changed: watch::Sender<u64>,
}

impl Default for Notes {
    fn default() -> Self {
        Self { faults: Arc::default(), changed: watch::Sender::new(0) }
    }
}

impl Notes {
    /// Sets what is said of `object`, or takes it back. The time is kept while the code stays.
    pub fn set(&self, object: &str, said: Option<(&str, String)>) {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let before = faults.remove(object);
        let after = said.map(|(code, message)| Fault {
            code: code.to_owned(),
            object: object.to_owned(),
            message,
            since: before
                .as_ref()
                .filter(|before| before.code == code)
                .map_or_else(|| UnixMs(now_unix_ms()), |before| before.since),
        });
        let same = before == after;
        faults.extend(after.map(|fault| (object.to_owned(), fault)));
        drop(faults);
        if !same {
            self.changed.send_modify(|count| *count += 1);
        }
    }

    /// Takes back what is said of objects that begin with `prefix` and are not in `kept`.
    pub fn keep(&self, prefix: &str, kept: &[String]) {
        let gone: Vec<String> = {
            let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
            faults.keys().filter(|o| o.starts_with(prefix) && !kept.contains(o)).cloned().collect()
        };
        gone.iter().for_each(|object| self.set(object, None));
    }

    /// All of them, sorted by object.
    #[must_use]
    pub fn all(&self) -> Vec<Fault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Moves whenever something is said or taken back.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_keeps_its_time_while_its_code_stays_and_goes_when_taken_back() {
        let notes = Notes::default();
        let mut changed = notes.watch();
        notes.set("bundle/a", Some(("WK-3020", "one of ten".into())));
        let since = notes.all()[0].since;
        changed.mark_unchanged();
        notes.set("bundle/a", Some(("WK-3020", "one of ten".into())));
        assert!(!changed.has_changed().unwrap(), "nothing new");
        notes.set("bundle/a", Some(("WK-3020", "two of ten".into())));
        assert_eq!((notes.all()[0].since, changed.has_changed().unwrap()), (since, true));
        notes.set("upstream", Some(("WK-3021", "no answer".into())));
        notes.keep("bundle/", &[]);
        assert_eq!(notes.all().len(), 1);
        notes.set("upstream", None);
        assert!(notes.all().is_empty());
    }
}
