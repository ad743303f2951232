//! Whose object is a checker complaining about?

use super::{code::Code, field_error::FieldError};
use crate::model::{Kind, resource::Key};
use crate::render::Component;

/// The complaint as errors: one for each object it can be traced to, else one for the component.
pub(super) fn errors(component: &Component, words: &str) -> (Vec<Key>, Vec<FieldError>) {
    let mut keys: Vec<Key> = component
        .files
        .iter()
        .filter(|(path, _)| mentions(words, path))
        .filter_map(|(_, file)| file.declared_by.clone())
        .collect();
    if keys.is_empty() {
        keys.extend(scrape_job(component, words));
    }
    let error = |path: String| FieldError::new(path, Code::Refused, words.to_owned());
    let errors = if keys.is_empty() {
        vec![error(format!("component/{}", component.name))]
    } else {
        keys.iter().map(|key| error(format!("{key}/spec"))).collect()
    };
    (keys, errors)
}

/// A path as a word of its own: `rules/a.yml` is not in `rules/aa.yml` or `other-rules/a.yml`.
fn mentions(words: &str, path: &str) -> bool {
    words.match_indices(path).any(|(at, _)| {
        !words[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && !words[at + path.len()..].starts_with(|c: char| c.is_alphanumeric())
    })
}

/// The job around the line of `prometheus.yml` that the words name (`line 17: field x not
/// found`), or the job they call by name.
fn scrape_job(component: &Component, words: &str) -> Option<Key> {
    let config = component.files.get("prometheus.yml")?;
    let config = std::str::from_utf8(&config.bytes).ok()?;
    let jobs = |text: &str| {
        text.strip_prefix("- job_name: ").map(|name| name.trim_matches('"').to_owned())
    };
    let by_line = words.split("line ").skip(1).find_map(|rest| {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        let line: usize = digits.parse().ok()?;
        config.lines().take(line).filter_map(jobs).last()
    });
    let name = by_line.or_else(|| {
        config.lines().filter_map(jobs).find(|name| words.contains(&format!("\"{name}\"")))
    })?;
    Some(Key { kind: Kind::ScrapeJob, name: name.parse().ok()? })
}
