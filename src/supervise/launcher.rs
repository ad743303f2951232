//! `watchkeep component-exec`: turns a fresh process of ours into the supervised program.
//!
//! Reads its orders from stdin, cuts the ties to us, and `exec`s: the process id stays, nothing
//! of ours stays in memory. Runs before any thread is started (a user namespace can only be
//! entered by a process of one thread), so the command line asks [`intercept`] first of all.

use super::launch::{ANNOUNCEMENT, Launch, SUBCOMMAND, command};
use super::namespace;
use crate::base::error_chain::ErrorChain;
use rustix::process::{Resource, Rlimit};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::ExitCode;

/// Under memory pressure the kernel takes a component before it takes us.
const OOM_SCORE_ADJ: &str = "200";
/// Exit code of a launcher that gave up, as `env(1)` has it.
const GAVE_UP: u8 = 125;

/// Why the program could not be started. Printed to stderr, which is the program's log.
#[derive(Debug, thiserror::Error)]
enum LaunchError {
    #[error("no complete orders on stdin; this command is for watchkeep itself")]
    Orders(#[source] io::Error),
    #[error("cannot leave the session")]
    Session(#[source] io::Error),
    #[error("cannot enter the control group {}", path.display())]
    Cgroup { path: PathBuf, source: io::Error },
    #[error("cannot show a folder at another place")]
    Binds(#[source] namespace::NamespaceError),
    #[error("cannot give up privileges")]
    Privileges(#[source] io::Error),
    #[error("cannot hand over standard input")]
    Stdin(#[source] io::Error),
    #[error(
        "cannot run {} as uid {uid} in {}: is it executable, of this machine's architecture, and reachable for that user?",
        exe.display(), cwd.display()
    )]
    Exec { exe: PathBuf, cwd: PathBuf, uid: u32, source: io::Error },
}

/// `Some(exit code)` when this process was started as a launcher; it has then done its work.
#[must_use]
pub fn intercept() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    (args.next()? == SUBCOMMAND).then(|| main(args))
}

/// The launcher. Returns only when the program could not be started. Takes no arguments.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let error = match args.into_iter().next() {
        None => launch(),
        Some(_) => LaunchError::Orders(io::Error::other("unexpected argument")),
    };
    let _ = writeln!(io::stderr(), "watchkeep {SUBCOMMAND}: {}", ErrorChain(&error));
    ExitCode::from(GAVE_UP)
}

/// The launcher's words, when a process that ended with `code` and said `stderr` was still one.
pub(super) fn gave_up(code: Option<i32>, stderr: &str) -> Option<String> {
    let words = stderr.strip_prefix("watchkeep ")?.strip_prefix(SUBCOMMAND)?.strip_prefix(": ")?;
    (code == Some(i32::from(GAVE_UP))).then(|| words.trim().to_owned())
}

fn launch() -> LaunchError {
    match prepare() {
        Ok(mut program) => LaunchError::Exec {
            exe: program.launch.exe,
            cwd: program.launch.cwd,
            uid: program.launch.run_as.map_or(rustix::process::getuid().as_raw(), |who| who.uid),
            source: program.command.exec(),
        },
        Err(error) => error,
    }
}

struct Program {
    launch: Launch,
    command: std::process::Command,
}

fn prepare() -> Result<Program, LaunchError> {
    let (launch, stdin) = Launch::decode(io::stdin().lock()).map_err(LaunchError::Orders)?;
    detach()?;
    if let Some(path) = &launch.cgroup {
        enter_cgroup(path)?;
    }
    if !launch.binds.is_empty() {
        namespace::show(&launch.binds).map_err(LaunchError::Binds)?;
    }
    rustix::thread::set_no_new_privs(true).map_err(|e| LaunchError::Privileges(e.into()))?;
    hand_over_stdin(&stdin).map_err(LaunchError::Stdin)?;
    if launch.announce {
        let mut stdout = io::stdout().lock();
        stdout.write_all(ANNOUNCEMENT).and_then(|()| stdout.flush()).map_err(LaunchError::Stdin)?;
    }
    let mut command = command(&launch.exe, &launch.args, &launch.env);
    command.current_dir(&launch.cwd);
    if let Some(run_as) = launch.run_as {
        // std empties the supplementary groups when root becomes somebody else.
        if run_as.uid != rustix::process::geteuid().as_raw() {
            command.uid(run_as.uid);
        }
        if run_as.gid != rustix::process::getegid().as_raw() {
            command.gid(run_as.gid);
        }
    }
    Ok(Program { launch, command })
}

/// Own session (a Ctrl-C or hang-up at our terminal is not for it), no core dumps (they hold
/// secrets), first in line when memory runs out.
fn detach() -> Result<(), LaunchError> {
    match rustix::process::setsid() {
        // A group leader cannot leave: a checker, which was started as one to be killed as one.
        Ok(_) | Err(rustix::io::Errno::PERM) => {}
        Err(error) => return Err(LaunchError::Session(error.into())),
    }
    let no_core = Rlimit { current: Some(0), maximum: Some(0) };
    rustix::process::setrlimit(Resource::Core, no_core)
        .map_err(|e| LaunchError::Privileges(e.into()))?;
    // Refused in some containers; nothing depends on it.
    let _ = write_kernel_file("/proc/self/oom_score_adj".as_ref(), OOM_SCORE_ADJ);
    Ok(())
}

fn enter_cgroup(path: &std::path::Path) -> Result<(), LaunchError> {
    write_kernel_file(&path.join("cgroup.procs"), "0")
        .map_err(|source| LaunchError::Cgroup { path: path.to_owned(), source })
}

/// Kernel files take one `write` and know no rename.
pub(super) fn write_kernel_file(path: &std::path::Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes())
}

/// The pipe our orders came through becomes `/dev/null`, or a file that holds `stdin`.
fn hand_over_stdin(stdin: &[u8]) -> io::Result<()> {
    let file = if stdin.is_empty() {
        File::open("/dev/null")?
    } else {
        let fd = rustix::fs::memfd_create("stdin", rustix::fs::MemfdFlags::CLOEXEC)?;
        let mut file = File::from(fd);
        file.write_all(stdin)?;
        file.rewind()?;
        file
    };
    Ok(rustix::stdio::dup2_stdin(&file)?)
}
