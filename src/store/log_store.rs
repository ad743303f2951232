//! The Raft log as openraft sees it: what was appended is readable at once, and reported as
//! durable only after the writer thread's commit.
//!
//! Invariant: [`Memory`] holds every entry that is not on disk yet, and the newest of those that
//! are; what it does not hold is on disk. So replication and apply rarely touch the file.

use super::{
    codec::{decode, encode},
    database::{File, META, io_error},
    log_writer::{Job, LOG, Writer},
    types::{Entry, LogId, Types, Vote},
    wire::raft::{LogIdWire, VoteWire, decode_entry},
    work::Work,
};
use futures_util::{Stream, TryStreamExt, stream};
use openraft::{
    LogState, OptionalSend, RaftLogReader, entry::RaftEntry, storage::IOFlushed,
    storage::RaftLogStorage,
};
use std::{
    collections::VecDeque,
    fmt::Debug,
    io,
    ops::{Bound, Range, RangeBounds},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{mpsc, oneshot};

/// Entries that are on disk are kept in memory up to this much.
const TAIL_BYTES: usize = 4 << 20;
/// What one replication message or one step of reading carries at most, a single larger entry
/// aside.
const READ_BYTES: usize = 2 << 20;

/// Keys of the log file's meta table.
pub(super) const VOTE: &[u8] = b"vote";
pub(super) const COMMITTED: &[u8] = b"committed";
pub(super) const PURGED: &[u8] = b"purged";

/// Handle to the log; all clones share one writer thread.
#[derive(Clone)]
pub(super) struct LogStore {
    file: Arc<File>,
    memory: Arc<Mutex<Memory>>,
    jobs: mpsc::Sender<Job>,
    work: Work,
}

/// What is known without reading the file.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) vote: Option<Vote>,
    /// Lags: written with the next batch that comes along.
    pub(super) committed: Option<LogId>,
    purged: Option<LogId>,
    last: Option<LogId>,
    tail: VecDeque<TailEntry>,
    tail_bytes: usize,
    /// Number of the last append job.
    appends: u64,
}

struct TailEntry {
    entry: Entry,
    bytes: usize,
    /// The append job that brings it to disk.
    job: u64,
}

/// What an entry costs in memory and in a batch.
pub(super) fn entry_bytes(entry: &Entry) -> usize {
    const OVERHEAD: usize = 96;
    match &entry.payload {
        openraft::EntryPayload::Normal(op) => op.body.len() + OVERHEAD,
        _ => OVERHEAD,
    }
}

impl Memory {
    /// Marks append jobs up to `job` as durable and forgets the oldest entries beyond the limit.
    pub(super) fn flushed(&mut self, job: u64) {
        while self.tail_bytes > TAIL_BYTES
            && let Some(front) = self.tail.front()
            && front.job <= job
        {
            self.tail_bytes -= front.bytes;
            self.tail.pop_front();
        }
    }

    fn truncate_after(&mut self, last: Option<LogId>) {
        let keep = last.map_or(0, |id| id.index + 1);
        while let Some(back) = self.tail.back()
            && back.entry.log_id.index >= keep
        {
            self.tail_bytes -= back.bytes;
            self.tail.pop_back();
        }
        self.last = self.last.min(last).max(self.purged);
    }

    fn purge(&mut self, upto: LogId) {
        while let Some(front) = self.tail.front()
            && front.entry.log_id.index <= upto.index
        {
            self.tail_bytes -= front.bytes;
            self.tail.pop_front();
        }
        self.purged = self.purged.max(Some(upto));
        self.last = self.last.max(self.purged);
    }

    /// Splits a range into what must come from disk and what is here, both cut to what exists.
    fn plan(&self, range: Range<u64>) -> (Range<u64>, Vec<Entry>) {
        let start = range.start.max(self.purged.map_or(0, |id| id.index + 1));
        let end = range.end.min(self.last.map_or(0, |id| id.index + 1)).max(start);
        let first_here = self.tail.front().map_or(end, |front| front.entry.log_id.index);
        let split = first_here.clamp(start, end);
        let here = self
            .tail
            .iter()
            .skip_while(|item| item.entry.log_id.index < split)
            .take_while(|item| item.entry.log_id.index < end)
            .map(|item| item.entry.clone())
            .collect();
        (start..split, here)
    }
}

