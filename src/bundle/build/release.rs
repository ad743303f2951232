//! The signed table of contents of a Debian suite: `InRelease` after its signature was checked.
//! Format: DebianRepository/Format in Debian's wiki.

use crate::{
    bundle::{
        error::{BundleError, Result},
        sum,
    },
    model::UnixMs,
};
use jiff::{civil::DateTime, tz::TimeZone};
use std::collections::BTreeMap;

/// What we need of it.
#[derive(Debug, Clone)]
pub(super) struct Release {
    pub(super) valid_until: Option<UnixMs>,
    pub(super) by_hash: bool,
    /// Path below `dists/SUITE` → (sha256, bytes).
    pub(super) files: BTreeMap<String, (String, u64)>,
}

impl Release {
    /// Reads the text that `gpgv` vouched for.
    ///
    /// # Errors
    /// `Build` when it is of another suite or cannot be read.
    pub(super) fn parse(text: &str, suite: &str) -> Result<Self> {
        let unreadable =
            |what: &str| BundleError::Build(format!("the index of {suite} has {what}"));
        let release = stanzas(text).into_iter().next().unwrap_or_default();
        let field = |key: &str| release.get(key).map(|value| value.trim());
        // A mirror must not pass one suite off as another.
        if field("codename") != Some(suite) && field("suite") != Some(suite) {
            return Err(unreadable("another name"));
        }
        let valid_until = match field("valid-until") {
            None => None,
            Some(text) => Some(time(text).ok_or_else(|| unreadable("no readable Valid-Until"))?),
        };
        let files: BTreeMap<_, _> =
            field("sha256").unwrap_or_default().lines().filter_map(listed).collect();
        if files.is_empty() {
            return Err(unreadable("no SHA256 sums"));
        }
        let by_hash = field("acquire-by-hash") == Some("yes");
        Ok(Self { valid_until, by_hash, files })
    }
}

/// ` <sum> <bytes> <path>`
fn listed(line: &str) -> Option<(String, (String, u64))> {
    let mut words = line.split_whitespace();
    let (sha256, bytes, path) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
    sum::is_sum(sha256).then(|| (path.to_owned(), (sha256.to_owned(), bytes)))
}

/// `Fri, 06 Nov 2026 08:08:01 UTC`
fn time(text: &str) -> Option<UnixMs> {
    let text = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT"))?;
    let civil = DateTime::strptime("%a, %d %b %Y %H:%M:%S", text).ok()?;
    let instant = civil.to_zoned(TimeZone::UTC).ok()?.timestamp();
    u64::try_from(instant.as_millisecond()).ok().map(UnixMs)
}

/// Paragraphs of `Key: value` with continued lines, keys in lower case; in continued lines the
/// leading blank is dropped and a lone dot is an empty line.
pub(super) fn stanzas(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut stanzas: Vec<BTreeMap<String, String>> = vec![BTreeMap::new()];
    let mut key = String::new();
    for line in text.lines() {
        let last = stanzas.len() - 1;
        if line.trim().is_empty() {
            if !stanzas[last].is_empty() {
                stanzas.push(BTreeMap::new());
            }
        } else if line.starts_with('#') {
            // A comment, also inside a value.
        } else if let Some(more) = line.strip_prefix([' ', '\t']) {
            if let Some(value) = stanzas[last].get_mut(&key) {
                value.push('\n');
                value.push_str(if more == "." { "" } else { more });
            }
        } else if let Some((name, value)) = line.split_once(':') {
            key = name.to_ascii_lowercase();
            stanzas[last].insert(key.clone(), value.trim().to_owned());
        }
    }
    stanzas.retain(|stanza| !stanza.is_empty());
    stanzas
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Origin: Debian\nSuite: testing\nCodename: forky\n\
        Valid-Until: Fri, 06 Nov 2026 08:08:01 UTC\nAcquire-By-Hash: yes\nMD5Sum:\n \
        bd781cd03d06e3034be4ba68322460d8 13960262 main/binary-amd64/Packages.gz\nSHA256:\n \
        5812d24292c7005df8d1ad080d4455b4ae2970aff8f4c801b9d21ad8069acc9d 13960262 main/binary-amd64/Packages.gz\n";

    #[test]
    fn sums_and_expiry_are_read_and_another_suite_is_refused() {
        let release = Release::parse(TEXT, "forky").unwrap();
        assert_eq!(release.valid_until.unwrap().to_string(), "2026-11-06T08:08:01.000Z");
        let (sha256, bytes) = &release.files["main/binary-amd64/Packages.gz"];
        assert!(sha256.starts_with("5812d242") && *bytes == 13_960_262 && release.by_hash);
        assert!(Release::parse(TEXT, "testing").is_ok());
        assert!(Release::parse(TEXT, "trixie").is_err());
        let strange = TEXT.replace("Fri, 06 Nov", "someday,");
        assert!(Release::parse(&strange, "forky").is_err());
    }
}
