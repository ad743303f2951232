//! The one error type of this seam.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a bundle, blob or build was refused. Nothing was changed, except where a variant says so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The file system said no.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's words.
        #[source]
        source: io::Error,
    },
    /// Not a bundle of ours, or one that was damaged or altered.
    #[error("bundle {bundle} refused: {reason}; get an undamaged copy")]
    Malformed {
        /// Which file.
        bundle: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No signature at all.
    #[error(
        "bundle {bundle} is not signed; sign it with `watchkeep bundle sign`, or allow it with --allow-unsigned"
    )]
    Unsigned {
        /// Which file.
        bundle: String,
    },
    /// Signed, but by nobody we trust.
    #[error(
        "bundle {bundle} is signed by {signers}, which is not trusted here; if you know that key, add it with `watchkeep bundle trust KEY`, or with --trust for one command"
    )]
    Untrusted {
        /// Which file.
        bundle: String,
        /// Key ids.
        signers: String,
    },
    /// The signature of a trusted key does not fit the manifest.
    #[error("bundle {bundle} was changed after key {signer} had signed it; get an undamaged copy")]
    BadSignature {
        /// Which file.
        bundle: String,
        /// Key id.
        signer: String,
    },
    /// Content that is not what its sum says.
    #[error("{what} has sha256 {found}, expected {expected}")]
    WrongSum {
        /// Which file, blob or download.
        what: String,
        /// Lower-case hex.
        expected: String,
        /// Lower-case hex.
        found: String,
    },
    /// An archive that could do harm, or is none.
    #[error("archive {archive} refused: {reason}")]
    Archive {
        /// Which one.
        archive: String,
        /// What is wrong, with the member's name.
        reason: String,
    },
    /// A key text or key file that is none.
    #[error("{what} is not a key: {reason}")]
    Key {
        /// Where it came from; never the key itself.
        what: String,
        /// What was expected.
        reason: String,
    },
    /// The library does not have it.
    #[error("no bundle brought {name}; import one that holds it")]
    NotFound {
        /// Component or blob.
        name: String,
    },
    /// The catalogue or a request to build does not fit.
    #[error("cannot build: {0}")]
    Build(String),
    /// An external program that is needed to build is not there.
    #[error("{tool} is not installed; it comes with the package {package}")]
    ToolMissing {
        /// Program name.
        tool: &'static str,
        /// Debian package.
        package: &'static str,
    },
    /// An external program refused.
    #[error("{tool} failed: {reason}")]
    Tool {
        /// Program name.
        tool: &'static str,
        /// Its words.
        reason: String,
    },
    /// A download failed.
    #[error("cannot fetch {url}: {reason}")]
    Fetch {
        /// Without query.
        url: String,
        /// Why.
        reason: String,
        /// The server answered that there is no such file.
        not_found: bool,
    },
}

/// What every function here returns.
pub type Result<T, E = BundleError> = std::result::Result<T, E>;

/// Shorthand for `map_err` of file operations.
pub(crate) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BundleError {
    let path = path.to_owned();
    move |source| BundleError::Io { action, path, source }
}
