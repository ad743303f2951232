//! A query sees only its scope: the confined expression on a real Prometheus with everything says
//! what the expression says on one with the scope's series alone. And tricks to get around it.

mod claims;
mod compare;
mod data;
mod generate;
mod language;
mod server;
mod shown;
mod tricks;
mod wire;

use crate::{chaos::rng::Rng, harness::component::Component};
use compare::{difference, size};
use data::{CANARY, PROJECTS, START};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use server::Server;
use std::time::Instant;
use watchkeep::{
    base::clock::now_unix_ms,
    scope::{Projects, promql::confine},
};
use wire::Series;

/// Random expressions in a run.
const EXPRESSIONS: usize = 6_000;
/// Asked at the same time.
const AT_ONCE: usize = 6;
/// Questions to find out whether an answer is always the same.
const AGAIN: usize = 20;
/// Expressions that are generated for each function, with it outermost.
const OF_EACH: usize = 4;

/// `WATCHKEEP_TEST_SEED` has a run again.
fn seed() -> u64 {
    let given = std::env::var("WATCHKEEP_TEST_SEED").ok().map(|text| text.parse().unwrap());
    let seed = given.unwrap_or_else(now_unix_ms);
    println!("WATCHKEEP_TEST_SEED={seed}");
    seed
}

/// Prometheus with everything, and one for each scope.
struct Servers {
    whole: Server,
    scopes: Vec<(Projects, Server)>,
}

impl Servers {
    async fn start(program: &Component) -> Self {
        let series = data::series();
        let only = |names: &'static [&'static str]| {
            let kept = |project: &Option<&str>| project.is_some_and(|name| names.contains(&name));
            let kept = series.iter().filter(move |(project, _)| kept(project));
            (
                Projects::only(names.iter().copied()),
                kept.map(|(_, series)| series.clone()).collect(),
            )
        };
        let mut unrelated = Series::default();
        unrelated.labels.push(("__name__".into(), "unrelated".into()));
        unrelated.samples.push((START * 1000, 0.0));
        let all: Vec<_> = series.iter().map(|(_, series)| series.clone()).collect();
        let whole = Server::with(program, &all).await;
        let mut scopes = Vec::new();
        for names in [&["a.b"][..], &["a.b", "c"], &[]] {
            let (projects, mut series): (_, Vec<_>) = only(names);
            // A Prometheus without any series sorts no matchers, which absent() shows.
            series.push(unrelated.clone());
            scopes.push((projects, Server::with(program, &series).await));
        }
        Self { whole, scopes }
    }

    /// What is said in scope `n`, by the expression there and by the confined one on everything.
    async fn compare(&self, expression: &str, n: usize, rng: &mut Rng) -> Result<Said, String> {
        let (projects, scoped) = &self.scopes[n];
        let confined = confine(expression, projects);
        let mut said = Said::default();
        for (path, mut form) in questions(rng) {
            form.push(("query", expression.to_owned()));
            let expected = scoped.ask(path, &form).await;
            let confined = match &confined {
                Ok(confined) => confined,
                Err(_) if expected["status"] == "error" => {
                    said.errors += 1;
                    continue;
                }
                Err(fault) => return Err(format!("is refused: {fault}")),
            };
            form.last_mut().unwrap().1.clone_from(confined);
            let found = self.whole.ask(path, &form).await;
            if [&expected, &found].iter().any(|answer| answer["errorType"] == "timeout") {
                said.too_slow += 1;
                continue;
            }
            let text = found.to_string();
            if let Some(foreign) = foreign(&text, projects) {
                return Err(format!("{path} {form:?} shows {foreign}: {text}"));
            }
            let ordered = path == "/api/v1/query" && expression.starts_with("sort");
            if let Some(difference) = difference(&expected, &found, ordered) {
                form.last_mut().unwrap().1 = expression.to_owned();
                if language::is_unreliable(expression)
                    || contradicts_itself(scoped, path, &form, &expected, ordered).await
                {
                    said.undecided += 1;
                    continue;
                }
                return Err(format!("{path} {form:?}: {difference}"));
            }
            said.errors += usize::from(expected["status"] != "success");
            said.series += size(&expected);
        }
        Ok(said)
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Said {
    series: usize,
    errors: usize,
    too_slow: usize,
    /// No fair comparison ([`language::is_unreliable`]), or Prometheus contradicts itself: it takes series in any order, and so adds numbers in any, and
    /// takes any of those that are equal for the largest.
    undecided: usize,
}

/// Whether another answer to the same question differs.
async fn contradicts_itself(
    server: &Server,
    path: &str,
    form: &[(&str, String)],
    answer: &Value,
    ordered: bool,
) -> bool {
    for _ in 0..AGAIN {
        if difference(answer, &server.ask(path, form).await, ordered).is_some() {
            return true;
        }
    }
    false
}

type Question = (&'static str, Vec<(&'static str, String)>);

