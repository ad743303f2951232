//! Which records are asked for.

use super::{AuditLine, AuditQuery};
use crate::{model::UnixMs, web::error::Problem};

/// Judges lines as whoever asks sees them.
pub(super) struct Filter {
    query: AuditQuery,
    /// In lower case.
    text: Option<String>,
    since: Option<UnixMs>,
    until: Option<UnixMs>,
}

impl Filter {
    pub(super) fn of(query: AuditQuery) -> Result<Self, Problem> {
        let time = |name: &str, text: Option<&str>| {
            let parsed = text.filter(|text| !text.is_empty()).map(UnixMs::parse).transpose();
            parsed.map_err(|error| Problem::bad_query(format!("`{name}` is not RFC 3339: {error}")))
        };
        if query.outcome.as_deref().is_some_and(|it| !["", "done", "refused"].contains(&it)) {
            return Err(Problem::bad_query("`outcome` is `done` or `refused`"));
        }
        let (since, until) = (query.since.as_deref(), query.until.as_deref());
        let (since, until) = (time("since", since)?, time("until", until)?);
        let text = query.q.as_deref().map(|text| text.trim().to_lowercase());
        Ok(Self { text: text.filter(|text| !text.is_empty()), since, until, query })
    }

    pub(super) fn takes(&self, line: &AuditLine) -> bool {
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted.is_empty() || wanted == found)
        };
        let query = &self.query;
        let objects = query.kind.as_deref().is_some_and(|kind| !kind.is_empty())
            || query.name.as_deref().is_some_and(|name| !name.is_empty());
        is(&query.actor, &line.actor)
            && is(&query.verb, &line.verb)
            && is(&query.outcome, &line.outcome)
            && (!objects
                || line
                    .objects
                    .iter()
                    .any(|object| is(&query.kind, &object.kind) && is(&query.name, &object.name)))
            && self.in_time(line)
            && self.text.as_deref().is_none_or(|text| mentions(line, text))
    }

    fn in_time(&self, line: &AuditLine) -> bool {
        let Ok(at) = UnixMs::parse(&line.at) else { return true };
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }
}

fn mentions(line: &AuditLine, text: &str) -> bool {
    let optional = [&line.code, &line.from, &line.agent, &line.request, &line.route, &line.about];
    let has = |part: &str| part.to_lowercase().contains(text);
    optional.into_iter().flatten().any(|part| has(part))
        || [&line.actor, &line.verb, &line.why].into_iter().any(|part| has(part))
        || line.objects.iter().any(|object| has(&format!("{}/{}", object.kind, object.name)))
}
