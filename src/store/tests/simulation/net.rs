//! The network between the nodes: every message takes its own time, may be lost on its way there
//! or back, and meets cuts that may be of one direction. Who has no power is gone.

use super::{
    disk::Power,
    facts::{Facts, LifeNo},
    rng::Rng,
    trace::{Trace, short},
};
use crate::model::{
    NodeId,
    rpc::{CallError, Lane, Refusal, Service, Transport},
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::time::{sleep, timeout};

/// How the network is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weather {
    /// Of 100 messages so many are lost.
    pub(super) lost: u64,
    /// Of 100 messages so many are slow.
    pub(super) slow: u64,
    pub(super) slow_ms: u64,
}

pub(super) const CALM: Weather = Weather { lost: 0, slow: 2, slow_ms: 30 };
const USUAL_MS: u64 = 4;
/// A connection that brings nothing is given up after this, as the real one is by its pings.
const DEAD_AFTER: Duration = Duration::from_secs(5);

/// Who takes part with which power.
#[derive(Clone)]
struct Place {
    life: LifeNo,
    power: Power,
    service: Arc<dyn Service>,
}

/// Shared by all nodes of a run.
#[derive(Clone)]
pub(super) struct Net {
    trace: Trace,
    facts: Facts,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    rng: Rng,
    places: BTreeMap<NodeId, Place>,
    cuts: BTreeSet<(NodeId, NodeId)>,
    weather: Weather,
    calls: u64,
}

