//! Unpacked components: `DATA/components-store/<sha256>/{installed.json,tree/}`.
//!
//! A folder under its final name is complete and was made from bytes with that sum: it is unpacked
//! under a name with a dot, synced, and renamed as a whole. Leftovers are swept at open. Nothing
//! inside is ever changed, so a running program and a new version never meet.

use super::{
    blobs::Blobs,
    error::{BundleError, Result, io_error},
    manifest::Item,
    sum,
    unpack::{self, Limits},
};
use crate::{
    base::atomic_file,
    model::{Name, process::Bind},
};
use cap_std::{ambient_authority, fs::Dir};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

const UNPACKING: &str = ".unpacking-";
const MARKER: &str = "installed.json";

/// A component that is ready to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Catalogue name.
    pub name: Name,
    /// As its origin spells it.
    pub version: String,
    /// Where it came from, for people.
    pub source: String,
    /// Sum of the blob it was unpacked from: changes whenever anything in `dir` would.
    pub sha256: String,
    /// Absolute path of the unpacked tree; readable by every user.
    pub dir: PathBuf,
    /// Our name of a program → absolute path.
    pub programs: BTreeMap<String, PathBuf>,
    /// What its programs expect at fixed places.
    pub binds: Vec<Bind>,
    /// What this build lacks or needs: `no_ui`, `no_consul_sd`.
    pub traits: BTreeSet<String>,
}

/// The folder of unpacked components.
#[derive(Debug, Clone)]
pub struct Store {
    dir: PathBuf,
}

impl Store {
    /// Opens the folder, makes it if need be, and sweeps what a crash left. The caller holds the
    /// blobs' lock. Blocking.
    ///
    /// # Errors
    /// `Io`.
    pub fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir).map_err(io_error("create", dir))?;
        // Absolute, since programs start elsewhere.
        let dir = dir.canonicalize().map_err(io_error("open", dir))?;
        let store = Self { dir };
        store.remove_where(|name| name.starts_with(UNPACKING))?;
        Ok(store)
    }

    /// The item, if it is unpacked.
    #[must_use]
    pub fn get(&self, item: &Item) -> Option<Installed> {
        let home = self.dir.join(&item.sha256);
        home.join(MARKER).is_file().then(|| describe(&home.join("tree"), item))
    }

    /// The item, unpacked now if it was not. The caller holds the blobs' lock. Blocking; syncs.
    ///
    /// # Errors
    /// Those of [`Blobs::open_checked`]; `Archive`, also when a program is missing in it; `Io`.
    pub fn install(&self, blobs: &Blobs, item: &Item) -> Result<Installed> {
        if let Some(installed) = self.get(item) {
            return Ok(installed);
        }
        let mut blob = blobs.open_checked(&item.sha256)?;
        let temporary = self.dir.join(format!("{UNPACKING}{}", item.sha256));
        let unpacked = self.unpack(&mut blob, item, &temporary);
        if unpacked.is_err() {
            let _ = fs::remove_dir_all(&temporary);
        }
        unpacked?;
        let home = self.dir.join(&item.sha256);
        fs::rename(&temporary, &home)
            .and_then(|()| atomic_file::sync_dir(&self.dir))
            .map_err(io_error("publish", &home))?;
        Ok(describe(&home.join("tree"), item))
    }

    /// Removes every tree whose sum `keep` does not want. The caller holds the blobs' lock.
    ///
    /// # Errors
    /// `Io`.
    pub fn retain(&self, keep: impl Fn(&str) -> bool) -> Result<()> {
        self.remove_where(|name| sum::is_sum(name) && !keep(name))
    }

    fn unpack(&self, blob: &mut File, item: &Item, home: &Path) -> Result<()> {
        unpack_tree(blob, item, home)?;
        let marker = serde_json::to_vec_pretty(item)
            .map_err(|error| BundleError::Build(error.to_string()))?;
        let path = home.join(MARKER);
        atomic_file::write(&path, &marker, 0o644).map_err(io_error("write", &path))?;
        // One call for the whole tree: thousands of single fsyncs take minutes on a slow disk.
        let handle = File::open(home).map_err(io_error("open", home))?;
        rustix::fs::syncfs(&handle).map_err(|error| io_error("sync", home)(error.into()))
    }

    fn remove_where(&self, unwanted: impl Fn(&str) -> bool) -> Result<()> {
        for entry in fs::read_dir(&self.dir).map_err(io_error("read", &self.dir))? {
            let entry = entry.map_err(io_error("read", &self.dir))?;
            if unwanted(&entry.file_name().to_string_lossy()) {
                remove_tree(&self.dir, &entry.path())?;
            }
        }
        Ok(())
    }
}

