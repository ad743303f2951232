//! Random expressions of every type, from the functions and operators of [`super::language`].

use super::{
    data::{HIDDEN, START},
    language::{OF_RANGE, OF_VECTOR},
};
use crate::chaos::rng::Rng;

const NAMES: [&str; 9] = [
    "load",
    "temperature",
    "requests_total",
    "latency_bucket",
    "size",
    "build_info",
    "changed_seconds",
    "only",
    HIDDEN,
];
const LABELS: [&str; 7] = ["project", "owner", "job", "zone", "instance", "le", "version"];
const MATCHERS: [&str; 12] = [
    "project=\"a.b\"",
    "project=\"c\"",
    "project=\"axb\"",
    "project!=\"a.b\"",
    "project=~\".*\"",
    "project=\"\"",
    "project!~\"a.*\"",
    "owner=~\"a.+canary\"",
    "job=\"web\"",
    "zone!=\"z1\"",
    "instance=~\"i[01]\"",
    "missing=\"\"",
];
const RANGES: [&str; 5] = ["1m", "150s", "5m", "10m", "300"];

/// An instant vector or, now and then, a scalar; nested at most `depth` deep.
pub fn expression(rng: &mut Rng, depth: u32) -> String {
    if rng.chance(4) { scalar(rng, depth) } else { vector(rng, depth) }
}

/// `name` over something random.
pub fn call(rng: &mut Rng, name: &str, depth: u32) -> String {
    let over = if OF_RANGE.contains(&name) { range(rng, depth) } else { vector(rng, depth) };
    format!("{name}({over})")
}

fn vector(rng: &mut Rng, depth: u32) -> String {
    if depth == 0 {
        return if rng.chance(95) {
            format!("{}{}", selector(rng), times(rng))
        } else {
            "vector(1)".into()
        };
    }
    let deeper = depth - 1;
    match rng.within(0..100) {
        0..10 => format!("{}{}", selector(rng), times(rng)),
        10..24 => {
            let name = *rng.pick(OF_VECTOR);
            call(rng, name, deeper)
        }
        24..42 => {
            let name = *rng.pick(OF_RANGE);
            call(rng, name, deeper)
        }
        42..60 => aggregate(rng, deeper),
        60..80 => binary(rng, deeper),
        80..84 => format!("({})", vector(rng, deeper)),
        84..87 => format!("-{}", vector(rng, deeper)),
        87..90 => format!("vector({})", scalar(rng, deeper)),
        _ => other(rng, deeper),
    }
}

/// The functions with parameters.
fn other(rng: &mut Rng, depth: u32) -> String {
    let label = *rng.pick(&LABELS);
    let from = *rng.pick(&LABELS);
    let over = vector(rng, depth);
    match rng.within(0..11) {
        0 => format!("clamp({over}, {}, {})", scalar(rng, depth), scalar(rng, depth)),
        1 => format!("clamp_max({over}, {})", scalar(rng, depth)),
        2 => format!("clamp_min({over}, {})", scalar(rng, depth)),
        3 => format!("histogram_quantile({}, {over})", scalar(rng, depth)),
        4 => format!(
            "histogram_quantile(0.9, sum by (le, project) (rate(latency_bucket{{{}}}[5m])))",
            matchers(rng)
        ),
        5 => format!("histogram_fraction({}, {}, {over})", number(rng), scalar(rng, depth)),
        6 => format!("label_replace({over}, \"{label}\", \"$1-x\", \"{from}\", \"(.).*\")"),
        7 => format!("label_join({over}, \"{label}\", \"-\", \"{from}\", \"project\")"),
        8 => format!("predict_linear({}, {})", range(rng, depth), scalar(rng, depth)),
        9 => format!("quantile_over_time({}, {})", scalar(rng, depth), range(rng, depth)),
        _ => format!("round({over}, {})", scalar(rng, depth)),
    }
}

fn range(rng: &mut Rng, depth: u32) -> String {
    let length = *rng.pick(&RANGES);
    if depth == 0 || rng.chance(55) {
        return format!("{}[{length}]{}", selector(rng), times(rng));
    }
    let inner = vector(rng, depth - 1);
    let inner =
        if rng.chance(50) { format!("({inner})") } else { format!("sum without (le) ({inner})") };
    let step = *rng.pick(&["", "1m", "45s", "2m"]);
    format!("{inner}[{length}:{step}]{}", times(rng))
}

