//! Settings of signing in through somebody else.

use super::{Code, Findings, accounts};
use crate::model::spec::{GroupGrant, LdapSettings, OidcSettings, Settings};
use http::Uri;
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use std::net::SocketAddr;

/// Longest contact, in characters.
const MAX_CONTACT: usize = 200;
/// A day's work, to the longest that any session lasts.
const SESSION_HOURS: std::ops::RangeInclusive<u32> = 1..=168;

pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    let sign_in = &settings.sign_in;
    if sign_in.contact.chars().count() > MAX_CONTACT {
        let message = format!("longer than {MAX_CONTACT} characters");
        findings.spec("sign_in/contact", Code::BadValue, message);
    }
    if !SESSION_HOURS.contains(&sign_in.session_hours) {
        let message = "must be 1 to 168 hours".to_owned();
        findings.spec("sign_in/session_hours", Code::BadValue, message);
    }
    if let Some(oidc) = &sign_in.oidc {
        self::oidc(oidc, &settings.outgoing.allow, findings);
    }
    if let Some(ldap) = &sign_in.ldap {
        self::ldap(ldap, findings);
    }
}

fn oidc(oidc: &OidcSettings, allow: &[String], findings: &mut Findings) {
    let mut bad = |field: &str, message: String| {
        findings.spec(format_args!("sign_in/oidc/{field}"), Code::BadValue, message);
    };
    if !is_https(&oidc.issuer) && !is_listed_loopback(&oidc.issuer, allow) {
        let message = "must be https://HOST without query; http:// only for a loopback address \
                       that outgoing.allow lists";
        bad("issuer", message.into());
    }
    if let Some(url) = &oidc.public_url
        && !is_address(url, &["https", "http"])
    {
        bad("public_url", "must be an address as https://monitoring.example".into());
    }
    if oidc.client_id.is_empty() {
        bad("client_id", "must not be empty".into());
    }
    for (field, claim) in [("name_claim", &oidc.name_claim), ("groups_claim", &oidc.groups_claim)] {
        if claim.is_empty() {
            bad(field, "must not be empty".into());
        }
    }
    let is_scope =
        |scope: &String| !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic());
    if let Some(scope) = oidc.scopes.iter().find(|scope| !is_scope(scope)) {
        bad("scopes", format!("`{scope}` is no scope: one word of ASCII"));
    }
    certificates("sign_in/oidc/ca", oidc.ca.as_deref(), findings);
    grants("sign_in/oidc/grants", &oidc.grants, findings);
}

fn ldap(ldap: &LdapSettings, findings: &mut Findings) {
    let mut bad = |field: &str, message: &str| {
        findings.spec(format_args!("sign_in/ldap/{field}"), Code::BadValue, message.to_owned());
    };
    if !is_address(&ldap.url, &["ldaps", "ldap"]) {
        bad("url", "must be ldaps://HOST[:PORT], or ldap://HOST[:PORT] for StartTLS");
    } else if ldap.url.contains('[') {
        bad(
            "url",
            "must have a host name or an IPv4 address: write the name that its certificate is for",
        );
    }
    if ldap.bind_dn.is_some() != ldap.bind_password.is_some() {
        bad("bind_dn", "bind_dn and bind_password go together: a name alone proves nothing");
    }
    if ldap.base.is_empty() {
        bad("base", "must not be empty");
    }
    let is_attribute = |text: &str| {
        let named = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-;".contains(&byte));
        named && !text.is_empty()
    };
    for (field, attribute) in
        [("user_attribute", &ldap.user_attribute), ("group_attribute", &ldap.group_attribute)]
    {
        if !is_attribute(attribute) {
            bad(field, "is no name of an attribute");
        }
    }
    if let Some(filter) = &ldap.filter
        && !(filter.starts_with('(') && filter.ends_with(')'))
    {
        bad("filter", "must be a filter in parentheses: (objectClass=person)");
    }
    certificates("sign_in/ldap/ca", ldap.ca.as_deref(), findings);
    grants("sign_in/ldap/grants", &ldap.grants, findings);
}

fn grants(path: &str, grants: &[GroupGrant], findings: &mut Findings) {
    for (position, grant) in grants.iter().enumerate() {
        if grant.group.is_empty() {
            let message = "must not be empty".to_owned();
            findings.spec(format_args!("{path}/{position}/group"), Code::BadValue, message);
        }
        accounts::scope(findings, &format!("{path}/{position}/scope"), &grant.scope);
    }
}

fn certificates(path: &str, pem: Option<&str>, findings: &mut Findings) {
    let Some(pem) = pem else { return };
    let mut n_certificates = 0;
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let readable =
            certificate.is_ok_and(|der| x509_parser::parse_x509_certificate(&der).is_ok());
        if !readable {
            findings.spec(path, Code::BadValue, "holds what is no certificate".to_owned());
            return;
        }
        n_certificates += 1;
    }
    if n_certificates == 0 {
        let message = "holds no certificate: paste the PEM text".to_owned();
        findings.spec(path, Code::BadValue, message);
    }
}

fn is_https(text: &str) -> bool {
    is_address(text, &["https"])
}

fn is_address(text: &str, schemes: &[&str]) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let plain = uri.query().is_none() && !text.contains(['#', '@']);
    plain
        && uri.host().is_some_and(|host| !host.is_empty())
        && uri.scheme_str().is_some_and(|scheme| schemes.contains(&scheme))
}

fn is_listed_loopback(text: &str, allow: &[String]) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let address = uri.authority().and_then(|authority| authority.as_str().parse().ok());
    let listed = |to: &SocketAddr| allow.iter().any(|entry| entry.parse() == Ok(*to));
    let loopback = |to: &SocketAddr| to.ip().is_loopback();
    uri.scheme_str() == Some("http")
        && is_address(text, &["http"])
        && address.is_some_and(|to| loopback(&to) && listed(&to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_speak_tls_except_listed_loopback_addresses() {
        let allow = ["127.0.0.1:9000".to_owned(), "10.0.0.1:80".to_owned()];
        let allowed = |issuer: &str| is_https(issuer) || is_listed_loopback(issuer, &allow);
        for good in ["https://id.example", "https://id.example/realms/a", "http://127.0.0.1:9000"] {
            assert!(allowed(good), "{good}");
        }
        for bad in [
            "",
            "id.example",
            "http://id.example",
            "http://127.0.0.1:9001",
            "http://10.0.0.1:80",
            "https://",
            "https://id.example?x=1",
            "https://me@id.example",
            "ftp://127.0.0.1:9000",
        ] {
            assert!(!allowed(bad), "{bad}");
        }
    }
}
