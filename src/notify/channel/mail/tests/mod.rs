//! Mail against servers that say what they are told to, and against a real one.

mod content;
mod exim;
mod scripted;

use super::*;
use scripted::{Scripted, channel, message};
use serde_json::json;
use std::net::SocketAddr;

/// What becomes of one mail at a server that answers so.
async fn sent_to(rules: &'static [(&'static str, &'static str)]) -> (Outcome, Scripted) {
    let server = Scripted::start(rules).await;
    let mail = channel("localhost", server.address, json!({"timeout_seconds": 1}));
    (mail.send(&message("ops@example.org")).await, server)
}

#[tokio::test]
async fn a_mail_that_was_taken_is_accepted_with_the_servers_words() {
    let (outcome, server) = sent_to(&[(".", "250 queued as 4711")]).await;
    assert_eq!((outcome.class, outcome.status), (Class::Accepted, Some(250)));
    assert_eq!(outcome.reason, "the mail server took it: queued as 4711");
    let said = server.said();
    assert!(said[0].starts_with("EHLO [127.0.0.1]"), "{said:?}");
    assert_eq!(said[1..3], ["MAIL FROM:<alerts@example.org>", "RCPT TO:<ops@example.org>"]);
    assert!(said.contains(&"Message-ID: <msg_1@example.org>".to_owned()), "{said:?}");
    assert_eq!(said.last().map(String::as_str), Some("QUIT"));
}

#[tokio::test]
async fn four_is_tried_again_and_five_is_final() {
    for (rules, class, status, words) in [
        (&[("GREETING", "421 too busy")], Class::Retry, 421, "the mail server is closing"),
        (&[("MAIL", "451 greylisted")], Class::Retry, 451, "refuses the mail"),
        (&[("RCPT", "450 mailbox busy")], Class::Retry, 450, "refuses the recipient"),
        (&[("RCPT", "550-no such\r\n550 user")], Class::Rejected, 550, "refuses the recipient"),
        (&[("MAIL", "552 too large")], Class::Rejected, 552, "refuses the mail"),
        (&[(".", "554 looks like spam")], Class::Rejected, 554, "refuses the mail"),
        (&[(".", "452 disk full")], Class::Retry, 452, "refuses the mail"),
        (&[("MAIL", "530 sign in first")], Class::Rejected, 530, "refuses the account"),
    ] {
        let (outcome, _server) = sent_to(rules).await;
        assert_eq!(
            (outcome.class, outcome.status),
            (class, Some(status)),
            "{rules:?}: {outcome:?}"
        );
        assert!(outcome.reason.contains(words), "{rules:?}: {}", outcome.reason);
    }
}

#[tokio::test]
async fn a_break_before_the_content_is_tried_again_and_one_after_it_is_uncertain() {
    for (rules, class) in [
        (&[("GREETING", "")], Class::Retry),
        (&[("RCPT", "")], Class::Retry),
        (&[("RCPT", "hang")], Class::Retry),
        (&[("GREETING", "hang")], Class::Retry),
        (&[(".", "")], Class::Unknown),
        (&[(".", "hang")], Class::Unknown),
    ] {
        let (outcome, _server) = sent_to(rules).await;
        assert_eq!(outcome.class, class, "{rules:?}: {}", outcome.reason);
    }
}

#[tokio::test]
async fn without_the_starttls_that_was_asked_for_nothing_is_sent() {
    let server = Scripted::start(&[]).await;
    let more = json!({"tls": "starttls", "username": "w", "password_secret": "smtp"});
    let mail = channel("localhost", server.address, more);
    let outcome = mail.send(&message("ops@example.org")).await;
    assert_eq!(outcome.class, Class::Retry);
    assert!(outcome.reason.contains("does not offer STARTTLS"), "{}", outcome.reason);
    let said = server.said();
    assert!(!said.iter().any(|line| line.starts_with("MAIL") || line.contains("AUTH")), "{said:?}");
}

#[tokio::test]
async fn a_password_never_crosses_the_network_in_the_clear() {
    let server = Scripted::start(&[("EHLO", "250-x\r\n250 AUTH PLAIN LOGIN")]).await;
    let more = json!({"username": "w", "password_secret": "smtp"});
    let mail = channel("localhost", server.address, more);
    let outcome = mail.send(&message("ops@example.org")).await;
    assert_eq!(outcome.class, Class::Rejected);
    assert!(!server.said().iter().any(|line| line.contains("AUTH")), "{:?}", server.said());
}

#[tokio::test]
async fn insides_unknown_names_and_closed_ports_are_told_apart() {
    let server = Scripted::start(&[]).await;
    let other = SocketAddr::new(server.address.ip(), 1);
    // Only another port is allowed.
    let mail = channel("127.0.0.1", other, json!({"port": server.address.port()}));
    let outcome = mail.send(&message("ops@example.org")).await;
    assert_eq!(outcome.class, Class::Rejected);
    assert!(outcome.reason.contains("settings.outgoing.allow"), "{}", outcome.reason);
    assert!(server.said().is_empty());
    let mail = channel("mail.example.org", server.address, json!({}));
    let outcome = mail.send(&message("ops@example.org")).await;
    assert_eq!(outcome.class, Class::Retry);
    assert!(outcome.reason.contains("no such name"), "{}", outcome.reason);
    let mail = channel("127.0.0.1", other, json!({}));
    assert_eq!(mail.send(&message("ops@example.org")).await.class, Class::Retry);
}

#[tokio::test]
async fn a_channel_without_anybody_says_so() {
    let server = Scripted::start(&[]).await;
    let mail = channel("localhost", server.address, json!({}));
    let outcome = mail.send(&message("")).await;
    assert_eq!(outcome.class, Class::Rejected);
    assert!(outcome.reason.contains("no recipient"), "{}", outcome.reason);
}
