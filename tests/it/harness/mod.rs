//! What the tests of whole programs share.

pub mod component;
pub mod demo;
pub mod disk;
pub mod node;
pub mod nodes;
pub mod wait;

use std::path::{Path, PathBuf};
use watchkeep::model::process::{LOGIN_FILE, LOGIN_USER};

/// The program under test: the static release binary where `scripts/test` built it, else the
/// one cargo built for this test.
pub fn program() -> PathBuf {
    std::env::var_os("WATCHKEEP_TEST_BIN")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_watchkeep")), PathBuf::from)
}

/// The bundle with the real programs.
pub fn bundle() -> PathBuf {
    let path = std::env::var_os("WATCHKEEP_TEST_BUNDLE")
        .map(PathBuf::from)
        .expect("WATCHKEEP_TEST_BUNDLE names no bundle: run scripts/test, which makes one");
    assert!(path.is_file(), "{} is missing: run scripts/test", path.display());
    path
}

/// A question to a program of a node, with that node's password for its programs.
pub fn ask(http: &reqwest::Client, data_dir: &Path, url: &str) -> reqwest::RequestBuilder {
    let password = std::fs::read_to_string(data_dir.join(LOGIN_FILE)).unwrap_or_default();
    http.get(url).basic_auth(LOGIN_USER, Some(password.trim()))
}
