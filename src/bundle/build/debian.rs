//! Items from Debian packages.
//!
//! ```text
//! InRelease ─ gpgv ─► sums ─► Packages.gz ─► sums ─► .deb ─ dpkg-deb ─► the few files we need ─► tar.gz
//! ```
//! Each arrow is checked against the sum the one before names; the first against the machine's
//! Debian keys. Nothing is installed on the machine.

use super::{
    Bench, Built, apt, built, gpg,
    index::{self, Package},
    release::Release,
    tools::DPKG_DEB,
};
use crate::{
    base::clock,
    bundle::{
        catalog::{Debian, Entry},
        error::{BundleError, Result, io_error},
        manifest::{DebianPackage, Install, Source},
        pack::{self, PackFile},
        version,
    },
    model::UnixMs,
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Tried in this order when none is asked for.
const SUITES: [&str; 2] = ["forky", "trixie"];
const DEFAULT_KEYRINGS: [&str; 2] = [
    "/usr/share/keyrings/debian-archive-keyring.pgp",
    "/usr/share/keyrings/debian-archive-keyring.gpg",
];
const IN_RELEASE_MAX_BYTES: u64 = 4 << 20;

/// How to reach Debian.
#[derive(Debug, Clone)]
pub struct DebianOptions {
    /// Base URL; `None` = from the machine's apt sources.
    pub mirror: Option<String>,
    /// Key file; `None` = the one of that source, or Debian's usual one.
    pub keyring: Option<PathBuf>,
    /// `None` = forky, and trixie where forky has not what is needed.
    pub suite: Option<String>,
    /// Take an index that is past its Valid-Until. It is said.
    pub allow_stale_index: bool,
    /// Where apt's sources are: `/etc/apt`.
    pub etc_apt: PathBuf,
}

/// A suite whose index was checked.
struct Suite {
    name: String,
    mirror: String,
    packages: BTreeMap<String, Package>,
}

pub(super) async fn build(
    bench: &Bench<'_>,
    entries: &[Entry],
    options: &DebianOptions,
) -> Result<Vec<Built>> {
    let wanted: Vec<&str> = entries
        .iter()
        .flat_map(|e| &e.debian)
        .flat_map(|d| &d.packages)
        .map(String::as_str)
        .collect();
    let suite = open_suite(bench, options, &wanted).await?;
    let mut items = Vec::new();
    for entry in entries {
        let Some(debian) = &entry.debian else { continue };
        items.push(item(bench, entry, debian, &suite).await?);
    }
    Ok(items)
}

/// The first suite that has all packages.
async fn open_suite(bench: &Bench<'_>, options: &DebianOptions, wanted: &[&str]) -> Result<Suite> {
    let (mirror, keyring) = mirror_and_keyring(options)?;
    let suites = options.suite.as_deref().map_or(SUITES.to_vec(), |suite| vec![suite]);
    let mut reason = None;
    for name in suites {
        match try_suite(bench, options, &mirror, &keyring, name, wanted).await {
            Ok(suite) => return Ok(suite),
            Err(error @ BundleError::Fetch { not_found: true, .. })
            | Err(error @ BundleError::NotFound { .. }) => {
                (bench.say)(&format!("{name} cannot be used: {error}"));
                reason = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    Err(reason.unwrap_or_else(|| BundleError::Build("no suite was asked for".to_owned())))
}

fn mirror_and_keyring(options: &DebianOptions) -> Result<(String, String)> {
    let from_apt = apt::debian_mirror(&options.etc_apt);
    let mirror = options.mirror.clone().or_else(|| from_apt.clone().map(|(mirror, _)| mirror));
    let mirror = mirror.ok_or_else(|| {
        BundleError::Build(format!(
            "{} names no Debian mirror; give one with --mirror, and its keys with --keyring",
            options.etc_apt.display()
        ))
    })?;
    let keyring = options.keyring.as_ref().map(|path| path.display().to_string());
    let keyring =
        keyring.or_else(|| from_apt.map(|(_, keys)| keys).filter(|keys| !keys.is_empty()));
    let usual = || DEFAULT_KEYRINGS.into_iter().find(|path| Path::new(path).is_file());
    let keyring = keyring.or_else(|| usual().map(str::to_owned)).ok_or_else(|| {
        BundleError::Build(
            "this machine has no Debian keys; install debian-archive-keyring or give --keyring"
                .to_owned(),
        )
    })?;
    Ok((mirror.trim_end_matches('/').to_owned(), keyring))
}

async fn try_suite(
    bench: &Bench<'_>,
    options: &DebianOptions,
    mirror: &str,
    keyring: &str,
    name: &str,
    wanted: &[&str],
) -> Result<Suite> {
    let dists = format!("{mirror}/dists/{name}");
    let in_release =
        bench.downloads.small(&format!("{dists}/InRelease"), IN_RELEASE_MAX_BYTES).await?;
    let text = gpg::signed_text(bench, &in_release, keyring).await?;
    let release = Release::parse(&text, name)?;
    check_age(bench, options, name, release.valid_until)?;
    let path = format!("main/binary-{}/Packages.gz", bench.arch);
    let (sha256, size) = release
        .files
        .get(&path)
        .ok_or_else(|| BundleError::NotFound { name: format!("{path} of {name}") })?;
    let mut urls = vec![format!("{dists}/{path}")];
    if release.by_hash {
        let dir = path.trim_end_matches("Packages.gz");
        urls.insert(0, format!("{dists}/{dir}by-hash/SHA256/{sha256}"));
    }
    let index = bench.downloads.pinned(&urls, sha256, Some(*size), bench.say).await?;
    let packages = index::pick(&index, wanted)?;
    if let Some(absent) = wanted.iter().find(|name| !packages.contains_key(**name)) {
        return Err(BundleError::NotFound { name: format!("package {absent} in {name}") });
    }
    (bench.say)(&format!("using Debian {name} from {mirror}"));
    Ok(Suite { name: name.to_owned(), mirror: mirror.to_owned(), packages })
}

fn check_age(
    bench: &Bench<'_>,
    options: &DebianOptions,
    suite: &str,
    valid_until: Option<UnixMs>,
) -> Result<()> {
    let Some(end) = valid_until.filter(|end| end.0 < clock::now_unix_ms()) else { return Ok(()) };
    if options.allow_stale_index {
        (bench.say)(&format!("warning: the index of {suite} was valid until {end} only"));
        return Ok(());
    }
    Err(BundleError::Build(format!(
        "the index of {suite} was valid until {end} only, so newer packages may be withheld; \
         choose another --mirror or --suite, or take it with --allow-stale-index"
    )))
}

async fn item(bench: &Bench<'_>, entry: &Entry, debian: &Debian, suite: &Suite) -> Result<Built> {
    let tree = bench.work.path(entry.name.as_str());
    fs::create_dir_all(&tree).map_err(io_error("create", &tree))?;
    let mut packages = Vec::new();
    let mut install = Install {
        programs: debian
            .programs
            .keys()
            .map(|name| (name.clone(), format!("bin/{name}")))
            .collect(),
        binds: debian.binds.clone(),
        traits: debian.traits.clone(),
        ..Install::default()
    };
    let mut glibc: Option<&str> = None;
    for name in &debian.packages {
        let package = suite
            .packages
            .get(name)
            .ok_or_else(|| BundleError::NotFound { name: format!("package {name}") })?;
        extract(bench, suite, package, &tree).await?;
        glibc = glibc.into_iter().chain(package.glibc()).max_by(|a, b| version::compare(a, b));
        packages.push(DebianPackage {
            name: package.name.clone(),
            version: package.version.clone(),
            sha256: package.sha256.clone(),
        });
    }
    install.traits.extend(glibc.map(|version| format!("needs_glibc_{version}")));
    let archive = bench.work.path(&format!("{}.tar.gz", entry.name));
    pack::tar_gz(&archive, &wanted_files(debian, &tree))?;
    let version = packages.first().map(|package| package.version.clone()).unwrap_or_default();
    let (suite, mirror) = (suite.name.clone(), suite.mirror.clone());
    let source = Source::Debian { suite, mirror, packages };
    built(entry, &version, bench.arch, source, install, &archive)
}

async fn extract(bench: &Bench<'_>, suite: &Suite, package: &Package, tree: &Path) -> Result<()> {
    (bench.say)(&format!("{} {}", package.name, package.version));
    let url = format!("{}/{}", suite.mirror, package.filename);
    let deb =
        bench.downloads.pinned(&[url], &package.sha256, Some(package.size), bench.say).await?;
    let args = ["--extract".to_owned(), deb.display().to_string(), tree.display().to_string()];
    let output = DPKG_DEB.run(args.into(), &bench.work.path("")).await?;
    if output.code == Some(0) { Ok(()) } else { Err(DPKG_DEB.failed(&output.stderr)) }
}

/// Path in our tree → file: the programs, what the catalogue names, and the copyright notices.
fn wanted_files(debian: &Debian, tree: &Path) -> BTreeMap<String, PackFile> {
    let file = |path: &str, executable| PackFile { from: tree.join(path), executable };
    let programs =
        debian.programs.iter().map(|(name, path)| (format!("bin/{name}"), file(path, true)));
    let others = debian.files.iter().map(|(to, from)| (to.clone(), file(from, false)));
    let notices = debian.packages.iter().map(|name| {
        (format!("copyright/{name}"), file(&format!("usr/share/doc/{name}/copyright"), false))
    });
    programs.chain(others).chain(notices).collect()
}
