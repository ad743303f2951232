//! Small bundles for the tests of this folder.

use super::{
    manifest::{Arch, Install, Item, ItemKind, Manifest, Source, TreeBind},
    pack::{self, PackFile},
    sign::{SecretKey, Trust},
    sum, wkb,
    wkb::Bundle,
};
use crate::base::atomic_file;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
};

/// Two items (`hello` 1.10.0 for this machine, `data` 1), unsigned and signed.
pub(super) struct Sample {
    pub(super) dir: tempfile::TempDir,
    pub(super) key: SecretKey,
    pub(super) unsigned: PathBuf,
    pub(super) signed: PathBuf,
}

/// Believes this key and no unsigned bundle.
pub(super) fn trusting(key: &SecretKey) -> Trust {
    Trust { keys: vec![key.public()], allow_unsigned: false }
}

impl Sample {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = SecretKey::generate().unwrap();
        let items = [hello(dir.path(), "1.10.0"), plain(dir.path())];
        let (unsigned, signed) = (dir.path().join("unsigned.wkb"), dir.path().join("signed.wkb"));
        write(&unsigned, items.into());
        Bundle::inspect(&unsigned).unwrap().sign_to(&key, &signed).unwrap();
        Self { dir, key, unsigned, signed }
    }

    /// A signed bundle with another version of `hello` alone.
    pub(super) fn other_version(&self, version: &str) -> PathBuf {
        let path = self.dir.path().join(format!("{version}.wkb"));
        write(&path, vec![hello(self.dir.path(), version)]);
        Bundle::inspect(&path).unwrap().sign_to(&self.key, &path).unwrap();
        path
    }
}

fn write(to: &Path, items: Vec<(Item, PathBuf)>) {
    let files = items.iter().map(|(item, path)| (item.sha256.clone(), path.clone())).collect();
    let manifest = Manifest::new(items.into_iter().map(|(item, _)| item).collect()).unwrap();
    wkb::write(to, &manifest, &files).unwrap();
}

fn hello(dir: &Path, version: &str) -> (Item, PathBuf) {
    let (script, note) = (dir.join(format!("hello-{version}")), dir.join("note"));
    let text = format!("#!/bin/sh\necho hello {version}\n");
    atomic_file::write(&script, text.as_bytes(), 0o755).unwrap();
    atomic_file::write(&note, b"note", 0o644).unwrap();
    let install = Install {
        programs: BTreeMap::from([("hello".into(), "bin/hello".into())]),
        binds: vec![TreeBind { source: "share".into(), target: "/usr/share/hello".into() }],
        ..Install::default()
    };
    let files = BTreeMap::from([
        ("bin/hello".into(), PackFile { from: script, executable: true }),
        ("share/note".into(), PackFile { from: note, executable: false }),
    ]);
    item(dir, "hello", version, Arch::current(), install, &files)
}

fn plain(dir: &Path) -> (Item, PathBuf) {
    let note = dir.join("plain");
    atomic_file::write(&note, b"plain", 0o644).unwrap();
    let files = BTreeMap::from([("plain".into(), PackFile { from: note, executable: false })]);
    item(dir, "data", "1", Arch::Any, Install::default(), &files)
}

fn item(
    dir: &Path,
    name: &str,
    version: &str,
    arch: Arch,
    install: Install,
    files: &BTreeMap<String, PackFile>,
) -> (Item, PathBuf) {
    let blob = dir.join(format!("{name}-{version}.tar.gz"));
    pack::tar_gz(&blob, files).unwrap();
    let (sha256, size) = sum::of_reader(&mut File::open(&blob).unwrap()).unwrap();
    assert_eq!(fs::metadata(&blob).unwrap().len(), size);
    let item = Item {
        name: name.parse().unwrap(),
        version: version.into(),
        arch,
        kind: ItemKind::Component,
        size,
        path: format!("blobs/{sha256}"),
        sha256,
        licence: "Apache-2.0".into(),
        source: Source::Path { file: name.into() },
        install,
    };
    (item, blob)
}
