//! States and facts for tests of this module and of `admission`.

use crate::model::{
    Kind, NodeId, Resource, Revision, UnixMs,
    cluster::{ClusterMeta, DeclaredState, Member, Ports},
};
use crate::render::{Build, CertificatePaths, Login, NodeFacts};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

/// A cluster without members and resources.
pub(crate) fn empty() -> DeclaredState {
    DeclaredState {
        index: 1,
        meta: ClusterMeta {
            cluster_id: "0011223344556677".into(),
            name: "lab$1".into(),
            formed: UnixMs(1_700_000_000_000),
            feature_level: 1,
        },
        members: BTreeMap::new(),
        resources: BTreeMap::new(),
    }
}

pub(crate) fn member(id: u64, name: &str, address: IpAddr) -> Member {
    Member {
        id: NodeId(id),
        name: name.to_owned(),
        address,
        loopback: Ipv4Addr::LOCALHOST.into(),
        ports: Ports::default(),
        url: format!("https://{address}:8420"),
        gone: false,
    }
}

/// Members with the ids 1, 2, … on 10.0.0.1, .2, ….
pub(crate) fn cluster(members: u8) -> DeclaredState {
    let mut state = empty();
    for id in 1..=members {
        let member = member(id.into(), &format!("vm{id}"), [10, 0, 0, id].into());
        state.members.insert(member.id, member);
    }
    state
}

pub(crate) fn put(state: &mut DeclaredState, kind: Kind, name: &str, spec: Value) {
    state.index += 1;
    let resource = Resource {
        kind,
        name: name.parse().unwrap(),
        labels: BTreeMap::new(),
        spec: Arc::new(spec),
        revision: Revision(state.index),
        created: UnixMs(1_700_000_000_000),
        updated: UnixMs(1_700_000_000_000),
        by: "test".into(),
    };
    let of_kind = state.resources.entry(kind).or_default();
    of_kind.insert(resource.name.clone(), Arc::new(resource));
}

/// Two projects with everything a small site declares.
pub(crate) fn shop(state: &mut DeclaredState) {
    for (kind, name, spec) in shop_resources() {
        put(state, kind, name, spec);
    }
}

pub(crate) fn shop_resources() -> Vec<(Kind, &'static str, Value)> {
    vec![
        (Kind::Department, "retail", json!({"title": "Retail"})),
        (Kind::Contact, "ann", json!({"mail": "ann@example.org"})),
        (
            Kind::Project,
            "web",
            json!({"department": "retail", "owner": "ann", "environment": "production"}),
        ),
        (Kind::Project, "infra", json!({"title": "Infrastructure"})),
        (Kind::ScrapeJob, "node", json!({})),
        (
            Kind::ScrapeJob,
            "web",
            json!({
                "scrape_interval": "30s",
                "metrics_path": "/internal/metrics",
                "sample_limit": 10000,
                "metric_relabel_configs": [
                    {"source_labels": ["__name__"], "regex": "go_.*", "action": "drop"}
                ]
            }),
        ),
        (
            Kind::Target,
            "hosts",
            json!({"job": "node", "project": "infra", "targets": ["10.0.1.1:9100", "[fd00::1]:9100"]}),
        ),
        (
            Kind::Target,
            "shop-front",
            json!({
                "job": "web", "project": "web", "targets": ["shop.example.org:8080"],
                "labels": {"tier": "front"}
            }),
        ),
        (Kind::RuleGroup, "web", web_rules()),
        (Kind::Channel, "inbox", json!({"type": "webhook", "url": "http://192.0.2.1/hook"})),
        (Kind::Receiver, "web-team", json!({"channels": ["inbox"]})),
        (Kind::Receiver, "on-call", json!({"channels": ["inbox"]})),
        (
            Kind::Route,
            "web",
            json!({"project": "web", "receiver": "web-team", "order": 20, "group_wait": "5s"}),
        ),
        (
            Kind::Route,
            "critical",
            json!({
                "matchers": ["severity=~\"critical|page\"", "environment!=\"test\""],
                "receiver": "on-call", "order": 10, "continue": true
            }),
        ),
    ]
}

