//! `node_exporter` of the node itself: flags only, no files.

use super::{
    Component, Context,
    process::{Frame, MIB, Process, socket},
};
use std::time::Duration;

pub(super) fn component(context: &Context<'_>, frame: &Frame<'_>) -> Component {
    let listen = socket(context.member.loopback, context.member.ports.node_exporter);
    frame.component(Process {
        program: "node_exporter",
        args: vec![format!("--web.listen-address={listen}"), "--log.format=json".to_owned()],
        memory_limit_bytes: 128 * MIB,
        ready_url: format!("http://{listen}/"),
        start_timeout: Duration::from_secs(30),
        stop_grace: Duration::from_secs(5),
        order: 10,
    })
}