/// Does everything an installation does with `archive`, in a folder that goes away again.
///
/// # Errors
/// As [`Store::install`].
pub(super) fn rehearse(archive: &Path, item: &Item, home: &Path) -> Result<()> {
    let mut blob = File::open(archive).map_err(io_error("open", archive))?;
    let outcome = unpack_tree(&mut blob, item, home);
    let _ = fs::remove_dir_all(home);
    outcome
}

fn unpack_tree(blob: &mut File, item: &Item, home: &Path) -> Result<()> {
    if home.exists() {
        fs::remove_dir_all(home).map_err(io_error("remove", home))?;
    }
    let tree = home.join("tree");
    fs::create_dir_all(&tree).map_err(io_error("create", &tree))?;
    for dir in [home, &tree] {
        fs::set_permissions(dir, Permissions::from_mode(0o755)).map_err(io_error("chmod", dir))?;
    }
    let into =
        Dir::open_ambient_dir(&tree, ambient_authority()).map_err(io_error("open", &tree))?;
    let (label, limits) = (item.to_string(), Limits::default());
    unpack::tar_gz(&label, blob, item.size, item.install.strip, Some(&into), limits)?;
    check_tree(&tree, item)
}

/// A tree that is half removed must not look complete: it loses its name first.
fn remove_tree(store: &Path, home: &Path) -> Result<()> {
    let name = home.file_name().unwrap_or_default().to_string_lossy();
    let doomed = store.join(format!("{UNPACKING}{}", name.trim_start_matches(UNPACKING)));
    if doomed != home {
        fs::rename(home, &doomed).map_err(io_error("remove", home))?;
    }
    fs::remove_dir_all(&doomed).map_err(io_error("remove", &doomed))
}

/// The manifest's promises about the tree hold in the tree.
fn check_tree(tree: &Path, item: &Item) -> Result<()> {
    let refuse = |reason: String| BundleError::Archive { archive: item.to_string(), reason };
    for (program, path) in &item.install.programs {
        let file = fs::symlink_metadata(tree.join(path));
        if !file.is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0) {
            return Err(refuse(format!(
                "program {program} (`{path}`) is missing or not executable"
            )));
        }
    }
    match item.install.binds.iter().find(|bind| !tree.join(&bind.source).is_dir()) {
        Some(bind) => Err(refuse(format!("directory `{}` is missing", bind.source))),
        None => Ok(()),
    }
}

fn describe(tree: &Path, item: &Item) -> Installed {
    let bind = |bind: &super::manifest::TreeBind| Bind {
        source: tree.join(&bind.source),
        target: PathBuf::from(&bind.target),
    };
    let program = |(name, path): (&String, &String)| (name.clone(), tree.join(path));
    Installed {
        name: item.name.clone(),
        version: item.version.clone(),
        source: item.source.to_string(),
        sha256: item.sha256.clone(),
        dir: tree.to_owned(),
        programs: item.install.programs.iter().map(program).collect(),
        binds: item.install.binds.iter().map(bind).collect(),
        traits: item.install.traits.clone(),
    }
}
