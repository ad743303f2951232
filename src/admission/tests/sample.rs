//! What the demo declares, looked at without a cluster.

use crate::admission::{Request, document, plan};
use crate::model::{UnixMs, label::Labels};
use crate::render::{routing, tests::fixture};

#[test]
fn the_demo_declares_what_is_valid_and_tells_somebody_of_everything() {
    let text = include_str!("../../demo/sample.yaml").replace("INBOX", "127.0.0.1:9");
    let parsed = document::parse_yaml(&text);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let request = Request { puts: parsed.puts, ..Request::default() };
    let planned = plan(&fixture::cluster(3), &request);
    assert!(planned.errors.is_empty(), "{:?}", planned.errors);
    let state = planned.candidate;
    let tree = routing::tree(&state).unwrap();
    // A Sunday, outside of all office hours.
    let at = UnixMs::parse("2026-11-22T03:00:00Z").unwrap();
    let told = |project: &str, severity: &str| {
        let mut labels: Labels = state.project_labels(project);
        labels.insert("severity".to_owned(), severity.to_owned());
        routing::explain(&state, &tree, &labels, at).unwrap().words()
    };
    assert_eq!(told("web-shop", "info"), "policy Retail → receiver team-retail");
    assert_eq!(
        told("payments", "critical"),
        "policy Retail → line Critical at any time → receiver on-call"
    );
    assert_eq!(
        told("payments", "warning"),
        "policy Retail → line Warnings in office hours → receiver team-retail (only within office-hours)"
    );
    assert_eq!(told("base", "critical"), "team Platform (project base) → receiver team-platform");
}
