//! `watchkeep bundle list · import · export · prune` on a data directory, and `embed`.

use super::{
    super::{
        Common,
        exit::{Exit, Outcome, Stop},
        output::{self, Format},
    },
    TrustFlags,
};
use crate::bundle::{Library, Trust, embed as embedding};
use anyhow::Context as _;
use clap::Args;
use std::path::{Path, PathBuf};

/// Which data directory.
#[derive(Debug, Args)]
struct DataFlags {
    /// Data directory of the node
    #[arg(
        long,
        env = "WATCHKEEP_DATA_DIR",
        value_name = "DIR",
        default_value = "/var/lib/watchkeep"
    )]
    data_dir: PathBuf,
    #[command(flatten)]
    trust: TrustFlags,
}

/// Flags of `bundle list`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle list --data-dir /var/lib/watchkeep")]
pub(super) struct ListArgs {
    #[command(flatten)]
    data: DataFlags,
}

/// Flags of `bundle import`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle import components.wkb --trust release.key.pub")]
pub(super) struct ImportArgs {
    /// Bundle to load
    bundle: PathBuf,
    /// Also take components older than those that are there
    #[arg(long)]
    allow_older: bool,
    #[command(flatten)]
    data: DataFlags,
}

/// Flags of `bundle export`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle export --out copy.wkb --trust release.key.pub
      the copy is unsigned: sign it before it travels")]
pub(super) struct ExportArgs {
    /// Bundle to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    data: DataFlags,
}

/// Flags of `bundle prune`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle prune --keep 2")]
pub(super) struct PruneArgs {
    /// Versions of each component that stay
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    keep: u16,
    #[command(flatten)]
    data: DataFlags,
}

/// Flags of `bundle embed`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle embed components.wkb --out watchkeep-full
      copy watchkeep-full to a machine without a network: it needs nothing else")]
pub(super) struct EmbedArgs {
    /// Bundle to append
    bundle: PathBuf,
    /// Binary to write; may be the old one's name
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Binary to start from [default: this one]
    #[arg(long, value_name = "FILE", default_value = "/proc/self/exe")]
    binary: PathBuf,
}

impl DataFlags {
    /// A library that is there: a mistyped directory must not be made.
    fn library(&self) -> Result<Library, Stop> {
        Ok(Library::open(existing(&self.data_dir)?, self.trust.trust()?)?)
    }
}

fn existing(dir: &Path) -> anyhow::Result<&Path> {
    let meta =
        std::fs::metadata(dir).with_context(|| format!("no data directory {}", dir.display()))?;
    anyhow::ensure!(meta.is_dir(), "{} is not a directory", dir.display());
    Ok(dir)
}

pub(super) fn list(common: &Common, args: &ListArgs) -> Outcome {
    let rows = args.data.library()?.items()?;
    let items: Vec<_> = rows.into_iter().map(|row| row.item).collect();
    super::print_items(common, &items)?;
    Ok(Exit::Done)
}

pub(super) fn import(common: &Common, args: &ImportArgs) -> Outcome {
    let report = args.data.library()?.import(&args.bundle, args.allow_older)?;
    if common.output == Format::Json {
        output::json(&serde_json::to_value(&report)?)?;
        return Ok(Exit::Done);
    }
    let lists = [("added", &report.added), ("present", &report.present), ("older", &report.older)];
    for (what, items) in lists {
        for item in items {
            output::line(&format!("{what:<8} {item}"))?;
        }
    }
    Ok(Exit::Done)
}

pub(super) fn export(common: &Common, args: &ExportArgs) -> Outcome {
    let manifest = args.data.library()?.export(&args.out)?;
    super::print_items(common, &manifest.items)?;
    Ok(Exit::Done)
}

pub(super) fn prune(common: &Common, args: &PruneArgs) -> Outcome {
    let removed = args.data.library()?.prune(usize::from(args.keep))?;
    match common.output {
        Format::Json => output::json(&serde_json::json!({ "removed": removed }))?,
        Format::Table => {
            removed.iter().try_for_each(|item| output::line(&format!("removed {item}")))?;
        }
    }
    Ok(Exit::Done)
}

pub(super) fn embed(args: &EmbedArgs) -> Outcome {
    embedding::append(&args.binary, &args.bundle, &args.out)?;
    // Read back as `up` will: whoever signed it, the parts must fit.
    let trust = Trust { keys: Vec::new(), allow_unsigned: true };
    match embedding::of(&args.out, &trust) {
        Ok(Some(_)) | Err(crate::bundle::BundleError::Untrusted { .. }) => Ok(Exit::Done),
        Ok(None) => Err(anyhow::anyhow!("{} carries no bundle", args.out.display()).into()),
        Err(error) => Err(error.into()),
    }
}
