//! `global`, `webhook_configs` and `email_configs`: what becomes a channel.

use super::{
    reader::{Reader, below},
    receivers::Receivers,
};
use crate::admission::{
    code::Code,
    validate::{duration, notification},
};
use serde_json::{Map, Value, json};

const GLOBAL: [&str; 42] = [
    "smtp_from",
    "smtp_hello",
    "smtp_smarthost",
    "smtp_auth_username",
    "smtp_auth_password",
    "smtp_auth_password_file",
    "smtp_auth_secret",
    "smtp_auth_secret_file",
    "smtp_auth_identity",
    "smtp_require_tls",
    "smtp_tls_config",
    "smtp_force_implicit_tls",
    "slack_api_url",
    "slack_api_url_file",
    "slack_app_token",
    "slack_app_token_file",
    "slack_app_url",
    "pagerduty_url",
    "opsgenie_api_key",
    "opsgenie_api_key_file",
    "opsgenie_api_url",
    "wechat_api_url",
    "wechat_api_secret",
    "wechat_api_secret_file",
    "wechat_api_corp_id",
    "victorops_api_key",
    "victorops_api_key_file",
    "victorops_api_url",
    "telegram_api_url",
    "telegram_bot_token",
    "telegram_bot_token_file",
    "webex_api_url",
    "rocketchat_token",
    "rocketchat_token_file",
    "rocketchat_token_id",
    "rocketchat_token_id_file",
    "rocketchat_api_url",
    "jira_api_url",
    "mattermost_webhook_url",
    "mattermost_webhook_url_file",
    "http_config",
    "resolve_timeout",
];
const WEBHOOK: [&str; 7] =
    ["send_resolved", "http_config", "url", "url_file", "max_alerts", "timeout", "payload"];
const MAIL: [&str; 18] = [
    "send_resolved",
    "to",
    "from",
    "hello",
    "smarthost",
    "auth_username",
    "auth_password",
    "auth_password_file",
    "auth_secret",
    "auth_secret_file",
    "auth_identity",
    "headers",
    "html",
    "text",
    "require_tls",
    "tls_config",
    "force_implicit_tls",
    "threading",
];

/// What mails have in common.
#[derive(Default)]
pub(super) struct Global {
    smarthost: Option<String>,
    from: Option<String>,
    username: Option<String>,
    require_tls: bool,
    implicit_tls: bool,
}

pub(super) fn global(reader: &mut Reader, value: Option<&Value>) -> Global {
    let empty = Map::new();
    let fields = reader.map("global", value).unwrap_or(&empty);
    reader.known_fields("global", fields, &GLOBAL);
    reader.duration("global/resolve_timeout", fields.get("resolve_timeout"));
    if fields.get("http_config").is_some_and(|it| !it.is_null()) {
        let message = "how HTTP is spoken is a channel's own affair; proxy and TLS are not taken";
        reader.left_out("global/http_config", message);
    }
    let path = |field: &str| format!("global/{field}");
    let mut text = |field: &str| {
        let text = reader.text(&path(field), fields.get(field));
        text.filter(|text| !text.is_empty())
    };
    let smarthost = text("smtp_smarthost");
    let (from, username) = (text("smtp_from"), text("smtp_auth_username"));
    if let Some(address) = smarthost.as_ref().filter(|address| !address.contains(':')) {
        reader.bad("global/smtp_smarthost", format!("address {address}: missing port in address"));
    }
    let mut truth = |field: &str, default| reader.truth(&path(field), fields.get(field), default);
    let require_tls = truth("smtp_require_tls", true);
    let implicit_tls = truth("smtp_force_implicit_tls", false);
    Global { smarthost, from, username, require_tls, implicit_tls }
}

