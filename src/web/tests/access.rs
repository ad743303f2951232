//! Who gets in, how often they may try, and what they may do.

use super::{site::*, *};
use crate::web::{
    auth::SocketPeer,
    policy::{self, Policy, Whose},
};
use serde_json::json;

#[tokio::test]
async fn signing_in_and_out_works_and_the_cookie_is_closed_to_scripts() {
    let site = site().await;
    let answer = site.sign_in("vera", PASSWORD, "10.0.0.1").await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.json()["role"], "viewer");
    let set = answer.header("set-cookie");
    for part in ["wk_session=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    let cookie = site.cookie("vera").await;
    let me = site.call(&cookie, "GET", "/api/v1/session", Value::Null).await;
    assert_eq!((me.status, me.json()["user"].as_str()), (StatusCode::OK, Some("vera")));
    let out = site.call(&cookie, "DELETE", "/api/v1/session", Value::Null).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let after = site.call(&cookie, "GET", "/api/v1/session", Value::Null).await;
    assert_eq!(
        (after.status, after.json()["code"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("WK-2020"))
    );
}

#[tokio::test]
async fn wrong_password_and_unknown_user_get_the_same_answer() {
    let site = site().await;
    let wrong = site.sign_in("vera", "not the password", "10.0.0.1").await;
    let unknown = site.sign_in("nobody", "not the password", "10.0.0.1").await;
    let strange = site.sign_in("token/x", "not the password", "10.0.0.1").await;
    for answer in [&wrong, &unknown, &strange] {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.json()["code"], "WK-2021");
        assert_eq!(answer.json()["detail"], wrong.json()["detail"]);
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn the_eleventh_wrong_try_in_a_minute_is_refused_even_with_the_right_password() {
    let site = site().await;
    for n in 0..10 {
        let from = format!("10.0.1.{n}");
        let answer = site.sign_in("vera", "not the password", &from).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "try {n}");
    }
    let answer = site.sign_in("vera", PASSWORD, "10.0.2.1").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.json()["code"], "WK-2024");
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    // Another account from another place is not touched.
    assert_eq!(site.sign_in("olga", PASSWORD, "10.0.2.1").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn one_source_cannot_try_many_accounts() {
    let site = site().await;
    for n in 0..10 {
        let answer = site.sign_in(&format!("user-{n}"), "not the password", "10.9.9.9").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "try {n}");
    }
    let answer = site.sign_in("vera", PASSWORD, "10.9.9.9").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn tries_at_the_same_moment_are_all_counted() {
    let site = site().await;
    let tries = (0..24).map(|n| {
        let from = format!("10.3.0.{n}");
        let site = &site;
        async move { site.sign_in("vera", "not the password", &from).await.status }
    });
    let statuses = futures_util::future::join_all(tries).await;
    let looked_at = statuses.iter().filter(|s| **s == StatusCode::UNAUTHORIZED).count();
    assert!(looked_at <= 10, "{looked_at} of 24 tries reached the password: {statuses:?}");
    assert!(statuses.iter().all(|s| s.is_client_error()), "{statuses:?}");
}

#[tokio::test]
async fn good_sign_ins_do_not_use_up_the_tries() {
    let site = site().await;
    for n in 0..25 {
        let answer = site.sign_in("vera", PASSWORD, "10.0.0.7").await;
        assert_eq!(answer.status, StatusCode::CREATED, "sign-in {n}");
    }
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_but_the_one_that_set_it() {
    let site = site().await;
    let (one, other) = (site.cookie("vera").await, site.cookie("vera").await);
    let path = "/api/v1/users/vera/password";
    let wrong = json!({"password": "a new long password", "current": "wrong"});
    let refused = site.call(&one, "POST", path, wrong).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let weak = json!({"password": "short", "current": PASSWORD});
    assert_eq!(site.call(&one, "POST", path, weak).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = json!({"password": "a new long password", "current": PASSWORD});
    let set = site.call(&one, "POST", path, right).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", String::from_utf8_lossy(&set.body));
    let renewed = set.header("set-cookie").split(';').next().unwrap().to_owned();
    for (cookie, status) in [
        (&one, StatusCode::UNAUTHORIZED),
        (&other, StatusCode::UNAUTHORIZED),
        (&renewed, StatusCode::OK),
    ] {
        let answer = site.call(cookie, "GET", "/api/v1/session", Value::Null).await;
        assert_eq!(answer.status, status);
    }
    assert_eq!(site.sign_in("vera", PASSWORD, "10.0.0.1").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_but_an_admin_sets_another_ones_password() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let path = "/api/v1/users/vera/password";
    let refused = site.call(&olga, "POST", path, json!({"password": "a new long password"})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let admin = site.cookie("admin").await;
    let made = site.call(&admin, "POST", path, json!({})).await;
    assert_eq!(made.status, StatusCode::OK);
    let password = made.json()["password"].as_str().unwrap().to_owned();
    assert_eq!(site.sign_in("vera", &password, "10.0.0.1").await.status, StatusCode::CREATED);
    let nobody = site.call(&admin, "POST", "/api/v1/users/nobody/password", json!({})).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let site = site().await;
    let cookie = site.cookie("olga").await;
    site.put(crate::model::Kind::User, "olga", json!({"role": "operator", "disabled": true})).await;
    let answer = site.call(&cookie, "GET", "/api/v1/session", Value::Null).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.sign_in("olga", PASSWORD, "10.0.0.1").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked_and_its_secret_is_nowhere_to_be_read() {
    let site = site().await;
    let admin = site.cookie("admin").await;
    let new = json!({"name": "ci", "role": "viewer"});
    let made = site.call(&admin, "POST", "/api/v1/tokens", new.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let token = made.json()["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("wka1.cahash.ci."));
    let again = site.call(&admin, "POST", "/api/v1/tokens", new).await;
    assert_eq!(
        (again.status, again.json()["code"].as_str()),
        (StatusCode::CONFLICT, Some("WK-2008"))
    );
    let me = site.bearer(&token, "GET", "/api/v1/session", Value::Null).await;
    assert_eq!(me.json()["user"], "token/ci");
    let secret = token.rsplit('.').next().unwrap();
    for path in ["/api/v1/tokens", "/api/v1/tokens/ci", "/api/v1/history"] {
        let answer = site.call(&admin, "GET", path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!String::from_utf8_lossy(&answer.body).contains(secret), "{path}");
    }
    for bad in [&token[..token.len() - 1], "wka1.cahash.other.x", "nonsense"] {
        let answer = site.bearer(bad, "GET", "/api/v1/status", Value::Null).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{bad}");
    }
    let gone = crate::model::resource::Key {
        kind: crate::model::Kind::Token,
        name: "ci".parse().unwrap(),
    };
    let delete = crate::store::command::Change::Delete(gone);
    let deps = site.front.deps().unwrap();
    deps.write("system", "revoked", Vec::new(), vec![delete]).await.unwrap();
    let after = site.bearer(&token, "GET", "/api/v1/status", Value::Null).await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_expired_token_says_so_and_one_that_ends_in_the_past_is_not_made() {
    let site = site().await;
    let admin = site.cookie("admin").await;
    for (expires, status) in [
        ("2001-01-01T00:00:00Z", StatusCode::UNPROCESSABLE_ENTITY),
        ("tomorrow", StatusCode::UNPROCESSABLE_ENTITY),
        ("2999-01-01T00:00:00Z", StatusCode::CREATED),
    ] {
        let new = json!({"name": "t", "role": "viewer", "expires": expires});
        let made = site.call(&admin, "POST", "/api/v1/tokens", new).await;
        assert_eq!(made.status, status, "{expires}");
        if made.status == StatusCode::CREATED {
            let token = made.json()["token"].as_str().unwrap().to_owned();
            let past = json!({"role": "viewer", "expires": "2001-01-01T00:00:00Z"});
            site.put(crate::model::Kind::Token, "t", past).await;
            let answer = site.bearer(&token, "GET", "/api/v1/status", Value::Null).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            assert!(answer.json()["detail"].as_str().unwrap().contains("expired"));
        }
    }
}

#[tokio::test]
async fn a_change_with_a_cookie_from_another_site_is_refused() {
    let site = site().await;
    let cookie = site.cookie("vera").await;
    for headers in [
        vec![("origin", "http://mon1:8420")],
        vec![("x-wk-request", "1")],
        vec![("x-wk-request", "1"), ("origin", "http://mon1:8430")],
        vec![("x-wk-request", "1"), ("sec-fetch-site", "cross-site")],
    ] {
        let mut request = Request::delete("/api/v1/session")
            .header("host", "mon1:8420")
            .header("cookie", &cookie);
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let answer = send(&site.router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(answer.json()["code"], "WK-2023");
    }
    let still = site.call(&cookie, "GET", "/api/v1/session", Value::Null).await;
    assert_eq!(still.status, StatusCode::OK);
}

/// The whole matrix: every declared route × nobody, viewer, operator, admin.
#[tokio::test]
async fn every_route_refuses_those_below_its_policy() {
    let site = site().await;
    let declared = router::build(&site.front).declared;
    let cookies = [
        ("vera", site.cookie("vera").await, crate::model::spec::RoleName::Viewer),
        ("olga", site.cookie("olga").await, crate::model::spec::RoleName::Operator),
    ];
    let mut n_refused = 0;
    for route in &declared {
        let path = route.path.replace(['{', '}', '*'], "");
        let lowest = match route.policy {
            Policy::Open => continue,
            Policy::SignedIn => crate::model::spec::RoleName::Viewer,
            Policy::Role(role) | Policy::Within(role) | Policy::Program(role) => role,
            Policy::Read(kind) => policy::read_role(kind, Whose::Projects),
            Policy::Write(kind) => policy::write_role(kind, Whose::Projects),
            Policy::WriteSome => crate::model::spec::RoleName::Developer,
        };
        let nobody = Request::builder().method(route.method.as_str()).uri(&path);
        let answer = send(&site.router, nobody.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {path}", route.method);
        for (name, cookie, role) in &cookies {
            if *role < lowest || matches!(route.policy, Policy::Program(_)) {
                let answer = site.call(cookie, &route.method, &path, Value::Null).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name} {} {path}", route.method);
                n_refused += 1;
            }
        }
    }
    assert!(n_refused > 5, "only {n_refused} refusals were seen");
}

#[tokio::test]
async fn the_socket_makes_root_and_the_own_user_admin_and_nobody_else() {
    let site = site().await;
    let own = rustix::process::getuid().as_raw();
    let cases = [(0, StatusCode::OK), (own, StatusCode::OK), (own + 77, StatusCode::FORBIDDEN)];
    for (uid, status) in cases {
        let mut request = Request::get("/api/v1/users").body(Body::empty()).unwrap();
        request.extensions_mut().insert(SocketPeer { uid });
        assert_eq!(send(&site.router, request).await.status, status, "uid {uid}");
    }
}

#[test]
fn the_strict_cookie_name_is_used_where_browsers_take_it() {
    let name = |tls, base_path: &str| {
        Settings { tls, base_path: base_path.into(), ..settings() }.cookie_name()
    };
    assert_eq!(name(true, "/"), "__Host-wk");
    assert_eq!((name(true, "/wk/"), name(false, "/")), ("wk_session", "wk_session"));
}

#[tokio::test]
async fn what_has_ended_is_swept_and_what_counts_stays() {
    use crate::{store::command::Space, web::auth::housekeeping::sweep};
    let site = site().await;
    let rows = |space| site.store.rows(space, b"", 100).unwrap().len();
    let (_vera, admin) = (site.cookie("vera").await, site.cookie("admin").await);
    let wrong = site.sign_in("olga", "not the password", "10.0.3.1").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!((rows(Space::Session), rows(Space::Login)), (2, 3), "two sources, one account");
    let deps = site.front.deps().unwrap();
    let now = crate::web::deps::now();
    assert_eq!(sweep(deps, now).await.unwrap(), 0);

    // A new password ends the sessions that were opened with the old one.
    let changed = json!({"password": "another horse battery"});
    let answer = site.call(&admin, "POST", "/api/v1/users/vera/password", changed).await;
    assert!(answer.status.is_success(), "{}", String::from_utf8_lossy(&answer.body));
    sweep(deps, now).await.unwrap();
    assert_eq!(rows(Space::Session), 1);
    let me = site.call(&admin, "GET", "/api/v1/session", Value::Null).await;
    assert_eq!(me.status, StatusCode::OK);

    let next_week = crate::model::UnixMs(now.0 + crate::web::auth::session::LIFETIME_MS);
    sweep(deps, next_week).await.unwrap();
    assert_eq!((rows(Space::Session), rows(Space::Login)), (0, 0));
}

/// The cookie by which the browser is known.
fn device(answer: &Answer) -> String {
    let mut all = answer.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap());
    let set = all.find(|it| it.starts_with("wk_device=")).expect("a browser is known");
    for part in ["HttpOnly", "SameSite=Lax", "Max-Age=15552000"] {
        assert!(set.contains(part), "{set}");
    }
    set.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn wrong_tries_of_others_do_not_lock_out_the_browser_that_an_account_uses() {
    let site = site().await;
    let vera = device(&site.sign_in("vera", PASSWORD, "10.0.0.1").await);
    let olga = device(&site.sign_in("olga", PASSWORD, "10.0.0.1").await);
    for n in 0..10 {
        let wrong = site.sign_in("vera", "not the password", &format!("10.0.1.{n}")).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    }
    for (cookie, status) in [
        ("", StatusCode::TOO_MANY_REQUESTS),
        (olga.as_str(), StatusCode::TOO_MANY_REQUESTS),
        ("wk_device=made-up", StatusCode::TOO_MANY_REQUESTS),
        (vera.as_str(), StatusCode::CREATED),
        ("", StatusCode::TOO_MANY_REQUESTS),
    ] {
        let answer = site.sign_in_from(cookie, "vera", PASSWORD, "10.0.2.1").await;
        assert_eq!(answer.status, status, "{cookie}");
    }
    // Its own tries are counted all the same, wherever they come from.
    for n in 0..10 {
        let from = format!("10.0.3.{n}");
        let wrong = site.sign_in_from(&vera, "vera", "not the password", &from).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED, "try {n}");
    }
    let locked = site.sign_in_from(&vera, "vera", PASSWORD, "10.0.4.1").await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_browser_is_known_by_the_password_that_it_signed_in_with() {
    let site = site().await;
    let known = device(&site.sign_in("vera", PASSWORD, "10.0.0.1").await);
    let cookie = site.cookie("vera").await;
    let new = json!({"password": "a new long password", "current": PASSWORD});
    let set = site.call(&cookie, "POST", "/api/v1/users/vera/password", new).await;
    let renewed = device(&set);
    for n in 0..10 {
        site.sign_in("vera", "not the password", &format!("10.0.1.{n}")).await;
    }
    let sign_in = |cookie: String| {
        let site = &site;
        async move { site.sign_in_from(&cookie, "vera", "a new long password", "10.0.2.1").await }
    };
    assert_eq!(sign_in(known).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sign_in(renewed).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn an_account_that_is_enabled_again_does_not_get_its_old_sessions_back() {
    let site = site().await;
    let (admin, vera) = (site.cookie("admin").await, site.cookie("vera").await);
    let path = "/api/v1/users/vera";
    let me =
        async |cookie: &str| site.call(cookie, "GET", "/api/v1/session", Value::Null).await.status;
    for disabled in [true, false] {
        let body = json!({"spec": {"role": "viewer", "disabled": disabled}});
        let put = site.call(&admin, "PUT", path, body).await;
        assert_eq!(put.status, StatusCode::OK, "{}", String::from_utf8_lossy(&put.body));
        assert_eq!(me(&vera).await, StatusCode::UNAUTHORIZED, "disabled: {disabled}");
    }
    let again = site.cookie("vera").await;
    // Other changes of the account end nothing.
    let body = json!({"spec": {"role": "developer", "title": "Vera"}});
    site.call(&admin, "PUT", path, body).await;
    assert_eq!((me(&again).await, me(&vera).await), (StatusCode::OK, StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn of_two_authorization_headers_none_counts() {
    let site = site().await;
    let admin = site.cookie("admin").await;
    let made = site.call(&admin, "POST", "/api/v1/tokens", json!({"name": "t", "role": "viewer"}));
    let token = format!("Bearer {}", made.await.json()["token"].as_str().unwrap());
    for others in [&[][..], &["Bearer x"], &[token.as_str()]] {
        let mut request = Request::get("/api/v1/session").header("authorization", &token);
        for other in others {
            request = request.header("authorization", *other);
        }
        let answer = send(&site.router, request.body(Body::empty()).unwrap()).await;
        let wanted = if others.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        assert_eq!(answer.status, wanted, "{others:?}");
    }
}

impl Site {
    async fn over_socket(&self, method: &str, path: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(SocketPeer { uid: 0 });
        send(&self.router, request).await
    }

    async fn admin_token(&self, name: &str) -> String {
        let admin = self.cookie("admin").await;
        let new = json!({"name": name, "role": "admin"});
        let made = self.call(&admin, "POST", "/api/v1/tokens", new).await;
        made.json()["token"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn the_last_admin_who_can_sign_in_is_not_deleted_by_token_or_socket() {
    let site = site().await;
    let token = site.admin_token("t").await;
    let path = "/api/v1/users/admin";
    let delete = async || {
        let by_token = site.bearer(&token, "DELETE", path, Value::Null).await;
        let by_socket = site.over_socket("DELETE", path).await;
        for answer in [by_token, by_socket] {
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(answer.json()["errors"][0]["path"], "user/admin");
        }
    };
    delete().await;
    // Who has no password cannot set things right.
    site.put(crate::model::Kind::User, "ann", json!({"role": "admin"})).await;
    delete().await;
    let set = json!({"password": "a new long password"});
    site.bearer(&token, "POST", "/api/v1/users/ann/password", set).await;
    let disabled = json!({"role": "admin", "disabled": true});
    site.put(crate::model::Kind::User, "ann", disabled).await;
    delete().await;
    site.put(crate::model::Kind::User, "ann", json!({"role": "admin"})).await;
    let gone = site.bearer(&token, "DELETE", path, Value::Null).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", String::from_utf8_lossy(&gone.body));
    assert_eq!(site.sign_in("admin", PASSWORD, "10.0.9.1").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn two_admins_cannot_delete_each_other() {
    let site = site().await;
    let token = site.admin_token("t").await;
    site.put(crate::model::Kind::User, "vera", json!({"role": "admin"})).await;
    let delete = async |name: &str| {
        let path = format!("/api/v1/users/{name}");
        site.bearer(&token, "DELETE", &path, Value::Null).await.status
    };
    let (one, other) = tokio::join!(delete("admin"), delete("vera"));
    let mut both = [one, other];
    both.sort();
    assert_eq!(both, [StatusCode::NO_CONTENT, StatusCode::UNPROCESSABLE_ENTITY]);
}
