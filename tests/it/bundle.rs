//! Bundles of real components: built from Debian's packages, carried, installed, run.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};
use watchkeep::{
    bundle::{
        Arch, Bundle, BundleError, Installed, Library, SecretKey, Trust,
        build::{DebianOptions, Origin, Request, build},
    },
    model::process::{RunOnce, RunOutput},
    supervise::Runner,
};

/// Downloads survive from run to run: they are named by their sums.
fn cache() -> PathBuf {
    let named = std::env::var_os("WATCHKEEP_CACHE").map(PathBuf::from);
    named.unwrap_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR"))).join("downloads")
}

fn debian() -> DebianOptions {
    DebianOptions {
        mirror: None,
        keyring: None,
        suite: None,
        // forky's index expires a week after Debian's last push; it is printed.
        allow_stale_index: true,
        etc_apt: "/etc/apt".into(),
    }
}

fn request(origin: Origin, out: PathBuf) -> Request {
    Request { origin, only: Vec::new(), arch: Arch::current(), out, cache: cache() }
}

async fn run(installed: &Installed, program: &str, args: &[&str], cwd: &Path) -> RunOutput {
    let run = RunOnce {
        exe: installed.programs[program].clone(),
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        env: BTreeMap::new(),
        cwd: cwd.to_owned(),
        binds: installed.binds.clone(),
        run_as: None,
        timeout: Duration::from_secs(60),
        stdin: Vec::new(),
    };
    Runner::new(env!("CARGO_BIN_EXE_watchkeep").into()).run(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_of_debian_packages_is_built_signed_carried_installed_and_runs() {
    let dir = tempfile::tempdir().unwrap();
    let bundle = dir.path().join("debian.wkb");
    let said = Mutex::new(Vec::new());
    let say = |line: &str| {
        println!("{line}");
        said.lock().unwrap().push(line.to_owned());
    };
    let manifest = build(request(Origin::Debian(debian()), bundle.clone()), &say).await.unwrap();
    assert_eq!(manifest.items.len(), 4);
    assert!(said.lock().unwrap().iter().any(|line| line.starts_with("using Debian ")));

    let key = SecretKey::generate().unwrap();
    Bundle::inspect(&bundle).unwrap().sign_to(&key, &bundle).unwrap();
    let trust = Trust { keys: vec![key.public()], allow_unsigned: false };
    let library = Library::open(&dir.path().join("data"), trust).unwrap();
    assert_eq!(library.import(&bundle, false).unwrap().added.len(), 4);

    for item in &manifest.items {
        let installed = library.install(item.name.as_str()).unwrap().unwrap();
        assert!(!installed.programs.is_empty());
        for program in installed.programs.keys() {
            let output = run(&installed, program, &["--version"], dir.path()).await;
            assert_eq!(output.code, Some(0), "{program}: {output:?}");
            let text = output.stdout + &output.stderr;
            let version = item.version.split(['+', '-']).next().unwrap();
            assert!(text.contains(&format!("{program}, version {version}")), "{program}: {text}");
        }
    }
    plain_programs_on_a_disk_make_the_same_components(&library, dir.path()).await;
}

/// Part of the test above, which has the programs at hand.
async fn plain_programs_on_a_disk_make_the_same_components(library: &Library, dir: &Path) {
    let disk = dir.join("disk");
    std::fs::create_dir(&disk).unwrap();
    let exporter = library.install("node_exporter").unwrap().unwrap();
    std::os::unix::fs::symlink(&exporter.programs["node_exporter"], disk.join("node_exporter"))
        .unwrap();
    let out = dir.join("path.wkb");
    let origin = |versions| request(Origin::Path(disk.clone(), versions), out.clone());
    let error = build(origin(BTreeMap::new()), &|_| {}).await.unwrap_err();
    assert!(error.to_string().contains("does not tell the version"), "{error}");
    assert!(!out.exists());
    let versions = BTreeMap::from([("node_exporter".to_owned(), "9.9.9".to_owned())]);
    let manifest = build(origin(versions), &|_| {}).await.unwrap();
    assert_eq!(manifest.items[0].to_string(), format!("node_exporter 9.9.9 {}", Arch::current()));

    let trust = Trust { keys: Vec::new(), allow_unsigned: true };
    let library = Library::open(&dir.join("data2"), trust).unwrap();
    library.import(&out, false).unwrap();
    let installed = library.install("node_exporter").unwrap().unwrap();
    assert_eq!(run(&installed, "node_exporter", &["--version"], dir).await.code, Some(0));
}

/// Serves `body` for every path on a free loopback port; returns the base URL.
async fn serve(body: Vec<u8>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().fallback(move || async move { body });
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_altered_or_is_out_of_date_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("x.wkb");
    let text = include_bytes!("../data/debian/InRelease");
    let keyring = dir.path().join("keyring.gpg");
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/debian/keyring.gpg"), &keyring)
        .unwrap();
    let attempt = async |body: Vec<u8>, suite: &str, allow_stale_index| {
        let options = DebianOptions {
            mirror: Some(serve(body).await),
            keyring: Some(keyring.clone()),
            suite: Some(suite.to_owned()),
            allow_stale_index,
            ..debian()
        };
        build(request(Origin::Debian(options), out.clone()), &|_| {}).await.unwrap_err()
    };
    let error = attempt(text.to_vec(), "sample", false).await;
    assert!(error.to_string().contains("--allow-stale-index"), "{error}");
    // Good and allowed: the next thing is missed, an index that this mirror does not really have.
    let error = attempt(text.to_vec(), "sample", true).await;
    assert!(matches!(error, BundleError::WrongSum { .. } | BundleError::Fetch { .. }), "{error}");
    let error = attempt(text.to_vec(), "other", true).await;
    assert!(error.to_string().contains("another name"), "{error}");
    let altered = String::from_utf8_lossy(text).replace("2020", "2099").into_bytes();
    let error = attempt(altered, "sample", true).await;
    assert!(matches!(error, BundleError::Tool { tool: "gpgv", .. }), "{error}");
    assert!(!out.exists());
}

/// Runs `watchkeep ARGS` in `dir`.
async fn watchkeep(dir: &Path, args: &[&str]) -> RunOutput {
    let run = RunOnce {
        exe: env!("CARGO_BIN_EXE_watchkeep").into(),
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        env: BTreeMap::from([("HOME".to_owned(), dir.display().to_string())]),
        cwd: dir.to_owned(),
        binds: Vec::new(),
        run_as: None,
        timeout: Duration::from_secs(60),
        stdin: Vec::new(),
    };
    watchkeep::supervise::run_once(run).await.unwrap()
}

/// A folder with one program, a key pair, and a bundle of the one signed with the other.
async fn workshop() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("programs")).unwrap();
    let program = dir.path().join("programs/node_exporter");
    watchkeep::base::atomic_file::write(&program, b"#!/bin/sh\necho ran\n", 0o755).unwrap();
    let keygen = watchkeep(dir.path(), &["bundle", "keygen", "--out", "k"]).await;
    assert_eq!(keygen.code, Some(0), "{keygen:?}");
    assert!(keygen.stdout.starts_with("wkpub1."));
    let build = [
        "bundle",
        "build",
        "--from",
        "path",
        "--dir",
        "programs",
        "--component-version",
        "node_exporter=1.0",
        "--out",
        "b.wkb",
        "--key",
        "k",
    ];
    let built = watchkeep(dir.path(), &build).await;
    assert_eq!(built.code, Some(0), "{built:?}");
    assert!(built.stdout.contains("node_exporter"), "{built:?}");
    dir
}

