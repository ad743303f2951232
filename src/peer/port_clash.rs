//! Binding a port; when it is taken, the error names the process that holds it.

use procfs::{
    net::{TcpNetEntry, TcpState},
    process::{FDTarget, Process, all_processes},
};
use std::{io, net::SocketAddr};
use tokio::net::TcpListener;

/// Why a port cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// Somebody else listens there.
    #[error(
        "{address}, wanted for the {port_name} port, is in use by {holder}: stop that, or move \
         ours with `[ports] {port_name}` in the conf file"
    )]
    InUse {
        /// Where.
        address: SocketAddr,
        /// The key in `[ports]`.
        port_name: &'static str,
        /// Program and process id, as far as we may see them.
        holder: String,
    },
    /// Any other reason.
    #[error("cannot listen on {address} (the {port_name} port)")]
    Other {
        /// Where.
        address: SocketAddr,
        /// The key in `[ports]`.
        port_name: &'static str,
        /// Why.
        source: io::Error,
    },
}

/// Listens on `address`; port 0 takes any free one. `port_name` is the key in `[ports]`.
///
/// # Errors
/// [`BindError`].
pub async fn bind(address: SocketAddr, port_name: &'static str) -> Result<TcpListener, BindError> {
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let holder = tokio::task::spawn_blocking(move || holder(address)).await;
            let holder = holder.ok().flatten().unwrap_or_else(|| {
                "a process that this user may not see (try as root: `ss -ltnp`)".to_owned()
            });
            Err(BindError::InUse { address, port_name, holder })
        }
        Err(source) => Err(BindError::Other { address, port_name, source }),
    }
}

/// Who listens where we want to: `prometheus (process 4711)`. Blocking.
#[must_use]
pub fn holder(address: SocketAddr) -> Option<String> {
    let entries = [procfs::net::tcp(), procfs::net::tcp6()];
    let inodes: Vec<u64> = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| in_the_way(entry, address))
        .map(|entry| entry.inode)
        .collect();
    all_processes().ok()?.flatten().find(|process| holds(process, &inodes)).map(|process| {
        let name = process.stat().map_or_else(|_| "?".to_owned(), |stat| stat.comm);
        format!("{name} (process {})", process.pid)
    })
}

fn in_the_way(entry: &TcpNetEntry, wanted: SocketAddr) -> bool {
    let held = entry.local_address;
    entry.state == TcpState::Listen
        && held.port() == wanted.port()
        && (held.ip() == wanted.ip() || held.ip().is_unspecified() || wanted.ip().is_unspecified())
}

fn holds(process: &Process, inodes: &[u64]) -> bool {
    let Ok(descriptors) = process.fd() else { return false };
    descriptors
        .flatten()
        .any(|fd| matches!(fd.target, FDTarget::Socket(inode) if inodes.contains(&inode)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_names_its_holder() {
        let listener = bind("127.0.0.1:0".parse().unwrap(), "peer").await.unwrap();
        let address = listener.local_addr().unwrap();
        let error = bind(address, "peer").await.unwrap_err().to_string();
        assert!(error.contains(&address.to_string()), "{error}");
        assert!(error.contains(&format!("(process {})", std::process::id())), "{error}");
        assert!(error.contains("`[ports] peer`"), "{error}");
    }
}
