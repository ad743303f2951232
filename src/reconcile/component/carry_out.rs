//! Does the steps of a plan, and goes back when a program does not take what it was given.

use super::{
    ComponentTask,
    files::{complaints, make_data_dir, swap},
    refusal::Refusal,
};
use crate::{
    base::error_chain::ErrorChain,
    model::observed::{ProcessState, RefusedBy},
    reconcile::{
        ledger::Entry,
        plan::{Step, Version, plan},
        reload::{self, ReloadFailure},
        tree::{self, TreeError},
    },
    render::Component,
};
use tokio::time::{Instant, timeout_at};

impl ComponentTask {
    /// `Ok(true)`: the wanted version is live. `Ok(false)`: it was refused before.
    pub(super) async fn carry_out(
        &mut self,
        component: &Component,
        version: &Version,
        index: u64,
    ) -> Result<bool, Refusal> {
        self.present.running = self.is_ready(&component.process.name);
        let steps = plan(version, &self.present, component.reload.is_some());
        if steps.is_empty() {
            return Ok(self.present.live.as_ref() == Some(version));
        }
        tracing::debug!(component = component.name, ?steps, "reconciling");
        let before = self.present.live.clone();
        for step in steps {
            match step {
                Step::Check => self.parts.checkers.check(component).await.map_err(Refusal::of)?,
                Step::Swap => swap(component, &version.files).await?,
                Step::Reload => self.reload(component, before.as_ref()).await?,
                Step::Start => self.start(component, before.as_ref()).await?,
            }
        }
        self.present.live = Some(version.clone());
        self.live_spec = Some(component.process.clone());
        let spec = component.process.clone();
        let entry = Entry { version: version.clone(), spec, index, refused_since: None };
        let (ledger, name) = (self.parts.ledger.clone(), component.name.clone());
        let noted = tokio::task::spawn_blocking(move || ledger.set(&name, Some(entry))).await;
        if let Ok(Err(error)) = noted {
            tracing::warn!(component = component.name, %error, "cannot note what is live");
        }
        Ok(true)
    }

    /// Folders and live files: nothing a program could refuse.
    pub(super) async fn prepare(&self, component: &Component) -> Result<(), TreeError> {
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
        let Err(failure) = reload::reload(&self.parts.http, how).await else { return Ok(()) };
        let (by, mut words) = match failure {
            ReloadFailure::Refused(words) => (Some(RefusedBy::Program), words),
            ReloadFailure::Unsure(words) => (None, words),
        };
        // Prometheus answers that something failed; what it was stands in its log alone.
        let log = self.parts.supervisor.log_path(&component.process.name);
        for line in complaints(log).await {
            words.push('\n');
            words.push_str(&line);
        }
        if let Some(before) = before {
            swap(component, &before.files).await?;
            if let Err(failure) = reload::reload(&self.parts.http, how).await {
                tracing::error!(
                    component = component.name,
                    ?failure,
                    "the previous config was not taken up again"
                );
            }
        }
        Err(Refusal::rolled_back(by, words))
    }

    async fn start(
        &mut self,
        component: &Component,
        before: Option<&Version>,
    ) -> Result<(), Refusal> {
        let name = &component.process.name;
        let pid_before = self.pid(name);
        // Only of a program that ran well until now can be said that it is the new version.
        let by = self.present.running.then_some(RefusedBy::Program);
        let same_spec = self.live_spec.as_ref() == Some(&component.process);
        self.parts.specs.put(&self.parts.supervisor, component.process.clone());
        if self.gave_up(name) || same_spec && pid_before.is_some() && component.reload.is_none() {
            self.restart(name);
        }
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
                Err(Refusal::rolled_back(by, words))
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
}
