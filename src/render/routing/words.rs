//! Matchers and branches in English, for people; the portal has the parts to say it otherwise.

use super::{Branch, Source};
use crate::model::{
    matcher::{Matcher, Op},
    re2,
};

/// `severity is critical or page`; what cannot be read is shown as it is.
#[must_use]
pub fn phrase(text: &str) -> String {
    let Ok(Matcher { name, op, value }) = Matcher::parse(text) else { return text.to_owned() };
    let list = op.is_regex().then(|| re2::alternatives(&value)).flatten();
    match (op, value.as_str(), list.as_deref()) {
        (Op::Equal, "", _) | (Op::Regex, "", _) | (Op::NotRegex, ".+", _) => {
            format!("{name} is empty")
        }
        (Op::NotEqual, "", _) | (Op::NotRegex, "", _) | (Op::Regex, ".+", _) => {
            format!("{name} is set")
        }
        (Op::Regex, ".*", _) => format!("{name} is anything"),
        (Op::Equal, value, _) => format!("{name} is {value}"),
        (Op::NotEqual, value, _) => format!("{name} is not {value}"),
        (Op::Regex, _, Some(list)) => format!("{name} is {}", joined(list, " or ")),
        (Op::NotRegex, _, Some(list)) => format!("{name} is not {}", joined(list, " nor ")),
        (Op::Regex, pattern, None) => format!("{name} matches {pattern}"),
        (Op::NotRegex, pattern, None) => format!("{name} does not match {pattern}"),
    }
}

fn joined(list: &[String], word: &str) -> String {
    let shown = list.iter().map(|text| if text.is_empty() { "empty" } else { text });
    shown.collect::<Vec<_>>().join(word)
}

/// What an alert must be like, all of it: `severity is critical, environment is not test`.
/// `every alert` where there is nothing.
#[must_use]
pub fn matchers_in_words(matchers: &[String]) -> String {
    if matchers.is_empty() {
        return "every alert".to_owned();
    }
    matchers.iter().map(|text| phrase(text)).collect::<Vec<_>>().join(", ")
}

impl Branch {
    /// Title for people; where there is none the name, for a line what it takes.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.source {
            Source::Default => "default receiver".to_owned(),
            Source::Route { name, title }
            | Source::Policy { name, title }
            | Source::Team { name, title, .. } => or(title, name.as_str()),
            Source::Line { title, .. } if title.is_empty() => matchers_in_words(&self.matchers),
            Source::Line { title, .. } => title.clone(),
        }
    }

    /// `policy Night shift`, `line Critical`, `team Retail (project web-shop)`.
    #[must_use]
    pub fn words(&self) -> String {
        let title = self.title();
        match &self.source {
            Source::Default => title,
            Source::Route { .. } => format!("route {title}"),
            Source::Policy { .. } => format!("policy {title}"),
            Source::Line { .. } => format!("line {title}"),
            Source::Team { project, .. } => format!("team {title} (project {project})"),
        }
    }
}

fn or(title: &str, name: &str) -> String {
    if title.is_empty() { name.to_owned() } else { title.to_owned() }
}
