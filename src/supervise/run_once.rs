//! Runs a program to its end and hands back what it said: the checkers (promtool, amtool) and
//! the tools of a bundle build.

use super::SuperviseError;
use super::launch::{self, ANNOUNCEMENT, Launch, MARKER};
use super::launcher;
use crate::model::process::{RunOnce, RunOutput};
use rustix::process::{Pid, Signal, kill_process_group};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::task::JoinHandle;

/// Standard output and error are each kept up to here; the rest is read and dropped.
pub const MAX_OUTPUT_BYTES: usize = 256 << 10;
/// How long descendants may keep the output open once the program itself has ended.
const LINGER: Duration = Duration::from_secs(1);

/// Knows which binary to start as launcher, where a run needs one. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Runner {
    launcher: PathBuf,
}

impl Default for Runner {
    /// The launcher is this very binary, also when its file has since been replaced.
    fn default() -> Self {
        Self { launcher: PathBuf::from("/proc/self/exe") }
    }
}

/// [`Runner::run`] with the default launcher.
///
/// # Errors
/// As [`Runner::run`].
pub async fn run_once(run: RunOnce) -> Result<RunOutput, SuperviseError> {
    Runner::default().run(run).await
}

impl Runner {
    /// `launcher`: a watchkeep binary. For tests, whose own binary is none.
    #[must_use]
    pub fn new(launcher: PathBuf) -> Self {
        Self { launcher }
    }

    /// Runs to the end or to the time-out. Any exit code is an `Ok`: its meaning is the caller's.
    /// Dropped half-way it kills the program and all that it started in its process group.
    ///
    /// # Errors
    /// `Spawn` and `Launch` when it never ran, `TimedOut` when it took too long, `Lost` when its
    /// end could not be seen.
    pub async fn run(&self, run: RunOnce) -> Result<RunOutput, SuperviseError> {
        let launched = !run.binds.is_empty() || run.run_as.is_some();
        let (command, input) = if launched { self.through_launcher(&run)? } else { directly(&run) };
        let (mut group, streams) = start(command, input)
            .map_err(|source| SuperviseError::Spawn { exe: run.exe.clone(), source })?;
        let ended = tokio::time::timeout(run.timeout, group.child.wait()).await;
        let status = match ended {
            Err(_) => {
                // Dropping the group kills it.
                return Err(SuperviseError::TimedOut { exe: run.exe, timeout: run.timeout });
            }
            Ok(Err(source)) => return Err(SuperviseError::Lost { exe: run.exe, source }),
            Ok(Ok(status)) => status,
        };
        let (stdout, stderr) = streams
            .finish(&group)
            .await
            .map_err(|source| SuperviseError::Lost { exe: run.exe.clone(), source })?;
        output(&run.exe, status, stdout, stderr, launched)
    }

    fn through_launcher(
        &self,
        run: &RunOnce,
    ) -> Result<(std::process::Command, Vec<u8>), SuperviseError> {
        let marker = "once";
        let mut env = run.env.clone();
        env.insert(MARKER.to_owned(), marker.to_owned());
        let launch = Launch {
            exe: run.exe.clone(),
            args: run.args.clone(),
            env,
            cwd: run.cwd.clone(),
            run_as: run.run_as,
            binds: run.binds.clone(),
            cgroup: None,
            announce: true,
            stdin_len: run.stdin.len() as u64,
        };
        let input = launch
            .encode(&run.stdin)
            .map_err(|source| SuperviseError::Spawn { exe: run.exe.clone(), source })?;
        Ok((launch::launcher_command(&self.launcher, marker), input))
    }
}

fn directly(run: &RunOnce) -> (std::process::Command, Vec<u8>) {
    let mut command = launch::command(&run.exe, &run.args, &run.env);
    command.current_dir(&run.cwd);
    (command, run.stdin.clone())
}

/// A process group; killed as a whole when dropped before its leader was seen to end.
struct Group {
    child: Child,
    id: Option<Pid>,
}

