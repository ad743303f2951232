//! Items from the projects' own releases, whose archives are taken as they are.

use super::{Bench, Built, built, upstream_install};
use crate::bundle::{
    catalog::{Archive, Entry},
    error::{BundleError, Result},
    manifest::Source,
    sum,
};
use std::collections::BTreeMap;

const SUMS_MAX_BYTES: u64 = 1 << 20;

pub(super) async fn build(
    bench: &Bench<'_>,
    entries: &[Entry],
    versions: &BTreeMap<String, String>,
) -> Result<Vec<Built>> {
    let mut items = Vec::new();
    for entry in entries {
        let version = versions.get(entry.name.as_str()).map(String::as_str);
        let (archive, url, sums) = entry.archive(version, bench.arch)?;
        (bench.say)(&format!("{} {}", entry.name, archive.version));
        items.push(item(bench, entry, archive, url, &sums).await?);
    }
    Ok(items)
}

async fn item(
    bench: &Bench<'_>,
    entry: &Entry,
    archive: &Archive,
    url: String,
    sums_url: &str,
) -> Result<Built> {
    let sha256 = match &archive.sha256 {
        Some(sha256) if !archive.unverified => sha256.clone(),
        known => {
            let sums = bench.downloads.small(sums_url, SUMS_MAX_BYTES).await?;
            let file = url.rsplit('/').next().unwrap_or_default();
            released_sum(&String::from_utf8_lossy(&sums), file, sums_url, known.as_deref())?
        }
    };
    let file = bench.downloads.pinned(std::slice::from_ref(&url), &sha256, None, bench.say).await?;
    let source = Source::Upstream { url };
    built(entry, &archive.version, archive.arch, source, upstream_install(entry), &file)
}

/// The sum that the release itself names for `file`; it must agree with `known`.
fn released_sum(sums: &str, file: &str, url: &str, known: Option<&str>) -> Result<String> {
    let bare = sums.trim();
    let listed = sums.lines().find_map(|line| {
        let (sha256, name) = line.split_once(char::is_whitespace)?;
        (name.trim_start().trim_start_matches('*').trim_end() == file).then_some(sha256)
    });
    let found = listed
        .or_else(|| sum::is_sum(bare).then_some(bare))
        .filter(|sha256| sum::is_sum(sha256))
        .ok_or_else(|| BundleError::Build(format!("{url} has no sum of {file}")))?;
    match known {
        Some(known) if known != found => Err(BundleError::WrongSum {
            what: format!("{file}, according to {url},"),
            expected: known.to_owned(),
            found: found.to_owned(),
        }),
        _ => Ok(found.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_found_by_the_exact_file_name_and_must_agree() {
        let (a, b) = ("a".repeat(64), "b".repeat(64));
        let sums = format!("{b}  other-x.tar.gz\n{a} *x.tar.gz\n{b}  x.tar.gz.sig\n");
        assert_eq!(released_sum(&sums, "x.tar.gz", "u", None).unwrap(), a);
        assert_eq!(released_sum(&sums, "x.tar.gz", "u", Some(&a)).unwrap(), a);
        assert!(released_sum(&sums, "x.tar.gz", "u", Some(&b)).is_err());
        assert!(released_sum(&sums, "tar.gz", "u", None).is_err());
        assert_eq!(released_sum(&format!("{b}\n"), "any", "u", None).unwrap(), b);
        assert!(released_sum("<html>", "any", "u", None).is_err());
    }
}
