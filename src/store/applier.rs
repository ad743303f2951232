//! The one who applies, a thread of its own: takes jobs in order and answers them.
//! [`StateWriter`] says what each does.

use super::{
    database::File,
    state_writer::StateWriter,
    types::{Entry, SnapshotMeta, Types},
    view::{Position, View},
    work::{Pause, Work},
};
use openraft::storage::ApplyResponder;
use std::{
    io,
    ops::ControlFlow,
    path::PathBuf,
    sync::{Arc, mpsc},
    thread,
};
use tokio::{
    sync::{mpsc as tasks, oneshot},
    time::{Instant, timeout_at},
};

/// Jobs that may wait. Each sender waits for its answer, so the queue stays short.
const QUEUE: usize = 64;

/// An entry and whom to tell.
pub(super) type Item = (Entry, Option<ApplyResponder<Types>>);

/// Something to do.
enum Job {
    Apply {
        items: Vec<Item>,
        done: oneshot::Sender<io::Result<()>>,
    },
    /// Answers where the file durably is.
    Sync {
        done: oneshot::Sender<io::Result<Position>>,
    },
    Install {
        meta: SnapshotMeta,
        path: PathBuf,
        done: oneshot::Sender<io::Result<()>>,
    },
    Close {
        done: oneshot::Sender<()>,
    },
}

/// The way to it.
#[derive(Clone)]
pub(super) struct Applier {
    jobs: Jobs,
}

#[derive(Clone)]
enum Jobs {
    Thread(mpsc::SyncSender<Job>),
    Task(tasks::Sender<Job>),
}

impl Applier {
    /// Loads the state file and starts. Blocking.
    pub(super) fn start(file: Arc<File>, work: &Work) -> io::Result<(Self, Arc<View>, Position)> {
        let (writer, view) = StateWriter::load(file)?;
        let position = writer.position.clone();
        let jobs = match work.clone() {
            Work::Threads => {
                let (jobs, inbox) = mpsc::sync_channel(QUEUE);
                let thread = thread::Builder::new().name("raft-apply".to_owned());
                thread.spawn(move || run(writer, &inbox))?;
                Jobs::Thread(jobs)
            }
            Work::Tasks(pause) => {
                let (jobs, inbox) = tasks::channel(QUEUE);
                drop(tokio::spawn(run_paced(writer, inbox, pause)));
                Jobs::Task(jobs)
            }
        };
        Ok((Self { jobs }, view, position))
    }

    /// Applies in order; returns after the commit and after everybody was told.
    pub(super) async fn apply(&self, items: Vec<Item>) -> io::Result<()> {
        self.ask(|done| Job::Apply { items, done }).await?
    }

    /// Makes everything applied so far durable.
    pub(super) async fn sync(&self) -> io::Result<Position> {
        self.ask(|done| Job::Sync { done }).await?
    }

    /// Replaces the whole state by a checked snapshot file.
    pub(super) async fn install(&self, meta: SnapshotMeta, path: PathBuf) -> io::Result<()> {
        self.ask(|done| Job::Install { meta, path, done }).await?
    }

    /// Syncs, closes the file and ends.
    pub(super) async fn close(&self) {
        let _ = self.ask(|done| Job::Close { done }).await;
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> io::Result<T> {
        let stopped = || io::Error::other("the state's writer has stopped");
        let (done, answer) = oneshot::channel();
        match &self.jobs {
            Jobs::Thread(jobs) => jobs.send(job(done)).map_err(|_| stopped())?,
            Jobs::Task(jobs) => jobs.send(job(done)).await.map_err(|_| stopped())?,
        }
        answer.await.map_err(|_| stopped())
    }
}

/// What ended the wait for a job.
enum Woken {
    By(Job),
    SyncDue,
    NobodyLeft,
}

fn run(mut writer: StateWriter, inbox: &mpsc::Receiver<Job>) {
    loop {
        let woken = match writer.sync_due() {
            None => inbox.recv().map_or(Woken::NobodyLeft, Woken::By),
            Some(due) => match inbox.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(job) => Woken::By(job),
                Err(mpsc::RecvTimeoutError::Timeout) => Woken::SyncDue,
                Err(mpsc::RecvTimeoutError::Disconnected) => Woken::NobodyLeft,
            },
        };
        if step(&mut writer, woken).is_break() {
            return;
        }
    }
}

async fn run_paced(mut writer: StateWriter, mut inbox: tasks::Receiver<Job>, pause: Pause) {
    loop {
        let next = inbox.recv();
        let woken = match writer.sync_due() {
            None => next.await.map_or(Woken::NobodyLeft, Woken::By),
            Some(due) => match timeout_at(due, next).await {
                Ok(job) => job.map_or(Woken::NobodyLeft, Woken::By),
                Err(_) => Woken::SyncDue,
            },
        };
        tokio::time::sleep(pause()).await;
        if step(&mut writer, woken).is_break() {
            return;
        }
    }
}

fn step(writer: &mut StateWriter, woken: Woken) -> ControlFlow<()> {
    match woken {
        Woken::By(Job::Apply { items, done }) => {
            let _ = done.send(writer.apply(items));
        }
        Woken::By(Job::Sync { done }) => {
            let _ = done.send(writer.sync().map(|()| writer.position.clone()));
        }
        Woken::By(Job::Install { meta, path, done }) => {
            let _ = done.send(writer.install(&meta, &path));
        }
        Woken::By(Job::Close { done }) => {
            writer.end();
            let _ = done.send(());
            return ControlFlow::Break(());
        }
        Woken::SyncDue => writer.sync_late(),
        Woken::NobodyLeft => {
            writer.end();
            return ControlFlow::Break(());
        }
    }
    ControlFlow::Continue(())
}
