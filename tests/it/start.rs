//! What an operator reads who got something wrong: what, where, and what to do.

use crate::harness::{bundle, program};
use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;

/// Starts `up` with this conf (data and key are added) and waits for it to end by itself.
fn up(dir: &TempDir, conf: &str, arguments: &[&str]) -> Output {
    let file = dir.path().join("watchkeep.toml");
    let data = dir.path().join("data");
    let key = dir.path().join("secret.key");
    fs::write(&file, format!("data_dir = {data:?}\nkey_file = {key:?}\n{conf}")).unwrap();
    let mut child = Command::new(program())
        .args(["up", "--conf"])
        .arg(&file)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    while child.try_wait().unwrap().is_none() {
        if std::time::Instant::now() > deadline {
            let _ = child.kill();
            panic!("it keeps running: {:?}", child.wait_with_output().unwrap());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

fn refusal(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_unknown_key_in_the_conf_is_named_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let text = refusal(&up(&dir, "[ports]\npubic = 8420\n", &[]));
    assert!(text.contains("pubic") && text.contains("line 4"), "{text}");
    assert!(!dir.path().join("data").exists(), "something was made");
}

#[test]
fn a_wrong_type_in_the_conf_is_named_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let text = refusal(&up(&dir, "listen = 5\n", &[]));
    assert!(text.contains("line 3") && text.contains("listen"), "{text}");
}

#[test]
fn a_cluster_without_a_token_says_how_to_make_one() {
    let dir = tempfile::tempdir().unwrap();
    let output = up(&dir, "", &["--cluster", "127.0.3.1,127.0.3.2,127.0.3.3"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(refusal(&output).contains("watchkeep token new --formation"));
}

#[test]
fn a_port_in_use_names_the_port_and_who_holds_it() {
    let dir = tempfile::tempdir().unwrap();
    let held = std::net::TcpListener::bind("127.0.3.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    let conf =
        format!("listen = \"127.0.3.1\"\n[public]\ntls = \"off\"\n[ports]\npublic = {port}\n");
    let text = refusal(&up(&dir, &conf, &[]));
    let pid = std::process::id().to_string();
    assert!(text.contains(&port.to_string()) && text.contains(&pid), "{text}");
}

#[test]
fn a_tampered_bundle_is_refused_before_anything_is_unpacked() {
    let dir = tempfile::tempdir().unwrap();
    let mut bytes = fs::read(bundle()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let file = dir.path().join("tampered.wkb");
    fs::write(&file, bytes).unwrap();
    let conf = "listen = \"127.0.3.4\"\n[public]\ntls = \"off\"\n[bundle]\nallow_unsigned = true\n";
    let text = refusal(&up(&dir, conf, &["--bundle", file.to_str().unwrap()]));
    assert!(
        text.contains("tampered.wkb") || text.contains("sha256") || text.contains("damaged"),
        "{text}"
    );
    assert!(is_empty(&dir.path().join("data/components-store")));
}

#[test]
fn an_unsigned_bundle_needs_to_be_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let conf = "listen = \"127.0.3.5\"\n[public]\ntls = \"off\"\n";
    let bundle = bundle();
    let text = refusal(&up(&dir, conf, &["--bundle", bundle.to_str().unwrap()]));
    assert!(text.contains("sign"), "{text}");
    assert!(is_empty(&dir.path().join("data/components-store")));
}

/// Neither trees nor halves of trees; marker files of the folder itself do not count.
fn is_empty(dir: &Path) -> bool {
    fs::read_dir(dir).map_or(true, |entries| entries.flatten().all(|entry| !entry.path().is_dir()))
}
