//! The files of one component on disk.
//!
//! ```text
//! NAME/
//!   config -> generations/3f2a…      renamed over: a crash leaves the old or the new tree
//!   generations/HASH/…               each a whole tree, named by its content
//!   targets/…                        live files, replaced one by one, watched by the program
//! ```

use crate::{base::atomic_file, render::File};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

/// Why files could not be put where they belong.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}")]
pub struct TreeError {
    /// Which file or folder.
    path: PathBuf,
    /// Why: a full disk, missing rights.
    source: io::Error,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> TreeError {
    let path = path.to_owned();
    move |source| TreeError { path, source }
}

/// How many old generations are kept for a look and for going back.
const KEPT_GENERATIONS: usize = 3;

/// SHA-256 (hex, cut to 32 digits) over relative paths, modes and contents.
#[must_use]
pub fn hash(files: &BTreeMap<String, File>) -> String {
    let mut hasher = Sha256::new();
    for (path, file) in files {
        for part in [path.as_bytes(), &file.mode.to_be_bytes(), &file.bytes] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    let mut text = data_encoding::HEXLOWER.encode(&hasher.finalize());
    text.truncate(32);
    text
}

/// Writes `files` as the generation `hash` beside `config_dir` and returns its folder. Does
/// nothing when it is complete already: the folder gets its final name only when it is. What the
/// live generation has unchanged is the same file: nothing of ours writes into one in place.
///
/// # Errors
/// [`TreeError`]; nothing that is in use was touched.
pub fn stage(
    config_dir: &Path,
    hash: &str,
    files: &BTreeMap<String, File>,
) -> Result<PathBuf, TreeError> {
    let generations = generations_of(config_dir);
    let staged = generations.join(hash);
    if staged.is_dir() {
        return Ok(staged);
    }
    let unfinished = generations.join(format!(".{hash}.tmp"));
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(at(&unfinished))?;
    }
    make_dir(&unfinished)?;
    let mut folders = BTreeSet::from([unfinished.clone()]);
    for (path, file) in files {
        let (old, new) = (config_dir.join(path), unfinished.join(path));
        if let Some(parent) = new.parent()
            && folders.insert(parent.to_owned())
        {
            make_dir(parent)?;
        }
        if !(holds(&old, file) && fs::hard_link(&old, &new).is_ok()) {
            write_new(&new, file, Durable::Yes).map_err(at(&new))?;
        }
    }
    for folder in &folders {
        atomic_file::sync_dir(folder).map_err(at(folder))?;
    }
    fs::rename(&unfinished, &staged).map_err(at(&staged))?;
    atomic_file::sync_dir(&generations).map_err(at(&generations))?;
    Ok(staged)
}

/// Writes `files` to the new folder `dir`, for a look only: a crash may leave any of it. Those
/// that are alike are one file: of a thousand rule groups nearly all are the same stand-in, and to
/// make a file costs many times what another name for it does.
///
/// # Errors
/// [`TreeError`].
pub fn write_trial(dir: &Path, files: &BTreeMap<String, File>) -> Result<PathBuf, TreeError> {
    make_dir(dir)?;
    let mut folders = BTreeSet::new();
    let mut written: HashMap<(&[u8], u32), PathBuf> = HashMap::new();
    for (path, file) in files {
        let path = dir.join(path);
        if let Some(parent) = path.parent()
            && folders.insert(parent.to_owned())
        {
            make_dir(parent)?;
        }
        let like = (file.bytes.as_slice(), file.mode);
        if written.get(&like).is_none_or(|same| fs::hard_link(same, &path).is_err()) {
            write_new(&path, file, Durable::No).map_err(at(&path))?;
            // Also where that one has as many names as a file may have.
            written.insert(like, path);
        }
    }
    Ok(dir.to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Durable {
    Yes,
    No,
}

/// A file in a folder that nobody reads before it is complete: no other name is needed meanwhile.
fn write_new(path: &Path, file: &File, durable: Durable) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut out = options.write(true).create_new(true).mode(file.mode).open(path)?;
    out.write_all(&file.bytes)?;
    if durable == Durable::Yes { out.sync_all() } else { Ok(()) }
}

/// Whether `path` is a file of just this mode and content.
fn holds(path: &Path, file: &File) -> bool {
    let same = |meta: fs::Metadata| {
        meta.is_file()
            && meta.len() == file.bytes.len() as u64
            && meta.permissions().mode() & 0o7777 == file.mode
    };
    fs::symlink_metadata(path).is_ok_and(same)
        && fs::read(path).is_ok_and(|bytes| bytes == file.bytes)
}

/// Makes `config_dir` the generation `hash`, atomically; the older ones beyond the last few go.
///
/// # Errors
/// [`TreeError`]; `config_dir` is then still the old one.
pub fn swap(config_dir: &Path, hash: &str) -> Result<(), TreeError> {
    let previous = live_hash(config_dir);
    let link = config_dir.with_extension("new");
    match fs::remove_file(&link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&link)(error)),
        _ => {}
    }
    symlink(Path::new("generations").join(hash), &link).map_err(at(&link))?;
    fs::rename(&link, config_dir).map_err(at(config_dir))?;
    let home = config_dir.parent().unwrap_or(Path::new("/"));
    atomic_file::sync_dir(home).map_err(at(home))?;
    sweep(config_dir, &[Some(hash), previous.as_deref()]);
    Ok(())
}

