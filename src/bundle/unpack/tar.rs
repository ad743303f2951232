//! The tar walk: one raw header after the other, each checked before anything is written.

use super::{
    Limits, Unpacked,
    seen::{Seen, What},
    tree_path,
};
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt as _, Permissions, PermissionsExt as _};
use std::io::{self, Read};
use tar::{EntryType, PaxExtensions};

/// A long name never needs more.
const EXTENSION_BYTES: u64 = 64 * 1024;

/// Reasons are texts: the caller adds the archive's name.
pub(super) fn unpack<R: Read>(
    reader: R,
    strip: u32,
    into: Option<&Dir>,
    limits: Limits,
) -> Result<Unpacked, String> {
    let mut archive = tar::Archive::new(reader);
    let mut walk = Walk {
        strip,
        into,
        seen: Seen::default(),
        long_name: None,
        done: Unpacked { files: 0, bytes: 0 },
    };
    let mut entries = 0;
    for entry in archive.entries().map_err(unreadable)?.raw(true) {
        entries += 1;
        if entries > limits.entries {
            return Err(format!("it has more than {} members", limits.entries));
        }
        walk.entry(entry.map_err(unreadable)?)?;
    }
    if walk.long_name.is_some() {
        return Err("it ends after a long name without the member it belongs to".to_owned());
    }
    // To the end of the stream: only there gzip compares its check sum.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(unreadable)?;
    walk.finish()
}

struct Walk<'a> {
    strip: u32,
    into: Option<&'a Dir>,
    seen: Seen,
    /// For the next member, from an extension header.
    long_name: Option<Vec<u8>>,
    done: Unpacked,
}

impl Walk<'_> {
    fn entry<R: Read>(&mut self, mut entry: tar::Entry<'_, R>) -> Result<(), String> {
        let header_name = entry.header().path_bytes().into_owned();
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                let name = read_extension(&mut entry)?;
                let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
                self.set_long_name(name[..end].to_vec())
            }
            EntryType::XHeader => match pax_path(&read_extension(&mut entry)?)? {
                Some(name) => self.set_long_name(name),
                None => Ok(()),
            },
            EntryType::XGlobalHeader => match pax_path(&read_extension(&mut entry)?)? {
                Some(_) => Err("a global header names a path".to_owned()),
                None => Ok(()),
            },
            EntryType::Directory => {
                let name = self.long_name.take().unwrap_or(header_name);
                self.directory(&name)
            }
            EntryType::Regular => {
                let name = self.long_name.take().unwrap_or(header_name);
                self.file(&name, &mut entry)
            }
            other => Err(format!(
                "`{}` is neither file nor directory but {other:?}",
                String::from_utf8_lossy(&header_name).escape_debug()
            )),
        }
    }

    fn set_long_name(&mut self, name: Vec<u8>) -> Result<(), String> {
        match self.long_name.replace(name) {
            None => Ok(()),
            Some(_) => Err("a member has two long names".to_owned()),
        }
    }

    fn directory(&mut self, name: &[u8]) -> Result<(), String> {
        // `tar c .` writes its own top directory as "./".
        if matches!(name, b"." | b"./") {
            return Ok(());
        }
        let Some(path) = tree_path(name, self.strip)? else { return Ok(()) };
        self.seen.note(&path, What::Directory)?;
        self.make_directory(&path)
    }

    fn file<R: Read>(&mut self, name: &[u8], entry: &mut tar::Entry<'_, R>) -> Result<(), String> {
        if name.ends_with(b"/") {
            return Err(format!("`{}` is a file named like a directory", name.escape_ascii()));
        }
        let path = tree_path(name, self.strip)?
            .ok_or_else(|| format!("`{}` is not inside the top directory", name.escape_ascii()))?;
        self.seen.note(&path, What::File)?;
        if let Some((parent, _)) = path.rsplit_once('/') {
            self.make_directory(parent)?;
        }
        let announced = entry.header().entry_size().map_err(unreadable)?;
        let executable = entry.header().mode().map_err(unreadable)? & 0o111 != 0;
        let written = self.write_file(&path, if executable { 0o755 } else { 0o644 }, entry)?;
        if written != announced {
            return Err(format!("`{path}` ends after {written} of {announced} bytes"));
        }
        self.done.files += 1;
        self.done.bytes += written;
        Ok(())
    }

    fn write_file(&self, path: &str, mode: u32, content: &mut dyn Read) -> Result<u64, String> {
        let Some(into) = self.into else {
            return io::copy(content, &mut io::sink()).map_err(unreadable);
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(mode);
        let mut file = into.open_with(path, &options).map_err(|e| cannot("create", path, &e))?;
        let written = io::copy(content, &mut file).map_err(|e| cannot("write", path, &e))?;
        // Whatever our umask is: the programs run as another user.
        file.set_permissions(Permissions::from_mode(mode))
            .map_err(|e| cannot("chmod", path, &e))?;
        Ok(written)
    }

    fn make_directory(&self, path: &str) -> Result<(), String> {
        self.into
            .map_or(Ok(()), |into| into.create_dir_all(path))
            .map_err(|error| cannot("create", path, &error))
    }

    fn finish(self) -> Result<Unpacked, String> {
        if self.done.files == 0 {
            return Err("it holds no file".to_owned());
        }
        if let Some(into) = self.into {
            for path in self.seen.directories() {
                into.set_permissions(path, Permissions::from_mode(0o755))
                    .map_err(|error| cannot("chmod", path, &error))?;
            }
        }
        Ok(self.done)
    }
}

fn read_extension<R: Read>(entry: &mut tar::Entry<'_, R>) -> Result<Vec<u8>, String> {
    let size = entry.header().entry_size().map_err(unreadable)?;
    if size > EXTENSION_BYTES {
        return Err(format!("an extension header claims {size} bytes"));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// The `path` record. Records that change how much of the archive a member covers, or what it
/// is, are refused: readers disagree on them, and honest archives have none.
fn pax_path(records: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let mut path = None;
    for record in PaxExtensions::new(records) {
        let record = record.map_err(unreadable)?;
        match record.key_bytes() {
            b"path" => path = Some(record.value_bytes().to_vec()),
            key if key == b"size" || key == b"linkpath" || key.starts_with(b"GNU.sparse") => {
                return Err(format!("an extension header has a `{}` record", key.escape_ascii()));
            }
            _ => {}
        }
    }
    Ok(path)
}

fn unreadable(error: io::Error) -> String {
    format!("it cannot be read: {error}")
}

fn cannot(action: &str, path: &str, error: &io::Error) -> String {
    format!("cannot {action} `{path}`: {error}")
}
