//! The real promtool, amtool and `blackbox_exporter` judge what is rendered. They are looked for
//! in the folder that `WATCHKEEP_TEST_COMPONENTS` names, else unpacked from the bundle that
//! `WATCHKEEP_TEST_BUNDLE` names (`scripts/test` makes one).

use super::cases;
use crate::bundle::{Library, Trust};
use crate::model::{Kind, NodeId, process::RunOnce};
use crate::render::{CheckArgument, Component, File, NodeFacts, render};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;
use tempfile::TempDir;

#[expect(clippy::disallowed_methods, reason = "a test of pure code; there is no supervisor here")]
pub(crate) fn run(run: &RunOnce) -> Output {
    let mut command = std::process::Command::new(&run.exe);
    command.args(&run.args).current_dir(&run.cwd).env_clear().output().unwrap()
}

/// One folder with all programs, made once for all tests here.
pub(crate) fn programs() -> Option<PathBuf> {
    static UNPACKED: OnceLock<TempDir> = OnceLock::new();
    if let Some(dir) = std::env::var_os("WATCHKEEP_TEST_COMPONENTS") {
        return Some(dir.into());
    }
    let Some(bundle) = std::env::var_os("WATCHKEEP_TEST_BUNDLE") else {
        println!("SKIP real checkers: neither WATCHKEEP_TEST_COMPONENTS nor WATCHKEEP_TEST_BUNDLE");
        return None;
    };
    let unpacked = UNPACKED.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(dir.path(), Trust::release_and(Vec::new(), true)).unwrap();
        library.import(Path::new(&bundle), false).unwrap();
        for name in ["prometheus", "alertmanager", "blackbox_exporter"] {
            for (program, path) in library.install(name).unwrap().unwrap().programs {
                symlink(path, dir.path().join(program)).unwrap();
            }
        }
        dir
    });
    Some(unpacked.path().to_owned())
}

/// The same facts with real programs, and with certificates that exist below `home`.
pub(super) fn real(mut facts: NodeFacts, home: &Path, programs: &Path) -> NodeFacts {
    facts.components_dir = home.to_owned();
    use_programs(&mut facts, programs);
    let tls = &mut facts.component_tls;
    for path in [
        &mut tls.cert,
        &mut tls.key,
        &mut tls.ca,
        &mut facts.local_token_file,
        &mut facts.login.password_file,
    ] {
        *path = home.join(path.file_name().unwrap());
        fs::File::create(path).unwrap();
    }
    facts
}

/// Lets the builds be those in a folder.
pub(crate) fn use_programs(facts: &mut NodeFacts, programs: &Path) {
    for build in facts.builds.values_mut() {
        for (name, path) in &mut build.programs {
            *path = programs.join(name);
        }
    }
}

pub(super) fn install(component: &Component) {
    let live = component.live_dir.as_ref().map(|dir| (dir, &component.live_files));
    for (dir, files) in [(&component.config_dir, &component.files)].into_iter().chain(live) {
        write(dir, files);
    }
}

pub(crate) fn write(dir: &Path, files: &BTreeMap<String, File>) {
    for (path, file) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        crate::base::atomic_file::write(&path, &file.bytes, file.mode).unwrap();
    }
}

/// Prometheus of another version is judged as far as the flags and keys of this one go.
fn judged_by_this_build(component: &Component, upstream: bool) -> bool {
    !(upstream && component.name == "prometheus")
}

#[test]
fn real_checkers_accept_what_is_rendered() {
    let Some(programs) = programs() else { return };
    let mut n_checks = 0;
    for case in cases() {
        for node in case.state.members.keys() {
            let home = tempfile::tempdir().unwrap();
            let facts = real(case.facts.clone(), home.path(), &programs);
            let rendered = render(&case.state, *node, &facts).unwrap();
            for component in rendered.components.values() {
                install(component);
                if !judged_by_this_build(component, case.name.ends_with("upstream")) {
                    continue;
                }
                for check in &component.checks {
                    let output = run(&check.run_once(&component.config_dir));
                    assert!(output.status.success(), "{} {}: {output:?}", case.name, check.name);
                    n_checks += 1;
                }
            }
        }
    }
    assert!(n_checks >= 10);
}

