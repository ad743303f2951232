//! The paths that are passed on to Prometheus and Alertmanager, with every parameter that is.

/// A program behind the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Prometheus 3.
    Prometheus,
    /// Alertmanager, API v2.
    Alertmanager,
}

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// An expression, once, which must be there.
    Expression,
    /// Series selectors: one that selects the scope is added where there is none.
    Selectors,
    /// Series selectors, of which there must be one.
    SelectorsNeeded,
    /// Says nothing of series; may stand once.
    Once,
    /// Says nothing of series; may stand often.
    Often,
}

/// How what is answered is brought into scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is already: the question was confined.
    Confined,
    /// Rule groups.
    Rules,
    /// Prometheus' alerts.
    Alerts,
    /// Targets.
    Targets,
    /// Metadata by target.
    TargetsMetadata,
    /// Metadata by metric, made of metadata by target.
    Metadata,
    /// Alertmanager's alerts.
    Received,
    /// Alertmanager's groups of alerts.
    Groups,
    /// Silences.
    Silences,
    /// One silence.
    Silence,
}

/// One path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// As it stands after `/prometheus` or `/alertmanager`.
    pub path: &'static str,
    /// Whether a form is taken by POST; then it is passed on as one.
    pub form: bool,
    /// The parameters that are passed on; others are dropped.
    pub parameters: &'static [(&'static str, What)],
    /// `None` = not for people with a scope.
    pub answer: Option<Answer>,
}

use What::{Expression, Often, Once, Selectors, SelectorsNeeded};

const fn asked(path: &'static str, parameters: &'static [(&'static str, What)]) -> Path {
    Path { path, form: true, parameters, answer: Some(Answer::Confined) }
}

const fn cut(
    path: &'static str,
    parameters: &'static [(&'static str, What)],
    answer: Answer,
) -> Path {
    Path { path, form: false, parameters, answer: Some(answer) }
}

/// Paths of Prometheus.
pub const PROMETHEUS: &[Path] = &[
    asked(
        "/api/v1/query",
        &[
            ("query", Expression),
            ("time", Once),
            ("timeout", Once),
            ("limit", Once),
            ("lookback_delta", Once),
            ("stats", Once),
        ],
    ),
    asked(
        "/api/v1/query_range",
        &[
            ("query", Expression),
            ("start", Once),
            ("end", Once),
            ("step", Once),
            ("timeout", Once),
            ("limit", Once),
            ("lookback_delta", Once),
            ("stats", Once),
        ],
    ),
    asked("/api/v1/query_exemplars", &[("query", Expression), ("start", Once), ("end", Once)]),
    asked(
        "/api/v1/series",
        &[("match[]", SelectorsNeeded), ("start", Once), ("end", Once), ("limit", Once)],
    ),
    asked("/api/v1/labels", LABELS),
    cut(
        "/api/v1/metadata",
        &[("metric", Once), ("limit", Once), ("limit_per_metric", Once)],
        Answer::Metadata,
    ),
    cut(
        "/api/v1/rules",
        &[
            ("type", Once),
            ("rule_name[]", Often),
            ("rule_group[]", Often),
            ("file[]", Often),
            ("exclude_alerts", Once),
        ],
        Answer::Rules,
    ),
    cut("/api/v1/alerts", &[], Answer::Alerts),
    cut("/api/v1/targets", &[("state", Once), ("scrapePool", Once)], Answer::Targets),
    cut(
        TARGETS_METADATA,
        &[("match_target", Selectors), ("metric", Once), ("limit", Once)],
        Answer::TargetsMetadata,
    ),
    cut("/api/v1/status/buildinfo", &[], Answer::Confined),
    cut("/federate", &[("match[]", SelectorsNeeded)], Answer::Confined),
];

/// Metadata by target.
pub(super) const TARGETS_METADATA: &str = "/api/v1/targets/metadata";

const LABELS: &[(&str, What)] =
    &[("match[]", Selectors), ("start", Once), ("end", Once), ("limit", Once)];

const LABEL_VALUES: Path = cut("/api/v1/label/{name}/values", LABELS, Answer::Confined);

const ALERTS: &[(&str, What)] = &[
    ("active", Once),
    ("silenced", Once),
    ("inhibited", Once),
    ("unprocessed", Once),
    ("muted", Once),
    ("receiver", Once),
    ("filter", Often),
];

const fn unscoped(path: &'static str) -> Path {
    Path { path, form: false, parameters: &[], answer: None }
}

/// Paths of Alertmanager.
pub const ALERTMANAGER: &[Path] = &[
    cut("/api/v2/alerts", ALERTS, Answer::Received),
    cut("/api/v2/alerts/groups", ALERTS, Answer::Groups),
    cut("/api/v2/silences", &[("filter", Often)], Answer::Silences),
    unscoped("/api/v2/receivers"),
    unscoped("/api/v2/status"),
];

const SILENCE: Path = cut("/api/v2/silence/{id}", &[], Answer::Silence);

/// Every path of a program; what stands for any name or id is in braces.
pub fn all(program: Program) -> impl Iterator<Item = &'static Path> {
    let (list, rest) = match program {
        Program::Prometheus => (PROMETHEUS, &LABEL_VALUES),
        Program::Alertmanager => (ALERTMANAGER, &SILENCE),
    };
    list.iter().chain(std::iter::once(rest))
}

/// The path that `path`, as it is written, is one of.
///
/// It must equal an entry before any decoding, so that `..`, `%2e`, `//` and the like never do.
#[must_use]
pub fn find(program: Program, path: &str) -> Option<&'static Path> {
    let (list, rest): (_, Option<&Path>) = match program {
        Program::Prometheus => (PROMETHEUS, is_label_values(path).then_some(&LABEL_VALUES)),
        Program::Alertmanager => (ALERTMANAGER, is_one_silence(path).then_some(&SILENCE)),
    };
    list.iter().find(|entry| entry.path == path).or(rest)
}

/// `/api/v2/silence/ID`
fn is_one_silence(path: &str) -> bool {
    path.strip_prefix("/api/v2/silence/")
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'))
}

/// `/api/v1/label/NAME/values`
fn is_label_values(path: &str) -> bool {
    path.strip_prefix("/api/v1/label/")
        .and_then(|rest| rest.strip_suffix("/values"))
        .is_some_and(crate::model::label::is_label_name)
}