/// On top of [`shop`]: a policy with hours, teams, an inhibition, a silence, a default receiver.
pub(crate) fn on_call(state: &mut DeclaredState) {
    for (kind, name, spec) in [
        (Kind::Settings, "default", json!({"alertmanager": {"default_receiver": "everybody"}})),
        (Kind::Receiver, "everybody", json!({"channels": ["inbox"]})),
        (Kind::Receiver, "machines", json!({"channels": ["inbox"]})),
        (
            Kind::TimeInterval,
            "office",
            json!({"time_intervals": [{
                "weekdays": ["monday:friday"],
                "times": [{"start_time": "09:00", "end_time": "17:00"}],
                "location": "Europe/Berlin",
            }]}),
        ),
        (Kind::TimeInterval, "always", json!({"time_intervals": [{}]})),
        (
            Kind::TimeInterval,
            "holidays",
            json!({"title": "Holidays", "time_intervals": [
                {"months": ["december"], "days_of_month": ["24:26", "-1"]},
                {"months": [1], "days_of_month": [1], "years": ["2026:2030"]},
            ]}),
        ),
        (
            Kind::Team,
            "machines",
            json!({"title": "Machines", "members": ["ann"], "receiver": "machines"}),
        ),
        (Kind::Team, "quiet", json!({"members": ["ann"]})),
        (Kind::Project, "infra", json!({"title": "Infrastructure", "team": "machines"})),
        (
            Kind::Policy,
            "databases",
            json!({
                "title": "Databases", "departments": ["retail"], "receiver": "on-call",
                "group_by": ["instance"],
                "lines": [
                    {
                        "title": "Night shift", "severities": ["critical"], "receiver": "on-call",
                        "mute_time_intervals": ["office"], "continue": true,
                    },
                    {
                        "severities": ["warning", "info"], "receiver": "web-team",
                        "active_time_intervals": ["office"], "repeat_interval": "12h",
                    },
                ],
            }),
        ),
        (
            Kind::Inhibition,
            "critical-first",
            json!({
                "source_matchers": ["severity=\"critical\""],
                "target_matchers": ["severity=~\"warning|info\""],
                "equal": ["instance", "project"],
            }),
        ),
        (
            Kind::Silence,
            "upgrade",
            json!({
                "matchers": [{"name": "project", "value": "web"}],
                "startsAt": "2026-11-24T08:00:00Z", "endsAt": "2026-11-24T10:00:00Z",
                "comment": "upgrade",
            }),
        ),
    ] {
        put(state, kind, name, spec);
    }
}

fn web_rules() -> Value {
    json!({
        "project": "web",
        "interval": "30s",
        "labels": {"team": "yes"},
        "rules": [
            {
                "record": "job:http_requests:rate5m",
                "expr": "sum by (job) (rate(http_requests_total[5m]))"
            },
            {
                "alert": "HighErrorRate",
                "expr": "sum(rate(http_requests_total{code=~\"5..\"}[5m]))\n  / sum(rate(http_requests_total[5m])) > 0.05",
                "for": "2m",
                "keep_firing_for": "5m",
                "labels": {"severity": "critical"},
                "annotations": {
                    "summary": "{{ $value | humanizePercentage }} of requests fail",
                    "description": "Look at the logs of the web tier first: most of the time one of its database connections hangs.\nThen restart it."
                }
            }
        ]
    })
}

/// A machine with Debian's builds.
pub(crate) fn facts() -> NodeFacts {
    let build = |version: &str, programs: &[&str]| Build {
        version: version.to_owned(),
        programs: programs
            .iter()
            .map(|name| ((*name).to_owned(), PathBuf::from("/opt/builds").join(name)))
            .collect(),
        binds: Vec::new(),
        traits: BTreeSet::new(),
    };
    NodeFacts {
        components_dir: "/var/lib/watchkeep/components".into(),
        builds: BTreeMap::from([
            ("prometheus".into(), build("3.5.3+ds1-6", &["prometheus", "promtool"])),
            ("alertmanager".into(), build("0.33.1-5", &["alertmanager", "amtool"])),
            ("node_exporter".into(), build("1.11.1", &["node_exporter"])),
            ("blackbox_exporter".into(), build("0.28.0", &["blackbox_exporter"])),
        ]),
        run_as: None,
        component_tls: CertificatePaths {
            cert: "/var/lib/watchkeep/tls/component.crt".into(),
            key: "/var/lib/watchkeep/tls/component.key".into(),
            ca: "/var/lib/watchkeep/tls/ca.crt".into(),
        },
        local_token_file: "/var/lib/watchkeep/run/local-token".into(),
        login: Login {
            password_file: "/var/lib/watchkeep/components/web.password".into(),
            hash: "$2b$04$4Qn6wXn1f0ZVgPtv7tJTeuAw8DbNR2xgqVHf8hYy3mJSkeF9t2p4i".into(),
        },
        listen: Ipv4Addr::UNSPECIFIED.into(),
        memory_bytes: 8 << 30,
        disk_bytes: 100 << 30,
    }
}
