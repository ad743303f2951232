use super::*;
use crate::model::audit::{End, GENESIS, line, link};

/// An export of five records, and what its head is.
fn exported(dir: &Path) -> (PathBuf, Vec<String>, String) {
    let anchor = End { seq: 0, hash: GENESIS };
    let mut lines = vec![serde_json::to_string(&AuditFileHead::new("c", anchor)).unwrap()];
    let mut last = GENESIS;
    for seq in 1..=5 {
        let text = format!(r#"{{"seq":{seq},"index":{seq},"actor":"ann"}}"#);
        last = link(&last, text.as_bytes());
        lines.push(line(&last, &text).trim_end().to_owned());
    }
    (dir.join("a.jsonl"), lines, format!("5:{}", hex(&last)))
}

fn verdict(path: &Path, lines: &[String], head: Option<&str>) -> Value {
    std::fs::File::create(path).unwrap();
    crate::base::atomic_file::write(path, lines.join("\n").as_bytes(), 0o600).unwrap();
    verify_file(path, head).unwrap()
}

#[test]
fn a_file_is_verified_without_a_cluster_and_the_first_broken_record_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (path, lines, head) = exported(dir.path());
    let good = verdict(&path, &lines, Some(&head));
    assert_eq!((good["ok"].as_bool(), good["n_records"].as_u64()), (Some(true), Some(5)));
    for at in 1..=5 {
        let mut bent = lines.clone();
        bent[at] = bent[at].replace("ann", "bob");
        assert_eq!(verdict(&path, &bent, None)["broken"], at);
        let mut cut = lines.clone();
        cut.remove(at);
        // A cut end is only seen by who wrote the head down.
        let broken = verdict(&path, &cut, Some(&head))["broken"].clone();
        assert_eq!(broken, at, "without record {at}");
    }
    let mut garbled = lines.clone();
    garbled[3] = "nonsense".into();
    assert_eq!(verdict(&path, &garbled, None)["broken"], 3);
}

#[test]
fn what_is_no_export_or_no_head_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let (path, lines, _) = exported(dir.path());
    verdict(&path, &lines, None);
    assert!(matches!(verify_file(&path, Some("12")), Err(Stop::Usage(_))));
    crate::base::atomic_file::write(&path, b"{}\n", 0o600).unwrap();
    assert!(verify_file(&path, None).is_err());
    assert!(verify_file(&dir.path().join("none"), None).is_err());
}
