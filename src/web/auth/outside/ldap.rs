//! An LDAP directory: search a person, bind as them with the password that was typed, read their
//! groups. Only over TLS. Sources: RFC 4511, 4513 (5.1.2: a bind with a name and no password
//! succeeds without proving anything, so it is never made), 4515 (escaping in filters).

use super::{Person, Provider, Vouched, is_name, settings};
use crate::{
    base::redact::Secret, model::spec::LdapSettings, notify::outgoing::Guard, web::deps::Deps,
};
use ldap3::{
    Ldap, LdapConnAsync, LdapConnSettings, Scope, SearchEntry, SearchOptions, StdStream,
    ldap_escape,
};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

/// For the whole conversation.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Groups of one person that are read, at most.
const MAX_GROUPS: i32 = 1000;
/// Longest password that is tried, in bytes.
const MAX_PASSWORD: usize = 1024;
/// `invalidCredentials`; a directory also hides "no such object" behind it.
const INVALID_CREDENTIALS: u32 = 49;

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
    let state = deps.whole();
    let all = settings(&state);
    let Some(settings) = all.ldap.clone() else { return Ok(Verdict::Nobody) };
    let typed = password.expose();
    if typed.is_empty() || typed.len() > MAX_PASSWORD || !is_name(user) {
        return Ok(Verdict::Nobody);
    }
    let bind = settings.bind_password.as_deref().map(|name| (deps.secret_value)(name));
    let bind = bind.transpose().map_err(LdapError::Settings)?;
    let to = address(deps, &settings, &Guard::of(&state)).await?;
    let url = settings.url.clone();
    let (user, password) = (user.to_owned(), password.clone());
    // On its own: the library panics on an entry that it cannot read.
    let talk =
        tokio::spawn(async move { Talk { settings, bind }.person(to, &user, &password).await });
    let lost = |why: &str| LdapError::Unreachable { url: url.clone(), why: why.to_owned() };
    let vouched = match tokio::time::timeout(TIMEOUT, talk).await {
        Err(_) => return Err(lost("no answer within ten seconds")),
        Ok(Err(_)) => return Err(lost("it answered what cannot be read")),
        Ok(Ok(vouched)) => vouched?,
    };
    let Some(vouched) = vouched else { return Ok(Verdict::Nobody) };
    let (name, groups) = (vouched.name.clone(), vouched.groups.join(", "));
    Ok(match Person::of(&all, vouched) {
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

/// Where to connect to: the name is resolved like every other, and the address checked.
async fn address(
    deps: &Deps,
    settings: &LdapSettings,
    guard: &Guard,
) -> Result<SocketAddr, LdapError> {
    let bad = |why: &str| LdapError::Settings(format!("url: {why}"));
    let url: http::Uri = settings.url.parse().map_err(|_| bad("is no address"))?;
    let host = url.host().ok_or_else(|| bad("has no host"))?.trim_matches(['[', ']']);
    let standard = if url.scheme_str() == Some("ldaps") { 636 } else { 389 };
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

/// One conversation.
struct Talk {
    settings: LdapSettings,
    bind: Option<Secret<String>>,
}

impl Talk {
    async fn person(
        &self,
        to: SocketAddr,
        user: &str,
        password: &Secret<String>,
    ) -> Result<Option<Vouched>, LdapError> {
        let mut ldap = self.connect(to).await?;
        if let (Some(dn), Some(secret)) = (&self.settings.bind_dn, &self.bind) {
            let bound = ldap.simple_bind(dn, secret.expose()).await.map_err(|e| self.lost(e))?;
            bound.success().map_err(|error| refused("the sign-in of bind_dn", &error))?;
        }
        let Some(entry) = self.search(&mut ldap, user).await? else { return Ok(None) };
        let groups = self.groups(&mut ldap, &entry, user).await?;
        // An empty name would make an anonymous bind of it.
        if entry.dn.is_empty() {
            return Ok(None);
        }
        let bound = ldap.simple_bind(&entry.dn, password.expose()).await;
        let code = bound.map_err(|error| self.lost(error))?.rc;
        let _ = ldap.unbind().await;
        if code != 0 {
            if code != INVALID_CREDENTIALS {
                tracing::warn!(code, user, "the directory refused somebody's sign-in");
            }
            return Ok(None);
        }
        Ok(self.vouched(entry, groups))
    }

    async fn connect(&self, to: SocketAddr) -> Result<Ldap, LdapError> {
        // Set once per process; the application has done it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let io = |error: std::io::Error| self.lost(error);
        let stream = tokio::net::TcpStream::connect(to).await.map_err(io)?;
        let stream = stream.into_std().map_err(io)?;
        let mut how = LdapConnSettings::new()
            .set_starttls(self.settings.url.starts_with("ldap://"))
            .set_std_stream(StdStream::Tcp(stream));
        if let Some(pem) = &self.settings.ca {
            how = how.set_config(trusting(pem)?);
        }
        let opened = LdapConnAsync::with_settings(how, &self.settings.url).await;
        let (connection, ldap) = opened.map_err(|error| self.lost(error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.drive().await {
                tracing::debug!(%error, "connection to the directory ended");
            }
        });
        Ok(ldap)
    }

    /// The one person of that name.
    async fn search(&self, ldap: &mut Ldap, user: &str) -> Result<Option<SearchEntry>, LdapError> {
        let LdapSettings { base, user_attribute, group_attribute, filter, .. } = &self.settings;
        let filter = filter.as_deref().unwrap_or_default();
        let filter = format!("(&({user_attribute}={}){filter})", ldap_escape(user));
        let wanted = [user_attribute.as_str(), group_attribute, "displayName", "cn"];
        let mut found = self.entries(ldap, base, &filter, &wanted, 2).await?;
        match (found.pop(), found.is_empty()) {
            (Some(entry), true) => Ok(Some(entry)),
            (None, _) => Ok(None),
            (Some(_), false) => {
                tracing::warn!(user, "the directory has several people of that name");
                Ok(None)
            }
        }
    }

    async fn groups(
        &self,
        ldap: &mut Ldap,
        entry: &SearchEntry,
        user: &str,
    ) -> Result<Vec<String>, LdapError> {
        let Some(base) = &self.settings.group_base else {
            let of = attribute(entry, &self.settings.group_attribute);
            return Ok(of.iter().flat_map(|dn| with_cn(dn)).collect());
        };
        let (dn, uid) = (ldap_escape(entry.dn.as_str()), ldap_escape(user));
        let filter = format!("(|(member={dn})(uniqueMember={dn})(memberUid={uid}))");
        let found = self.entries(ldap, base, &filter, &["cn"], MAX_GROUPS).await?;
        Ok(found.iter().flat_map(|group| with_cn(&group.dn)).collect())
    }

    async fn entries(
        &self,
        ldap: &mut Ldap,
        base: &str,
        filter: &str,
        attributes: &[&str],
        at_most: i32,
    ) -> Result<Vec<SearchEntry>, LdapError> {
        let limit = SearchOptions::new().sizelimit(at_most);
        let found =
            ldap.with_search_options(limit).search(base, Scope::Subtree, filter, attributes);
        let found = found.await.map_err(|error| self.lost(error))?;
        match found.1.rc {
            // `sizeLimitExceeded` comes with what was found until then.
            0 | 4 => Ok(found.0.into_iter().map(SearchEntry::construct).collect()),
            // `noSuchObject`: nobody is below the base.
            32 => Ok(Vec::new()),
            _ => Err(refused("a search", &found.1)),
        }
    }

    fn vouched(&self, entry: SearchEntry, groups: Vec<String>) -> Option<Vouched> {
        // As the directory writes it, in one spelling: it does not tell `Ann` from `ann`.
        let name = attribute(&entry, &self.settings.user_attribute).first()?.to_ascii_lowercase();
        let title = ["displayName", "cn"].iter().find_map(|name| attribute(&entry, name).first());
        Some(Vouched {
            provider: Provider::Ldap,
            source: self.settings.url.clone(),
            title: title.map(|title| title.chars().take(200).collect()).unwrap_or_default(),
            name: is_name(&name).then_some(name)?,
            groups,
            sign_out: None,
            subject: entry.dn,
        })
    }

    fn lost(&self, error: impl std::error::Error) -> LdapError {
        let why = crate::base::error_chain::ErrorChain(&error).to_string();
        LdapError::Unreachable { url: self.settings.url.clone(), why }
    }
}

fn refused(what: &'static str, why: &impl std::fmt::Display) -> LdapError {
    LdapError::Refused { what, why: why.to_string() }
}

/// Values of an attribute, whose name a directory may write in other letters.
fn attribute<'e>(entry: &'e SearchEntry, name: &str) -> &'e [String] {
    let found = entry.attrs.iter().find(|(written, _)| written.eq_ignore_ascii_case(name));
    found.map_or(&[], |(_, values)| values)
}

/// A group's DN, and its common name where that begins it.
fn with_cn(dn: &str) -> Vec<String> {
    let first = dn.split(',').next().unwrap_or_default();
    let cn = first.split_once('=').filter(|(name, value)| {
        name.trim().eq_ignore_ascii_case("cn") && !value.contains('\\') && !value.contains('+')
    });
    let cn = cn.map(|(_, value)| value.trim().to_owned());
    [Some(dn.to_owned()), cn].into_iter().flatten().collect()
}

fn trusting(pem: &str) -> Result<Arc<rustls::ClientConfig>, LdapError> {
    let bad = |why: String| LdapError::Settings(format!("ca: {why}"));
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| bad(error.to_string()))?;
        roots.add(certificate).map_err(|error| bad(error.to_string()))?;
    }
    let config = rustls::ClientConfig::builder().with_root_certificates(roots);
    Ok(Arc::new(config.with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_known_by_its_whole_name_and_its_common_name() {
        assert_eq!(with_cn("cn=shop,ou=groups"), ["cn=shop,ou=groups", "shop"]);
        assert_eq!(with_cn("CN = shop ,ou=groups"), ["CN = shop ,ou=groups", "shop"]);
        // What could pass for another group has its whole name only.
        for dn in ["ou=root", "cn=root\\,x,ou=groups", "cn=root+uid=1,ou=groups"] {
            assert_eq!(with_cn(dn), [dn], "{dn}");
        }
    }

    #[test]
    fn names_cannot_change_a_filter() {
        assert_eq!(ldap_escape("*)(uid=*"), "\\2a\\29\\28uid=\\2a");
        for bad in ["*", "*)(uid=*", "a\0", "a)(|(x=*", "", "a b"] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
