//! Picks packages out of a `Packages.gz`.

use crate::bundle::{
    error::{BundleError, Result, io_error},
    sum, unpack, version,
};
use flate2::read::MultiGzDecoder;
use std::{
    cmp::Ordering,
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

/// An index never unpacks to more.
const MAX_BYTES: u64 = 1 << 30;

/// A package as the index describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// Path below the mirror.
    pub(super) filename: String,
    pub(super) size: u64,
    pub(super) sha256: String,
    pub(super) depends: String,
}

impl Package {
    /// The glibc it needs: the version of its `libc6 (>= …)`.
    pub(super) fn glibc(&self) -> Option<&str> {
        let needs =
            self.depends.split(',').find_map(|one| one.trim().strip_prefix("libc6 (>= "))?;
        needs.strip_suffix(')')
    }
}

/// The newest version of each of `names`; those that are not there are missing in the result.
/// Blocking.
///
/// # Errors
/// `Io`; `Build` for an entry that makes no sense.
pub(super) fn pick(packages_gz: &Path, names: &[&str]) -> Result<BTreeMap<String, Package>> {
    let file = File::open(packages_gz).map_err(io_error("open", packages_gz))?;
    let text = BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file).take(MAX_BYTES));
    let mut found: BTreeMap<String, Package> = BTreeMap::new();
    let mut package = Package::default();
    // One empty line more, to end the last entry.
    for line in text.lines().chain([Ok(String::new())]) {
        let line = line.map_err(io_error("read", packages_gz))?;
        if !line.is_empty() {
            note(&mut package, &line);
            continue;
        }
        let package = std::mem::take(&mut package);
        if names.contains(&package.name.as_str()) {
            keep_newest(&mut found, checked(package)?);
        }
    }
    Ok(found)
}

fn note(package: &mut Package, line: &str) {
    let Some((key, value)) = line.split_once(": ") else { return };
    match key {
        "Package" => value.clone_into(&mut package.name),
        "Version" => value.clone_into(&mut package.version),
        "Filename" => value.clone_into(&mut package.filename),
        "SHA256" => value.clone_into(&mut package.sha256),
        "Depends" => value.clone_into(&mut package.depends),
        "Size" => package.size = value.parse().unwrap_or(0),
        _ => {}
    }
}

fn checked(package: Package) -> Result<Package> {
    let inside = unpack::tree_path(package.filename.as_bytes(), 0).is_ok();
    if inside && package.size > 0 && sum::is_sum(&package.sha256) && !package.version.is_empty() {
        return Ok(package);
    }
    Err(BundleError::Build(format!("the index describes package {} incompletely", package.name)))
}

fn keep_newest(found: &mut BTreeMap<String, Package>, package: Package) {
    let older =
        |have: &Package| version::compare(&have.version, &package.version) == Ordering::Less;
    if found.get(&package.name).is_none_or(older) {
        found.insert(package.name.clone(), package);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn index(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("Packages.gz");
        let mut gzip = GzEncoder::new(File::create(&path).unwrap(), Compression::fast());
        gzip.write_all(text.as_bytes()).unwrap();
        gzip.finish().unwrap();
        (dir, path)
    }

    fn entry(name: &str, version: &str, file: &str) -> String {
        let sum = "a".repeat(64);
        format!(
            "Package: {name}\nVersion: {version}\nDepends: adduser, libc6 (>= 2.34), x\n\
             Filename: {file}\nSize: 5\nSHA256: {sum}\n\n"
        )
    }

    #[test]
    fn the_newest_of_each_asked_package_is_picked() {
        let text = entry("prometheus", "3.5.3+ds1-6", "pool/a.deb")
            + &entry("prometheus-x", "9", "pool/x.deb")
            + &entry("prometheus", "3.5.3+ds1-10", "pool/b.deb")
            + entry("promtool", "1", "pool/c.deb").trim_end();
        let (_dir, path) = index(&text);
        let found = pick(&path, &["prometheus", "promtool", "absent"]).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["prometheus", "promtool"]);
        assert_eq!(found["prometheus"].filename, "pool/b.deb");
        assert_eq!(found["prometheus"].glibc(), Some("2.34"));
    }

    #[test]
    fn an_entry_that_leads_off_the_mirror_is_refused() {
        let (_dir, path) = index(&entry("prometheus", "1", "../../etc/passwd"));
        pick(&path, &["prometheus"]).unwrap_err();
    }
}
