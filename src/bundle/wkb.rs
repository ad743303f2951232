//! The bundle file `.wkb`: a zip of stored members, `manifest.json`, then `manifest.sig` where it
//! is signed, then `blobs/<sha256>` in order of their sums.
//!
//! ```text
//! open ─► members and manifest read ─► signature ─► every header byte ─► a Bundle
//!                                                     blob() ─► bytes, checked while copied
//! ```
//! Opening reads no blob; [`Bundle::check_blobs`] reads them all.

use super::{
    error::{BundleError, Result, io_error},
    manifest::Manifest,
    profile::{self, Member},
    section::Section,
    sign::{self, Trust},
    sum::{self, CopyError},
};
use crate::base::atomic_file;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter, write::SimpleFileOptions};

const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
const MANIFEST_MAX_BYTES: u64 = 4 << 20;
const SIGNATURE_MAX_BYTES: u64 = 16 << 10;

/// An opened bundle whose manifest, signature and every byte outside its blobs were checked.
pub struct Bundle {
    label: String,
    archive: ZipArchive<BufReader<Section>>,
    manifest: Manifest,
    manifest_bytes: Vec<u8>,
    signatures: Option<String>,
    signer: Option<String>,
}

impl Bundle {
    /// Opens a file. Blocking; reads no blob.
    ///
    /// # Errors
    /// `Io`, `Malformed`, `Unsigned`, `Untrusted`, `BadSignature`.
    pub fn open(path: &Path, trust: &Trust) -> Result<Self> {
        Self::load(&path.display().to_string(), open_section(path)?, Some(trust))
    }

    /// Opens a file without asking who signed it, to look at it or to sign it. Blocking.
    ///
    /// # Errors
    /// `Io`, `Malformed`.
    pub fn inspect(path: &Path) -> Result<Self> {
        Self::load(&path.display().to_string(), open_section(path)?, None)
    }

    /// Opens a bundle that is part of another file; `label` names it in errors.
    ///
    /// # Errors
    /// As [`Bundle::open`].
    pub fn from_section(label: &str, section: Section, trust: &Trust) -> Result<Self> {
        Self::load(label, section, Some(trust))
    }

    fn load(label: &str, section: Section, trust: Option<&Trust>) -> Result<Self> {
        let malformed =
            |reason: String| BundleError::Malformed { bundle: label.to_owned(), reason };
        let mut archive = open_archive(section.clone()).map_err(malformed)?;
        let manifest_bytes =
            read_member(&mut archive, MANIFEST, MANIFEST_MAX_BYTES).map_err(malformed)?;
        let signatures = match archive.index_for_name(SIGNATURE) {
            None => None,
            Some(_) => Some(
                read_member(&mut archive, SIGNATURE, SIGNATURE_MAX_BYTES)
                    .and_then(|bytes| String::from_utf8(bytes).map_err(|e| e.to_string()))
                    .map_err(malformed)?,
            ),
        };
        let signer = match trust {
            Some(trust) => sign::verify(label, &manifest_bytes, signatures.as_deref(), trust)?,
            None => None,
        };
        let manifest = Manifest::parse(label, &manifest_bytes)?;
        let mut names = vec![MANIFEST.to_owned()];
        names.extend(signatures.as_ref().map(|_| SIGNATURE.to_owned()));
        names.extend(manifest.blobs().keys().map(|blob| blob_member(blob)));
        check_bytes(&section, &mut archive, &names, &manifest).map_err(malformed)?;
        let label = label.to_owned();
        Ok(Self { label, archive, manifest, manifest_bytes, signatures, signer })
    }

    /// What is in it.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Id of the trusted key that signed it; `None` = unsigned, and allowed.
    #[must_use]
    pub fn signer(&self) -> Option<&str> {
        self.signer.as_deref()
    }

    /// The text of `manifest.sig`.
    #[must_use]
    pub fn signatures(&self) -> Option<&str> {
        self.signatures.as_deref()
    }

    /// Copies a blob to `writer`. Blocking. After an error `writer` holds bytes not to be used.
    ///
    /// # Errors
    /// `Malformed` when the bytes are not those the manifest names; `Io` of the writer.
    pub fn copy_blob(&mut self, sha256: &str, writer: &mut dyn Write) -> Result<()> {
        let bundle = self.label.clone();
        let damaged = |reason: String| BundleError::Malformed { bundle: bundle.clone(), reason };
        let mut member = self
            .archive
            .by_name(&blob_member(sha256))
            .map_err(|error| damaged(format!("blob {sha256}: {error}")))?;
        let (found, _) = sum::copy(&mut member, writer).map_err(|error| match error {
            CopyError::Read(error) => damaged(format!("blob {sha256} cannot be read: {error}")),
            CopyError::Write(error) => io_error("copy a blob of", Path::new(&bundle))(error),
        })?;
        if found == sha256 {
            return Ok(());
        }
        Err(damaged(format!("blob {sha256} really has the sum {found}")))
    }

