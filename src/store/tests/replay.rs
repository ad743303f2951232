//! The same commands give the same state: one by one, in batches, after reopening, and after a
//! snapshot with the tail on top.

use super::{command, crash::log_id, project, put};
use crate::{
    model::{
        NodeId, Revision, UnixMs,
        audit::{Note, Verb},
        cluster::DeclaredState,
    },
    store::{
        Options, Profile,
        applier::Item,
        command::{Change, Command, Precondition, Space},
        database::{File, META},
        open::Storage,
        snapshot,
        tables::{APPLIED, REPLICATED, STATE_HASH},
        types::{Entry, SnapshotMeta},
        wire::command::command_op,
    },
};
use bytes::Bytes;
use openraft::{EntryPayload, entry::RaftEntry, storage::RaftStateMachine};
use proptest::prelude::*;
use redb::ReadableTable;
use std::{collections::BTreeMap, fs, path::Path};

type Dump = BTreeMap<(u8, Vec<u8>), Vec<u8>>;

/// Every replicated row, how far the file is, and the hash of how it came there.
pub(super) fn dump(file: &File) -> Dump {
    let txn = file.read().unwrap();
    let mut all = Dump::new();
    for (number, definition) in REPLICATED {
        for row in txn.open_table(definition).unwrap().iter().unwrap() {
            let (key, value) = row.unwrap();
            all.insert((number, key.value().to_vec()), value.value().to_vec());
        }
    }
    let meta = txn.open_table(META).unwrap();
    for key in [APPLIED, STATE_HASH] {
        let value = meta.get(key).unwrap();
        all.insert((0, key.to_vec()), value.map(|v| v.value().to_vec()).unwrap_or_default());
    }
    all
}

fn storage(dir: &Path) -> Storage {
    let options = Options { dir: dir.to_owned(), node: NodeId(1), profile: Profile::Fast };
    Storage::open(&options).unwrap()
}

async fn close(storage: Storage) {
    storage.log.close().await;
    storage.applier.close().await;
}

fn item(index: u64, command: &Command) -> Item {
    let payload = EntryPayload::Normal(command_op(command.clone()));
    (<Entry as RaftEntry>::new(log_id(1, index), payload), None)
}

fn items(commands: &[Command], from: usize) -> Vec<Item> {
    (from..commands.len()).map(|n| item(n as u64 + 1, &commands[n])).collect()
}

/// State in memory and on disk, and that both say the same.
fn result(storage: &Storage) -> (DeclaredState, Dump) {
    let state = DeclaredState::clone(&storage.view.state());
    let (_, loaded) = crate::store::view::load(&storage.file).unwrap();
    assert_eq!(state, loaded, "memory and file disagree");
    (state, dump(&storage.file))
}

fn any_key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "d"])
}

fn any_change() -> impl Strategy<Value = Change> {
    let row = |key: &'static str| Bytes::from_static(key.as_bytes());
    prop_oneof![
        (any_key(), "[xyz]").prop_map(|(key, title)| put(key, &title)),
        any_key().prop_map(|key| Change::Delete(project(key))),
        (any_key(), "[xyz]{0,3}").prop_map(move |(key, value)| Change::PutRow(
            Space::Episode,
            row(key),
            value.into()
        )),
        any_key().prop_map(move |key| Change::DeleteRow(Space::Episode, row(key))),
        any_key()
            .prop_map(|key| { (&Note::done(UnixMs(1), "ann", Verb::Change).about(key)).into() }),
        (0..12_u64).prop_map(Change::PruneAudit),
    ]
}

