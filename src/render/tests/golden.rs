//! Everything rendered, as files one can read: `tests/golden/render/CASE/node-N/COMPONENT/…`.
//! `BLESS=1` writes them anew; read the difference.

use super::cases;
use crate::base::atomic_file;
use crate::render::{Component, render};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn rendered_files_are_the_golden_ones() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/render");
    for case in cases() {
        let mut actual = BTreeMap::new();
        for node in case.state.members.keys() {
            let rendered = render(&case.state, *node, &case.facts).unwrap();
            assert!(rendered.missing.is_empty());
            for (name, component) in &rendered.components {
                let folder = PathBuf::from(format!("node-{node}")).join(name);
                actual.extend(files(component).into_iter().map(|(p, b)| (folder.join(p), b)));
            }
        }
        compare(&root.join(case.name), &actual);
    }
}

fn files(component: &Component) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (folder, of_folder) in [("config", &component.files), ("live", &component.live_files)] {
        for (path, file) in of_folder {
            files.insert(Path::new(folder).join(path), file.bytes.clone());
        }
    }
    let mut process = serde_json::to_string_pretty(&component.process).unwrap();
    process.push('\n');
    files.insert("process.json".into(), process.into_bytes());
    files
}

fn compare(dir: &Path, actual: &BTreeMap<PathBuf, Vec<u8>>) {
    if std::env::var_os("BLESS").is_some() {
        let _ = fs::remove_dir_all(dir);
        for (path, bytes) in actual {
            let path = dir.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            atomic_file::write(&path, bytes, 0o644).unwrap();
        }
    }
    let mut expected = BTreeMap::new();
    collect(dir, dir, &mut expected);
    for (path, bytes) in actual {
        let golden = expected.remove(path).unwrap_or_default();
        assert_eq!(
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(&golden),
            "{} differs; BLESS=1 accepts it",
            dir.join(path).display()
        );
    }
    assert!(expected.is_empty(), "no longer rendered: {:?}", expected.keys());
}

fn collect(root: &Path, dir: &Path, into: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, into);
        } else {
            let relative = path.strip_prefix(root).unwrap().to_owned();
            into.insert(relative, fs::read(&path).unwrap());
        }
    }
}
