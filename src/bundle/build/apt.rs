//! Reads the machine's apt sources for one thing: a Debian mirror and the keys it is signed with.
//! Formats: sources.list(5), one-line and deb822.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// An enabled `deb` source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AptSource {
    pub(super) uris: Vec<String>,
    pub(super) suites: Vec<String>,
    /// Key files, or one block of armoured keys.
    pub(super) signed_by: String,
}

/// The first source that is Debian's main archive, over HTTP, without a trailing slash, and its
/// `Signed-By` (empty = apt's default).
pub(super) fn debian_mirror(etc_apt: &Path) -> Option<(String, String)> {
    let sources = read(etc_apt);
    sources.iter().find_map(|source| {
        let security = |suite: &String| suite.ends_with("-security");
        if source.suites.iter().all(security) {
            return None;
        }
        let ours = |uri: &&String| is_debian(uri) || source.signed_by.contains("debian-archive");
        let http = |uri: &&String| uri.starts_with("http://") || uri.starts_with("https://");
        let uri = source.uris.iter().filter(http).find(ours)?;
        Some((uri.trim_end_matches('/').to_owned(), source.signed_by.clone()))
    })
}

fn is_debian(uri: &str) -> bool {
    uri.trim_end_matches('/').ends_with("/debian")
}

fn read(etc_apt: &Path) -> Vec<AptSource> {
    let mut files: Vec<PathBuf> = fs::read_dir(etc_apt.join("sources.list.d"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files.insert(0, etc_apt.join("sources.list"));
    let mut sources = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        match file.extension().and_then(|ext| ext.to_str()) {
            Some("list") => sources.extend(text.lines().filter_map(one_line)),
            Some("sources") => sources.extend(deb822(&text)),
            _ => {}
        }
    }
    sources
}

/// `deb [signed-by=/k.gpg arch=amd64] http://mirror/debian trixie main`
fn one_line(line: &str) -> Option<AptSource> {
    let line = line.split('#').next().unwrap_or_default();
    let rest = line.trim().strip_prefix("deb")?;
    let rest = rest.strip_prefix(|c: char| c.is_whitespace())?.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split_whitespace();
    let (uri, suite) = (words.next()?, words.next()?);
    let signed_by = options.split_whitespace().find_map(|option| option.strip_prefix("signed-by="));
    Some(AptSource {
        uris: vec![uri.to_owned()],
        suites: vec![suite.to_owned()],
        signed_by: signed_by.unwrap_or_default().replace(',', " "),
    })
}

fn deb822(text: &str) -> Vec<AptSource> {
    let mut sources = Vec::new();
    for stanza in super::release::stanzas(text) {
        let words = |key: &str| -> Vec<String> {
            let value = stanza.get(key).map(String::as_str).unwrap_or_default();
            value.split_whitespace().map(str::to_owned).collect()
        };
        let enabled = stanza.get("enabled").is_none_or(|value| value.trim() != "no");
        if enabled && words("types").iter().any(|kind| kind == "deb") {
            let signed_by = stanza.get("signed-by").cloned().unwrap_or_default();
            sources.push(AptSource { uris: words("uris"), suites: words("suites"), signed_by });
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::atomic_file;

    fn mirror_of(list: &str, sources: &str) -> Option<(String, String)> {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("sources.list.d")).unwrap();
        let write = |name: &str, text: &str| {
            atomic_file::write(&dir.path().join(name), text.as_bytes(), 0o644).unwrap();
        };
        write("sources.list", list);
        write("sources.list.d/z.sources", sources);
        write("sources.list.d/a.list.disabled", "deb http://disabled/debian x main");
        debian_mirror(dir.path())
    }

    #[test]
    fn finds_debian_among_others_in_both_formats() {
        let list = "# deb http://old/debian x main\n\
            deb https://download.docker.com/linux/debian/x trixie stable\n\
            deb http://security.debian.org/debian-security trixie-security main\n\
            deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian/ trixie main # own\n";
        let expected = Some(("http://mirror.example/debian".to_owned(), "/k.gpg".to_owned()));
        assert_eq!(mirror_of(list, ""), expected);
        let sources = "Types: deb\nURIs: https://deb.nodesource.com/node_20.x\nSuites: nodistro\n\
            Signed-By: /n.gpg\n\nEnabled: no\nTypes: deb\nURIs: http://off/debian\nSuites: x\n\n\
            # comment\nTypes: deb deb-src\nURIs: http://deb.debian.org/debian\n\
            Suites: bookworm bookworm-updates\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n";
        let (uri, keys) = mirror_of("", sources).unwrap();
        assert_eq!(uri, "http://deb.debian.org/debian");
        assert!(keys.contains("BEGIN PGP") && keys.contains("\n\nabc"), "{keys:?}");
        assert_eq!(mirror_of("deb cdrom:[x]/ trixie main", ""), None);
    }
}
