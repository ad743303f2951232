//! Channels and receivers.

use super::{Code, Findings};
use crate::model::spec::{Channel, Receiver};
use std::collections::BTreeSet;

/// Headers that carry credentials: they would be stored and shown in the clear.
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "x-api-key"];

pub(super) fn channel(channel: &Channel, findings: &mut Findings) {
    let timeout_seconds = match channel {
        Channel::Webhook { url, headers, timeout_seconds, .. } => {
            findings.check("url", Code::Url, check_url(url));
            for (name, value) in headers {
                findings.check(format_args!("headers/{name}"), Code::BadValue, header(name, value));
            }
            timeout_seconds
        }
        Channel::Mail { to, contacts, timeout_seconds, .. } => {
            if to.is_empty() && contacts.is_empty() {
                findings.spec("to", Code::BadValue, "at least one recipient is needed");
            }
            timeout_seconds
        }
    };
    if !(1..=120).contains(timeout_seconds) {
        findings.spec("timeout_seconds", Code::BadValue, "must be 1 to 120");
    }
}

fn check_url(text: &str) -> Result<(), String> {
    let url: http::Uri = text
        .parse()
        .map_err(|error| format!("not a URL ({error}); write it like https://host/path"))?;
    if !matches!(url.scheme_str(), Some("http" | "https")) {
        return Err("must begin with http:// or https://".to_owned());
    }
    let Some(authority) = url.authority().filter(|authority| !authority.host().is_empty()) else {
        return Err("has no host".to_owned());
    };
    if authority.as_str().contains('@') {
        return Err("must not contain a user or password".to_owned());
    }
    Ok(())
}

fn header(name: &str, value: &str) -> Result<(), String> {
    if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
        Err("not a header name".to_owned())
    } else if http::HeaderValue::from_str(value).is_err() {
        Err("not a header value: printable characters only".to_owned())
    } else if SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        Err("headers are shown to everybody who may read channels; no credentials here".to_owned())
    } else {
        Ok(())
    }
}

pub(super) fn receiver(receiver: &Receiver, findings: &mut Findings) {
    if receiver.channels.is_empty() {
        findings.spec("channels", Code::BadValue, "at least one channel is needed");
    }
    let mut seen = BTreeSet::new();
    for (position, channel) in receiver.channels.iter().enumerate() {
        if !seen.insert(channel) {
            let path = format!("channels/{position}");
            findings.spec(path, Code::BadValue, format!("`{channel}` is named twice"));
        }
    }
}
