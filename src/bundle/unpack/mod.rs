//! Unpacks archives that somebody else made, with no way out of the target directory.
//!
//! Only regular files and directories exist afterwards, with modes 0644, 0755 and 0755 for
//! directories; anything else in the archive refuses the whole of it. Writing goes through a
//! `cap_std` directory handle, so that a mistake in the checks here still cannot leave it.
//! Count, bytes and compression ratio are capped, and memory does not grow with the archive's
//! content. Extension headers are read by hand and not by the tar crate, because that reads
//! them into memory whole, at whatever length they claim.

#[cfg(test)]
mod corpus;
mod seen;
mod tar;

use super::error::{BundleError, Result};
use cap_std::fs::Dir;
use std::io::{self, Read};

/// Upper bounds for one archive.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Members of any kind.
    pub entries: u64,
    /// Unpacked bytes, with tar headers.
    pub bytes: u64,
    /// Unpacked by packed bytes; only counts above 64 MiB.
    pub ratio: u64,
}

impl Default for Limits {
    /// Room for Grafana (20,000 files, 500 MB) several times over.
    fn default() -> Self {
        Self { entries: 100_000, bytes: 4 << 30, ratio: 100 }
    }
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpacked {
    /// Regular files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Unpacks the gzipped tar `reader` (`packed` bytes long) into the empty directory `into`,
/// dropping `strip` leading path components; with `None` only checks it. Blocking. Syncs nothing.
/// After an error `into` holds part of the files: throw it away.
///
/// # Errors
/// `Archive` for everything that is not allowed or not readable, `Io` when writing fails.
pub fn tar_gz(
    archive: &str,
    reader: &mut dyn Read,
    packed: u64,
    strip: u32,
    into: Option<&Dir>,
    limits: Limits,
) -> Result<Unpacked> {
    let budget = limits.bytes.min(packed.saturating_mul(limits.ratio).max(64 << 20));
    let capped = Capped { inner: flate2::read::MultiGzDecoder::new(reader), left: budget, budget };
    tar::unpack(capped, strip, into, limits)
        .map_err(|reason| BundleError::Archive { archive: archive.to_owned(), reason })
}

/// The path of a member inside the tree: relative, `/`-separated, without `.` and `..`, after
/// dropping `strip` components; `None` when nothing is left (the archive's top directory).
///
/// # Errors
/// A reason with the path in it.
pub fn tree_path(raw: &[u8], strip: u32) -> std::result::Result<Option<String>, String> {
    let shown = String::from_utf8_lossy(raw).chars().take(120).collect::<String>();
    let refuse = |why: &str| Err(format!("`{}` {why}", shown.escape_debug()));
    let Ok(text) = std::str::from_utf8(raw) else { return refuse("is not UTF-8") };
    if text.len() > 1024 || text.chars().any(|c| c.is_control() || c == '\\') {
        return refuse("is too long or has control characters or a backslash");
    }
    if text.starts_with('/') {
        return refuse("is an absolute path");
    }
    let text = text.strip_suffix('/').unwrap_or(text);
    let parts: Vec<&str> = text.split('/').skip_while(|part| *part == ".").collect();
    if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
        return refuse("leads out of the archive or is not in its plain form");
    }
    if parts.len() > 40 {
        return refuse("is nested too deeply");
    }
    let kept = parts.get(strip as usize..).unwrap_or_default();
    Ok((!kept.is_empty()).then(|| kept.join("/")))
}

/// Ends with an error once more than `budget` bytes came through.
struct Capped<R> {
    inner: R,
    left: u64,
    budget: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::other(format!("it unpacks to more than {} bytes", self.budget))
        })?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_and_in_one_spelling() {
        let ok = |raw: &str, strip| tree_path(raw.as_bytes(), strip).unwrap();
        assert_eq!(ok("a/b", 0).as_deref(), Some("a/b"));
        assert_eq!(ok("./a/b/", 0).as_deref(), Some("a/b"));
        assert_eq!(ok("a/b", 1).as_deref(), Some("b"));
        assert_eq!(ok("a/", 1), None);
        assert_eq!(ok("./", 0), None);
        for bad in [
            "/a", "../a", "a/../b", "a//b", "a/./b", "a\\b", "a\nb", "..", "a/..", "", "//", "a\0b",
        ] {
            assert!(tree_path(bad.as_bytes(), 0).is_err(), "{bad:?}");
        }
        assert!(tree_path(b"\xff", 0).is_err());
        assert!(tree_path("a/".repeat(41).as_bytes(), 0).is_err());
    }
}
