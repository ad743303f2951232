//! What would a rule have done? Its expression over the recent past, with the spans in which the
//! alert would have fired.
//!
//! One range query brings the samples; the comparison, `for` and `keep_firing_for` are judged
//! here over the same samples, so that the line drawn and the firings shown agree. What happened
//! between two points of the grid is not seen; a warning says so where it matters.

pub(super) mod samples;
mod spans;
mod threshold;

pub use spans::{Span, Standing, Timing, spans};
pub use threshold::{Op, Split, Threshold, split};

use super::prometheus::{AskError, Envelope, Prometheus, Question, first};
use crate::model::label::Labels;
use samples::{Instant, Matrix, Sample, Series};
use std::{cmp::Ordering, time::Duration};

/// Series that are drawn.
pub const MAX_DRAWN: usize = 20;
/// Firings that are listed.
pub const MAX_FIRINGS: usize = 500;
/// Series that are looked at.
pub const MAX_SERIES: usize = 5_000;
/// Points of the grid, when there are not too many series.
const POINTS: i64 = 720;
/// Points of the grid at the least.
const LEAST_POINTS: i64 = 60;
/// Samples that are fetched at most, about.
const MAX_SAMPLES: i64 = 600_000;
/// For one query.
const PATIENCE: Duration = Duration::from_secs(20);
/// Given to Prometheus, so that it ends the query by itself too.
const QUERY_TIMEOUT: &str = "15s";

/// What to preview.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// `PromQL`, checked and of bounded size.
    pub expr: String,
    /// The rule's durations.
    pub timing: Timing,
    /// How far to look back, in seconds.
    pub range_s: i64,
    /// Whose rule it is.
    pub project: Option<String>,
}

/// What the rule would have done.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// First point of the grid, Unix seconds.
    pub from_s: i64,
    /// Last point.
    pub to_s: i64,
    /// Distance of the points.
    pub step_s: i64,
    /// At most [`MAX_DRAWN`], the most telling first.
    pub series: Vec<Drawn>,
    /// How many there are.
    pub n_series: usize,
    /// At most [`MAX_FIRINGS`], newest first.
    pub firings: Vec<Firing>,
    /// How many there are.
    pub n_firings: usize,
    /// Series that fired at least once.
    pub n_series_fired: usize,
    /// The longest firing, up to now where it goes on.
    pub longest_s: i64,
    /// Firing at the last point.
    pub firing_now: usize,
    /// Pending at the last point.
    pub pending_now: usize,
    /// The line to draw.
    pub threshold: Option<Threshold>,
    /// What its author should know.
    pub warnings: Vec<Warning>,
}

/// Something the author of a rule should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// `nothing`, `foreign`, `coarse`, `bool`; `prometheus` for its own words.
    pub code: &'static str,
    /// In English.
    pub text: String,
    /// The project of `foreign`, the seconds of `coarse`; else empty.
    pub value: String,
}

impl Warning {
    fn plain(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), value: String::new() }
    }
}

/// A series on the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// All labels, its name included.
    pub labels: Labels,
    /// One value a point; `None` where it has none or no finite one.
    pub values: Vec<Option<f64>>,
}

/// A firing with the labels the alert would have had from its series.
#[derive(Debug, Clone, PartialEq)]
pub struct Firing {
    /// Without the metric's name.
    pub labels: Labels,
    /// When.
    pub span: Span,
}

/// Why there is no preview.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PreviewError {
    /// Prometheus did not answer, or refuses.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// Too much to look at.
    #[error(
        "the expression gives {0} series, more than {MAX_SERIES}: aggregate (`sum by (…)`) or \
         select fewer"
    )]
    TooManySeries(usize),
}