    /// Reads every blob and compares its sum. Blocking.
    ///
    /// # Errors
    /// `Malformed` naming the first bad blob.
    pub fn check_blobs(&mut self) -> Result<()> {
        let blobs: Vec<String> = self.manifest.blobs().keys().map(|b| (*b).to_owned()).collect();
        blobs.iter().try_for_each(|blob| self.copy_blob(blob, &mut io::sink()))
    }

    /// Writes this bundle to `to` with one more signature. Blocking.
    ///
    /// # Errors
    /// `Malformed` when a blob is damaged, `Io`.
    pub fn sign_to(&mut self, key: &sign::SecretKey, to: &Path) -> Result<()> {
        let signatures =
            key.sign(&self.manifest_bytes, self.signatures.as_deref().unwrap_or_default());
        let (manifest_bytes, blobs) = (self.manifest_bytes.clone(), self.manifest.clone());
        write_atomically(to, |writer| {
            write_head(writer, to, &manifest_bytes, Some(&signatures))?;
            for blob in blobs.blobs().keys() {
                start_member(writer, to, &blob_member(blob))?;
                self.copy_blob(blob, writer)?;
            }
            Ok(())
        })
    }
}

/// Writes an unsigned bundle to `to`, replacing what is there once it is complete; `files` says
/// where the blobs are. Blocking; syncs.
///
/// # Errors
/// `Io`; `WrongSum` when a file is not what the manifest names; `Build` above 4 GiB.
pub fn write(to: &Path, manifest: &Manifest, files: &BTreeMap<String, PathBuf>) -> Result<()> {
    let blobs = manifest.blobs();
    if blobs.values().sum::<u64>() + (8 << 20) > profile::MAX_BYTES {
        return Err(BundleError::Build("a bundle must stay below 4 GiB; split it".to_owned()));
    }
    let bytes = manifest.to_bytes()?;
    write_atomically(to, |writer| {
        write_head(writer, to, &bytes, None)?;
        for blob in blobs.keys() {
            let path = files
                .get(*blob)
                .ok_or_else(|| BundleError::NotFound { name: format!("blob {blob}") })?;
            start_member(writer, to, &blob_member(blob))?;
            let mut file = File::open(path).map_err(io_error("open", path))?;
            let (found, _) = sum::copy(&mut file, writer)
                .map_err(|error| io_error("write", to)(error.into()))?;
            if found != **blob {
                let (what, expected) = (path.display().to_string(), (*blob).to_owned());
                return Err(BundleError::WrongSum { what, expected, found });
            }
        }
        Ok(())
    })
}

fn open_section(path: &Path) -> Result<Section> {
    File::open(path).and_then(Section::whole).map_err(io_error("open bundle", path))
}

fn blob_member(sha256: &str) -> String {
    format!("blobs/{sha256}")
}

type Writer = ZipWriter<BufWriter<File>>;

fn write_atomically(to: &Path, fill: impl FnOnce(&mut Writer) -> Result<()>) -> Result<()> {
    let temporary = to.with_extension("wkb.partial");
    let written = (|| {
        let file = File::create(&temporary).map_err(io_error("create", &temporary))?;
        let mut writer = ZipWriter::new(BufWriter::new(file));
        fill(&mut writer)?;
        let file = writer
            .finish()
            .map_err(io::Error::from)
            .and_then(|buffered| buffered.into_inner().map_err(io::IntoInnerError::into_error))
            .map_err(io_error("write", &temporary))?;
        file.sync_all().map_err(io_error("sync", &temporary))?;
        let dir = to.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::rename(&temporary, to)
            .and_then(|()| atomic_file::sync_dir(dir))
            .map_err(io_error("replace", to))
    })();
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write_head(writer: &mut Writer, to: &Path, manifest: &[u8], sig: Option<&str>) -> Result<()> {
    start_member(writer, to, MANIFEST)?;
    writer.write_all(manifest).map_err(io_error("write", to))?;
    let Some(signatures) = sig else { return Ok(()) };
    start_member(writer, to, SIGNATURE)?;
    writer.write_all(signatures.as_bytes()).map_err(io_error("write", to))
}

fn start_member(writer: &mut Writer, to: &Path, name: &str) -> Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    writer.start_file(name, options).map_err(|e| io_error("write", to)(e.into()))
}

/// Only a file that ends in the profile's end record reaches the zip reader.
fn open_archive(mut section: Section) -> Result<ZipArchive<BufReader<Section>>, String> {
    let length = section.length();
    let Some(end) = length.checked_sub(profile::END_BYTES).filter(|_| length <= profile::MAX_BYTES)
    else {
        return Err(format!("it cannot be a bundle with its {length} bytes"));
    };
    let mut magic = [0u8; 4];
    section
        .seek(SeekFrom::Start(end))
        .and_then(|_| section.read_exact(&mut magic))
        .map_err(|error| error.to_string())?;
    if &magic != b"PK\x05\x06" {
        return Err("it does not end like a bundle: cut off, or another kind of file".to_owned());
    }
    ZipArchive::new(BufReader::with_capacity(128 * 1024, section)).map_err(|e| e.to_string())
}

