//! A folder shown at another place is seen by the program alone.

use super::{runner, shell};
use std::path::Path;
use watchkeep::model::process::{Bind, RunAs, RunOnce};
use watchkeep::supervise::SuperviseError;

const NOBODY: RunAs = RunAs { uid: 65534, gid: 65534 };

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A folder with one file, readable for everybody.
fn source() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::copy("/proc/self/comm", dir.path().join("greeting")).unwrap();
    dir
}

fn bind(source: &Path, target: &Path) -> Vec<Bind> {
    vec![Bind { source: source.into(), target: target.into() }]
}

#[tokio::test]
async fn a_folder_appears_where_none_is_and_only_for_the_program() {
    let source = source();
    let target = Path::new("/usr/share/watchkeep-test/deep/templates");
    let run = RunOnce {
        binds: bind(source.path(), target),
        ..shell(&format!("cat {0}/greeting; ls /usr/share | wc -l", target.display()))
    };
    let output = runner().run(run).await.unwrap();
    let said: Vec<&str> = output.stdout.lines().collect();
    let comm = std::fs::read_to_string(source.path().join("greeting")).unwrap();
    assert_eq!(said[0], comm.trim(), "{output:?}");
    let n_before = std::fs::read_dir("/usr/share").unwrap().count();
    assert_eq!(said[1].trim(), (n_before + 1).to_string(), "everything else is still there");
    assert!(!Path::new("/usr/share/watchkeep-test").exists(), "the machine's files changed");
}

#[tokio::test]
async fn a_folder_covers_an_existing_one_and_cannot_be_written() {
    let (source, target) = (source(), source());
    let file = target.path().join("greeting");
    let script = format!("cat {0}; touch {0}.new && echo written", file.display());
    let run = RunOnce { binds: bind(source.path(), target.path()), ..shell(&script) };
    let output = runner().run(run).await.unwrap();
    assert!(!output.stdout.is_empty(), "{output:?}");
    assert!(!output.stdout.contains("written"), "{output:?}");
    assert_eq!(std::fs::read_dir(source.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn binds_of_two_folders_below_the_same_missing_parent() {
    let source = source();
    let base = Path::new("/usr/share/watchkeep-test");
    let binds = [bind(source.path(), &base.join("a")), bind(source.path(), &base.join("b"))];
    let run =
        RunOnce { binds: binds.concat(), ..shell("cat /usr/share/watchkeep-test/*/greeting") };
    let output = runner().run(run).await.unwrap();
    assert_eq!(output.stdout.lines().count(), 2, "{output:?}");
}

#[tokio::test]
async fn a_missing_source_is_named_and_the_program_never_runs() {
    let run =
        RunOnce { binds: bind("/no/such/folder".as_ref(), "/mnt".as_ref()), ..shell("echo ran") };
    let error = runner().run(run).await.unwrap_err();
    assert!(matches!(error, SuperviseError::Launch { .. }));
    assert!(error.to_string().contains("/no/such/folder"), "{error}");
}

#[tokio::test]
async fn an_exec_that_fails_is_the_launchers_failure_and_not_the_programs() {
    let source = source();
    let run = RunOnce {
        exe: source.path().join("greeting"),
        binds: bind(source.path(), "/mnt".as_ref()),
        ..shell("")
    };
    let error = runner().run(run).await.unwrap_err();
    assert!(error.to_string().contains("cannot run"), "{error}");
}

#[tokio::test]
async fn root_gives_up_user_groups_and_privileges_for_good() {
    if !is_root() {
        eprintln!("SKIP root_gives_up_user_groups_and_privileges_for_good: needs root");
        return;
    }
    let run = RunOnce {
        run_as: Some(NOBODY),
        ..shell("grep -E '^(Uid|Gid|Groups|CapEff|CapPrm|NoNewPrivs)' /proc/self/status")
    };
    let output = runner().run(run).await.unwrap();
    let said: Vec<Vec<&str>> =
        output.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    let ids = ["65534"; 4];
    assert_eq!(said[0][1..], ids, "{output:?}");
    assert_eq!(said[1][1..], ids);
    assert!(said.contains(&vec!["Groups:"]), "{output:?}");
    assert!(said.contains(&vec!["NoNewPrivs:", "1"]), "{output:?}");
    assert_eq!(output.stdout.matches("0000000000000000").count(), 2, "{output:?}");
}

/// Becomes a plain user first, then starts the launcher: what happens where we run as one.
#[tokio::test]
async fn a_plain_user_can_show_a_folder_too() {
    if !is_root() {
        // Then every other test of this file has shown it already.
        return;
    }
    let source = source();
    let launcher = reachable_launcher(source.path()).await;
    // The launcher's orders: header length, header.
    let target = "/usr/share/watchkeep-test/templates";
    let header = serde_json::json!({
        "exe": "/bin/cat", "args": [format!("{target}/greeting"), "/proc/self/uid_map"],
        "env": {}, "cwd": "/", "run_as": null, "cgroup": null, "announce": false, "stdin_len": 0,
        "binds": [{"source": source.path(), "target": target}],
    })
    .to_string();
    let length = u32::try_from(header.len()).unwrap().to_le_bytes();
    let run = RunOnce {
        exe: launcher,
        args: vec!["component-exec".into()],
        run_as: Some(NOBODY),
        stdin: [&length, header.as_bytes()].concat(),
        ..shell("")
    };
    let output = runner().run(run).await.unwrap();
    let said: Vec<&str> = output.stdout.split_whitespace().collect();
    assert_eq!(said[1..], ["65534", "65534", "1"], "{output:?}");
    assert!(!Path::new("/usr/share/watchkeep-test").exists());
}

/// A copy of the binary in a folder that everybody may read. Copied by a process of its own: a
/// descriptor open for writing here would leak into other tests' children and block the start.
async fn reachable_launcher(dir: &Path) -> std::path::PathBuf {
    let copy = dir.join("launcher");
    let built = env!("CARGO_BIN_EXE_watchkeep");
    let output = runner().run(shell(&format!("cp {built} {}", copy.display()))).await.unwrap();
    assert_eq!(output.code, Some(0), "{output:?}");
    copy
}
