//! Rules through the door: check, import, export, test.

use super::{site::*, *};
use crate::model::Kind;
use serde_json::json;

async fn send_yaml(site: &Site, cookie: &str, path: &str, text: &str) -> Answer {
    let request = Request::post(path)
        .header("host", "mon1:8420")
        .header("origin", "http://mon1:8420")
        .header("cookie", cookie)
        .header("x-wk-request", "1")
        .header("content-type", "application/yaml");
    send(&site.router, request.body(Body::from(text.to_owned())).unwrap()).await
}

const FILE: &str = "groups:\n- name: Web Tier\n  rules:\n  - alert: Down\n    expr: up == 0\n    for: 5m\n- name: web\n  rules:\n  - record: a:b\n    expr: sum(up)\n";

async fn shop() -> (Site, String) {
    let site = site().await;
    site.put(Kind::Project, "shop", json!({"department": "retail"})).await;
    let olga = site.cookie("olga").await;
    (site, olga)
}

#[tokio::test]
async fn a_rule_is_checked_before_it_is_saved() {
    let (site, olga) = shop().await;
    let rule = json!({"alert": "A", "expr": "up ==", "labels": {"department": "x"}});
    let body = json!({"project": "shop", "rule": rule});
    let answer = site.call(&olga, "POST", "/api/v1/rules/check", body).await;
    assert_eq!(answer.status, StatusCode::OK);
    let errors = answer.json()["errors"].clone();
    assert_eq!((&errors[0]["path"], &errors[0]["column"]), (&json!("expr"), &json!(6)));
    assert_eq!(errors[1]["path"], "labels/department");
    let quantile = json!({"rule": {"record": "a:b", "expr": "histogram_quantile(0.9, sum(rate(x_bucket[5m])))"}});
    let vera = site.cookie("vera").await;
    let answer = site.call(&vera, "POST", "/api/v1/rules/check", quantile).await.json();
    assert_eq!(
        (&answer["errors"], &answer["warnings"][0]["code"]),
        (&json!([]), &json!("WK-1041"))
    );
}

#[tokio::test]
async fn a_rule_file_goes_in_comes_out_and_goes_in_again_unchanged() {
    let (site, olga) = shop().await;
    let path = "/api/v1/rules/import?project=shop";
    let dry = send_yaml(&site, &olga, &format!("{path}&dry_run=true"), FILE).await.json();
    assert_eq!((&dry["changes"][0]["name"], &dry["index"]), (&json!("web-tier"), &Value::Null));
    let first = send_yaml(&site, &olga, path, FILE).await;
    assert_eq!(first.status, StatusCode::OK, "{}", String::from_utf8_lossy(&first.body));
    assert_eq!(first.header("x-wk-index"), first.json()["index"].as_str().unwrap());
    let out = get_as(&site, &olga, "/api/v1/rules/export?project=shop").await;
    assert!(out.contains("name: Web Tier") && !out.contains("retail"), "{out}");
    for text in [FILE, out.as_str()] {
        let again = send_yaml(&site, &olga, path, text).await.json();
        let actions: Vec<&str> = again["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["action"].as_str().unwrap())
            .collect();
        assert_eq!((actions, &again["index"]), (vec!["unchanged"; 2], &Value::Null));
    }
    let one = get_as(&site, &olga, "/api/v1/rules/export?group=web").await;
    assert!(one.contains("record: a:b") && !one.contains("Down"), "{one}");
}

async fn get_as(site: &Site, cookie: &str, path: &str) -> String {
    let answer = site.call(cookie, "GET", path, Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK);
    String::from_utf8(answer.body).unwrap()
}

#[tokio::test]
async fn a_bad_rule_file_is_refused_with_line_and_column_and_changes_nothing() {
    let (site, olga) = shop().await;
    let path = "/api/v1/rules/import?project=shop";
    let answer = send_yaml(&site, &olga, path, &FILE.replace("up == 0", "up ==")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let error = answer.json()["errors"][0].clone();
    assert_eq!((&error["line"], &error["column"]), (&json!(5), &json!(11)), "{error}");
    let answer = send_yaml(&site, &olga, path, &FILE.replace("    for:", "    fro:")).await;
    assert_eq!(answer.json()["errors"][0]["code"], "WK-1003");
    let answer = send_yaml(&site, &olga, "/api/v1/rules/import?project=none", FILE).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let vera = site.cookie("vera").await;
    assert_eq!(send_yaml(&site, &vera, path, FILE).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.store.state().of(Kind::RuleGroup).count(), 0);
}

#[tokio::test]
async fn a_test_of_rules_that_cannot_run_is_not_called_passed() {
    let (site, olga) = shop().await;
    let test = json!({"rule_groups": ["web"], "tests": [{}]});
    let answer = site.call(&olga, "POST", "/api/v1/rules/test", test.clone()).await;
    assert_eq!(answer.json()["errors"][0]["code"], "WK-1010");
    send_yaml(&site, &olga, "/api/v1/rules/import?project=shop", FILE).await;
    let answer = site.call(&olga, "POST", "/api/v1/rules/test", test).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let yaml = "rule_groups: [web]\ntests:\n- interval: 1m\n";
    let answer = send_yaml(&site, &olga, "/api/v1/rules/test", yaml).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let stored = json!({"rule_groups": ["web"], "tests": [{"interval": "1m"}]});
    site.put(Kind::RuleTest, "t", stored).await;
    let file = get_as(&site, &olga, "/api/v1/rules/export?test=t").await;
    assert!(file.contains("- web.yml") && file.contains("interval: 1m"), "{file}");
}
