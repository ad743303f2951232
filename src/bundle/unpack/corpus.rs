//! Hostile archives: each is refused, and nothing appears outside the target directory.

use super::{Limits, Unpacked, tar_gz};
use cap_std::{ambient_authority, fs::Dir};
use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use tar::{EntryType, Header};

/// A raw member: header fields as they are, whatever nonsense they say.
struct Raw {
    name: Vec<u8>,
    kind: EntryType,
    link: &'static str,
    announced: u64,
    content: Vec<u8>,
}

impl Raw {
    fn new(kind: EntryType, name: &[u8], content: &[u8]) -> Self {
        let announced = content.len() as u64;
        Self { name: name.to_vec(), kind, link: "", announced, content: content.to_vec() }
    }

    fn file(name: &str) -> Self {
        Self::new(EntryType::Regular, name.as_bytes(), b"content")
    }

    fn link(kind: EntryType, name: &str, to: &'static str) -> Self {
        Self { link: to, ..Self::new(kind, name.as_bytes(), b"") }
    }

    fn pax(records: &[(&str, &str)]) -> Self {
        let mut content = String::new();
        for (key, value) in records {
            let body = format!(" {key}={value}\n");
            // The length counts its own digits: two of them here.
            content.push_str(&format!("{}{body}", body.len() + 2));
        }
        Self::new(EntryType::XHeader, b"pax", content.as_bytes())
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..self.name.len()].copy_from_slice(&self.name);
        header.as_old_mut().linkname[..self.link.len()].copy_from_slice(self.link.as_bytes());
        header.set_entry_type(self.kind);
        header.set_mode(0o4755);
        header.set_size(self.announced);
        header.set_cksum();
        out.extend(header.as_bytes());
        out.extend(&self.content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
}

fn archive(members: &[Raw]) -> Vec<u8> {
    let mut tar = Vec::new();
    members.iter().for_each(|member| member.write(&mut tar));
    tar.extend([0; 1024]);
    gzip(&tar)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// Unpacks into `outer/target` and looks at everything below `outer` afterwards.
fn unpack(bytes: &[u8], limits: Limits) -> (Result<Unpacked, String>, Vec<PathBuf>) {
    let outer = tempfile::tempdir().unwrap();
    let target = outer.path().join("target");
    fs::create_dir(&target).unwrap();
    let into = Dir::open_ambient_dir(&target, ambient_authority()).unwrap();
    let length = bytes.len() as u64;
    let written = tar_gz("a", &mut &bytes[..], length, 0, Some(&into), limits);
    let checked = tar_gz("a", &mut &bytes[..], length, 0, None, limits);
    assert_eq!(written.is_ok(), checked.is_ok(), "checking and unpacking disagree");
    let outside = fs::read_dir(outer.path()).unwrap().flatten().map(|entry| entry.path());
    let outside: Vec<_> = outside.filter(|path| *path != target).collect();
    assert!(only_files_and_directories(&target), "a link or device came out");
    (written.map_err(|error| error.to_string()), outside)
}

fn only_files_and_directories(dir: &Path) -> bool {
    fs::read_dir(dir).unwrap().flatten().all(|entry| {
        let kind = entry.file_type().unwrap();
        kind.is_file() || (kind.is_dir() && only_files_and_directories(&entry.path()))
    })
}

#[track_caller]
fn refused(members: &[Raw], why: &str) {
    let (result, outside) = unpack(&archive(members), Limits::default());
    let error = result.unwrap_err();
    assert!(error.contains(why), "{error}");
    assert!(outside.is_empty(), "{outside:?}");
}

#[test]
fn paths_that_lead_out_are_refused_in_every_disguise() {
    for name in ["../x", "a/../../x", "/x", "a/..", "..", "a\\..\\x", "./../x", "a//x", "a\nb"] {
        refused(&[Raw::file(name)], "");
        refused(&[Raw::new(EntryType::GNULongName, b"long", name.as_bytes()), Raw::file("x")], "");
        refused(&[Raw::new(EntryType::Directory, name.as_bytes(), b"")], "");
    }
    refused(&[Raw::pax(&[("path", "../outside")]), Raw::file("x")], "leads out");
    refused(&[Raw::new(EntryType::Regular, b"\xff\xfe", b"")], "not UTF-8");
}

#[test]
fn anything_but_files_and_directories_is_refused() {
    refused(&[Raw::link(EntryType::Symlink, "l", "/etc/passwd")], "neither file nor directory");
    refused(&[Raw::link(EntryType::Symlink, "l", "x"), Raw::file("l")], "neither");
    refused(&[Raw::link(EntryType::Symlink, "d", "/tmp"), Raw::file("d/x")], "neither");
    refused(&[Raw::file("a"), Raw::link(EntryType::Link, "h", "a")], "neither");
    for kind in [EntryType::Char, EntryType::Block, EntryType::Fifo, EntryType::Continuous] {
        refused(&[Raw::new(kind, b"dev", b"")], "neither");
    }
    refused(&[Raw::new(EntryType::GNUSparse, b"s", b"x")], "neither");
    refused(&[Raw::new(EntryType::GNULongLink, b"l", b"/etc/passwd"), Raw::file("x")], "neither");
    refused(&[Raw::new(EntryType::Regular, b"dir/", b"x")], "named like a directory");
}

#[test]
fn the_same_path_twice_is_refused_whatever_its_case() {
    refused(&[Raw::file("a"), Raw::file("a")], "twice");
    refused(&[Raw::file("a"), Raw::file("./a")], "twice");
    refused(&[Raw::file("README"), Raw::file("readme")], "only in case");
    refused(&[Raw::file("Dir/a"), Raw::file("dir/b")], "only in case");
    refused(&[Raw::file("a"), Raw::file("a/b")], "twice");
    refused(&[Raw::file("a/b"), Raw::file("a")], "twice");
}

#[test]
fn sizes_that_lie_are_refused() {
    let long = Raw { announced: 1 << 40, ..Raw::file("x") };
    refused(&[long], "");
    refused(&[Raw::pax(&[("size", "1")]), Raw::file("x")], "`size` record");
    refused(&[Raw::pax(&[("GNU.sparse.size", "1")]), Raw::file("x")], "record");
    refused(&[Raw::pax(&[("linkpath", "/etc/passwd")]), Raw::file("x")], "record");
    let huge_name =
        Raw { announced: 1 << 33, ..Raw::new(EntryType::GNULongName, b"long", b"name") };
    refused(&[huge_name], "extension header claims");
}

#[test]
fn long_names_belong_to_exactly_one_member() {
    let long = || Raw::new(EntryType::GNULongName, b"long", b"name\0");
    refused(&[Raw::file("x"), long()], "without the member");
    refused(&[long(), Raw::pax(&[("path", "other")]), Raw::file("x")], "two long names");
    refused(
        &[Raw::new(EntryType::XGlobalHeader, b"g", b"12 path=a/b\n"), Raw::file("x")],
        "global header",
    );
}

#[test]
fn bombs_are_stopped_early() {
    let zeros = Raw::new(EntryType::Regular, b"zeros", &vec![0; 80 << 20]);
    refused(&[zeros], "unpacks to more than");
    let many: Vec<_> = (0..200).map(|n| Raw::file(&format!("f{n}"))).collect();
    let few = Limits { entries: 100, ..Limits::default() };
    let (result, _) = unpack(&archive(&many), few);
    assert!(result.unwrap_err().contains("more than 100 members"));
    let deep = "d/".repeat(45) + "x";
    refused(&[Raw::new(EntryType::GNULongName, b"l", deep.as_bytes()), Raw::file("x")], "deeply");
}

#[test]
fn damage_and_other_formats_are_refused() {
    let good = archive(&[Raw::file("a")]);
    assert!(unpack(&good, Limits::default()).0.is_ok());
    for cut in 1..good.len() {
        assert!(unpack(&good[..cut], Limits::default()).0.is_err(), "cut to {cut}");
    }
    assert!(unpack(b"PK\x03\x04 no tar", Limits::default()).0.is_err());
    assert!(unpack(&gzip(b"no tar at all"), Limits::default()).0.is_err());
    assert!(unpack(&archive(&[]), Limits::default()).0.is_err());
}

#[test]
fn modes_carry_the_executable_bit_and_nothing_else() {
    use std::os::unix::fs::PermissionsExt;
    let target = tempfile::tempdir().unwrap();
    let into = Dir::open_ambient_dir(target.path(), ambient_authority()).unwrap();
    let bytes = archive(&[Raw::file("top/setuid")]);
    tar_gz("a", &mut &bytes[..], 999, 1, Some(&into), Limits::default()).unwrap();
    let mode = fs::metadata(target.path().join("setuid")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o755);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(500))]

    #[test]
    fn no_archive_of_random_names_and_kinds_leaves_the_directory(
        members in proptest::collection::vec(("[a./\\\\A]{1,12}", 0u8..8), 1..6),
    ) {
        let kinds = [
            EntryType::Regular, EntryType::Directory, EntryType::Symlink, EntryType::Link,
            EntryType::GNULongName, EntryType::XHeader, EntryType::Regular, EntryType::Regular,
        ];
        let raw: Vec<_> = members
            .iter()
            .map(|(name, kind)| {
                let kind = kinds[usize::from(*kind)];
                Raw { link: "/tmp", ..Raw::new(kind, name.as_bytes(), name.as_bytes()) }
            })
            .collect();
        let (_, outside) = unpack(&archive(&raw), Limits::default());
        proptest::prop_assert!(outside.is_empty());
    }
}
