//! Makes archives that are the same bytes for the same files: sorted, no owner, no time.

use super::error::{BundleError, Result, io_error};
use flate2::{Compression, GzBuilder};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// A file to pack.
#[derive(Debug, Clone)]
pub struct PackFile {
    /// Where it is now; a regular file, not a link.
    pub from: PathBuf,
    /// May it be executed?
    pub executable: bool,
}

/// Writes `files` (by their path in the tree) as a gzipped tar to `archive`. Blocking.
///
/// # Errors
/// `Io`; `Build` for anything that is not a regular file.
pub fn tar_gz(archive: &Path, files: &BTreeMap<String, PackFile>) -> Result<()> {
    let file = File::create_new(archive).map_err(io_error("create", archive))?;
    let gzip = GzBuilder::new().mtime(0).write(BufWriter::new(file), Compression::new(6));
    let mut tar = tar::Builder::new(gzip);
    for (path, source) in files {
        append(&mut tar, path, source)?;
    }
    let mut out = tar
        .into_inner()
        .and_then(flate2::write::GzEncoder::finish)
        .map_err(io_error("write", archive))?;
    out.flush().map_err(io_error("write", archive))
}

fn append<W: Write>(tar: &mut tar::Builder<W>, path: &str, source: &PackFile) -> Result<()> {
    let kind = fs::symlink_metadata(&source.from).map_err(io_error("read", &source.from))?;
    if !kind.is_file() {
        let shown = source.from.display();
        return Err(BundleError::Build(format!("{shown} is not a regular file")));
    }
    let file = File::open(&source.from).map_err(io_error("open", &source.from))?;
    let mut header = tar::Header::new_gnu();
    header.set_size(kind.len());
    header.set_mode(if source.executable { 0o755 } else { 0o644 });
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    tar.append_data(&mut header, path, file).map_err(io_error("pack", &source.from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::atomic_file, bundle::unpack};

    #[test]
    fn the_same_files_give_the_same_bytes_and_come_out_again() {
        let dir = tempfile::tempdir().unwrap();
        atomic_file::write(&dir.path().join("prog"), b"#!/bin/sh\n", 0o700).unwrap();
        let long = format!("{}/x", "d".repeat(150));
        let source = |executable| PackFile { from: dir.path().join("prog"), executable };
        let files =
            BTreeMap::from([("bin/prog".into(), source(true)), (long.clone(), source(false))]);
        let (one, two) = (dir.path().join("1"), dir.path().join("2"));
        tar_gz(&one, &files).unwrap();
        tar_gz(&two, &files).unwrap();
        let bytes = fs::read(&one).unwrap();
        assert_eq!(bytes, fs::read(&two).unwrap());

        let tree = tempfile::tempdir().unwrap();
        let into =
            cap_std::fs::Dir::open_ambient_dir(tree.path(), cap_std::ambient_authority()).unwrap();
        let done = unpack::tar_gz(
            "a",
            &mut &bytes[..],
            bytes.len() as u64,
            0,
            Some(&into),
            unpack::Limits::default(),
        )
        .unwrap();
        assert_eq!(done, unpack::Unpacked { files: 2, bytes: 20 });
        assert_eq!(fs::read(tree.path().join("bin/prog")).unwrap(), b"#!/bin/sh\n");
        assert!(tree.path().join(long).is_file());
    }
}
