//! The disks of one node's life: two files in memory that lose their power together.

use crate::{
    base::shutdown::Shutdown,
    store::tests::disk::{Chance, Op},
};
use redb::StorageBackend;
use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex},
};

/// Syncs that a disk that lies has not made good.
const LIES: usize = 8;

/// How a life ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The process is killed: what it had given to the kernel is there.
    Killed,
    /// The power goes: of what was not synced anything may be there.
    PowerCut,
}

/// What keeps both disks running.
#[derive(Debug, Clone)]
pub(super) struct Power(Arc<Supply>);

#[derive(Debug)]
struct Supply {
    off: Shutdown,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Operations until the power goes by itself.
    fuse: Option<u64>,
    full: bool,
}

impl Power {
    pub(super) fn on() -> Self {
        Self(Arc::new(Supply { off: Shutdown::new(), state: Mutex::default() }))
    }

    pub(super) fn is_off(&self) -> bool {
        self.0.off.is_cancelled()
    }

    pub(super) fn cut(&self) {
        self.0.off.cancel();
    }

    /// Cuts itself amid the `n`th operation from now.
    pub(super) fn light_fuse(&self, n: u64) {
        self.0.state.lock().unwrap().fuse = Some(n);
    }

    /// From now on nothing can be written.
    pub(super) fn fill(&self) {
        self.0.state.lock().unwrap().full = true;
    }

    pub(super) fn was_full(&self) -> bool {
        self.0.state.lock().unwrap().full
    }

    pub(super) async fn gone(&self) {
        self.0.off.cancelled().await;
    }

    fn check(&self) -> io::Result<()> {
        if self.is_off() { Err(io::Error::other("the power is gone")) } else { Ok(()) }
    }

    /// One operation that changes something.
    fn spend(&self) -> io::Result<()> {
        self.check()?;
        let mut state = self.0.state.lock().unwrap();
        if state.full {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "the disk is full"));
        }
        if let Some(left) = &mut state.fuse {
            *left = left.saturating_sub(1);
            if *left == 0 {
                drop(state);
                self.cut();
                return self.check();
            }
        }
        Ok(())
    }
}

/// One file.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    power: Power,
    content: Arc<Mutex<Content>>,
}

#[derive(Debug)]
struct Content {
    /// As the process sees it.
    seen: Vec<u8>,
    /// As of the last sync.
    synced: Vec<u8>,
    since: Vec<Op>,
    /// What a disk that lies has only in a cache without a battery, a sync each.
    cached: VecDeque<Vec<Op>>,
    lies: bool,
}

impl Disk {
    pub(super) fn with(data: Vec<u8>, power: &Power, lies: bool) -> Self {
        let (seen, since, cached) = (data.clone(), Vec::new(), VecDeque::new());
        let content = Content { seen, synced: data, since, cached, lies };
        Self { power: power.clone(), content: Arc::new(Mutex::new(content)) }
    }

    /// What is there after the end.
    pub(super) fn left(&self, end: End, chance: &mut Chance) -> Vec<u8> {
        let content = self.content.lock().unwrap();
        if end == End::Killed {
            return content.seen.clone();
        }
        let mut data = content.synced.clone();
        if content.lies {
            return data;
        }
        for op in &content.since {
            op.perform_perhaps(&mut data, chance);
        }
        data
    }

    fn change(&self, op: Op) -> io::Result<()> {
        let spent = self.power.spend();
        let mut content = self.content.lock().unwrap();
        if spent.is_ok() {
            op.perform(&mut content.seen);
        }
        // The one in whose midst the power went may have come about, too.
        if spent.is_ok() || self.power.is_off() {
            content.since.push(op);
        }
        spent
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.power.check()?;
        Ok(self.content.lock().unwrap().seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.power.check()?;
        let content = self.content.lock().unwrap();
        let offset = usize::try_from(offset).unwrap();
        let bytes = content.seen.get(offset..offset + out.len());
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change(Op::SetLen(usize::try_from(len).unwrap()))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.power.spend()?;
        let mut content = self.content.lock().unwrap();
        let Content { synced, since, cached, lies, .. } = &mut *content;
        cached.push_back(std::mem::take(since));
        let held = if *lies { LIES } else { 0 };
        while cached.len() > held {
            for op in cached.pop_front().into_iter().flatten() {
                op.perform(synced);
            }
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.change(Op::Write(usize::try_from(offset).unwrap(), data.to_vec()))
    }
}
