//! Lists, objects, status, observed state, proxies, events.

use super::{site::*, *};
use crate::model::{Kind, observed::ProcessState};
use serde_json::json;

async fn seed(site: &Site) {
    for (project, department, environment) in
        [("shop", "sales", "production"), ("crm", "sales", "test"), ("lab", "research", "test")]
    {
        let spec = json!({"department": department, "environment": environment, "owner": "ann"});
        site.put(Kind::Project, project, spec).await;
        for n in 0..3 {
            let address = format!("10.0.0.{n}:9100");
            let spec = json!({"job": "node", "project": project, "targets": [address]});
            site.put(Kind::Target, &format!("{project}-{n}"), spec).await;
        }
    }
}

fn names(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let items = json["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn lists_are_paged_filtered_by_scope_searched_and_sorted() {
    let site = site().await;
    seed(&site).await;
    let vera = site.cookie("vera").await;
    let get = |query: &str| {
        let path = format!("/api/v1/targets{query}");
        let (site, vera) = (&site, vera.clone());
        async move { site.call(&vera, "GET", &path, Value::Null).await }
    };
    let first = get("?limit=5").await;
    assert_eq!((first.json()["total"].as_u64(), names(&first).len()), (Some(9), 5));
    let cursor = first.json()["next"].as_str().unwrap().to_owned();
    let rest = get(&format!("?limit=5&cursor={cursor}")).await;
    assert_eq!((names(&rest).len(), rest.json()["next"].is_null()), (4, true));
    assert_eq!(
        names(&get("?department=sales&environment=test").await),
        ["crm-0", "crm-1", "crm-2"]
    );
    assert_eq!(names(&get("?project=lab&sort=-name").await), ["lab-2", "lab-1", "lab-0"]);
    assert_eq!(names(&get("?q=SHOP%200.2:").await), ["shop-2"]);
    assert_eq!(get("?department=none").await.json()["total"], 0);
    for bad in ["?limit=0", "?colour=red", "?sort=colour", "?label=x", "?offset=-1"] {
        let answer = get(bad).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
        assert_eq!(answer.json()["code"], "WK-2002", "{bad}");
    }
}

#[tokio::test]
async fn an_object_has_an_etag_that_spares_reading_it_again() {
    let site = site().await;
    seed(&site).await;
    let vera = site.cookie("vera").await;
    let answer = site.call(&vera, "GET", "/api/v1/projects/shop", Value::Null).await;
    let object = answer.json();
    let tag = answer.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", object["revision"].as_str().unwrap()));
    assert_eq!(object["spec"]["department"], "sales");
    assert!(answer.header("x-wk-index").parse::<u64>().unwrap() > 0);
    let request =
        Request::get("/api/v1/projects/shop").header("cookie", &vera).header("if-none-match", tag);
    let again = send(&site.router, request.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    for missing in ["/api/v1/projects/none", "/api/v1/projects/NOT%20A%20NAME"] {
        let answer = site.call(&vera, "GET", missing, Value::Null).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (StatusCode::NOT_FOUND, Some("WK-2006"))
        );
    }
}

#[tokio::test]
async fn a_read_waits_for_the_index_it_asks_for() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    let index = site.put(Kind::Project, "late", json!({})).await;
    for (wanted, status) in
        [(index.to_string(), StatusCode::OK), ("x".into(), StatusCode::BAD_REQUEST)]
    {
        let request = Request::get("/api/v1/projects/late?consistency=strong")
            .header("cookie", &vera)
            .header("x-wk-min-index", wanted);
        let request = if status == StatusCode::OK {
            request
        } else {
            Request::get("/api/v1/projects").header("cookie", &vera).header("x-wk-min-index", "x")
        };
        let answer = send(&site.router, request.body(Body::empty()).unwrap()).await;
        if status == StatusCode::OK {
            // One object takes no parameters but the one every read takes.
            assert!(answer.status == StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
        } else {
            assert_eq!(answer.status, status);
        }
    }
}

#[tokio::test]
async fn history_shows_author_and_difference_in_whole_revisions() {
    let site = site().await;
    seed(&site).await;
    site.put(Kind::Project, "shop", json!({"department": "marketing"})).await;
    let vera = site.cookie("vera").await;
    let path = "/api/v1/history?kind=project&name=shop";
    let answer = site.call(&vera, "GET", path, Value::Null).await;
    let items = answer.json()["items"].clone();
    assert_eq!(
        (items[0]["action"].as_str(), items[1]["action"].as_str()),
        (Some("update"), Some("create"))
    );
    let diff = items[0]["diff"].as_str().unwrap();
    assert!(
        diff.contains("-  department: sales") && diff.contains("+  department: marketing"),
        "{diff}"
    );
    let revision = items[0]["revision"].as_str().unwrap();
    let one = site.call(&vera, "GET", &format!("/api/v1/history/{revision}"), Value::Null).await;
    assert_eq!(one.json()["items"].as_array().unwrap().len(), 1);
    // Accounts were made in one revision; viewers do not see them, admins see all three.
    let all = site.call(&vera, "GET", "/api/v1/history?limit=1000", Value::Null).await;
    assert!(all.json()["items"].as_array().unwrap().iter().all(|i| i["kind"] != "user"));
    let admin = site.cookie("admin").await;
    let mut cursor = String::new();
    let mut users = 0;
    loop {
        let path = format!("/api/v1/history?limit=1{cursor}");
        let page = site.call(&admin, "GET", &path, Value::Null).await.json();
        users += page["items"].as_array().unwrap().iter().filter(|i| i["kind"] == "user").count();
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(users, 3);
}

#[tokio::test]
async fn queries_fail_over_to_a_healthy_replica_and_pass_no_cookie_back() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    let none = site.call(&vera, "GET", "/prometheus/api/v1/query?query=up", Value::Null).await;
    assert_eq!(
        (none.status, none.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("WK-2033"))
    );
    site.cluster.component(1, "prometheus", ProcessState::Ready, None);
    site.cluster.component(2, "prometheus", ProcessState::Ready, Some((503, "starting".into())));
    site.cluster.component(3, "prometheus", ProcessState::Ready, Some((200, "{\"ok\":1}".into())));
    let answer = site.call(&vera, "GET", "/prometheus/api/v1/query?query=up", Value::Null).await;
    assert_eq!((answer.status, answer.json()["ok"].as_u64()), (StatusCode::OK, Some(1)));
    assert_eq!((answer.header("x-wk-replica"), answer.header("set-cookie")), ("3", ""));
    let asked = site.cluster.asked.lock().unwrap().clone();
    assert_eq!(asked.iter().map(|(node, _)| *node).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(asked[0].1, "/api/v1/query?query=up");
    for bad in
        ["/prometheus/-/quit", "/prometheus/api/v1/query/../admin", "/prometheus//api/v1/query"]
    {
        let answer = site.call(&vera, "GET", bad, Value::Null).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("WK-2034")),
            "{bad}"
        );
    }
    assert_eq!(site.cluster.asked.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn declared_targets_are_joined_with_what_prometheus_sees() {
    let site = site().await;
    seed(&site).await;
    let vera = site.cookie("vera").await;
    let path = "/api/v1/observed/targets?project=shop";
    let blind = site.call(&vera, "GET", path, Value::Null).await.json();
    assert_eq!(
        (blind["facets"]["state"]["unknown"].as_u64(), blind["as_of"].is_null()),
        (Some(3), true)
    );
    let seen = json!({"data": {"activeTargets": [
        {"scrapePool": "node", "discoveredLabels": {"__address__": "10.0.0.1:9100"},
         "labels": {"job": "node", "project": "shop"}, "health": "down", "lastError": "refused",
         "lastScrape": "2026-01-01T00:00:00Z", "lastScrapeDuration": 0.1},
        {"scrapePool": "other", "discoveredLabels": {"__address__": "10.0.0.2:9100"},
         "labels": {}, "health": "up"}]}});
    site.cluster.component(1, "prometheus", ProcessState::Ready, Some((200, seen.to_string())));
    let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let answer = loop {
        let answer = site.call(&vera, "GET", path, Value::Null).await.json();
        if !answer["as_of"].is_null() {
            break answer;
        }
        assert!(std::time::Instant::now() < until, "the cache never refreshed");
        tokio::task::yield_now().await;
    };
    assert_eq!(answer["facets"]["state"], json!({"down": 1, "unknown": 2}));
    assert_eq!(answer["replica"], "1");
    let down = format!("{path}&state=down");
    let item = site.call(&vera, "GET", &down, Value::Null).await.json()["items"][0].clone();
    assert_eq!((item["name"].as_str(), item["error"].as_str()), (Some("shop-1"), Some("refused")));
}

#[tokio::test]
async fn alerts_are_merged_filtered_by_scope_and_name_who_is_missing() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    let alert = |fingerprint: &str, project: &str, severity: &str| {
        json!({"fingerprint": fingerprint, "annotations": {}, "receivers": [{"name": "web"}],
               "labels": {"alertname": "A", "project": project, "severity": severity},
               "startsAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
               "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}})
    };
    let one = json!([
        alert("00000000000000f1", "shop", "warning"),
        alert("00000000000000f2", "lab", "critical")
    ]);
    let two = json!([
        alert("00000000000000f1", "shop", "warning"),
        alert("00000000000000f3", "shop", "critical")
    ]);
    site.cluster.component(1, "alertmanager", ProcessState::Ready, Some((200, one.to_string())));
    site.cluster.component(2, "alertmanager", ProcessState::Ready, Some((200, two.to_string())));
    site.cluster.component(3, "alertmanager", ProcessState::Ready, None);
    let all = site.call(&vera, "GET", "/api/v1/alerts", Value::Null).await.json();
    assert_eq!((all["total"].as_u64(), all["missing"].clone()), (Some(3), json!(["3"])));
    let shop = site
        .call(&vera, "GET", "/api/v1/alerts?project=shop&severity=critical", Value::Null)
        .await
        .json();
    assert_eq!((shop["total"].as_u64(), shop["outside"].as_u64()), (Some(1), Some(1)));
    assert_eq!(shop["facets"]["severity"], json!({"critical": 1, "warning": 1}));
    let single =
        site.call(&vera, "GET", "/api/v1/alerts/00000000000000f3", Value::Null).await.json();
    assert_eq!(single["receipts"][0]["alerts"][0]["fingerprint"], "00000000000000f3");
    for missing in ["00000000000000f8", "f9"] {
        let path = format!("/api/v1/alerts/{missing}");
        let answer = site.call(&vera, "GET", &path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
}

#[tokio::test]
async fn events_say_what_changed_and_resume_where_they_were() {
    use futures_util::StreamExt as _;
    let site = site().await;
    let vera = site.cookie("vera").await;
    let before = site.put(Kind::Project, "one", json!({})).await;
    let index = site.put(Kind::Project, "two", json!({})).await;
    let request = Request::get("/api/v1/events")
        .header("cookie", &vera)
        .header("last-event-id", before.to_string());
    let answer = site.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut stream = answer.into_body().into_data_stream();
    let mut text = String::new();
    let whole = async {
        while !text.contains("project/two") {
            text.push_str(&String::from_utf8_lossy(&stream.next().await.unwrap().unwrap()));
        }
    };
    tokio::time::timeout(crate::store::testing::PATIENCE, whole).await.expect("an event in time");
    assert!(text.contains("retry: 3000") && text.contains(&format!("id: {index}")), "{text}");
    assert!(!text.contains("project/one"), "{text}");
}

#[tokio::test]
async fn a_client_that_has_seen_a_later_index_than_there_is_reads_everything_again() {
    use futures_util::StreamExt as _;
    let site = site().await;
    let vera = site.cookie("vera").await;
    let request = Request::get("/api/v1/events").header("cookie", &vera);
    let request = request.header("last-event-id", "99999999").body(Body::empty()).unwrap();
    let answer = site.router.clone().oneshot(request).await.unwrap();
    let mut stream = answer.into_body().into_data_stream();
    let mut text = String::new();
    let told = async {
        while !text.contains(r#""topics":["*"]"#) {
            text.push_str(&String::from_utf8_lossy(&stream.next().await.unwrap().unwrap()));
        }
    };
    tokio::time::timeout(crate::store::testing::PATIENCE, told).await.expect("told in time");
}

#[tokio::test]
async fn logs_and_receipts_and_intake_reach_their_owners() {
    let site = site().await;
    let (olga, admin) = (site.cookie("olga").await, site.cookie("admin").await);
    let missing = site.call(&olga, "GET", "/api/v1/logs/9/prometheus", Value::Null).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let made = site
        .call(&admin, "POST", "/api/v1/tokens", json!({"name": "am", "role": "operator"}))
        .await;
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let kept = site.bearer(&token, "POST", "/api/v1/notify/web", json!({"version": "4"})).await;
    assert_eq!(
        (kept.status, String::from_utf8_lossy(&kept.body).as_ref()),
        (StatusCode::OK, "web from token/am: 15 bytes")
    );
    let request = Request::post("/api/v1/notify/web")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from("nonsense"))
        .unwrap();
    let refused = send(&site.router, request).await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (StatusCode::BAD_REQUEST, Some("WK-2040"))
    );
    // As large as the intake takes it, whatever other paths take; and its refusals come through.
    let large = format!("{{{}", " ".repeat(2 << 20));
    let post = |encoding: &'static str, body: String| {
        let request = Request::post("/api/v1/notify/web")
            .header("authorization", format!("Bearer {token}"))
            .header(if encoding.is_empty() { "x-none" } else { "content-encoding" }, encoding);
        send(&site.router, request.body(Body::from(body)).unwrap())
    };
    for (encoding, body, status, code) in
        [("", large, 413, "WK-2004"), ("br", "{}".into(), 415, "WK-2003")]
    {
        let refused = post(encoding, body).await;
        assert_eq!(
            (refused.status.as_u16(), refused.json()["code"].as_str()),
            (status, Some(code))
        );
    }
    let receipts =
        site.call(&olga, "GET", "/api/v1/receipts?fingerprint=00000000000000f1", Value::Null).await;
    let receipt = receipts.json()["items"][0].clone();
    assert_eq!(receipt["alerts"][0]["fingerprint"], "00000000000000f1");
    assert_eq!((&receipt["type"], &receipt["to"]), (&json!("mail"), &json!("ops@example.org")));
    assert_eq!(receipt["attempts"][0]["outcome"], "accepted");
    for bad in ["fingerprint=x", "state=lost", "cursor=x", "before=x", "limit=0"] {
        let path = format!("/api/v1/receipts?{bad}");
        let answer = site.call(&olga, "GET", &path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn schemas_and_the_document_are_served() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    let schema = site.call(&vera, "GET", "/api/v1/schemas/rule-group", Value::Null).await.json();
    assert_eq!(schema["title"], "rule-group");
    let unknown = site.call(&vera, "GET", "/api/v1/schemas/nothing", Value::Null).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let document = site.call(&vera, "GET", "/api/v1/openapi.json", Value::Null).await.json();
    assert!(document["paths"]["/api/v1/rule-groups/{name}"]["get"].is_object());
    let help = site.call(&vera, "GET", "/help/WK-2030", Value::Null).await;
    assert!(String::from_utf8_lossy(&help.body).contains("No quorum"));
}
