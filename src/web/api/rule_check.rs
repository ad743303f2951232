//! `/api/v1/rules/check` and `/test`: is it good, before it is saved?

use super::{apply, change};
use crate::web::routes::routes;
use crate::{
    admission::{self, Request, rules},
    model::{
        Kind,
        metric::NoFacts,
        spec::{RoleName, RuleTest},
    },
    web::{
        error::{Problem, ProblemItem},
        extract::{Json, Opened, Raw, media_type},
        policy::Policy,
        router::Doors,
    },
};
use axum::extract::{FromRequest as _, State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(crate) fn routes(doors: Doors) -> Doors {
    let viewer = Policy::Within(RoleName::Viewer);
    // Running tests costs processor time.
    let tester = Policy::Write(Kind::RuleTest);
    doors.open(viewer, routes!(check_rule)).open(tester, routes!(test_rules))
}

/// A rule to look at.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleDraft {
    /// The project it is to belong to: its labels cannot be set by the rule.
    #[serde(default)]
    project: Option<String>,
    /// As in a `rule-group`.
    rule: Value,
}

/// What is wrong with a rule, and what looks wrong. Paths are relative to the rule; line and
/// column count within the text of the field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct RuleChecked {
    /// Keep it from being saved.
    errors: Vec<ProblemItem>,
    /// Do not.
    warnings: Vec<ProblemItem>,
}

/// Check one rule without saving it: `PromQL`, durations, labels, templates, and by what is known
/// of the metrics it names.
#[utoipa::path(post, path = "/api/v1/rules/check", tag = "rules", request_body = RuleDraft,
    responses((status = 200, description = "What is wrong, if anything", body = RuleChecked)))]
async fn check_rule(
    Opened(deps): Opened,
    Json(draft): Json<RuleDraft>,
) -> Result<axum::Json<RuleChecked>, Problem> {
    let checked = tokio::task::spawn_blocking(move || {
        // What is known of metrics is known of everybody's.
        let facts = if deps.seen.is_all() { deps.admission.facts() } else { &NoFacts };
        rules::check(&deps.state(), facts, draft.project.as_deref(), &draft.rule)
    });
    let checked = checked.await.map_err(|error| Problem::internal(error.to_string()))?;
    let items = |found: &[admission::FieldError]| found.iter().map(change::item).collect();
    Ok(axum::Json(RuleChecked {
        errors: items(&checked.errors),
        warnings: items(&checked.warnings),
    }))
}

/// A test of rules, with promtool's words for what is in `tests`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestDraft {
    /// Names of the rule groups under test.
    rule_groups: Vec<String>,
    /// Prometheus duration; promtool's default is 1 m.
    #[serde(default)]
    evaluation_interval: Option<String>,
    /// promtool's own.
    tests: Vec<Map<String, Value>>,
    /// Objects as `/api/v1/apply` takes them that are to be in force while the test runs: a rule
    /// group that is not saved yet.
    #[serde(default)]
    changes: Vec<Value>,
}

/// How a test ended.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Tested {
    /// Everything came out as expected.
    passed: bool,
    /// promtool's words.
    output: String,
}

/// Run a test of rules without saving it. Series and alerts carry the labels that the groups'
/// projects put on them.
#[utoipa::path(post, path = "/api/v1/rules/test", tag = "rules",
    request_body(content((TestDraft = "application/json"), (String = "application/yaml"))),
    responses((status = 200, description = "How it ended", body = Tested)))]
async fn test_rules(
    State(front): State<crate::web::Front>,
    Opened(deps): Opened,
    request: axum::extract::Request,
) -> Result<axum::Json<Tested>, Problem> {
    let draft = draft(&front, request).await?;
    let state = candidate(&deps.state(), draft.changes)?;
    let test = RuleTest {
        title: String::new(),
        rule_groups: draft.rule_groups,
        evaluation_interval: draft.evaluation_interval,
        tests: draft.tests,
    };
    let missing = rules::unit_test::missing_groups(&state, &test);
    if !missing.is_empty() {
        return Err(change::refused(&missing));
    }
    let outcome = deps.admission.test_rules(&state, &test).await.map_err(change::failed)?;
    let outcome = outcome.map_err(Problem::no_replica)?;
    Ok(axum::Json(Tested { passed: outcome.passed, output: outcome.output }))
}

/// The body as JSON, or as YAML: promtool's file with `rule_groups` in place of `rule_files`.
async fn draft(
    front: &crate::web::Front,
    request: axum::extract::Request,
) -> Result<TestDraft, Problem> {
    if !apply::YAML.contains(&media_type(request.headers()).as_str()) {
        return Json::from_request(request, front).await.map(|Json(draft)| draft);
    }
    let Raw(body) = Raw::from_request(request, front).await?;
    let text = std::str::from_utf8(&body)
        .map_err(|error| Problem::malformed(format!("the body is not UTF-8: {error}")))?;
    let value =
        admission::document::value_of_yaml(text).map_err(|error| change::refused(&[error]))?;
    TestDraft::deserialize(value).map_err(|error| Problem::malformed(error.to_string()))
}

/// The state with `changes` in it; refused when they are not good.
fn candidate(
    state: &crate::model::cluster::DeclaredState,
    changes: Vec<Value>,
) -> Result<crate::model::cluster::DeclaredState, Problem> {
    let mut request = Request::default();
    let mut errors = Vec::new();
    for change in changes {
        match apply::read(change) {
            Ok(apply::Item::Put(put)) => request.puts.push(*put),
            Ok(apply::Item::Delete(delete)) => request.deletes.push(delete),
            Err(found) => errors.extend(found),
        }
    }
    // Nothing else decides how a test ends, and what it refers to is not told by trying.
    let puts = request.puts.iter().map(admission::Put::key);
    let mut keys = puts.chain(request.deletes.iter().map(|delete| delete.key.clone()));
    if let Some(key) = keys.find(|key| !matches!(key.kind, Kind::RuleGroup | Kind::RuleTest)) {
        let detail = format!("`changes` takes rule groups and rule tests, not {key}");
        return Err(Problem::malformed(detail));
    }
    let plan = admission::plan(state, &request);
    errors.extend(plan.errors);
    if errors.is_empty() { Ok(plan.candidate) } else { Err(change::refused(&errors)) }
}
