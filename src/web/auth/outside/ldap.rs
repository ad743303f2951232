//! An LDAP directory: search a person, bind as them with the password that was typed, read their
//! groups. Only over TLS. Sources: RFC 4511, 4513 (5.1.2: a bind with a name and no password
//! succeeds without proving anything, so it is never made), 4515 (escaping in filters).

mod talk;
pub(super) mod trial;

use super::{Person, Vouched, is_name, settings};
use crate::{
    base::redact::Secret, model::spec::LdapSettings, notify::outgoing::Guard, web::deps::Deps,
};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use talk::Talk;

/// For the whole conversation.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest password that is tried, in bytes.
const MAX_PASSWORD: usize = 1024;

/// Why the directory could not be asked. For the log and the admin; never holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum LdapError {
    /// The settings or the secret cannot be used.
    #[error("settings.sign_in.ldap: {0}")]
    Settings(String),
    /// No connection, no TLS, or no answer in time.
    #[error("the directory {url} does not answer: {why}")]
    Unreachable {
        /// Where.
        url: String,
        /// In words.
        why: String,
    },
    /// It refused what is not about the person.
    #[error("the directory refused {what}: {why}")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// In words.
        why: String,
    },
}

/// What became of a name and a password.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// No directory is declared, or they do not belong together.
    Nobody,
    /// Right, but no group is mapped.
    Unmapped,
    /// Right.
    Known(Box<Person>),
}

/// Asks the declared directory.
///
/// # Errors
/// It could not be asked.
pub(crate) async fn ask(
    deps: &Deps,
    user: &str,
    password: &Secret<String>,
) -> Result<Verdict, LdapError> {
    let vouched = converse(deps, user, password, Ask::Whether).await?;
    let Some(vouched) = vouched else { return Ok(Verdict::Nobody) };
    let (name, groups) = (vouched.name.clone(), vouched.groups.join(", "));
    Ok(match Person::of(&settings(&deps.whole()), vouched) {
        Some(person) => Verdict::Known(Box::new(person)),
        None => {
            tracing::warn!(
                name,
                groups,
                "no group of somebody in the directory is mapped to a role"
            );
            Verdict::Unmapped
        }
    })
}

/// Asks the same of the declared directory but whether the password is right, which it never
/// learns. For names that have an account here: whether the directory answers, and how long it
/// takes, is not to tell them from others.
///
/// # Errors
/// As for [`ask`].
pub(crate) async fn ask_in_vain(
    deps: &Deps,
    user: &str,
    password: &Secret<String>,
) -> Result<(), LdapError> {
    converse(deps, user, password, Ask::InVain).await.map(drop)
}

/// What is asked of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// Whether the password is theirs.
    Whether,
    /// Nothing about the password.
    InVain,
}

async fn converse(
    deps: &Deps,
    user: &str,
    password: &Secret<String>,
    what: Ask,
) -> Result<Option<Vouched>, LdapError> {
    let state = deps.whole();
    let Some(settings) = settings(&state).ldap else { return Ok(None) };
    let typed = password.expose();
    if typed.is_empty() || typed.len() > MAX_PASSWORD || !is_name(user) {
        return Ok(None);
    }
    let bind = settings.bind_password.as_deref().map(|name| (deps.secret_value)(name));
    let bind = bind.transpose().map_err(LdapError::Settings)?;
    let to = address(deps, &settings, &Guard::of(&state)).await?;
    let url = settings.url.clone();
    let (user, password) = (user.to_owned(), password.clone());
    // On its own: the library panics on an entry that it cannot read.
    let talk = tokio::spawn(async move {
        let talk = Talk { settings, bind };
        talk.person(to, &user, (what == Ask::Whether).then_some(&password)).await
    });
    let lost = |why: &str| LdapError::Unreachable { url: url.clone(), why: why.to_owned() };
    match tokio::time::timeout(TIMEOUT, talk).await {
        Err(_) => Err(lost("no answer within ten seconds")),
        Ok(Err(_)) => Err(lost("it answered what cannot be read")),
        Ok(Ok(vouched)) => vouched,
    }
}

/// Where to connect to: the name is resolved like every other, and the address checked.
async fn address(
    deps: &Deps,
    settings: &LdapSettings,
    guard: &Guard,
) -> Result<SocketAddr, LdapError> {
    let bad = |why: &str| LdapError::Settings(format!("url: {why}"));
    let url: http::Uri = settings.url.parse().map_err(|_| bad("is no address"))?;
    let host = url.host().ok_or_else(|| bad("has no host"))?.trim_matches(['[', ']']);
    let standard = match url.scheme_str() {
        Some("ldaps") => 636,
        Some("ldap") => 389,
        _ => return Err(bad("must be ldaps:// or ldap://")),
    };
    let port = url.port_u16().unwrap_or(standard);
    let lost = |why: String| LdapError::Unreachable { url: settings.url.clone(), why };
    let found = match host.parse::<IpAddr>() {
        Ok(ip) => vec![ip],
        Err(_) => (deps.lookup)(host.to_owned()).await.map_err(lost)?,
    };
    let first = found.first().ok_or_else(|| lost("the name has no address".into()))?;
    let to = SocketAddr::new(*first, port);
    guard.check(to).map_err(|error| LdapError::Settings(error.to_string()))?;
    Ok(to)
}
