//! One live process, held by a pidfd: signals and waits cannot reach a later owner of its id.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, pidfd_open, pidfd_send_signal, waitid,
};
use std::fmt;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use tokio::io::{Interest, unix::AsyncFd};

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// Not our child (adopted after a restart of ours): the kernel told somebody else.
    Unknown,
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exited with code {code}"),
            Self::Signal(signal) => write!(f, "was ended by signal {signal}"),
            Self::Unknown => f.write_str("ended"),
        }
    }
}

/// A process that was alive when this was made. Dropping it leaves the process alone.
#[derive(Debug)]
pub(super) struct Process {
    pid: u32,
    fd: AsyncFd<OwnedFd>,
}

impl Process {
    /// Holds the process that has `pid` now. The caller makes sure that it is the right one:
    /// by being its parent, or by looking at it again after this call.
    /// Needs a tokio runtime.
    pub(super) fn open(pid: u32) -> io::Result<Self> {
        let fd = pidfd_open(to_pid(pid)?, PidfdFlags::NONBLOCK)?;
        Ok(Self { pid, fd: watchable(fd)? })
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Sends `signal`; a process that has ended is no error.
    pub(super) fn signal(&self, signal: Signal) -> io::Result<()> {
        send(self.fd.get_ref(), signal)
    }

    /// Waits for its end and, when it is our child, reaps it. Cancel safe; once it has returned
    /// the exit of a child is consumed and later calls say `Unknown`.
    pub(super) async fn exited(&self) -> Exit {
        // An error of the reactor (it is shutting down) must not look like an exit.
        let Ok(mut guard) = self.fd.readable().await else {
            return std::future::pending().await;
        };
        guard.retain_ready();
        reap(self.fd.get_ref())
    }
}

/// Kills the process that has `pid` if, once it is held, `is_meant` still says so.
pub(super) fn kill_if(pid: u32, is_meant: impl FnOnce() -> bool) -> io::Result<bool> {
    let fd = match pidfd_open(to_pid(pid)?, PidfdFlags::empty()) {
        Err(Errno::SRCH) => return Ok(false),
        other => other?,
    };
    if !is_meant() {
        return Ok(false);
    }
    send(&fd, Signal::KILL)?;
    // Its end takes a moment; whoever asked wants its ports and files free. A process stuck in
    // the kernel is not waited for.
    let deadline = Timespec { tv_sec: 2, tv_nsec: 0 };
    let mut ended = [PollFd::new(&fd, PollFlags::IN)];
    poll(&mut ended, Some(&deadline))?;
    Ok(true)
}

#[expect(
    deprecated,
    reason = "unsound only where a descriptor changes under its owner, which an OwnedFd's cannot; the replacement is unsafe to call"
)]
fn watchable(fd: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(fd, Interest::READABLE)
}

fn send(fd: impl AsFd, signal: Signal) -> io::Result<()> {
    match pidfd_send_signal(fd, signal) {
        Err(Errno::SRCH) => Ok(()),
        other => Ok(other?),
    }
}

fn reap(fd: &OwnedFd) -> Exit {
    match waitid(WaitId::PidFd(fd.as_fd()), WaitIdOptions::EXITED | WaitIdOptions::NOHANG) {
        Ok(Some(status)) => status
            .exit_status()
            .map(Exit::Code)
            .or_else(|| status.terminating_signal().map(Exit::Signal))
            .unwrap_or(Exit::Unknown),
        Ok(None) | Err(_) => Exit::Unknown,
    }
}

fn to_pid(pid: u32) -> io::Result<Pid> {
    i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not a process id"))
}
