//! Whose object is a checker complaining about?

use super::{code::Code, field_error::FieldError};
use crate::model::{Kind, resource::Key};
use crate::render::{Component, job_of_pool};

/// The objects a complaint can be traced to; may be empty.
#[must_use]
pub fn blamed(component: &Component, words: &str) -> Vec<Key> {
    let mut keys: Vec<Key> = component
        .files
        .iter()
        .filter(|(path, _)| mentions(words, path))
        .filter_map(|(_, file)| file.declared_by.clone())
        .collect();
    if keys.is_empty() {
        keys.extend(scrape_job(component, words));
    }
    keys
}

/// The complaint as errors: one for each object it can be traced to, else one for the component.
pub(super) fn errors(component: &Component, words: &str) -> (Vec<Key>, Vec<FieldError>) {
    let keys = blamed(component, words);
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
    let name = by_line
        .or_else(|| {
            config.lines().filter_map(jobs).find(|name| words.contains(&format!("\"{name}\"")))
        })
        .or_else(|| job_with_path(config, words, jobs))?;
    Some(Key { kind: Kind::ScrapeJob, name: job_of_pool(&name).parse().ok()? })
}

/// The job whose part of the config has a file path that the words name.
fn job_with_path(
    config: &str,
    words: &str,
    jobs: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';');
    let paths: Vec<&str> = words
        .split(ends)
        .map(|word| word.trim_end_matches([':', '.', ')']))
        .filter(|word| word.starts_with('/') && word.len() > 1)
        .collect();
    let mut job = None;
    for line in config.lines() {
        job = jobs(line).or(job);
        if job.is_some() && paths.iter().any(|path| line.contains(path)) {
            return job;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NodeId;
    use crate::render::{render, tests::fixture};

    fn prometheus() -> Component {
        let mut state = fixture::cluster(1);
        fixture::shop(&mut state);
        let mut rendered = render(&state, NodeId(1), &fixture::facts()).unwrap();
        rendered.components.remove("prometheus").unwrap()
    }

    fn blamed(words: &str) -> Vec<String> {
        errors(&prometheus(), words).1.into_iter().map(|error| error.path).collect()
    }

    #[test]
    fn complaints_are_traced_to_what_was_declared() {
        assert_eq!(blamed("rules/web.yml: 9:5: bad"), ["rule-group/web/spec"]);
        let config = prometheus().files["prometheus.yml"].bytes.clone();
        let config = String::from_utf8(config).unwrap();
        let line = config.lines().position(|line| line == "- job_name: node").unwrap() + 3;
        let words = format!("yaml: unmarshal errors:\n  line {line}: field x");
        assert_eq!(blamed(&words), ["scrape-job/node/spec"]);
        assert_eq!(blamed("metrics path in scrape config \"web\" is bad"), ["scrape-job/web/spec"]);
        let words = "error checking CA file \"/internal/metrics\": no such file";
        assert_eq!(blamed(words), ["scrape-job/web/spec"]);
        assert_eq!(blamed("rules/web.ymlx and other-rules/web.yml"), ["component/prometheus"]);
    }
}
