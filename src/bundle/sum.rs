//! sha256 as lower-case hex, over bytes and streams.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};

/// The sum of `bytes`: 64 lower-case hex digits.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Which side of a copy failed: a damaged source and a full disk need different advice.
#[derive(Debug)]
pub enum CopyError {
    /// The source.
    Read(io::Error),
    /// The destination.
    Write(io::Error),
}

impl From<CopyError> for io::Error {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Read(error) | CopyError::Write(error) => error,
        }
    }
}

/// The sum and the length in bytes of everything `reader` still has. Blocking.
///
/// # Errors
/// Those of the reader.
pub fn of_reader(reader: &mut dyn Read) -> io::Result<(String, u64)> {
    Ok(copy(reader, &mut io::sink())?)
}

/// Copies all of `reader` to `writer`; returns sum and length in bytes of what went through.
/// Blocking.
///
/// # Errors
/// Those of reader and writer.
pub fn copy(reader: &mut dyn Read, writer: &mut dyn Write) -> Result<(String, u64), CopyError> {
    let mut hasher = Sha256::new();
    let mut length = 0u64;
    let mut buffer = vec![0u8; 128 * 1024];
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Read(error)),
        };
        hasher.update(&buffer[..read]);
        writer.write_all(&buffer[..read]).map_err(CopyError::Write)?;
        length += read as u64;
    }
    Ok((HEXLOWER.encode(&hasher.finalize()), length))
}

/// Is `text` 64 lower-case hex digits?
#[must_use]
pub fn is_sum(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