fn read_member(
    archive: &mut ZipArchive<BufReader<Section>>,
    name: &str,
    limit: u64,
) -> Result<Vec<u8>, String> {
    let member = archive.by_name(name).map_err(|error| format!("{name}: {error}"))?;
    if member.compression() != CompressionMethod::Stored || member.size() > limit {
        return Err(format!("{name} is compressed or longer than {limit} bytes"));
    }
    let mut bytes = Vec::new();
    member
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("{name} cannot be read: {error}"))?;
    Ok(bytes)
}

/// Compares every byte that is not content with what the profile says it must be.
fn check_bytes(
    section: &Section,
    archive: &mut ZipArchive<BufReader<Section>>,
    names: &[String],
    manifest: &Manifest,
) -> Result<(), String> {
    let sizes = manifest.blobs();
    let mut members = Vec::new();
    for name in names {
        let member = archive.by_name(name).map_err(|error| format!("{name}: {error}"))?;
        let wanted = name.strip_prefix("blobs/").and_then(|blob| sizes.get(blob)).copied();
        let size = wanted.unwrap_or(member.size());
        let size = u32::try_from(size).map_err(|_| format!("{name} is too long"))?;
        members.push(Member { name: name.clone(), size, crc32: member.crc32() });
    }
    let mut offset = 0u64;
    for member in &members {
        let header = profile::local_header(member);
        expect(section, offset, &header, &member.name)?;
        offset += header.len() as u64 + u64::from(member.size);
    }
    let trailer = profile::trailer(&members);
    if offset + trailer.len() as u64 != section.length() {
        return Err("it has members or bytes that its manifest does not name".to_owned());
    }
    expect(section, offset, &trailer, "its directory")
}

fn expect(section: &Section, offset: u64, wanted: &[u8], what: &str) -> Result<(), String> {
    let mut found = vec![0u8; wanted.len()];
    section
        .read_exact_at(&mut found, offset)
        .map_err(|error| format!("{what} cannot be read: {error}"))?;
    if found == wanted { Ok(()) } else { Err(format!("the header of {what} was altered")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::testing::{Sample, trusting};

    /// Opens and reads all of it: what import does before anything is unpacked.
    fn accept(path: &Path, trust: &Trust) -> Result<()> {
        Bundle::open(path, trust)?.check_blobs()
    }

    #[test]
    fn a_flipped_bit_in_any_byte_is_refused() {
        let sample = Sample::new();
        let trust = trusting(&sample.key);
        accept(&sample.signed, &trust).unwrap();
        let good = fs::read(&sample.signed).unwrap();
        let bad_path = sample.dir.path().join("bad.wkb");
        // Every byte once, and every bit of the directory, whose fields readers ignore most.
        let directory = good.len() - 400;
        for byte in 0..good.len() {
            let bits = if byte < directory { byte % 8..byte % 8 + 1 } else { 0..8 };
            for bit in bits {
                let mut bad = good.clone();
                bad[byte] ^= 1 << bit;
                fs_write(&bad_path, &bad);
                assert!(accept(&bad_path, &trust).is_err(), "byte {byte} bit {bit}");
            }
        }
    }

    #[test]
    fn a_bundle_cut_short_or_with_something_added_is_refused() {
        let sample = Sample::new();
        let trust = trusting(&sample.key);
        let good = fs::read(&sample.signed).unwrap();
        let bad_path = sample.dir.path().join("bad.wkb");
        for length in 0..good.len() {
            fs_write(&bad_path, &good[..length]);
            assert!(accept(&bad_path, &trust).is_err(), "cut to {length}");
        }
        for (front, back) in [(b"x".as_slice(), b"".as_slice()), (b"", b"x")] {
            fs_write(&bad_path, &[front, &good, back].concat());
            assert!(accept(&bad_path, &trust).is_err());
        }
    }

    #[test]
    fn only_a_trusted_signature_or_the_flag_opens_a_bundle() {
        let sample = Sample::new();
        let stranger = sign::SecretKey::generate().unwrap();
        let refused = |path: &Path, trust: &Trust| Bundle::open(path, trust).err().unwrap();
        let none = Trust::default();
        assert!(matches!(refused(&sample.unsigned, &none), BundleError::Unsigned { .. }));
        assert!(matches!(
            refused(&sample.signed, &trusting(&stranger)),
            BundleError::Untrusted { .. }
        ));
        let lax = Trust { keys: Vec::new(), allow_unsigned: true };
        assert_eq!(Bundle::open(&sample.unsigned, &lax).unwrap().signer(), None);
        let both = sample.dir.path().join("both.wkb");
        Bundle::inspect(&sample.signed).unwrap().sign_to(&stranger, &both).unwrap();
        let signer = Bundle::open(&both, &trusting(&stranger)).unwrap().signer().map(str::to_owned);
        assert_eq!(signer, Some(stranger.public().id()));
    }

    #[test]
    fn the_same_input_gives_the_same_bundle() {
        let (one, two) = (Sample::new(), Sample::new());
        assert_eq!(fs::read(one.unsigned).unwrap(), fs::read(two.unsigned).unwrap());
    }

    fn fs_write(path: &Path, bytes: &[u8]) {
        File::create(path).unwrap().write_all(bytes).unwrap();
    }
}