#[tokio::test]
async fn the_command_line_tells_a_good_bundle_from_every_bad_one() {
    let dir = workshop().await;
    let verify = async |args: &[&str]| {
        let output = watchkeep(dir.path(), &[&["bundle", "verify"], args].concat()).await;
        (output.code.unwrap(), output.stdout + &output.stderr)
    };
    assert_eq!(verify(&["b.wkb", "--trust", "k.pub"]).await.0, 0);
    let (code, said) = verify(&["b.wkb"]).await;
    assert!(code == 3 && said.contains("not trusted"), "{code} {said}");
    assert_eq!(verify(&["absent.wkb"]).await.0, 1);
    assert_eq!(verify(&["b.wkb", "--trust", "wkpub1.00"]).await.0, 1);

    let mut bytes = std::fs::read(dir.path().join("b.wkb")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    watchkeep::base::atomic_file::write(&dir.path().join("bad.wkb"), &bytes, 0o644).unwrap();
    let (code, said) = verify(&["bad.wkb", "--trust", "k.pub"]).await;
    assert!(code == 3 && said.contains("undamaged copy"), "{code} {said}");

    // A key is never overwritten, and never shown.
    let again = watchkeep(dir.path(), &["bundle", "keygen", "--out", "k"]).await;
    assert_eq!(again.code, Some(1), "{again:?}");
    let secret = std::fs::read_to_string(dir.path().join("k")).unwrap();
    assert!(!format!("{again:?}{said}").contains(secret.trim()));
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(dir.path().join("k")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_bundle_is_imported_listed_compared_exported_and_pruned() {
    let dir = workshop().await;
    let bundle = async |args: &[&str]| {
        watchkeep(dir.path(), &[&["bundle", "--output", "json"], args].concat()).await
    };
    let refused = bundle(&["import", "b.wkb", "--data-dir", "data"]).await;
    assert!(refused.code == Some(1) && refused.stderr.contains("no data directory"), "{refused:?}");
    std::fs::create_dir(dir.path().join("data")).unwrap();
    let refused = bundle(&["import", "b.wkb", "--data-dir", "data"]).await;
    assert!(refused.code == Some(1) && refused.stderr.contains("not trusted"), "{refused:?}");

    let data = ["--data-dir", "data", "--trust", "k.pub"];
    let imported = bundle(&[&["import", "b.wkb"], &data[..]].concat()).await;
    assert!(imported.stdout.contains("\"node_exporter 1.0"), "{imported:?}");
    let listed = bundle(&[&["list"], &data[..]].concat()).await;
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    assert_eq!(listed["items"][0]["name"], "node_exporter");
    let exported = bundle(&[&["export", "--out", "copy.wkb"], &data[..]].concat()).await;
    assert_eq!(exported.code, Some(0), "{exported:?}");
    let same = bundle(&["diff", "b.wkb", "copy.wkb"]).await;
    assert_eq!(same.stdout.trim(), "[]");
    let pruned = bundle(&[&["prune", "--keep", "1"], &data[..]].concat()).await;
    assert_eq!(pruned.code, Some(0), "{pruned:?}");
}

#[tokio::test]
async fn a_program_with_a_bundle_inside_still_runs() {
    let dir = workshop().await;
    let program = ["/bin/true", "/usr/bin/true"].map(PathBuf::from);
    let program = program.iter().find(|path| path.exists()).unwrap().display().to_string();
    let embed = ["bundle", "embed", "b.wkb", "--binary", &program, "--out", "full"];
    let embedded = watchkeep(dir.path(), &embed).await;
    assert_eq!(embedded.code, Some(0), "{embedded:?}");
    let run = RunOnce {
        exe: dir.path().join("full"),
        args: Vec::new(),
        env: BTreeMap::new(),
        cwd: dir.path().to_owned(),
        binds: Vec::new(),
        run_as: None,
        timeout: Duration::from_secs(10),
        stdin: Vec::new(),
    };
    assert_eq!(watchkeep::supervise::run_once(run).await.unwrap().code, Some(0));
    let key = std::fs::read_to_string(dir.path().join("k.pub")).unwrap();
    let trust = Trust { keys: vec![key.parse().unwrap()], allow_unsigned: false };
    let inside = watchkeep::bundle::embed::of(&dir.path().join("full"), &trust).unwrap().unwrap();
    assert_eq!(inside.manifest().items.len(), 1);
}
