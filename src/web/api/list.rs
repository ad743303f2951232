//! What every list has in common: pages, search, scope, label selector, order.

use crate::{
    model::{Kind, Resource, cluster::DeclaredState, label::Labels},
    web::error::Problem,
};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeMap};

/// Default and highest number of items in a page.
pub const PAGE: usize = 50;
/// Highest `limit`.
pub const PAGE_MAX: usize = 1000;

/// Which part of the organisation to look at; `None` = all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Scope {
    /// Only this department.
    pub department: Option<String>,
    /// Only this project.
    pub project: Option<String>,
    /// Only projects of this owner.
    pub owner: Option<String>,
    /// Only this environment.
    pub environment: Option<String>,
}

impl Scope {
    fn wanted(&self) -> [(&'static str, Option<&str>); 4] {
        [
            ("department", self.department.as_deref()),
            ("project", self.project.as_deref()),
            ("owner", self.owner.as_deref()),
            ("environment", self.environment.as_deref()),
        ]
    }

    /// No restriction at all.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.wanted().iter().all(|(_, value)| value.is_none())
    }

    /// Whether labels of a series or alert lie within.
    #[must_use]
    pub fn holds(&self, labels: &Labels) -> bool {
        self.wanted().iter().all(|(name, wanted)| {
            wanted.is_none_or(|wanted| labels.get(*name).is_some_and(|value| value == wanted))
        })
    }
}

/// Parameters that every list takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListQuery {
    /// Items a page, 1 to 1000; default 50.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    pub limit: Option<String>,
    /// Items to skip.
    #[param(value_type = Option<u32>, maximum = 2147483647)]
    pub offset: Option<String>,
    /// `next` of the page before; instead of `offset`.
    pub cursor: Option<String>,
    /// Words that must all occur, whatever their case.
    pub q: Option<String>,
    /// The object's own labels: `team=web,stage!=test`.
    pub label: Option<String>,
    /// `name`, `updated`, `created` or `spec.FIELD`; `-` before it turns the order around.
    pub sort: Option<String>,
    /// `strong`: as of no earlier than this request.
    pub consistency: Option<String>,
    /// Only this department.
    pub department: Option<String>,
    /// Only this project.
    pub project: Option<String>,
    /// Only projects of this owner.
    pub owner: Option<String>,
    /// Only this environment.
    pub environment: Option<String>,
}

impl ListQuery {
    /// The scope part.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope {
            department: self.department.clone(),
            project: self.project.clone(),
            owner: self.owner.clone(),
            environment: self.environment.clone(),
        }
    }

    /// Offset and limit.
    ///
    /// # Errors
    /// 400 for what is no number or out of range.
    pub fn window(&self) -> Result<(usize, usize), Problem> {
        window(self.limit.as_deref(), self.offset.as_deref().or(self.cursor.as_deref()))
    }
}

/// Offset and limit from their texts.
///
/// # Errors
/// 400 for what is no number or out of range.
pub fn window(limit: Option<&str>, offset: Option<&str>) -> Result<(usize, usize), Problem> {
    let limit = number("limit", limit, PAGE)?;
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(Problem::bad_query(format!("`limit` must be 1 to {PAGE_MAX}")));
    }
    let offset = number("offset", offset, 0)?;
    // As the document says: other readers have 32 bits with a sign.
    if i32::try_from(offset).is_err() {
        return Err(Problem::bad_query(format!("`offset` must be at most {}", i32::MAX)));
    }
    Ok((offset, limit))
}

fn number(name: &str, text: Option<&str>, default: usize) -> Result<usize, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(default) };
    text.parse().map_err(|_| Problem::bad_query(format!("`{name}` must be a whole number")))
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// How many there are over all pages.
    pub total: usize,
    /// Give it as `cursor` for the next page; none = this is the last.
    pub next: Option<String>,
    /// How many items have which value, before the filter on that same field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facets: BTreeMap<String, BTreeMap<String, usize>>,
}

impl<T> Page<T> {
    /// Cuts a page out of all items.
    #[must_use]
    pub fn cut(all: Vec<T>, (offset, limit): (usize, usize)) -> Self {
        let total = all.len();
        let items: Vec<T> = all.into_iter().skip(offset).take(limit).collect();
        let end = offset.saturating_add(items.len());
        let next = (end < total && !items.is_empty()).then(|| end.to_string());
        Self { items, total, next, facets: BTreeMap::new() }
    }

    /// The same page of something else.
    #[must_use]
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Page<U> {
        let Self { items, total, next, facets } = self;
        Page { items: items.into_iter().map(to).collect(), total, next, facets }
    }
}

/// Whether every word of `q` occurs in one of the texts.
#[must_use]
pub fn matches_words<'t>(q: Option<&str>, texts: impl Iterator<Item = &'t str>) -> bool {
    let Some(q) = q.filter(|q| !q.trim().is_empty()) else { return true };
    let hay = texts.map(str::to_lowercase).collect::<Vec<_>>().join("\n");
    q.to_lowercase().split_whitespace().all(|word| hay.contains(word))
}

