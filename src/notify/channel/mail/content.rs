//! What a mail looks like: headers that keep one alert in one thread, text and HTML.
//!
//! Message-ID is the delivery's, so that a second copy is recognised. `References` names one root
//! for each episode told (never sent itself), and the subject's base is the same from firing to
//! resolved: mail programs thread by either.

use super::words::{self, Counted};
use crate::{
    base::clock::now_unix_ms,
    model::language::Language,
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
    language: Language,
) -> Result<lettre::Message, lettre::error::Error> {
    let data = &message.data;
    let domain = from.email.domain();
    let mut builder = lettre::Message::builder()
        .from(from.clone())
        .to(to.clone())
        .subject(subject(data, language))
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
    builder.multipart(MultiPart::alternative_plain_html(text(data, language), html(data, language)))
}

/// A message that was never sent, under which all mails of an episode hang.
fn root(alert: &Shown, domain: &str) -> String {
    format!("<episode.{}.{}@{domain}>", alert.fingerprint, alert.episode)
}

/// The same base whatever the state; `Re:` is what threading ignores.
fn subject(data: &Data, language: Language) -> String {
    let names = data.alerts.iter().map(|alert| name(alert, language));
    let names: std::collections::BTreeSet<&str> = names.collect();
    let mut subject = String::new();
    if data.test {
        subject.push_str(words::test(language));
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

fn name(alert: &Shown, language: Language) -> &str {
    alert.labels.get("alertname").map_or(words::alert(language), String::as_str)
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

/// What is not shown one by one.
fn notes(data: &Data, language: Language) -> Vec<String> {
    let hidden = data.alerts.len().saturating_sub(SHOWN) as u64;
    let counted = [
        (hidden + data.omitted, Counted::Hidden),
        (u64::from(data.merged), Counted::Merged),
        (data.truncated_alerts, Counted::LeftOut),
    ];
    let counted = counted.iter().filter(|(n, _)| *n > 0);
    let mut notes: Vec<String> =
        counted.map(|(n, what)| words::note(language, *what, *n)).collect();
    if data.local {
        notes.push(words::local(language).to_owned());
    }
    notes
}

/// `DiskFull, critical, since 2026-11-21T12:00:00Z`
fn line(alert: &Shown, language: Language) -> String {
    let severity = alert.labels.get("severity").map(String::as_str);
    let parts: Vec<&str> = std::iter::once(name(alert, language)).chain(severity).collect();
    let over = alert.ends_at.map(|end| end.to_string());
    words::line(language, &parts, &alert.starts_at.to_string(), over.as_deref())
}

fn labels(alert: &Shown) -> String {
    let shown = alert.labels.iter().filter(|(name, _)| !matches!(name.as_str(), "alertname"));
    shown.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

pub(super) fn text(data: &Data, language: Language) -> String {
    let mut text = words::headline(language, data);
    text.push_str("\r\n");
    for alert in data.alerts.iter().take(SHOWN) {
        let _ = write!(
            text,
            "\r\n{} {}\r\n",
            words::status(language, alert.status),
            one_line(&line(alert, language))
        );
        for (name, value) in &alert.annotations {
            let value = value.replace('\r', "").replace('\n', "\r\n    ");
            let _ = write!(text, "  {}: {value}\r\n", one_line(name));
        }
        let _ = write!(text, "  {}{}\r\n", words::labels(language), one_line(&labels(alert)));
        if !alert.generator_url.is_empty() {
            let _ = write!(text, "  {}\r\n", one_line(&alert.generator_url));
        }
    }
    for note in notes(data, language) {
        let _ = write!(text, "\r\n{note}\r\n");
    }
    text
}

pub(super) fn html(data: &Data, language: Language) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"{}\"><body style=\"font-family:sans-serif;font-size:14px\">\
         <p><strong>{}</strong></p>",
        language.as_str(),
        escape(&words::headline(language, data))
    );
    for alert in data.alerts.iter().take(SHOWN) {
        let colour = if alert.status == Status::Firing { "#c92a2a" } else { "#2b8a3e" };
        let _ = write!(
            html,
            "<div style=\"border-left:4px solid {colour};padding:4px 12px;margin:12px 0\">\
             <p style=\"margin:4px 0\"><strong>{} {}</strong></p>",
            words::status(language, alert.status),
            escape(&line(alert, language))
        );
        for (name, value) in &alert.annotations {
            let value = escape(value).replace('\n', "<br>");
            let _ = write!(html, "<p style=\"margin:4px 0\">{}: {value}</p>", escape(name));
        }
        let _ =
            write!(html, "<p style=\"margin:4px 0;color:#495057\">{}</p>", escape(&labels(alert)));
        if alert.generator_url.starts_with("http") {
            let url = escape(&alert.generator_url);
            let expression = words::expression(language);
            let _ =
                write!(html, "<p style=\"margin:4px 0\"><a href=\"{url}\">{expression}</a></p>");
        }
        html.push_str("</div>");
    }
    for note in notes(data, language) {
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
