//! Power cuts at every write of both files: what was acknowledged is there, whole.

use super::{
    command,
    disk::{Chance, Disk},
    put, put_row,
    replay::dump,
};
use crate::{
    model::{Kind, NodeId},
    store::{
        Profile, Store, WriteError,
        applier::Applier,
        database::File,
        log_store::LogStore,
        open::{self, Storage},
        testing::{MemoryNetwork, PATIENCE, single},
        types::{Entry, LeaderId, LogId, Membership, Op, Types, Vote},
        wire::command::command_op,
        work::Work,
    },
};
use openraft::{
    EntryPayload, RaftLogReader,
    entry::RaftEntry,
    storage::{IOFlushed, RaftLogStorage},
    type_config::TypeConfigExt,
};
use redb::Builder;
use std::{collections::BTreeMap, path::Path, sync::Arc};
use tokio::time::timeout;

const NODE: NodeId = NodeId(1);

pub(super) fn file(disk: Disk) -> Arc<File> {
    let database = Builder::new().create_with_backend(disk).unwrap();
    Arc::new(File::own(Path::new("test.redb"), database, NODE).unwrap())
}

pub(super) fn log_id(term: u64, index: u64) -> LogId {
    LogId { leader_id: LeaderId { term, node_id: 1 }, index }
}

fn entry(term: u64, index: u64) -> Entry {
    let payload = match index % 3 {
        0 => EntryPayload::Blank,
        1 => EntryPayload::Membership(Membership::default()),
        _ => EntryPayload::Normal(Op { kind: 9, v: 9, body: vec![7; 3000].into() }),
    };
    <Entry as RaftEntry>::new(log_id(term, index), payload)
}

/// What the log must hold.
#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    vote: Option<Vote>,
    purged: Option<LogId>,
    entries: BTreeMap<u64, Entry>,
}

