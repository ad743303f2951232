//! Who is signed in where, and the end of it.

use super::{site::*, *};
use crate::store::command::{Change, Space};
use serde_json::json;
use std::time::Duration;

async fn sessions(site: &Site, cookie: &str, query: &str) -> Vec<Value> {
    let answer = site.call(cookie, "GET", &format!("/api/v1/sessions{query}"), Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()["items"].as_array().unwrap().clone()
}

async fn counts(site: &Site, cookie: &str) -> bool {
    site.call(cookie, "GET", "/api/v1/session", Value::Null).await.status == StatusCode::OK
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions_and_nobody_elses() {
    let site = site().await;
    let (here, there) = (site.cookie("vera").await, site.cookie("vera").await);
    let olga = site.cookie("olga").await;
    let mine = sessions(&site, &here, "").await;
    assert_eq!(mine.len(), 2);
    assert_eq!(mine.iter().filter(|it| it["current"] == true).count(), 1);
    assert!(mine.iter().all(|it| it["user"] == "vera" && it["from"] == "10.0.0.1"));
    // What names a session opens none.
    let text = serde_json::to_string(&mine).unwrap();
    let secret = there.split_once('=').unwrap().1;
    assert!(!text.contains(secret));

    for path in ["/api/v1/sessions?user=olga", "/api/v1/sessions?user=*"] {
        for method in ["GET", "DELETE"] {
            let answer = site.call(&here, method, path, Value::Null).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
        }
    }
    let hers = sessions(&site, &olga, "").await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/sessions/{hers}");
    let denied = site.call(&here, "DELETE", &path, Value::Null).await;
    assert_eq!(denied.status, StatusCode::NOT_FOUND, "not told that it exists");
    assert!(counts(&site, &olga).await);

    let other = mine.iter().find(|it| it["current"] == false).unwrap();
    let path = format!("/api/v1/sessions/{}", other["id"].as_str().unwrap());
    let ended = site.call(&here, "DELETE", &path, Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert!(counts(&site, &here).await && !counts(&site, &there).await);
}

#[tokio::test]
async fn signing_out_everywhere_leaves_the_session_that_asks() {
    let site = site().await;
    let cookies = [site.cookie("vera").await, site.cookie("vera").await, site.cookie("vera").await];
    let ended = site.call(&cookies[1], "DELETE", "/api/v1/sessions", Value::Null).await;
    assert_eq!(ended.json(), json!({"n_ended": 2}));
    for (at, cookie) in cookies.iter().enumerate() {
        assert_eq!(counts(&site, cookie).await, at == 1);
    }
}

#[tokio::test]
async fn admins_see_and_end_the_sessions_of_all_and_a_new_password_ends_the_old_ones() {
    let site = site().await;
    let (admin, vera, olga) =
        (site.cookie("admin").await, site.cookie("vera").await, site.cookie("olga").await);
    assert_eq!(sessions(&site, &admin, "?user=*").await.len(), 3);
    assert_eq!(sessions(&site, &admin, "?user=vera").await.len(), 1);
    let id = sessions(&site, &admin, "?user=olga").await[0]["id"].as_str().unwrap().to_owned();
    site.call(&admin, "DELETE", &format!("/api/v1/sessions/{id}"), Value::Null).await;
    assert!(!counts(&site, &olga).await);

    let second = site.cookie("vera").await;
    let body = json!({"current": PASSWORD, "password": "another horse battery"});
    let changed = site.call(&vera, "POST", "/api/v1/users/vera/password", body).await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT);
    assert!(!counts(&site, &second).await && !counts(&site, &vera).await);
    let renewed = changed.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(counts(&site, &renewed).await);
    let left = sessions(&site, &admin, "?user=vera").await;
    assert_eq!(left.len(), 1);
}

#[tokio::test]
async fn a_session_of_an_older_binary_is_listed_without_what_that_did_not_keep() {
    let site = site().await;
    let cookie = site.cookie("vera").await;
    let deps = site.front.deps().unwrap();
    let space = Space::Session;
    let (key, _, row) = site.store.rows(space, b"", 1).unwrap().remove(0);
    let mut old: Value = serde_json::from_slice(&row).unwrap();
    for new in ["from", "agent", "last_from"] {
        old.as_object_mut().unwrap().remove(new);
    }
    let put = Change::PutRow(space, key, serde_json::to_vec(&old).unwrap().into());
    deps.write("system", "as it was", Vec::new(), vec![put]).await.unwrap();
    let mine = sessions(&site, &cookie, "").await;
    assert_eq!((mine.len(), &mine[0]["from"]), (1, &Value::Null));
}

/// Makes every session one that was last used so long ago.
async fn unused_for(site: &Site, minutes: u64) {
    let rows = site.store.rows(Space::Session, b"", 100).unwrap();
    let earlier = rows.into_iter().map(|(key, _, row)| {
        let mut row: Value = serde_json::from_slice(&row).unwrap();
        let last = crate::model::UnixMs::parse(row["last"].as_str().unwrap()).unwrap();
        row["last"] = json!(crate::model::UnixMs(last.0 - minutes * 60_000).to_string());
        Change::PutRow(Space::Session, key, serde_json::to_vec(&row).unwrap().into())
    });
    let deps = site.front.deps().unwrap();
    deps.write("test", "later", Vec::new(), earlier.collect()).await.unwrap();
}

/// Waits until no more tasks live than before.
async fn settle(n_before: usize) {
    let metrics = tokio::runtime::Handle::current().metrics();
    let settled = async {
        while metrics.num_alive_tasks() > n_before {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), settled).await.expect("tasks end");
}

#[tokio::test]
async fn signing_out_ends_a_session_whose_last_use_is_recorded_meanwhile() {
    for (minutes, from) in [(31, "10.0.0.1"), (2, "10.0.0.2")] {
        let site = site().await;
        let cookie = site.cookie("vera").await;
        let own = sessions(&site, &cookie, "").await[0]["id"].as_str().unwrap().to_owned();
        for path in ["/api/v1/session".to_owned(), format!("/api/v1/sessions/{own}")] {
            let cookie = match path.ends_with("session") {
                true => site.cookie("vera").await,
                false => cookie.clone(),
            };
            unused_for(&site, minutes).await;
            let n_before = tokio::runtime::Handle::current().metrics().num_alive_tasks();
            let out = site.call_from(from, &cookie, "DELETE", &path).await;
            assert_eq!(out.status, StatusCode::NO_CONTENT);
            settle(n_before).await;
            assert!(!counts(&site, &cookie).await, "DELETE {path} after {minutes} min from {from}");
        }
    }
}