impl LogStore {
    /// Loads what the file says and starts its writer. Blocking.
    ///
    /// `applied`: how far the state is, durably. A node applies what a majority of the others has
    /// on disk, so after a power cut its own log may end before that, or in entries of a leader
    /// that lost. Such a log has nothing that the state lacks: it begins anew behind it.
    pub(super) fn start(
        file: Arc<File>,
        applied: Option<LogId>,
        work: &Work,
    ) -> io::Result<(Self, Writer)> {
        let memory = Arc::new(Mutex::new(load(&file, applied)?));
        let (jobs, inbox) = mpsc::channel(1024);
        let writer = Writer::start(file.clone(), memory.clone(), inbox, work)?;
        Ok((Self { file, memory, jobs, work: work.clone() }, writer))
    }

    /// Up to where entries are gone from it.
    pub(super) fn purged(&self) -> Option<LogId> {
        self.memory().purged
    }

    /// Commits what is queued and ends the writer.
    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.jobs.send(Job::Close { done }).await.is_ok() {
            let _ = closed.await;
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, job: Job) -> io::Result<()> {
        self.jobs.send(job).await.map_err(|_| io::Error::other("the log's writer has stopped"))
    }

    async fn read_range(&self, range: Range<u64>, max_bytes: usize) -> io::Result<Vec<Entry>> {
        let (on_disk, here) = self.memory().plan(range);
        if on_disk.is_empty() {
            return Ok(cut(here, max_bytes));
        }
        let file = self.file.clone();
        let mut entries = self.work.blocking(move || read_file(&file, on_disk, max_bytes)).await?;
        entries.extend(here);
        Ok(cut(entries, max_bytes))
    }
}

/// Keeps leading entries worth `max_bytes`, at least one.
fn cut(mut entries: Vec<Entry>, max_bytes: usize) -> Vec<Entry> {
    let mut bytes = 0;
    let fits = entries.iter().take_while(|entry| {
        let room = bytes == 0 || bytes + entry_bytes(entry) <= max_bytes;
        bytes += entry_bytes(entry);
        room
    });
    let n = fits.count();
    entries.truncate(n);
    entries
}

fn read_file(file: &File, range: Range<u64>, max_bytes: usize) -> io::Result<Vec<Entry>> {
    let txn = file.read()?;
    let log = txn.open_table(LOG).map_err(io_error)?;
    let mut entries = Vec::new();
    let mut bytes = 0;
    for row in log.range(range).map_err(io_error)? {
        let (_, value) = row.map_err(io_error)?;
        let entry = decode_entry(value.value())?;
        bytes += entry_bytes(&entry);
        entries.push(entry);
        if bytes > max_bytes {
            break;
        }
    }
    Ok(entries)
}

fn load(file: &File, applied: Option<LogId>) -> io::Result<Memory> {
    // Makes both tables, so that readers need not ask whether they exist.
    let txn = file.write(true)?;
    let memory = {
        let mut meta = txn.open_table(META).map_err(io_error)?;
        let mut log = txn.open_table(LOG).map_err(io_error)?;
        let log_id = |key: &[u8]| -> io::Result<Option<LogId>> {
            let value = redb::ReadableTable::get(&meta, key).map_err(io_error)?;
            Ok(value.map(|v| decode::<LogIdWire>(v.value())).transpose()?.map(Into::into))
        };
        let vote = redb::ReadableTable::get(&meta, VOTE).map_err(io_error)?;
        let vote = vote.map(|v| decode::<VoteWire>(v.value())).transpose()?.map(Into::into);
        let last = redb::ReadableTable::last(&log).map_err(io_error)?;
        let last = last.map(|(_, value)| decode_entry(value.value())).transpose()?;
        let (committed, mut purged) = (log_id(COMMITTED)?, log_id(PURGED)?);
        let mut last = last.map(|entry| entry.log_id).max(purged);
        if let Some(applied) = applied.filter(|applied| last < Some(*applied)) {
            tracing::warn!(?last, %applied, "the log ends before the state: it begins anew");
            log.retain(|_, _| false).map_err(io_error)?;
            let applied_wire = encode(&LogIdWire::from(&applied));
            meta.insert(PURGED, applied_wire.as_slice()).map_err(io_error)?;
            (purged, last) = (Some(applied), Some(applied));
        }
        Memory { vote, committed, purged, last, ..Memory::default() }
    };
    txn.commit().map_err(io_error)?;
    Ok(memory)
}