/// `None`: it is wrong, or it cannot be said.
pub(super) fn mail(
    reader: &mut Reader,
    path: &str,
    fields: &Map<String, Value>,
    global: &Global,
    receivers: &mut Receivers,
) -> Option<Value> {
    reader.known_fields(path, fields, &MAIL);
    let mut text = |field: &str| {
        let text = reader.text(&below(path, field), fields.get(field));
        text.filter(|text| !text.is_empty())
    };
    let to = text("to");
    let from = text("from").or_else(|| global.from.clone());
    let smarthost = text("smarthost").or_else(|| global.smarthost.clone());
    let username = text("auth_username").or_else(|| global.username.clone());
    for (missing, message) in [
        (to.is_none(), "missing to address in email config"),
        (smarthost.is_none(), "no global SMTP smarthost set"),
        (from.is_none(), "no global SMTP from set"),
    ] {
        if missing {
            reader.bad(path, message);
        }
    }
    let (to, from) = (to?, from?);
    let (host, port) = server(reader, path, &smarthost?)?;
    for field in ["hello", "headers", "html", "text", "tls_config", "auth_secret", "threading"] {
        if fields.get(field).is_some_and(|it| !it.is_null()) {
            let message = "not taken: mails are made and sent by the channel";
            reader.left_out(&below(path, field), message);
        }
    }
    let tls = tls(reader, path, fields, global, port);
    let send_resolved = "send_resolved";
    let mut spec = json!({
        "type": "mail", "host": host, "port": port, "from": from, "tls": tls,
        "to": to.split(',').map(str::trim).filter(|to| !to.is_empty()).collect::<Vec<_>>(),
        send_resolved: reader.truth(&below(path, send_resolved), fields.get(send_resolved), false),
    });
    if username.is_some() && tls == "none" {
        reader.left_out(path, "the account is not taken: no password is sent without TLS");
    } else if let Some(username) = username {
        spec["password_secret"] = json!(receivers.secret(reader, path, &host, &username));
        spec["username"] = json!(username);
    }
    Some(spec)
}

/// How the connection is protected; port 465 is TLS from the first byte.
fn tls(
    reader: &mut Reader,
    path: &str,
    fields: &Map<String, Value>,
    global: &Global,
    port: u16,
) -> &'static str {
    let mut truth =
        |field: &str, default| reader.truth(&below(path, field), fields.get(field), default);
    let starttls = truth("require_tls", global.require_tls);
    match (truth("force_implicit_tls", global.implicit_tls) || port == 465, starttls) {
        (true, _) => "tls",
        (false, true) => "starttls",
        (false, false) => "none",
    }
}

/// Host and port; services named by word and a missing host are not taken.
fn server(reader: &mut Reader, path: &str, smarthost: &str) -> Option<(String, u16)> {
    let Some((host, port)) = smarthost.rsplit_once(':') else {
        reader.bad(path, format!("address {smarthost}: missing port in address"));
        return None;
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match port.parse::<u16>() {
        Ok(port) if port > 0 && !host.is_empty() => Some((host.to_owned(), port)),
        _ => {
            reader.left_out(path, format!("`{smarthost}`: write host and port number"));
            None
        }
    }
}

/// `None`: it is wrong, or it cannot be said.
pub(super) fn webhook(
    reader: &mut Reader,
    path: &str,
    fields: &Map<String, Value>,
) -> Option<Value> {
    reader.known_fields(path, fields, &WEBHOOK);
    let url = reader.text(&below(path, "url"), fields.get("url"));
    let file = reader.text(&below(path, "url_file"), fields.get("url_file"));
    if url.is_some() == file.is_some() {
        reader.bad(path, "exactly one of url and url_file must be configured");
        return None;
    }
    if file.is_some() {
        reader.left_out(path, "a URL in a file is not read: give the channel its URL");
        return None;
    }
    let url = url?;
    match notification::check_url(&url) {
        Ok(()) => {}
        Err(message) if url.contains('@') => {
            reader.left_out(path, message);
            return None;
        }
        Err(message) => {
            reader.error(&below(path, "url"), Code::Url, message);
            return None;
        }
    }
    for (field, message) in [
        ("http_config", "how HTTP is spoken (authentication, proxy, TLS) is not taken"),
        ("payload", "the body is Alertmanager's own, not a template"),
    ] {
        if fields.get(field).is_some_and(|it| !it.is_null()) {
            reader.left_out(&below(path, field), message);
        }
    }
    if fields.get("max_alerts").is_some_and(|it| it.as_u64() != Some(0)) {
        reader.left_out(&below(path, "max_alerts"), "notifications are not cut");
    }
    let resolved = reader.truth(&below(path, "send_resolved"), fields.get("send_resolved"), true);
    let mut spec = json!({"type": "webhook", "url": url, "send_resolved": resolved});
    let timeout = reader.duration(&below(path, "timeout"), fields.get("timeout"));
    let timeout = timeout.and_then(|text| duration::parse(&text).ok());
    if let Some(timeout) = timeout.filter(|timeout| !timeout.is_zero()) {
        spec["timeout_seconds"] = json!(timeout.as_secs().clamp(1, 120));
    }
    Some(spec)
}
