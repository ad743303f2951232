//! The one byte form of a `.wkb`: a zip of stored members without anything optional.
//!
//! A zip has many bytes that readers ignore or disagree about. Here every header byte follows
//! from the members' names, sizes and CRCs, and is compared; so no byte of a bundle can change
//! without refusal, and two readers cannot see two different bundles. Format: PKWARE APPNOTE
//! 4.3.7, 4.3.12, 4.3.16.

/// What the headers say of one member.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) size: u32,
    pub(super) crc32: u32,
}

/// No member and no bundle reaches 4 GiB: zip64 is not part of the profile.
pub(super) const MAX_BYTES: u64 = u32::MAX as u64;
pub(super) const END_BYTES: u64 = 22;

/// Needed to extract: 1.0; flags none; method stored; 1980-01-01 00:00.
const COMMON: [u8; 10] = [10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];

/// The header in front of the member's bytes.
pub(super) fn local_header(member: &Member) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(COMMON);
    sizes_and_name_length(&mut bytes, member);
    bytes.extend([0; 2]);
    bytes.extend(member.name.as_bytes());
    bytes
}

/// Central directory and end record for members that lie one after the other from offset 0.
pub(super) fn trailer(members: &[Member]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut offset = 0usize;
    for member in members {
        // Made by: Unix, 1.0.
        bytes.extend(b"PK\x01\x02\x0a\x03");
        bytes.extend(COMMON);
        sizes_and_name_length(&mut bytes, member);
        // Extra, comment, disk, internal attributes; external: a regular file, 0644.
        bytes.extend([0; 8]);
        bytes.extend((0o100_644u32 << 16).to_le_bytes());
        bytes.extend(le32(offset));
        bytes.extend(member.name.as_bytes());
        offset += local_header(member).len() + member.size as usize;
    }
    let count = u16::try_from(members.len()).unwrap_or(u16::MAX).to_le_bytes();
    let directory = le32(bytes.len());
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(directory);
    bytes.extend(le32(offset));
    bytes.extend([0; 2]);
    bytes
}

fn sizes_and_name_length(bytes: &mut Vec<u8>, member: &Member) {
    bytes.extend(member.crc32.to_le_bytes());
    bytes.extend(member.size.to_le_bytes());
    bytes.extend(member.size.to_le_bytes());
    bytes.extend(u16::try_from(member.name.len()).unwrap_or(u16::MAX).to_le_bytes());
}

/// Saturates: what does not fit then fails the comparison with the file, which is below 4 GiB.
fn le32(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}
