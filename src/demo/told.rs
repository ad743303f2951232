//! What the demo tells: progress, where to look, and a file for scripts.

use super::{
    error::DemoError,
    run::{self, Demo},
};
use serde_json::{Value, json};

/// Of the first account, and a token that was made with it.
pub(super) struct Credentials {
    pub(super) user_password: String,
    pub(super) token: String,
}

impl Demo {
    pub(super) fn announce(
        &self,
        ready: &[Value],
        admin: &Credentials,
        inbox_ready: bool,
    ) -> Result<(), DemoError> {
        let Some(path) = &self.options.ready_file else { return Ok(()) };
        let nodes: Vec<Value> = ready
            .iter()
            .map(|node| json!({"url": node.get("url"), "pid": node.get("pid"), "data_dir": node.get("data_dir")}))
            .collect();
        let mut document = json!({
            "nodes": nodes,
            "admin": {"user": "admin", "password": admin.user_password, "token": admin.token},
            "inbox": self.inbox.url(),
        });
        if inbox_ready && let Some(fields) = document.as_object_mut() {
            fields.insert("inbox_ready".into(), Value::Bool(true));
        }
        run::write(path, document.to_string().as_bytes(), 0o600)
    }

    pub(super) fn print(&self, ready: &[Value], password: &str) {
        let urls: Vec<&str> = ready.iter().map(|node| url_of(Some(node))).collect();
        say(&format!(
            "ready\n\n  portal    {}\n  sign in   admin / {password}\n  inbox     {}\n  data      {}\n\n  \
             Kill a node and watch nothing stop:  kill -9 {}\n  Ctrl-C stops everything and cleans up.\n",
            urls.join("  "),
            self.inbox.url(),
            self.options.dir.display(),
            ready.last().and_then(|node| node.get("pid")).unwrap_or(&Value::Null),
        ));
    }
}

pub(super) fn url_of(node: Option<&Value>) -> &str {
    node.and_then(|node| node.get("url")).and_then(Value::as_str).unwrap_or_default()
}

/// Progress for the person in front of it.
#[expect(clippy::print_stderr, reason = "the demo speaks to a person")]
pub(super) fn say(text: &str) {
    eprintln!("demo: {text}");
}
