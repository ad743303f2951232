//! One node: what is on its disks, and the life that runs on them.

use super::{
    disk::{Disk, End, Power},
    facts::LifeNo,
    rng::Rng,
    world::World,
};
use crate::{
    model::NodeId,
    store::{
        Profile, Store,
        database::File,
        open::{self, Storage, Tuning},
        tests::disk::Chance,
        work::Work,
    },
};
use redb::Builder;
use std::{
    fs, mem,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

const CACHE_BYTES: usize = 2 << 20;
/// What a disk takes when nothing is wrong with it.
const USUAL_MS: u64 = 4;

pub(super) struct Node {
    pub(super) id: NodeId,
    dir: PathBuf,
    rng: Mutex<Rng>,
    /// The longest that its disk takes.
    slowest_ms: Arc<AtomicU64>,
    lies: bool,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    life: Option<Arc<Life>>,
    lives: LifeNo,
    state: Vec<u8>,
    log: Vec<u8>,
}

/// From a start to a kill.
pub(super) struct Life {
    pub(super) n: LifeNo,
    pub(super) store: Store,
    pub(super) power: Power,
    state: Disk,
    log: Disk,
    snapshots: PathBuf,
}

impl Node {
    /// `lies`: its disk says that it has synced, and has not.
    pub(super) fn new(id: NodeId, dir: &Path, rng: Rng, lies: bool) -> Self {
        let slowest_ms = Arc::new(AtomicU64::new(USUAL_MS));
        let dir = dir.join(id.to_string());
        Self { id, dir, rng: Mutex::new(rng), slowest_ms, lies, now: Mutex::default() }
    }

    pub(super) fn life(&self) -> Option<Arc<Life>> {
        let now = self.now.lock().unwrap();
        now.life.clone().filter(|life| !life.power.is_off())
    }

    /// `None`: nothing is wrong with the disk.
    pub(super) fn set_slow(&self, longest_ms: Option<u64>) {
        self.slowest_ms.store(longest_ms.unwrap_or(USUAL_MS), Ordering::Relaxed);
    }

    fn snapshots(&self, life: LifeNo) -> PathBuf {
        self.dir.join(life.to_string())
    }

    /// Starts on what the last life has left.
    pub(super) async fn start(&self, world: &World) {
        let power = Power::on();
        let (n, state, log) = {
            let mut now = self.now.lock().unwrap();
            assert!(now.life.is_none(), "one life at a time");
            now.lives += 1;
            (now.lives, mem::take(&mut now.state), mem::take(&mut now.log))
        };
        world.trace.note(format_args!("{} starts its life {n}", self.id));
        let snapshots = self.snapshots(n);
        fs::create_dir_all(&snapshots).unwrap();
        let (state, log) = (self.disk(state, &power), self.disk(log, &power));
        let mut storage = Storage::over(
            self.file("state.redb", &state),
            self.file("raft-log.redb", &log),
            snapshots.clone(),
            self.work(),
        )
        .unwrap();
        world.facts.reopened(self.id, &mut storage.log).await;
        let tuning = Tuning { snapshot_every: 40, keep_entries: 10, ..Profile::Fast.into() };
        let transport = world.net.transport(self.id, n, &power);
        let store = Store::of(open::start(self.id, storage, transport, tuning).await.unwrap());
        world.net.serve(self.id, n, &power, store.service());
        let life = Arc::new(Life { n, store, power, state, log, snapshots });
        self.now.lock().unwrap().life = Some(life.clone());
        world.attend(self.id, life);
    }

    fn disk(&self, data: Vec<u8>, power: &Power) -> Disk {
        Disk::with(data, power, self.lies)
    }

    fn file(&self, name: &str, disk: &Disk) -> Arc<File> {
        let mut builder = Builder::new();
        builder.set_cache_size(CACHE_BYTES);
        let database = builder.create_with_backend(disk.clone()).unwrap();
        Arc::new(File::own(&self.dir.join(name), database, self.id).unwrap())
    }

    fn work(&self) -> Work {
        let rng = Mutex::new(self.fork());
        let slowest_ms = self.slowest_ms.clone();
        Work::Tasks(Arc::new(move || {
            let longest = slowest_ms.load(Ordering::Relaxed);
            Duration::from_millis(rng.lock().unwrap().within(0..longest + 1))
        }))
    }

    fn fork(&self) -> Rng {
        Rng::new(self.rng.lock().unwrap().next())
    }

    /// Ends this life and takes what it leaves; false if it was ended already.
    pub(super) fn end(&self, world: &World, n: LifeNo, end: End) -> bool {
        let Some(life) = self.now.lock().unwrap().life.take_if(|life| life.n == n) else {
            return false;
        };
        life.power.cut();
        world.trace.note(format_args!("{} ends its life {}: {end:?}", self.id, life.n));
        let mut chance = Chance(self.fork().next() | 1);
        let (state, log) = (life.state.left(end, &mut chance), life.log.left(end, &mut chance));
        {
            let mut now = self.now.lock().unwrap();
            (now.state, now.log) = (state, log);
        }
        let next = self.snapshots(life.n + 1);
        fs::create_dir_all(&next).unwrap();
        for file in fs::read_dir(&life.snapshots).unwrap() {
            let file = file.unwrap();
            fs::hard_link(file.path(), next.join(file.file_name())).unwrap();
        }
        // What is left of it reaches neither disk nor network; this frees its memory.
        drop(tokio::spawn(async move { life.store.close().await }));
        true
    }
}
