//! The handle: what should run goes in, what does run comes out.

use super::adopt;
use super::cgroup::Cgroups;
use super::child::Goal;
use super::config::Config;
use super::converge::{Converge, Goals, Hashed, Wanted, lock};
use super::records::{Records, launch_hash};
use super::run_once::Runner;
use super::shared::{Shared, Statuses};
use super::{SuperviseError, keeper, protections, run_lock, wanted};
use crate::base::shutdown::Shutdown;
use crate::model::process::ProcessSpec;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::DropGuard;

/// Keeps a set of processes running. Dropped without [`Supervisor::stop_all`] it leaves them
/// running, for the next [`Supervisor::open`] to adopt.
#[derive(Debug)]
pub struct Supervisor {
    shared: Arc<Shared>,
    wanted: watch::Sender<Wanted>,
    settled: watch::Receiver<u64>,
    goals: Goals,
    task: Mutex<Option<JoinHandle<()>>>,
    protections: Vec<String>,
    _release: DropGuard,
}

impl Supervisor {
    /// Finds the children of an earlier life and holds on to them; what is to become of them is
    /// said by the first [`Supervisor::apply`]. Needs a tokio runtime.
    ///
    /// # Errors
    /// `Files` when a folder or the record cannot be used, or when another process supervises
    /// from the same folder; `InvalidSpec` for an unusable owner.
    pub async fn open(config: Config) -> Result<Self, SuperviseError> {
        wanted::check_owner(&config.owner)?;
        let opening = config.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let lock = run_lock::take(&opening)?;
            let records = Records::open(opening.run_dir.join("children.json"), &opening.owner)?;
            Ok((lock, records))
        });
        let (run_lock, records) = opened.await.map_err(|_| SuperviseError::Ended)??;
        let cgroups = Cgroups::find();
        let runner = Runner::new(config.launcher.clone());
        let protections = protections::list(&runner, cgroups.as_ref().err()).await;
        let release = Shutdown::new();
        let shared = Arc::new(Shared {
            config,
            records,
            cgroups: cgroups.ok(),
            statuses: watch::Sender::new(Statuses::new()),
            release: release.clone(),
            _run_lock: run_lock,
        });
        let leftovers = adopt::find(&shared).await?;
        let (wanted, wanted_receiver) = watch::channel(Wanted::default());
        let (settled_sender, settled) = watch::channel(0);
        let goals = Goals::default();
        let converge = Converge {
            shared: Arc::clone(&shared),
            wanted: wanted_receiver,
            settled: settled_sender,
            goals: Arc::clone(&goals),
            leftovers,
            children: BTreeMap::new(),
        };
        tokio::spawn(keeper::keep_logs_short(Arc::clone(&shared)));
        Ok(Self {
            shared,
            wanted,
            settled,
            goals,
            task: Mutex::new(Some(tokio::spawn(converge.run()))),
            protections,
            _release: release.drop_guard(),
        })
    }

    /// Says what should run, all of it. Returns at once; [`Supervisor::settled`] waits.
    ///
    /// Missing ones are started, changed ones restarted, others stopped; an equal spec means
    /// nothing to do. A later call overtakes an earlier one.
    ///
    /// # Errors
    /// `InvalidSpec`: nothing of the set was taken. `Ended` after `stop_all` or `release`.
    pub fn apply(&self, specs: Vec<ProcessSpec>) -> Result<(), SuperviseError> {
        let mut by_name: BTreeMap<String, Hashed> = BTreeMap::new();
        for spec in specs {
            wanted::check(&spec)?;
            let hash = launch_hash(&spec)?;
            let name = spec.name.clone();
            if by_name.insert(name.clone(), (Arc::new(spec), hash)).is_some() {
                let reason = "is in the set twice".to_owned();
                return Err(SuperviseError::InvalidSpec { name, reason });
            }
        }
        self.want(by_name, false).map(drop)
    }

    /// Waits until what was applied last has been carried out: the last start was made, the last
    /// stop is complete. Says nothing about readiness. Cancel safe.
    pub async fn settled(&self) {
        let round = self.wanted.borrow().round;
        self.wait_for(round).await;
    }

    /// The state of every wanted process and of those that still have to end, by name.
    #[must_use]
    pub fn statuses(&self) -> watch::Receiver<Statuses> {
        self.shared.statuses.subscribe()
    }

    /// Asks for `name` to be stopped and started again (at once, if it waits for its next try).
    /// Returns at once; `statuses` has the new process id when it is done.
    ///
    /// # Errors
    /// `UnknownProcess`.
    pub fn restart(&self, name: &str) -> Result<(), SuperviseError> {
        let goals = lock(&self.goals);
        let goal: &watch::Sender<Goal> = goals
            .get(name)
            .ok_or_else(|| SuperviseError::UnknownProcess { name: name.to_owned() })?;
        goal.send_modify(|goal| goal.restarts += 1);
        Ok(())
    }

    /// Stops everything, in order, each with its own grace time. Nothing can be applied after.
    ///
    /// # Errors
    /// `Ended` when it has been called before.
    pub async fn stop_all(&self) -> Result<(), SuperviseError> {
        let round = self.want(BTreeMap::new(), true)?;
        self.wait_for(round).await;
        self.release().await;
        Ok(())
    }

    /// Ends our own tasks and leaves the children running.
    pub async fn release(&self) {
        self.shared.release.cancel();
        let task = lock(&self.task).take();
        if let Some(Err(error)) = match task {
            Some(task) => Some(task.await),
            None => None,
        } {
            tracing::error!(%error, "the supervisor's task failed");
        }
    }

    /// Which protections of the children are on and which are off here, one sentence each.
    #[must_use]
    pub fn protections(&self) -> &[String] {
        &self.protections
    }

    /// Runs checkers with the same launcher.
    #[must_use]
    pub fn runner(&self) -> Runner {
        Runner::new(self.shared.config.launcher.clone())
    }

    /// Where the log of `name` is; for [`super::tail`] and [`super::Follower`].
    #[must_use]
    pub fn log_path(&self, name: &str) -> PathBuf {
        self.shared.log_path(name)
    }

    fn want(&self, specs: BTreeMap<String, Hashed>, is_last: bool) -> Result<u64, SuperviseError> {
        let mut round = Err(SuperviseError::Ended);
        self.wanted.send_if_modified(|wanted| {
            if wanted.is_last || self.shared.release.is_cancelled() {
                return false;
            }
            *wanted = Wanted { round: wanted.round + 1, specs: Some(specs), is_last };
            round = Ok(wanted.round);
            true
        });
        round
    }

    /// An error means that the task has ended, and nothing will happen any more.
    async fn wait_for(&self, round: u64) {
        let _ = self.settled.clone().wait_for(|settled| *settled >= round).await;
    }
}
