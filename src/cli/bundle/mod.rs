//! `watchkeep bundle`: makes, checks and loads bundles. Everything here but `trust` works without
//! a node.

mod build;
mod data;
mod keys;
mod look;

use super::{
    Common,
    exit::{Outcome, Stop},
    output::{self, Format},
};
use crate::bundle::{Item, PublicKey, Trust};
use clap::{Args, Subcommand};

/// `watchkeep bundle …`
#[derive(Debug, Args)]
pub(super) struct BundleArgs {
    #[command(subcommand)]
    command: BundleCommand,
}

#[derive(Debug, Subcommand)]
enum BundleCommand {
    /// Make a key pair that signs bundles
    Keygen(keys::KeygenArgs),
    /// Make a bundle of components
    Build(Box<build::BuildArgs>),
    /// Sign a bundle
    Sign(keys::SignArgs),
    /// Check signature and content of a bundle
    Verify(look::VerifyArgs),
    /// Show what a bundle holds, whoever signed it
    Inspect(look::InspectArgs),
    /// Show what a node's data directory holds
    List(data::ListArgs),
    /// Load a bundle into a node's data directory, also while it runs
    Import(data::ImportArgs),
    /// Write what a node's data directory holds to a bundle
    Export(data::ExportArgs),
    /// Append a bundle to the binary: one file with everything
    Embed(data::EmbedArgs),
    /// Compare two bundles
    Diff(look::DiffArgs),
    /// Remove old versions from a node's data directory
    Prune(data::PruneArgs),
    /// Add a key to those the cluster trusts
    Trust(keys::TrustArgs),
}

/// Whose bundles are taken.
#[derive(Debug, Args)]
struct TrustFlags {
    /// Public key (wkpub1.…) or file with one, besides the release keys
    #[arg(long, env = "WATCHKEEP_TRUST", value_name = "KEY", value_delimiter = ',')]
    trust: Vec<String>,
    /// Accept a bundle without signature (labs and tests only)
    #[arg(long, env = "WATCHKEEP_ALLOW_UNSIGNED")]
    allow_unsigned: bool,
}

impl TrustFlags {
    fn trust(&self) -> Result<Trust, Stop> {
        let keys = self.trust.iter().map(|key| PublicKey::from_text_or_file(key));
        let keys = keys.collect::<Result<_, _>>()?;
        Ok(Trust::release_and(keys, self.allow_unsigned))
    }
}

/// Runs one of them.
pub(super) fn run(common: &Common, args: BundleArgs) -> Outcome {
    match args.command {
        BundleCommand::Keygen(args) => keys::keygen(common, &args),
        BundleCommand::Build(args) => build::build(common, *args),
        BundleCommand::Sign(args) => keys::sign(&args),
        BundleCommand::Verify(args) => look::verify(common, &args),
        BundleCommand::Inspect(args) => look::inspect(common, &args),
        BundleCommand::List(args) => data::list(common, &args),
        BundleCommand::Import(args) => data::import(common, &args),
        BundleCommand::Export(args) => data::export(common, &args),
        BundleCommand::Embed(args) => data::embed(&args),
        BundleCommand::Diff(args) => look::diff(common, &args),
        BundleCommand::Prune(args) => data::prune(common, &args),
        BundleCommand::Trust(args) => keys::trust(common, &args),
    }
}

/// Prints items as rows, or as their manifest says it.
fn print_items(common: &Common, items: &[Item]) -> std::io::Result<()> {
    if common.output == Format::Json {
        return output::json(&serde_json::json!({ "items": items }));
    }
    let row = |item: &Item| {
        vec![
            item.name.to_string(),
            item.version.clone(),
            item.arch.to_string(),
            format!("{:.1} MB", megabytes(item.size)),
            item.licence.clone(),
            item.source.to_string(),
        ]
    };
    let rows: Vec<_> = items.iter().map(row).collect();
    output::line(&output::table(&["name", "version", "arch", "size", "licence", "source"], &rows))
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
