use super::*;
use crate::bundle::testing::{Sample, trusting};

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn an_imported_component_is_installed_with_its_programs_and_binds() {
    let sample = Sample::new();
    let data = tempfile::tempdir().unwrap();
    let library = Library::open(data.path(), trusting(&sample.key)).unwrap();
    let report = library.import(&sample.signed, false).unwrap();
    assert_eq!(report.added.len(), 2);
    assert_eq!(report.signer, Some(sample.key.public().id()));
    assert_eq!(library.import(&sample.signed, false).unwrap().present.len(), 2);

    assert_eq!(library.installed("hello").unwrap(), None);
    let installed = library.install("hello").unwrap().unwrap();
    assert_eq!(library.installed("hello").unwrap().unwrap(), installed);
    assert_eq!(installed.version, "1.10.0");
    let program = &installed.programs["hello"];
    assert_eq!(fs::read_to_string(program).unwrap(), "#!/bin/sh\necho hello 1.10.0\n");
    assert!(installed.binds[0].source.is_dir() && program.is_absolute());
    assert_eq!(library.install("absent").unwrap(), None);
}

#[test]
fn a_refused_bundle_changes_nothing() {
    let sample = Sample::new();
    let data = tempfile::tempdir().unwrap();
    let library = Library::open(data.path(), trusting(&sample.key)).unwrap();
    let before = files_below(data.path());
    let mut bytes = fs::read(&sample.signed).unwrap();
    // Inside the last blob: the first one is good and must not stay behind either.
    let last_blob = bytes.len() - 1000;
    bytes[last_blob] ^= 1;
    let bad = sample.dir.path().join("bad.wkb");
    atomic_file::write(&bad, &bytes, 0o644).unwrap();
    library.import(&bad, false).unwrap_err();
    library.import(&sample.unsigned, false).unwrap_err();
    assert_eq!(files_below(data.path()), before);
}

#[test]
fn what_a_kill_left_half_done_is_swept_and_never_used() {
    let sample = Sample::new();
    let data = tempfile::tempdir().unwrap();
    let library = Library::open(data.path(), trusting(&sample.key)).unwrap();
    library.import(&sample.signed, false).unwrap();
    let sha256 = library.items().unwrap()[0].item.sha256.clone();
    let half_blob = data.path().join(format!("blobs/.incoming-{sha256}"));
    let half_tree = data.path().join(format!("components-store/.unpacking-{sha256}/tree"));
    fs::create_dir_all(&half_tree).unwrap();
    atomic_file::write(&half_tree.join("hello"), b"half", 0o755).unwrap();
    atomic_file::write(&half_blob, b"half", 0o644).unwrap();
    assert_eq!(library.installed("hello").unwrap(), None);

    let library = Library::open(data.path(), trusting(&sample.key)).unwrap();
    assert!(!half_blob.exists() && !half_tree.exists());
    assert!(library.install("hello").unwrap().is_some());
}

#[test]
fn an_older_version_is_left_out_unless_it_is_asked_for() {
    let sample = Sample::new();
    let data = tempfile::tempdir().unwrap();
    let library = Library::open(data.path(), trusting(&sample.key)).unwrap();
    library.import(&sample.signed, false).unwrap();
    let old = sample.other_version("1.9.0");
    let report = library.import(&old, false).unwrap();
    assert_eq!((report.added.len(), report.older.len()), (0, 1));
    assert_eq!(library.import(&old, true).unwrap().added.len(), 1);
    assert_eq!(library.install("hello").unwrap().unwrap().version, "1.10.0");
    assert_eq!(library.prune(1).unwrap().len(), 1);
    assert_eq!(library.install("hello").unwrap().unwrap().version, "1.10.0");
}

#[test]
fn rows_under_a_key_that_is_no_longer_trusted_are_not_offered() {
    let sample = Sample::new();
    let data = tempfile::tempdir().unwrap();
    let library = Library::open(data.path(), trusting(&sample.key)).unwrap();
    library.import(&sample.signed, false).unwrap();
    assert!(library.with_trust(Trust::default()).items().unwrap().is_empty());
    assert_eq!(library.with_trust(Trust::default()).install("hello").unwrap(), None);
}

#[test]
fn a_peer_without_bundles_gets_blobs_and_a_wrong_one_is_refused() {
    let sample = Sample::new();
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let giver = Library::open(here.path(), trusting(&sample.key)).unwrap();
    giver.import(&sample.signed, false).unwrap();
    let taker = Library::open(there.path(), trusting(&sample.key)).unwrap();
    let missing = taker.missing(&giver.items().unwrap()).unwrap();
    assert_eq!(missing.len(), 2);
    let error = taker.add_blob(missing[0].clone(), &mut &b"junk"[..]).unwrap_err();
    assert!(matches!(error, BundleError::WrongSum { .. }), "{error}");
    for row in missing {
        let mut blob = giver.open_blob(&row.item.sha256).unwrap();
        taker.add_blob(row, &mut blob).unwrap();
    }
    assert_eq!(taker.items().unwrap(), giver.items().unwrap());
    assert!(taker.install("hello").unwrap().is_some());
}

#[test]
fn a_blob_that_the_disk_damaged_is_noticed_and_can_come_again() {
    let sample = Sample::new();
    let data = tempfile::tempdir().unwrap();
    let library = Library::open(data.path(), trusting(&sample.key)).unwrap();
    library.import(&sample.signed, false).unwrap();
    let item = library.newest("hello").unwrap().unwrap();
    let path = data.path().join("blobs").join(&item.sha256);
    let mut bytes = fs::read(&path).unwrap();
    bytes[20] ^= 1;
    atomic_file::write(&path, &bytes, 0o644).unwrap();
    let error = library.install("hello").unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert_eq!(library.import(&sample.signed, false).unwrap().added.len(), 1);
    assert!(library.install("hello").unwrap().is_some());
}
