//! What an HTTP answer means for a delivery (RFC 9110; the rows "outbound" of the fault matrix).

use crate::{
    base::clock::now_unix_ms,
    model::UnixMs,
    notify::{
        delivery::{Class, Outcome},
        outgoing::{Refused, Unresolved},
    },
};
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
};
use std::error::Error;

/// Asked-for waits are honoured up to this.
const MAX_WAIT_MS: u64 = 3_600_000;
/// Wait after a 429 that names none.
const LIMITED_WAIT_MS: u64 = 60_000;

/// The outcome without timing.
pub(super) fn outcome(class: Class, reason: impl Into<String>) -> Outcome {
    let mut reason = reason.into();
    crate::notify::alert::cut(&mut reason, 500);
    Outcome { class, reason, status: None, wait_ms: None, took_ms: 0 }
}

/// Judges a complete answer.
pub(super) fn judge(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Outcome {
    let wait_ms = retry_after_ms(headers, UnixMs(now_unix_ms()));
    let mut judged = match status.as_u16() {
        202 => outcome(Class::Accepted, "accepted"),
        200..=299 if is_html(headers, body) => outcome(
            Class::Unknown,
            "answered with a web page: a proxy or sign-in page may have taken the message",
        ),
        200..=299 => outcome(Class::Delivered, "delivered"),
        300..=399 => outcome(
            Class::Rejected,
            "answered with a redirect, which is not followed: put the final address into the \
             channel",
        ),
        407 => outcome(Class::Rejected, "a proxy asks for credentials"),
        429 => Outcome {
            wait_ms: wait_ms.or(Some(LIMITED_WAIT_MS)),
            ..outcome(Class::Limited, "too many messages for the other side")
        },
        408 | 425 => outcome(Class::Retry, "the other side asks to try again"),
        500..=599 => Outcome { wait_ms, ..outcome(Class::Retry, "the other side failed") },
        401 | 403 => outcome(Class::Rejected, "the other side refuses the credentials"),
        404 | 410 => outcome(Class::Rejected, "there is nothing at this address (any more)"),
        _ => outcome(Class::Rejected, "the other side refuses the message"),
    };
    judged.reason = format!("{} (HTTP {})", judged.reason, status.as_u16());
    judged.status = Some(status.as_u16());
    judged
}

/// Judges an exchange that broke. The address is kept out of the words: it may hold a secret.
pub(super) fn judge_error(error: reqwest::Error) -> Outcome {
    let error = error.without_url();
    if let Some(refused) = find::<Refused>(&error) {
        return outcome(Class::Rejected, refused.to_string());
    }
    if let Some(unresolved) = find::<Unresolved>(&error) {
        return outcome(Class::Retry, unresolved.to_string());
    }
    if error.is_builder() {
        return outcome(Class::Rejected, "the request cannot be built from the channel's settings");
    }
    if error.is_connect() {
        return outcome(Class::Retry, format!("no connection: {}", root(&error)));
    }
    let what = if error.is_timeout() { "no answer in time".into() } else { root(&error) };
    outcome(Class::Unknown, format!("{what}; the message may have arrived"))
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The innermost cause: the operating system's or TLS library's words.
fn root(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}

fn is_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let typed = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("text/html"));
    let start = body.trim_ascii_start().get(..5).unwrap_or_default().to_ascii_lowercase();
    typed || matches!(start.as_slice(), b"<!doc" | b"<html")
}

/// `Retry-After` in milliseconds from `now`: seconds or a date; past dates are no wait.
fn retry_after_ms(headers: &HeaderMap, now: UnixMs) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => seconds.saturating_mul(1000),
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => MAX_WAIT_MS,
        Err(_) => {
            let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
            UnixMs(u64::try_from(date.as_millisecond()).unwrap_or(0)).since(now)
        }
    };
    Some(wait.min(MAX_WAIT_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            reqwest::header::HeaderName::from_static(name),
            reqwest::header::HeaderValue::from_static(value),
        )])
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_date_and_capped() {
        let now = UnixMs::parse("2026-11-21T12:00:00Z").unwrap();
        let wait = |value| retry_after_ms(&headers("retry-after", value), now);
        assert_eq!(wait("7"), Some(7_000));
        assert_eq!(wait("Sat, 21 Nov 2026 12:00:30 GMT"), Some(30_000));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0));
        assert_eq!(wait("315360000"), Some(MAX_WAIT_MS));
        assert_eq!(wait("99999999999999999999999"), Some(MAX_WAIT_MS));
        assert_eq!(wait("soon"), None);
    }

    #[test]
    fn every_status_has_its_class() {
        for (status, class) in [
            (200, Class::Delivered),
            (202, Class::Accepted),
            (204, Class::Delivered),
            (301, Class::Rejected),
            (307, Class::Rejected),
            (400, Class::Rejected),
            (401, Class::Rejected),
            (404, Class::Rejected),
            (407, Class::Rejected),
            (408, Class::Retry),
            (410, Class::Rejected),
            (429, Class::Limited),
            (500, Class::Retry),
            (503, Class::Retry),
        ] {
            let judged = judge(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), b"");
            assert_eq!(judged.class, class, "{status}");
        }
        let ok = StatusCode::OK;
        assert_eq!(judge(ok, &HeaderMap::new(), b" <!DOCTYPE html>").class, Class::Unknown);
        let html = headers("content-type", "text/html; charset=utf-8");
        assert_eq!(judge(ok, &html, b"").class, Class::Unknown);
        assert_eq!(judge(ok, &HeaderMap::new(), b"ok").class, Class::Delivered);
    }
}
