//! `/api/v1/events`: a stream (SSE) that says what changed, not how; clients read again what they
//! show. Each event carries the log index as its id, so that a client resumes without a gap.

use crate::web::routes::routes;
use crate::{
    model::{Revision, resource::Key, spec::RoleName},
    store::{Event as StoreEvent, command::Space},
    web::{
        auth::lasting::Lasting, deps::Deps, error::Problem, extract::Opened, policy::Policy,
        router::Doors, sight::Sight,
    },
};
use axum::{
    http::HeaderMap,
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use serde::Serialize;
use std::{collections::BTreeSet, convert::Infallible, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};

/// A stream ends after so long and the client comes back with its last id. It ends sooner where
/// the client's right does, or becomes another.
const LIFETIME: Duration = Duration::from_secs(600);
/// Changes that follow each other within so long become one event.
const COALESCE: Duration = Duration::from_millis(100);

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Within(RoleName::Viewer), routes!(events))
}

/// What changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct LiveEvent {
    /// Plurals of kinds, `alerts`, `rules` (their states), `receipts`, `members`, `status`; `*` =
    /// read everything again.
    topics: BTreeSet<String>,
    /// Objects that changed: `target/web-1`.
    keys: BTreeSet<String>,
    /// Log index as of which to read; none for `status`, which is not in the log.
    index: Option<String>,
}

/// Changes as they happen (`text/event-stream`; resumes with `Last-Event-ID`).
#[utoipa::path(get, path = "/api/v1/events", tag = "cluster",
    responses((status = 200, description = "Server-sent events", body = LiveEvent, content_type = "text/event-stream")))]
async fn events(
    Opened(deps): Opened,
    lasting: Lasting,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let since = match headers.get("last-event-id").map(|value| value.to_str()) {
        None => deps.store.raft().borrow().applied,
        Some(text) => text
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Problem::malformed("Last-Event-ID must be a number"))?,
    };
    let source = Source::new(&deps, lasting, since);
    let stream = stream::unfold(source, |mut source| async move {
        let event = source.next().await?;
        Some((Ok::<_, Infallible>(event), source))
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15)).text("");
    let mut answer = Sse::new(stream).keep_alive(keep_alive).into_response();
    let no = axum::http::HeaderValue::from_static("no");
    answer.headers_mut().insert("x-accel-buffering", no);
    Ok(answer)
}

struct Source {
    deps: Deps,
    lasting: Lasting,
    first: bool,
    /// The client has seen an index this cluster never had (it was restored): nothing it shows
    /// can be relied on.
    from_elsewhere: bool,
    changes: mpsc::Receiver<StoreEvent>,
    nodes: watch::Receiver<u64>,
    end: Instant,
}

impl Source {
    fn new(deps: &Deps, lasting: Lasting, since: u64) -> Self {
        let mut nodes = deps.cluster.changed();
        nodes.mark_unchanged();
        // A node that is only behind its peers takes this for a restore, too: reading once more
        // than needed is harmless.
        let newest = deps.store.raft().borrow().last_log;
        Self {
            deps: deps.clone(),
            lasting,
            first: true,
            from_elsewhere: since > newest,
            changes: deps.store.subscribe(since.min(newest)),
            nodes,
            end: Instant::now() + LIFETIME,
        }
    }

    /// The next event; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.first) {
            return Some(Event::default().retry(Duration::from_secs(3)).comment("watchkeep"));
        }
        if std::mem::take(&mut self.from_elsewhere) {
            let topics = ["*".to_owned()].into();
            let live = LiveEvent { topics, ..LiveEvent::default() };
            return Event::default().event("change").json_data(&live).ok();
        }
        loop {
            let live = tokio::select! {
                () = tokio::time::sleep_until(self.end) => return None,
                () = self.lasting.time() => match self.lasting.holds() {
                    true => continue,
                    false => return None,
                },
                change = self.changes.recv() => self.gather(change?).await?,
                moved = self.nodes.changed() => {
                    moved.ok()?;
                    tokio::time::sleep(COALESCE).await;
                    self.nodes.mark_unchanged();
                    if !self.lasting.holds_after(&[]) {
                        return None;
                    }
                    LiveEvent { topics: ["status".to_owned()].into(), ..Default::default() }
                }
            };
            if live.topics.is_empty() {
                continue;
            }
            let mut event = Event::default().event("change");
            if let Some(index) = &live.index {
                event = event.id(index);
            }
            return event.json_data(&live).ok();
        }
    }

    /// One event out of all changes that come within [`COALESCE`]; `None` when whoever reads it
    /// may not any more.
    async fn gather(&mut self, first: StoreEvent) -> Option<LiveEvent> {
        let until = Instant::now() + COALESCE;
        let mut burst = vec![first];
        while let Ok(Some(change)) = tokio::time::timeout_at(until, self.changes.recv()).await {
            burst.push(change);
        }
        if !self.lasting.holds_after(&burst) {
            return None;
        }
        let sight = Sight::of(&self.deps, self.lasting.identity());
        let mut live = LiveEvent::default();
        let was_seen = |index: u64, key: &Key| was_seen(&self.deps, &sight, index, key);
        burst.into_iter().for_each(|change| live.add(change, &sight, was_seen));
        Some(live)
    }
}