/// `a..b` of any kind of range.
fn half_open(range: &impl RangeBounds<u64>) -> Range<u64> {
    let start = match range.start_bound() {
        Bound::Included(start) => *start,
        Bound::Excluded(start) => start.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match range.end_bound() {
        Bound::Included(end) => end.saturating_add(1),
        Bound::Excluded(end) => *end,
        Bound::Unbounded => u64::MAX,
    };
    start..end
}

impl RaftLogReader<Types> for LogStore {
    async fn try_get_log_entries<RB: RangeBounds<u64> + Clone + Debug + OptionalSend>(
        &mut self,
        range: RB,
    ) -> io::Result<Vec<Entry>> {
        self.read_range(half_open(&range), usize::MAX).await
    }

    /// In steps, so that catching up does not hold the whole backlog in memory. As for
    /// any reader, purged entries may be missing at the start and unwritten ones at the end, but
    /// none in between.
    async fn entries_stream<RB>(
        &mut self,
        range: RB,
    ) -> impl Stream<Item = io::Result<Entry>> + OptionalSend
    where
        RB: RangeBounds<u64> + Clone + Debug + OptionalSend,
    {
        let start = (self.clone(), half_open(&range));
        stream::try_unfold(start, |(log, range)| async move {
            if range.is_empty() {
                return Ok(None);
            }
            let entries = log.read_range(range.clone(), READ_BYTES).await?;
            if entries.windows(2).any(|two| two[0].log_id.index + 1 != two[1].log_id.index) {
                let hole = format!("the log has a hole within {range:?}");
                return Err(io::Error::new(io::ErrorKind::InvalidData, hole));
            }
            let next = entries.last().map_or(range.end, |entry| entry.log_id.index + 1);
            let step = stream::iter(entries.into_iter().map(io::Result::Ok));
            Ok::<_, io::Error>(Some((step, (log, next..range.end))))
        })
        .try_flatten()
    }

    async fn limited_get_log_entries(&mut self, start: u64, end: u64) -> io::Result<Vec<Entry>> {
        self.read_range(start..end, READ_BYTES).await
    }

    async fn read_vote(&mut self) -> io::Result<Option<Vote>> {
        Ok(self.memory().vote)
    }
}

impl RaftLogStorage<Types> for LogStore {
    type LogReader = Self;

    async fn get_log_state(&mut self) -> io::Result<LogState<Types>> {
        let memory = self.memory();
        Ok(LogState { last_purged_log_id: memory.purged, last_log_id: memory.last })
    }

    async fn get_log_reader(&mut self) -> Self {
        self.clone()
    }

    async fn save_vote(&mut self, vote: &Vote) -> io::Result<()> {
        let (done, saved) = oneshot::channel();
        self.send(Job::Vote { vote: *vote, done }).await?;
        saved.await.map_err(|_| io::Error::other("the log's writer has stopped"))?
    }

    async fn save_committed(&mut self, committed: Option<LogId>) -> io::Result<()> {
        self.memory().committed = committed;
        Ok(())
    }

    async fn read_committed(&mut self) -> io::Result<Option<LogId>> {
        Ok(self.memory().committed)
    }

    async fn append<I>(&mut self, entries: I, done: IOFlushed<Types>) -> io::Result<()>
    where
        I: IntoIterator<Item = Entry> + OptionalSend,
        I::IntoIter: OptionalSend,
    {
        let entries: Vec<Entry> = entries.into_iter().collect();
        let job = {
            let mut memory = self.memory();
            memory.appends += 1;
            let job = memory.appends;
            for entry in &entries {
                let bytes = entry_bytes(entry);
                memory.tail_bytes += bytes;
                memory.last = Some(entry.log_id());
                memory.tail.push_back(TailEntry { entry: entry.clone(), bytes, job });
            }
            job
        };
        self.send(Job::Append { job, entries, done }).await
    }

    async fn truncate_after(&mut self, last: Option<LogId>) -> io::Result<()> {
        self.memory().truncate_after(last);
        self.send(Job::Truncate { keep_below: last.map_or(0, |id| id.index + 1) }).await
    }

    async fn purge(&mut self, upto: LogId) -> io::Result<()> {
        self.memory().purge(upto);
        self.send(Job::Purge { upto }).await
    }
}
