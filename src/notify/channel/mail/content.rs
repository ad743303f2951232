//! What a mail looks like: headers that keep one alert in one thread, text and HTML.
//!
//! Message-ID is the delivery's, so that a second copy is recognised. `References` names one root
//! for each episode told (never sent itself), and the subject's base is the same from firing to
//! resolved: mail programs thread by either.

use crate::{
    base::clock::now_unix_ms,
    notify::{
        alert::Status,
        delivery::About,
        message::{Data, Message, Shown},
    },
};
use lettre::message::{
    Mailbox, MultiPart,
    header::{HeaderName, HeaderValue},
};
use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

/// Roots named in `References`; more would make a header nobody reads.
const REFERENCES: usize = 20;
/// Alerts shown; the rest is counted.
pub(super) const SHOWN: usize = 50;
/// Longest subject, in characters.
const SUBJECT: usize = 150;

/// Composes the mail for one recipient.
pub(super) fn mail(
    message: &Message,
    from: &Mailbox,
    to: &Mailbox,
) -> Result<lettre::Message, lettre::error::Error> {
    let data = &message.data;
    let domain = from.email.domain();
    let mut builder = lettre::Message::builder()
        .from(from.clone())
        .to(to.clone())
        .subject(subject(data))
        .message_id(Some(format!("<{}@{domain}>", data.id)))
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(now_unix_ms()));
    let roots: Vec<String> =
        data.alerts.iter().take(REFERENCES).map(|alert| root(alert, domain)).collect();
    if let (Some(first), false) = (roots.first(), data.test) {
        builder = builder.in_reply_to(first.clone()).references(roots.join(" "));
    }
    let mut headers = vec![
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("X-Watchkeep-Receiver", one_line(&data.receiver)),
    ];
    if data.status == Status::Firing && worst(data) == "critical" {
        headers.push(("Importance", "high".to_owned()));
        headers.push(("X-Priority", "1".to_owned()));
    }
    for (name, value) in headers {
        builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
    }
    builder.multipart(MultiPart::alternative_plain_html(text(data), html(data)))
}

/// A message that was never sent, under which all mails of an episode hang.
fn root(alert: &Shown, domain: &str) -> String {
    format!("<episode.{}.{}@{domain}>", alert.fingerprint, alert.episode)
}

/// The same base whatever the state; `Re:` is what threading ignores.
fn subject(data: &Data) -> String {
    let names: std::collections::BTreeSet<&str> = data.alerts.iter().map(name).collect();
    let mut subject = String::new();
    if data.test {
        subject.push_str("[test] ");
    } else if data.about != About::Firing {
        subject.push_str("Re: ");
    }
    let severity = worst(data);
    if !severity.is_empty() {
        let _ = write!(subject, "[{severity}] ");
    }
    let project = data.alerts.first().and_then(|alert| alert.labels.get("project"));
    let names: Vec<&str> = names.into_iter().collect();
    subject.push_str(&names.join(", "));
    if let Some(project) = project {
        let _ = write!(subject, " ({project})");
    }
    one_line(&subject).chars().take(SUBJECT).collect()
}

fn name(alert: &Shown) -> &str {
    alert.labels.get("alertname").map_or("alert", String::as_str)
}

fn worst(data: &Data) -> &str {
    let severities =
        || data.alerts.iter().filter_map(|alert| alert.labels.get("severity").map(String::as_str));
    ["critical", "error", "warning", "info"]
        .into_iter()
        .find(|wanted| severities().any(|severity| severity == *wanted))
        .or_else(|| severities().next())
        .unwrap_or_default()
}

/// No line break can end a header or forge another one.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Firing => "FIRING",
        Status::Resolved => "RESOLVED",
    }
}

/// `FIRING: 2 alerts for ops (cluster lab)`
fn headline(data: &Data) -> String {
    if data.test {
        return format!("TEST: a message to {} was asked for; no alert fires", data.receiver);
    }
    let n = data.alerts.len();
    let alerts = if n == 1 { "alert" } else { "alerts" };
    format!("{}: {n} {alerts} for {} (cluster {})", word(data.status), data.receiver, data.cluster)
}

/// What is not shown one by one.
fn notes(data: &Data) -> Vec<String> {
    let hidden = data.alerts.len().saturating_sub(SHOWN) as u64;
    let counted = [
        (hidden + data.omitted, "more alerts are not shown here"),
        (u64::from(data.merged), "further notifications were merged into this one"),
        (data.truncated_alerts, "alerts were left out by Alertmanager"),
    ];
    let mut notes: Vec<String> =
        counted.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if data.local {
        notes.push("sent by a node that could not reach the others".to_owned());
    }
    notes
}

/// `DiskFull, critical, since 2026-11-21T12:00:00Z`
fn line(alert: &Shown) -> String {
    let mut line = name(alert).to_owned();
    if let Some(severity) = alert.labels.get("severity") {
        let _ = write!(line, ", {severity}");
    }
    let _ = write!(line, ", since {}", alert.starts_at);
    if let Some(end) = alert.ends_at {
        let _ = write!(line, ", over at {end}");
    }
    line
}

fn labels(alert: &Shown) -> String {
    let shown = alert.labels.iter().filter(|(name, _)| !matches!(name.as_str(), "alertname"));
    shown.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

pub(super) fn text(data: &Data) -> String {
    let mut text = headline(data);
    text.push_str("\r\n");
    for alert in data.alerts.iter().take(SHOWN) {
        let _ = write!(text, "\r\n{} {}\r\n", word(alert.status), one_line(&line(alert)));
        for (name, value) in &alert.annotations {
            let value = value.replace('\r', "").replace('\n', "\r\n    ");
            let _ = write!(text, "  {}: {value}\r\n", one_line(name));
        }
        let _ = write!(text, "  labels: {}\r\n", one_line(&labels(alert)));
        if !alert.generator_url.is_empty() {
            let _ = write!(text, "  {}\r\n", one_line(&alert.generator_url));
        }
    }
    for note in notes(data) {
        let _ = write!(text, "\r\n{note}\r\n");
    }
    text
}

pub(super) fn html(data: &Data) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif;font-size:14px\">\
         <p><strong>{}</strong></p>",
        escape(&headline(data))
    );
    for alert in data.alerts.iter().take(SHOWN) {
        let colour = if alert.status == Status::Firing { "#c92a2a" } else { "#2b8a3e" };
        let _ = write!(
            html,
            "<div style=\"border-left:4px solid {colour};padding:4px 12px;margin:12px 0\">\
             <p style=\"margin:4px 0\"><strong>{} {}</strong></p>",
            word(alert.status),
            escape(&line(alert))
        );
        for (name, value) in &alert.annotations {
            let value = escape(value).replace('\n', "<br>");
            let _ = write!(html, "<p style=\"margin:4px 0\">{}: {value}</p>", escape(name));
        }
        let _ =
            write!(html, "<p style=\"margin:4px 0;color:#495057\">{}</p>", escape(&labels(alert)));
        if alert.generator_url.starts_with("http") {
            let url = escape(&alert.generator_url);
            let _ = write!(html, "<p style=\"margin:4px 0\"><a href=\"{url}\">Expression</a></p>");
        }
        html.push_str("</div>");
    }
    for note in notes(data) {
        let _ = write!(html, "<p>{}</p>", escape(&note));
    }
    html.push_str("</body></html>");
    html
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\r' => {}
            other => escaped.push(other),
        }
    }
    escaped
}
