//! The second factor, from the app's first code to its loss.

use super::{site::*, *};
use crate::{
    base::redact::Secret,
    store::command::{Change, Space},
    web::{auth::totp::Shared, deps::now},
};
use serde_json::json;

const PATH: &str = "/api/v1/session/totp";

/// An authenticator app.
struct App(Shared);

impl App {
    /// The code of the step that lies `ahead` steps from now (the server takes one around).
    fn code(&self, ahead: i64) -> String {
        let step = i64::try_from(now().0 / 30_000).unwrap() + ahead;
        self.0.code(u64::try_from(step).unwrap())
    }
}

async fn sign_in(site: &Site, totp: Option<&str>) -> Answer {
    sign_in_at(&site.router, totp).await
}

async fn sign_in_at(router: &Router, totp: Option<&str>) -> Answer {
    let body = json!({"user": "vera", "password": PASSWORD, "totp": totp});
    let request = Request::post("/api/v1/session").header("content-type", "application/json");
    send(router, request.body(Body::from(body.to_string())).unwrap()).await
}

/// `vera` with a second factor that was confirmed by the code of one step ago.
async fn with_factor(site: &Site) -> (App, String) {
    let cookie = site.cookie("vera").await;
    let made = site.call(&cookie, "POST", PATH, json!({"password": PASSWORD})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&made.body));
    let made = made.json();
    let secret = made["secret"].as_str().unwrap();
    assert!(made["uri"].as_str().unwrap().contains(&format!("secret={secret}&")));
    let bytes = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let app = App(Shared::from_bytes(Secret::new(bytes)));
    let confirmed = site.call(&cookie, "PUT", PATH, json!({"code": app.code(-1)})).await;
    assert_eq!(confirmed.status, StatusCode::NO_CONTENT);
    (app, cookie)
}

fn assert_asks(answer: &Answer, why: &str) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{why}");
    assert_eq!(answer.json()["code"], "WK-2026", "{why}");
    assert_eq!(answer.header("set-cookie"), "", "{why}");
}

#[tokio::test]
async fn sign_in_asks_for_the_code_after_the_password_and_takes_each_once() {
    let site = site().await;
    let (app, _) = with_factor(&site).await;
    assert_asks(&sign_in(&site, None).await, "no code");
    assert_asks(&sign_in(&site, Some("")).await, "an empty code");
    assert_asks(&sign_in(&site, Some("000000")).await, "a wrong code");
    assert_asks(&sign_in(&site, Some(&app.code(-1))).await, "the code that confirmed it");
    let code = app.code(0);
    assert_eq!(sign_in(&site, Some(&code)).await.status, StatusCode::CREATED);
    assert_asks(&sign_in(&site, Some(&code)).await, "a code for the second time");
    assert_eq!(sign_in(&site, Some(&app.code(1))).await.status, StatusCode::CREATED);
    // Whoever does not know the password is not told that there is a factor.
    let wrong = site.sign_in("vera", "not the password", "10.0.0.9").await;
    assert_eq!(wrong.json()["code"], "WK-2021");
}

#[tokio::test]
async fn one_code_opens_one_session_whichever_nodes_it_is_sent_to() {
    let site = site().await;
    let (app, _) = with_factor(&site).await;
    let doors = [(); 3].map(|()| {
        let front = closed();
        front.open(site.front.deps().unwrap().clone());
        door(&front)
    });
    let code = app.code(0);
    let tries = doors.iter().map(|door| sign_in_at(door, Some(&code)));
    let answers = futures_util::future::join_all(tries).await;
    let n_in = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    assert_eq!(n_in, 1);
}

