//! `POST /api/v1/rules/preview`: what a rule would have done in the last hours or days.

use super::prometheus::Replicas;
use crate::web::routes::routes;
use crate::{
    admission::{self, Code},
    model::{label::Labels, spec::RoleName},
    observe::{
        preview::{self, Drawn, Firing, Preview, PreviewError, Timing, Warning, Wish},
        prometheus::AskError,
    },
    scope::promql,
    web::{
        deps::now,
        error::{Problem, ProblemItem},
        extract::{Json, Opened},
        policy::Policy,
        router::Doors,
    },
};
use serde::{Deserialize, Serialize};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Within(RoleName::Viewer), routes!(preview_rule))
}

/// A rule as far as it decides when it fires.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewRequest {
    /// Whose rule it is.
    project: Option<String>,
    /// `PromQL`.
    expr: String,
    /// Prometheus duration.
    #[serde(default, rename = "for")]
    for_: Option<String>,
    /// Prometheus duration.
    #[serde(default)]
    keep_firing_for: Option<String>,
    /// How far to look back.
    #[serde(default)]
    range: PreviewRange,
}

/// How far to look back.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
enum PreviewRange {
    /// Six hours.
    #[default]
    #[serde(rename = "6h")]
    SixHours,
    /// A day.
    #[serde(rename = "24h")]
    Day,
    /// A week.
    #[serde(rename = "7d")]
    Week,
}

/// What the rule would have done. Instants are Unix seconds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct RulePreview {
    /// First point of the grid.
    from_s: i64,
    /// Last point.
    to_s: i64,
    /// Distance of the points, at which the rule was judged.
    step_s: i64,
    /// At most 20: those that fired, then those that came nearest to it.
    series: Vec<PreviewSeries>,
    /// How many there are.
    n_series: usize,
    /// At most 500, newest first.
    firings: Vec<PreviewFiring>,
    /// How many there are.
    n_firings: usize,
    /// Series that fired at least once.
    n_series_fired: usize,
    /// The longest firing; one that goes on counts up to `to_s`.
    longest_s: i64,
    /// Firing at the last point.
    firing_now: usize,
    /// Pending at the last point.
    pending_now: usize,
    /// What the drawn series are compared with; none where the whole expression is drawn.
    threshold: Option<PreviewThreshold>,
    /// What its author should know.
    warnings: Vec<PreviewWarning>,
}

/// Something the author of a rule should know.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PreviewWarning {
    /// `nothing`, `foreign`, `coarse`, `bool`; `prometheus` for its own words.
    code: String,
    /// In English.
    text: String,
    /// The project of `foreign`, the seconds of `coarse`; else empty.
    value: String,
}

impl From<Warning> for PreviewWarning {
    fn from(it: Warning) -> Self {
        Self { code: it.code.to_owned(), text: it.text, value: it.value }
    }
}

/// A series of the part left of the comparison.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PreviewSeries {
    labels: Labels,
    /// Pairs of Unix seconds and value, one a point; no value = none, or none that is finite.
    #[schema(value_type = Vec<Vec<Option<f64>>>)]
    values: Vec<(i64, Option<f64>)>,
}

/// One firing.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PreviewFiring {
    /// Of the series, without its name.
    labels: Labels,
    /// From the evaluation that made it fire.
    from_s: i64,
    /// To the one that ended it; none = it still fires.
    to_s: Option<i64>,
}

/// `series OP value`
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PreviewThreshold {
    /// `==`, `!=`, `>`, `>=`, `<` or `<=`.
    op: &'static str,
    value: f64,
}

/// When a rule would have been firing in the recent past, by the data of a healthy Prometheus.
#[utoipa::path(post, path = "/api/v1/rules/preview", tag = "rules", request_body = PreviewRequest,
    responses((status = 200, description = "Series, firings and counts", body = RulePreview),
        (status = 422, description = "The rule is not valid, or gives too many series")))]
async fn preview_rule(
    Opened(deps): Opened,
    Json(request): Json<PreviewRequest>,
) -> Result<axum::Json<RulePreview>, Problem> {
    let mut wish = wish(request)?;
    wish.expr = promql::confine(&wish.expr, &deps.seen).map_err(|fault| {
        Problem::invalid(vec![ProblemItem::new("expr", Code::PromQl.as_str(), fault.to_string())])
    })?;
    let now_s = i64::try_from(now().0 / 1000).unwrap_or(i64::MAX);
    let preview = preview::preview(&Replicas::of(&deps), &wish, now_s).await.map_err(problem)?;
    Ok(axum::Json(preview.into()))
}

fn wish(request: PreviewRequest) -> Result<Wish, Problem> {
    let mut errors = Vec::new();
    let mut note = |path: &str, code: Code, message: String| {
        errors.push(ProblemItem::new(path, code.as_str(), message));
    };
    if let Err(message) = admission::check_promql(&request.expr) {
        note("expr", Code::PromQl, message);
    }
    let mut seconds = |path: &str, text: Option<&str>| match text.filter(|text| !text.is_empty()) {
        None => 0.0,
        Some(text) => admission::parse_duration(text).map_or_else(
            |message| {
                note(path, Code::Duration, message);
                0.0
            },
            |duration| duration.as_secs_f64(),
        ),
    };
    let timing = Timing {
        for_s: seconds("for", request.for_.as_deref()),
        keep_firing_for_s: seconds("keep_firing_for", request.keep_firing_for.as_deref()),
    };
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let range_s = match request.range {
        PreviewRange::SixHours => 6 * 3_600,
        PreviewRange::Day => 24 * 3_600,
        PreviewRange::Week => 7 * 24 * 3_600,
    };
    Ok(Wish { expr: request.expr, timing, range_s, project: request.project })
}

fn problem(error: PreviewError) -> Problem {
    let refused =
        |message| Problem::invalid(vec![ProblemItem::new("expr", Code::Refused.as_str(), message)]);
    match error {
        PreviewError::Ask(AskError::Refused(words)) => refused(words),
        PreviewError::Ask(error) => Problem::no_replica(error.to_string()),
        error => refused(error.to_string()),
    }
}

impl From<Preview> for RulePreview {
    fn from(it: Preview) -> Self {
        let points = |drawn: Drawn| PreviewSeries {
            labels: drawn.labels,
            values: (it.from_s..).step_by(step(it.step_s)).zip(drawn.values).collect(),
        };
        let firing = |firing: Firing| PreviewFiring {
            labels: firing.labels,
            from_s: firing.span.from_s,
            to_s: firing.span.to_s,
        };
        Self {
            from_s: it.from_s,
            to_s: it.to_s,
            step_s: it.step_s,
            series: it.series.into_iter().map(points).collect(),
            n_series: it.n_series,
            firings: it.firings.into_iter().map(firing).collect(),
            n_firings: it.n_firings,
            n_series_fired: it.n_series_fired,
            longest_s: it.longest_s,
            firing_now: it.firing_now,
            pending_now: it.pending_now,
            threshold: it
                .threshold
                .map(|threshold| PreviewThreshold {
                    op: threshold.op.as_str(),
                    value: threshold.value,
                })
                .filter(|threshold| threshold.value.is_finite()),
            warnings: it.warnings.into_iter().map(PreviewWarning::from).collect(),
        }
    }
}

fn step(seconds: i64) -> usize {
    usize::try_from(seconds).unwrap_or(1).max(1)
}
