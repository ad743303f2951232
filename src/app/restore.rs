//! A backup becomes the data directory of the first node of a new cluster.
//!
//! The new cluster has an id of its own, so that nodes of the old one that wake up are refused;
//! its CA and its data key are the old ones, so that API tokens and sealed secrets go on working.
//! Everything is made in a folder beside the data directory and moved there at the end: a crash
//! leaves the data directory empty.

use crate::{
    base::{atomic_file, clock::now_unix_ms, redact::Secret, sealed::Opener},
    cli::snapshot::RestoredCluster,
    membership::rows,
    model::{
        NodeId, UnixMs,
        audit::{Note, Verb},
        cluster::{ClusterMeta, Member, Ports},
    },
    peer::{
        ca::Authority,
        data_key::{DataKey, KeyFile},
        formation::{self, Record},
        identity::NodeDir,
    },
    store::{
        self, Backed,
        command::{Change, Space},
    },
    web::api::snapshot::MAGIC,
};
use anyhow::{Context as _, anyhow, bail};
use bytes::Bytes;
use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::Path,
};

/// Restores `file` into `data_dir`, which must be empty or missing. Blocking.
///
/// # Errors
/// In words for an operator; the data directory is then as it was.
pub fn restore(
    file: &Path,
    data_dir: &Path,
    key_file: &Path,
    passphrase: &Secret<String>,
) -> anyhow::Result<RestoredCluster> {
    let shown = data_dir.display();
    match fs::read_dir(data_dir).map(|mut entries| entries.next().is_some()) {
        Ok(true) => bail!("{shown} is not empty: a backup is restored into an empty directory"),
        Ok(false) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("cannot use {shown}")),
    }
    let beside = data_dir.with_extension("restoring");
    if beside.exists() {
        fs::remove_dir_all(&beside)
            .with_context(|| format!("cannot remove what was left in {}", beside.display()))?;
    }
    let (record, index) = fill(file, &beside, key_file, passphrase).inspect_err(|_| {
        let _ = fs::remove_dir_all(&beside);
    })?;
    fs::rename(&beside, data_dir).with_context(|| format!("cannot move it to {shown}"))?;
    atomic_file::sync_dir(data_dir.parent().unwrap_or(Path::new("/")))?;
    Ok(RestoredCluster {
        cluster_id: record.cluster_id,
        name: record.cluster_name,
        index,
        data_dir: data_dir.to_owned(),
    })
}

/// The whole data directory, but at another place.
fn fill(
    file: &Path,
    dir: &Path,
    key_file: &Path,
    passphrase: &Secret<String>,
) -> anyhow::Result<(Record, u64)> {
    // Makes the folder, which nobody else can read.
    NodeDir::open(dir)?;
    let plain = dir.join("backup.wks");
    let data_key = unseal(file, &plain, passphrase)
        .with_context(|| format!("cannot restore {}", file.display()))?;
    let made = new_cluster(&plain, dir, key_file, &data_key, Verb::Restore)?;
    fs::remove_file(&plain)?;
    Ok(made)
}

/// Makes the files of the one node of a new cluster in `dir` from a snapshot of the old one.
/// Returns its record, and the index from which it goes on. Blocking.
///
/// # Errors
/// In words for an operator; `dir` must be thrown away then.
pub(super) fn new_cluster(
    snapshot: &Path,
    dir: &Path,
    key_file: &Path,
    data_key: &DataKey,
    why: Verb,
) -> anyhow::Result<(Record, u64)> {
    let node_dir = NodeDir::open(dir)?;
    let node = node_dir.node_id();
    let mut record = None;
    let index = store::restore(dir, node, snapshot, |backed| {
        let made = adapt(backed, node, data_key, why).map_err(|error| format!("{error:#}"))?;
        record = Some(made.0);
        Ok(made.1)
    })?;
    let record = record.ok_or_else(|| anyhow!("the snapshot was not looked at"))?;
    formation::keep_restored(&node_dir, &KeyFile::new(key_file), &record, data_key)?;
    Ok((record, index))
}

/// Writes the snapshot in the backup to `plain` and gives the data key.
fn unseal(file: &Path, plain: &Path, passphrase: &Secret<String>) -> anyhow::Result<DataKey> {
    let mut opener = Opener::new(BufReader::new(File::open(file)?), passphrase)?;
    let (mut magic, mut length) = ([0; 4], [0; 2]);
    opener.read_exact(&mut magic)?;
    if magic != *MAGIC {
        bail!("it is sealed by watchkeep, but holds no backup");
    }
    opener.read_exact(&mut length)?;
    let mut key = zeroize::Zeroizing::new(vec![0; usize::from(u16::from_be_bytes(length))]);
    opener.read_exact(&mut key)?;
    let key = DataKey::from_base64(std::str::from_utf8(&key)?);
    let key = key.ok_or_else(|| anyhow!("it holds no data key"))?;
    let mut to = File::create(plain)?;
    io::copy(&mut opener, &mut to)?;
    to.sync_all()?;
    Ok(key)
}

/// The record of the new cluster, and the rows that say what it is now.
fn adapt(
    backed: &Backed<'_>,
    node: NodeId,
    data_key: &DataKey,
    why: Verb,
) -> anyhow::Result<(Record, Vec<Change>)> {
    let text = |key: &str| {
        let row = backed.row(Space::Cluster, key.as_bytes());
        let row = row.ok_or_else(|| anyhow!("the backup has no cluster row {key}"))?;
        Ok::<_, anyhow::Error>(String::from_utf8(row.to_vec())?)
    };
    let old = &backed.state.meta;
    let (ca, sealed) = (text("ca")?, text("ca_key")?);
    let authority = Authority::open(&old.cluster_id, &ca, &sealed, data_key)?;
    let member = placeholder(node);
    let record = Record::restored(&old.name, member.clone(), authority, data_key)?;
    let meta = ClusterMeta { cluster_id: record.cluster_id.clone(), ..old.clone() };
    let row = |key: &'static str, value: Vec<u8>| {
        Change::PutRow(Space::Cluster, Bytes::from_static(key.as_bytes()), value.into())
    };
    let changes = vec![
        row("meta", serde_json::to_vec(&meta)?),
        row("ca_key", record.ca_key_sealed.clone().into_bytes()),
        row("restored", UnixMs(now_unix_ms()).to_string().into_bytes()),
        rows::put_member(&member)?,
        (&note(why, old, backed.state.index)).into(),
    ];
    Ok((record, changes))
}

/// What the audit of the new cluster says of where it comes from.
fn note(verb: Verb, old: &ClusterMeta, index: u64) -> Note {
    let uid = rustix::process::getuid().as_raw();
    let by = Note::done(UnixMs(now_unix_ms()), format!("local/{uid}"), verb);
    let why = format!("made from cluster {} as of index {index}", old.name);
    Note { why, from: Some(format!("uid {uid}")), ..by }
        .about(format!("cluster/{}", old.cluster_id))
}

/// Where the node will be is known once it starts; it says so then.
fn placeholder(id: NodeId) -> Member {
    let nowhere = std::net::Ipv4Addr::LOCALHOST.into();
    Member {
        id,
        name: "restored".into(),
        address: nowhere,
        loopback: nowhere,
        ports: Ports::default(),
        url: String::new(),
        gone: false,
    }
}
