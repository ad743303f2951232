//! A stream sealed with a passphrase: for files that leave the machine.
//!
//! ```text
//! magic 8 | header length u32 | header JSON {format, m_kib, t, p, salt, nonce} | chunks
//! chunk: XChaCha20-Poly1305 of at most 64 KiB; nonce = 19 random bytes, number u32, last u8
//! ```
//! The key is argon2id of the passphrase. Every chunk is bound to the header, to its place and to
//! being the last one or not (the STREAM construction of Hoang, Reyhanitabar, Rogaway, Vizár), so
//! nothing can be cut off, swapped or mixed unnoticed. Numbers are big-endian.

use super::redact::Secret;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, KeyInit, Payload},
};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

const MAGIC: &[u8; 8] = b"WKSEAL1\n";
const FORMAT: u32 = 1;
const CHUNK: usize = 64 << 10;
const TAG: usize = 16;
const HEADER_MAX: u32 = 4096;
/// What a foreign header may make us spend: 1 GiB, ten passes.
const M_KIB_MAX: u32 = 1 << 20;
const T_MAX: u32 = 10;

/// What deriving the key costs, to us once and to whoever guesses each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory, KiB.
    pub m_kib: u32,
    /// Passes.
    pub t: u32,
}

impl Default for Cost {
    /// 64 MiB, three passes: some tenths of a second.
    fn default() -> Self {
        Self { m_kib: 64 << 10, t: 3 }
    }
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    m_kib: u32,
    t: u32,
    p: u32,
    salt: String,
    nonce: String,
}

/// The cipher with all that a chunk is bound to.
struct Chunks {
    cipher: XChaCha20Poly1305,
    header: Vec<u8>,
    nonce: [u8; 19],
    number: u32,
}

impl Chunks {
    fn new(header: &Header, bytes: Vec<u8>, passphrase: &Secret<String>) -> io::Result<Self> {
        let salt = BASE64.decode(header.salt.as_bytes()).map_err(|_| damaged())?;
        let nonce = BASE64.decode(header.nonce.as_bytes()).map_err(|_| damaged())?;
        let nonce = nonce.try_into().map_err(|_| damaged())?;
        let params = Params::new(header.m_kib, header.t, header.p, Some(32))
            .map_err(|error| io::Error::other(error.to_string()))?;
        let mut key = zeroize::Zeroizing::new([0_u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose().as_bytes(), &salt, &mut *key)
            .map_err(|error| io::Error::other(error.to_string()))?;
        let cipher = XChaCha20Poly1305::new_from_slice(&*key).map_err(|_| damaged())?;
        Ok(Self { cipher, header: bytes, nonce, number: 0 })
    }

    fn next_nonce(&mut self, last: bool) -> io::Result<[u8; 24]> {
        let mut nonce = [0; 24];
        nonce[..19].copy_from_slice(&self.nonce);
        nonce[19..23].copy_from_slice(&self.number.to_be_bytes());
        nonce[23] = u8::from(last);
        self.number = self.number.checked_add(1).ok_or_else(|| io::Error::other("too long"))?;
        Ok(nonce)
    }
}

/// Not ours, not whole, or another passphrase: the cipher cannot tell these apart.
fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "it does not open: the passphrase is wrong, or the file is damaged or cut off",
    )
}

/// Seals what is written to it. Only [`Sealer::finish`] makes it whole.
pub struct Sealer<W> {
    to: W,
    chunks: Chunks,
    plain: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Writes the header. Blocking for as long as `cost` says.
    ///
    /// # Errors
    /// Writing failed, or there was no randomness or memory.
    pub fn new(mut to: W, passphrase: &Secret<String>, cost: Cost) -> io::Result<Self> {
        let mut random = [0_u8; 16 + 19];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let (salt, nonce) = random.split_at(16);
        let header = Header {
            format: FORMAT,
            m_kib: cost.m_kib,
            t: cost.t,
            p: 1,
            salt: BASE64.encode(salt),
            nonce: BASE64.encode(nonce),
        };
        let bytes = serde_json::to_vec(&header)?;
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        to.write_all(MAGIC)?;
        to.write_all(&length.to_be_bytes())?;
        to.write_all(&bytes)?;
        let chunks = Chunks::new(&header, bytes, passphrase)?;
        Ok(Self { to, chunks, plain: Vec::with_capacity(CHUNK) })
    }

