//! Our own disk and wire encoding: one version byte, then CBOR with named fields.
//!
//! Invariant: no type of openraft, and no type of the model that may change its shape, is
//! encoded by its own serde derive; each has a twin in [`super::wire`]. Unknown fields are
//! ignored and new ones must be optional, so that a mixed cluster understands itself.
//! Positional encodings were rejected: a new field would break the neighbour.

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, SeqAccess, Visitor},
};
use std::{fmt, io};

/// The version that this binary writes.
const VERSION: u8 = 1;

/// Why bytes could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CodecError {
    /// Nothing there.
    #[error("no bytes where a value was expected")]
    Empty,
    /// Written by a newer binary.
    #[error("encoding version {0} is not known to this binary; start a newer one")]
    Version(u8),
    /// Damaged.
    #[error("malformed value: {0}")]
    Malformed(String),
}

impl From<CodecError> for io::Error {
    fn from(error: CodecError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

/// Encodes a value.
pub(super) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    ciborium::into_writer(value, &mut bytes)
        .expect("memory takes every byte, and the twins hold nothing that CBOR cannot say");
    bytes
}

/// Decodes what [`encode`] wrote.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    match bytes.split_first() {
        None => Err(CodecError::Empty),
        Some((&VERSION, body)) => {
            ciborium::from_reader(body).map_err(|error| CodecError::Malformed(error.to_string()))
        }
        Some((&version, _)) => Err(CodecError::Version(version)),
    }
}

/// Bytes that CBOR writes as a byte string, not as a list of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Blob(pub(super) Bytes);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BlobVisitor;
        impl<'de> Visitor<'de> for BlobVisitor {
            type Value = Blob;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a byte string")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Blob, E> {
                Ok(Blob(Bytes::copy_from_slice(bytes)))
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Blob, E> {
                Ok(Blob(bytes.into()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Blob, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element()? {
                    bytes.push(byte);
                }
                Ok(Blob(bytes.into()))
            }
        }
        deserializer.deserialize_byte_buf(BlobVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Old {
        a: u64,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct New {
        a: u64,
        blob: Blob,
        #[serde(default)]
        b: Option<String>,
    }

    #[test]
    fn an_older_binary_ignores_what_a_newer_one_added() {
        let new = New { a: 7, blob: Blob(Bytes::from_static(&[0; 10_000])), b: None };
        let bytes = encode(&new);
        assert_eq!(decode::<New>(&bytes).unwrap(), new);
        assert_eq!(decode::<Old>(&bytes).unwrap(), Old { a: 7 });
    }

    #[test]
    fn unknown_version_truncation_and_nothing_are_errors() {
        let mut bytes = encode(&Old { a: 7 });
        assert_eq!(decode::<Old>(&[]), Err(CodecError::Empty));
        assert!(matches!(decode::<Old>(&bytes[..2]), Err(CodecError::Malformed(_))));
        bytes[0] = 9;
        assert_eq!(decode::<Old>(&bytes), Err(CodecError::Version(9)));
    }
}
