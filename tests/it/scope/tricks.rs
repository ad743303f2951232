//! Ways to get around a scope, each through the layer that takes requests: refused, or answered
//! without a word of other projects.

use super::{
    data::{self, CANARY, START},
    foreign,
    server::Server,
};
use crate::harness::component::Component;
use watchkeep::scope::{
    Projects, Refusal, answers,
    paths::{self, Program},
    request::{self, Call, Form},
};

/// What happens to a trick.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// No path that is passed on.
    NoPath,
    Refused,
    /// Passed on; the answer says nothing.
    Empty,
    /// Passed on; the answer is of the scope.
    Own,
}
use End::{Empty, NoPath, Own, Refused};

const QUERY: &str = "/api/v1/query";

/// Path, query string (`TIME` is a moment in the data), form, end.
const TRICKS: &[(&str, &str, Option<&str>, End)] = &[
    // Selectors at every place where one can stand.
    (QUERY, "query=load&time=TIME", None, Own),
    (QUERY, "query=hidden_canary_gauge&time=TIME", None, Empty),
    (QUERY, "query={__name__=~\"hidden.*\"}&time=TIME", None, Empty),
    (QUERY, "query={__name__=~\".%2B\"}&time=TIME", None, Own),
    (QUERY, "query={__name__!=\"\"}&time=TIME", None, Own),
    (QUERY, "query={\"hidden_canary_gauge\"}&time=TIME", None, Empty),
    (QUERY, "query=max_over_time(hidden_canary_gauge[10m:1m])&time=TIME", None, Empty),
    (QUERY, "query=hidden_canary_gauge @ 1760001000", None, Empty),
    (QUERY, "query=load @ 1760001000", None, Own),
    (QUERY, "query=hidden_canary_gauge offset -1h&time=1759998000", None, Empty),
    (QUERY, "query=load or hidden_canary_gauge&time=TIME", None, Own),
    (QUERY, "query=hidden_canary_gauge unless load&time=TIME", None, Empty),
    (QUERY, "query=vector(1) and on () hidden_canary_gauge&time=TIME", None, Empty),
    (
        QUERY,
        "query=topk(scalar(count(hidden_canary_gauge) or vector(0)), load)&time=TIME",
        None,
        Empty,
    ),
    (QUERY, "query=quantile(scalar(hidden_canary_gauge), load)&time=TIME", None, Own),
    (QUERY, "query=clamp(load, scalar(hidden_canary_gauge), 5)&time=TIME", None, Own),
    (
        QUERY,
        "query=load * on (instance) group_left (owner) hidden_canary_gauge&time=TIME",
        None,
        Empty,
    ),
    (QUERY, "query=count_values(\"owner\", hidden_canary_gauge)&time=TIME", None, Empty),
    (QUERY, "query=count by (owner) ({job=~\".%2B\"})&time=TIME", None, Own),
    (QUERY, "query=absent(hidden_canary_gauge)&time=TIME", None, Own),
    (QUERY, "query=histogram_quantile(0.9, {__name__=~\"hidden.*\"})&time=TIME", None, Empty),
    (QUERY, "query=label_replace(load, \"project\", \"c\", \"\", \"\")&time=TIME", None, Own),
    (
        QUERY,
        "query=label_replace(hidden_canary_gauge, \"project\", \"a.b\", \"\", \"\")&time=TIME",
        None,
        Empty,
    ),
    (QUERY, "query=info(load)&time=TIME", None, Refused),
    // Matchers that try to undo the scope's.
    (QUERY, "query=load{project=\"c\"}&time=TIME", None, Empty),
    (QUERY, "query=load{project=~\".*\"}&time=TIME", None, Own),
    (QUERY, "query=load{project!~\"a.b\"}&time=TIME", None, Empty),
    (QUERY, "query=load{project=\"\"}&time=TIME", None, Empty),
    (QUERY, "query=load{\"project\"=~\"c|.*\"}&time=TIME", None, Own),
    (QUERY, "query=load{project=~\"axb\"}&time=TIME", None, Empty),
    (QUERY, "query={job=\"web\" or project=\"c\"}&time=TIME", None, Refused),
    (QUERY, "query=load{job=\"x\"} %23 }\n or hidden_canary_gauge&time=TIME", None, Empty),
    (QUERY, "query=load{job=~'}'} or hidden_canary_gauge{x=~`{`}&time=TIME", None, Empty),
    (QUERY, "query=load{job=\"\\\"} or hidden_canary_gauge{x=\"\"}&time=TIME", None, Refused),
    (QUERY, "query=load{job=`\\`} or hidden_canary_gauge{x!=`\\`}&time=TIME", None, Empty),
    (QUERY, "query=load{job=\"\\xff\"}&time=TIME", None, Refused),
    // Parameters.
    (QUERY, "query=load&query=hidden_canary_gauge&time=TIME", None, Refused),
    (QUERY, "query=load&time=TIME", Some("query=hidden_canary_gauge"), Refused),
    (QUERY, "time=TIME", Some("query=hidden_canary_gauge"), Empty),
    (QUERY, "query=hidden_canary_gauge&time=TIME", Some(""), Empty),
    (QUERY, "query=load;query=hidden_canary_gauge&time=TIME", None, Refused),
    (QUERY, "query%3Dhidden_canary_gauge&query=load&time=TIME", None, Own),
    (QUERY, "query=%2568idden_canary_gauge&time=TIME", None, Refused),
    (QUERY, "query=load%00&time=TIME", None, Refused),
    (QUERY, "query=load%ff&time=TIME", None, Refused),
    (QUERY, "Query=hidden_canary_gauge&time=TIME", None, Refused),
    (QUERY, "query[]=hidden_canary_gauge&query=load&time=TIME", None, Own),
    (QUERY, "%71uery=hidden_canary_gauge&time=TIME", None, Empty),
    (QUERY, "query=load%26query=hidden_canary_gauge&time=TIME", None, Refused),
    (QUERY, "query=load%0d%0aX: y&time=TIME", None, Refused),
    (QUERY, "_method=DELETE&query=load&time=TIME", None, Own),
    // Other paths.
    ("/api/v1/query_range", "query=hidden_canary_gauge&start=TIME&end=TIME&step=1", None, Empty),
    ("/api/v1/query_exemplars", "query={__name__=~\".%2B\"}&start=START&end=TIME", None, Own),
    ("/api/v1/query_exemplars", "query=hidden_canary_total&start=START&end=TIME", None, Empty),
    ("/api/v1/series", "match[]=hidden_canary_gauge&start=START&end=TIME", None, Empty),
    ("/api/v1/series", "match[]=load&match[]=hidden_canary_gauge&start=START&end=TIME", None, Own),
    ("/api/v1/series", "start=START&end=TIME", None, Refused),
    ("/api/v1/series", "match[]=load or hidden_canary_gauge", None, Refused),
    ("/api/v1/labels", "start=START&end=TIME", None, Own),
    ("/api/v1/labels", "match=hidden_canary_gauge&start=START&end=TIME", None, Own),
    ("/api/v1/labels", "start=START&end=TIME", Some("match[]=hidden_canary_gauge"), Empty),
    ("/api/v1/label/owner/values", "start=START&end=TIME", None, Own),
    ("/api/v1/label/__name__/values", "start=START&end=TIME", None, Own),
    ("/api/v1/label/project/values", "start=START&end=TIME", None, Own),
    ("/api/v1/label/owner/values", "match[]={project=\"c\"}&start=START&end=TIME", None, Empty),
    ("/federate", "match[]={__name__=~\".%2B\"}", None, Empty),
    ("/federate", "", None, Refused),
    ("/api/v1/metadata", "", None, Empty),
    ("/api/v1/targets", "", None, Own),
    ("/api/v1/rules", "match[]={}", None, Own),
    ("/api/v1/status/buildinfo", "x=y", None, Own),
    // What is no path.
    ("/api/v1//query", "query=load", None, NoPath),
    ("/api/v1/./query", "query=load", None, NoPath),
    ("/api/v1/query/", "query=load", None, NoPath),
    ("/api/v1/query/../query", "query=load", None, NoPath),
    ("/api/v1/%71uery", "query=load", None, NoPath),
    ("/api/v1/%2e%2e/v1/query", "query=load", None, NoPath),
    ("/api/v1/query;query", "query=load", None, NoPath),
    ("/API/v1/query", "query=load", None, NoPath),
    ("/api/v1/query.", "query=load", None, NoPath),
    ("/api/v1/label/a%2fb/values", "", None, NoPath),
    ("/api/v1/label/owner/values/", "", None, NoPath),
    ("/api/v1/parse_query", "query=load", None, NoPath),
    ("/api/v1/read", "", None, NoPath),
    ("/api/v1/status/tsdb", "", None, NoPath),
    ("/api/v1/status/config", "", None, NoPath),
    ("/api/v1/admin/tsdb/snapshot", "", None, NoPath),
    ("/metrics", "", None, NoPath),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trick_shows_another_project() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let series: Vec<_> = data::series().into_iter().map(|(_, series)| series).collect();
    let whole = Server::with(&Component::unpack(dir.path(), "prometheus"), &series).await;
    let mut wrong = Vec::new();
    for (path, query, form, expected) in TRICKS {
        let found = play(&whole, path, query, *form).await;
        if found.as_ref() != Ok(expected) {
            wrong.push(format!("{path}?{query} {form:?}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Does what the proxy does with a call of somebody who may see one project.
async fn play(whole: &Server, path: &str, query: &str, form: Option<&str>) -> Result<End, String> {
    let projects = Projects::only(["a.b"]);
    let Some(entry) = paths::find(Program::Prometheus, path) else { return Ok(NoPath) };
    let time = (START + 1_200).to_string();
    let fill = |text: &str| text.replace("TIME", &time).replace("START", &START.to_string());
    let (query, form) = (fill(query), form.map(fill));
    let form = form.as_deref().map(|body| Form {
        content_type: "application/x-www-form-urlencoded",
        body: body.as_bytes(),
    });
    let call = Call { program: Program::Prometheus, entry, path, query: Some(&query), form };
    let confined = match request::confine(&call, &projects) {
        Ok(confined) => confined,
        Err(Refusal::Unscoped(path)) => return Err(format!("{path} is not for the scoped")),
        Err(_) => return Ok(Refused),
    };
    let (status, body) = whole.raw(&confined.target, confined.form).await;
    if status != 200 {
        return Err(format!("{status}: {body}"));
    }
    let shown =
        answers::cut(confined.answer, body.as_bytes(), &confined.bounds, &projects, &|_| true);
    let shown = String::from_utf8(shown.map_err(|why| why.to_string())?.unwrap_or_default());
    let shown = shown.map_err(|why| why.to_string())?;
    if let Some(foreign) = foreign(&shown, &projects) {
        return Err(format!("shows {foreign}: {shown}"));
    }
    if shown.replace(&format!("a.b{CANARY}"), "").contains("canary") {
        return Err(format!("shows a canary: {shown}"));
    }
    let nothing = ["\"result\":[]", "\"data\":[]", "\"data\":{}"];
    let empty = shown.is_empty() || nothing.iter().any(|nothing| shown.contains(nothing));
    Ok(if empty { Empty } else { Own })
}
