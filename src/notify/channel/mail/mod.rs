//! Mail over SMTP (RFC 5321), one message a recipient: a refused address holds up no other, and a
//! retry goes to those alone who have not got it.
//!
//! The name of the server is resolved by our own resolver and every address passes the guard.
//! STARTTLS that was asked for is never done without. What happened before the content was sent
//! may be tried again; a connection that broke after it leaves open whether the mail was taken,
//! so it goes out again under the same Message-ID.

mod connect;
mod content;
mod verdict;
mod words;

use super::{Channel, SecretValue, reply::outcome};
use crate::{
    base::redact::{Secret, scrub},
    model::{
        language::Language,
        spec::{self, MailTls},
    },
    notify::{
        delivery::{Class, Outcome},
        message::Message,
        outgoing::{Guard, Lookup},
    },
};
use connect::Server;
use data_encoding::BASE64;
use futures_util::future::BoxFuture;
use lettre::{
    Address,
    message::Mailbox,
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::AsyncSmtpConnection,
        commands::{Data, Mail as MailFrom, Rcpt},
        extension::{Extension, MailBodyParameter, MailParameter},
    },
};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;
use verdict::Failure;

/// Connections to one server at once; many accept no more from one client.
const CONNECTIONS: usize = 4;
/// For saying goodbye once the mail was taken.
const GOODBYE: Duration = Duration::from_secs(2);

/// Why a channel's settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// Not the settings of a mail channel.
    #[error("it is no mail channel")]
    Kind,
    /// No address one can send from.
    #[error("the sender `{from}` is no mail address")]
    From {
        /// What is written there.
        from: String,
        /// Why.
        source: lettre::address::AddressError,
    },
    /// The TLS client could not be made.
    #[error("the TLS client cannot be made")]
    Tls(#[source] lettre::transport::smtp::Error),
}

/// A mail server with a sender.
pub struct Mail {
    server: Server,
    from: Mailbox,
    username: Option<String>,
    password_secret: Option<String>,
    secrets: SecretValue,
    timeout: Duration,
    language: Language,
    places: Semaphore,
}

impl Mail {
    /// Of a [`spec::Channel::Mail`].
    ///
    /// # Errors
    /// The sender, the CA or the TLS settings cannot be used.
    pub fn new(
        spec: spec::Channel,
        guard: &Guard,
        lookup: &Lookup,
        secrets: &SecretValue,
    ) -> Result<Self, MailError> {
        let spec::Channel::Mail {
            host,
            port,
            tls,
            username,
            password_secret,
            from,
            timeout_seconds,
            ca,
            language,
            ..
        } = spec
        else {
            return Err(MailError::Kind);
        };
        let sender = from
            .parse::<Mailbox>()
            .map_err(|source| MailError::From { from: from.clone(), source });
        Ok(Self {
            server: Server::new(host, port, tls, guard, lookup, ca.as_deref())?,
            from: sender?,
            username,
            password_secret,
            secrets: secrets.clone(),
            timeout: Duration::from_secs(u64::from(timeout_seconds.clamp(1, 120))),
            language,
            places: Semaphore::new(CONNECTIONS),
        })
    }

    async fn deliver(&self, message: &Message) -> Outcome {
        let to = match message.data.to.parse::<Mailbox>() {
            Ok(to) => to,
            Err(_) if message.data.to.is_empty() => {
                return outcome(
                    Class::Rejected,
                    "the channel has no recipient with a mail address",
                );
            }
            Err(error) => {
                return outcome(Class::Rejected, format!("the recipient is no address: {error}"));
            }
        };
        let mail = match content::mail(message, &self.from, &to, self.language) {
            Ok(mail) => mail.formatted(),
            Err(error) => {
                return outcome(Class::Rejected, format!("the mail cannot be written: {error}"));
            }
        };
        let Ok(_place) = self.places.acquire().await else {
            return outcome(Class::Retry, "the channel is closed");
        };
        let content_sent = AtomicBool::new(false);
        let exchange = self.exchange(to.email, &mail, &content_sent);
        let outcome = match tokio::time::timeout(self.timeout, exchange).await {
            Ok(Ok(taken)) => verdict::taken(&taken),
            Ok(Err(failure)) => verdict::judge(&failure, content_sent.load(Ordering::Relaxed)),
            Err(_) if content_sent.load(Ordering::Relaxed) => {
                outcome(Class::Unknown, "no answer in time; the mail may have been taken")
            }
            Err(_) => outcome(Class::Retry, "no answer in time"),
        };
        self.without_password(outcome)
    }

