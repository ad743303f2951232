//! Alertmanager: one on every node, one cluster. It groups, silences and routes; every receiver
//! is one webhook to the notifier on the same node.

use super::{
    CheckArgument, Component, Context, File, Reload, RenderError,
    process::{Frame, MIB, Process, socket},
    spec, yaml,
};
use crate::model::{Kind, spec::Route};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

const CONFIG: &str = "alertmanager.yml";
const CLUSTER_TLS: &str = "cluster-tls.yml";
/// Takes alerts that no route takes when there is no default receiver; no declared receiver can
/// have this name.
const NOBODY: &str = "_nobody";

#[derive(Serialize)]
struct Config {
    route: Branch,
    receivers: Vec<Value>,
}

#[derive(Serialize, Default)]
struct Branch {
    receiver: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    matchers: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not", rename = "continue")]
    continue_: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_by: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_wait: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_interval: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes: Vec<Self>,
}

pub(super) fn component(
    context: &Context<'_>,
    frame: &Frame<'_>,
) -> Result<Component, RenderError> {
    let listen = socket(context.member.loopback, context.member.ports.alertmanager);
    let mut component = frame.component(Process {
        program: "alertmanager",
        args: arguments(context, frame, &listen),
        memory_limit_bytes: (context.facts.memory_bytes / 16).max(256 * MIB),
        ready_url: format!("http://{listen}/-/ready"),
        start_timeout: Duration::from_mins(1),
        stop_grace: Duration::from_secs(15),
        order: 30,
    });
    component.files.insert(CONFIG.to_owned(), File::new(config(context)?, None));
    if clustered(context) {
        component.files.insert(CLUSTER_TLS.to_owned(), File::new(cluster_tls(context)?, None));
    }
    component.checks.push(frame.check(
        "amtool check-config",
        "amtool",
        vec![
            CheckArgument::Text("check-config".to_owned()),
            CheckArgument::File { prefix: String::new(), path: CONFIG.to_owned() },
        ],
    ));
    component.reload = Some(Reload::at(&listen, "alertmanager"));
    Ok(component)
}

fn clustered(context: &Context<'_>) -> bool {
    context.state.members.len() > 1
}

fn arguments(context: &Context<'_>, frame: &Frame<'_>, listen: &str) -> Vec<String> {
    let member = context.member;
    let mut arguments = vec![
        frame.config_flag("--config.file", CONFIG),
        frame.data_flag("--storage.path"),
        format!("--web.listen-address={listen}"),
        format!("--web.external-url={}/alertmanager/", member.url.trim_end_matches('/')),
        "--web.route-prefix=/".to_owned(),
        "--log.format=json".to_owned(),
    ];
    if clustered(context) {
        arguments.extend(cluster_arguments(context, frame));
    } else {
        arguments.push("--cluster.listen-address=".to_owned());
    }
    arguments
}

/// The notifier merges duplicates, so a short peer timeout buys fast fail-over. Members that are
/// gone stay listed: it costs nothing, and leaving them out would restart every Alertmanager.
fn cluster_arguments(context: &Context<'_>, frame: &Frame<'_>) -> Vec<String> {
    let own = context.member;
    let mut arguments = vec![
        format!("--cluster.listen-address={}", socket(context.facts.listen, own.ports.gossip)),
        format!("--cluster.advertise-address={}", socket(own.address, own.ports.gossip)),
        "--cluster.peer-timeout=2s".to_owned(),
        format!("--cluster.label={}", context.state.meta.cluster_id),
        frame.config_flag("--cluster.tls-config", CLUSTER_TLS),
    ];
    if frame.build.minor_version() >= (0, 30) {
        // Who sends first goes by the order of these names: stable names, stable order.
        arguments.push(format!("--cluster.peer-name=wk-{}", own.id));
    }
    let others = context.state.members.values().filter(|member| member.id != own.id);
    arguments.extend(
        others.map(|member| {
            format!("--cluster.peer={}", socket(member.address, member.ports.gossip))
        }),
    );
    arguments
}

fn cluster_tls(context: &Context<'_>) -> Result<Vec<u8>, RenderError> {
    let tls = &context.facts.component_tls;
    yaml::file(
        CLUSTER_TLS,
        &json!({
            "tls_client_config": {
                "ca_file": tls.ca,
                "cert_file": tls.cert,
                "key_file": tls.key,
                "server_name": context.component_server_name(),
            },
            "tls_server_config": {
                "cert_file": tls.cert,
                "client_auth_type": "RequireAndVerifyClientCert",
                "client_ca_file": tls.ca,
                "key_file": tls.key,
            },
        }),
    )
}

fn config(context: &Context<'_>) -> Result<Vec<u8>, RenderError> {
    let settings = &context.settings.alertmanager;
    let root = Branch {
        receiver: settings
            .default_receiver
            .clone()
            .filter(|name| exists(context, name))
            .unwrap_or_else(|| NOBODY.to_owned()),
        group_by: Some(settings.group_by.clone()),
        group_wait: Some(settings.group_wait.clone()),
        group_interval: Some(settings.group_interval.clone()),
        repeat_interval: Some(settings.repeat_interval.clone()),
        routes: branches(context)?,
        ..Branch::default()
    };
    let mut receivers = vec![json!({"name": NOBODY})];
    receivers.extend(context.state.of(Kind::Receiver).map(|receiver| {
        let name = receiver.name.as_str();
        json!({"name": name, "webhook_configs": [webhook(context, name)]})
    }));
    yaml::file(CONFIG, &Config { route: root, receivers })
}

fn branches(context: &Context<'_>) -> Result<Vec<Branch>, RenderError> {
    let mut routes = Vec::new();
    for resource in context.state.of(Kind::Route) {
        let route: Route = spec(resource)?;
        if exists(context, &route.receiver) {
            routes.push((route.order, resource.name.clone(), route));
        }
    }
    routes.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    Ok(routes.into_iter().map(|(_, _, route)| branch(route)).collect())
}

/// A route and the deletion of its receiver can be accepted at the same moment by two nodes; what
/// then points at nothing is left out, since Alertmanager would refuse the whole file.
fn exists(context: &Context<'_>, receiver: &str) -> bool {
    context.state.get(Kind::Receiver, receiver).is_some()
}

fn branch(route: Route) -> Branch {
    let mut matchers: Vec<String> =
        route.project.map(|project| format!("project=\"{project}\"")).into_iter().collect();
    matchers.extend(route.matchers);
    Branch {
        receiver: route.receiver,
        matchers,
        continue_: route.continue_,
        group_by: route.group_by,
        group_wait: route.group_wait,
        group_interval: route.group_interval,
        repeat_interval: route.repeat_interval,
        routes: Vec::new(),
    }
}

/// All alerts of a group, resolved ones too: what is sent on is the notifier's business.
fn webhook(context: &Context<'_>, receiver: &str) -> Value {
    let door = socket(context.member.loopback, context.member.ports.local);
    json!({
        "url": format!("http://{door}/notify/{receiver}"),
        "send_resolved": true,
        "max_alerts": 0,
        "http_config": {
            "authorization": {"credentials_file": context.facts.local_token_file},
            "follow_redirects": false,
        },
    })
}
