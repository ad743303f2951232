//! The one writer of the log file, a thread of its own: group commit.
//!
//! It takes a job, drains what else is queued up to [`BATCH_BYTES`], does all of it in arrival
//! order in one transaction, commits durably, and only then answers. Votes and entries share the
//! queue, so neither can overtake the other. A failed commit is final: redb refuses further
//! writes, and nothing after it is ever acknowledged.

use super::{
    codec::encode,
    database::{File, META, io_error},
    log_store::{COMMITTED, Memory, PURGED, VOTE, entry_bytes},
    types::{Entry, LogId, Types, Vote},
    wire::raft::{LogIdWire, VoteWire, encode_entry},
    work::{Pause, Work},
};
use openraft::storage::IOFlushed;
use redb::{ReadableTable, Table, TableDefinition, WriteTransaction};
use std::{
    io,
    ops::ControlFlow,
    sync::{Arc, Mutex, PoisonError},
    thread,
};
use tokio::sync::{mpsc, oneshot, watch};

/// Log index → encoded entry.
pub(super) const LOG: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");

/// A batch stops growing here; an entry is at most 1 MiB.
const BATCH_BYTES: usize = 1 << 20;

/// Something to write.
pub(super) enum Job {
    Append { job: u64, entries: Vec<Entry>, done: IOFlushed<Types> },
    Vote { vote: Vote, done: oneshot::Sender<io::Result<()>> },
    Truncate { keep_below: u64 },
    Purge { upto: LogId },
    Close { done: oneshot::Sender<()> },
}

/// The writer's outside.
pub(super) struct Writer {
    /// Set once, when a commit failed.
    pub(super) failed: watch::Receiver<Option<String>>,
    /// Counts commits, so that batching can be shown.
    pub(super) commits: watch::Receiver<u64>,
}

struct Worker {
    file: Arc<File>,
    memory: Arc<Mutex<Memory>>,
    failed: watch::Sender<Option<String>>,
    commits: watch::Sender<u64>,
    /// What the file says, so that it is not written again.
    committed: Option<LogId>,
}

/// A batch that only needs its commit.
struct Staged {
    txn: WriteTransaction,
    /// What the file will then say is committed.
    committed: Option<LogId>,
}

impl Writer {
    /// Starts it; it ends with [`Job::Close`] or when all senders are gone.
    pub(super) fn start(
        file: Arc<File>,
        memory: Arc<Mutex<Memory>>,
        inbox: mpsc::Receiver<Job>,
        work: &Work,
    ) -> io::Result<Self> {
        let (failed, failed_seen) = watch::channel(None);
        let (commits, commits_seen) = watch::channel(0);
        let committed = memory.lock().unwrap_or_else(PoisonError::into_inner).committed;
        let worker = Worker { file, memory, failed, commits, committed };
        match work.clone() {
            Work::Threads => {
                let thread = thread::Builder::new().name("raft-log".to_owned());
                thread.spawn(move || worker.run(inbox))?;
            }
            Work::Tasks(pause) => drop(tokio::spawn(worker.run_paced(inbox, pause))),
        }
        Ok(Self { failed: failed_seen, commits: commits_seen })
    }
}

impl Worker {
    fn run(mut self, mut inbox: mpsc::Receiver<Job>) {
        while let Some(first) = inbox.blocking_recv() {
            if self.step(first, &mut inbox).is_break() {
                return;
            }
        }
    }

    async fn run_paced(mut self, mut inbox: mpsc::Receiver<Job>, pause: Pause) {
        while let Some(first) = inbox.recv().await {
            tokio::time::sleep(pause()).await;
            if self.step(first, &mut inbox).is_break() {
                return;
            }
        }
    }

    /// Writes `first` and what has come after it, and answers; ends with a close.
    fn step(&mut self, first: Job, inbox: &mut mpsc::Receiver<Job>) -> ControlFlow<()> {
        let (batch, close) = drain(first, inbox);
        if !batch.is_empty() {
            self.write(batch);
        }
        let Some(done) = close else { return ControlFlow::Continue(()) };
        let _ = self.file.close();
        let _ = done.send(());
        ControlFlow::Break(())
    }

    fn write(&mut self, batch: Vec<Job>) {
        let result = match &*self.failed.borrow() {
            Some(failed) => Err(failed.clone()),
            None => Ok(()),
        };
        let staged = result.map_err(io::Error::other).and_then(|()| self.stage(&batch));
        #[cfg(feature = "chaos-bugs")]
        if super::bug::is_planted(super::bug::Bug::AnswerBeforeFsync) && staged.is_ok() {
            self.answer(batch, &Ok(()));
            thread::sleep(super::bug::UNSYNCED);
            let _ = staged.and_then(|staged| self.commit(staged));
            return;
        }
        let result = staged.and_then(|staged| self.commit(staged));
        self.answer(batch, &result);
    }

