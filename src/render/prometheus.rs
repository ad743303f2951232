//! Prometheus: one replica of the pair. Both replicas get the same scrape configuration and
//! rules and differ in the external label `replica` only, which alerts drop, so that the two
//! are one alert to Alertmanager.

use super::{
    Alone, Check, CheckArgument, Component, Context, File, Reload, RenderError, Replica,
    claims::Claims,
    process::{Frame, MIB, Process, socket},
    rules, targets, web_config, yaml,
};
use crate::model::{Kind, spec::ScrapeJob};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

const CONFIG: &str = "prometheus.yml";
const GIB: u64 = 1 << 30;

#[derive(Serialize)]
struct Config<'a> {
    global: Global<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage: Option<Value>,
    rule_files: Vec<&'a String>,
    alerting: Alerting,
    scrape_configs: Vec<Value>,
}

#[derive(Serialize)]
struct Global<'a> {
    scrape_interval: &'a str,
    scrape_timeout: &'a str,
    evaluation_interval: &'a str,
    external_labels: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Alerting {
    alert_relabel_configs: [Value; 1],
    alertmanagers: Vec<Value>,
}

pub(super) fn component(
    context: &Context<'_>,
    frame: &Frame<'_>,
    replica: Replica,
) -> Result<Component, RenderError> {
    let listen = socket(context.member.loopback, context.member.ports.prometheus);
    let version = frame.build.minor_version();
    let live_dir = frame.home.join("targets");
    let mut component = frame.component(Process {
        program: "prometheus",
        args: arguments(context, frame, &listen),
        memory_limit_bytes: (context.facts.memory_bytes / 2).max(256 * MIB),
        ready_url: format!("http://{listen}/-/ready"),
        // Replaying the log of a large head takes minutes.
        start_timeout: Duration::from_mins(15),
        stop_grace: Duration::from_mins(1),
        order: 40,
    });
    component.files = rules::files(context, version)?;
    let config = config(context, replica, version, &component.files, &live_dir)?;
    component.files.insert(CONFIG.to_owned(), File::new(config, None));
    component.live_files = targets::files(context)?;
    component.live_dir = Some(live_dir);
    component.checks.extend([check(frame), web_config::check(frame)]);
    web_config::guard(context, frame, &mut component)?;
    component.reload = Some(Reload::at(&listen, "prometheus"));
    Ok(component)
}

/// promtool parses each rule file for itself, which is nearly all it has to do.
fn check(frame: &Frame<'_>) -> Check {
    let check = frame.check(
        "promtool check config",
        "promtool",
        vec![
            CheckArgument::Text("check".to_owned()),
            CheckArgument::Text("config".to_owned()),
            CheckArgument::File { prefix: String::new(), path: CONFIG.to_owned() },
        ],
    );
    Check { alone: Some(Alone { folder: rules::DIR, stand_in: "groups: []\n" }), ..check }
}

/// Watchkeep's proxy takes the path of the external URL away again, hence the route prefix.
fn arguments(context: &Context<'_>, frame: &Frame<'_>, listen: &str) -> Vec<String> {
    let mut arguments = vec![
        frame.config_flag("--config.file", CONFIG),
        frame.data_flag("--storage.tsdb.path"),
        format!("--web.listen-address={listen}"),
        format!("--web.external-url={}/prometheus/", context.member.url.trim_end_matches('/')),
        "--web.route-prefix=/".to_owned(),
        "--web.enable-lifecycle".to_owned(),
        "--log.format=json".to_owned(),
        "--log.level=info".to_owned(),
    ];
    if !retention_in_file(frame.build.minor_version()) {
        let time = &context.settings.prometheus.retention_time;
        let size = retention_size(context.facts.disk_bytes);
        arguments.push(format!("--storage.tsdb.retention.time={time}"));
        arguments.push(format!("--storage.tsdb.retention.size={size}"));
    }
    arguments
}

/// The keys exist since 3.8, but until 3.11.0 the time was read a million times too long.
fn retention_in_file(version: (u32, u32)) -> bool {
    version >= (3, 11)
}

/// Three fifths of the disk: Prometheus gives way before the store does.
fn retention_size(disk_bytes: u64) -> String {
    let bytes = disk_bytes / 5 * 3;
    if bytes >= 10 * GIB {
        format!("{}GB", bytes / GIB)
    } else {
        format!("{}MB", (bytes / MIB).max(512))
    }
}

