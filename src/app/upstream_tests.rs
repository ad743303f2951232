//! What the cluster lacks, from a server that stands in for upstream.

use super::*;
use crate::{
    base::atomic_file,
    bundle::{Arch, Trust, pack, sum},
};
use axum::{Router, extract::Path as UrlPath, http::StatusCode, routing::get};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// A download site on loopback with two releases; it knows only their exact paths and remembers
/// what it was asked.
struct Site {
    dir: tempfile::TempDir,
    asked: Arc<Mutex<Vec<String>>>,
    entries: Vec<Entry>,
    notes: Notes,
}

async fn site() -> Site {
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join("hello");
    atomic_file::write(&program, b"#!/bin/sh\n", 0o755).unwrap();
    let file = pack::PackFile { from: program, executable: true };
    let archive = dir.path().join("release.tar.gz");
    pack::tar_gz(&archive, &BTreeMap::from([("x-1.0/hello".to_owned(), file)])).unwrap();
    let body = std::fs::read(archive).unwrap();
    let sha256 = sum::of_bytes(&body);
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (known, arch) = (Arc::clone(&asked), Arch::current());
    let router = Router::new().route(
        "/{*path}",
        get(move |UrlPath(path): UrlPath<String>| async move {
            known.lock().unwrap().push(path.clone());
            let good = ["one", "two"].map(|name| format!("{name}/v1.0/{name}-1.0.{arch}.tar.gz"));
            good.contains(&path).then_some(body).ok_or(StatusCode::NOT_FOUND)
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let entries = ["one", "two"].map(|name| entry(&base, name, &sha256)).into();
    Site { dir, asked, entries, notes: Notes::default() }
}

fn entry(base: &str, name: &str, sha256: &str) -> Entry {
    let arch = Arch::current();
    let text = format!(
        "name = \"{name}\"\ntitle = \"{name}\"\nkind = \"component\"\nlicence = \"MIT\"\n\
         [upstream]\nversion = \"1.0\"\nstrip = 1\nprograms = {{ hello = \"hello\" }}\n\
         url = \"{base}/{name}/v{{version}}/{name}-{{version}}.{{arch}}.tar.gz\"\n\
         sums = \"{base}/sums\"\n\
         [[upstream.archives]]\nversion = \"1.0\"\narch = \"{arch}\"\nsha256 = \"{sha256}\"\n"
    );
    catalog::parse(&format!("{name}.toml"), text.as_bytes()).unwrap()
}

impl Site {
    fn upstream(&self, entries: Vec<Entry>) -> Upstream {
        Upstream::new(entries, &self.dir.path().join("cache"), self.notes.clone())
    }

    fn library(&self) -> Library {
        Library::open(&self.dir.path().join("data"), Trust::default()).unwrap()
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_nobody_has_is_downloaded_and_then_it_is_there() {
    let (site, announced) = (site().await, ["two".to_owned()]);
    let (library, mut upstream) = (site.library(), site.upstream(site.entries.clone()));
    assert!(upstream.round(&library, &announced, true).await.unwrap());
    assert!(library.install("one").unwrap().unwrap().programs["hello"].is_file());
    assert!(!library.has("two").unwrap(), "a peer has it");
    assert!(!upstream.round(&library, &announced, true).await.unwrap());
    assert_eq!((site.asked(), site.notes.all().len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_path_is_named_with_what_to_do_and_the_others_come_all_the_same() {
    let site = site().await;
    let mut entries = site.entries.clone();
    entries[0].upstream.url = entries[0].upstream.url.replace("/v", "/wrong-");
    let (library, mut upstream) = (site.library(), site.upstream(entries));
    assert!(upstream.round(&library, &[], true).await.unwrap());
    assert!(library.has("two").unwrap() && !library.has("one").unwrap());
    let notes = site.notes.all();
    for part in ["one: cannot fetch http://127.0.0.1", "/one/wrong-1.0/", "404", "next try in"] {
        assert!(notes[0].message.contains(part), "{part}: {}", notes[0].message);
    }
    let n_asked = site.asked();
    assert!(!upstream.round(&library, &[], true).await.unwrap());
    assert_eq!(site.asked(), n_asked, "not before the pause is over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_lead_leaves_it_to_the_leader_for_a_while() {
    let site = site().await;
    let (library, mut upstream) = (site.library(), site.upstream(site.entries.clone()));
    assert!(!upstream.round(&library, &[], false).await.unwrap());
    assert_eq!(site.asked(), 0);
    upstream.leave_it_until = Instant::now();
    assert!(upstream.round(&library, &[], false).await.unwrap());
}
