//! `watchkeep bundle verify · inspect · diff`.

use super::{
    super::{
        Common,
        exit::{Exit, Outcome},
        output::{self, Format},
    },
    TrustFlags,
};
use crate::{
    base::error_chain::ErrorChain,
    bundle::{Bundle, BundleError, Item},
};
use clap::Args;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Flags of `bundle verify`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle verify components.wkb --trust release.key.pub
      exit code 3 when it must not be used")]
pub(super) struct VerifyArgs {
    /// Bundle to check
    bundle: PathBuf,
    #[command(flatten)]
    trust: TrustFlags,
}

/// Flags of `bundle inspect`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle inspect components.wkb")]
pub(super) struct InspectArgs {
    /// Bundle to look at
    bundle: PathBuf,
}

/// Flags of `bundle diff`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle diff last-month.wkb components.wkb")]
pub(super) struct DiffArgs {
    /// The older bundle
    old: PathBuf,
    /// The newer bundle
    new: PathBuf,
}

pub(super) fn verify(common: &Common, args: &VerifyArgs) -> Outcome {
    let trust = args.trust.trust()?;
    let checked = Bundle::open(&args.bundle, &trust).and_then(|mut bundle| {
        bundle.check_blobs()?;
        Ok(bundle.signer().map(str::to_owned))
    });
    match checked {
        // The file could not be read: nothing was checked.
        Err(error @ BundleError::Io { .. }) => Err(error.into()),
        Err(error) => {
            let problem = ErrorChain(&error).to_string();
            match common.output {
                Format::Table => output::line(&problem)?,
                Format::Json => {
                    output::json(&serde_json::json!({"ok": false, "problem": problem}))?
                }
            }
            Ok(Exit::Problems)
        }
        Ok(signer) => {
            match (common.output, signer) {
                (Format::Json, signer) => {
                    output::json(&serde_json::json!({"ok": true, "signer": signer}))?;
                }
                (Format::Table, Some(signer)) => {
                    output::line(&format!("good, signed by {signer}"))?
                }
                (Format::Table, None) => output::line("undamaged, and signed by nobody")?,
            }
            Ok(Exit::Done)
        }
    }
}

pub(super) fn inspect(common: &Common, args: &InspectArgs) -> Outcome {
    let bundle = Bundle::inspect(&args.bundle)?;
    super::print_items(common, &bundle.manifest().items)?;
    let signers = bundle.signatures().map_or_else(|| "nobody".to_owned(), signers);
    output::talk(&format!("signed by {signers} (not checked; `bundle verify` does)"));
    Ok(Exit::Done)
}

fn signers(signatures: &str) -> String {
    let ids: Vec<_> = signatures.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    ids.join(", ")
}

pub(super) fn diff(common: &Common, args: &DiffArgs) -> Outcome {
    let (old, new) = (items(&args.old)?, items(&args.new)?);
    let mut rows = Vec::new();
    for key in old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))) {
        let version = |side: &BTreeMap<_, Item>| {
            side.get(key).map_or_else(|| "-".to_owned(), |item| item.version.clone())
        };
        let same = old.get(key).map(|item| &item.sha256) == new.get(key).map(|item| &item.sha256);
        if !same {
            rows.push(vec![key.0.clone(), key.1.clone(), version(&old), version(&new)]);
        }
    }
    rows.sort();
    match common.output {
        Format::Json => {
            let row = |row: &Vec<String>| serde_json::json!({"name": row[0], "arch": row[1], "old": row[2], "new": row[3]});
            output::json(&rows.iter().map(row).collect())?;
        }
        Format::Table if rows.is_empty() => output::line("the same")?,
        Format::Table => output::line(&output::table(&["name", "arch", "old", "new"], &rows))?,
    }
    Ok(Exit::Done)
}

/// The newest item of each name and architecture.
fn items(path: &Path) -> Result<BTreeMap<(String, String), Item>, BundleError> {
    let items = Bundle::inspect(path)?.manifest().items.clone();
    Ok(items.into_iter().map(|i| ((i.name.to_string(), i.arch.to_string()), i)).collect())
}
