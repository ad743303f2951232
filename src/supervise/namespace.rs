//! Shows folders at other places to one process and its children, in a mount namespace of their
//! own: the machine's file system is not changed. Called by the launcher only.
//!
//! As root a mount namespace is enough; a plain user gets one inside a user namespace that maps
//! nobody but that user. Where a target does not exist it is not made (that would be the
//! machine's file system): its nearest existing parent is covered by a small tmpfs that shows
//! everything that was there, each entry bound in place, and has room for the new folder.
//! Overlayfs would be one mount instead of many, but is missing or forbidden in many containers.

use crate::model::process::Bind;
use rustix::fs::{AtFlags, Mode, OFlags, StatVfsMountFlags, statvfs};
use rustix::io::Errno;
use rustix::mount::{MountFlags, MountPropagationFlags};
use rustix::thread::UnshareFlags;
use std::ffi::OsString;
use std::fs::{self, File, FileType};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};

/// What could not be done, and where.
#[derive(Debug, thiserror::Error)]
pub(super) enum NamespaceError {
    #[error(
        "this machine allows no mount namespace here (as plain user it needs unprivileged user namespaces)"
    )]
    Unshare(#[source] io::Error),
    #[error("cannot map the user inside its namespace")]
    MapUser(#[source] io::Error),
    #[error("{} has no existing parent below /", .0.display())]
    NoParent(PathBuf),
    #[error("cannot cover {}", path.display())]
    Cover { path: PathBuf, source: io::Error },
    #[error("cannot show {} at {}", from.display(), to.display())]
    Bind { from: PathBuf, to: PathBuf, source: io::Error },
}

/// Moves this process into its own namespace and makes `binds` visible in it, read-only.
pub(super) fn show(binds: &[Bind]) -> Result<(), NamespaceError> {
    enter()?;
    let mut covers = Vec::new();
    for bind in binds {
        let error = |source| NamespaceError::Bind {
            from: bind.source.clone(),
            to: bind.target.clone(),
            source,
        };
        if !bind.target.is_dir() {
            make_room(&bind.target, &mut covers)?;
            fs::create_dir_all(&bind.target).map_err(error)?;
        }
        bind_read_only(&bind.source, &bind.target).map_err(error)?;
    }
    for cover in covers {
        remount_read_only(&cover)
            .map_err(|source| NamespaceError::Cover { path: cover, source })?;
    }
    Ok(())
}

/// A mount namespace into which later mounts of the machine still come (an unplugged disk does
/// not stay busy because of us) and out of which none goes.
fn enter() -> Result<(), NamespaceError> {
    match unshare(UnshareFlags::NEWNS) {
        Ok(()) => {}
        Err(Errno::PERM) => enter_as_plain_user()?,
        Err(error) => return Err(NamespaceError::Unshare(error.into())),
    }
    rustix::mount::mount_change("/", MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC)
        .map_err(|e| NamespaceError::Unshare(e.into()))
}

fn enter_as_plain_user() -> Result<(), NamespaceError> {
    let uid = rustix::process::geteuid().as_raw();
    let gid = rustix::process::getegid().as_raw();
    unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNS)
        .map_err(|e| NamespaceError::Unshare(e.into()))?;
    for (file, text) in [
        ("setgroups", "deny".to_owned()),
        ("uid_map", format!("{uid} {uid} 1")),
        ("gid_map", format!("{gid} {gid} 1")),
    ] {
        let path = Path::new("/proc/self").join(file);
        super::launcher::write_kernel_file(&path, &text).map_err(NamespaceError::MapUser)?;
    }
    Ok(())
}

#[expect(unsafe_code, reason = "the one system call of child set-up without a safe wrapper")]
fn unshare(flags: UnshareFlags) -> Result<(), Errno> {
    // SAFETY: unsafe only for FILES (descriptor tables that differ between threads), which is
    // never passed here; the launcher has one thread.
    unsafe { rustix::thread::unshare_unsafe(flags) }
}

/// Makes sure that `target` can be created without touching the machine's file system.
fn make_room(target: &Path, covers: &mut Vec<PathBuf>) -> Result<(), NamespaceError> {
    let parent = target
        .ancestors()
        .skip(1)
        .find_map(|path| path.canonicalize().ok().filter(|path| path.is_dir()))
        .filter(|path| path != Path::new("/"))
        .ok_or_else(|| NamespaceError::NoParent(target.to_owned()))?;
    let error = |source| NamespaceError::Cover { path: parent.clone(), source };
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev());
    let here = device(&parent).map_err(error)?;
    if covers.iter().any(|cover| device(cover).is_ok_and(|device| device == here)) {
        return Ok(());
    }
    cover(&parent).map_err(error)?;
    covers.push(parent);
    Ok(())
}

/// Puts a tmpfs over `dir` that shows all that `dir` shows.
fn cover(dir: &Path) -> io::Result<()> {
    let below: OwnedFd =
        rustix::fs::open(dir, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let entries = fs::read_dir(dir)?
        .map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))))
        .collect::<io::Result<Vec<(OsString, FileType)>>>()?;
    rustix::mount::mount(
        "tmpfs",
        dir,
        "tmpfs",
        MountFlags::NOSUID | MountFlags::NODEV,
        Some(c"mode=0755,size=1m"),
    )?;
    for (name, kind) in entries {
        let from = Path::new("/proc/self/fd").join(below.as_raw_fd().to_string()).join(&name);
        let to = dir.join(&name);
        match show_entry(&from, &to, kind) {
            // Gone since it was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}

fn show_entry(from: &Path, to: &Path, kind: FileType) -> io::Result<()> {
    if kind.is_symlink() {
        return symlink(fs::read_link(from)?, to);
    }
    // Ask before making the place for it.
    rustix::fs::statat(rustix::fs::CWD, from, AtFlags::SYMLINK_NOFOLLOW)?;
    if kind.is_dir() {
        fs::create_dir(to)?;
    } else {
        File::create(to)?;
    }
    Ok(rustix::mount::mount_bind_recursive(from, to)?)
}

fn bind_read_only(from: &Path, to: &Path) -> io::Result<()> {
    // Recursive, because a user namespace may not uncover what is mounted below.
    rustix::mount::mount_bind_recursive(from, to)?;
    remount_read_only(to)
}

/// Keeps the flags that are there: a user namespace may add restrictions, never lift one.
fn remount_read_only(path: &Path) -> io::Result<()> {
    let now = statvfs(path)?.f_flag;
    let kept = [
        (StatVfsMountFlags::NOSUID, MountFlags::NOSUID),
        (StatVfsMountFlags::NODEV, MountFlags::NODEV),
        (StatVfsMountFlags::NOEXEC, MountFlags::NOEXEC),
        (StatVfsMountFlags::NOATIME, MountFlags::NOATIME),
        (StatVfsMountFlags::NODIRATIME, MountFlags::NODIRATIME),
        (StatVfsMountFlags::RELATIME, MountFlags::RELATIME),
    ]
    .into_iter()
    .filter(|(is, _)| now.contains(*is))
    .fold(MountFlags::BIND | MountFlags::RDONLY, |flags, (_, keep)| flags | keep);
    Ok(rustix::mount::mount_remount(path, kept, c"")?)
}
