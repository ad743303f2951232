//! Channels and receivers.

use super::{Code, Findings};
use crate::model::{
    Kind,
    cluster::DeclaredState,
    spec::{Channel, Contact, MailTls, Receiver},
};
use std::collections::BTreeSet;

/// Headers that carry credentials: they would be stored and shown in the clear.
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "x-api-key"];

/// Of a mail channel's certificates.
const CA_MAX_BYTES: usize = 64 * 1024;

pub(super) fn channel(channel: &Channel, state: &DeclaredState, findings: &mut Findings) {
    let timeout_seconds = match channel {
        Channel::Webhook { url, headers, timeout_seconds, .. } => {
            findings.check("url", Code::Url, check_url(url));
            for (name, value) in headers {
                findings.check(format_args!("headers/{name}"), Code::BadValue, header(name, value));
            }
            timeout_seconds
        }
        Channel::Mail { timeout_seconds, .. } => {
            mail(channel, state, findings);
            timeout_seconds
        }
    };
    if !(1..=120).contains(timeout_seconds) {
        findings.spec("timeout_seconds", Code::BadValue, "must be 1 to 120");
    }
}

fn mail(channel: &Channel, state: &DeclaredState, findings: &mut Findings) {
    let Channel::Mail {
        host, port, tls, ca, username, password_secret, from, to, contacts, ..
    } = channel
    else {
        return;
    };
    if let Some(ca) = ca {
        findings.check("ca", Code::BadValue, check_ca(ca, *tls));
    }
    findings.check("host", Code::BadValue, check_host(host));
    if *port == 0 {
        findings.spec("port", Code::BadValue, "must be 1 to 65535");
    }
    findings.check("from", Code::BadValue, check_address(from));
    for (position, address) in to.iter().enumerate() {
        findings.check(format_args!("to/{position}"), Code::BadValue, check_address(address));
    }
    if to.is_empty() && contacts.is_empty() {
        findings.spec("to", Code::BadValue, "at least one recipient is needed");
    }
    for (position, name) in contacts.iter().enumerate() {
        let contact = state.get(Kind::Contact, name).and_then(|object| object.spec_as().ok());
        if contact.is_some_and(|contact: Contact| contact.mail.is_none()) {
            let path = format!("contacts/{position}");
            findings.spec(path, Code::BadValue, format!("contact `{name}` has no mail address"));
        }
    }
    match (username, password_secret) {
        (Some(_), None) => {
            findings.spec("password_secret", Code::BadValue, "an account needs a password");
        }
        (None, Some(_)) => findings.spec("username", Code::BadValue, "whose password is it?"),
        (Some(_), Some(_)) if *tls == MailTls::None => {
            let message = "a password is not sent without TLS: take `starttls` or `tls`";
            findings.spec("tls", Code::BadValue, message);
        }
        _ => {}
    }
}

/// Certificates in PEM, and nothing that must stay secret.
fn check_ca(pem: &str, tls: MailTls) -> Result<(), String> {
    if tls == MailTls::None {
        return Err("a CA is of no use without TLS: take `starttls` or `tls`".to_owned());
    }
    if pem.len() > CA_MAX_BYTES {
        return Err(format!("is longer than {} KiB", CA_MAX_BYTES / 1024));
    }
    if pem.contains("PRIVATE KEY") {
        return Err("holds a private key; only certificates belong here".to_owned());
    }
    let mut n_certificates = 0;
    for block in x509_parser::pem::Pem::iter_from_buffer(pem.as_bytes()) {
        let block = block.map_err(|error| format!("not PEM: {error}"))?;
        if block.label != "CERTIFICATE" {
            return Err(format!("holds a {}; only certificates belong here", block.label));
        }
        block.parse_x509().map_err(|error| format!("not a certificate: {error}"))?;
        n_certificates += 1;
    }
    match n_certificates {
        0 => Err("no certificate; paste it with its BEGIN CERTIFICATE line".to_owned()),
        _ => Ok(()),
    }
}

/// A name or a numeric address, nothing else.
fn check_host(host: &str) -> Result<(), String> {
    let numeric = host.trim_start_matches('[').trim_end_matches(']');
    if numeric.parse::<std::net::IpAddr>().is_ok() {
        return Ok(());
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if host.len() <= 253 && host.trim_end_matches('.').split('.').all(label) {
        return Ok(());
    }
    Err("write the name or address of the mail server alone, like mail.example.org".to_owned())
}

fn check_address(text: &str) -> Result<(), String> {
    let address: Result<lettre::message::Mailbox, _> = text.parse();
    address
        .map(drop)
        .map_err(|error| format!("not a mail address ({error}); write it like ops@example.org"))
}

pub(in crate::admission) fn check_url(text: &str) -> Result<(), String> {
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
