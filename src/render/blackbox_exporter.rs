//! `blackbox_exporter` of the node, with one module for each kind of probe.

use super::{
    CheckArgument, Component, Context, File, Reload, RenderError,
    process::{Frame, MIB, Process, socket},
    web_config, yaml,
};
use serde_json::json;
use std::time::Duration;

const CONFIG: &str = "blackbox.yml";

pub(super) fn component(
    context: &Context<'_>,
    frame: &Frame<'_>,
) -> Result<Component, RenderError> {
    let listen = socket(context.member.loopback, context.member.ports.blackbox_exporter);
    let mut component = frame.component(Process {
        program: "blackbox_exporter",
        args: vec![
            frame.config_flag("--config.file", CONFIG),
            format!("--web.listen-address={listen}"),
            "--log.format=json".to_owned(),
        ],
        memory_limit_bytes: 128 * MIB,
        ready_url: format!("http://{listen}/-/healthy"),
        start_timeout: Duration::from_secs(30),
        stop_grace: Duration::from_secs(5),
        order: 20,
    });
    component.files.insert(CONFIG.to_owned(), File::new(config()?, None));
    component.checks.push(frame.check(
        "blackbox_exporter --config.check",
        "blackbox_exporter",
        vec![
            CheckArgument::Text("--config.check".to_owned()),
            CheckArgument::File { prefix: "--config.file=".to_owned(), path: CONFIG.to_owned() },
        ],
    ));
    web_config::guard(context, frame, &mut component)?;
    component.reload = Some(Reload::at(&listen, "blackbox_exporter"));
    Ok(component)
}

fn config() -> Result<Vec<u8>, RenderError> {
    let modules = json!({
        "http_2xx": {"prober": "http", "timeout": "5s", "http": {"preferred_ip_protocol": "ip4"}},
        "icmp": {"prober": "icmp", "timeout": "5s", "icmp": {"preferred_ip_protocol": "ip4"}},
        "tcp_connect": {"prober": "tcp", "timeout": "5s"},
    });
    yaml::file(CONFIG, &json!({"modules": yaml::sorted(&modules)}))
}
