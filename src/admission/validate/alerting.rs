//! Silences, and when a token ends.

use super::{Code, Findings, accounts, labels, regexp};
use crate::model::{
    UnixMs,
    label::Labels,
    matcher::{Matcher, Op},
    spec::{Silence, SilenceMatcher, Token},
};

pub(super) fn silence(silence: &Silence, findings: &mut Findings) {
    if silence.comment.trim().is_empty() {
        findings.spec("comment", Code::BadValue, "say why: a comment is needed");
    }
    times(silence, findings);
    for (position, matcher) in silence.matchers.iter().enumerate() {
        let path = format!("matchers/{position}");
        findings.check(format_args!("{path}/name"), Code::Label, labels::name(&matcher.name));
        if matcher.is_regex {
            let outcome = regexp::check(&matcher.value);
            findings.check(format_args!("{path}/value"), Code::Regex, outcome);
        }
    }
    let selective = silence.matchers.iter().any(|matcher| !matches_nothing(matcher));
    if !selective {
        let message = "at least one matcher must not match the empty value: this would silence all";
        findings.spec("matchers", Code::Matcher, message);
    }
}

/// Whether it holds for an alert without the label; a broken pattern has its own error.
fn matches_nothing(matcher: &SilenceMatcher) -> bool {
    let op = Op::of(matcher.is_equal, matcher.is_regex);
    let test = Matcher::new(&matcher.name, op, &matcher.value).test();
    test.is_ok_and(|test| test.holds(&Labels::new()))
}

fn times(silence: &Silence, findings: &mut Findings) {
    let (start, end) = (instant(&silence.starts_at), instant(&silence.ends_at));
    if let (Ok(start), Ok(end)) = (&start, &end)
        && end <= start
    {
        findings.spec("endsAt", Code::BadValue, "must lie after startsAt");
    }
    findings.check("startsAt", Code::BadValue, start.map(drop));
    findings.check("endsAt", Code::BadValue, end.map(drop));
}

pub(super) fn token(token: &Token, findings: &mut Findings) {
    if let Some(expires) = &token.expires {
        findings.check("expires", Code::BadValue, instant(expires).map(drop));
    }
    accounts::scope(findings, "scope", &token.scope);
}

/// RFC 3339.
fn instant(text: &str) -> Result<UnixMs, String> {
    UnixMs::parse(text).map_err(|_| {
        let shown: String = text.chars().take(40).collect();
        format!("`{shown}` is not an instant; write it like 2026-01-31T15:00:00Z")
    })
}