impl Model {
    async fn read(log: &mut LogStore) -> Self {
        let state = log.get_log_state().await.unwrap();
        let entries = log.try_get_log_entries(0..).await.unwrap();
        let last = entries.last().map(|entry| entry.log_id);
        assert_eq!(last.max(state.last_purged_log_id), state.last_log_id);
        if let Some(committed) = log.read_committed().await.unwrap() {
            assert!(Some(committed) <= state.last_log_id, "committed beyond the log");
        }
        Self {
            vote: log.read_vote().await.unwrap(),
            purged: state.last_purged_log_id,
            entries: entries.into_iter().map(|entry| (entry.log_id.index, entry)).collect(),
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Vote(u64),
    Append { term: u64, from: u64, n: u64 },
    TruncateAfter(u64, u64),
    Purge(u64, u64),
}

impl Step {
    fn model(&self, model: &Model) -> Model {
        let mut model = model.clone();
        match *self {
            Self::Vote(term) => model.vote = Some(Vote::new(term, 1)),
            Self::Append { term, from, n } => {
                model.entries.extend((from..from + n).map(|index| (index, entry(term, index))));
            }
            Self::TruncateAfter(_, index) => {
                model.entries.split_off(&(index + 1));
            }
            Self::Purge(term, index) => {
                model.entries = model.entries.split_off(&(index + 1));
                model.purged = Some(log_id(term, index));
            }
        }
        model
    }

    /// True when it was waited for: from here on it must survive.
    async fn perform(&self, log: &mut LogStore) -> bool {
        match *self {
            Self::Vote(term) => log.save_vote(&Vote::new(term, 1)).await.unwrap(),
            Self::Append { term, from, n } => {
                let (done, flushed) = Types::oneshot();
                let entries = (from..from + n).map(|index| entry(term, index));
                log.append(entries, IOFlushed::signal(done)).await.unwrap();
                // Raft never cuts off what is committed, and the story cuts term 1 after 11.
                let committed = if term == 1 { (from + n - 1).min(11) } else { from + n - 1 };
                log.save_committed(Some(log_id(term, committed))).await.unwrap();
                flushed.await.unwrap().unwrap();
            }
            Self::TruncateAfter(term, index) => {
                log.truncate_after(Some(log_id(term, index))).await.unwrap();
                return false;
            }
            Self::Purge(term, index) => {
                log.purge(log_id(term, index)).await.unwrap();
                return false;
            }
        }
        true
    }
}

fn story() -> Vec<Step> {
    use Step::{Append, Purge, TruncateAfter, Vote};
    vec![
        Vote(1),
        Append { term: 1, from: 0, n: 1 },
        Append { term: 1, from: 1, n: 20 },
        Vote(2),
        TruncateAfter(1, 11),
        Append { term: 2, from: 12, n: 3 },
        Purge(1, 5),
        Append { term: 2, from: 15, n: 30 },
        Append { term: 2, from: 45, n: 1 },
        Purge(2, 45),
        Vote(3),
        Append { term: 3, from: 46, n: 2 },
    ]
}

#[tokio::test]
async fn the_log_holds_every_acknowledged_vote_and_entry_after_a_power_cut_at_any_write() {
    let disk = Disk::default();
    let (mut log, _writer) = LogStore::start(file(disk.clone()), None, &Work::Threads).unwrap();
    let first = disk.ops();
    // States the log goes through, each with the operation count at which it was acknowledged.
    let mut states = vec![(Some(first), Model::default())];
    for step in story() {
        let model = step.model(&states.last().unwrap().1);
        let acknowledged = step.perform(&mut log).await;
        states.push((acknowledged.then(|| disk.ops()), model));
    }
    log.close().await;
    for seed in 1..=2 {
        for cut in first..=disk.ops() {
            let mut chance = Chance(seed * 1_000_003 + cut as u64);
            let image = disk.after_power_cut(cut, &mut chance);
            let (mut log, _writer) =
                LogStore::start(file(Disk::with(image)), None, &Work::Threads).unwrap();
            let found = Model::read(&mut log).await;
            let oldest = states.iter().rposition(|(at, _)| at.is_some_and(|at| at <= cut));
            let allowed = &states[oldest.unwrap()..];
            let next = allowed.iter().skip(1).position(|(at, _)| at.is_some());
            let allowed = &allowed[..next.map_or(allowed.len(), |next| next + 2)];
            assert!(
                allowed.iter().any(|(_, model)| *model == found),
                "seed {seed}, cut after {cut} of {}: {found:?}",
                disk.ops()
            );
            log.close().await;
        }
    }
}

#[tokio::test]
async fn a_full_disk_is_reported_and_nothing_after_it_is_acknowledged() {
    let disk = Disk::default();
    let (mut log, mut writer) = LogStore::start(file(disk.clone()), None, &Work::Threads).unwrap();
    log.save_vote(&Vote::new(1, 1)).await.unwrap();
    disk.break_now();
    let (done, flushed) = Types::oneshot();
    log.append([entry(1, 0)], IOFlushed::signal(done)).await.unwrap();
    flushed.await.unwrap().unwrap_err();
    let failed = writer.failed.wait_for(Option::is_some).await.unwrap().clone().unwrap();
    assert!(failed.contains("raft-log.redb") && failed.contains("disk is full"), "{failed}");
    log.save_vote(&Vote::new(2, 1)).await.unwrap_err();
    assert_eq!(log.read_vote().await.unwrap(), Some(Vote::new(1, 1)));
    let image = disk.after_power_cut(disk.ops(), &mut Chance(1));
    let (mut log, _writer) =
        LogStore::start(file(Disk::with(image)), None, &Work::Threads).unwrap();
    assert_eq!(Model::read(&mut log).await, Step::Vote(1).model(&Model::default()));
}

#[tokio::test]
async fn the_state_file_is_at_one_whole_batch_and_never_behind_a_sync_after_a_power_cut() {
    let disk = Disk::default();
    let state = file(disk.clone());
    let (applier, _, _) = Applier::start(state.clone(), &Work::Threads).unwrap();
    let first = disk.ops();
    let mut dumps = vec![dump(&state)];
    let mut synced = vec![(first, 0)];
    for batch in 0..12_u64 {
        let items = (1..=4).map(|n| {
            let index = batch * 4 + n;
            let text = format!("{index}-{}", "x".repeat(500));
            let op = command_op(command(vec![put("a", &text), put_row("k", text.as_bytes())]));
            (<Entry as RaftEntry>::new(log_id(1, index), EntryPayload::Normal(op)), None)
        });
        applier.apply(items.collect()).await.unwrap();
        dumps.push(dump(&state));
        if batch % 3 == 2 {
            applier.sync().await.unwrap();
            synced.push((disk.ops(), dumps.len() - 1));
        }
    }
    applier.close().await;
    for seed in 1..=2 {
        for cut in first..=disk.ops() {
            let mut chance = Chance(seed * 7_919 + cut as u64);
            let state = file(Disk::with(disk.after_power_cut(cut, &mut chance)));
            let (applier, ..) = Applier::start(state.clone(), &Work::Threads).unwrap();
            let found = dump(&state);
            let at = dumps.iter().position(|dump| *dump == found);
            let at = at.unwrap_or_else(|| panic!("seed {seed}, cut {cut}: half a batch"));
            let durable = synced.iter().rfind(|(ops, _)| *ops <= cut).unwrap().1;
            assert!(at >= durable, "seed {seed}, cut {cut}: batch {at}, synced {durable}");
            applier.close().await;
        }
    }
}

#[tokio::test]
async fn a_node_whose_log_cannot_be_written_says_so_and_refuses_writes() {
    let (disk, dir) = (Disk::default(), tempfile::tempdir().unwrap());
    let (state, log) = (file(Disk::default()), file(disk.clone()));
    let storage = Storage::over(state, log, dir.path().to_owned(), Work::Threads).unwrap();
    let transport = MemoryNetwork::default().transport(NODE);
    let inner = open::start(NODE, storage, transport, Profile::Fast.into()).await.unwrap();
    let store = Store::of(inner);
    store.initialize(vec![NODE]).await.unwrap();
    store.write(command(vec![put("a", "A")]), PATIENCE).await.unwrap();
    disk.break_now();
    let refused = store.write(command(vec![put("a", "B")]), PATIENCE).await;
    assert!(matches!(refused, Err(WriteError::Closed)), "{refused:?}");
    let mut failed = store.failed();
    let failure = timeout(PATIENCE, failed.wait_for(Option::is_some)).await.unwrap().unwrap();
    assert!(failure.as_ref().unwrap().contains("the disk is full"), "{failure:?}");
    drop(failure);
    let refused = store.write(command(vec![put("a", "C")]), PATIENCE).await;
    assert!(matches!(refused, Err(WriteError::Closed)), "{refused:?}");
    assert_eq!(store.state().get(Kind::Project, "a").unwrap().spec["title"], "A");
    store.close().await.unwrap();
}

/// Runs two rounds of writes and puts the copy of `name` from between them back.
async fn with_older(name: &str) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let (path, aside) = (dir.path().join(name), dir.path().join("aside"));
    for round in ["first", "second"] {
        let store = single(dir.path()).await;
        for n in 0..20 {
            let key = format!("{round}-{n}");
            store.write(command(vec![put(&key, "T")]), PATIENCE).await.unwrap();
        }
        store.close().await.unwrap();
        if round == "first" {
            std::fs::copy(&path, &aside).unwrap();
        }
    }
    std::fs::rename(&aside, &path).unwrap();
    let store = single(dir.path()).await;
    store.barrier(PATIENCE).await.unwrap();
    (dir, store)
}

#[tokio::test]
async fn a_state_file_that_lost_its_newest_batches_is_made_up_for_by_the_log() {
    let (dir, store) = with_older("state.redb").await;
    assert_eq!(store.state().of(Kind::Project).count(), 40);
    store.close().await.unwrap();
    drop(dir);
}

#[tokio::test]
async fn a_log_that_lost_what_the_state_has_goes_on_behind_it() {
    let (dir, store) = with_older("raft-log.redb").await;
    assert_eq!(store.state().of(Kind::Project).count(), 40);
    store.write(command(vec![put("third", "T")]), PATIENCE).await.unwrap();
    store.close().await.unwrap();
    let store = single(dir.path()).await;
    store.barrier(PATIENCE).await.unwrap();
    assert_eq!(store.state().of(Kind::Project).count(), 41);
    store.close().await.unwrap();
}
