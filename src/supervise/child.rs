//! The task that keeps one process running, and the only one that touches it.

use super::health::{Health, Verdict};
use super::logs;
use super::probe::{self, ProbeError};
use super::process::{Exit, Process};
use super::shared::Shared;
use super::start::start;
use super::stop::{clean_up, stop};
use crate::base::{backoff::Backoff, error_chain::ErrorChain};
use crate::model::{observed::ProcessState, process::ProcessSpec};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// How much of a log's end goes into an error.
const MAX_LAST_WORDS_BYTES: u64 = 1200;
/// A program that was not ready in time gets twice the time, up to this many times: replaying a
/// large write-ahead log must succeed at some point, a hung program must not hang for ever.
const MAX_PATIENCE: u32 = 16;

/// What is asked of the task.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Goal {
    /// End the process, then the task.
    pub(super) stop: bool,
    /// Counts requests to end the process and start it again.
    pub(super) restarts: u64,
}

/// See the module.
pub(super) struct Child {
    name: String,
    shared: Arc<Shared>,
    spec: watch::Receiver<Arc<ProcessSpec>>,
    goal: watch::Receiver<Goal>,
    back_off: Backoff,
    n_failures: u32,
    patience: u32,
}

/// How one life of the process went.
enum Ended {
    /// We let go of it; it runs on.
    Released,
    /// We ended it for good.
    Stopped,
    /// We ended it, to start it again.
    Restarted,
    /// It ended, never started, or was stuck.
    Failed(String),
}

impl Child {
    pub(super) fn new(
        shared: Arc<Shared>,
        spec: watch::Receiver<Arc<ProcessSpec>>,
        goal: watch::Receiver<Goal>,
    ) -> Self {
        let timing = shared.config.timing;
        let name = spec.borrow().name.clone();
        let back_off = Backoff::new(timing.back_off_floor, timing.back_off_ceiling);
        Self { name, shared, spec, goal, back_off, n_failures: 0, patience: 1 }
    }

    /// Runs until it is told to stop, or released. `adopted`: the process is there already.
    pub(super) async fn run(mut self, mut adopted: Option<Process>) {
        loop {
            let mut ended = match adopted.take() {
                Some(process) => {
                    let log_start = self.log_length();
                    self.attend(&process, true, log_start).await
                }
                None => self.start_and_attend().await,
            };
            if let Ended::Failed(why) = ended {
                ended = self.wait_after(why).await;
            }
            match ended {
                Ended::Released => return,
                Ended::Stopped => {
                    return self.shared.update(&self.name, |status| {
                        status.state = ProcessState::Stopped;
                        status.pid = None;
                    });
                }
                Ended::Restarted | Ended::Failed(_) => {}
            }
        }
    }

    async fn start_and_attend(&mut self) -> Ended {
        if self.shared.state(&self.name).is_some() {
            self.shared.update(&self.name, |status| status.restarts += 1);
        }
        self.shared.update(&self.name, |status| {
            status.state = ProcessState::Starting;
            status.adopted = false;
        });
        let spec = self.spec.borrow_and_update().clone();
        // Before it runs: one that ends at once has said its last words before we look.
        let log_start = self.log_length();
        match start(&self.shared, &spec).await {
            Ok(process) => {
                tracing::info!(process = self.name, pid = process.pid(), "process started");
                self.attend(&process, false, log_start).await
            }
            Err(error) => Ended::Failed(ErrorChain(&error).to_string()),
        }
    }

    fn log_length(&self) -> u64 {
        logs::length(&self.shared.log_path(&self.name))
    }

