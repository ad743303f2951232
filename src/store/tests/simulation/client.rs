//! A client: reads and writes through any node, and writes down what it was told.

use super::{
    history::{End, Op, Seen, Swapped, What},
    node::Life,
    rng::Rng,
    world::World,
};
use crate::{
    model::{Kind, UnixMs, label::Labels},
    store::{
        Store, WriteError,
        command::{Change, Command, Precondition},
        tests::{name, project},
    },
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};

const N_KEYS: u64 = 3;
const DEADLINE: Duration = Duration::from_secs(2);

pub(super) struct Client {
    id: u32,
    world: Arc<World>,
    rng: Rng,
    n_writes: u32,
    /// At which revision this client last saw a key; `None` = that it was not there.
    known: HashMap<String, Option<u64>>,
    /// An acknowledged write, to be sent again.
    acknowledged: Option<(String, Command, u64)>,
}

impl Client {
    pub(super) fn new(id: u32, world: Arc<World>, rng: Rng) -> Self {
        Self { id, world, rng, n_writes: 0, known: HashMap::new(), acknowledged: None }
    }

    pub(super) async fn run(mut self, until: Instant) {
        while Instant::now() < until {
            sleep(self.rng.millis(5..100)).await;
            let node = self.rng.index(self.world.nodes.len());
            let Some(life) = self.world.nodes[node].life() else { continue };
            let key = format!("k{}", self.rng.within(0..N_KEYS));
            let call_us = self.world.trace.micros();
            let (end, what, key) = match self.rng.within(0..100) {
                0..30 => self.read(&life, key).await,
                30..65 => self.put(&life, key).await,
                65..90 => self.swap(&life, key).await,
                _ => match self.acknowledged.take() {
                    None => continue,
                    Some(write) => self.repeat(&life, write).await,
                },
            };
            // Who lost its power meanwhile has told nobody anything.
            let end = if life.power.is_off() && end == End::Ok { End::Info } else { end };
            let op = Op {
                client: self.id,
                node,
                key,
                call_us,
                ret_us: self.world.trace.micros(),
                end,
                what,
            };
            self.learn(&op);
            self.world.trace.note(format_args!("client {op:?}"));
            self.world.history.lock().unwrap().push(op);
        }
    }

    fn learn(&mut self, op: &Op) {
        if op.end != End::Ok {
            return;
        }
        if let Some((_, revision)) = op.acknowledged() {
            self.known.insert(op.key.clone(), Some(revision));
        } else if let What::Read(found) = &op.what {
            self.known.insert(op.key.clone(), found.as_ref().map(|seen| seen.revision));
        }
    }

    async fn read(&self, life: &Life, key: String) -> (End, What, String) {
        let end = match life.store.barrier(DEADLINE).await {
            Ok(_) => End::Ok,
            Err(_) => End::Info,
        };
        (end, What::Read(seen(&life.store, &key)), key)
    }

    async fn put(&mut self, life: &Life, key: String) -> (End, What, String) {
        let (value, command) = self.command(&key, vec![]);
        let (end, revision) = match life.store.write(command.clone(), DEADLINE).await {
            Ok(written) => {
                self.acknowledged = Some((key.clone(), command, written.index));
                (End::Ok, written.index)
            }
            Err(error) => (how(&error), 0),
        };
        (end, What::Put { value, revision }, key)
    }

    async fn swap(&mut self, life: &Life, key: String) -> (End, What, String) {
        let expected = self.known.get(&key).copied().flatten();
        let guard = match expected {
            Some(revision) => {
                Precondition::Revision(project(&key), crate::model::Revision(revision))
            }
            None => Precondition::Absent(project(&key)),
        };
        let (value, command) = self.command(&key, vec![guard]);
        let (end, outcome) = match life.store.write(command, DEADLINE).await {
            Ok(written) => (End::Ok, Swapped::Done(written.index)),
            Err(WriteError::Precondition(_)) => {
                self.known.remove(&key);
                (End::Ok, Swapped::Lost)
            }
            Err(error) => (how(&error), Swapped::Lost),
        };
        (end, What::Swap { expected, value, outcome }, key)
    }

    async fn repeat(
        &self,
        life: &Life,
        (key, command, first): (String, Command, u64),
    ) -> (End, What, String) {
        match life.store.write(command, DEADLINE).await {
            Ok(written) => (End::Ok, What::Repeat { first, again: written.index }, key),
            Err(_) => (End::Info, What::Repeat { first, again: first }, key),
        }
    }

    /// A value that nobody else writes, and the command that does.
    fn command(&mut self, key: &str, preconditions: Vec<Precondition>) -> (String, Command) {
        self.n_writes += 1;
        let value = format!("{}-{}", self.id, self.n_writes);
        let (kind, labels) = (Kind::Project, Labels::new());
        let spec = serde_json::json!({ "title": value });
        let command = Command {
            request: u128::from(self.rng.next()) << 64 | u128::from(self.rng.next()),
            actor: "simulated".to_owned(),
            why: String::new(),
            at: UnixMs(self.world.trace.micros() / 1000),
            preconditions,
            changes: vec![Change::Put { kind, name: name(key), labels, spec }],
        };
        (value, command)
    }
}

/// A write that was not acknowledged may have happened.
fn how(error: &WriteError) -> End {
    if matches!(error, WriteError::Refused(_)) { End::Fail } else { End::Info }
}

/// A key as this node shows it.
pub(super) fn seen(store: &Store, key: &str) -> Option<Seen> {
    let state = store.state();
    let found = state.get(Kind::Project, key)?;
    let value = found.spec["title"].as_str().unwrap().to_owned();
    Some(Seen { value, revision: found.revision.0 })
}
