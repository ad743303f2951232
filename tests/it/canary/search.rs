//! Looking for secrets in everything that can be read, also where it is compressed or coded.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use flate2::read::GzDecoder;
use regex::bytes::Regex;
use std::{collections::BTreeSet, fs, io::Read as _, path::Path};

pub(super) struct Canary {
    name: String,
    forms: Regex,
}

#[derive(Debug)]
pub(super) struct Found {
    pub(super) canary: String,
    pub(super) place: String,
}

impl Canary {
    pub(super) fn new(name: &str, secret: &str) -> Self {
        let bytes = secret.as_bytes();
        let encoded =
            percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC);
        let mut forms: BTreeSet<String> = [
            secret.to_owned(),
            secret.to_lowercase(),
            HEXLOWER.encode(bytes),
            encoded.to_string(),
            serde_json::to_string(secret).unwrap().trim_matches('"').to_owned(),
        ]
        .into_iter()
        .collect();
        // Within a longer text base64 begins at any of three places.
        for skip in 0..3 {
            let (from, n) = (skip.min(bytes.len()), bytes.len().saturating_sub(skip) / 3 * 3);
            let whole = &bytes[from..from + n];
            for coding in [&BASE64, &BASE64_NOPAD, &BASE64URL_NOPAD] {
                forms.insert(coding.encode(whole));
            }
        }
        let forms: Vec<String> = forms.iter().map(|form| regex::escape(form)).collect();
        Self { name: name.to_owned(), forms: Regex::new(&forms.join("|")).unwrap() }
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        self.forms.is_match(bytes)
    }
}

fn look(place: &str, bytes: &[u8], canaries: &[Canary]) -> Vec<Found> {
    let hits = canaries.iter().filter(|canary| canary.is_in(bytes));
    hits.map(|canary| Found { canary: canary.name.clone(), place: place.to_owned() }).collect()
}

pub(super) fn text(place: &str, text: &str, canaries: &[Canary]) -> Vec<Found> {
    look(place, text.as_bytes(), canaries)
}

/// One file, with what is compressed in it; none that is a program.
pub(super) fn file(path: &Path, canaries: &[Canary]) -> Vec<Found> {
    let Ok(bytes) = fs::read(path) else { return Vec::new() };
    if bytes.starts_with(b"\x7fELF") {
        return Vec::new();
    }
    let place = path.display().to_string();
    let mut found = look(&place, &bytes, canaries);
    let gzip = Regex::new(r"(?-u)\x1f\x8b\x08").unwrap();
    for begin in gzip.find_iter(&bytes) {
        let mut plain = Vec::new();
        let _ = GzDecoder::new(&bytes[begin.start()..]).take(256 << 20).read_to_end(&mut plain);
        found.extend(look(&place, &plain, canaries));
    }
    found
}

/// All files below a folder but what came in the bundle.
pub(super) fn files(folder: &Path, canaries: &[Canary]) -> Vec<Found> {
    if folder.is_file() {
        return file(folder, canaries);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        if meta.is_dir() && !path.ends_with("blobs") {
            found.extend(files(&path, canaries));
        } else if meta.is_file() {
            found.extend(file(&path, canaries));
        }
    }
    found
}

/// A process and all that came of it.
pub(super) fn family(root: u32) -> BTreeSet<u32> {
    let mut all = BTreeSet::from([root]);
    loop {
        let more: Vec<u32> = fs::read_dir("/proc")
            .unwrap()
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|pid| !all.contains(pid) && parent(*pid).is_some_and(|it| all.contains(&it)))
            .collect();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Behind the name, which may hold anything.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn a_canary_is_found_in_every_form_that_it_may_take() {
    let secret = "canary-x7Kq-2";
    let canary = [Canary::new("it", secret)];
    for before in ["", "a", "ab", "abc:"] {
        let within = format!("{before}{secret}{before}");
        for form in
            [within.clone(), HEXLOWER.encode(within.as_bytes()), BASE64.encode(within.as_bytes())]
        {
            assert_eq!(text("t", &form, &canary).len(), 1, "{form}");
        }
    }
    assert!(text("t", "canary-x7Kq-3", &canary).is_empty());
    let dir = tempfile::tempdir().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(b"head".to_vec(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, secret.repeat(3).as_bytes()).unwrap();
    let path = dir.path().join("f");
    watchkeep::base::atomic_file::write(&path, &gzip.finish().unwrap(), 0o600).unwrap();
    assert!(!files(dir.path(), &canary).is_empty());
}
