use super::*;
use crate::{
    model::UnixMs,
    notify::{
        alert::Status,
        delivery::About,
        message::Data,
        testing::{Answer, Faulty},
    },
};

fn message() -> Message {
    Message {
        kind: "alert.firing",
        timestamp: UnixMs(1),
        data: Data {
            id: "msg_1".into(),
            cluster: "lab".into(),
            receiver: "ops".into(),
            channel: "hook".into(),
            status: Status::Firing,
            about: About::Firing,
            group_labels: BTreeMap::new(),
            local: false,
            merged: 0,
            omitted: 0,
            truncated_alerts: 0,
            alerts: Vec::new(),
            test: false,
            to: String::new(),
        },
    }
}

fn guard_for(addr: SocketAddr) -> Guard {
    let mut declared = crate::notify::testing::Declared::new();
    let allow = serde_json::json!({"outgoing": {"allow": [addr.to_string()]}});
    declared.put(crate::model::Kind::Settings, "default", allow);
    Guard::of(&declared.state())
}

fn lookup(answer: &'static [&'static str]) -> Lookup {
    Arc::new(move |_| {
        Box::pin(async move { Ok(answer.iter().map(|text| text.parse().unwrap()).collect()) })
    })
}

async fn sent(url: &str, addr: SocketAddr, seconds: u32) -> Outcome {
    let headers = BTreeMap::from([("x-team".to_owned(), "ops".to_owned())]);
    let hook =
        Webhook::new(url, &headers, seconds, &guard_for(addr), &lookup(&["127.0.0.1"])).unwrap();
    hook.send(&message()).await
}

async fn sent_to(answer: Answer, seconds: u32) -> (Outcome, Faulty) {
    let server = Faulty::start(vec![answer]).await;
    let url = format!("http://{}/hook?token=topsecret", server.addr);
    (sent(&url, server.addr, seconds).await, server)
}

#[tokio::test]
async fn message_arrives_as_json_with_the_headers_of_standard_webhooks() {
    let (outcome, server) = sent_to(Answer::status(200, "ok"), 5).await;
    assert_eq!((outcome.class, outcome.status), (Class::Delivered, Some(200)));
    let request = server.requests().remove(0);
    assert!(request.starts_with("POST /hook?token=topsecret HTTP/1.1"));
    for wanted in ["webhook-id: msg_1\r\n", "x-team: ops\r\n", "content-type: application/json\r\n"]
    {
        assert!(request.contains(wanted), "{request}");
    }
    assert!(request.contains("webhook-timestamp: ") && request.ends_with("\"alerts\":[]}}"));
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let target = Faulty::start(vec![Answer::status(200, "ok")]).await;
    let location = format!("HTTP/1.1 307 X\r\nLocation: http://{}/\r\n", target.addr);
    let head = format!("{location}Content-Length: 0\r\n\r\n");
    let (outcome, _server) = sent_to(Answer::Raw(head.into_bytes()), 5).await;
    assert_eq!((outcome.class, outcome.status), (Class::Rejected, Some(307)));
    assert!(target.requests().is_empty());
}

#[tokio::test]
async fn silence_ends_with_the_time_limit_and_is_uncertain() {
    let (outcome, _server) = sent_to(Answer::Hang, 1).await;
    assert_eq!(outcome.class, Class::Unknown);
    assert!(outcome.took_ms >= 900 && outcome.took_ms < 10_000, "{outcome:?}");
}

#[tokio::test]
async fn reset_after_the_request_is_uncertain_and_refused_connection_is_not() {
    let (outcome, server) = sent_to(Answer::Reset, 5).await;
    assert_eq!(outcome.class, Class::Unknown, "{outcome:?}");
    let addr = server.addr;
    server.stop().await;
    let outcome = sent(&format!("http://{addr}/?token=topsecret"), addr, 5).await;
    assert_eq!(outcome.class, Class::Retry, "{outcome:?}");
    assert!(!format!("{outcome:?}").contains("topsecret"));
}

#[tokio::test]
async fn body_without_end_is_cut_off() {
    let mut endless = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n".to_vec();
    endless.extend(vec![b'x'; MAX_REPLY_BYTES + 100_000]);
    let (outcome, _server) = sent_to(Answer::RawThenHang(endless), 20).await;
    assert_eq!(outcome.class, Class::Delivered);
    assert!(outcome.took_ms < 15_000);
}

#[tokio::test]
async fn address_that_is_not_listed_is_never_connected_to_whether_named_or_written() {
    let server = Faulty::start(vec![Answer::status(200, "ok")]).await;
    let elsewhere = "127.0.0.1:1".parse().unwrap();
    for host in ["127.0.0.1", "inside.example", "[::ffff:127.0.0.1]"] {
        let url = format!("http://{host}:{}/?token=topsecret", server.addr.port());
        let outcome = sent(&url, elsewhere, 5).await;
        assert_eq!(outcome.class, Class::Rejected, "{host}: {outcome:?}");
        assert!(outcome.reason.contains("settings.outgoing.allow"), "{outcome:?}");
        assert!(!outcome.reason.contains("topsecret"));
    }
    assert_eq!(server.connections(), 0);
    let named = format!("http://inside.example:{}/", server.addr.port());
    assert_eq!(sent(&named, server.addr, 5).await.class, Class::Delivered);
}

#[tokio::test]
async fn name_that_does_not_resolve_is_tried_again() {
    let failing: Lookup = Arc::new(|_| Box::pin(async { Err("no such name".to_owned()) }));
    let guard = Guard::default();
    let hook = Webhook::new("http://gone.example/", &BTreeMap::new(), 5, &guard, &failing).unwrap();
    let outcome = hook.send(&message()).await;
    assert_eq!(outcome.class, Class::Retry);
    assert!(outcome.reason.contains("no such name"));
}

#[test]
fn bad_settings_are_refused_without_repeating_them() {
    let new = |url: &str, header: &str| {
        let headers = BTreeMap::from([(header.to_owned(), "v\r\nx: y".to_owned())]);
        let headers = if header.is_empty() { BTreeMap::new() } else { headers };
        Webhook::new(url, &headers, 5, &Guard::default(), &lookup(&[])).map(|_| ())
    };
    for bad in ["ftp://x/secret", "not a url secret", "file:///secret"] {
        let error = new(bad, "").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
    assert!(new("http://x/", "x-y").is_err());
    assert!(new("http://x/", "webhook-id").is_err());
    assert!(new("http://x/", "").is_ok());
}
