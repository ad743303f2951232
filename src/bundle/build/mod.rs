//! Makes bundles: from Debian packages, from upstream releases, or from what lies on a disk.
//!
//! ```text
//! catalogue entries ─► debian | upstream | path ─► archives on disk ─► rehearsed ─► .wkb, unsigned
//! ```
//! Every archive is unpacked once with the very code that installs it, so that a bundle which
//! was built can be installed. Signing is a step of its own, since the key may be elsewhere.

mod apt;
mod debian;
mod download;
mod gpg;
mod index;
mod path;
mod release;
#[cfg(test)]
mod tests;
mod tools;
mod upstream;
mod work;

pub use debian::DebianOptions;

use super::{
    catalog::{self, Entry},
    error::{BundleError, Result},
    install,
    library::{Accepted, Library},
    manifest::{Arch, Install, Item, Manifest, Source},
    sign::CATALOGUE,
    sum, wkb,
};
use download::Downloads;
use std::{
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
};
use work::WorkDir;

/// What to build.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where the programs come from.
    pub origin: Origin,
    /// Catalogue names; empty = all that this origin has.
    pub only: Vec<String>,
    /// For which machines.
    pub arch: Arch,
    /// The bundle to write; replaced once it is complete.
    pub out: PathBuf,
    /// Downloads are kept here, by their sums.
    pub cache: PathBuf,
}

/// Where the programs come from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// Packages of a Debian mirror.
    Debian(DebianOptions),
    /// Release archives of the projects. Name → version where not the catalogue's choice.
    Upstream(BTreeMap<String, String>),
    /// A directory with release archives, component folders or plain programs. Name → version
    /// where no file name tells it.
    Path(PathBuf, BTreeMap<String, String>),
}

/// Tells the person who builds what is going on, one line a call.
pub type Say<'a> = &'a (dyn Fn(&str) + Sync);

/// What the builders share.
struct Bench<'a> {
    arch: Arch,
    downloads: Downloads,
    work: WorkDir,
    say: Say<'a>,
}

/// An archive that will be a blob.
struct Built {
    item: Item,
    archive: PathBuf,
}

/// Builds and writes the bundle; returns what is in it.
///
/// # Errors
/// `Build` for a request that does not fit, `Fetch`, `WrongSum`, `Tool`, `ToolMissing`, `Archive`,
/// `Io`. An older bundle at `out` is then untouched.
pub async fn build(request: Request, say: Say<'_>) -> Result<Manifest> {
    let entries = chosen(catalog::entries()?, &request)?;
    let work = WorkDir::new(&request.cache)?;
    let downloads = Downloads::new(&request.cache)?;
    let bench = Bench { arch: request.arch, downloads, work, say };
    let built = match &request.origin {
        Origin::Debian(options) => debian::build(&bench, &entries, options).await?,
        Origin::Upstream(versions) => upstream::build(&bench, &entries, versions).await?,
        Origin::Path(dir, versions) => path::build(&bench, &entries, dir, versions)?,
    };
    for one in &built {
        install::rehearse(&one.archive, &one.item, &bench.work.path("rehearsal"))?;
    }
    let files = built.iter().map(|b| (b.item.sha256.clone(), b.archive.clone())).collect();
    let manifest = Manifest::new(built.into_iter().map(|one| one.item).collect())?;
    wkb::write(&request.out, &manifest, &files)?;
    Ok(manifest)
}

/// Downloads what `library` lacks of the catalogue's `entries` from upstream, in their versions
/// and by their sums, and adds it: `up --online`. Returns what was added. Nothing signs these: the
/// sums are part of this binary, and an archive without one is refused.
///
/// # Errors
/// `Build` for an entry without a sum for this machine; `Fetch`, `WrongSum`, `Archive`, `Io`.
pub async fn fetch_upstream(
    library: &Library,
    entries: &[Entry],
    cache: &Path,
    say: Say<'_>,
) -> Result<Vec<String>> {
    let arch = Arch::current();
    let mut missing = Vec::new();
    for entry in entries {
        if library.has(entry.name.as_str())? {
            continue;
        }
        if entry.archive(None, arch)?.0.sha256.is_none() {
            let reason = format!(
                "the catalogue has no sum of {} for {arch}: build a bundle with --from upstream",
                entry.name
            );
            return Err(BundleError::Build(reason));
        }
        missing.push(entry.clone());
    }
    let downloads = Downloads::new(cache)?;
    let bench = Bench { arch, downloads, work: WorkDir::new(cache)?, say };
    let mut added = Vec::new();
    for one in upstream::build(&bench, &missing, &BTreeMap::new()).await? {
        install::rehearse(&one.archive, &one.item, &bench.work.path("rehearsal"))?;
        let io = super::error::io_error("open", &one.archive);
        let mut content = File::open(&one.archive).map_err(io)?;
        added.push(one.item.to_string());
        let row = Accepted { item: one.item, signer: Some(CATALOGUE.to_owned()) };
        library.add_blob(row, &mut content)?;
    }
    Ok(added)
}

/// The entries to build, in the catalogue's order.
fn chosen(entries: Vec<Entry>, request: &Request) -> Result<Vec<Entry>> {
    let known = |name: &String| entries.iter().any(|entry| entry.name.as_str() == name);
    if let Some(unknown) = request.only.iter().find(|name| !known(name)) {
        let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
        let names = names.join(", ");
        return Err(BundleError::Build(format!("the catalogue has no {unknown}; it has {names}")));
    }
    let wanted = |entry: &Entry| {
        let offered = !matches!(request.origin, Origin::Debian(_)) || entry.debian.is_some();
        let asked = request.only.iter().any(|name| name == entry.name.as_str());
        if asked && !offered {
            let reason = format!("Debian has no package of {}; use --from upstream", entry.name);
            return Err(BundleError::Build(reason));
        }
        Ok(asked || (request.only.is_empty() && offered))
    };
    let mut kept = Vec::new();
    for entry in entries.iter() {
        if wanted(entry)? {
            kept.push(entry.clone());
        }
    }
    Ok(kept)
}

/// The manifest row of an archive on disk.
fn built(
    entry: &Entry,
    version: &str,
    arch: Arch,
    source: Source,
    install: Install,
    archive: &Path,
) -> Result<Built> {
    let (sha256, size) = File::open(archive)
        .and_then(|mut file| sum::of_reader(&mut file))
        .map_err(super::error::io_error("read", archive))?;
    let item = Item {
        name: entry.name.clone(),
        version: version.to_owned(),
        arch,
        kind: entry.kind,
        size,
        path: format!("blobs/{sha256}"),
        sha256,
        licence: entry.licence.clone(),
        source,
        install,
    };
    Ok(Built { item, archive: archive.to_owned() })
}

/// How an archive in upstream's layout is installed.
fn upstream_install(entry: &Entry) -> Install {
    Install {
        strip: entry.upstream.strip,
        programs: entry.upstream.programs.clone(),
        ..Install::default()
    }
}
