//! What an SMTP exchange means for a delivery: 4yz is tried again, 5yz is final (RFC 5321 §4.2.1).

use super::super::reply::outcome;
use crate::notify::{
    delivery::{Class, Outcome},
    outgoing::{Refused, Unresolved},
};
use lettre::transport::smtp::{Error as SmtpError, response::Response};
use std::error::Error as _;

/// Why a mail was not taken, as far as known.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server may not be connected to.
    Refused(Refused),
    /// Its name has no address.
    Unresolved(Unresolved),
    /// STARTTLS was asked for and is not offered.
    NoStarttls,
    /// A password would cross the network in the clear.
    Clear,
    /// The password cannot be had.
    Secret(String),
    /// The server lacks what this mail needs.
    Unsupported(&'static str),
    /// The recipient was refused, for now or for good.
    Recipient(SmtpError),
    /// Anything else the server said, or the connection broke.
    Smtp(SmtpError),
}

impl From<SmtpError> for Failure {
    fn from(error: SmtpError) -> Self {
        Self::Smtp(error)
    }
}

/// The first hop has it; nothing is known of what comes after.
pub(super) fn taken(response: &Response) -> Outcome {
    let words: Vec<&str> = response.message().collect();
    let accepted =
        outcome(Class::Accepted, format!("the mail server took it: {}", words.join(" ")));
    Outcome { status: response.code().to_string().parse().ok(), ..accepted }
}

/// `content_sent`: the content had been sent when it failed.
pub(super) fn judge(failure: &Failure, content_sent: bool) -> Outcome {
    match failure {
        Failure::Refused(refused) => outcome(Class::Rejected, refused.to_string()),
        Failure::Unresolved(unresolved) => outcome(Class::Retry, unresolved.to_string()),
        Failure::NoStarttls => outcome(
            Class::Retry,
            "the mail server does not offer STARTTLS, and mail is not sent without it",
        ),
        Failure::Clear => outcome(
            Class::Rejected,
            "a password is not sent without TLS: set `tls`, or remove `username`",
        ),
        Failure::Secret(why) => {
            outcome(Class::Retry, format!("the password cannot be used: {why}"))
        }
        Failure::Unsupported(what) => {
            outcome(Class::Rejected, format!("the mail server does not support {what}"))
        }
        Failure::Recipient(error) => said("the mail server refuses the recipient", error, false),
        Failure::Smtp(error) => said("the mail server refuses the mail", error, content_sent),
    }
}

fn said(what: &str, error: &SmtpError, content_sent: bool) -> Outcome {
    let words = root(error);
    let Some(code) = error.status().and_then(|code| code.to_string().parse::<u16>().ok()) else {
        return if content_sent {
            outcome(Class::Unknown, format!("{words}; the mail may have been taken"))
        } else if error.is_client() {
            outcome(Class::Rejected, words)
        } else {
            outcome(Class::Retry, format!("no connection: {words}"))
        };
    };
    let class = if error.is_permanent() { Class::Rejected } else { Class::Retry };
    let what = match code {
        421 => "the mail server is closing",
        454 | 530 | 534 | 535 | 538 => "the mail server refuses the account or its password",
        _ => what,
    };
    Outcome { status: Some(code), ..outcome(class, format!("{what}: {words} (SMTP {code})")) }
}

/// The innermost cause: the server's, the TLS library's or the operating system's words.
fn root(error: &SmtpError) -> String {
    let Some(mut last) = error.source() else { return error.to_string() };
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}
