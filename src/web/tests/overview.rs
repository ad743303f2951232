//! The overview: every project with its state and why, within what somebody may see.

use super::{site::*, *};
use crate::{
    model::{Kind, UnixMs, observed::ProcessState},
    web::deps::now,
};
use serde_json::json;

const PATH: &str = "/api/v1/overview";

fn target(project: &str, address: &str, health: &str) -> Value {
    json!({"discoveredLabels": {"__address__": address}, "scrapePool": "node", "health": health,
           "labels": {"job": "node", "instance": address, "project": project},
           "lastScrape": "2026-01-01T00:00:00Z", "lastScrapeDuration": 0.1, "lastError": ""})
}

fn alert(fingerprint: &str, project: &str, severity: &str, age_s: u64) -> Value {
    let since = UnixMs(now().0 - age_s * 1000).to_string();
    json!({"fingerprint": fingerprint, "startsAt": since, "updatedAt": since, "endsAt": since,
           "labels": {"alertname": "Down", "project": project, "severity": severity},
           "annotations": {}, "receivers": [{"name": "ops"}],
           "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}})
}

fn rules() -> Value {
    let rule = |health: &str| {
        json!({"name": "Down", "type": "alerting", "duration": 60, "health": health,
               "alerts": [], "lastEvaluation": "2026-01-01T00:00:20Z", "evaluationTime": 0.001})
    };
    json!({"status": "success", "data": {"groups": [
        {"name": "web", "interval": 15, "rules": [rule("err"), rule("ok")]}]}})
}

/// `shop` and `till` of the department `sales`, `lab` of `research`, `idle` of none.
async fn seeded() -> Site {
    let site = site().await;
    let contact = |title: &str| json!({ "title": title });
    site.put(Kind::Contact, "ann", contact("Ann")).await;
    let sales = json!({"title": "Sales", "owner": "ann"});
    site.put(Kind::Department, "sales", sales).await;
    site.put(Kind::Department, "research", json!({})).await;
    let shop = json!({"title": "Web shop", "department": "sales", "owner": "ann",
                      "environment": "production"});
    site.put(Kind::Project, "shop", shop).await;
    site.put(Kind::Project, "till", json!({"department": "sales"})).await;
    site.put(Kind::Project, "lab", json!({"department": "research"})).await;
    site.put(Kind::Project, "idle", json!({})).await;
    for (name, project, addresses) in
        [("s", "shop", ["a:1", "b:1"]), ("t", "till", ["c:1", "d:1"]), ("l", "lab", ["e:1", "f:1"])]
    {
        let spec = json!({"job": "node", "project": project, "targets": addresses});
        site.put(Kind::Target, name, spec).await;
    }
    let web = json!({"project": "shop", "rules": [
        {"alert": "Down", "expr": "up == 0", "disabled": true},
        {"alert": "Down", "expr": "up == 0"}, {"alert": "Down", "expr": "up == 0"}]});
    site.put(Kind::RuleGroup, "web", web).await;
    let soon = |minutes: u64| UnixMs(now().0 + minutes * 60_000).to_string();
    let silence = |name: &str, value: &str, minutes| {
        json!({"matchers": [{"name": name, "value": value}, {"name": "alertname", "value": "Down"}],
               "startsAt": "2026-01-01T00:00:00Z", "endsAt": soon(minutes), "comment": "work"})
    };
    site.put(Kind::Silence, "one", silence("project", "shop", 30)).await;
    site.put(Kind::Silence, "both", silence("department", "sales", 300)).await;
    site.put(Kind::Silence, "any", silence("instance", "a:1", 300)).await;
    site
}

fn answering(site: &Site) {
    site.cluster.component(1, "prometheus", ProcessState::Ready, None);
    site.cluster.component(1, "alertmanager", ProcessState::Ready, None);
    let targets = [
        target("shop", "a:1", "up"),
        target("shop", "b:1", "down"),
        target("till", "c:1", "up"),
        target("till", "d:1", "up"),
        target("lab", "e:1", "down"),
        target("lab", "f:1", "down"),
    ];
    let targets = json!({"status": "success", "data": {"activeTargets": targets}});
    site.cluster.answer(1, "prometheus", "/api/v1/targets", &targets);
    site.cluster.answer(1, "prometheus", "/api/v1/rules", &rules());
    let none = json!({"status": "success", "data": {"alerts": []}});
    site.cluster.answer(1, "prometheus", "/api/v1/alerts", &none);
    // Of f1 somebody was told; f2 began just now, f3 an hour ago.
    let alerts = json!([
        alert("00000000000000f1", "shop", "critical", 7200),
        alert("00000000000000f2", "shop", "warning", 7200),
        alert("00000000000000f3", "shop", "P1", 3600),
        alert("00000000000000f4", "shop", "critical", 5),
        alert("00000000000000f5", "unheard-of", "critical", 5),
    ]);
    site.cluster.answer(1, "alertmanager", "/api/v2/alerts", &alerts);
}

async fn read(site: &Site, cookie: &str, query: &str) -> Value {
    let answer = site.call(cookie, "GET", &format!("{PATH}{query}"), Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["project"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_project_is_told_with_its_state_and_why_the_worst_first() {
    let site = seeded().await;
    answering(&site);
    let vera = site.cookie("vera").await;
    let page = read(&site, &vera, "").await;
    assert_eq!(names(&page), ["shop", "lab", "idle", "till"]);
    let shop = &page["items"][0];
    assert_eq!(shop["state"], "critical");
    assert_eq!(
        shop["why"],
        json!([{"what": "critical_firing", "count": 3}, {"what": "targets_down", "count": 1},
               {"what": "warning_firing", "count": 1}, {"what": "rules_failing", "count": 1}])
    );
    assert_eq!(shop["targets"], json!({"up": 1, "down": 1, "unknown": 0}));
    assert_eq!(shop["department"], json!({"name": "sales", "title": "Sales"}));
    assert_eq!(shop["owner"], json!({"name": "ann", "title": "Ann"}));
    assert_eq!(shop["rules"], json!({"total": 3, "failing": 1, "disabled": 1, "untold": 2}));
    assert_eq!(shop["silences"], json!({"active": 2, "ending": 1}));
    assert_eq!(shop["notifications"], json!({"delivered": 7, "failed": 1, "pending": 0}));
    assert_eq!(
        (&shop["untold"]["fingerprint"], &shop["untold"]["how"]),
        (&json!("00000000000000f3"), &json!("nobody"))
    );
    assert_eq!(shop["fired"], json!([0, 0, 0, 0, 0, 0, 0]));
    let lab = &page["items"][1];
    assert_eq!(lab["why"], json!([{"what": "all_down", "count": 2}]));
    assert_eq!(page["items"][2]["why"], json!([{"what": "nothing_watched", "count": 0}]));
    assert_eq!((&page["items"][3]["state"], &page["items"][3]["why"]), (&json!("ok"), &json!([])));
    assert_eq!((&page["n_untold"], &page["elsewhere"]["critical"]), (&json!(1), &json!(1)));
    assert_eq!((&page["alertmanager"], &page["missing"]), (&json!(true), &json!([])));
    assert!(page["as_of"].is_string());
}

#[tokio::test]
async fn departments_sum_their_projects_and_filters_leave_them_whole() {
    let site = seeded().await;
    answering(&site);
    let vera = site.cookie("vera").await;
    let page = read(&site, &vera, "?state=ok,unknown&sort=-project").await;
    assert_eq!(names(&page), ["till", "idle"]);
    assert_eq!(page["facets"]["state"], json!({"critical": 2, "unknown": 1, "ok": 1}));
    let departments = page["departments"].as_array().unwrap();
    let told: Vec<_> =
        departments.iter().map(|it| (&it["department"]["name"], &it["state"])).collect();
    assert_eq!(
        told,
        [
            (&json!("research"), &json!("critical")),
            (&json!("sales"), &json!("critical")),
            (&Value::Null, &json!("unknown"))
        ]
    );
    let sales = &departments[1];
    assert_eq!(sales["projects"], json!({"critical": 1, "warning": 0, "unknown": 0, "ok": 1}));
    assert_eq!(sales["targets"], json!({"up": 3, "down": 1, "unknown": 0}));
    assert_eq!(sales["owner"]["title"], "Ann");
    assert_eq!(names(&read(&site, &vera, "?department=sales").await), ["shop", "till"]);
    assert_eq!(names(&read(&site, &vera, "?q=ann+web").await), ["shop"]);
    assert_eq!(names(&read(&site, &vera, "?sort=targets&limit=2").await), ["lab", "shop"]);
    let bad = site.call(&vera, "GET", &format!("{PATH}?sort=colour"), Value::Null).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn while_nobody_answers_nothing_is_called_well() {
    let site = seeded().await;
    let vera = site.cookie("vera").await;
    let page = read(&site, &vera, "").await;
    let items = page["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["state"] == "unknown"), "{items:?}");
    assert_eq!((&page["as_of"], &page["alertmanager"]), (&Value::Null, &json!(false)));
    let till = items.iter().find(|item| item["project"] == "till").unwrap();
    assert_eq!(
        till["why"],
        json!([{"what": "no_prometheus", "count": 0}, {"what": "no_alertmanager", "count": 0}])
    );
}

#[tokio::test]
async fn what_was_just_declared_is_there_and_a_lot_of_readers_ask_prometheus_once() {
    let site = seeded().await;
    answering(&site);
    let vera = site.cookie("vera").await;
    read(&site, &vera, "").await;
    site.put(Kind::Project, "new", json!({})).await;
    let begun = std::time::Instant::now();
    for _ in 0..20 {
        assert!(names(&read(&site, &vera, "?sort=project").await).contains(&"new"));
    }
    let asked = site.cluster.asked.lock().unwrap();
    let targets = asked.iter().filter(|(_, path)| path.starts_with("/api/v1/targets")).count();
    let seconds = usize::try_from(begun.elapsed().as_secs()).unwrap();
    assert!(targets <= 3 + seconds, "asked {targets} times in {seconds} s");
}

#[tokio::test]
async fn people_with_a_scope_get_their_projects_and_no_number_of_others() {
    let site = seeded().await;
    answering(&site);
    let admin = site.cookie("admin").await;
    let spec = json!({"spec": {"role": "viewer", "scope": ["project=\"shop\""]}});
    let put = site.call(&admin, "PUT", "/api/v1/users/dana", spec).await;
    assert_eq!(put.status, StatusCode::CREATED);
    let password = site.call(&admin, "POST", "/api/v1/users/dana/password", json!({})).await;
    let password = password.json()["password"].as_str().unwrap().to_owned();
    let signed = site.sign_in("dana", &password, "10.0.0.2").await;
    let dana = signed.header("set-cookie").split(';').next().unwrap().to_owned();
    // A series of the shop's address that says it is the lab's.
    let moved = json!({"status": "success", "data": {"activeTargets": [
        target("lab", "a:1", "up"), target("shop", "b:1", "up")]}});
    site.cluster.answer(1, "prometheus", "/api/v1/targets", &moved);
    let page = read(&site, &dana, "").await;
    assert_eq!(names(&page), ["shop"]);
    assert_eq!(page["items"][0]["targets"], json!({"up": 1, "down": 0, "unknown": 1}));
    assert_eq!(page["departments"].as_array().unwrap().len(), 1);
    assert_eq!(page["departments"][0]["projects"]["ok"], 0);
    assert_eq!(page["elsewhere"]["critical"], 0);
    // What covers more than the project is not told of.
    assert_eq!(page["items"][0]["silences"], json!({"active": 1, "ending": 1}));
    assert!(!page.to_string().contains("lab") && !page.to_string().contains("till"));
}

#[tokio::test]
async fn the_first_page_is_an_accounts_choice_beside_its_language() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    let who = |site: &Site, cookie: &str| {
        let (router, cookie) = (site.router.clone(), cookie.to_owned());
        async move {
            let request = Request::get("/api/v1/session").header("cookie", cookie);
            send(&router, request.body(Body::empty()).unwrap()).await.json()
        }
    };
    assert_eq!(who(&site, &vera).await["home"], Value::Null);
    let choose = |path: &str, body: Value| {
        let (site, vera, path) = (&site, vera.clone(), path.to_owned());
        async move { site.call(&vera, "PUT", &path, body).await.status }
    };
    let home = "/api/v1/session/home";
    assert_eq!(choose(home, json!({"home": "manager"})).await, StatusCode::NO_CONTENT);
    let language = choose("/api/v1/session/language", json!({"language": "zh"})).await;
    assert_eq!(language, StatusCode::NO_CONTENT);
    let vera_is = who(&site, &vera).await;
    assert_eq!((&vera_is["home"], &vera_is["language"]), (&json!("manager"), &json!("zh")));
    assert_eq!(choose(home, json!({"home": "attic"})).await, StatusCode::BAD_REQUEST);
    assert_eq!(choose(home, json!({"home": null})).await, StatusCode::NO_CONTENT);
    assert_eq!(who(&site, &vera).await["home"], Value::Null);
    let olga = site.cookie("olga").await;
    assert_eq!(who(&site, &olga).await["home"], Value::Null);
}
