//! `watchkeep snapshot save`; `restore` is handed on, since it makes a node's data directory.

use super::{
    Common,
    client::{self, Client},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use crate::base::{redact::Secret, sealed::Opener};
use anyhow::{Context as _, anyhow};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::{Args, Subcommand};
use futures_util::StreamExt as _;
use reqwest::Method;
use std::{
    fs::{self, File},
    io::{self, BufReader, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// `watchkeep snapshot …`
#[derive(Debug, Args)]
pub(super) struct SnapshotArgs {
    #[command(subcommand)]
    pub(super) command: SnapshotCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum SnapshotCommand {
    /// Save everything the cluster keeps into one sealed file
    Save(SaveArgs),
    /// Make a new cluster of one node from such a file, on any machine
    Restore(RestoreArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep snapshot save backup.wkbackup --passphrase-file backup.pass

The file holds all secrets of the cluster, sealed with the passphrase (at least
12 characters). What Prometheus has recorded is not in it.")]
pub(super) struct SaveArgs {
    /// Where to write it
    file: PathBuf,
    /// File with the passphrase, readable by its owner only
    #[arg(long, value_name = "FILE")]
    passphrase_file: PathBuf,
}

/// Flags of `snapshot restore`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep snapshot restore backup.wkbackup --passphrase-file backup.pass \\
      --data-dir /var/lib/watchkeep
  watchkeep up

The restored cluster is a new one: it has one node, this one, on whatever
address `up` gives it. Other machines join with empty data directories and a
token of `watchkeep token new --role node`.")]
pub struct RestoreArgs {
    /// What `snapshot save` wrote
    pub file: PathBuf,
    /// File with the passphrase, readable by its owner only
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: PathBuf,
    /// Conf file of the node [default: /etc/watchkeep/watchkeep.toml]
    #[arg(long, env = "WATCHKEEP_CONF", value_name = "FILE")]
    pub conf: Option<PathBuf>,
    /// Key file that will seal secrets, outside the data directory
    #[arg(long, env = "WATCHKEEP_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// What a restore came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredCluster {
    /// Of the new cluster.
    pub cluster_id: String,
    /// As before.
    pub name: String,
    /// From which the new cluster goes on.
    pub index: u64,
    /// Made by it.
    pub data_dir: PathBuf,
}

/// The passphrase in a file that only its owner and group may read; a last line break is left out.
///
/// # Errors
/// The file cannot be read, is open to everybody, or holds nothing.
pub fn read_passphrase(path: &Path) -> anyhow::Result<Secret<String>> {
    let shown = path.display();
    let mode = fs::metadata(path).with_context(|| format!("cannot read {shown}"))?.permissions();
    if mode.mode() & 0o007 != 0 {
        return Err(anyhow!("the passphrase file {shown} is readable by everybody: chmod 600 it"));
    }
    let text =
        Secret::new(fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?);
    let text = Secret::new(text.expose().trim_end_matches(['\r', '\n']).to_owned());
    if text.expose().is_empty() {
        return Err(anyhow!("the passphrase file {shown} is empty"));
    }
    Ok(text)
}

pub(super) fn save(common: &Common, args: &SaveArgs) -> Outcome {
    let passphrase = read_passphrase(&args.passphrase_file)?;
    let partial = args.file.with_extension("partial");
    let saved = client::run(receive(common, &passphrase, &partial))
        .and_then(|()| verify(&partial, &passphrase))
        .and_then(|bytes| put_in_place(&partial, &args.file).map(|()| bytes))
        .inspect_err(|_| {
            let _ = fs::remove_file(&partial);
        });
    let bytes = saved?;
    match common.output {
        Format::Table => {
            output::talk(&format!("saved {bytes} bytes to {}", args.file.display()));
        }
        Format::Json => {
            output::json(&serde_json::json!({ "file": args.file, "bytes": bytes }))?;
        }
    }
    Ok(Exit::Done)
}

async fn receive(common: &Common, passphrase: &Secret<String>, to: &Path) -> Result<(), Stop> {
    let client = Client::new(common)?;
    let sent = Secret::new(STANDARD.encode(passphrase.expose()));
    let fill = |request: reqwest::RequestBuilder| request.header("x-wk-passphrase", sent.expose());
    let answer = client.send(Method::GET, "/api/v1/snapshot", fill).await?;
    let mut options = fs::OpenOptions::new();
    let file = options.create(true).write(true).truncate(true).mode(0o600).open(to);
    let mut file = file.with_context(|| format!("cannot write {}", to.display()))?;
    let mut stream = answer.bytes_stream();
    while let Some(bytes) = stream.next().await {
        file.write_all(&bytes?)?;
    }
    file.sync_all()?;
    Ok(())
}

/// Reads it back as `restore` would: what was cut off or bent on the way is found now.
fn verify(file: &Path, passphrase: &Secret<String>) -> Result<u64, Stop> {
    let mut opener = Opener::new(BufReader::new(File::open(file)?), passphrase)?;
    io::copy(&mut opener, &mut io::sink())?;
    Ok(fs::metadata(file)?.len())
}

fn put_in_place(partial: &Path, file: &Path) -> Result<(), Stop> {
    fs::rename(partial, file)?;
    let dir = file.parent().filter(|dir| !dir.as_os_str().is_empty());
    crate::base::atomic_file::sync_dir(dir.unwrap_or(Path::new(".")))?;
    Ok(())
}

pub(super) fn say_restored(common: &Common, restored: &RestoredCluster) -> Outcome {
    let RestoredCluster { cluster_id, name, index, data_dir } = restored;
    match common.output {
        Format::Table => output::talk(&format!(
            "restored cluster {name} as {cluster_id}, from index {index}, into {}; start it with \
             `watchkeep up`, then let other machines join with `watchkeep token new --role node`",
            data_dir.display()
        )),
        Format::Json => output::json(&serde_json::json!({
            "cluster_id": cluster_id, "name": name, "index": index, "data_dir": data_dir,
        }))?,
    }
    Ok(Exit::Done)
}
