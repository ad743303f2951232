//! A call of somebody who may see some projects only.

use crate::{
    model::{Kind, NodeId},
    scope::{
        Projects, Refusal, answers,
        paths::Answer,
        request::{self, Call, Confined},
    },
    web::{api::replica, deps::Deps, error::Problem},
};
use axum::http::{Method, Request, Response, StatusCode, header};
use bytes::Bytes;

/// Asks what is left of the call within the scope, and cuts the answer down to it.
pub(super) async fn ask(
    deps: &Deps,
    component: &str,
    call: &Call<'_>,
    projects: &Projects,
) -> Result<(NodeId, Response<Bytes>), Problem> {
    let confined = request::confine(call, projects).map_err(refused)?;
    let (node, answer) = replica::ask(deps, component, &of(&confined)?).await?;
    let state = deps.state();
    let is_seen = |name: &str| state.get(Kind::TimeInterval, name).is_some();
    Ok((node, cut(answer, &confined, projects, &is_seen)?))
}

/// The request for what is left of a call within its scope.
fn of(confined: &Confined) -> Result<Request<Bytes>, Problem> {
    let request = Request::builder().uri(&confined.target);
    let built = match &confined.form {
        None => request.method(Method::GET).body(Bytes::new()),
        Some(form) => request
            .method(Method::POST)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from(form.clone())),
    };
    built.map_err(|why| Problem::internal(format!("a confined request is none: {why}")))
}

/// What of an answer is in scope; an error is the component's own words about the request.
fn cut(
    answer: Response<Bytes>,
    confined: &Confined,
    projects: &Projects,
    is_seen: &dyn Fn(&str) -> bool,
) -> Result<Response<Bytes>, Problem> {
    let hidden = || Problem::missing("such silence");
    match answer.status() {
        // A silence that is not there and one that is not shown are the same.
        StatusCode::NOT_FOUND if confined.answer == Answer::Silence => return Err(hidden()),
        status if !status.is_success() => return Ok(answer),
        _ => {}
    }
    let (parts, body) = answer.into_parts();
    match answers::cut(confined.answer, &body, &confined.bounds, projects, is_seen) {
        Ok(Some(shown)) => Ok(Response::from_parts(parts, shown.into())),
        Ok(None) => Err(hidden()),
        Err(why) => Err(Problem::internal(format!("{}: {why}", confined.target))),
    }
}

fn refused(refusal: Refusal) -> Problem {
    let status = match refusal {
        Refusal::Unscoped(_) => StatusCode::FORBIDDEN,
        Refusal::NotAForm(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::BAD_REQUEST,
    };
    Problem::new(status, "WK-2037", refusal.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::paths::{self, Program};

    fn confined(path: &'static str, query: &str) -> Confined {
        let entry = paths::find(Program::Prometheus, path).unwrap();
        let program = Program::Prometheus;
        let call = Call { program, entry, path, query: Some(query), form: None };
        request::confine(&call, &Projects::only(["a"])).unwrap()
    }

    fn answer(status: u16, body: &'static str) -> Response<Bytes> {
        Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    #[test]
    fn nothing_a_client_sent_is_in_the_headers() {
        let request = of(&confined("/api/v1/query", "query=up")).unwrap();
        let names: Vec<_> = request.headers().keys().map(|name| name.as_str()).collect();
        assert_eq!((request.method(), names), (&Method::POST, vec!["content-type"]));
        let request = of(&confined("/federate", "match[]=up")).unwrap();
        assert_eq!((request.method(), request.headers().len()), (&Method::GET, 0));
        assert_eq!(request.uri(), "/federate?match%5B%5D=up%7Bproject%3D~%22a%22%7D");
    }

    #[test]
    fn an_answer_is_cut_down_or_not_shown() {
        let alerts = confined("/api/v1/alerts", "");
        let projects = Projects::only(["a"]);
        let body = r#"{"status":"success","data":{"alerts":[{"labels":{"project":"b"}}]}}"#;
        let shown = cut(answer(200, body), &alerts, &projects, &|_| false).unwrap().into_body();
        assert_eq!(shown, r#"{"status":"success","data":{"alerts":[]}}"#);
        let problem = cut(answer(200, "<html>"), &alerts, &projects, &|_| false).unwrap_err();
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!problem.detail.contains("html"));
    }

    #[test]
    fn refusals_say_whose_fault_they_are() {
        let status = |refusal| refused(refusal).status.as_u16();
        assert_eq!(status(Refusal::Unscoped("/x".into())), 403);
        assert_eq!(status(Refusal::NotAForm("text/plain".into())), 415);
        assert_eq!(status(Refusal::TooLong), 400);
    }
}