#[tokio::test]
async fn codes_cannot_be_guessed_even_by_who_knows_the_password() {
    let site = site().await;
    let (app, _) = with_factor(&site).await;
    let wrong = format!("{:06}", (app.code(0).parse::<u32>().unwrap() + 1) % 1_000_000);
    let mut n_asked = 0;
    for n in 0..30 {
        // From elsewhere each time, and with nothing but the password in between.
        let body = json!({"user": "vera", "password": PASSWORD, "totp": wrong});
        let answer = site.sign_in_with(&body, &format!("10.1.{n}.1")).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        n_asked += 1;
        assert_asks(&site.sign_in("vera", PASSWORD, &format!("10.2.{n}.1")).await, "no code");
    }
    assert_eq!(n_asked, 10);
    let right = json!({"user": "vera", "password": PASSWORD, "totp": app.code(0)});
    let answer = site.sign_in_with(&right, "10.3.0.1").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!(wait > 60 && wait <= 3600, "{wait}");
}

#[tokio::test]
async fn turning_it_off_takes_password_and_code_and_an_admin_takes_it_away() {
    let site = site().await;
    let (app, cookie) = with_factor(&site).await;
    let off = format!("{PATH}/off");
    let body = |password: &str, code: &str| json!({"password": password, "code": code});
    let right = app.code(0);
    for wrong in [body("not the password", &right), body(PASSWORD, "000000")] {
        let answer = site.call(&cookie, "POST", &off, wrong.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{wrong}");
    }
    let again = site.call(&cookie, "POST", PATH, json!({"password": PASSWORD})).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let answer = site.call(&cookie, "POST", &off, body(PASSWORD, &right)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(sign_in(&site, None).await.status, StatusCode::CREATED);

    let (_, cookie) = with_factor(&site).await;
    let reset = "/api/v1/users/vera/totp";
    let own = site.call(&cookie, "DELETE", reset, Value::Null).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let admin = site.cookie("admin").await;
    let taken = site.call(&admin, "DELETE", reset, Value::Null).await;
    assert_eq!(taken.status, StatusCode::NO_CONTENT);
    assert_eq!(sign_in(&site, None).await.status, StatusCode::CREATED);

    // An admin's session that was left open takes nothing of its own away; a token does.
    let own = "/api/v1/users/admin/totp";
    let refused = site.call(&admin, "DELETE", own, Value::Null).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let new = json!({"name": "t", "role": "admin"});
    let made = site.call(&admin, "POST", "/api/v1/tokens", new).await.json();
    let token = made["token"].as_str().unwrap();
    let by_token = site.bearer(token, "DELETE", own, Value::Null).await;
    assert_eq!(by_token.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_secret_counts_only_after_its_first_code_and_needs_the_password() {
    let site = site().await;
    let cookie = site.cookie("vera").await;
    let wrong = site.call(&cookie, "POST", PATH, json!({"password": "guessed"})).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let none = site.call(&cookie, "PUT", PATH, json!({"code": "123456"})).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let begun = site.call(&cookie, "POST", PATH, json!({"password": PASSWORD})).await;
    assert_eq!(begun.status, StatusCode::CREATED);
    let wrong = site.call(&cookie, "PUT", PATH, json!({"code": "1"})).await;
    assert_eq!((wrong.status, &wrong.json()["code"]), (StatusCode::FORBIDDEN, &json!("WK-2026")));
    assert_eq!(sign_in(&site, None).await.status, StatusCode::CREATED);
    let shown = site.call(&cookie, "GET", PATH, Value::Null).await.json();
    assert_eq!(shown, json!({"enabled": false, "since": null}));
}

#[tokio::test]
async fn the_store_holds_the_secret_sealed_and_a_damaged_one_opens_nothing() {
    let site = site().await;
    let (app, _) = with_factor(&site).await;
    let (_, row) = site.store.row(Space::Credential, b"totp/vera").unwrap().unwrap();
    let text = String::from_utf8(row.to_vec()).unwrap();
    let secret = app.0.to_base32();
    assert!(!text.contains(secret.expose().as_str()) && text.contains("sealed"), "{text}");
    let damaged = Change::PutRow(
        Space::Credential,
        "totp/vera".into(),
        text.replace("\"v\":1", "\"v\":\"x\"").into(),
    );
    let deps = site.front.deps().unwrap();
    deps.write("test", "damage", Vec::new(), vec![damaged]).await.unwrap();
    let answer = sign_in(&site, Some(&app.code(0))).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.header("set-cookie"), "");
}