/// Hash of the generation in place; `None` before the first.
#[must_use]
pub fn live_hash(config_dir: &Path) -> Option<String> {
    let target = fs::read_link(config_dir).ok()?;
    Some(target.file_name()?.to_str()?.to_owned())
}

/// Makes `dir` hold exactly the live files; unchanged ones are not written. Says whether
/// anything changed.
///
/// # Errors
/// [`TreeError`]; files already replaced stay, each whole.
pub fn write_live(dir: &Path, files: &BTreeMap<String, File>) -> Result<bool, TreeError> {
    make_dir(dir)?;
    let mut changed = false;
    for (path, file) in files {
        let path = dir.join(path);
        changed |=
            atomic_file::write_if_changed(&path, &file.bytes, file.mode).map_err(at(&path))?;
    }
    for entry in fs::read_dir(dir).map_err(at(dir))?.flatten() {
        let wanted = entry.file_name().to_str().is_some_and(|name| files.contains_key(name));
        if !wanted {
            fs::remove_file(entry.path()).map_err(at(&entry.path()))?;
            changed = true;
        }
    }
    Ok(changed)
}

/// Makes a folder that the components' user can enter, with its parents.
///
/// # Errors
/// [`TreeError`].
pub fn make_dir(dir: &Path) -> Result<(), TreeError> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(dir).map_err(at(dir))?;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).map_err(at(dir))
}

/// Makes `dir` belong to a user.
///
/// # Errors
/// [`TreeError`].
pub fn give_to(dir: &Path, uid: u32, gid: u32) -> Result<(), TreeError> {
    std::os::unix::fs::chown(dir, Some(uid), Some(gid)).map_err(at(dir))
}

fn generations_of(config_dir: &Path) -> PathBuf {
    config_dir.with_file_name("generations")
}