/// One moment and one range within the data or shortly after.
fn questions(rng: &mut Rng) -> [Question; 2] {
    let last = data::end().unsigned_abs();
    let mut moment = || rng.within(START.unsigned_abs() + 900..last + 120);
    let (time, start) = (moment(), moment());
    let (steps, step) = (rng.within(1..8), rng.within(7..120));
    let timeout = ("timeout", "20s".to_owned());
    [
        ("/api/v1/query", vec![("time", time.to_string()), timeout.clone()]),
        (
            "/api/v1/query_range",
            vec![
                ("start", start.to_string()),
                ("end", (start + steps * step).to_string()),
                ("step", step.to_string()),
                timeout,
            ],
        ),
    ]
}

/// A project out of scope that is named in a text.
fn foreign(text: &str, projects: &Projects) -> Option<String> {
    let hidden =
        PROJECTS.into_iter().filter(|project| !projects.holds(project.unwrap_or_default()));
    let canaries = hidden.map(|project| format!("\"{}{CANARY}", project.unwrap_or("nobody")));
    canaries.into_iter().find(|canary| text.contains(canary.as_str()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confined_query_says_what_the_query_says_of_the_scope_alone() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let seed = seed();
    let dir = tempfile::tempdir().unwrap();
    let servers = &Servers::start(&Component::unpack(dir.path(), "prometheus")).await;
    every_part_of_the_language(servers).await;
    what_is_left_out_is_refused(servers).await;

    let began = Instant::now();
    let n_random = if std::env::var("WATCHKEEP_TEST_LONG").is_ok_and(|long| !long.is_empty()) {
        EXPRESSIONS * 10
    } else {
        EXPRESSIONS
    };
    let ask = |n: usize| async move {
        let mut rng = Rng::part(seed, n as u64);
        let expression = random(n, &mut rng);
        let scope = [0, 0, 0, 1, 1, 1, 1, 2][n % 8];
        let said = servers.compare(&expression, scope, &mut rng).await;
        said.map_err(|why| format!("{expression}\n    {why}"))
    };
    let answers: Vec<_> =
        stream::iter(0..n_random).map(ask).buffer_unordered(AT_ONCE).collect().await;
    let failed: Vec<_> = answers.iter().filter_map(|said| said.as_ref().err()).collect();
    let shown: Vec<_> = failed.iter().take(10).map(|failed| failed.as_str()).collect();
    assert!(failed.is_empty(), "{} of {n_random} differ:\n{}", failed.len(), shown.join("\n"));

    let said: Vec<_> = answers.into_iter().flatten().collect();
    let share = |holds: fn(&Said) -> bool| {
        100 * said.iter().filter(|said| holds(said)).count() / said.len()
    };
    let (some, errors) = (share(|said| said.series > 0), share(|said| said.errors > 0));
    let lost = share(|said| said.too_slow + said.undecided > 0);
    println!(
        "{n_random} expressions in {:.1?}: {some}% say something, {errors}% are errors, {lost}% too slow or undecided",
        began.elapsed()
    );
    assert!(some >= 40 && errors <= 45 && lost <= 2, "the expressions compare too little");
}

/// Number `n` of a run: first some of each function, then anything.
fn random(n: usize, rng: &mut Rng) -> String {
    let functions: Vec<&str> = [language::OF_VECTOR, language::OF_RANGE].concat();
    let depth = u32::try_from(1 + n % 4).unwrap();
    match functions.get(n / OF_EACH) {
        Some(name) => generate::call(rng, name, depth - 1),
        None => generate::expression(rng, depth),
    }
}

async fn every_part_of_the_language(servers: &Servers) {
    let vector = |name: &&str| match *name {
        "absent" => "absent(load{job=\"nobody\"})".to_owned(),
        name if name.starts_with("histogram") => format!("{name}(size)"),
        name => format!("{name}(load)"),
    };
    let range = |name: &&str| match *name {
        "absent_over_time" => "absent_over_time(load{project=\"nobody\"}[5m])".to_owned(),
        name => format!("{name}(temperature[10m])"),
    };
    let examples = language::EXAMPLES.iter().map(|(_, example)| (*example).to_owned());
    let all = language::OF_VECTOR.iter().map(vector).chain(language::OF_RANGE.iter().map(range));
    for (n, expression) in all.chain(examples).enumerate() {
        for scope in 0..servers.scopes.len() {
            let mut rng = Rng::part(0, n as u64);
            let said = servers.compare(&expression, scope, &mut rng).await;
            let said = said.unwrap_or_else(|why| panic!("{expression}: {why}"));
            let nothing = said.series == 0 && scope < 2 || said.errors > 0;
            assert!(!nothing, "{expression} says nothing in scope {scope}: {said:?}");
        }
    }
}

/// By the rewriter, and by the Prometheus that we run.
async fn what_is_left_out_is_refused(servers: &Servers) {
    for (expression, reason) in language::LEFT_OUT {
        assert!(confine(expression, &servers.scopes[0].0).is_err(), "{expression} ({reason})");
        let answer = servers.whole.ask("/api/v1/query", &[("query", (*expression).into())]).await;
        assert_eq!(answer["status"], "error", "{expression} ({reason})");
    }
    for expression in language::NEWER {
        let answer = servers.whole.ask("/api/v1/query", &[("query", (*expression).into())]).await;
        assert_eq!(answer["status"], "error", "{expression} can be compared now");
    }
}
