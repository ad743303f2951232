//! The node's own socket: who may connect is decided by the kernel (mode 0600) and once more by
//! the peer's user id.

use super::{auth::SocketPeer, listener};
use crate::base::shutdown::Shutdown;
use axum::{Router, http::Extensions};
use sha2::{Digest as _, Sha256};
use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};
use tokio::net::UnixListener;

/// Longest path the kernel takes for a socket.
const PATH_MAX: usize = 107;

/// Where the socket of a data directory is: in it, or in the run folder where the path would be
/// too long. Both ends ask this function.
#[must_use]
pub fn path_for(data_dir: &Path, own_uid: u32) -> PathBuf {
    let beside = data_dir.join("api.sock");
    if beside.as_os_str().len() <= PATH_MAX {
        return beside;
    }
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    let name = format!("{}.sock", data_encoding::HEXLOWER.encode(&digest[..12]));
    let folder = if own_uid == 0 {
        PathBuf::from("/run/watchkeep")
    } else {
        PathBuf::from(format!("/tmp/watchkeep-{own_uid}"))
    };
    folder.join(name)
}

/// Binds the socket, taking the place of one that a dead process left behind.
///
/// # Errors
/// `AddrInUse` when somebody answers on it; anything the file system says.
pub fn bind(path: &Path, own_uid: u32) -> io::Result<UnixListener> {
    if let Some(folder) = path.parent() {
        private_folder(folder, own_uid)?;
    }
    if path.exists() {
        if std::os::unix::net::UnixStream::connect(path).is_ok() {
            let text = format!("{}: another Watchkeep answers on this socket", path.display());
            return Err(io::Error::new(io::ErrorKind::AddrInUse, text));
        }
        fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// A folder in a place others can write to must be ours alone.
fn private_folder(folder: &Path, own_uid: u32) -> io::Result<()> {
    if !folder.starts_with("/tmp") || folder.exists() && !is_run_folder(folder, own_uid) {
        return fs::create_dir_all(folder);
    }
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let found = fs::symlink_metadata(folder)?;
    if found.is_dir() && found.uid() == own_uid && found.mode() & 0o077 == 0 {
        return Ok(());
    }
    let text = format!("{}: must be a folder of our own with mode 0700", folder.display());
    Err(io::Error::new(io::ErrorKind::PermissionDenied, text))
}

fn is_run_folder(folder: &Path, own_uid: u32) -> bool {
    folder == Path::new(&format!("/tmp/watchkeep-{own_uid}"))
}

/// Serves the door on the socket until shutdown.
pub async fn serve(listener: UnixListener, router: Router, shutdown: Shutdown) {
    let tasks = tokio_util::task::TaskTracker::new();
    loop {
        let stream = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => { listener::after_accept_error(&error).await; continue }
            },
        };
        match stream.peer_cred() {
            Ok(peer) => {
                let peer = SocketPeer { uid: peer.uid() };
                let router = router.clone();
                let mark = move |extensions: &mut Extensions| {
                    extensions.insert(peer);
                };
                let patience = listener::Patience::default();
                let serving =
                    listener::serve_stream(stream, router, mark, patience, shutdown.clone());
                tasks.spawn(serving);
            }
            Err(error) => tracing::warn!(%error, "socket peer without credentials"),
        }
    }
    tasks.close();
    let _ = tokio::time::timeout(listener::DRAIN, tasks.wait()).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_leftover_socket_is_replaced_and_a_living_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = path_for(dir.path(), 1000);
        drop(bind(&path, 1000).unwrap());
        let living = bind(&path, 1000).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(bind(&path, 1000).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(living);
    }

    #[test]
    fn a_path_too_long_for_the_kernel_moves_to_the_run_folder() {
        let long = PathBuf::from(format!("/{}", "d".repeat(120)));
        let moved = path_for(&long, 1000);
        assert!(moved.as_os_str().len() <= PATH_MAX);
        assert_ne!(moved, path_for(&long.join("x"), 1000));
        assert_eq!(
            path_for(Path::new("/var/lib/watchkeep"), 0),
            Path::new("/var/lib/watchkeep/api.sock")
        );
    }
}