/// The dimension labels that place an object in the organisation; `None` = it belongs to nobody
/// in particular and is shown in every scope.
#[must_use]
pub fn dimensions(state: &DeclaredState, object: &Resource) -> Option<Labels> {
    match object.kind {
        Kind::Project => Some(state.project_labels(object.name.as_str())),
        Kind::Department => {
            Some(Labels::from([("department".to_owned(), object.name.to_string())]))
        }
        Kind::Contact => Some(Labels::from([("owner".to_owned(), object.name.to_string())])),
        Kind::Target | Kind::RuleGroup | Kind::Route => {
            let project = object.spec.get("project").and_then(|value| value.as_str());
            Some(project.map(|project| state.project_labels(project)).unwrap_or_default())
        }
        Kind::Secret | Kind::Channel | Kind::Receiver | Kind::TimeInterval => {
            object.spec.get("project")?.as_str().map(|project| state.project_labels(project))
        }
        _ => None,
    }
}

/// A parsed label selector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selector(Vec<(String, bool, String)>);

impl Selector {
    /// Parses `a=b,c!=d`.
    ///
    /// # Errors
    /// 400 for another form.
    pub fn parse(text: Option<&str>) -> Result<Self, Problem> {
        let parts = text.unwrap_or_default().split(',').filter(|part| !part.is_empty());
        parts.map(term).collect::<Result<_, _>>().map(Self)
    }

    /// Whether labels fulfil it.
    #[must_use]
    pub fn holds(&self, labels: &Labels) -> bool {
        self.0.iter().all(|(name, equal, value)| {
            (labels.get(name).map_or("", String::as_str) == value) == *equal
        })
    }
}

fn term(text: &str) -> Result<(String, bool, String), Problem> {
    let parsed = match text.split_once("!=") {
        Some((name, value)) => Some((name, false, value)),
        None => text.split_once('=').map(|(name, value)| (name, true, value)),
    };
    match parsed {
        Some((name, equal, value)) if !name.trim().is_empty() => {
            Ok((name.trim().into(), equal, value.trim().into()))
        }
        _ => Err(Problem::bad_query("`label` must be `name=value` or `name!=value`")),
    }
}

/// Sorts resources by `sort`, ties by name.
///
/// # Errors
/// 400 for a field that cannot be sorted by.
pub fn sort(items: &mut [&Resource], sort: Option<&str>) -> Result<(), Problem> {
    let text = sort.filter(|text| !text.is_empty()).unwrap_or("name");
    let (field, reverse) = match text.strip_prefix('-') {
        Some(field) => (field, true),
        None => (text, false),
    };
    let in_spec = field.strip_prefix("spec.");
    if in_spec.is_none() && !["name", "updated", "created"].contains(&field) {
        let detail = "`sort` must be name, updated, created or spec.FIELD";
        return Err(Problem::bad_query(detail));
    }
    let compare = |a: &Resource, b: &Resource| match (field, in_spec) {
        (_, Some(field)) => spec_text(a, field).cmp(&spec_text(b, field)),
        ("updated", _) => a.updated.cmp(&b.updated),
        ("created", _) => a.created.cmp(&b.created),
        _ => Ordering::Equal,
    };
    items.sort_by(|a, b| {
        let order = compare(a, b).then_with(|| a.name.cmp(&b.name));
        if reverse { order.reverse() } else { order }
    });
    Ok(())
}

fn spec_text(object: &Resource, field: &str) -> String {
    match object.spec.get(field) {
        None => String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_everything_once() {
        let all: Vec<u32> = (0..125).collect();
        let (mut seen, mut offset) = (Vec::new(), 0);
        loop {
            let page = Page::cut(all.clone(), (offset, 50));
            assert_eq!(page.total, 125);
            seen.extend(page.items);
            match page.next {
                Some(next) => offset = next.parse().unwrap(),
                None => break,
            }
        }
        assert_eq!(seen, all);
        assert!(Page::cut(all, (1_000, 50)).next.is_none());
    }

    #[test]
    fn limits_out_of_range_are_refused() {
        assert_eq!(window(None, None).unwrap(), (0, PAGE));
        for bad in ["0", "1001", "-1", "x"] {
            assert!(window(Some(bad), None).is_err(), "{bad}");
        }
    }

    #[test]
    fn selectors_hold_by_value_and_by_absence() {
        let labels = Labels::from([("a".into(), "1".into())]);
        let holds = |text: &str| Selector::parse(Some(text)).unwrap().holds(&labels);
        assert!(holds("a=1") && holds("a!=2") && holds("b!=1") && holds("a=1,b="));
        assert!(!holds("a=2") && !holds("b=1"));
        assert!(Selector::parse(Some("novalue")).is_err());
    }

    #[test]
    fn all_words_must_occur_somewhere() {
        let hit = |q: &str| matches_words(Some(q), ["Web Shop", "team-a"].into_iter());
        assert!(hit("shop TEAM") && hit("") && !hit("shop zebra"));
    }
}
