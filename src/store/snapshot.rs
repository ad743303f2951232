//! Snapshot files: all replicated tables as of one log index, in one file that can be checked.
//!
//! ```text
//! magic 8 | length of head u32 | head (codec) | gzip body | sha256 of everything before
//! body: (table u8 ≥ 1 | key length u32 | key | value length u32 | value)* then 0 | count u64
//! ```
//! Numbers are big-endian. A file is written under a temporary name, synced and renamed; the two
//! newest are kept. gzip, since it is in the binary anyway.

use super::{
    codec::{CodecError, decode, encode},
    database::{File, META, io_error},
    digest::{Digest, DigestWire},
    tables::{REPLICATED, ROWS, clear, parse_row, row_key},
    types::SnapshotMeta,
    view::position,
    wire::raft::SnapshotMetaWire,
};
use crate::{
    base::{atomic_file, random},
    model::cluster::ClusterMeta,
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{
    fs::{self, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

const MAGIC: &[u8; 8] = b"WKSNAP1\n";
const SUFFIX: &str = ".wks";
const TEMPORARY: &str = ".tmp";
const HASH_BYTES: u64 = 32;
/// A head is some hundred bytes; more is damage.
const HEAD_MAX: u32 = 1 << 20;
/// No row is nearly as large; more is damage.
const ROW_MAX: u32 = 256 << 20;
const KEPT: usize = 2;
/// What the encoder is given at once, in bytes.
const PIECE: usize = 64 << 10;

/// What openraft calls the snapshot's data: the path of a complete, checked file.
#[derive(Debug, Clone)]
pub(super) struct SnapshotFile(pub(super) PathBuf);

#[derive(Serialize, Deserialize)]
struct Head {
    meta: SnapshotMetaWire,
    /// Whose state it is; empty before the cluster has meta data.
    #[serde(default)]
    cluster_id: String,
    #[serde(default)]
    feature_level: u32,
    /// Of the state; none in files of older binaries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state_hash: Option<DigestWire>,
}

/// Writes a snapshot of the state file as it is now, which must be durable. Blocking.
pub(super) fn build(file: &File, dir: &Path) -> io::Result<(SnapshotMeta, SnapshotFile)> {
    let txn = file.read()?;
    let position = position(&txn.open_table(META).map_err(io_error)?)?;
    let digest = position.digest;
    let meta = SnapshotMeta { last_log_id: position.applied, last_membership: position.membership };
    let path = dir.join(name(&meta));
    let temporary = incoming(dir)?;
    let written = write_file(&txn, &meta, digest, &temporary)
        .and_then(|()| fs::rename(&temporary, &path))
        .and_then(|()| atomic_file::sync_dir(dir));
    if let Err(error) = written {
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    prune(dir)?;
    Ok((meta, SnapshotFile(path)))
}

/// Checks a file that has arrived or was found: length, hash, head, and that it is of the same
/// cluster as the state file. Blocking.
pub(super) fn check(path: &Path, file: &File) -> io::Result<SnapshotMeta> {
    let head = verified_head(path)?;
    let mine = cluster_of(&file.read()?.open_table(ROWS).map_err(io_error)?)?;
    if let Some(mine) = mine
        && !head.cluster_id.is_empty()
        && mine.cluster_id != head.cluster_id
    {
        return Err(damaged(format!("it is of cluster {}, not ours", head.cluster_id)));
    }
    Ok(head.meta.try_into()?)
}

/// What a file says it is; its length and hash are checked. Blocking.
pub(super) fn meta(path: &Path) -> io::Result<SnapshotMeta> {
    Ok(verified_head(path)?.meta.try_into()?)
}

/// Gives a checked file its final name, durably. Blocking.
pub(super) fn adopt(dir: &Path, arrived: &Path, meta: &SnapshotMeta) -> io::Result<SnapshotFile> {
    let path = dir.join(name(meta));
    if arrived != path {
        fs::File::open(arrived)?.sync_all()?;
        fs::rename(arrived, &path)?;
        atomic_file::sync_dir(dir)?;
    }
    prune(dir)?;
    Ok(SnapshotFile(path))
}

/// The newest sound snapshot; damaged ones are set aside with a warning, leftovers of a crash
/// removed. Blocking.
pub(super) fn newest(dir: &Path, file: &File) -> io::Result<Option<(SnapshotMeta, SnapshotFile)>> {
    for leftover in list(dir, TEMPORARY)? {
        let _ = fs::remove_file(leftover);
    }
    for path in list(dir, SUFFIX)?.into_iter().rev() {
        match check(&path, file) {
            Ok(meta) => return Ok(Some((meta, SnapshotFile(path)))),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "damaged snapshot set aside");
                let _ = fs::rename(&path, path.with_extension("damaged"));
            }
        }
    }
    Ok(None)
}

/// A fresh temporary name in the snapshot folder.
pub(super) fn incoming(dir: &Path) -> io::Result<PathBuf> {
    let mut name = [0; 8];
    random::fill(&mut name).map_err(io::Error::other)?;
    Ok(dir.join(format!("{:016x}{TEMPORARY}", u64::from_ne_bytes(name))))
}

/// Replaces all replicated tables by those of a checked file; the hash of that state. Blocking.
pub(super) fn read_into(path: &Path, txn: &WriteTransaction) -> io::Result<Option<Digest>> {
    let head = verified_head(path)?;
    clear(txn)?;
    let mut body = GzDecoder::new(open_body(path)?.1);
    let mut count = 0_u64;
    loop {
        let number = read_array::<1>(&mut body)?[0];
        if number == 0 {
            break;
        }
        let (key, value) = (read_bytes(&mut body)?, read_bytes(&mut body)?);
        // A table of a newer binary: its level gate keeps such a snapshot from us.
        let Some((_, definition)) = REPLICATED.into_iter().find(|(n, _)| *n == number) else {
            return Err(damaged(format!("it has a table {number} this binary does not know")));
        };
        let mut table = txn.open_table(definition).map_err(io_error)?;
        table.insert(key.as_slice(), value.as_slice()).map_err(io_error)?;
        count += 1;
    }
    match u64::from_be_bytes(read_array(&mut body)?) {
        expected if expected == count => Ok(head.state_hash.as_ref().and_then(Digest::of)),
        expected => Err(damaged(format!("it has {count} rows instead of {expected}"))),
    }
}

fn name(meta: &SnapshotMeta) -> String {
    let (index, term) = meta.last_log_id.map_or((0, 0), |id| (id.index, id.leader_id.term));
    format!("snap-{index:020}-{term:020}{SUFFIX}")
}

fn damaged(reason: String) -> io::Error {
    CodecError::Malformed(format!("snapshot refused: {reason}")).into()
}

fn list(dir: &Path, suffix: &str) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(suffix)) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn prune(dir: &Path) -> io::Result<()> {
    let paths = list(dir, SUFFIX)?;
    for old in paths.iter().rev().skip(KEPT) {
        fs::remove_file(old)?;
    }
    Ok(())
}

fn cluster_of(
    rows: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> io::Result<Option<ClusterMeta>> {
    let key = row_key(super::command::Space::Cluster, super::change::META_ROW);
    let Some(row) = rows.get(key.as_slice()).map_err(io_error)? else { return Ok(None) };
    Ok(serde_json::from_slice(&parse_row(row.value())?.1).ok())
}

fn write_file(
    txn: &ReadTransaction,
    meta: &SnapshotMeta,
    digest: Option<Digest>,
    path: &Path,
) -> io::Result<()> {
    let cluster = cluster_of(&txn.open_table(ROWS).map_err(io_error)?)?;
    let head = encode(&Head {
        meta: meta.into(),
        cluster_id: cluster.as_ref().map(|c| c.cluster_id.clone()).unwrap_or_default(),
        feature_level: cluster.map_or(0, |c| c.feature_level),
        state_hash: digest.map(|digest| digest.wire()),
    });
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let mut out = Hashed { inner: BufWriter::new(file), hash: Sha256::new() };
    out.write_all(MAGIC)?;
    out.write_all(&length(&head)?)?;
    out.write_all(&head)?;
    // In large pieces: the encoder clears its buffer anew for every write, however small.
    let body = GzEncoder::new(out, Compression::fast());
    let mut body = BufWriter::with_capacity(PIECE, body);
    let mut count = 0_u64;
    for (number, definition) in REPLICATED {
        let table = txn.open_table(definition).map_err(io_error)?;
        for row in table.iter().map_err(io_error)? {
            let (key, value) = row.map_err(io_error)?;
            body.write_all(&[number])?;
            for bytes in [key.value(), value.value()] {
                body.write_all(&length(bytes)?)?;
                body.write_all(bytes)?;
            }
            count += 1;
        }
    }
    body.write_all(&[0])?;
    body.write_all(&count.to_be_bytes())?;
    let body = body.into_inner().map_err(io::IntoInnerError::into_error)?;
    let Hashed { mut inner, hash } = body.finish()?;
    inner.write_all(&hash.finalize())?;
    inner.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

fn length(bytes: &[u8]) -> io::Result<[u8; 4]> {
    u32::try_from(bytes.len())
        .map(u32::to_be_bytes)
        .map_err(|_| damaged("a row of 4 GiB".to_owned()))
}

/// Writes through and hashes what it wrote.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn verified_head(path: &Path) -> io::Result<Head> {
    let mut file = fs::File::open(path)?;
    let total = file.metadata()?.len();
    let content =
        total.checked_sub(HASH_BYTES).ok_or_else(|| damaged("it is too short".to_owned()))?;
    let mut hash = Sha256::new();
    let mut part = vec![0; 64 << 10];
    let mut content = BufReader::new((&mut file).take(content));
    loop {
        let n = content.read(&mut part)?;
        if n == 0 {
            break;
        }
        hash.update(&part[..n]);
    }
    if read_array::<32>(&mut file)? != *hash.finalize() {
        return Err(damaged("its checksum does not match".to_owned()));
    }
    Ok(open_body(path)?.0)
}

/// The head, and a reader at the start of the body.
fn open_body(path: &Path) -> io::Result<(Head, impl Read)> {
    let mut file = BufReader::new(fs::File::open(path)?);
    if read_array::<8>(&mut file)? != *MAGIC {
        return Err(damaged("it is no snapshot of ours".to_owned()));
    }
    let length = u32::from_be_bytes(read_array(&mut file)?);
    if length > HEAD_MAX {
        return Err(damaged("its head is too long".to_owned()));
    }
    let head = decode(&read_exactly(&mut file, length)?)?;
    Ok((head, file))
}

fn read_array<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn read_bytes(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = u32::from_be_bytes(read_array(from)?);
    if length > ROW_MAX {
        return Err(damaged("a row is too long".to_owned()));
    }
    read_exactly(from, length)
}

fn read_exactly(from: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != u64::from(length) {
        return Err(damaged("it ends early".to_owned()));
    }
    Ok(bytes)
}