fn any_precondition() -> impl Strategy<Value = Precondition> {
    prop_oneof![
        any_key().prop_map(|key| Precondition::Absent(project(key))),
        any_key().prop_map(|key| Precondition::Exists(project(key))),
        (any_key(), 1..30_u64)
            .prop_map(|(key, at)| Precondition::Revision(project(key), Revision(at))),
        (any_key(), prop::option::of(1..30_u64)).prop_map(|(key, at)| {
            let key = Bytes::from_static(key.as_bytes());
            Precondition::Row(Space::Episode, key, at.map(Revision))
        }),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    (
        0..40_u128,
        prop::collection::vec(any_precondition(), 0..2),
        prop::collection::vec(any_change(), 0..4),
    )
        .prop_map(|(request, preconditions, changes)| Command {
            request,
            preconditions,
            ..command(changes)
        })
}

async fn compare(commands: &[Command], size: usize, cut: usize) {
    let dir = tempfile::tempdir().unwrap();
    let one_by_one = storage(&dir.path().join("one"));
    for item in items(commands, 0) {
        one_by_one.applier.apply(vec![item]).await.unwrap();
    }
    let expected = result(&one_by_one);
    close(one_by_one).await;

    let path = dir.path().join("batches");
    let mut batches = storage(&path);
    let mut done = 0;
    let mut all = items(commands, 0);
    while !all.is_empty() {
        let rest = all.split_off(size.min(all.len()));
        done += all.len();
        batches.applier.apply(all).await.unwrap();
        all = rest;
        if done >= cut {
            close(batches).await;
            batches = storage(&path);
        }
    }
    assert_eq!(result(&batches), expected, "batches of {size}");

    let source = storage(&dir.path().join("source"));
    source.applier.apply(items(&commands[..cut], 0)).await.unwrap();
    source.applier.sync().await.unwrap();
    let (meta, snapshot) = snapshot::build(&source.file, &source.snapshots).unwrap();
    // What was there before must be gone without trace.
    let mut target = storage(&dir.path().join("target"));
    let other = command(vec![put("old", "T"), put("a", "old")]);
    target.applier.apply(vec![item(1, &other)]).await.unwrap();
    let arrived = snapshot::incoming(&target.snapshots).unwrap();
    fs::copy(&snapshot.0, &arrived).unwrap();
    assert_eq!(snapshot::check(&arrived, &target.file).unwrap(), meta);
    target.machine.install_snapshot(&meta, snapshot::SnapshotFile(arrived)).await.unwrap();
    target.applier.apply(items(commands, cut)).await.unwrap();
    assert_eq!(result(&target), expected, "snapshot after {cut} of {}", commands.len());
    for storage in [batches, source, target] {
        close(storage).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn batches_reopening_and_snapshots_do_not_change_what_commands_come_to(
        commands in prop::collection::vec(any_command(), 2..30),
        size in 1..10_usize,
        cut in 0.0..1.0_f64,
    ) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a small length"
        )]
        let cut = 1 + ((commands.len() - 1) as f64 * cut) as usize;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(compare(&commands, size, cut));
    }
}

#[tokio::test]
async fn a_damaged_or_foreign_snapshot_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (source, target) = (storage(&dir.path().join("s")), storage(&dir.path().join("t")));
    let meta_row = |id: &str| {
        let meta = serde_json::json!({"cluster_id": id, "name": "n", "feature_level": 1,
            "formed": "2026-01-01T00:00:00Z"});
        let value = serde_json::to_vec(&meta).unwrap().into();
        command(vec![Change::PutRow(Space::Cluster, Bytes::from_static(b"meta"), value)])
    };
    source
        .applier
        .apply(vec![item(1, &meta_row("aa")), item(2, &command(vec![put("a", "A")]))])
        .await
        .unwrap();
    target.applier.apply(vec![item(1, &meta_row("bb"))]).await.unwrap();
    source.applier.sync().await.unwrap();
    let (_, file) = snapshot::build(&source.file, &source.snapshots).unwrap();
    let sound = fs::read(&file.0).unwrap();

    let foreign = snapshot::check(&file.0, &target.file).unwrap_err().to_string();
    assert!(foreign.contains("of cluster aa, not ours"), "{foreign}");

    let path = dir.path().join("damaged");
    let mut flipped = sound.clone();
    flipped[sound.len() / 2] ^= 1;
    for damaged in [&flipped[..], &sound[..sound.len() - 1], &sound[..20], &[]] {
        fs::File::create(&path).and_then(|mut f| io_write(&mut f, damaged)).unwrap();
        let error = snapshot::check(&path, &source.file).unwrap_err().to_string();
        assert!(error.contains("snapshot refused"), "{error}");
    }
    close(source).await;
    close(target).await;
}

fn io_write(file: &mut fs::File, bytes: &[u8]) -> std::io::Result<()> {
    std::io::Write::write_all(file, bytes)
}

#[tokio::test]
async fn two_snapshots_are_kept_leftovers_go_and_a_damaged_newest_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let store = storage(dir.path());
    let mut built: Vec<SnapshotMeta> = Vec::new();
    for index in 1..=4 {
        let write = command(vec![put("a", &index.to_string())]);
        store.applier.apply(vec![item(index, &write)]).await.unwrap();
        built.push(snapshot::build(&store.file, &store.snapshots).unwrap().0);
    }
    let names = || -> Vec<_> {
        let entries = fs::read_dir(&store.snapshots).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().path()).collect();
        names.sort();
        names
    };
    assert_eq!(names().len(), 2);
    fs::File::create(snapshot::incoming(&store.snapshots).unwrap()).unwrap();
    fs::File::options()
        .append(true)
        .open(&names()[2])
        .and_then(|mut f| io_write(&mut f, b"x"))
        .unwrap();
    let (meta, _) = snapshot::newest(&store.snapshots, &store.file).unwrap().unwrap();
    assert_eq!(meta, built[2]);
    assert!(names().iter().all(|path| path.extension().is_none_or(|e| e != "tmp")));
    close(store).await;
}