/// Evaluates `wish` over the range that ends at `now_s` (Unix seconds). Dropping the future
/// cancels the query.
///
/// # Errors
/// See [`PreviewError`].
pub async fn preview(
    prometheus: &dyn Prometheus,
    wish: &Wish,
    now_s: i64,
) -> Result<Preview, PreviewError> {
    let split = split(&wish.expr);
    let n_now = count(prometheus, &split).await?;
    if n_now > MAX_SERIES {
        return Err(PreviewError::TooManySeries(n_now));
    }
    let grid = Grid::of(wish.range_s, now_s, n_now);
    let envelope = range(prometheus, &split.series, grid).await?;
    let all = envelope.data.map(|matrix| matrix.result).unwrap_or_default();
    if all.len() > MAX_SERIES {
        return Err(PreviewError::TooManySeries(all.len()));
    }
    let judged: Vec<Judged> = all.iter().map(|one| judge(one, &split, wish.timing, grid)).collect();
    let mut preview = summary(&all, &judged, grid);
    preview.series = drawn(&all, &judged, split.threshold, grid);
    preview.threshold = split.threshold;
    preview.warnings = split.warnings.iter().map(|text| Warning::plain("bool", *text)).collect();
    preview.warnings.extend(warnings(wish, &all, grid));
    let said = envelope.warnings.into_iter().chain(envelope.infos);
    preview.warnings.extend(said.map(|text| Warning::plain("prometheus", text)));
    Ok(preview)
}

/// Points in time at which the rule is judged: `from_s`, then every `step_s` up to `to_s`.
#[derive(Debug, Clone, Copy)]
struct Grid {
    from_s: i64,
    to_s: i64,
    step_s: i64,
}

impl Grid {
    /// Fewer points the more series there are.
    fn of(range_s: i64, to_s: i64, n_series: usize) -> Self {
        let n_series = i64::try_from(n_series).unwrap_or(i64::MAX).max(1);
        let points = (MAX_SAMPLES / n_series).clamp(LEAST_POINTS, POINTS);
        let step_s = (range_s / points).max(1);
        Self { from_s: to_s - range_s / step_s * step_s, to_s, step_s }
    }

    fn points(self) -> impl Iterator<Item = i64> {
        (0..=(self.to_s - self.from_s) / self.step_s).map(move |n| self.from_s + n * self.step_s)
    }

    /// A value for each point.
    fn lay(self, samples: &[Sample]) -> Vec<Option<f64>> {
        let mut values = vec![None; self.points().count()];
        for sample in samples {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "Unix seconds fit; floats saturate"
            )]
            let offset = sample.at_s.round() as i64 - self.from_s;
            let slot = usize::try_from(offset / self.step_s).ok();
            if let Some(slot) = slot.and_then(|slot| values.get_mut(slot)) {
                *slot = Some(sample.value);
            }
        }
        values
    }
}

/// How many series there are now: what decides on the grid before much is fetched.
async fn count(prometheus: &dyn Prometheus, split: &Split) -> Result<usize, AskError> {
    if split.scalar {
        return Ok(1);
    }
    let query = format!("count({}\n)", split.series);
    let fields = [("query", query.as_str()), ("timeout", QUERY_TIMEOUT)];
    let question = Question::post("/api/v1/query", &fields);
    let (_, envelope) = first::<Instant>(prometheus, &question, PATIENCE).await?;
    let series = envelope.data.and_then(|data| data.result.first().map(|one| one.value.value));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count; floats saturate"
    )]
    let count = series.unwrap_or(0.0) as usize;
    Ok(count)
}

async fn range(
    prometheus: &dyn Prometheus,
    query: &str,
    grid: Grid,
) -> Result<Envelope<Matrix>, AskError> {
    let limit = (MAX_SERIES + 1).to_string();
    let (start, end) = (grid.from_s.to_string(), grid.to_s.to_string());
    let step = grid.step_s.to_string();
    let fields = [
        ("query", query),
        ("start", start.as_str()),
        ("end", end.as_str()),
        ("step", step.as_str()),
        ("timeout", QUERY_TIMEOUT),
        ("limit", limit.as_str()),
    ];
    let question = Question::post("/api/v1/query_range", &fields);
    Ok(first(prometheus, &question, PATIENCE).await?.1)
}

/// A series with what its alert would have done.
struct Judged {
    values: Vec<Option<f64>>,
    spans: Vec<Span>,
    standing: Standing,
}

fn judge(series: &Series, split: &Split, timing: Timing, grid: Grid) -> Judged {
    let values = grid.lay(&series.values);
    let holds = |value: &Option<f64>| {
        value.is_some_and(|value| split.threshold.is_none_or(|threshold| threshold.holds(value)))
    };
    let (spans, standing) = spans(grid.points().zip(values.iter().map(holds)), timing);
    Judged { values, spans, standing }
}

