//! What a certificate of the cluster says about its holder.
//!
//! | role | subject alternative names |
//! | --- | --- |
//! | node | `node-ID.CLUSTER.wk`, the node's addresses |
//! | component | `component.CLUSTER.wk`, the node's addresses |
//! | public | names and addresses of 8420 only |

use crate::model::NodeId;
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};

/// Holder of a certificate that its issuer has already been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A node.
    Node(NodeId),
    /// A supervised program on a node.
    Component,
}

/// The DNS name that stands for a node in its certificate.
#[must_use]
pub fn node_name(node: NodeId, cluster_id: &str) -> String {
    format!("node-{node}.{cluster_id}.wk")
}

/// The DNS name that stands for supervised programs in their certificates.
#[must_use]
pub fn component_name(cluster_id: &str) -> String {
    format!("component.{cluster_id}.wk")
}

/// Whose certificate this is; `None` when it names neither a node nor a component of
/// `cluster_id`, or several of them. The signature is the TLS layer's business.
#[must_use]
pub fn identify(der: &CertificateDer<'_>, cluster_id: &str) -> Option<Holder> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let names = parsed.subject_alternative_name().ok()??;
    let mut holders = names.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(dns) => holder(dns, cluster_id),
        _ => None,
    });
    let first = holders.next()?;
    holders.next().is_none().then_some(first)
}

fn holder(dns: &str, cluster_id: &str) -> Option<Holder> {
    let local = dns.strip_suffix(".wk")?.strip_suffix(cluster_id)?.strip_suffix('.')?;
    match local.strip_prefix("node-") {
        Some(id) => id.parse().ok().map(Holder::Node),
        None => (local == "component").then_some(Holder::Component),
    }
}

/// Whether it names a node, of whatever cluster, and no component. The signature is the caller's
/// business.
#[must_use]
pub fn is_node(der: &CertificateDer<'_>) -> bool {
    let cluster = |name: &String| {
        let rest = name.strip_prefix("node-")?.strip_suffix(".wk")?;
        rest.split_once('.').map(|(_, cluster)| cluster.to_owned())
    };
    let clusters: Vec<String> = names(der).iter().filter_map(cluster).collect();
    matches!(&clusters[..], [one] if matches!(identify(der, one), Some(Holder::Node(_))))
}

/// All names and addresses it is for, as text, sorted.
#[must_use]
pub fn names(der: &CertificateDer<'_>) -> Vec<String> {
    let Ok((_, parsed)) = X509Certificate::from_der(der) else { return Vec::new() };
    let Ok(Some(names)) = parsed.subject_alternative_name() else { return Vec::new() };
    let mut texts: Vec<_> = names
        .value
        .general_names
        .iter()
        .filter_map(|name| match name {
            GeneralName::DNSName(dns) => Some((*dns).to_owned()),
            GeneralName::IPAddress(bytes) => address(bytes).map(|ip| ip.to_string()),
            _ => None,
        })
        .collect();
    texts.sort();
    texts
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}

/// SHA-256 of the certificate's public key info: what tokens carry of a CA.
#[must_use]
pub fn public_key_hash(der: &CertificateDer<'_>) -> Option<[u8; 32]> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    Some(Sha256::digest(parsed.public_key().raw).into())
}

/// The text form of [`public_key_hash`], as tokens and people carry it.
#[must_use]
pub fn ca_hash(der: &CertificateDer<'_>) -> Option<String> {
    Some(data_encoding::BASE32_NOPAD.encode(&public_key_hash(der)?).to_lowercase())
}

/// Key identifiers that tie a certificate to its issuer's.
pub(super) struct KeyIdentifiers {
    pub(super) own: Option<Vec<u8>>,
    pub(super) issuer: Option<Vec<u8>>,
}

/// The key identifiers of a certificate; `None` when it does not parse.
pub(super) fn key_identifiers(der: &CertificateDer<'_>) -> Option<KeyIdentifiers> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let mut found = KeyIdentifiers { own: None, issuer: None };
    for extension in parsed.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(id) => found.own = Some(id.0.to_vec()),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                found.issuer = id.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
            _ => {}
        }
    }
    Some(found)
}

/// Start and end of validity, seconds since 1970.
#[must_use]
pub fn validity(der: &CertificateDer<'_>) -> Option<(i64, i64)> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let validity = parsed.validity();
    Some((validity.not_before.timestamp(), validity.not_after.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_holder_of_one_cluster() {
        let id = NodeId(u64::MAX);
        assert_eq!(holder(&node_name(id, "ab12"), "ab12"), Some(Holder::Node(id)));
        assert_eq!(holder(&component_name("ab12"), "ab12"), Some(Holder::Component));
        for foreign in ["node-1.ab13.wk", "node-x.ab12.wk", "node-1.ab12.wk.evil", "ab12.wk", ""] {
            assert_eq!(holder(foreign, "ab12"), None, "{foreign}");
        }
    }
}
