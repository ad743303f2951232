//! What a mail looks like.

use super::scripted::message;
use crate::notify::channel::mail::content::{SHOWN, html, mail, text};
use crate::{
    model::{UnixMs, language::Language},
    notify::{alert::Status, delivery::About, message::Message},
};

fn lines(mail: &lettre::Message) -> Vec<String> {
    let text = String::from_utf8(mail.formatted()).unwrap();
    text.replace("\r\n ", " ").lines().map(str::to_owned).collect()
}

fn header(mail: &lettre::Message, name: &str) -> Vec<String> {
    let head = lines(mail).into_iter().take_while(|line| !line.is_empty());
    let prefix = format!("{name}: ");
    head.filter_map(|line| line.strip_prefix(&prefix).map(str::to_owned)).collect()
}

fn written(message: &Message) -> lettre::Message {
    let from = "Watchkeep <alerts@example.org>".parse().unwrap();
    mail(message, &from, &"ops@example.org".parse().unwrap(), Language::En).unwrap()
}

#[test]
fn the_same_delivery_has_the_same_message_id_and_one_thread_with_its_end() {
    let firing = message("ops@example.org");
    let mut resolved = firing.clone();
    resolved.data.id = "msg_2".into();
    resolved.data.about = About::Resolved;
    resolved.data.status = Status::Resolved;
    resolved.data.alerts[0].status = Status::Resolved;
    resolved.data.alerts[0].ends_at = Some(UnixMs(1_800_000_000_000));
    let (one, again, end) = (written(&firing), written(&firing), written(&resolved));
    assert_eq!(header(&one, "Message-ID"), ["<msg_1@example.org>"]);
    assert_eq!(header(&one, "Message-ID"), header(&again, "Message-ID"));
    assert_ne!(header(&one, "Message-ID"), header(&end, "Message-ID"));
    assert_eq!(header(&one, "References"), ["<episode.00000000000000f1.1@example.org>"]);
    assert_eq!(header(&one, "References"), header(&end, "References"));
    assert_eq!(header(&one, "In-Reply-To"), header(&end, "In-Reply-To"));
    assert_eq!(header(&one, "Subject"), ["[critical] DiskFull (shop)"]);
    assert_eq!(header(&end, "Subject"), ["Re: [critical] DiskFull (shop)"]);
    assert_eq!(header(&one, "Auto-Submitted"), ["auto-generated"]);
    assert_eq!((header(&one, "X-Priority").len(), header(&end, "X-Priority").len()), (1, 0));
    assert_eq!(
        (header(&one, "Date").len(), header(&one, "To")),
        (1, vec!["ops@example.org".into()])
    );
}

#[test]
fn what_an_alert_says_is_inert_in_headers_and_html() {
    let mut message = message("ops@example.org");
    let labels = &mut message.data.alerts[0].labels;
    labels.insert("alertname".into(), "Evil\r\nBcc: all@example.org".into());
    labels.insert("note".into(), "<script>alert(1)</script> \"&".into());
    message.data.receiver = "ops\r\nX-Forged: 1".into();
    message.data.alerts[0].generator_url = "javascript:alert(1)".into();
    let mail = written(&message);
    assert_eq!((header(&mail, "Bcc").len(), header(&mail, "X-Forged").len()), (0, 0));
    assert!(header(&mail, "Subject")[0].contains("Bcc: all"), "{:?}", header(&mail, "Subject"));
    let html = html(&message.data, Language::En);
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"), "{html}");
    assert!(!html.contains("href"), "{html}");
}

#[test]
fn a_chinese_subject_is_encoded_and_no_line_is_too_long() {
    let mut message = message("ops@example.org");
    let labels = &mut message.data.alerts[0].labels;
    labels.insert("alertname".into(), "磁盘空间不足".into());
    message.data.alerts[0].annotations.insert("summary".into(), "值".repeat(3_000));
    let mail = written(&message);
    assert!(header(&mail, "Subject")[0].contains("=?utf-8?b?"), "{:?}", header(&mail, "Subject"));
    let text = String::from_utf8(mail.formatted()).unwrap();
    assert!(text.is_ascii());
    assert!(text.split("\r\n").all(|line| line.len() <= 998));
    assert!(text.find("text/plain").unwrap() < text.find("text/html").unwrap());
}

#[test]
fn what_is_not_shown_is_counted() {
    let mut message = message("ops@example.org");
    let alert = message.data.alerts[0].clone();
    message.data.alerts = vec![alert; SHOWN + 3];
    message.data.omitted = 4;
    message.data.merged = 2;
    let text = text(&message.data, Language::En);
    assert!(text.contains("7 more alerts are not shown here"), "{text}");
    assert!(text.contains("2 further notifications were merged into this one"), "{text}");
    assert!(text.starts_with("FIRING: 53 alerts for ops (cluster lab)"), "{text}");
}

#[test]
fn a_test_says_so_and_starts_no_thread() {
    let mut message = message("ops@example.org");
    message.data.test = true;
    let mail = written(&message);
    assert!(header(&mail, "Subject")[0].starts_with("[test] "));
    assert_eq!(header(&mail, "References").len(), 0);
    assert!(text(&message.data, Language::En).starts_with("TEST: "));
}

#[test]
fn a_chinese_mail_says_all_of_it_in_chinese_but_what_the_rules_say() {
    let mut message = message("ops@example.org");
    let data = &mut message.data;
    data.alerts[0].ends_at = Some(UnixMs(1_700_000_060_000));
    data.alerts = vec![data.alerts[0].clone(); SHOWN + 1];
    (data.merged, data.truncated_alerts, data.local) = (2, 3, true);
    for shown in [text(&message.data, Language::Zh), html(&message.data, Language::Zh)] {
        for word in
            ["告警中：51 条告警", "开始于 ", "结束于 ", "另有 1 条", "另有 2 条", "3 条告警"]
        {
            assert!(shown.contains(word), "{word}: {shown}");
        }
        assert!(shown.contains("db-01 is full") && shown.contains("DiskFull"), "{shown}");
        for english in ["FIRING", "since ", "over at", "labels:", "Expression", "alerts", "node"] {
            assert!(!shown.contains(english), "{english}: {shown}");
        }
    }
    message.data.test = true;
    assert!(text(&message.data, Language::Zh).starts_with("测试："));
}