fn summary(all: &[Series], judged: &[Judged], grid: Grid) -> Preview {
    let mut firings: Vec<Firing> = Vec::new();
    for (series, judged) in all.iter().zip(judged) {
        let mut labels = series.metric.clone();
        labels.remove("__name__");
        let of = |span: &Span| Firing { labels: labels.clone(), span: *span };
        firings.extend(judged.spans.iter().map(of));
    }
    let length = |firing: &Firing| firing.span.to_s.unwrap_or(grid.to_s) - firing.span.from_s;
    let standing = |wanted| judged.iter().filter(|judged| judged.standing == wanted).count();
    let (n_firings, longest_s) = (firings.len(), firings.iter().map(length).max().unwrap_or(0));
    firings.sort_by(|a, b| b.span.from_s.cmp(&a.span.from_s).then(a.labels.cmp(&b.labels)));
    firings.truncate(MAX_FIRINGS);
    Preview {
        from_s: grid.from_s,
        to_s: grid.to_s,
        step_s: grid.step_s,
        series: Vec::new(),
        n_series: all.len(),
        firings,
        n_firings,
        n_series_fired: judged.iter().filter(|judged| !judged.spans.is_empty()).count(),
        longest_s,
        firing_now: standing(Standing::Firing),
        pending_now: standing(Standing::Pending),
        threshold: None,
        warnings: Vec::new(),
    }
}

/// Those that fired, then those that came nearest to the threshold, then the largest.
fn drawn(
    all: &[Series],
    judged: &[Judged],
    threshold: Option<Threshold>,
    grid: Grid,
) -> Vec<Drawn> {
    let lowest_first = threshold.is_some_and(|t| matches!(t.op, Op::Less | Op::LessEqual));
    let extreme = |judged: &Judged| {
        let finite = judged.values.iter().flatten().copied().filter(|value| value.is_finite());
        if lowest_first {
            finite.reduce(f64::min).map(|value| -value)
        } else {
            finite.reduce(f64::max)
        }
    };
    let mut order: Vec<(bool, f64, usize)> = judged
        .iter()
        .enumerate()
        .map(|(n, judged)| {
            (judged.spans.is_empty(), extreme(judged).unwrap_or(f64::NEG_INFINITY), n)
        })
        .collect();
    order.sort_by(|a, b| {
        let by_value = b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal);
        a.0.cmp(&b.0).then(by_value).then_with(|| all[a.2].metric.cmp(&all[b.2].metric))
    });
    debug_assert!(judged.iter().all(|judged| judged.values.len() == grid.points().count()));
    let draw = |(.., n): &(bool, f64, usize)| Drawn {
        labels: all[*n].metric.clone(),
        values: judged[*n].values.iter().map(|value| value.filter(|v| v.is_finite())).collect(),
    };
    order.iter().take(MAX_DRAWN).map(draw).collect()
}

fn warnings(wish: &Wish, all: &[Series], grid: Grid) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if all.is_empty() {
        warnings.push(Warning::plain("nothing", "the expression gave nothing in this time"));
    }
    if let Some(project) = &wish.project
        && !all.is_empty()
        && !all.iter().any(|series| series.metric.get("project") == Some(project))
    {
        let text = format!(
            "none of the series belongs to project {project}: its alerts will carry that name \
             all the same"
        );
        warnings.push(Warning { value: project.clone(), ..Warning::plain("foreign", text) });
    }
    let shortest = [wish.timing.for_s, wish.timing.keep_firing_for_s]
        .into_iter()
        .filter(|seconds| *seconds > 0.0)
        .fold(f64::INFINITY, f64::min);
    #[expect(clippy::cast_precision_loss, reason = "a step of minutes")]
    let step = grid.step_s as f64;
    if shortest < step {
        let text = format!(
            "looked at every {} s only: what is shorter is not seen here; a shorter time range \
             shows more",
            grid.step_s
        );
        let value = grid.step_s.to_string();
        warnings.push(Warning { value, ..Warning::plain("coarse", text) });
    }
    warnings
}

#[cfg(test)]
mod tests;
