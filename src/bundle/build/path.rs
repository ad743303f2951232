//! Items from what lies in a directory:
//! - release archives under upstream's own file names (`prometheus-3.14.0.linux-amd64.tar.gz`),
//!   compared with the catalogue's sum where it has one;
//! - folders named like a component (`grafana/`), in upstream's layout, packed whole;
//! - plain programs (`prometheus`, `promtool`), all those of a component, packed together.
//!
//! The last two do not say which version they are: it must be given.

use super::{Bench, Built, built, upstream_install};
use crate::bundle::{
    catalog::Entry,
    error::{BundleError, Result, io_error},
    manifest::{Arch, Source},
    pack::{self, PackFile},
};
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

pub(super) fn build(
    bench: &Bench<'_>,
    entries: &[Entry],
    dir: &Path,
    versions: &BTreeMap<String, String>,
) -> Result<Vec<Built>> {
    let listed = fs::read_dir(dir).map_err(io_error("read", dir))?;
    let mut files: Vec<PathBuf> = listed.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut items = Vec::new();
    for entry in entries {
        let archives = archives(bench, entry, &files)?;
        let found_archive = !archives.is_empty();
        items.extend(archives);
        if !found_archive && let Some(files) = loose_files(entry, dir)? {
            items.push(packed(bench, entry, &files, versions, dir)?);
        }
    }
    if items.is_empty() {
        return Err(BundleError::Build(format!(
            "{} holds no release archive, component folder or programs that the catalogue knows",
            dir.display()
        )));
    }
    items.iter().for_each(|built| (bench.say)(&built.item.to_string()));
    Ok(items)
}

fn archives(bench: &Bench<'_>, entry: &Entry, files: &[PathBuf]) -> Result<Vec<Built>> {
    let template = entry.upstream.url.rsplit('/').next().unwrap_or_default();
    let mut items = Vec::new();
    for path in files {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(version) = version_in(template, &file, bench.arch) else { continue };
        let source = Source::Path { file: file.to_string() };
        let one = built(entry, version, bench.arch, source, upstream_install(entry), path)?;
        let pinned = entry.archive(Some(version), bench.arch).ok();
        if let Some(expected) = pinned.and_then(|(archive, ..)| archive.sha256.clone())
            && expected != one.item.sha256
        {
            let (what, found) = (path.display().to_string(), one.item.sha256);
            return Err(BundleError::WrongSum { what, expected, found });
        }
        items.push(one);
    }
    Ok(items)
}

/// The version in a file name that fits the template.
fn version_in<'a>(template: &str, file: &'a str, arch: Arch) -> Option<&'a str> {
    let template = template.replace("{arch}", &arch.to_string());
    let (before, after) = template.split_once("{version}")?;
    let version = file.strip_prefix(before)?.strip_suffix(after)?;
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}

/// Path in the tree → file, of a component folder or of plain programs.
fn loose_files(entry: &Entry, dir: &Path) -> Result<Option<BTreeMap<String, PackFile>>> {
    let programs = entry.upstream.programs.values();
    let folder = dir.join(entry.name.as_str());
    if programs.clone().all(|path| folder.join(path).is_file()) {
        let mut files = BTreeMap::new();
        collect(&folder, "", &mut files)?;
        return Ok(Some(files));
    }
    let mut files = BTreeMap::new();
    for (name, path) in &entry.upstream.programs {
        // A link to a program is as good as the program.
        let Ok(from) = dir.join(name).canonicalize() else { return Ok(None) };
        if !from.is_file() {
            return Ok(None);
        }
        files.insert(path.clone(), PackFile { from, executable: true });
    }
    Ok(Some(files))
}

fn collect(dir: &Path, prefix: &str, into: &mut BTreeMap<String, PackFile>) -> Result<()> {
    for entry in fs::read_dir(dir).map_err(io_error("read", dir))? {
        let entry = entry.map_err(io_error("read", dir))?;
        let (from, name) = (entry.path(), entry.file_name());
        let path = format!("{prefix}{}", name.to_string_lossy());
        let meta = fs::symlink_metadata(&from).map_err(io_error("read", &from))?;
        if meta.is_dir() {
            collect(&from, &format!("{path}/"), into)?;
        } else {
            let executable = meta.permissions().mode() & 0o111 != 0;
            into.insert(path, PackFile { from, executable });
        }
    }
    Ok(())
}

fn packed(
    bench: &Bench<'_>,
    entry: &Entry,
    files: &BTreeMap<String, PackFile>,
    versions: &BTreeMap<String, String>,
    dir: &Path,
) -> Result<Built> {
    let version = versions.get(entry.name.as_str()).ok_or_else(|| {
        BundleError::Build(format!(
            "{} does not tell the version of {name}: give it with --component-version {name}=VERSION",
            dir.display(),
            name = entry.name
        ))
    })?;
    let archive = bench.work.path(&format!("{}.tar.gz", entry.name));
    pack::tar_gz(&archive, files)?;
    let mut install = upstream_install(entry);
    install.strip = 0;
    let file = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    built(entry, version, bench.arch, Source::Path { file }, install, &archive)
}
