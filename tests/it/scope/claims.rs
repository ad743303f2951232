//! An exporter that says that its series are another project's, on a real Prometheus with the
//! configuration that is rendered for it: they stay those of the project that declares the target,
//! also under jobs that honour an exporter's labels or relabel by themselves.

use super::server::Server;
use crate::harness::{component::Component, node::PATIENCE, wait::eventually};
use axum::{Router, routing::get};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    path::Path,
    sync::Arc,
};
use watchkeep::{
    model::{
        Kind, NodeId, Resource, Revision, UnixMs,
        cluster::{ClusterMeta, DeclaredState, Member, Ports},
    },
    render::{self, Build, CertificatePaths, Login, NodeFacts},
};

const CLAIM: &str = "stolen{project=\"bank\",department=\"finance\",owner=\"eve\",tier=\"theirs\",job=\"other\"} 1\n";
/// Each lets an exporter, or its own relabelling, say whose a series is.
const JOBS: [(&str, &str); 5] = [
    ("plain", "{}"),
    ("honours", r#"{"honor_labels": true}"#),
    ("relabels", r#"{"relabel_configs": [{"target_label": "project", "replacement": "bank"}]}"#),
    ("maps", r#"{"metric_relabel_configs": [{"action": "labelmap", "regex": "exported_(.+)"}]}"#),
    ("drops", r#"{"relabel_configs": [{"action": "labeldrop", "regex": "project|department"}]}"#),
];

async fn exporter() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let routes = Router::new().route("/metrics", get(|| async { CLAIM }));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

fn declared(address: &str) -> DeclaredState {
    let meta = ClusterMeta {
        cluster_id: "00".into(),
        name: "test".into(),
        formed: UnixMs(1),
        feature_level: 1,
    };
    let here = Ipv4Addr::LOCALHOST.into();
    let member = Member {
        id: NodeId(1),
        name: "one".into(),
        address: here,
        loopback: here,
        ports: Ports::default(),
        url: "http://127.0.0.1:8420".into(),
        gone: false,
    };
    let members = BTreeMap::from([(member.id, member)]);
    let mut state = DeclaredState { index: 1, meta, members, resources: BTreeMap::new() };
    let mut put = |kind: Kind, name: &str, spec: Value| {
        let resource = Resource {
            kind,
            name: name.parse().unwrap(),
            labels: BTreeMap::new(),
            spec: Arc::new(spec),
            revision: Revision(1),
            created: UnixMs(1),
            updated: UnixMs(1),
            by: "test".into(),
        };
        let of_kind = state.resources.entry(kind).or_default();
        of_kind.insert(resource.name.clone(), Arc::new(resource));
    };
    put(Kind::Project, "shop", json!({"department": "retail", "owner": "ann"}));
    // Its department is nobody's to claim.
    put(Kind::Project, "till", json!({}));
    put(
        Kind::Settings,
        "default",
        json!({"prometheus": {"scrape_interval": "1s",
        "scrape_timeout": "1s"}}),
    );
    for (job, spec) in JOBS {
        put(Kind::ScrapeJob, job, serde_json::from_str(spec).unwrap());
        for project in ["shop", "till"] {
            let target = json!({"job": job, "project": project, "targets": [address]});
            put(Kind::Target, &format!("{job}-{project}"), target);
        }
    }
    state
}

fn facts(home: &Path) -> NodeFacts {
    let build = |programs: &[&str]| Build {
        version: "3.5.0".into(),
        programs: programs.iter().map(|name| ((*name).to_owned(), home.join(name))).collect(),
        ..Build::default()
    };
    let file = |name: &str| home.join(name);
    NodeFacts {
        components_dir: home.to_owned(),
        builds: BTreeMap::from([("prometheus".to_owned(), build(&["prometheus", "promtool"]))]),
        run_as: None,
        component_tls: CertificatePaths { cert: file("cert"), key: file("key"), ca: file("ca") },
        local_token_file: file("token"),
        login: Login { password_file: file("password"), hash: String::new() },
        listen: Ipv4Addr::LOCALHOST.into(),
        memory_bytes: 1 << 30,
        disk_bytes: 1 << 34,
    }
}

/// Writes the target files and gives `prometheus.yml`, without what scrapes a node of ours.
fn rendered(state: &DeclaredState, home: &Path) -> String {
    let mut rendered = render::render(state, NodeId(1), &facts(home)).unwrap();
    let prometheus = rendered.components.remove("prometheus").unwrap();
    let live = prometheus.live_dir.unwrap();
    std::fs::create_dir_all(&live).unwrap();
    for (name, file) in &prometheus.live_files {
        std::fs::write(live.join(name), &file.bytes).unwrap();
    }
    let config = String::from_utf8(prometheus.files["prometheus.yml"].bytes.clone()).unwrap();
    let mut config: Value = serde_saphyr::from_str(&config).unwrap();
    let fields = config.as_object_mut().unwrap();
    fields.remove("rule_files");
    fields.remove("alerting");
    let jobs = fields["scrape_configs"].as_array_mut().unwrap();
    jobs.retain(|job| job["job_name"] != render::OWN_JOB);
    config.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_exporter_and_no_job_makes_series_another_projects() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let state = declared(&exporter().await);
    let config = rendered(&state, dir.path());
    let program = Component::unpack(&dir.path().join("bundle"), "prometheus");
    let server = &Server::prometheus(&program, &[("prometheus.yml", &config)]).await;
    let series = eventually("every target to be scraped", PATIENCE, || async {
        let form = [("match[]", r#"{__name__=~"stolen|up"}"#.to_owned())];
        let answer = server.ask("/api/v1/series", &form).await;
        let series = answer["data"].as_array().cloned().unwrap_or_default();
        if series.len() == 4 * JOBS.len() { Ok(series) } else { Err(format!("{answer}")) }
    })
    .await;
    let mut seen = BTreeSet::new();
    for labels in &series {
        let label = |name: &str| labels[name].as_str().unwrap_or_default();
        let dimensions = (label("project"), label("department"), label("owner"));
        match label("project") {
            "shop" => assert_eq!(dimensions, ("shop", "retail", "ann"), "{labels}"),
            // An ordinary job takes what nobody declared from the exporter, and never a project.
            "till" if label("job") == "plain" => {}
            "till" => assert_eq!(dimensions, ("till", "", ""), "{labels}"),
            _ => panic!("nobody's or another's: {labels}"),
        }
        seen.insert((label("project").to_owned(), label("instance").to_owned()));
        if label("__name__") == "stolen" {
            assert_eq!(label("tier"), "theirs", "what is no dimension stays: {labels}");
        }
    }
    assert_eq!(seen.len(), 2, "{series:?}");
    // The name of a job is that of the job, not of its part.
    let form = [("query", "count by (job) (up)".to_owned())];
    let jobs = server.ask("/api/v1/query", &form).await["data"]["result"].take();
    let mut names: Vec<_> =
        jobs.as_array().unwrap().iter().map(|it| it["metric"]["job"].clone()).collect();
    names.sort_by_key(ToString::to_string);
    assert_eq!(names, ["drops", "honours", "maps", "plain", "relabels"]);
}
