//! One component of this node: a task that brings it to the wanted version and keeps it there.

use super::{
    checker::Checkers,
    ledger::{Entry, Ledger},
    plan::{Present, Step, Version, plan},
    reload,
    status::{ComponentReport, Reports},
    tree::{self, TreeError},
    turn::{Turn, Turns},
};
use crate::{
    admission::CheckFailure,
    base::{clock::now_unix_ms, error_chain::ErrorChain, shutdown::Shutdown},
    model::{
        UnixMs,
        observed::{ConfigStatus, Fault, ProcessState},
        process::{ProcessSpec, RunAs},
    },
    observe::http::LocalHttp,
    render::Component,
    supervise::{Supervisor, tail},
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

/// How often a task looks again although nothing woke it: repairs, retries.
const LOOK_AGAIN: Duration = Duration::from_secs(15);
/// How far back in its log a program's words about a failed reload are looked for.
const LOG_LINES: usize = 20;

/// What one render wants of a component.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Store index that was rendered.
    pub index: u64,
    /// The component.
    pub component: Arc<Component>,
}

/// What the tasks share.
#[derive(Clone)]
pub struct Parts {
    /// Runs the processes.
    pub supervisor: Arc<Supervisor>,
    /// Runs the checkers.
    pub checkers: Checkers,
    /// Talks to the programs.
    pub http: LocalHttp,
    /// Where results are published.
    pub reports: Reports,
    /// All process specs of the node: the supervisor takes the whole set.
    pub specs: Specs,
    /// What was last good.
    pub ledger: Ledger,
    /// Whose turn it is to restart a program that runs.
    pub turns: Turns,
}

/// The node's wanted processes. Cheap to clone.
#[derive(Clone, Default)]
pub struct Specs(Arc<Mutex<BTreeMap<String, ProcessSpec>>>);

impl Specs {
    fn change(
        &self,
        supervisor: &Supervisor,
        change: impl FnOnce(&mut BTreeMap<String, ProcessSpec>),
    ) {
        // The lock also orders the calls, so that an older set never overtakes a newer one.
        let mut specs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut specs);
        if let Err(error) = supervisor.apply(specs.values().cloned().collect()) {
            tracing::error!(error = %ErrorChain(&error), "the supervisor refused the set of processes");
        }
    }

    /// What ran when we last looked, all of it at once: the supervisor's first set decides what
    /// becomes of the processes of an earlier life.
    pub fn seed(&self, supervisor: &Supervisor, running: impl IntoIterator<Item = ProcessSpec>) {
        self.change(supervisor, |specs| {
            specs.extend(running.into_iter().map(|spec| (spec.name.clone(), spec)));
        });
    }

    /// Adds or replaces one.
    pub fn put(&self, supervisor: &Supervisor, spec: ProcessSpec) {
        self.change(supervisor, |specs| {
            specs.insert(spec.name.clone(), spec);
        });
    }

    /// Stops one.
    pub fn remove(&self, supervisor: &Supervisor, name: &str) {
        self.change(supervisor, |specs| {
            specs.remove(name);
        });
    }
}

/// The task's own state.
pub struct ComponentTask {
    parts: Parts,
    wanted: watch::Receiver<Wanted>,
    present: Present,
    /// Spec of `present.live`, for going back.
    live_spec: Option<ProcessSpec>,
    live_index: u64,
    refusal: Option<Refusal>,
}

/// Why the wanted version is not live.
#[derive(Debug, Clone)]
struct Refusal {
    words: String,
    code: &'static str,
    since: UnixMs,
    /// Worth another try although nothing changed.
    retry: Option<Instant>,
}

impl ComponentTask {
    /// A task for the component in `wanted`.
    #[must_use]
    pub fn new(parts: Parts, wanted: watch::Receiver<Wanted>) -> Self {
        let component = Arc::clone(&wanted.borrow().component);
        let known = parts.ledger.get(&component.name);
        // A crash between putting files in place and noting it: take them over once more.
        let in_place = tree::live_hash(&component.config_dir);
        let live = known.as_ref().map(|entry| entry.version.clone()).filter(|version| {
            component.files.is_empty() || in_place.as_ref() == Some(&version.files)
        });
        Self {
            parts,
            wanted,
            present: Present { live, ..Present::default() },
            live_spec: known.map(|entry| entry.spec),
            live_index: 0,
            refusal: None,
        }
    }