/// Removes old generations; what cannot be removed is left for the next time.
fn sweep(config_dir: &Path, keep: &[Option<&str>]) {
    let Ok(entries) = fs::read_dir(generations_of(config_dir)) else { return };
    let mut old: Vec<_> = entries
        .flatten()
        .filter(|entry| !keep.contains(&entry.file_name().to_str()))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    old.sort();
    let surplus = old.len().saturating_sub(KEPT_GENERATIONS);
    for (_, path) in old.into_iter().take(surplus) {
        let _ = fs::remove_dir_all(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> BTreeMap<String, File> {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), File::new(*text, None))).collect()
    }

    fn put(config: &Path, tree: &BTreeMap<String, File>) {
        let hash = hash(tree);
        stage(config, &hash, tree).unwrap();
        swap(config, &hash).unwrap();
    }

    #[test]
    fn swap_shows_the_whole_new_tree_and_back_again() {
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config");
        let old = files(&[("a.yml", "1"), ("rules/x.yml", "r")]);
        put(&config, &old);
        assert_eq!(fs::read_to_string(config.join("rules/x.yml")).unwrap(), "r");
        put(&config, &files(&[("a.yml", "2")]));
        assert_eq!(fs::read_to_string(config.join("a.yml")).unwrap(), "2");
        assert!(!config.join("rules").exists());
        swap(&config, &hash(&old)).unwrap();
        assert_eq!(live_hash(&config), Some(hash(&old)));
        assert_eq!(fs::read_to_string(config.join("a.yml")).unwrap(), "1");
    }

    #[test]
    fn a_half_written_generation_is_started_over() {
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config");
        let tree = files(&[("a.yml", "1")]);
        let unfinished = home.path().join(format!("generations/.{}.tmp", hash(&tree)));
        fs::create_dir_all(&unfinished).unwrap();
        atomic_file::write(&unfinished.join("junk"), b"x", 0o600).unwrap();
        put(&config, &tree);
        assert!(!config.join("junk").exists() && config.join("a.yml").exists());
    }

    #[test]
    fn what_did_not_change_is_the_same_file_and_outlives_its_first_generation() {
        use std::os::unix::fs::MetadataExt as _;
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config");
        put(&config, &files(&[("a.yml", "0"), ("rules/x.yml", "r")]));
        let inode = fs::metadata(config.join("rules/x.yml")).unwrap().ino();
        for n in 1..8 {
            put(&config, &files(&[("a.yml", &n.to_string()), ("rules/x.yml", "r")]));
        }
        assert_eq!(fs::metadata(config.join("rules/x.yml")).unwrap().ino(), inode);
        assert_eq!(fs::read_to_string(config.join("a.yml")).unwrap(), "7");
        put(&config, &files(&[("rules/x.yml", "s")]));
        assert_eq!(fs::read_to_string(config.join("rules/x.yml")).unwrap(), "s");
        assert_ne!(fs::metadata(config.join("rules/x.yml")).unwrap().ino(), inode);
    }

    #[test]
    fn a_trial_has_every_file_and_one_for_all_that_are_alike() {
        use std::os::unix::fs::MetadataExt as _;
        let home = tempfile::tempdir().unwrap();
        let mut tree = files(&[("a.yml", "1"), ("rules/x.yml", "r"), ("rules/y.yml", "r")]);
        let mut secret = tree["rules/x.yml"].clone();
        secret.mode = 0o600;
        tree.insert("rules/z.yml".to_owned(), secret);
        let dir = write_trial(&home.path().join("trial"), &tree).unwrap();
        for (path, file) in &tree {
            assert!(holds(&dir.join(path), file), "{path}");
        }
        let inode = |path: &str| fs::metadata(dir.join(path)).unwrap().ino();
        assert_eq!(inode("rules/x.yml"), inode("rules/y.yml"));
        assert_ne!(inode("rules/x.yml"), inode("rules/z.yml"), "another mode");
    }

    #[test]
    fn only_a_few_old_generations_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config");
        for n in 0..8 {
            put(&config, &files(&[("a.yml", &n.to_string())]));
        }
        let left = fs::read_dir(home.path().join("generations")).unwrap().count();
        assert_eq!(left, KEPT_GENERATIONS + 2);
    }

    #[test]
    fn live_files_are_exactly_the_wanted_ones() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("targets");
        assert!(write_live(&dir, &files(&[("a.json", "1"), ("b.json", "2")])).unwrap());
        assert!(!write_live(&dir, &files(&[("a.json", "1"), ("b.json", "2")])).unwrap());
        assert!(write_live(&dir, &files(&[("b.json", "2")])).unwrap());
        assert!(!dir.join("a.json").exists());
    }
}