/// Whether an object that is not seen now was, before or after a change: it was deleted, or is
/// somebody else's since. Of what the history does not know nothing is told.
fn was_seen(deps: &Deps, sight: &Sight, index: u64, key: &Key) -> bool {
    let entries = deps.store.history_of(Revision(index)).unwrap_or_default();
    let entries = entries.iter().filter(|entry| entry.key == *key);
    entries.flat_map(|entry| [&entry.before, &entry.after]).flatten().any(|it| sight.sees(it))
}

impl LiveEvent {
    /// Adds what may be seen of a change, or might before it.
    fn add(&mut self, change: StoreEvent, sight: &Sight, was_seen: impl Fn(u64, &Key) -> bool) {
        match change {
            StoreEvent::Resync { index } => {
                self.topics.insert("*".into());
                self.index = Some(index.to_string());
            }
            StoreEvent::Changed { index, keys, rows } => {
                for key in keys.iter().filter(|key| sight.sees_some(key.kind)) {
                    if sight.sees_key(key) {
                        self.keys.insert(key.to_string());
                    } else if !was_seen(index, key) {
                        continue;
                    }
                    self.topics.insert(key.kind.plural().into());
                }
                let topics = rows.iter().flat_map(|(space, _)| topics(*space));
                self.topics.extend(topics.map(|topic| (*topic).to_owned()));
                self.index = Some(index.to_string());
            }
        }
    }
}

/// The topics of private rows, where clients show something of them.
const fn topics(space: Space) -> &'static [&'static str] {
    match space {
        Space::Episode => &["alerts"],
        Space::AlertLog => &["alerts", "rules"],
        Space::Delivery | Space::Receipt => &["receipts"],
        Space::Member | Space::Cluster | Space::Standing => &["members"],
        Space::Fault => &["status"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{
            Kind, UnixMs,
            cluster::{ClusterMeta, DeclaredState},
        },
        scope::Access,
    };

    fn changed(index: u64, kind: Kind, space: Space) -> StoreEvent {
        let key = Key { kind, name: "a".parse().unwrap() };
        StoreEvent::Changed { index, keys: vec![key], rows: vec![(space, "x".into())] }
    }

    fn never(_: u64, _: &Key) -> bool {
        false
    }

    /// Of somebody with this role everywhere.
    fn sight(role: RoleName) -> Sight {
        let meta = ClusterMeta {
            cluster_id: "00".into(),
            name: "test".into(),
            formed: UnixMs(1),
            feature_level: 1,
        };
        let (members, resources) = Default::default();
        let whole = DeclaredState { index: 1, meta, members, resources };
        Sight::new(Access::everywhere(role), whole.into())
    }

    #[test]
    fn a_burst_becomes_one_event_with_the_last_index() {
        let mut live = LiveEvent::default();
        live.add(changed(7, Kind::Target, Space::Episode), &sight(RoleName::Viewer), never);
        live.add(changed(9, Kind::Target, Space::Session), &sight(RoleName::Viewer), never);
        assert_eq!(live.index.as_deref(), Some("9"));
        assert_eq!(Vec::from_iter(live.topics), ["alerts", "targets"]);
        assert_eq!(Vec::from_iter(live.keys), ["target/a"]);
    }

    #[test]
    fn a_change_of_an_alert_state_is_one_of_alerts_and_rules() {
        let mut live = LiveEvent::default();
        let rows = vec![(Space::AlertLog, "x".into()), (Space::AlertState, "x".into())];
        let change = StoreEvent::Changed { index: 1, keys: vec![], rows };
        live.add(change, &sight(RoleName::Viewer), never);
        assert_eq!(Vec::from_iter(live.topics), ["alerts", "rules"]);
    }

    #[test]
    fn accounts_are_not_announced_to_viewers() {
        let mut live = LiveEvent::default();
        live.add(changed(1, Kind::User, Space::Credential), &sight(RoleName::Viewer), never);
        assert!(live.topics.is_empty() && live.keys.is_empty());
        live.add(changed(2, Kind::User, Space::Credential), &sight(RoleName::Admin), never);
        assert!(live.keys.contains("user/a"));
    }
}
