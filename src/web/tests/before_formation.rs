//! The door before there is a cluster.

use super::*;
use crate::web::policy::Policy;

#[tokio::test]
async fn the_page_and_health_answer_at_once_and_say_what_is_waited_for() {
    let front = closed();
    let router = door(&front);
    assert_eq!(get(&router, "/-/healthy").await.status, StatusCode::OK);
    let ready = get(&router, "/-/ready").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(String::from_utf8_lossy(&ready.body).contains("waiting for 10.0.0.3"));
    let page = get(&router, "/targets").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"));
}

#[tokio::test]
async fn every_other_route_says_503_with_the_reason() {
    let front = closed();
    let built = router::build(&front);
    let mut n_checked = 0;
    for route in built.declared.iter().filter(|route| route.policy != Policy::Open) {
        let path = route.path.replace(['{', '}', '*'], "");
        let request = Request::builder().method(route.method.as_str()).uri(&path);
        let answer = send(&built.router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{} {path}", route.method);
        assert_eq!(answer.json()["code"], "WK-2031", "{path}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("10.0.0.3"), "{path}");
        n_checked += 1;
    }
    assert!(n_checked > 30, "only {n_checked} routes");
}

#[tokio::test]
async fn unknown_paths_are_problems_below_our_own_prefixes_and_the_portal_elsewhere() {
    let router = door(&closed());
    for path in ["/api/v1/nothing", "/api", "/v1/x", "/assets/none.js", "/-/x", "/thanos/x"] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json; charset=utf-8");
        let problem = answer.json();
        assert_eq!(problem["code"], "WK-2005", "{path}");
        assert_eq!(problem["instance"], path);
        assert_eq!(problem["type"], "/help/WK-2005");
        assert_eq!(problem["request_id"], answer.header("x-request-id"));
    }
    assert_eq!(get(&router, "/cluster/node-1").await.status, StatusCode::OK);
    assert_eq!(get(&router, "/old-asset.js").await.status, StatusCode::NOT_FOUND);
    let post = Request::post("/targets").body(Body::empty()).unwrap();
    assert_eq!(send(&router, post).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_method_is_405_and_names_the_right_ones() {
    let router = door(&closed());
    let request = Request::delete("/api/v1/status").body(Body::empty()).unwrap();
    let answer = send(&router, request).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.json()["code"], "WK-2007");
    assert!(answer.header("allow").contains("GET"));
}
