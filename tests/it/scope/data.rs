//! Series of several projects. Every one of them names its project a second time in a label
//! that must not be seen out of scope.

use super::wire::{Exemplar, Histogram, Series};
use crate::chaos::rng::Rng;

/// First sample, seconds since 1970: a moment in 2025.
pub const START: i64 = 1_760_000_000;
/// Between two samples, seconds.
pub const STEP: i64 = 15;
/// Samples of each series.
pub const SAMPLES: i64 = 160;
/// After the name of a project: who finds it has seen the project.
pub const CANARY: &str = "-canary";
/// Beginning of the names of metrics that only hidden projects have.
pub const HIDDEN: &str = "hidden_canary";

/// The projects; the first two are those of the scopes. `None` = no label.
pub const PROJECTS: [Option<&str>; 7] =
    [Some("a.b"), Some("c"), Some("axb"), Some("a.b|c"), Some("A.B"), Some("ca"), None];

pub fn end() -> i64 {
    START + STEP * SAMPLES
}

/// Everything, the series of the projects mixed; the same in each run.
pub fn series() -> Vec<(Option<&'static str>, Series)> {
    let mut found = Vec::new();
    for shape in SHAPES {
        for project in PROJECTS {
            if shape.name.starts_with(HIDDEN) && matches!(project, Some("a.b" | "c")) {
                continue;
            }
            let mut rng = Rng::part(7, found.len() as u64);
            let n = match shape.kind {
                _ if shape.single => 1,
                Kind::Buckets => BOUNDS.len() as u64,
                _ => rng.within(2..5),
            };
            for n in 0..n {
                found.push((project, one(shape, project, n, &mut rng)));
            }
        }
    }
    found
}

struct Shape {
    name: &'static str,
    kind: Kind,
    /// One series a project.
    single: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Gauge,
    Counter,
    /// Of a classic histogram: counters that rise with `le`.
    Buckets,
    Native,
    /// 1 with a label of its own.
    Info,
    /// Seconds since 1970.
    Time,
}

const fn shape(name: &'static str, kind: Kind, single: bool) -> Shape {
    Shape { name, kind, single }
}

const SHAPES: &[Shape] = &[
    shape("load", Kind::Gauge, false),
    shape("temperature", Kind::Gauge, false),
    shape("requests_total", Kind::Counter, false),
    shape("latency_bucket", Kind::Buckets, false),
    shape("size", Kind::Native, false),
    shape("build_info", Kind::Info, false),
    shape("changed_seconds", Kind::Time, false),
    shape("my.metric", Kind::Gauge, false),
    shape("only", Kind::Gauge, true),
    shape("hidden_canary_gauge", Kind::Gauge, false),
    shape("hidden_canary_total", Kind::Counter, false),
];

const BOUNDS: [&str; 4] = ["0.1", "0.5", "2", "+Inf"];

fn one(shape: &Shape, project: Option<&str>, n: u64, rng: &mut Rng) -> Series {
    // The buckets of one histogram differ in nothing but their bound.
    let (own, job) = match shape.kind {
        Kind::Buckets => (0, 0),
        _ => (n, rng.index(2)),
    };
    let mut labels = vec![
        ("__name__".to_owned(), shape.name.to_owned()),
        ("job".to_owned(), ["web", "db"][job].to_owned()),
        ("zone".to_owned(), format!("z{}", own % 2)),
        ("owner".to_owned(), format!("{}{CANARY}", project.unwrap_or("nobody"))),
    ];
    if !shape.single {
        labels.push(("instance".to_owned(), format!("i{own}")));
    }
    if shape.kind == Kind::Buckets {
        let bound = BOUNDS[usize::try_from(n).unwrap()];
        labels.push(("le".to_owned(), bound.to_owned()));
    }
    if shape.kind == Kind::Info {
        labels.push(("version".to_owned(), format!("v{}", rng.index(3))));
        labels.push(("a label".to_owned(), "x y".to_owned()));
    }
    labels.extend(project.map(|project| ("project".to_owned(), project.to_owned())));
    labels.sort();
    let mut series = Series { labels, ..Series::default() };
    fill(&mut series, shape.kind, n, rng);
    series
}

fn fill(series: &mut Series, kind: Kind, n: u64, rng: &mut Rng) {
    let fraction = |rng: &mut Rng| rng.within(0..1_000_000) as f64 / 1e6;
    let mut level = fraction(rng) * 100.0;
    let mut buckets = vec![0_u64; 5];
    let trace = series.labels.iter().find(|(name, _)| name == "owner").unwrap().1.clone();
    for tick in 0..SAMPLES {
        let at = (START + tick * STEP) * 1000;
        // Gaps, so that series go stale.
        if rng.chance(2) || (n % 3 == 2 && (60..90).contains(&tick)) {
            continue;
        }
        match kind {
            Kind::Gauge => level += fraction(rng) * 20.0 - 10.0,
            Kind::Counter | Kind::Buckets if rng.chance(1) => level = fraction(rng),
            Kind::Counter => level += fraction(rng) * 10.0,
            Kind::Buckets => level += fraction(rng) * 3.0 * (n + 1) as f64,
            Kind::Info => level = 1.0,
            Kind::Time => level = (START + tick * 86_400) as f64,
            Kind::Native => {
                let bucket = rng.index(buckets.len());
                buckets[bucket] += rng.within(1..9);
                let sum = buckets.iter().sum::<u64>() as f64 * 1.5;
                let histogram = Histogram { sum, buckets: buckets.clone(), first: -1 };
                series.histograms.push((at, histogram));
                continue;
            }
        }
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        let value = if kind == Kind::Gauge && rng.chance(1) { *rng.pick(&odd) } else { level };
        series.samples.push((at, value));
        if kind == Kind::Counter && tick % 20 == 0 {
            series.exemplars.push(Exemplar { trace: trace.clone(), at, value });
        }
    }
}
