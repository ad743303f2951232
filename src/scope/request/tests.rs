//! Calls and what is passed on of them.

use super::*;
use crate::scope::paths;

fn scope() -> Projects {
    Projects::only(["a"])
}

fn call<'a>(path: &'a str, query: &'a str, form: Option<&'a str>) -> Call<'a> {
    let program = if path.contains("/v2/") { Program::Alertmanager } else { Program::Prometheus };
    let content_type = "application/x-www-form-urlencoded; charset=utf-8";
    Call {
        program,
        entry: paths::find(program, path).expect(path),
        path,
        query: Some(query).filter(|query| !query.is_empty()),
        form: form.map(|body| Form { content_type, body: body.as_bytes() }),
    }
}

#[track_caller]
fn passed(path: &str, query: &str, form: Option<&str>) -> (String, Option<String>) {
    let confined = confine(&call(path, query, form), &scope()).unwrap();
    let readable = |text: String| {
        percent_encoding::percent_decode_str(&text).decode_utf8().unwrap().into_owned()
    };
    (readable(confined.target), confined.form.map(readable))
}

#[track_caller]
fn refused(path: &str, query: &str, form: Option<&str>) -> String {
    confine(&call(path, query, form), &scope()).unwrap_err().to_string()
}

#[test]
fn a_query_becomes_a_form_with_what_is_known() {
    let (target, form) =
        passed("/api/v1/query", "query=up&time=5&debug=1&Query=x&query%00=b", None);
    assert_eq!(target, "/api/v1/query");
    assert_eq!(form.unwrap(), "query=up{project=~\"a\"}&time=5");
    let (target, form) =
        passed("/api/v1/query_range", "start=1&end=2", Some("query=up%2Bb&step=15"));
    assert_eq!(target, "/api/v1/query_range");
    let expected = "query=up{project=~\"a\"} + b{project=~\"a\"}&start=1&end=2&step=15";
    assert_eq!(form.unwrap(), expected);
}

#[test]
fn selectors_are_confined_or_added() {
    let form = |path, query| passed(path, query, None).1.unwrap();
    assert_eq!(
        form("/api/v1/series", "match[]=up&match%5B%5D=b"),
        "match[]=up{project=~\"a\"}&match[]=b{project=~\"a\"}"
    );
    assert_eq!(form("/api/v1/labels", ""), "match[]={project=~\"a\"}");
    let target = |path, query| passed(path, query, None).0;
    assert_eq!(
        target("/api/v1/label/job/values", "limit=5"),
        "/api/v1/label/job/values?match[]={project=~\"a\"}&limit=5"
    );
    assert_eq!(
        target("/federate", "match[]={__name__=~\".%2B\"}"),
        "/federate?match[]={project=~\"a\",__name__=~\".+\"}"
    );
    assert_eq!(refused("/federate", "", None), "match[]: is missing");
    assert_eq!(refused("/api/v1/series", "", None), "match[]: is missing");
    assert_eq!(
        target("/api/v1/targets/metadata", ""),
        "/api/v1/targets/metadata?match_target={project=~\"a\"}"
    );
}

#[test]
fn metadata_is_asked_of_the_targets_in_scope() {
    let confined =
        confine(&call("/api/v1/metadata", "metric=up&limit=3&limit_per_metric=0", None), &scope())
            .unwrap();
    assert!(confined.target.starts_with("/api/v1/targets/metadata?metric=up&match_target=%7B"));
    assert_eq!(
        confined.bounds,
        Bounds { metric: Some("up".into()), metrics: Some(3), per_metric: None }
    );
    assert_eq!(confined.answer, Answer::Metadata);
}

#[test]
fn alertmanager_is_asked_for_the_scope_and_for_nothing_else() {
    let (target, _) = passed("/api/v2/alerts", "filter=x%3D1&active=true", None);
    assert_eq!(target, "/api/v2/alerts?active=true&filter=x=1&filter=project=~\"a\"");
    assert_eq!(passed("/api/v2/silences", "", None).0, "/api/v2/silences");
    assert_eq!(passed("/api/v2/silence/0a-1b", "x=y", None).0, "/api/v2/silence/0a-1b");
    for path in ["/api/v2/status", "/api/v2/receivers"] {
        assert!(refused(path, "", None).contains("without a scope"), "{path}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    let query = |query, form| refused("/api/v1/query", query, form);
    assert_eq!(query("query=a&query=b", None), "query: stands more than once");
    assert_eq!(query("query=a", Some("query=b")), "query: stands more than once");
    assert_eq!(query("", None), "query: is missing");
    assert_eq!(query("", Some("time=5")), "query: is missing");
    assert!(query("query=a;query=b", None).contains("semicolon"));
    assert!(query("query=a&time=1&time=2", None).contains("time: stands more than once"));
    assert!(query("query=%E0", None).contains("UTF-8"));
    assert!(query("query=%2575p", None).starts_with("query: line 1, column 1"));
    for content_type in ["multipart/form-data; boundary=x", "application/json", "text/plain", ""] {
        let form = Some(Form { content_type, body: b"query=up" });
        let call = Call { form, ..call("/api/v1/query", "query=up", None) };
        assert!(matches!(confine(&call, &scope()), Err(Refusal::NotAForm(_))), "{content_type}");
    }
}

#[test]
fn a_scope_of_many_projects_fits_a_form_and_not_always_an_address() {
    let many = Projects::only((0..5_000).map(|n| format!("project-number-{n}")));
    assert!(confine(&call("/api/v1/query", "query=up", None), &many).is_ok());
    let refusal = confine(&call("/federate", "match[]=up", None), &many).unwrap_err();
    assert_eq!(refusal, Refusal::TooLong);
}
