//! Alerts of several Alertmanagers, in order.

use super::{
    gathered::{Gettable, merge},
    *,
};

fn gettable(updated: &str, starts: &str, state: &str, silenced: &[&str]) -> Gettable {
    serde_json::from_value(serde_json::json!({
        "fingerprint": "f1", "labels": {"alertname": "A", "severity": "critical"},
        "annotations": {}, "startsAt": starts, "updatedAt": updated, "endsAt": "x",
        "receivers": [{"name": "web"}],
        "status": {"state": state, "silencedBy": silenced, "inhibitedBy": [], "mutedBy": []},
    }))
    .unwrap()
}

#[test]
fn the_same_alert_from_three_alertmanagers_is_one_with_the_newest_state() {
    let merged = merge(
        [
            gettable("2026-01-01T00:00:02Z", "2026-01-01T00:00:00Z", "active", &[]),
            gettable("2026-01-01T00:00:05Z", "2026-01-01T00:00:01Z", "suppressed", &["s"]),
            gettable("2026-01-01T00:00:03Z", "2026-01-01T00:00:01Z", "active", &[]),
        ]
        .into_iter(),
    );
    assert_eq!(merged.len(), 1);
    assert_eq!(merged[0].state, "silenced");
    assert_eq!(merged[0].starts_at, "2026-01-01T00:00:00Z");
    assert_eq!(merged[0].receivers, ["web"]);
}

#[test]
fn the_worst_comes_first() {
    let alert = |severity: &str| {
        let mut alert = Alert::from(gettable("x", "2026-01-01T00:00:00Z", "active", &[]));
        alert.severity = severity.into();
        alert
    };
    let mut items = vec![alert("info"), alert("other"), alert("critical"), alert("warning")];
    sort(&mut items, None).unwrap();
    let order: Vec<&str> = items.iter().map(|alert| alert.severity.as_str()).collect();
    assert_eq!(order, ["critical", "warning", "info", "other"]);
    assert!(sort(&mut items, Some("colour")).is_err());
}