    /// All of `batch` in one transaction, which is durable once committed.
    fn stage(&self, batch: &[Job]) -> io::Result<Staged> {
        let txn = self.file.write(true)?;
        let committed = {
            let mut log = txn.open_table(LOG).map_err(io_error)?;
            let mut meta = txn.open_table(META).map_err(io_error)?;
            for job in batch {
                write_one(job, &mut log, &mut meta)?;
            }
            self.write_committed(&log, &mut meta)?
        };
        Ok(Staged { txn, committed })
    }

    fn commit(&mut self, staged: Staged) -> io::Result<()> {
        staged.txn.commit().map_err(io_error)?;
        self.committed = staged.committed;
        self.commits.send_modify(|n| *n += 1);
        Ok(())
    }

    /// Rides along, but never names an entry that this very commit does not hold: after a crash
    /// everything up to it is applied again.
    fn write_committed(
        &self,
        log: &Table<'_, u64, &'static [u8]>,
        meta: &mut Table<'_, &'static [u8], &'static [u8]>,
    ) -> io::Result<Option<LogId>> {
        let wanted = self.memory.lock().unwrap_or_else(PoisonError::into_inner).committed;
        let last = log.last().map_err(io_error)?.map(|(index, _)| index.value());
        match wanted {
            Some(id) if wanted > self.committed && Some(id.index) <= last => {
                meta.insert(COMMITTED, encode(&LogIdWire::from(&id)).as_slice())
                    .map_err(io_error)?;
                Ok(wanted)
            }
            _ => Ok(self.committed),
        }
    }

    fn answer(&self, batch: Vec<Job>, result: &io::Result<()>) {
        if let Err(error) = result {
            self.failed.send_if_modified(|failed| {
                let first = failed.is_none();
                failed.get_or_insert_with(|| format!("raft-log.redb: {error}"));
                first
            });
        }
        let result = || match result {
            Ok(()) => Ok(()),
            Err(error) => Err(io::Error::other(error.to_string())),
        };
        for job in batch {
            match job {
                Job::Append { job, done, .. } => {
                    if result().is_ok() {
                        self.memory.lock().unwrap_or_else(PoisonError::into_inner).flushed(job);
                    }
                    done.io_completed(result());
                }
                Job::Vote { vote, done } => {
                    if result().is_ok() {
                        self.memory.lock().unwrap_or_else(PoisonError::into_inner).vote =
                            Some(vote);
                    }
                    let _ = done.send(result());
                }
                Job::Truncate { .. } | Job::Purge { .. } | Job::Close { .. } => {}
            }
        }
    }
}

/// `first` and what is already waiting behind it, until the batch is full or a close comes.
fn drain(first: Job, inbox: &mut mpsc::Receiver<Job>) -> (Vec<Job>, Option<oneshot::Sender<()>>) {
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut next = Some(first);
    while let Some(job) = next.take() {
        match job {
            Job::Close { done } => return (batch, Some(done)),
            Job::Append { ref entries, .. } => {
                bytes += entries.iter().map(entry_bytes).sum::<usize>();
            }
            Job::Vote { .. } | Job::Truncate { .. } | Job::Purge { .. } => {}
        }
        batch.push(job);
        if bytes < BATCH_BYTES {
            next = inbox.try_recv().ok();
        }
    }
    (batch, None)
}

fn write_one(
    job: &Job,
    log: &mut Table<'_, u64, &'static [u8]>,
    meta: &mut Table<'_, &'static [u8], &'static [u8]>,
) -> io::Result<()> {
    match job {
        Job::Append { entries, .. } => {
            for entry in entries {
                log.insert(entry.log_id.index, encode_entry(entry).as_slice()).map_err(io_error)?;
            }
        }
        #[cfg(feature = "chaos-bugs")]
        Job::Vote { .. } if super::bug::is_planted(super::bug::Bug::VoteNotSynced) => {}
        Job::Vote { vote, .. } => {
            meta.insert(VOTE, encode(&VoteWire::from(vote)).as_slice()).map_err(io_error)?;
        }
        Job::Truncate { keep_below } => {
            log.retain_in(*keep_below.., |_, _| false).map_err(io_error)?;
        }
        Job::Purge { upto } => {
            log.retain_in(..=upto.index, |_, _| false).map_err(io_error)?;
            meta.insert(PURGED, encode(&LogIdWire::from(upto)).as_slice()).map_err(io_error)?;
        }
        Job::Close { .. } => {}
    }
    Ok(())
}
