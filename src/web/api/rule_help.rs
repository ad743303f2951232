//! `/api/v1/rules/templates` and `/api/v1/rules/metrics`: what helps to write a rule.

use super::list;
use crate::web::routes::routes;
use crate::{
    model::spec::RoleName,
    observe::{metadata::Metric, templates},
    web::{
        error::Problem,
        extract::{Opened, Query},
        policy::Policy,
        router::Doors,
    },
};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Role(RoleName::Viewer), routes!(rule_templates))
        .open(Policy::Role(RoleName::Viewer), routes!(rule_metrics))
}

/// Ready-made rules.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct RuleTemplates {
    /// In the order in which to show them.
    items: Vec<RuleTemplate>,
}

/// One ready-made rule. `${name}` in the rule's texts stands for a parameter.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RuleTemplate {
    /// Stable.
    id: String,
    /// Templates of a group stand together.
    group: String,
    title: LocalText,
    about: LocalText,
    /// Metrics it needs.
    metrics: Vec<String>,
    params: Vec<TemplateParam>,
    /// As in a rule-group's `rules`.
    #[schema(value_type = Object)]
    rule: serde_json::Value,
}

/// A text in the portal's languages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LocalText {
    en: String,
    zh: String,
}

/// One value to fill in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TemplateParam {
    name: String,
    title: LocalText,
    /// `%`, `s`, `min`, `h`, `d`, `1/s`, `duration`, `regex` or nothing.
    unit: String,
    default: String,
}

impl From<&templates::Text> for LocalText {
    fn from(text: &templates::Text) -> Self {
        Self { en: text.en.clone(), zh: text.zh.clone() }
    }
}

/// Ready-made rules to start from.
#[utoipa::path(get, path = "/api/v1/rules/templates", tag = "rules",
    responses((status = 200, description = "All of them", body = RuleTemplates)))]
async fn rule_templates() -> Result<axum::Json<RuleTemplates>, Problem> {
    let item = |it: &templates::Template| {
        let rule = serde_json::to_value(&it.rule).map_err(|e| Problem::internal(e.to_string()))?;
        let param = |param: &templates::Param| TemplateParam {
            name: param.name.clone(),
            title: (&param.title).into(),
            unit: param.unit.clone(),
            default: param.default.clone(),
        };
        Ok(RuleTemplate {
            id: it.id.clone(),
            group: it.group.clone(),
            title: (&it.title).into(),
            about: (&it.about).into(),
            metrics: it.metrics.clone(),
            params: it.params.iter().map(param).collect(),
            rule,
        })
    };
    let items = templates::templates().iter().map(item).collect::<Result<_, Problem>>()?;
    Ok(axum::Json(RuleTemplates { items }))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MetricsQuery {
    /// Words that must all occur in name or help.
    q: Option<String>,
    /// Items at most, 1 to 1000; default 50.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// Metrics that Prometheus has.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct RuleMetrics {
    /// Best match first.
    items: Vec<RuleMetric>,
    /// How many match.
    total: usize,
}

/// One metric.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RuleMetric {
    name: String,
    /// `counter`, `gauge`, `histogram`, `summary`…; empty where nobody says.
    #[serde(rename = "type")]
    kind: String,
    /// One sentence; may be empty.
    help: String,
    /// May be empty.
    unit: String,
}

/// Metrics by words of their name and help text; over both replicas, at most a minute old.
#[utoipa::path(get, path = "/api/v1/rules/metrics", tag = "rules", params(MetricsQuery),
    responses((status = 200, description = "Those that match", body = RuleMetrics)))]
async fn rule_metrics(
    Opened(deps): Opened,
    Query(query): Query<MetricsQuery>,
) -> Result<axum::Json<RuleMetrics>, Problem> {
    let (_, limit) = list::window(query.limit.as_deref(), None)?;
    let all = deps.metadata.all();
    let q = query.q.as_deref().map(str::trim).unwrap_or_default().to_lowercase();
    let matches = |(name, metric): &(&String, &Metric)| {
        list::matches_words(Some(&q), [name.as_str(), metric.help.as_str()].into_iter())
    };
    let mut found: Vec<(&String, &Metric)> = all.iter().filter(matches).collect();
    found.sort_by_key(|(name, _)| rank(name, &q));
    let total = found.len();
    let item = |(name, metric): (&String, &Metric)| RuleMetric {
        name: name.clone(),
        kind: metric.kind.clone(),
        help: metric.help.clone(),
        unit: metric.unit.clone(),
    };
    let items = found.into_iter().take(limit).map(item).collect();
    Ok(axum::Json(RuleMetrics { items, total }))
}

/// The very name, then names that begin so, then names that have the first word, then the rest.
fn rank<'n>(name: &'n str, q: &str) -> (Reverse<u8>, &'n str) {
    let word = q.split_whitespace().next().unwrap_or_default();
    let points = match name {
        name if name == q => 3,
        name if name.starts_with(word) => 2,
        name if name.contains(word) => 1,
        _ => 0,
    };
    (Reverse(points), name)
}
