//! What this node's `/metrics` shows.

use super::status::StatusSource;
use crate::{
    notify,
    store::Store,
    telemetry::metrics::{Family, Metrics, configs, processes, to_f64},
};
use std::sync::Arc;

/// The text of `/metrics`, made when asked.
#[must_use]
pub fn of(
    source: &StatusSource,
    store: &Store,
    notify: &Arc<notify::Metrics>,
) -> Arc<dyn Fn() -> String + Send + Sync> {
    let mut metrics = Metrics::default();
    metrics.view(build_info);
    let (supervisor, reports) = source.parts();
    metrics.view(move || processes(supervisor.statuses().borrow().values()));
    metrics.view(move || {
        let reports = reports.all();
        configs(reports.values().map(|report| &report.config))
    });
    let (_, timed) = source.parts();
    metrics.view(move || rendering(timed.timing.read()));
    let raft = store.raft();
    metrics.view(move || {
        let raft = raft.borrow();
        let gauge = |name, help, value| Family::single(name, help, false, value);
        vec![
            gauge(
                "watchkeep_raft_is_leader",
                "1 on the leader",
                f64::from(u8::from(raft.is_leader)),
            ),
            gauge("watchkeep_raft_term", "Current term", to_f64(raft.term)),
            gauge("watchkeep_raft_last_log_index", "Last log index on disk", to_f64(raft.last_log)),
            gauge(
                "watchkeep_raft_last_applied_index",
                "Last applied log index",
                to_f64(raft.applied),
            ),
        ]
    });
    let notify = Arc::clone(notify);
    metrics.view(move || notifier(&notify.snapshot()));
    Arc::new(move || metrics.text())
}

fn build_info() -> Vec<Family> {
    vec![Family {
        name: "watchkeep_build_info",
        help: "Always 1; the version of this binary",
        counter: false,
        samples: vec![(vec![("version", env!("CARGO_PKG_VERSION").to_owned())], 1.0)],
    }]
}

fn rendering((count, total_us, last_us): (u64, u64, u64)) -> Vec<Family> {
    let seconds = |us| to_f64(us) / 1e6;
    vec![
        Family::single("watchkeep_renders", "How often all was rendered", true, to_f64(count)),
        Family::single(
            "watchkeep_render_seconds",
            "Time spent on rendering",
            true,
            seconds(total_us),
        ),
        Family::single(
            "watchkeep_render_last_seconds",
            "Duration of the last rendering",
            false,
            seconds(last_us),
        ),
    ]
}

fn notifier(now: &notify::metrics::Snapshot) -> Vec<Family> {
    let counter = |name, help, value| Family::single(name, help, true, to_f64(value));
    vec![
        Family {
            name: "watchkeep_notify_webhooks",
            help: "Webhooks taken, by answer",
            counter: true,
            samples: now
                .webhooks
                .iter()
                .map(|(answer, n)| (vec![("answer", (*answer).to_owned())], to_f64(*n)))
                .collect(),
        },
        counter("watchkeep_notify_enqueued", "Deliveries queued by this node", now.enqueued),
        Family {
            name: "watchkeep_notify_attempts",
            help: "Attempts to deliver, by kind of channel and outcome",
            counter: true,
            samples: now
                .attempts
                .iter()
                .map(|((kind, outcome), n)| {
                    let labels = vec![
                        ("channel_kind", (*kind).to_owned()),
                        ("outcome", (*outcome).to_owned()),
                    ];
                    (labels, to_f64(*n))
                })
                .collect(),
        },
        counter("watchkeep_notify_failed", "Deliveries that ended as failed", now.failed),
        Family::single(
            "watchkeep_notify_pending",
            "Deliveries waiting, on the leader",
            false,
            to_f64(now.pending),
        ),
        Family::single(
            "watchkeep_notify_oldest_pending_timestamp_seconds",
            "When the oldest waiting delivery came in; 0 = none waits",
            false,
            to_f64(now.oldest_pending_ms) / 1000.0,
        ),
    ]
}