    /// Runs until shutdown or until the component no longer belongs here (its sender is gone).
    /// The process itself is left running; [`Specs::remove`] stops it.
    pub async fn run(mut self, shutdown: Shutdown) {
        loop {
            let wanted = self.wanted.borrow_and_update().clone();
            tokio::select! {
                () = self.pass(&wanted) => {}
                () = shutdown.cancelled() => return,
            }
            tokio::select! {
                changed = self.wanted.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    async fn pass(&mut self, wanted: &Wanted) {
        let component = &*wanted.component;
        let version = Version {
            files: tree::hash(&component.files),
            process: process_hash(&component.process),
        };
        if self.refusal.as_ref().and_then(|r| r.retry).is_some_and(|at| Instant::now() >= at) {
            self.present.refused = None;
        }
        let outcome = match self.prepare(component).await {
            Ok(()) => self.carry_out(component, &version).await,
            Err(error) => Err(Refusal::passing("WK-3013", &error)),
        };
        match outcome {
            Ok(true) => {
                self.present.refused = None;
                self.refusal = None;
                self.live_index = wanted.index;
            }
            Ok(false) => {}
            Err(refusal) => {
                tracing::warn!(
                    component = component.name,
                    reason = refusal.words,
                    "not taken over"
                );
                self.present.refused = Some(version.clone());
                self.refusal = Some(refusal);
            }
        }
        self.publish(wanted, &version);
    }

    /// `Ok(true)`: the wanted version is live. `Ok(false)`: it was refused before.
    async fn carry_out(
        &mut self,
        component: &Component,
        version: &Version,
    ) -> Result<bool, Refusal> {
        self.present.running = self.is_ready(&component.process.name);
        let steps = plan(version, &self.present, component.reload.is_some());
        if steps.is_empty() {
            return Ok(self.present.live.as_ref() == Some(version));
        }
        tracing::debug!(component = component.name, ?steps, "reconciling");
        let turn = match self.interrupts(component, &steps) {
            false => None,
            true => match self.turn(component).await {
                Some(turn) => Some(turn),
                // Something newer is wanted by now; nothing was touched.
                None => return Ok(false),
            },
        };
        let done = self.take(steps, component, version, turn.as_ref()).await;
        if let Some(turn) = turn {
            if done.is_err() {
                // What was put back must serve again before the next replica goes down.
                let _ = self.wait_ready(component).await;
            }
            turn.give_back().await;
        }
        done?;
        self.present.live = Some(version.clone());
        self.live_spec = Some(component.process.clone());
        let entry = Entry { version: version.clone(), spec: component.process.clone() };
        let (ledger, name) = (self.parts.ledger.clone(), component.name.clone());
        let noted = tokio::task::spawn_blocking(move || ledger.set(&name, Some(entry))).await;
        if let Ok(Err(error)) = noted {
            tracing::warn!(component = component.name, %error, "cannot note what is live");
        }
        Ok(true)
    }

    /// Whether the steps take down a program that others of its kind stand in for meanwhile.
    fn interrupts(&self, component: &Component, steps: &[Step]) -> bool {
        let changes = self.live_spec.as_ref() != Some(&component.process);
        steps.contains(&Step::Start)
            && self.present.live.is_some()
            && (changes || component.reload.is_none())
            && !self.gave_up(&component.process.name)
    }

    /// `None` when something else is wanted before it is our turn.
    async fn turn(&self, component: &Component) -> Option<Turn> {
        let mut wanted = self.wanted.clone();
        tokio::select! {
            turn = self.parts.turns.take(&component.name) => Some(turn),
            _ = wanted.changed() => None,
        }
    }

    async fn take(
        &mut self,
        steps: Vec<Step>,
        component: &Component,
        version: &Version,
        turn: Option<&Turn>,
    ) -> Result<(), Refusal> {
        let before = self.present.live.clone();
        for step in steps {
            match step {
                Step::Check => self.parts.checkers.check(component).await.map_err(Refusal::of)?,
                Step::Swap => swap(component, &version.files).await?,
                Step::Reload => self.reload(component, before.as_ref()).await?,
                Step::Start if turn.is_some_and(|turn| !turn.is_mine()) => {
                    return Err(Refusal::turn_lost());
                }
                Step::Start => self.start(component, before.as_ref()).await?,
            }
        }
        Ok(())
    }

    /// Folders and live files: nothing a program could refuse.
    async fn prepare(&self, component: &Component) -> Result<(), TreeError> {
        let (data, live, files) =
            (component.data_dir.clone(), component.live_dir.clone(), component.live_files.clone());
        let run_as = component.process.run_as;
        let work = move || {
            make_data_dir(&data, run_as)?;
            live.map_or(Ok(false), |dir| tree::write_live(&dir, &files)).map(|_| ())
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(Ok(()))
    }

    async fn reload(&self, component: &Component, before: Option<&Version>) -> Result<(), Refusal> {
        let Some(how) = &component.reload else { return Ok(()) };
        let Err(mut words) = reload::reload(&self.parts.http, how).await else { return Ok(()) };
        // Prometheus answers that something failed; what it was stands in its log alone.
        let log = self.parts.supervisor.log_path(&component.process.name);
        for line in complaints(log).await {
            words.push('\n');
            words.push_str(&line);
        }
        if let Some(before) = before {
            swap(component, &before.files).await?;
            if let Err(error) = reload::reload(&self.parts.http, how).await {
                tracing::error!(
                    component = component.name,
                    error,
                    "the previous config was not taken up again"
                );
            }
        }
        Err(Refusal::rolled_back(words))
    }

    async fn start(
        &mut self,
        component: &Component,
        before: Option<&Version>,
    ) -> Result<(), Refusal> {
        let name = &component.process.name;
        let pid_before = self.pid(name);
        let same_spec = self.live_spec.as_ref() == Some(&component.process);
        self.parts.specs.put(&self.parts.supervisor, component.process.clone());
        if self.gave_up(name) || same_spec && pid_before.is_some() && component.reload.is_none() {
            self.restart(name);
        }
        // Else the state of the process that is to go would be taken for that of the new one.
        self.parts.supervisor.settled().await;
        let came_up = self.wait_ready(component).await;
        match (came_up, before, &self.live_spec) {
            (Ok(pid), ..) if pid_before == Some(pid) => {
                // Adopted or left running: what was swapped meanwhile still has to be taken up.
                self.reload(component, before).await
            }
            (Ok(_), ..) => Ok(()),
            (Err(words), Some(before), Some(spec)) => {
                swap(component, &before.files).await?;
                self.parts.specs.put(&self.parts.supervisor, spec.clone());
                self.restart(name);
                Err(Refusal::rolled_back(words))
            }
            // Nothing to go back to: the supervisor keeps trying and its status says why.
            (Err(words), ..) => {
                tracing::warn!(component = component.name, reason = words, "does not come up");
                Ok(())
            }
        }
    }

    /// Its pid once ready; else why it did not come up.
    async fn wait_ready(&self, component: &Component) -> Result<u32, String> {
        let name = &component.process.name;
        let deadline = Instant::now() + component.process.start_timeout;
        let mut statuses = self.parts.supervisor.statuses();
        let mut restarts = None;
        loop {
            if let Some(status) = statuses.borrow_and_update().get(name) {
                match (status.state, status.pid) {
                    (ProcessState::Ready, Some(pid)) => return Ok(pid),
                    (ProcessState::BackOff, _) if restarts.is_some_and(|n| status.restarts > n) => {
                        return Err(status
                            .error
                            .clone()
                            .unwrap_or_else(|| "it ended at start".into()));
                    }
                    (ProcessState::Starting, _) if restarts.is_none() => {
                        restarts = Some(status.restarts);
                    }
                    (ProcessState::BackOff, _) if restarts.is_some() => {
                        return Err(status
                            .error
                            .clone()
                            .unwrap_or_else(|| "it ended at start".into()));
                    }
                    _ => {}
                }
            }
            match timeout_at(deadline, statuses.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err("the supervisor stopped".into()),
                Err(_) => return Err(format!("{name} was not ready in time")),
            }
        }
    }

    fn restart(&self, name: &str) {
        if let Err(error) = self.parts.supervisor.restart(name) {
            tracing::error!(process = name, error = %ErrorChain(&error), "cannot be restarted");
        }
    }

    fn is_ready(&self, name: &str) -> bool {
        self.parts
            .supervisor
            .statuses()
            .borrow()
            .get(name)
            .is_some_and(|status| status.state == ProcessState::Ready)
    }

    fn gave_up(&self, name: &str) -> bool {
        self.parts
            .supervisor
            .statuses()
            .borrow()
            .get(name)
            .is_some_and(|status| status.state == ProcessState::BackOff)
    }

    fn pid(&self, name: &str) -> Option<u32> {
        self.parts.supervisor.statuses().borrow().get(name).and_then(|status| status.pid)
    }

    fn publish(&self, wanted: &Wanted, version: &Version) {
        let component = &*wanted.component;
        let refusal = self.refusal.as_ref();
        let live_hash = self.present.live.as_ref().unwrap_or(version).files.clone();
        let config = ConfigStatus {
            component: component.name.clone(),
            rendered_index: wanted.index,
            live_index: self.live_index,
            live_hash,
            refused: refusal.map(|refusal| refusal.words.clone()),
        };
        let faults = refusal.map(|refusal| refusal.fault(component)).into_iter().collect();
        let version = component.version.clone();
        self.parts.reports.publish(&component.name, ComponentReport { config, faults, version });
    }
}

impl Refusal {
    fn new(code: &'static str, words: String, retry: Option<Duration>) -> Self {
        let retry = retry.map(|after| Instant::now() + after);
        Self { words, code, since: UnixMs(now_unix_ms()), retry }
    }

    /// Will pass by itself: a full disk, a program that could not be started.
    fn passing(code: &'static str, error: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(code, ErrorChain(error).to_string(), Some(LOOK_AGAIN))
    }

    /// The turn to restart it went to somebody else while the store could not be reached.
    fn turn_lost() -> Self {
        let words = "another node restarts its replica first".to_owned();
        Self::new("WK-3013", words, Some(LOOK_AGAIN))
    }

    fn of(error: CheckFailure) -> Self {
        match error {
            CheckFailure::Refused { .. } => Self::new("WK-3011", error.to_string(), None),
            _ => Self::passing("WK-3013", &error),
        }
    }

    /// The program itself said no; the previous version is back. Tried again after a while, in
    /// case it was only busy.
    fn rolled_back(words: String) -> Self {
        Self::new("WK-3012", words, Some(Duration::from_secs(300)))
    }

    fn fault(&self, component: &Component) -> Fault {
        let declared = component
            .files
            .iter()
            .find(|(path, file)| file.declared_by.is_some() && self.words.contains(path.as_str()))
            .and_then(|(_, file)| file.declared_by.as_ref());
        let object =
            declared.map_or_else(|| format!("component/{}", component.name), ToString::to_string);
        Fault {
            code: self.code.to_owned(),
            object,
            message: format!(
                "{} keeps its last good configuration: {}",
                component.name, self.words
            ),
            since: self.since,
        }
    }
}

async fn swap(component: &Component, hash: &str) -> Result<(), Refusal> {
    let (config_dir, hash) = (component.config_dir.clone(), hash.to_owned());
    let files = component.files.clone();
    let work = move || {
        if hash == tree::hash(&files) {
            tree::stage(&config_dir, &hash, &files)?;
        }
        tree::swap(&config_dir, &hash)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| Refusal::passing("WK-3013", &error)),
        Err(error) => Err(Refusal::passing("WK-3013", &error)),
    }
}

/// The newest complaints of a program in its log, oldest first.
async fn complaints(log: std::path::PathBuf) -> Vec<String> {
    let lines = tokio::task::spawn_blocking(move || tail(&log, LOG_LINES)).await;
    let lines = lines.ok().and_then(Result::ok).unwrap_or_default();
    let errors = lines.iter().filter(|line| line.contains("\"level\":\"ERROR\"")).rev().take(3);
    let mut newest: Vec<String> = errors
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|line| {
            Some(format!("{}: {}", line.get("msg")?.as_str()?, line.get("err")?.as_str()?))
        })
        .collect();
    newest.reverse();
    newest
}

/// Made once, given to the component's user, never touched again.
fn make_data_dir(dir: &Path, run_as: Option<RunAs>) -> Result<(), TreeError> {
    if dir.is_dir() {
        return Ok(());
    }
    tree::make_dir(dir)?;
    run_as.map_or(Ok(()), |user| tree::give_to(dir, user.uid, user.gid))
}

fn process_hash(spec: &ProcessSpec) -> String {
    let encoded = serde_json::to_vec(spec).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&Sha256::digest(encoded))
}