impl Group {
    fn kill(&self) {
        if let Some(id) = self.id {
            let _ = kill_process_group(id, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // While the leader is not reaped its id cannot be anybody else's.
        if self.child.id().is_some() {
            self.kill();
        }
    }
}

/// The tasks that feed and drain the program.
struct Streams {
    stdin: JoinHandle<()>,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<Vec<u8>>,
}

impl Streams {
    /// What was said. A descendant that still holds the output open is killed.
    async fn finish(self, group: &Group) -> io::Result<(Vec<u8>, Vec<u8>)> {
        self.stdin.abort();
        let mut said = std::pin::pin!(async { tokio::try_join!(self.stdout, self.stderr) });
        if let Ok(said) = tokio::time::timeout(LINGER, &mut said).await {
            return said.map_err(io::Error::other);
        }
        // Someone of the group is alive and holds the pipe, so the group's id is still its own.
        group.kill();
        tokio::time::timeout(LINGER, said)
            .await
            .map_err(|_| io::Error::other("a descendant outside its group keeps the output open"))?
            .map_err(io::Error::other)
    }
}

fn start(command: std::process::Command, input: Vec<u8>) -> io::Result<(Group, Streams)> {
    let mut child = Command::from(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let stdin = child.stdin.take().ok_or_else(|| io::Error::other("no stdin"))?;
    let stdout = child.stdout.take().ok_or_else(|| io::Error::other("no stdout"))?;
    let stderr = child.stderr.take().ok_or_else(|| io::Error::other("no stderr"))?;
    let streams = Streams {
        stdin: tokio::spawn(feed(stdin, input)),
        stdout: tokio::spawn(drain(stdout)),
        stderr: tokio::spawn(drain(stderr)),
    };
    Ok((Group { child, id }, streams))
}

/// A program that does not read its input is not an error.
async fn feed(mut stdin: ChildStdin, input: Vec<u8>) {
    let _ = stdin.write_all(&input).await;
}

async fn drain(mut stream: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut chunk = vec![0u8; 16 << 10];
    while let Ok(n @ 1..) = stream.read(&mut chunk).await {
        let room = (MAX_OUTPUT_BYTES + ANNOUNCEMENT.len()).saturating_sub(kept.len());
        kept.extend_from_slice(&chunk[..n.min(room)]);
    }
    kept
}

fn output(
    exe: &Path,
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    launched: bool,
) -> Result<RunOutput, SuperviseError> {
    let mut stdout = stdout.as_slice();
    if launched {
        let announced = stdout.strip_prefix(ANNOUNCEMENT);
        let said = text(&stderr);
        match (announced, launcher::gave_up(status.code(), &said)) {
            (Some(rest), None) => stdout = rest,
            (_, reason) => {
                let reason = reason
                    .unwrap_or_else(|| format!("its launcher ended with {status} and did nothing"));
                return Err(SuperviseError::Launch { exe: exe.to_owned(), reason });
            }
        }
    }
    Ok(RunOutput { code: status.code(), stdout: text(stdout), stderr: text(&stderr) })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_OUTPUT_BYTES)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::time::Instant;

    fn shell(script: &str) -> RunOnce {
        RunOnce {
            exe: "/bin/sh".into(),
            args: vec!["-c".into(), script.into()],
            env: BTreeMap::from([("PATH".into(), "/usr/bin:/bin".into())]),
            cwd: "/".into(),
            binds: vec![],
            run_as: None,
            timeout: Duration::from_secs(20),
            stdin: vec![],
        }
    }

    #[tokio::test]
    async fn exit_code_and_both_outputs_come_back() {
        let run = RunOnce { stdin: b"in".to_vec(), ..shell("cat; echo err >&2; exit 3") };
        let output = run_once(run).await.unwrap();
        let expected = RunOutput { code: Some(3), stdout: "in".into(), stderr: "err\n".into() };
        assert_eq!(output, expected);
    }

    #[tokio::test]
    async fn nothing_of_our_environment_is_inherited() {
        let output = run_once(shell("/usr/bin/env")).await.unwrap();
        assert!(!output.stdout.contains("CARGO"), "{}", output.stdout);
    }

    #[tokio::test]
    async fn output_is_cut_but_the_program_runs_on() {
        let output = run_once(shell("head -c 1000000 /dev/zero; exit 7")).await.unwrap();
        assert_eq!((output.code, output.stdout.len()), (Some(7), MAX_OUTPUT_BYTES));
    }

    #[tokio::test]
    async fn time_out_kills_the_whole_group() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("alive");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        let fifo = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, &path, fifo, mode, 0).unwrap();
        let mut pipe = tokio::net::unix::pipe::OpenOptions::new().open_receiver(&path).unwrap();
        // Whoever of the group lives holds the pipe open for writing; its end is the proof.
        let script = format!("exec 3>{}; echo up >&3; sleep 1000 & sleep 1000", path.display());
        let run = RunOnce { timeout: Duration::from_millis(500), ..shell(&script) };
        assert!(matches!(run_once(run).await, Err(SuperviseError::TimedOut { .. })));
        let mut said = String::new();
        let closed = pipe.read_to_string(&mut said);
        tokio::time::timeout(Duration::from_secs(10), closed).await.unwrap().unwrap();
        assert_eq!(said, "up\n");
    }

    #[tokio::test]
    async fn a_descendant_that_keeps_the_output_open_does_not_hold_us_up() {
        let begun = Instant::now();
        let output = run_once(shell("sleep 1000 & echo done")).await.unwrap();
        assert_eq!(output.stdout, "done\n");
        assert!(begun.elapsed() < Duration::from_secs(15));
    }

    #[tokio::test]
    async fn a_missing_program_is_named() {
        let run = RunOnce { exe: "/no/such/program".into(), ..shell("") };
        let error = run_once(run).await.unwrap_err();
        assert!(error.to_string().contains("/no/such/program"), "{error}");
    }

    #[tokio::test]
    async fn a_binary_that_is_no_launcher_is_never_taken_for_success() {
        let run = RunOnce {
            binds: vec![crate::model::process::Bind { source: "/".into(), target: "/mnt".into() }],
            ..shell("exit 0")
        };
        // This test's own binary would run no test and end with 0.
        let error = run_once(run).await.unwrap_err();
        assert!(matches!(error, SuperviseError::Launch { .. }), "{error}");
    }
}