    /// Servers repeat in their errors what they were told: that must not end up in a receipt.
    fn without_password(&self, outcome: Outcome) -> Outcome {
        let secret = self.password_secret.as_deref();
        let Some(password) = secret.and_then(|secret| (self.secrets)(secret).ok()) else {
            return outcome;
        };
        let (plain, user) = (password.expose(), self.username.as_deref().unwrap_or_default());
        let said = [
            Secret::new(BASE64.encode(plain.as_bytes())),
            Secret::new(BASE64.encode(format!("\0{user}\0{plain}").as_bytes())),
        ];
        let forms = [plain, said[0].expose(), said[1].expose()];
        let reason = scrub(&outcome.reason, &forms.map(String::as_str));
        Outcome { reason, ..outcome }
    }

    /// One mail to one recipient; the server's words when it has taken it.
    async fn exchange(
        &self,
        to: Address,
        mail: &[u8],
        content_sent: &AtomicBool,
    ) -> Result<lettre::transport::smtp::response::Response, Failure> {
        let mut server = self.server.connect().await?;
        self.sign_in(&mut server).await?;
        let sender = self.from.email.clone();
        let parameters = parameters(&server, &sender, &to, mail)?;
        server.command(MailFrom::new(Some(sender), parameters)).await?;
        server.command(Rcpt::new(to, Vec::new())).await.map_err(Failure::Recipient)?;
        server.command(Data).await?;
        content_sent.store(true, Ordering::Relaxed);
        let taken = server.message(mail).await?;
        // It is taken whatever comes now.
        let _ = tokio::time::timeout(GOODBYE, server.quit()).await;
        Ok(taken)
    }

    async fn sign_in(&self, server: &mut AsyncSmtpConnection) -> Result<(), Failure> {
        let (Some(username), Some(secret)) = (&self.username, &self.password_secret) else {
            return Ok(());
        };
        if self.server.tls == MailTls::None {
            return Err(Failure::Clear);
        }
        let password = (self.secrets)(secret).map_err(Failure::Secret)?;
        let credentials = Credentials::new(username.clone(), password.expose().clone());
        server.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        Ok(())
    }
}

/// Extensions this mail needs.
fn parameters(
    server: &AsyncSmtpConnection,
    from: &Address,
    to: &Address,
    mail: &[u8],
) -> Result<Vec<MailParameter>, Failure> {
    let offers = |extension| server.server_info().supports_feature(extension);
    let mut parameters = Vec::new();
    let addresses: [&str; 2] = [from.as_ref(), to.as_ref()];
    if !addresses.iter().all(|address| address.is_ascii()) {
        if !offers(Extension::SmtpUtfEight) {
            return Err(Failure::Unsupported("addresses beyond ASCII (SMTPUTF8)"));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !mail.is_ascii() {
        if !offers(Extension::EightBitMime) {
            return Err(Failure::Unsupported("8-bit content (8BITMIME)"));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

impl Channel for Mail {
    fn kind(&self) -> &'static str {
        "mail"
    }

    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let began = Instant::now();
            let outcome = self.deliver(message).await;
            let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            Outcome { took_ms, ..outcome }
        })
    }
}

#[cfg(test)]
mod tests;