    /// Writes what is left and gives the writer back.
    ///
    /// # Errors
    /// Writing failed.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal_chunk(true)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn seal_chunk(&mut self, last: bool) -> io::Result<()> {
        let nonce = self.chunks.next_nonce(last)?;
        let payload = Payload { msg: &self.plain, aad: &self.chunks.header };
        let sealed = self.chunks.cipher.encrypt(&nonce.into(), payload);
        self.to.write_all(&sealed.map_err(|_| damaged())?)?;
        self.plain.clear();
        Ok(())
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits for more: it might be the last one.
        if self.plain.len() == CHUNK {
            self.seal_chunk(false)?;
        }
        let n = bytes.len().min(CHUNK - self.plain.len());
        self.plain.extend_from_slice(&bytes[..n]);
        Ok(n)
    }

    /// Nothing can be flushed before the end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens what a [`Sealer`] made. Every byte it gives is authentic; that nothing was cut off is
/// known once it has come to the end.
pub struct Opener<R> {
    from: R,
    chunks: Chunks,
    ahead: Vec<u8>,
    plain: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Opener<R> {
    /// Reads the header. Blocking for as long as deriving the key takes.
    ///
    /// # Errors
    /// It is no sealed file, or of a newer format. A wrong passphrase shows with the first byte.
    pub fn new(mut from: R, passphrase: &Secret<String>) -> io::Result<Self> {
        let invalid = |text| io::Error::new(io::ErrorKind::InvalidData, text);
        let (mut magic, mut length) = ([0; 8], [0; 4]);
        from.read_exact(&mut magic)?;
        if magic != *MAGIC {
            return Err(invalid("it is no file sealed by watchkeep"));
        }
        from.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length);
        if length > HEADER_MAX {
            return Err(damaged());
        }
        let mut bytes = vec![0; length as usize];
        from.read_exact(&mut bytes)?;
        let header: Header = serde_json::from_slice(&bytes)?;
        if header.format != FORMAT {
            return Err(invalid("it has a format this binary does not know: use a newer one"));
        }
        if header.m_kib > M_KIB_MAX || header.t > T_MAX || header.p > 4 {
            return Err(invalid("its header asks for too much memory or time"));
        }
        let chunks = Chunks::new(&header, bytes, passphrase)?;
        let ahead = read_chunk(&mut from)?;
        Ok(Self { from, chunks, ahead, plain: Vec::new(), at: 0, ended: false })
    }

    fn open_chunk(&mut self) -> io::Result<()> {
        let next = read_chunk(&mut self.from)?;
        let sealed = std::mem::replace(&mut self.ahead, next);
        self.ended = self.ahead.is_empty();
        let nonce = self.chunks.next_nonce(self.ended)?;
        let payload = Payload { msg: &sealed, aad: &self.chunks.header };
        let plain = self.chunks.cipher.decrypt(&nonce.into(), payload);
        (self.plain, self.at) = (plain.map_err(|_| damaged())?, 0);
        Ok(())
    }
}

/// A whole sealed chunk, the rest, or nothing.
fn read_chunk(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::new();
    from.take((CHUNK + TAG) as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.plain.len() {
            if self.ended {
                return Ok(0);
            }
            self.open_chunk()?;
        }
        let n = into.len().min(self.plain.len() - self.at);
        into[..n].copy_from_slice(&self.plain[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { m_kib: 64, t: 1 };

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    fn sealed(plain: &[u8]) -> Vec<u8> {
        let mut sealer = Sealer::new(Vec::new(), &secret("correct horse"), CHEAP).unwrap();
        sealer.write_all(plain).unwrap();
        sealer.finish().unwrap()
    }

    fn open(sealed: &[u8], passphrase: &str) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        Opener::new(sealed, &secret(passphrase))?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    #[test]
    fn what_was_sealed_opens_again_whatever_its_length() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let plain: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
            assert_eq!(open(&sealed(&plain), "correct horse").unwrap(), plain, "{length}");
        }
    }

    #[test]
    fn a_wrong_passphrase_opens_nothing() {
        let error = open(&sealed(b"hello"), "correct hors").unwrap_err();
        assert!(error.to_string().contains("passphrase is wrong"), "{error}");
    }

    #[test]
    fn no_bit_can_be_bent_and_nothing_cut_off_or_swapped() {
        let plain = vec![7; 2 * CHUNK + 10];
        let whole = sealed(&plain);
        let start = whole.len() - plain.len() - 3 * TAG;
        for at in [9, 14, start, start + CHUNK, whole.len() - 1] {
            let mut bent = whole.clone();
            bent[at] ^= 1;
            assert!(open(&bent, "correct horse").is_err(), "byte {at}");
        }
        for end in [start, start + CHUNK + TAG, start + 2 * (CHUNK + TAG), whole.len() - 1] {
            assert!(open(&whole[..end], "correct horse").is_err(), "cut at {end}");
        }
        let mut swapped = whole.clone();
        let (first, second) = (start, start + CHUNK + TAG);
        swapped[first..second].copy_from_slice(&whole[second..second + CHUNK + TAG]);
        assert!(open(&swapped, "correct horse").is_err());
    }
}