impl Net {
    pub(super) fn new(rng: Rng, trace: Trace, facts: Facts) -> Self {
        let (places, cuts) = (BTreeMap::new(), BTreeSet::new());
        let inner = Inner { rng, places, cuts, weather: CALM, calls: 0 };
        Self { trace, facts, inner: Arc::new(Mutex::new(inner)) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// What a life of `node` calls the others with.
    pub(super) fn transport(&self, node: NodeId, life: LifeNo, power: &Power) -> Arc<Cable> {
        Arc::new(Cable { node, life, power: power.clone(), net: self.clone() })
    }

    pub(super) fn serve(
        &self,
        node: NodeId,
        life: LifeNo,
        power: &Power,
        service: Arc<dyn Service>,
    ) {
        let place = Place { life, power: power.clone(), service };
        self.inner().places.insert(node, place);
    }

    /// From now on nothing gets from one to the other; what is under way does not arrive either.
    pub(super) fn cut(&self, cuts: &BTreeSet<(NodeId, NodeId)>) {
        self.inner().cuts.extend(cuts);
    }

    pub(super) fn mend(&self, cuts: &BTreeSet<(NodeId, NodeId)>) {
        self.inner().cuts.retain(|cut| !cuts.contains(cut));
    }

    pub(super) fn set_weather(&self, weather: Weather) {
        self.inner().weather = weather;
    }

    /// How long a message takes; `None` = it is lost.
    fn journey(&self) -> Option<Duration> {
        let mut inner = self.inner();
        let weather = inner.weather;
        if inner.rng.chance(weather.lost) {
            return None;
        }
        let longest = if inner.rng.chance(weather.slow) { weather.slow_ms } else { USUAL_MS };
        Some(inner.rng.millis(0..longest + 1))
    }

    /// Waits as long as a message takes; false once its loss was noticed.
    async fn travel(&self, from: NodeId, to: NodeId) -> bool {
        let arrives = match self.journey() {
            None => false,
            Some(time) => {
                sleep(time).await;
                !self.inner().cuts.contains(&(from, to))
            }
        };
        if !arrives {
            sleep(DEAD_AFTER).await;
        }
        arrives
    }

    fn place(&self, node: NodeId) -> Option<Place> {
        self.inner().places.get(&node).filter(|place| !place.power.is_off()).cloned()
    }
}

/// How one life of a node reaches the others.
pub(super) struct Cable {
    node: NodeId,
    life: LifeNo,
    power: Power,
    net: Net,
}

impl Cable {
    fn unreachable<T>(to: NodeId, sent: bool) -> Result<T, CallError> {
        let reason = "nobody is there".to_owned();
        Err(CallError::Unreachable { to, reason, sent })
    }

    /// There, `serve`, and back.
    async fn round_trip<A>(
        &self,
        to: NodeId,
        method: &'static str,
        serve: impl AsyncFnOnce(Place) -> Result<A, Refusal>,
    ) -> Result<A, CallError> {
        let net = &self.net;
        if self.power.is_off() {
            return Self::unreachable(to, false);
        }
        if !net.travel(self.node, to).await {
            return Self::unreachable(to, true);
        }
        let Some(place) = net.place(to) else { return Self::unreachable(to, true) };
        let power = place.power.clone();
        let answer = serve(place).await;
        if power.is_off() {
            return Self::unreachable(to, true);
        }
        if !net.travel(to, self.node).await || self.power.is_off() {
            return Self::unreachable(to, true);
        }
        let method = method.to_owned();
        answer.map_err(|refusal| CallError::Refused { to, method, message: refusal.0 })
    }

    async fn in_time<A>(
        &self,
        to: NodeId,
        method: &'static str,
        limit: Duration,
        call: impl Future<Output = Result<A, CallError>>,
    ) -> Result<A, CallError> {
        let n = {
            let mut inner = self.net.inner();
            inner.calls += 1;
            inner.calls
        };
        self.net.trace.note(format_args!("#{n} {} calls {to} {method}", self.node));
        let answer = timeout(limit, call).await.unwrap_or_else(|_| {
            let (method, millis) = (method.to_owned(), limit.as_millis());
            Err(CallError::Timeout { to, method, millis })
        });
        let how = answer.as_ref().map_or_else(ToString::to_string, |_| "answered".to_owned());
        self.net.trace.note(format_args!("#{n} {how}"));
        answer
    }

    async fn serve_call(
        &self,
        place: Place,
        to: NodeId,
        method: &'static str,
        body: Bytes,
    ) -> Result<Bytes, Refusal> {
        let Net { trace, facts, .. } = &self.net;
        trace.note(format_args!("{to} hears {method} {} of {}", short(&body), self.node));
        facts.asked(self.node, self.life, to, method, &body);
        let answer = {
            // Who gives up waiting does not stop what was asked for.
            let call = place.service.handle(self.node, method, body.clone());
            tokio::spawn(call).await.map_err(|error| Refusal(error.to_string()))?
        };
        if !place.power.is_off()
            && let Ok(answer) = &answer
        {
            trace.note(format_args!("{to}/{} answers {}", place.life, short(answer)));
            facts.answered(to, method, &body, answer);
        }
        answer
    }

    async fn serve_file(
        &self,
        place: Place,
        method: &'static str,
        header: Bytes,
        file: PathBuf,
    ) -> Result<Bytes, Refusal> {
        let refused = |what: &str| Refusal(what.to_owned());
        let path =
            place.service.file_destination(method).ok_or_else(|| refused("takes no file"))?;
        std::fs::copy(&file, &path).map_err(|_| refused("the file is gone"))?;
        let call = place.service.handle_file(self.node, method, header, path);
        tokio::spawn(call).await.map_err(|error| Refusal(error.to_string()))?
    }
}

impl Transport for Cable {
    fn call(
        &self,
        to: NodeId,
        _lane: Lane,
        method: &'static str,
        body: Bytes,
        limit: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>> {
        let serve = async move |place| self.serve_call(place, to, method, body).await;
        Box::pin(self.in_time(to, method, limit, self.round_trip(to, method, serve)))
    }

    fn send_file(
        &self,
        to: NodeId,
        method: &'static str,
        header: Bytes,
        file: PathBuf,
        limit: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>> {
        let serve = async move |place| self.serve_file(place, method, header, file).await;
        Box::pin(self.in_time(to, method, limit, self.round_trip(to, method, serve)))
    }
}
