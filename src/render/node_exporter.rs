//! `node_exporter` of the node itself: flags only, and whom it lets in.

use super::{
    Component, Context, RenderError,
    process::{Frame, MIB, Process, socket},
    web_config,
};
use std::time::Duration;

pub(super) fn component(
    context: &Context<'_>,
    frame: &Frame<'_>,
) -> Result<Component, RenderError> {
    let listen = socket(context.member.loopback, context.member.ports.node_exporter);
    let mut component = frame.component(Process {
        program: "node_exporter",
        args: vec![format!("--web.listen-address={listen}"), "--log.format=json".to_owned()],
        memory_limit_bytes: 128 * MIB,
        ready_url: format!("http://{listen}/"),
        start_timeout: Duration::from_secs(30),
        stop_grace: Duration::from_secs(5),
        order: 10,
    });
    web_config::guard(context, frame, &mut component)?;
    Ok(component)
}
