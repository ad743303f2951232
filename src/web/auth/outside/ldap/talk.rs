//! One conversation with a directory: find the person, their groups, and bind as them.

use super::{
    super::{Provider, Vouched, is_name},
    LdapError,
};
use crate::{base::redact::Secret, model::spec::LdapSettings};
use ldap3::{
    Ldap, LdapConnAsync, LdapConnSettings, Scope, SearchEntry, SearchOptions, StdStream,
    ldap_escape,
};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use std::{net::SocketAddr, sync::Arc};

/// Groups of one person that are read, at most.
const MAX_GROUPS: i32 = 1000;
/// `invalidCredentials`; a directory also hides "no such object" behind it.
const INVALID_CREDENTIALS: u32 = 49;

/// One conversation.
pub(super) struct Talk {
    pub(super) settings: LdapSettings,
    pub(super) bind: Option<Secret<String>>,
}

impl Talk {
    /// Who has this name and password; `None` = nobody, also where no password is asked about.
    pub(super) async fn person(
        &self,
        to: SocketAddr,
        user: &str,
        password: Option<&Secret<String>>,
    ) -> Result<Option<Vouched>, LdapError> {
        let mut ldap = self.connect(to).await?;
        if let (Some(dn), Some(secret)) = (&self.settings.bind_dn, &self.bind) {
            let bound = ldap.simple_bind(dn, secret.expose()).await.map_err(|e| self.lost(e))?;
            if bound.rc != 0 {
                return Err(refused("the sign-in of bind_dn", bound.rc));
            }
        }
        let Some(entry) = self.search(&mut ldap, user).await? else { return Ok(None) };
        let groups = self.groups(&mut ldap, &entry).await?;
        // An empty name would make an anonymous bind of it.
        let Some(password) = password.filter(|_| !entry.dn.is_empty()) else {
            let _ = ldap.unbind().await;
            return Ok(None);
        };
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

    pub(super) async fn connect(&self, to: SocketAddr) -> Result<Ldap, LdapError> {
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

    async fn groups(&self, ldap: &mut Ldap, entry: &SearchEntry) -> Result<Vec<String>, LdapError> {
        let Some(base) = &self.settings.group_base else {
            let of = attribute(entry, &self.settings.group_attribute);
            return Ok(of.iter().flat_map(|dn| with_cn(dn)).collect());
        };
        let filter = groups_filter(entry, &self.settings.user_attribute);
        let found = self.entries(ldap, base, &filter, &["cn"], MAX_GROUPS).await?;
        Ok(found.iter().flat_map(|group| with_cn(&group.dn)).collect())
    }

    pub(super) async fn entries(
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
            code => Err(refused("a search", code)),
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

    pub(super) fn lost(&self, error: impl std::error::Error) -> LdapError {
        let why = crate::base::error_chain::ErrorChain(&error).to_string();
        LdapError::Unreachable { url: self.settings.url.clone(), why }
    }
}

/// Groups that name a person. By the name as their entry has it: what was typed may fit another
/// spelling, or another value, of the attribute they are found by.
fn groups_filter(entry: &SearchEntry, user_attribute: &str) -> String {
    let dn = ldap_escape(entry.dn.as_str());
    let uid = attribute(entry, user_attribute).first();
    let uid = uid.map(|uid| format!("(memberUid={})", ldap_escape(uid.as_str())));
    format!("(|(member={dn})(uniqueMember={dn}){})", uid.unwrap_or_default())
}

/// In our words: the directory's own could hold what it was told, the password of `bind_dn` too.
pub(super) fn refused(what: &'static str, code: u32) -> LdapError {
    let meaning = match code {
        INVALID_CREDENTIALS => " (name or password is wrong)",
        8 | 13 => " (it wants a stronger sign-in)",
        50 => " (the account may not do this)",
        51 | 52 => " (it is busy or not available)",
        53 => " (it does not want to)",
        _ => "",
    };
    LdapError::Refused { what, why: format!("result code {code}{meaning}") }
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
    use crate::web::auth::outside::is_name;

    #[test]
    fn groups_are_found_by_the_name_that_the_entry_has_and_not_by_what_was_typed() {
        let attrs = [("UID".to_owned(), vec!["Ann*".to_owned(), "root".to_owned()])];
        let entry = |attrs| SearchEntry {
            dn: "uid=ann,ou=people".into(),
            attrs,
            bin_attrs: Default::default(),
        };
        let by_dn = "(member=uid=ann,ou=people)(uniqueMember=uid=ann,ou=people)";
        let filter = groups_filter(&entry(attrs.into()), "uid");
        assert_eq!(filter, format!("(|{by_dn}(memberUid=Ann\\2a))"));
        assert_eq!(groups_filter(&entry(Default::default()), "uid"), format!("(|{by_dn})"));
    }

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
