//! Alertmanager: one on every node, one cluster. It groups, silences and routes; every receiver
//! is one webhook to the notifier on the same node.

pub(super) mod config;

use super::{
    CheckArgument, Component, Context, File, Reload, RenderError,
    process::{Frame, MIB, Process, socket},
    web_config, yaml,
};
use serde_json::json;
use std::time::Duration;

const CONFIG: &str = "alertmanager.yml";
const CLUSTER_TLS: &str = "cluster-tls.yml";

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
    component.files.insert(CONFIG.to_owned(), File::new(config::file(context)?, None));
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
    web_config::guard(context, frame, &mut component)?;
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