#[test]
fn real_checkers_refuse_what_only_they_can_judge() {
    let Some(programs) = programs() else { return };
    let mut state = super::fixture::cluster(1);
    let spec = serde_json::json!({"no_such_option": true});
    super::fixture::put(&mut state, Kind::ScrapeJob, "bad", spec);
    let home = tempfile::tempdir().unwrap();
    let facts = real(super::fixture::facts(), home.path(), &programs);
    let rendered = render(&state, NodeId(1), &facts).unwrap();
    let prometheus = &rendered.components["prometheus"];
    install(prometheus);
    let output = run(&prometheus.checks[0].run_once(&prometheus.config_dir));
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no_such_option"));
}

#[test]
fn a_check_names_the_candidate_tree_and_not_the_live_one() {
    let case = cases().remove(0);
    let rendered = render(&case.state, NodeId(1), &case.facts).unwrap();
    let check = &rendered.components["blackbox_exporter"].checks[0];
    let run = check.run_once(Path::new("/candidate"));
    assert_eq!(run.args, ["--config.check", "--config.file=/candidate/blackbox.yml"]);
    assert!(matches!(check.arguments[0], CheckArgument::Text(_)));
}

/// Texts that YAML 1.1 or 1.2 reads as something else when they stand bare.
const TRICKY: [&str; 24] = [
    "yes",
    "off",
    "null",
    "~",
    "012",
    "0x1f",
    "1e3",
    "1_000",
    "12:30:45",
    "2026-01-01",
    "<<",
    "=",
    "- a",
    "a: b",
    "# b",
    " lead",
    "trail ",
    "tab\there",
    "two\nlines\n",
    "\n",
    "\u{85}next",
    "\u{feff}bom",
    "quote ' and \" and \\",
    "@%&*!|>`[]{},?é漢😀",
];

/// promtool compares what our YAML says with what JSON says.
#[test]
fn prometheus_reads_every_text_as_it_was_meant() {
    let Some(programs) = programs() else { return };
    let annotations: std::collections::BTreeMap<String, &str> =
        TRICKY.iter().enumerate().map(|(n, text)| (format!("a{n:02}"), *text)).collect();
    let rules =
        serde_json::json!([{"alert": "A", "expr": "vector(1)", "annotations": annotations}]);
    let mut state = super::fixture::cluster(1);
    super::fixture::put(&mut state, Kind::Project, "p", serde_json::json!({}));
    let group = serde_json::json!({"project": "p", "rules": rules});
    super::fixture::put(&mut state, Kind::RuleGroup, "g", group);
    let home = tempfile::tempdir().unwrap();
    let facts = real(super::fixture::facts(), home.path(), &programs);
    let rendered = render(&state, NodeId(1), &facts).unwrap();
    let prometheus = &rendered.components["prometheus"];
    install(prometheus);
    let test = serde_json::json!({
        "rule_files": ["rules/g.yml"],
        "tests": [{"interval": "1m", "alert_rule_test": [{
            "eval_time": "1m", "alertname": "A",
            "exp_alerts": [{"exp_labels": {"project": "p"}, "exp_annotations": annotations}],
        }]}],
    });
    // promtool reads it as YAML, to which this character is a line end unless escaped.
    let test = test.to_string().replace('\u{85}', "\\u0085");
    let file = prometheus.config_dir.join("test.json");
    crate::base::atomic_file::write(&file, test.as_bytes(), 0o644).unwrap();
    let mut check = prometheus.checks[0].run_once(&prometheus.config_dir);
    check.args = vec!["test".into(), "rules".into(), file.display().to_string()];
    let output = run(&check);
    assert!(output.status.success(), "{output:?}");
}
