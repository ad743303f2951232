//! A proxied call as one that sees only its scope: read strictly, and written from scratch.

use super::{
    Projects, Refusal,
    params::{self, Pairs},
    paths::{Answer, Path, Program, TARGETS_METADATA, What},
    promql,
};

/// The longest address that is passed on, in bytes.
const LONGEST: usize = 60_000;
/// The most entries of metadata that are asked for, in all targets.
const MOST_METADATA: &str = "50000";
const FORM: &str = "application/x-www-form-urlencoded";

/// A call as it came. The method was checked against the path.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Who is asked.
    pub program: Program,
    /// The entry of `paths`.
    pub entry: &'static Path,
    /// The path as it was written.
    pub path: &'a str,
    /// What stood after `?`.
    pub query: Option<&'a str>,
    /// The form of a POST; `None` for other methods, whose bodies mean nothing.
    pub form: Option<Form<'a>>,
}

/// A body.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// Content-Type, empty where there was none.
    pub content_type: &'a str,
    /// The bytes.
    pub body: &'a [u8],
}

/// What is passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confined {
    /// Path with the query string, in ASCII.
    pub target: String,
    /// A form to POST; `None` = GET.
    pub form: Option<String>,
    /// What is done to the answer.
    pub answer: Answer,
    /// What of `/api/v1/metadata` was asked for.
    pub bounds: Bounds,
}

/// Bounds of an answer that is made of another; `None` = all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The one metric, which Prometheus then does not name.
    pub metric: Option<String>,
    /// Metrics.
    pub metrics: Option<usize>,
    /// Entries of one metric.
    pub per_metric: Option<usize>,
}

/// The call as one that sees only `projects`.
///
/// # Errors
/// [`Refusal`]: nothing may be passed on.
pub fn confine(call: &Call<'_>, projects: &Projects) -> Result<Confined, Refusal> {
    let Some(answer) = call.entry.answer else {
        return Err(Refusal::Unscoped(call.path.to_owned()));
    };
    let sent = sent(call)?;
    let mut written: Vec<(&str, String)> = Vec::new();
    for &(name, what) in call.entry.parameters {
        let values: Vec<String> =
            sent.iter().filter(|(sent, _)| sent == name).map(|(_, value)| value.clone()).collect();
        let values = values_of(name, what, values, projects)?;
        written.extend(values.into_iter().map(|value| (name, value)));
    }
    let bounds = bounds(&written)?;
    if call.program == Program::Alertmanager && answer != Answer::Silence {
        // Less to send; what is shown is decided by the answer.
        let fewer = matches!(answer, Answer::Received | Answer::Groups);
        let matcher = projects.matcher().filter(|_| fewer);
        written.extend(matcher.map(|matcher| ("filter", matcher.to_string())));
    }
    if answer == Answer::Metadata {
        return of_targets(&written, projects, bounds);
    }
    finished(call, answer, &written, bounds)
}

fn finished(
    call: &Call<'_>,
    answer: Answer,
    written: &[(&str, String)],
    bounds: Bounds,
) -> Result<Confined, Refusal> {
    let text = params::write(written);
    // A scope of many projects does not fit an address.
    if call.entry.form {
        return Ok(Confined { target: call.path.to_owned(), form: Some(text), answer, bounds });
    }
    let target = match text.as_str() {
        "" => call.path.to_owned(),
        text => format!("{}?{text}", call.path),
    };
    fits(target).map(|target| Confined { target, form: None, answer, bounds })
}

/// Metadata by metric says what all targets say: it is made of what those in scope do.
fn of_targets(
    written: &[(&str, String)],
    projects: &Projects,
    bounds: Bounds,
) -> Result<Confined, Refusal> {
    let mut asked: Vec<(&str, String)> =
        written.iter().filter(|(name, _)| *name == "metric").cloned().collect();
    let targets = promql::confine_selectors("match_target", &[], projects)?;
    asked.extend(targets.into_iter().map(|selector| ("match_target", selector)));
    asked.push(("limit", MOST_METADATA.to_owned()));
    let target = fits(format!("{TARGETS_METADATA}?{}", params::write(&asked)))?;
    Ok(Confined { target, form: None, answer: Answer::Metadata, bounds })
}

fn fits(target: String) -> Result<String, Refusal> {
    if target.len() > LONGEST { Err(Refusal::TooLong) } else { Ok(target) }
}

/// All parameters, of the address and of the form.
fn sent(call: &Call<'_>) -> Result<Pairs, Refusal> {
    let mut pairs = params::read("the address", call.query.unwrap_or_default().as_bytes())?;
    if let Some(Form { content_type, body }) = call.form {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let nothing = media_type.is_empty() && body.is_empty();
        if !nothing && !media_type.eq_ignore_ascii_case(FORM) {
            return Err(Refusal::NotAForm(media_type.chars().take(80).collect()));
        }
        pairs.extend(params::read("the body", body)?);
    }
    Ok(pairs)
}

fn values_of(
    name: &str,
    what: What,
    values: Vec<String>,
    projects: &Projects,
) -> Result<Vec<String>, Refusal> {
    let refused =
        |reason: &str| Err(Refusal::Parameter { name: name.to_owned(), reason: reason.to_owned() });
    match what {
        What::Expression | What::Once if values.len() > 1 => refused("stands more than once"),
        What::Expression | What::SelectorsNeeded if values.is_empty() => refused("is missing"),
        What::Once | What::Often => Ok(values),
        What::Selectors | What::SelectorsNeeded => {
            promql::confine_selectors(name, &values, projects)
        }
        What::Expression => values
            .iter()
            .map(|expression| promql::confine(expression, projects))
            .collect::<Result<_, _>>()
            .map_err(|fault| Refusal::Expression { parameter: name.to_owned(), fault }),
    }
}

fn bounds(written: &[(&str, String)]) -> Result<Bounds, Refusal> {
    let bound = |wanted: &str| {
        let Some((_, text)) = written.iter().find(|(name, _)| *name == wanted) else {
            return Ok(None);
        };
        // Prometheus takes anything below one as all.
        let number: i64 = text.parse().map_err(|_| Refusal::Parameter {
            name: wanted.to_owned(),
            reason: "is not a number".to_owned(),
        })?;
        Ok(usize::try_from(number).ok().filter(|number| *number > 0))
    };
    let metric = written.iter().find(|(name, _)| *name == "metric").map(|(_, value)| value.clone());
    Ok(Bounds { metric, metrics: bound("limit")?, per_metric: bound("limit_per_metric")? })
}

#[cfg(test)]
mod tests;
