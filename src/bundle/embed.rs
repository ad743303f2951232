//! A bundle at the end of the binary: one file with everything.
//!
//! ```text
//! binary ∥ bundle ∥ "WATCHKEEP-BUNDLE" ∥ offset: u64 le ∥ length: u64 le
//! ```
//! An ELF loader ignores what follows the sections, so the program runs unchanged.

use super::{
    error::{BundleError, Result, io_error},
    section::Section,
    sign::Trust,
    wkb::Bundle,
};
use std::{
    fs::{self, File, Permissions},
    io::{self, Read, Write},
    os::unix::fs::{FileExt, PermissionsExt},
    path::Path,
};

const MAGIC: &[u8; 16] = b"WATCHKEEP-BUNDLE";
const TRAILER_BYTES: usize = 32;

/// The bundle inside the binary that runs now; `None` when it has none. Blocking.
///
/// # Errors
/// `Io`, and those of [`Bundle::open`].
pub fn own(trust: &Trust) -> Result<Option<Bundle>> {
    // The link leads to the running file even after it was replaced by an upgrade.
    of(Path::new("/proc/self/exe"), trust)
}

/// The bundle inside `binary`; `None` when it has none. Blocking.
///
/// # Errors
/// As [`own`].
pub fn of(binary: &Path, trust: &Trust) -> Result<Option<Bundle>> {
    let file = File::open(binary).map_err(io_error("open", binary))?;
    let Some((start, length)) = find(&file).map_err(io_error("read", binary))? else {
        return Ok(None);
    };
    let label = format!("inside {}", binary.display());
    Bundle::from_section(&label, Section::new(file, start, length), trust).map(Some)
}

/// Writes `binary` followed by `bundle` to `to`, without the bundle that `binary` may carry
/// already. Blocking; syncs; `to` is replaced once it is complete.
///
/// # Errors
/// `Io`; `Malformed` when `bundle` is none.
pub fn append(binary: &Path, bundle: &Path, to: &Path) -> Result<()> {
    Bundle::inspect(bundle)?.check_blobs()?;
    let mut program = File::open(binary).map_err(io_error("open", binary))?;
    let mut magic = [0u8; 4];
    program.read_exact_at(&mut magic, 0).map_err(io_error("read", binary))?;
    if &magic != b"\x7fELF" {
        let reason = format!("{} is not a Linux program", binary.display());
        return Err(BundleError::Build(reason));
    }
    let found = find(&program).map_err(io_error("read", binary))?;
    let size = program.metadata().map_err(io_error("read", binary))?.len();
    let program_bytes = found.map_or(size, |(start, _)| start);
    let mut content = File::open(bundle).map_err(io_error("open", bundle))?;
    let temporary = to.with_extension("partial");
    let written = (|| -> io::Result<()> {
        let mut out = File::create(&temporary)?;
        io::copy(&mut (&mut program).take(program_bytes), &mut out)?;
        let length = io::copy(&mut content, &mut out)?;
        out.write_all(MAGIC)?;
        out.write_all(&program_bytes.to_le_bytes())?;
        out.write_all(&length.to_le_bytes())?;
        out.set_permissions(Permissions::from_mode(0o755))?;
        out.sync_all()?;
        fs::rename(&temporary, to)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written.map_err(io_error("write", to))
}

/// Start and length of the appended bundle. A trailer that does not fit the file is no trailer.
fn find(file: &File) -> io::Result<Option<(u64, u64)>> {
    let size = file.metadata()?.len();
    let Some(end) = size.checked_sub(TRAILER_BYTES as u64) else { return Ok(None) };
    let mut trailer = [0u8; TRAILER_BYTES];
    file.read_exact_at(&mut trailer, end)?;
    let number = |at: usize| {
        let mut bytes = [0u8; 8];
        bytes.copy_from_slice(&trailer[at..at + 8]);
        u64::from_le_bytes(bytes)
    };
    let (start, length) = (number(16), number(24));
    let fits = trailer.starts_with(MAGIC) && start.checked_add(length) == Some(end);
    Ok(fits.then_some((start, length)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::atomic_file,
        bundle::testing::{Sample, trusting},
    };

    #[test]
    fn a_bundle_travels_inside_a_binary_and_a_second_one_replaces_it() {
        let sample = Sample::new();
        let trust = trusting(&sample.key);
        let (binary, one, two) = (
            sample.dir.path().join("bin"),
            sample.dir.path().join("1"),
            sample.dir.path().join("2"),
        );
        atomic_file::write(&binary, b"\x7fELF and so on", 0o755).unwrap();
        assert!(of(&binary, &trust).unwrap().is_none());
        append(&binary, &sample.signed, &one).unwrap();
        let mut bundle = of(&one, &trust).unwrap().unwrap();
        bundle.check_blobs().unwrap();
        assert_eq!(bundle.manifest().items.len(), 2);
        assert!(matches!(of(&one, &Trust::default()), Err(BundleError::Untrusted { .. })));

        append(&one, &sample.other_version("2.0.0"), &two).unwrap();
        let bundle = of(&two, &trust).unwrap().unwrap();
        assert_eq!(bundle.manifest().items[0].version, "2.0.0");
        assert!(fs::read(&two).unwrap().starts_with(b"\x7fELF and so onPK"));
        assert_eq!(fs::metadata(&two).unwrap().permissions().mode() & 0o777, 0o755);
    }

    #[test]
    fn only_a_program_and_a_whole_bundle_are_joined() {
        let sample = Sample::new();
        let (binary, out) = (sample.dir.path().join("bin"), sample.dir.path().join("out"));
        atomic_file::write(&binary, b"#!/bin/sh\n", 0o755).unwrap();
        append(&binary, &sample.signed, &out).unwrap_err();
        atomic_file::write(&binary, b"\x7fELF", 0o755).unwrap();
        append(&binary, &binary, &out).unwrap_err();
        assert!(!out.exists());
    }
}
