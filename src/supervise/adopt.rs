//! Finds the children that an earlier life of ours left running.
//!
//! A record is believed only when everything agrees: boot, start time, user, executable, marker.
//! Then the records are checked against the machine: a marked process without a record (the
//! file was lost) is ours too, but nobody knows its spec any more.

use super::SuperviseError;
use super::identity::{self, Identity};
use super::process::{self, Process};
use super::records::Record;
use super::shared::Shared;
use crate::model::observed::ProcessState;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a launcher of ours may still need to become its program.
const LAUNCH_PATIENCE: Duration = Duration::from_secs(2);
/// For a program whose own grace time is not known any more.
const UNKNOWN_GRACE: Duration = Duration::from_secs(30);

/// No spec has this hash: wanted or not, the process will be stopped.
const UNKNOWN_SPEC: &str = "";

/// A running child that nobody has asked for yet.
#[derive(Debug)]
pub(super) struct Leftover {
    pub(super) process: Process,
    pub(super) record: Record,
}

/// How far a record and a process agree.
#[derive(Debug, PartialEq, Eq)]
enum Match {
    Ours,
    /// Ours, but not (yet) the program or the user it was recorded with.
    Other,
    /// The right id and start time, but no marker: so it looks in the middle of an exec.
    Unmarked,
    Foreign,
}

/// All children of ours that run, by name. The others are forgotten.
pub(super) async fn find(
    shared: &Arc<Shared>,
) -> Result<BTreeMap<String, Leftover>, SuperviseError> {
    let mut found = BTreeMap::new();
    for (name, record) in shared.records.all() {
        match take(&shared.marker(&name), record).await {
            Some(leftover) => {
                found.insert(name, leftover);
            }
            None => shared.records.remove(&name).await?,
        }
    }
    add_unrecorded(shared, &mut found).await?;
    for (name, leftover) in &found {
        tracing::info!(process = name, pid = leftover.process.pid(), "running child found");
        shared.update(name, |status| {
            status.state = ProcessState::Starting;
            status.pid = Some(leftover.process.pid());
            status.adopted = true;
        });
    }
    Ok(found)
}

async fn take(marker: &str, mut record: Record) -> Option<Leftover> {
    // First hold, then look: what is seen now belongs to what is held, as no two processes have
    // both id and start time in common.
    let process = Process::open(record.pid).ok()?;
    let deadline = Instant::now() + LAUNCH_PATIENCE;
    loop {
        match compare(marker, &record, identity::of(record.pid).as_ref()) {
            Match::Ours => return Some(Leftover { process, record }),
            // A launcher becomes its program in a moment; nothing tells us when.
            Match::Other | Match::Unmarked if Instant::now() < deadline => {
                sleep(Duration::from_millis(10)).await;
            }
            Match::Other => {
                record.launch_hash = UNKNOWN_SPEC.to_owned();
                return Some(Leftover { process, record });
            }
            Match::Foreign | Match::Unmarked => {
                reap_own_zombie(&process, &record).await;
                return None;
            }
        }
    }
}

fn compare(marker: &str, record: &Record, found: Option<&Identity>) -> Match {
    let Some(found) = found else { return Match::Foreign };
    if found.start_time != record.start_time {
        return Match::Foreign;
    }
    let same_exe = record.exe.as_ref().is_none_or(|exe| *exe == found.exe);
    match found.marker.as_deref() {
        None => Match::Unmarked,
        Some(other) if other != marker => Match::Foreign,
        Some(_) if same_exe && found.uid == record.uid => Match::Ours,
        Some(_) => Match::Other,
    }
}

/// After an exec in place our children are still our children: one that has ended meanwhile
/// waits for us.
async fn reap_own_zombie(process: &Process, record: &Record) {
    if identity::start_time(record.pid).ok() == Some(record.start_time) {
        let _ = tokio::time::timeout(Duration::ZERO, process.exited()).await;
    }
}

async fn add_unrecorded(
    shared: &Arc<Shared>,
    found: &mut BTreeMap<String, Leftover>,
) -> Result<(), SuperviseError> {
    let owner = shared.config.owner.clone();
    let marked = tokio::task::spawn_blocking(move || identity::all_of(&owner));
    let marked = marked.await.map_err(|error| SuperviseError::Files {
        path: "/proc".into(),
        source: io::Error::other(error),
    })?;
    let recorded: BTreeSet<u32> = found.values().map(|leftover| leftover.process.pid()).collect();
    // Leaders first: what is left of a group without one is an orphan.
    for lost in marked.iter().filter(|lost| lost.leads_session && !recorded.contains(&lost.pid)) {
        let Some(name) = name_of(lost) else { continue };
        let same = || identity::of(lost.pid).as_ref() == Some(lost);
        if found.contains_key(name) {
            tracing::warn!(process = name, pid = lost.pid, "killing a second instance");
            let _ = process::kill_if(lost.pid, same);
            continue;
        }
        let Some(process) = Process::open(lost.pid).ok().filter(|_| same()) else { continue };
        let record = record_of(lost);
        shared.records.put(name, record.clone()).await?;
        found.insert(name.to_owned(), Leftover { process, record });
    }
    let orphans = marked.iter().filter_map(name_of).filter(|name| !found.contains_key(*name));
    for name in orphans.map(ToOwned::to_owned).collect::<BTreeSet<_>>() {
        super::stop::clean_up(shared, &name).await;
    }
    Ok(())
}

fn name_of(found: &Identity) -> Option<&str> {
    found.marker.as_deref()?.split_once('/').map(|(_, name)| name)
}

fn record_of(found: &Identity) -> Record {
    Record {
        pid: found.pid,
        start_time: found.start_time,
        uid: found.uid,
        exe: Some(found.exe.clone()),
        launch_hash: UNKNOWN_SPEC.to_owned(),
        order: 0,
        stop_grace_ms: u64::try_from(UNKNOWN_GRACE.as_millis()).unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            pid: 7,
            start_time: 100,
            uid: 1,
            exe: "/a".into(),
            marker: Some("me/x".into()),
            leads_session: true,
        }
    }

    #[test]
    fn only_full_agreement_is_adopted() {
        let record = record_of(&identity());
        let check = |change: fn(&mut Identity)| {
            let mut found = identity();
            change(&mut found);
            compare("me/x", &record, Some(&found))
        };
        assert_eq!(check(|_| {}), Match::Ours);
        assert_eq!(check(|found| found.start_time = 101), Match::Foreign);
        assert_eq!(check(|found| found.marker = None), Match::Unmarked);
        assert_eq!(check(|found| found.marker = Some("you/x".into())), Match::Foreign);
        assert_eq!(check(|found| found.uid = 0), Match::Other);
        assert_eq!(check(|found| found.exe = "/launcher".into()), Match::Other);
        assert_eq!(compare("me/x", &record, None), Match::Foreign);
    }
}
