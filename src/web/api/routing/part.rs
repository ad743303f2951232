//! One step of a way through the tree, in words and in parts that can be said otherwise.

use crate::{
    model::{
        cluster::DeclaredState,
        matcher::{Matcher, Op},
        re2,
    },
    render::routing::{Branch, Source},
};
use serde::Serialize;

/// What a branch comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Part {
    /// `policy`, `line`, `route`, `team` or `default`.
    what: &'static str,
    /// Kind of the object that declares it; none for `default`.
    kind: Option<String>,
    /// Name of that object; empty for `default`.
    name: String,
    /// For people: its title or, without one, its name; of a line what it takes.
    title: String,
    /// Of a line its place in the policy, from 0.
    line: Option<usize>,
    /// Of a team the project it is told of.
    project: Option<String>,
    /// What an alert must be like; all of them hold.
    matchers: Vec<MatcherPart>,
    /// English.
    words: String,
}

/// One matcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct MatcherPart {
    /// Label name.
    name: String,
    /// `=`, `!=`, `=~` or `!~`.
    op: &'static str,
    /// Value or pattern.
    value: String,
    /// The values of a pattern that is a list of them and nothing more.
    #[serde(skip_serializing_if = "Option::is_none")]
    any_of: Option<Vec<String>>,
}

/// The object that declares something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct From {
    /// Its kind.
    kind: String,
    /// Its name.
    name: String,
}

impl From {
    pub(super) fn of(branch: &Branch) -> Option<Self> {
        let (kind, name) = branch.source.object()?;
        Some(Self { kind: kind.to_string(), name: name.to_string() })
    }
}

impl Part {
    /// Whether the object that declares it can be seen; what nobody declares can.
    pub(super) fn is_visible(&self, visible: &DeclaredState) -> bool {
        let kind = self.kind.as_deref().and_then(|kind| kind.parse().ok());
        kind.is_none_or(|kind| visible.get(kind, &self.name).is_some())
    }

    pub(super) fn of(branch: &Branch) -> Self {
        let what = match &branch.source {
            Source::Default => "default",
            Source::Route { .. } => "route",
            Source::Policy { .. } => "policy",
            Source::Line { .. } => "line",
            Source::Team { .. } => "team",
        };
        let line = match &branch.source {
            Source::Line { number, .. } => Some(*number),
            _ => None,
        };
        let project = match &branch.source {
            Source::Team { project, .. } => Some(project.to_string()),
            _ => None,
        };
        let object = branch.source.object();
        Self {
            what,
            kind: object.map(|(kind, _)| kind.to_string()),
            name: object.map(|(_, name)| name.to_string()).unwrap_or_default(),
            title: branch.title(),
            line,
            project,
            matchers: branch.matchers.iter().filter_map(|text| matcher(text)).collect(),
            words: branch.words(),
        }
    }
}

fn matcher(text: &str) -> Option<MatcherPart> {
    let Matcher { name, op, value } = Matcher::parse(text).ok()?;
    let list = matches!(op, Op::Regex | Op::NotRegex).then(|| re2::alternatives(&value)).flatten();
    Some(MatcherPart { name, op: op.as_str(), value, any_of: list })
}
