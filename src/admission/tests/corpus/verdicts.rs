//! Verdicts of both sides, and the table of what they differ in.

use crate::render::tests::checkers;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// One file with the verdict of its folder.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) valid: bool,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// All files of one kind, by name.
pub(super) fn cases(kind: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for (folder, valid) in [("valid", true), ("invalid", false)] {
        for entry in std::fs::read_dir(root().join(kind).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{kind}/{}", path.file_stem().unwrap().to_str().unwrap());
            cases.push(Case { name, path, valid });
        }
    }
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    cases
}

/// Rows of the table of `kind`: file → our verdict and the reason.
fn table(kind: &str) -> BTreeMap<String, (bool, String)> {
    let text = std::fs::read_to_string(root().join("differences.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with(&format!("| {kind}/")));
    let rows = rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [file, ours, reason] = cells.as_slice() else { panic!("not a row: {line}") };
        assert!(reason.len() > 20, "{file} needs a reason");
        ((*file).to_owned(), (*ours == "accepts", (*reason).to_owned()))
    });
    rows.collect()
}

/// Compares `ours` (the errors of a text; none = accepted) with the folders and the table.
pub(super) fn compare(kind: &str, least: usize, ours: impl Fn(&str) -> Vec<String>) {
    let mut rows = table(kind);
    let cases = cases(kind);
    assert!(cases.len() >= least, "only {} files", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let errors = ours(&std::fs::read_to_string(&case.path).unwrap());
        let accepted = errors.is_empty();
        let listed = rows.remove(&case.name).map(|(accepts, _)| accepts);
        match (accepted == case.valid, listed) {
            (true, None) => {}
            (false, Some(listed)) if listed == accepted => {}
            (true, Some(_)) => {
                wrong.push(format!("{}: no longer differs, take the row out", case.name))
            }
            (false, _) if accepted => wrong.push(format!("{}: we accept it", case.name)),
            (false, _) => wrong.push(format!("{}: we refuse it: {}", case.name, errors.join("; "))),
        }
    }
    wrong.extend(rows.keys().map(|name| format!("{name}: there is no such file")));
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether the folders say what `program` with `arguments` says; skipped without it.
pub(super) fn folders_are_true(kind: &str, program: &str, arguments: &[&str]) {
    let Some(programs) = checkers::programs() else { return };
    let cases = cases(kind);
    let args = arguments.iter().map(ToString::to_string);
    let files = cases.iter().map(|case| case.path.display().to_string());
    let run = crate::model::process::RunOnce {
        exe: programs.join(program),
        args: args.chain(files).collect(),
        env: BTreeMap::new(),
        cwd: root(),
        binds: Vec::new(),
        run_as: None,
        timeout: std::time::Duration::from_secs(60),
        stdin: Vec::new(),
    };
    let output = checkers::run(&run);
    let said = String::from_utf8(output.stdout).unwrap();
    let accepted = accepted(&said);
    assert_eq!(accepted.1, cases.len(), "{said}");
    let truth: BTreeSet<String> = cases
        .iter()
        .filter(|case| case.valid)
        .map(|case| case.path.display().to_string())
        .collect();
    let wrong: Vec<_> = truth.symmetric_difference(&accepted.0).collect();
    assert!(wrong.is_empty(), "in the wrong folder: {wrong:#?}");
}

/// The files that were called good, and how many were looked at. Both programs write
/// `Checking FILE`, then `SUCCESS` or `FAILED` (promtool to the other stream).
fn accepted(said: &str) -> (BTreeSet<String>, usize) {
    let (mut accepted, mut n_files) = (BTreeSet::new(), 0);
    let mut file = String::new();
    for line in said.lines() {
        if let Some(rest) = line.strip_prefix("Checking ") {
            let name = rest.trim_start_matches('\'');
            file = name.split('\'').next().unwrap_or_default().to_owned();
            n_files += 1;
        }
        if line.contains("SUCCESS") {
            accepted.insert(file.clone());
        }
    }
    (accepted, n_files)
}
