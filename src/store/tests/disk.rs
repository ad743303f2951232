//! A disk in memory that records what redb does to it, and can be looked at as it might be after
//! a power cut: what was synced is there; of the rest each write is there, gone, or torn.

use redb::StorageBackend;
use std::{
    io,
    sync::{Arc, Mutex},
};

const SECTOR: usize = 512;

#[derive(Debug, Clone, Default)]
pub(super) struct Disk(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    data: Vec<u8>,
    ops: Vec<Op>,
    /// Every operation from here on fails.
    fails_from: Option<usize>,
}

/// What redb does to its disk.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Write(usize, Vec<u8>),
    SetLen(usize),
    Sync,
}

impl Op {
    /// Whole.
    pub(super) fn perform(&self, data: &mut Vec<u8>) {
        match self {
            Self::Write(offset, bytes) => {
                let end = offset + bytes.len();
                if data.len() < end {
                    data.resize(end, 0);
                }
                data[*offset..end].copy_from_slice(bytes);
            }
            Self::SetLen(len) => data.resize(*len, 0),
            Self::Sync => {}
        }
    }

    /// As a power cut leaves it where it was not synced: whole, torn at a sector, or not at all.
    pub(super) fn perform_perhaps(&self, data: &mut Vec<u8>, chance: &mut Chance) {
        match (self, chance.below(4)) {
            (_, 0) => {}
            (Self::Write(offset, bytes), 1) => {
                let sectors = bytes.len().div_ceil(SECTOR);
                let kept = (chance.below(sectors + 1) * SECTOR).min(bytes.len());
                Self::Write(*offset, bytes[..kept].to_vec()).perform(data);
            }
            (op, _) => op.perform(data),
        }
    }
}

impl Disk {
    /// A disk with this on it.
    pub(super) fn with(data: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(Inner { data, ..Inner::default() })))
    }

    /// Operations so far.
    pub(super) fn ops(&self) -> usize {
        self.0.lock().unwrap().ops.len()
    }

    /// Fails every write and sync from now on.
    pub(super) fn break_now(&self) {
        let mut inner = self.0.lock().unwrap();
        inner.fails_from = Some(inner.ops.len());
    }

    /// What could be on the disk when the power goes after `n` operations.
    pub(super) fn after_power_cut(&self, n: usize, chance: &mut Chance) -> Vec<u8> {
        let inner = self.0.lock().unwrap();
        let ops = &inner.ops[..n];
        let synced = ops.iter().rposition(|op| matches!(op, Op::Sync)).unwrap_or(0);
        let mut data = Vec::new();
        for op in &ops[..synced] {
            op.perform(&mut data);
        }
        for op in &ops[synced..] {
            op.perform_perhaps(&mut data, chance);
        }
        data
    }

    fn record(&self, op: Op) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap();
        if inner.fails_from.is_some_and(|from| inner.ops.len() >= from) {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "the disk is full"));
        }
        op.perform(&mut inner.data);
        inner.ops.push(op);
        Ok(())
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().data.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let inner = self.0.lock().unwrap();
        let offset = usize::try_from(offset).unwrap();
        let bytes = inner.data.get(offset..offset + out.len());
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.record(Op::SetLen(usize::try_from(len).unwrap()))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.record(Op::Sync)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.record(Op::Write(usize::try_from(offset).unwrap(), data.to_vec()))
    }
}

/// Repeatable randomness (xorshift): a failing seed can be run again.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}