fn scalar(rng: &mut Rng, depth: u32) -> String {
    if depth == 0 || rng.chance(40) {
        return match rng.within(0..5) {
            0 => "time()".into(),
            1 => "pi()".into(),
            2 => format!("scalar(only{{{}}})", matchers(rng)),
            _ => number(rng),
        };
    }
    match rng.within(0..4) {
        0 => format!("scalar({})", vector(rng, depth - 1)),
        1 => format!("-{}", scalar(rng, depth - 1)),
        2 => format!("({} > bool {})", scalar(rng, depth - 1), scalar(rng, depth - 1)),
        _ => {
            let operator = *rng.pick(&["+", "-", "*", "/", "%", "^", "atan2"]);
            format!("({} {operator} {})", scalar(rng, depth - 1), scalar(rng, depth - 1))
        }
    }
}

fn number(rng: &mut Rng) -> String {
    (*rng.pick(&["0", "1", "0.5", "0.99", "3", "50", "-2", "1e3", "0x10", "Inf", "NaN", "5m"]))
        .into()
}

fn selector(rng: &mut Rng) -> String {
    let name = *rng.pick(&NAMES);
    match (name, rng.within(0..8)) {
        (HIDDEN, kind) => format!("{HIDDEN}{}", if kind < 4 { "_gauge" } else { "_total" }),
        (_, 0) => format!("{{\"my.metric\", {}}}", matchers(rng)),
        (_, 1) => format!("{{__name__=~\"lo.*|{name}|hidden.*\", {}}}", matchers(rng)),
        (name, 2..5) => format!("{name}{{{}}}", matchers(rng)),
        (name, _) => name.to_owned(),
    }
}

fn matchers(rng: &mut Rng) -> String {
    let n = rng.within(0..3);
    (0..n).map(|_| *rng.pick(&MATCHERS)).collect::<Vec<_>>().join(", ")
}

fn times(rng: &mut Rng) -> String {
    let at = match rng.within(0..20) {
        0 => " @ start()".to_owned(),
        1 => " @ end()".to_owned(),
        2 => format!(" @ {}", START + 1_200),
        _ => String::new(),
    };
    let offset =
        if rng.chance(10) { *rng.pick(&[" offset 1m", " offset -90s", " offset 5m"]) } else { "" };
    if rng.chance(50) { format!("{at}{offset}") } else { format!("{offset}{at}") }
}

fn labels(rng: &mut Rng) -> String {
    let n = rng.within(0..4);
    (0..n).map(|_| *rng.pick(&LABELS)).collect::<Vec<_>>().join(", ")
}

fn aggregate(rng: &mut Rng, depth: u32) -> String {
    let name = *rng.pick(&[
        "sum",
        "avg",
        "count",
        "min",
        "max",
        "group",
        "stddev",
        "stdvar",
        "topk",
        "bottomk",
        "count_values",
        "quantile",
    ]);
    let parameter = match name {
        "topk" | "bottomk" | "quantile" => format!("{}, ", scalar(rng, depth)),
        "count_values" => format!("\"{}\", ", rng.pick(&LABELS)),
        _ => String::new(),
    };
    let body = format!("({parameter}{})", vector(rng, depth));
    let grouping = match rng.within(0..4) {
        0 => format!("by ({})", labels(rng)),
        1 => format!("without ({})", labels(rng)),
        _ => return format!("{name}{body}"),
    };
    if rng.chance(50) {
        format!("{name} {grouping} {body}")
    } else {
        format!("{name}{body} {grouping}")
    }
}

fn binary(rng: &mut Rng, depth: u32) -> String {
    let arithmetic = ["+", "-", "*", "/", "%", "^", "atan2"];
    let comparison = ["==", "!=", ">", "<", ">=", "<="];
    let set = ["and", "or", "unless"];
    let kind = rng.within(0..3);
    let mut operator = match kind {
        0 => *rng.pick(&arithmetic),
        1 => *rng.pick(&comparison),
        _ => *rng.pick(&set),
    }
    .to_owned();
    if kind == 1 && rng.chance(50) {
        operator.push_str(" bool");
    }
    if kind < 2 && rng.chance(40) {
        return if rng.chance(50) {
            format!("{} {operator} {}", vector(rng, depth), scalar(rng, depth))
        } else {
            format!("{} {operator} {}", scalar(rng, depth), vector(rng, depth))
        };
    }
    // Most pairs of random vectors match nobody or too many: one side is made of the other.
    let left = vector(rng, depth);
    let right = match rng.within(0..3) {
        0 => vector(rng, depth),
        1 => left.clone(),
        _ => format!("sum by (project) ({left})"),
    };
    let matching = match (right.starts_with("sum by (project) ("), rng.within(0..4)) {
        (true, 0..3) if kind < 2 => " on (project) group_left ()".to_owned(),
        (true, _) => " on (project)".to_owned(),
        (_, 0) => format!(" on ({})", labels(rng)),
        (_, 1) => format!(" ignoring ({})", labels(rng)),
        _ => String::new(),
    };
    if rng.chance(30) {
        format!("({left}) {operator}{matching} ({right})")
    } else {
        format!("{left} {operator}{matching} {right}")
    }
}