fn config(
    context: &Context<'_>,
    replica: Replica,
    version: (u32, u32),
    rule_files: &BTreeMap<String, File>,
    live_dir: &Path,
) -> Result<Vec<u8>, RenderError> {
    let settings = &context.settings.prometheus;
    let storage = retention_in_file(version).then(|| {
        let size = retention_size(context.facts.disk_bytes);
        json!({"tsdb": {"retention": {"time": settings.retention_time, "size": size}}})
    });
    yaml::file(
        CONFIG,
        &Config {
            global: Global {
                scrape_interval: &settings.scrape_interval,
                scrape_timeout: &settings.scrape_timeout,
                evaluation_interval: &settings.evaluation_interval,
                external_labels: BTreeMap::from([
                    // `${NAME}` would be expanded from the environment.
                    ("cluster", context.state.meta.name.replace('$', "$$")),
                    ("replica", replica.label().to_owned()),
                ]),
            },
            storage,
            rule_files: rule_files.keys().collect(),
            alerting: Alerting {
                alert_relabel_configs: [json!({"action": "labeldrop", "regex": "replica"})],
                alertmanagers: alertmanagers(context),
            },
            scrape_configs: scrape_configs(context, live_dir)?,
        },
    )
}

/// All of them, never a load balancer. The node's own directly, so that a stopped control plane
/// does not cut it off; the others through the loopback door.
fn alertmanagers(context: &Context<'_>) -> Vec<Value> {
    let own = context.member;
    let mut alertmanagers = vec![json!({
        "scheme": "http",
        "api_version": "v2",
        "timeout": "10s",
        "basic_auth": web_config::login(context),
        "static_configs": [{"targets": [socket(own.loopback, own.ports.alertmanager)]}],
    })];
    let others = context.state.members.values().filter(|member| member.id != own.id);
    alertmanagers.extend(others.filter(|member| !member.gone).map(|member| {
        json!({
            "scheme": "http",
            "api_version": "v2",
            "timeout": "10s",
            "path_prefix": format!("/alertmanager/{}", member.id),
            "authorization": {"credentials_file": context.facts.local_token_file},
            "static_configs": [{"targets": [socket(own.loopback, own.ports.local)]}],
        })
    }));
    alertmanagers
}

fn scrape_configs(context: &Context<'_>, live_dir: &Path) -> Result<Vec<Value>, RenderError> {
    let mut configs = vec![own_job(context, live_dir)];
    let own = context.member;
    let prober = socket(own.loopback, own.ports.blackbox_exporter);
    let claims = Claims::of(context.state);
    for resource in context.state.of(Kind::ScrapeJob) {
        let ScrapeJob(declared) = super::spec(resource)?;
        let name = resource.name.as_str();
        let Value::Object(declared) = yaml::sorted(&Value::Object(declared)) else { continue };
        let before = configs.len();
        for pool in claims.pools(name) {
            let mut config = head(&pool.name(), live_dir);
            config.extend(declared.clone());
            pool.settle(&mut config);
            web_config::let_prober_in(context, &prober, &mut config);
            configs.push(Value::Object(config));
        }
        if configs.len() == before {
            let mut config = head(name, live_dir);
            config.extend(declared);
            web_config::let_prober_in(context, &prober, &mut config);
            configs.push(Value::Object(config));
        }
    }
    Ok(configs)
}

/// Every job begins with its name and the file with its targets.
fn head(job: &str, live_dir: &Path) -> Map<String, Value> {
    let file: PathBuf = live_dir.join(targets::file_name(job));
    let mut head = Map::new();
    head.insert("job_name".to_owned(), json!(job));
    head.insert(
        "file_sd_configs".to_owned(),
        json!([{"files": [file], "refresh_interval": "30s"}]),
    );
    head
}

/// Our own components, through the scrape door of each node. The door shows the node's own
/// certificate, which is good for the address that is dialled.
fn own_job(context: &Context<'_>, live_dir: &Path) -> Value {
    let tls = &context.facts.component_tls;
    let mut job = head(super::OWN_JOB, live_dir);
    job.insert("scheme".to_owned(), json!("https"));
    job.insert(
        "tls_config".to_owned(),
        json!({
            "ca_file": tls.ca,
            "cert_file": tls.cert,
            "key_file": tls.key,
        }),
    );
    Value::Object(job)
}
