use super::*;
use crate::notify::alert::{Fingerprint, Status};
use proptest::prelude::*;

const NOW: UnixMs = UnixMs(1_800_000_000_000);

fn body(alerts: &str) -> String {
    format!(
        r#"{{"version":"4","groupKey":"{{}}:{{}}","truncatedAlerts":0,"status":"firing",
        "receiver":"web\\.hook","groupLabels":{{"alertname":"A"}},"commonLabels":{{}},
        "commonAnnotations":{{}},"externalURL":"http://am","alerts":{alerts}}}"#
    )
}

const GOOD: &str = r#"{"status":"firing","labels":{"alertname":"DiskFull","instance":"db-01"},
    "annotations":{"summary":"full"},"startsAt":"2026-11-21T22:47:43.658000001+08:00",
    "endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://p/graph","fingerprint":"591ed28e137da8b3"}"#;

fn parsed(alerts: &str) -> Webhook {
    parse(body(alerts).as_bytes(), NOW).unwrap()
}

#[test]
fn reads_a_webhook_of_an_old_alertmanager_and_frees_the_receiver_of_its_escapes() {
    let webhook = parsed(&format!("[{GOOD}]"));
    assert_eq!((webhook.receiver.as_str(), webhook.reason.as_str()), ("web.hook", ""));
    assert_eq!(webhook.group_labels["alertname"], "A");
    let alert = &webhook.alerts[0];
    assert_eq!((alert.status, alert.ends_at), (Status::Firing, None));
    assert_eq!(alert.starts_at, UnixMs::parse("2026-11-21T14:47:43.658Z").unwrap());
    assert_eq!(alert.fingerprint.to_string(), "591ed28e137da8b3");
    assert!(alert.flags.is_empty() && !alert.truncated);
}

#[test]
fn reads_a_webhook_of_a_new_alertmanager_with_keys_nobody_knows_yet() {
    let text = body(&format!("[{GOOD}]")).replacen(
        '{',
        r#"{"notification_reason":"repeat interval elapsed","routeLabels":{"a":"b"},"new":[1],"#,
        1,
    );
    assert!(parse(text.as_bytes(), NOW).unwrap().is_repeat());
}

#[test]
fn cut_webhook_says_how_many_alerts_are_missing() {
    let text = body("[]").replace("\"truncatedAlerts\":0", "\"truncatedAlerts\":500");
    let webhook = parse(text.as_bytes(), NOW).unwrap();
    assert_eq!((webhook.truncated_alerts, webhook.alerts.len()), (500, 0));
}

#[test]
fn one_bad_alert_is_flagged_and_the_others_go_on() {
    let bad = [
        "7",
        r#"{"status":"odd","labels":{"alertname":"B","n":5},"startsAt":"yesterday"}"#,
        r#"{"status":"firing","labels":"none","startsAt":"2026-11-21T00:00:00Z"}"#,
        r#"{"status":"resolved","labels":{"a":"b"},"fingerprint":"xyz",
            "startsAt":"2026-11-21T00:00:00Z","endsAt":"2026-11-20T00:00:00Z"}"#,
    ];
    let webhook = parsed(&format!("[{},{GOOD}]", bad.join(",")));
    let flags: Vec<_> = webhook.alerts.iter().map(|alert| alert.flags.join(" ")).collect();
    assert_eq!(
        flags,
        ["alert labels status startsAt", "labels status startsAt", "labels", "fingerprint", ""]
    );
    assert_eq!(webhook.alerts[1].labels["n"], "5");
    assert_eq!(webhook.alerts[1].starts_at, NOW);
    let backwards = &webhook.alerts[3];
    assert_eq!(backwards.ends_at, Some(backwards.starts_at));
    assert_eq!(backwards.fingerprint, Fingerprint::of(&backwards.labels));
}

#[test]
fn times_from_the_future_are_taken_as_now_and_flagged() {
    let future = GOOD.replace("2026-11-21T22:47:43.658000001+08:00", "9000-01-01T00:00:00Z");
    let ancient = GOOD.replace("2026-11-21T22:47:43.658000001+08:00", "1850-01-01T00:00:00Z");
    let webhook = parsed(&format!("[{future},{ancient}]"));
    assert_eq!(webhook.alerts[0].starts_at, NOW);
    assert_eq!(webhook.alerts[0].flags, ["clock_skew"]);
    assert_eq!(webhook.alerts[1].starts_at, NOW);
}

#[test]
fn broken_text_is_replaced_and_not_refused() {
    let mut bytes = body(&format!("[{GOOD},X]")).into_bytes();
    let at = bytes.iter().rposition(|byte| *byte == b'X').unwrap();
    let mut odd = br#"{"status":"firing","startsAt":"2026-11-21T00:00:00Z",
        "labels":{"alertname":"\ud800 \udc00 \ud83d\ude00 \\ud800 \u0000","alertname2":""#
        .to_vec();
    odd.extend([0xff, 0xfe]);
    odd.extend(br#""}}"#);
    bytes.splice(at..=at, odd);
    let webhook = parse(&bytes, NOW).unwrap();
    assert_eq!(webhook.alerts[1].labels["alertname"], "\u{fffd} \u{fffd} 😀 \\ud800 \0");
    assert_eq!(webhook.alerts[1].labels["alertname2"], "\u{fffd}\u{fffd}");
}

#[test]
fn last_of_doubled_keys_wins() {
    let doubled = GOOD.replace("\"status\":\"firing\"", "\"status\":\"odd\",\"status\":\"firing\"");
    assert!(parsed(&format!("[{doubled}]")).alerts[0].flags.is_empty());
}

#[test]
fn what_is_not_json_or_not_version_4_is_refused_with_a_reason_that_quotes_nothing() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let nested = body(&format!("[{{\"labels\":{deep}}}]"));
    let cases = [
        ("", "ends too early at line 1"),
        ("null", "wrong type"),
        ("[]", "wrong type"),
        ("<html>secret</html>", "bad syntax at line 1 column 1"),
        ("{\"text\":\"secret\"}", "`version` is missing"),
        ("{\"version\":\"3\",\"alerts\":[]}", "`version` is not \"4\""),
        ("{\"version\":\"4\"}", "`alerts` is missing"),
        ("{\"version\":\"4\",\"alerts\":\"secret\"}", "wrong type"),
        ("{\"version\":\"4\",\"alerts\":[]} secret", "bad syntax"),
        (nested.as_str(), "nested too deeply"),
    ];
    for (text, wanted) in cases {
        let error = parse(text.as_bytes(), NOW).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn twenty_thousand_alerts_are_read_whole() {
    let one = GOOD.replace("db-01", &"x".repeat(900)).replace("591ed28e137da8b3", "");
    let webhook = parsed(&format!("[{}]", vec![one.as_str(); 20_000].join(",")));
    assert_eq!(webhook.alerts.len(), 20_000);
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes, NOW);
    }

    #[test]
    fn no_alert_makes_it_panic_or_grow(text in r#"[\\ud8cf"{}:,\[\]a-z0-9]{0,80}"#) {
        let _ = parse(body(&format!("[{{\"labels\":{{\"a\":\"{text}\"}}}}]")).as_bytes(), NOW);
        let _ = parse(body(&format!("[{text}]")).as_bytes(), NOW);
    }
}
