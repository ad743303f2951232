//! Builds against a server on loopback that stands for the projects' download sites.

use super::*;
use crate::bundle::{
    Trust,
    pack::{self, PackFile},
};
use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::StatusCode,
};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

/// Serves named bodies; a request beyond those is a 404, the first `broken` ones are 503.
#[derive(Clone, Default)]
struct Site {
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    requests: Arc<AtomicUsize>,
    broken: usize,
}

impl Site {
    async fn start(&self) -> String {
        let answer = async |State(site): State<Self>, UrlPath(name): UrlPath<String>| {
            if site.requests.fetch_add(1, Ordering::SeqCst) < site.broken {
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            site.files.lock().unwrap().get(&name).cloned().ok_or(StatusCode::NOT_FOUND)
        };
        let app =
            Router::new().route("/{name}", axum::routing::get(answer)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        base
    }

    fn put(&self, name: &str, body: Vec<u8>) {
        self.files.lock().unwrap().insert(name.to_owned(), body);
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// A release archive with one top directory, as the projects make them.
fn release(dir: &Path) -> Vec<u8> {
    let program = dir.join("hello");
    crate::base::atomic_file::write(&program, b"#!/bin/sh\n", 0o755).unwrap();
    let files = BTreeMap::from([(
        "hello-1.0.linux/hello".to_owned(),
        PackFile { from: program, executable: true },
    )]);
    let archive = dir.join("release.tar.gz");
    pack::tar_gz(&archive, &files).unwrap();
    std::fs::read(archive).unwrap()
}

fn entry(base: &str, archive: &str) -> Entry {
    let arch = Arch::current();
    let text = format!(
        "name = \"hello\"\ntitle = \"Hello\"\nkind = \"component\"\nlicence = \"MIT\"\n\
         [upstream]\nversion = \"1.0\"\nstrip = 1\nprograms = {{ hello = \"hello\" }}\n\
         url = \"{base}/hello-{{version}}.{{arch}}.tar.gz\"\nsums = \"{base}/sums\"\n\
         [[upstream.archives]]\nversion = \"1.0\"\narch = \"{arch}\"\n{archive}\n"
    );
    catalog::parse("hello.toml", text.as_bytes()).unwrap()
}

struct Shop {
    dir: tempfile::TempDir,
    site: Site,
    base: String,
    sha256: String,
}

impl Shop {
    async fn open(broken: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let site = Site { broken, ..Site::default() };
        let archive = release(dir.path());
        let sha256 = sum::of_bytes(&archive);
        let file = format!("hello-1.0.{}.tar.gz", Arch::current());
        site.put("sums", format!("{sha256}  {file}\n").into_bytes());
        site.put(&file, archive);
        let base = site.start().await;
        Self { dir, site, base, sha256 }
    }

    async fn build(&self, archive: &str) -> Result<Vec<Built>> {
        let cache = self.dir.path().join("cache");
        let bench = Bench {
            arch: Arch::current(),
            downloads: Downloads::new(&cache)?,
            work: WorkDir::new(&cache)?,
            say: &|_| {},
        };
        upstream::build(&bench, &[entry(&self.base, archive)], &BTreeMap::new()).await
    }

    /// Names of what lies in the download cache.
    fn cached(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path().join("cache")).unwrap().flatten();
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }
}

#[tokio::test]
async fn a_pinned_archive_is_fetched_once_and_never_asked_about() {
    let shop = Shop::open(0).await;
    let pinned = format!("sha256 = \"{}\"", shop.sha256);
    let built = shop.build(&pinned).await.unwrap();
    assert_eq!(built[0].item.sha256, shop.sha256);
    assert_eq!(shop.site.requests(), 1, "the release's own sums are not needed");
    shop.build(&pinned).await.unwrap();
    assert_eq!(shop.site.requests(), 1, "the second build comes from the cache");
}

#[tokio::test]
async fn an_unverified_archive_needs_the_releases_own_sum_to_agree() {
    let shop = Shop::open(0).await;
    assert!(shop.build("unverified = true").await.is_ok());
    let agreeing = format!("unverified = true\nsha256 = \"{}\"", shop.sha256);
    assert!(shop.build(&agreeing).await.is_ok());
    let other = format!("unverified = true\nsha256 = \"{}\"", "0".repeat(64));
    let error = shop.build(&other).await.err().unwrap();
    assert!(matches!(error, BundleError::WrongSum { .. }), "{error}");
}

#[tokio::test]
async fn a_wrong_archive_is_refused_and_not_kept() {
    let shop = Shop::open(0).await;
    let pinned = format!("sha256 = \"{}\"", "0".repeat(64));
    let error = shop.build(&pinned).await.err().unwrap();
    assert!(matches!(error, BundleError::WrongSum { .. }), "{error}");
    assert!(shop.cached().is_empty(), "{:?}", shop.cached());
}

#[tokio::test]
async fn a_site_that_stumbles_is_asked_again_and_one_without_the_file_is_not() {
    let shop = Shop::open(1).await;
    let pinned = format!("sha256 = \"{}\"", shop.sha256);
    assert!(shop.build(&pinned).await.is_ok());
    assert_eq!(shop.site.requests(), 2);

    let shop = Shop::open(0).await;
    shop.site.files.lock().unwrap().clear();
    let error = shop.build(&pinned).await.err().unwrap();
    assert!(matches!(error, BundleError::Fetch { not_found: true, .. }), "{error}");
    assert_eq!(shop.site.requests(), 1);
}

#[tokio::test]
async fn online_fetches_only_what_is_missing_and_pinned() {
    let shop = Shop::open(0).await;
    let library = Library::open(&shop.dir.path().join("data"), Trust::default()).unwrap();
    let cache = shop.dir.path().join("cache");
    let fetch = async |archive: &str| {
        fetch_upstream(&library, &[entry(&shop.base, archive)], &cache, &|_| {}).await
    };
    let error = fetch("unverified = true").await.unwrap_err();
    assert!(error.to_string().contains("has no sum of hello"), "{error}");
    let pinned = format!("sha256 = \"{}\"", shop.sha256);
    assert_eq!(fetch(&pinned).await.unwrap().len(), 1);
    assert!(library.install("hello").unwrap().unwrap().programs["hello"].is_file());
    assert!(fetch(&pinned).await.unwrap().is_empty());
}
