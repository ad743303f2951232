//! What the supervisor tells the launcher, and how: as bytes on its standard input.
//!
//! ```text
//! header length (u32, little endian) · header (JSON) · what the program reads on stdin
//! ```
//!
//! Not in arguments (public on a machine) and not in a file (nothing to clean after a crash).
//! The launcher does nothing before it has read all of it, and the header says how long "all"
//! is: when we die half-way, so does the start. Both ends are always of the same build.

use crate::model::process::{Bind, RunAs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Environment variable that every child carries: `OWNER/NAME`.
pub(super) const MARKER: &str = "WATCHKEEP_CHILD";
/// The hidden subcommand.
pub(super) const SUBCOMMAND: &str = "component-exec";
/// First bytes on stdout when the header asks for them: the launcher did its part.
pub(super) const ANNOUNCEMENT: &[u8] = b"\0watchkeep component-exec\0";
/// Longest header that is believed.
const MAX_HEADER_BYTES: u32 = 4 << 20;

/// One program to become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Launch {
    pub(super) exe: PathBuf,
    pub(super) args: Vec<String>,
    /// Complete, marker included.
    pub(super) env: BTreeMap<String, String>,
    pub(super) cwd: PathBuf,
    pub(super) run_as: Option<RunAs>,
    pub(super) binds: Vec<Bind>,
    /// Folder of the control group to enter.
    pub(super) cgroup: Option<PathBuf>,
    /// Write [`ANNOUNCEMENT`] to stdout just before the program takes over.
    pub(super) announce: bool,
    /// Bytes behind the header.
    pub(super) stdin_len: u64,
}

impl Launch {
    /// The bytes for the launcher's stdin. `stdin` must be `stdin_len` long.
    pub(super) fn encode(&self, stdin: &[u8]) -> io::Result<Vec<u8>> {
        let header = serde_json::to_vec(self).map_err(io::Error::other)?;
        let length = u32::try_from(header.len())
            .ok()
            .filter(|length| *length <= MAX_HEADER_BYTES)
            .ok_or_else(|| io::Error::other("arguments and environment exceed 4 MiB"))?;
        Ok([&length.to_le_bytes(), header.as_slice(), stdin].concat())
    }

    /// Reads to the end of `input`; an error when that comes too early or too late.
    pub(super) fn decode(mut input: impl Read) -> io::Result<(Self, Vec<u8>)> {
        let mut length = [0u8; 4];
        input.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        if length > MAX_HEADER_BYTES {
            return Err(io::Error::other("not a launch header"));
        }
        let mut header = vec![0u8; length as usize];
        input.read_exact(&mut header)?;
        let launch: Self = serde_json::from_slice(&header).map_err(io::Error::other)?;
        let mut stdin = Vec::new();
        input.read_to_end(&mut stdin)?;
        if stdin.len() as u64 != launch.stdin_len {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        Ok((launch, stdin))
    }
}

/// A command with an environment of exactly `env`, for this folder alone.
#[expect(clippy::disallowed_methods, reason = "src/supervise is where programs are started")]
pub(super) fn command<'a>(
    exe: &Path,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
    env: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> Command {
    let mut command = Command::new(exe);
    command.args(args).env_clear().envs(env);
    command
}

/// The launcher, waiting for its orders on a pipe.
pub(super) fn launcher_command(launcher: &Path, marker: &str) -> Command {
    let env = BTreeMap::from([(MARKER.to_owned(), marker.to_owned())]);
    let mut command = command(launcher, [SUBCOMMAND], &env);
    command.stdin(Stdio::piped());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch() -> Launch {
        Launch {
            exe: "/bin/true".into(),
            args: vec!["-x".into()],
            env: BTreeMap::new(),
            cwd: "/".into(),
            run_as: None,
            binds: vec![],
            cgroup: None,
            announce: true,
            stdin_len: 5,
        }
    }

    #[test]
    fn orders_arrive_with_what_the_program_reads() {
        let bytes = launch().encode(b"hello").unwrap();
        assert_eq!(Launch::decode(bytes.as_slice()).unwrap(), (launch(), b"hello".to_vec()));
    }

    #[test]
    fn orders_cut_off_anywhere_are_no_orders() {
        let bytes = launch().encode(b"hello").unwrap();
        for end in 0..bytes.len() {
            assert!(Launch::decode(&bytes[..end]).is_err(), "cut at {end}");
        }
    }
}