    /// Watches `process`, whose log begins at `log_start`, until it has ended or is let go.
    async fn attend(&mut self, process: &Process, adopted: bool, log_start: u64) -> Ended {
        self.shared.update(&self.name, |status| {
            status.state = ProcessState::Starting;
            status.pid = Some(process.pid());
            status.adopted = adopted;
        });
        let timing = self.shared.config.timing;
        let start_timeout = self.spec.borrow().start_timeout * self.patience;
        let mut health = Health::new(timing, Instant::now(), start_timeout);
        let restarts = self.goal.borrow_and_update().restarts;
        let mut last_answer = None;
        loop {
            let goal = *self.goal.borrow();
            if goal.stop || goal.restarts != restarts {
                self.stop(process).await;
                return if goal.stop { Ended::Stopped } else { Ended::Restarted };
            }
            let spec = self.spec.borrow_and_update().clone();
            let question = async {
                sleep_until(health.next_probe).await;
                probe::ask(&spec.ready, timing.probe_timeout).await
            };
            tokio::select! {
                biased;
                () = self.shared.release.cancelled() => return Ended::Released,
                exit = process.exited() => return self.ended(process, exit, log_start).await,
                changed = self.goal.changed() => if changed.is_err() { return Ended::Released },
                // Other answers may be wanted now.
                Ok(()) = self.spec.changed() => {}
                () = sleep_until(health.start_deadline), if !health.was_ready() =>
                    return self.stuck(process, start_timeout, last_answer).await,
                answer = question => {
                    self.judge(&mut health, answer.as_ref().err());
                    last_answer = answer.err();
                }
            }
        }
    }

    fn judge(&mut self, health: &mut Health, error: Option<&ProbeError>) {
        let now = Instant::now();
        let verdict = health.answer(error.is_none(), now);
        match verdict {
            Verdict::Same => {}
            Verdict::Ready => {
                self.patience = 1;
                tracing::info!(process = self.name, "process ready");
                self.shared.update(&self.name, |status| status.state = ProcessState::Ready);
            }
            Verdict::Unhealthy => {
                let error = error.map(ToString::to_string);
                tracing::warn!(process = self.name, error, "process does not answer any more");
                self.shared.update(&self.name, |status| {
                    status.state = ProcessState::Unhealthy;
                    status.error = error;
                });
            }
        }
        if health.is_settled(now) {
            // What went wrong before is history now.
            self.back_off.reset();
            self.n_failures = 0;
            self.shared.update(&self.name, |status| status.error = None);
        }
    }

    async fn ended(&mut self, process: &Process, exit: Exit, log_start: u64) -> Ended {
        clean_up(&self.shared, &self.name).await;
        let last_words = self.last_words(log_start);
        let since = if last_words.is_empty() { "" } else { "; its last words: " };
        tracing::warn!(process = self.name, pid = process.pid(), %exit, "process ended by itself");
        Ended::Failed(format!("{exit}{since}{last_words}"))
    }

    async fn stuck(
        &mut self,
        process: &Process,
        waited: Duration,
        last_answer: Option<ProbeError>,
    ) -> Ended {
        self.patience = (self.patience * 2).min(MAX_PATIENCE);
        self.stop(process).await;
        let answer = last_answer.map_or_else(|| "no answer".to_owned(), |error| error.to_string());
        Ended::Failed(format!(
            "not ready within {waited:?} ({answer}); stopped to be started again"
        ))
    }

    async fn stop(&self, process: &Process) {
        let grace = self.spec.borrow().stop_grace;
        stop(&self.shared, &self.name, process, grace).await;
    }

    /// The wait of a program that failed; ends early when it is to stop or to start at once.
    async fn wait_after(&mut self, why: String) -> Ended {
        self.n_failures += 1;
        let wait = self.back_off.next_wait();
        let error = match self.n_failures {
            1 => why,
            n => format!("failed {n} times in a row, next try in {wait:.1?}: {why}"),
        };
        self.shared.update(&self.name, |status| {
            status.state = ProcessState::BackOff;
            status.pid = None;
            status.error = Some(error);
        });
        let restarts = self.goal.borrow_and_update().restarts;
        let mut wait = std::pin::pin!(sleep(wait));
        loop {
            let goal = *self.goal.borrow();
            if goal.stop {
                return Ended::Stopped;
            }
            if goal.restarts != restarts {
                return Ended::Restarted;
            }
            tokio::select! {
                () = self.shared.release.cancelled() => return Ended::Released,
                () = &mut wait => return Ended::Restarted,
                changed = self.goal.changed() => if changed.is_err() { return Ended::Released },
            }
        }
    }

    /// The end of what this life of the process wrote to its log.
    fn last_words(&self, log_start: u64) -> String {
        let log = self.shared.log_path(&self.name);
        let bytes = logs::last_bytes(&log, log_start, MAX_LAST_WORDS_BYTES).unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }
}
