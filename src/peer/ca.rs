//! The cluster's certificate authority: ECDSA P-256, made at formation. Its key lives in the
//! replicated state, sealed with the cluster's data key, so that any node can issue locally.
//!
//! Certificates start 24 hours before now, because clocks of machines differ.

use super::{
    cert,
    data_key::{DataKey, KeyError},
};
use crate::{
    base::{clock, redact::Secret},
    model::NodeId,
};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData, SanType, date_time_ymd,
};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use std::{net::IpAddr, time::Duration};

const DAY: Duration = Duration::from_secs(24 * 3600);
const BACK_DATED: Duration = DAY;
/// Life of every certificate but the CA's own.
pub const LEAF_LIFE: Duration = Duration::from_secs(90 * 24 * 3600);
const CA_LIFE: Duration = Duration::from_secs(20 * 365 * 24 * 3600);

/// Why a certificate cannot be made or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaError {
    /// Making or signing failed.
    #[error("cannot make a certificate")]
    Make(#[from] rcgen::Error),
    /// The key does not open.
    #[error("cannot open the key of the cluster CA")]
    Key(#[from] KeyError),
    /// Certificate and key do not belong together, or are damaged.
    #[error("the cluster CA is damaged: {0}")]
    Damaged(&'static str),
}

/// For whom a certificate is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A node, for 8421 and 8422. Client and server.
    Node {
        /// Who.
        id: NodeId,
        /// Its addresses.
        addresses: Vec<IpAddr>,
    },
    /// Supervised programs of a node: scraping 8422, gossip. Client and server; 8421 refuses it.
    Component {
        /// The node's addresses.
        addresses: Vec<IpAddr>,
    },
    /// Portal and API (8420). Server only.
    Public {
        /// DNS names.
        names: Vec<String>,
        /// Addresses.
        addresses: Vec<IpAddr>,
    },
}

/// A new certificate and its key, both PEM.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The certificate alone; the CA's is not in it.
    pub cert_pem: String,
    /// PKCS#8.
    pub key_pem: Secret<String>,
}

/// The CA with its key.
pub struct Authority {
    cluster_id: String,
    pem: String,
    der: CertificateDer<'static>,
    key_pem: Secret<String>,
}

impl Authority {
    /// Makes the CA of a new cluster.
    ///
    /// # Errors
    /// [`CaError::Make`].
    pub fn create(cluster_id: &str) -> Result<Self, CaError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let now = Duration::from_millis(clock::now_unix_ms());
        let mut params = params(&format!("Watchkeep CA {cluster_id}"), CA_LIFE, now);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            cluster_id: cluster_id.to_owned(),
            pem: certificate.pem(),
            der: certificate.der().clone(),
            key_pem: Secret::new(key.serialize_pem()),
        })
    }

    /// Opens the CA from its certificate and its sealed key.
    ///
    /// # Errors
    /// [`CaError::Key`] with the wrong data key; [`CaError::Damaged`] when the two do not belong
    /// together.
    pub fn open(
        cluster_id: &str,
        pem: &str,
        sealed_key: &str,
        data_key: &DataKey,
    ) -> Result<Self, CaError> {
        let key = data_key.unseal(&purpose(cluster_id), sealed_key)?;
        let key = std::str::from_utf8(key.expose())
            .map_err(|_| CaError::Damaged("its key is no text"))?;
        let key_pem = Secret::new(key.to_owned());
        let der = parse_certificate(pem)?;
        let pair = KeyPair::from_pem(key_pem.expose())?;
        let (_, parsed) = x509_parser::parse_x509_certificate(&der)
            .map_err(|_| CaError::Damaged("its certificate does not parse"))?;
        if parsed.public_key().raw != pair.subject_public_key_info() {
            return Err(CaError::Damaged("key and certificate do not belong together"));
        }
        Ok(Self { cluster_id: cluster_id.to_owned(), pem: pem.to_owned(), der, key_pem })
    }

    /// The same CA for a cluster with another id.
    #[must_use]
    pub fn for_cluster(self, cluster_id: &str) -> Self {
        Self { cluster_id: cluster_id.to_owned(), ..self }
    }

    /// The key, sealed for the replicated state.
    ///
    /// # Errors
    /// [`CaError::Key`].
    pub fn seal_key(&self, data_key: &DataKey) -> Result<String, CaError> {
        Ok(data_key.seal(&purpose(&self.cluster_id), self.key_pem.expose().as_bytes())?)
    }

    /// The certificate, PEM.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The certificate, DER.
    #[must_use]
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// Makes a key and a certificate for it.
    ///
    /// # Errors
    /// [`CaError::Make`], for instance for a name that is no DNS name.
    pub fn issue(&self, role: &Role) -> Result<Issued, CaError> {
        self.issue_at(role, Duration::from_millis(clock::now_unix_ms()))
    }

    /// As [`Self::issue`], at another time since 1970.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn issue_at(&self, role: &Role, now: Duration) -> Result<Issued, CaError> {
        let issuer =
            Issuer::from_ca_cert_der(&self.der, KeyPair::from_pem(self.key_pem.expose())?)?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let (common_name, names, addresses) = self.subject(role);
        let mut params = params(&common_name, LEAF_LIFE, now);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        if !matches!(role, Role::Public { .. }) {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        }
        for name in names {
            params.subject_alt_names.push(SanType::DnsName(name.try_into()?));
        }
        params.subject_alt_names.extend(addresses.iter().copied().map(SanType::IpAddress));
        let certificate = params.signed_by(&key, &issuer)?;
        Ok(Issued { cert_pem: certificate.pem(), key_pem: Secret::new(key.serialize_pem()) })
    }

    /// The names and addresses that a certificate for `role` carries, as text, sorted.
    pub(super) fn names(&self, role: &Role) -> Vec<String> {
        let (_, mut names, addresses) = self.subject(role);
        names.extend(addresses.iter().map(IpAddr::to_string));
        names.sort();
        names
    }

    /// Whether a certificate names this CA's key as its issuer's. No signature check.
    pub(super) fn has_issued(&self, der: &CertificateDer<'_>) -> bool {
        let own = cert::key_identifiers(&self.der).and_then(|ids| ids.own);
        own.is_some() && own == cert::key_identifiers(der).and_then(|ids| ids.issuer)
    }

    fn subject<'a>(&self, role: &'a Role) -> (String, Vec<String>, &'a [IpAddr]) {
        match role {
            Role::Node { id, addresses } => {
                (format!("node {id}"), vec![cert::node_name(*id, &self.cluster_id)], addresses)
            }
            Role::Component { addresses } => {
                ("component".to_owned(), vec![cert::component_name(&self.cluster_id)], addresses)
            }
            Role::Public { names, addresses } => ("Watchkeep".to_owned(), names.clone(), addresses),
        }
    }
}

/// A certificate that proves nothing by itself: for 8420 before there is a CA, and for formation,
/// where the token authenticates.
///
/// # Errors
/// [`CaError::Make`].
pub fn self_signed(common_name: &str, names: &[String]) -> Result<Issued, CaError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let now = Duration::from_millis(clock::now_unix_ms());
    let mut params = params(common_name, LEAF_LIFE, now);
    for name in names {
        params.subject_alt_names.push(match name.parse::<IpAddr>() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(name.clone().try_into()?),
        });
    }
    let certificate = params.self_signed(&key)?;
    Ok(Issued { cert_pem: certificate.pem(), key_pem: Secret::new(key.serialize_pem()) })
}

/// The one certificate of a PEM text.
///
/// # Errors
/// [`CaError::Damaged`].
pub fn parse_certificate(pem: &str) -> Result<CertificateDer<'static>, CaError> {
    CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| CaError::Damaged("its certificate is no PEM"))
}

fn purpose(cluster_id: &str) -> String {
    format!("ca key of {cluster_id}")
}

fn params(common_name: &str, life: Duration, now: Duration) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    // Whole seconds: certificates know no fractions.
    let now = date_time_ymd(1970, 1, 1) + Duration::from_secs(now.as_secs());
    params.not_before = now - BACK_DATED;
    params.not_after = now + life;
    params
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_ca_opens_on_another_node_and_issues_the_same_trust() {
        let data_key = DataKey::mint().unwrap();
        let authority = Authority::create("ab12").unwrap();
        let sealed = authority.seal_key(&data_key).unwrap();
        let other = Authority::open("ab12", authority.pem(), &sealed, &data_key).unwrap();
        assert_eq!(cert::public_key_hash(other.der()), cert::public_key_hash(authority.der()));
        let issued =
            other.issue(&Role::Node { id: NodeId(7), addresses: vec![[127, 0, 0, 1].into()] });
        let der = parse_certificate(&issued.unwrap().cert_pem).unwrap();
        assert_eq!(cert::identify(&der, "ab12"), Some(cert::Holder::Node(NodeId(7))));
        assert_eq!(cert::identify(&der, "ab13"), None);
    }

    #[test]
    fn a_wrong_data_key_or_a_foreign_certificate_is_refused() {
        let data_key = DataKey::mint().unwrap();
        let authority = Authority::create("ab12").unwrap();
        let sealed = authority.seal_key(&data_key).unwrap();
        let wrong = DataKey::mint().unwrap();
        assert!(Authority::open("ab12", authority.pem(), &sealed, &wrong).is_err());
        let foreign = Authority::create("ab12").unwrap();
        let mixed = Authority::open("ab12", foreign.pem(), &sealed, &data_key);
        assert!(matches!(mixed, Err(CaError::Damaged(_))));
    }

    #[test]
    fn certificates_are_back_dated_a_day_and_live_ninety() {
        let authority = Authority::create("ab12").unwrap();
        let issued = authority.issue(&Role::Component { addresses: vec![] }).unwrap();
        let der = parse_certificate(&issued.cert_pem).unwrap();
        let (from, to) = cert::validity(&der).unwrap();
        assert_eq!(to - from, 91 * 24 * 3600);
        assert_eq!(cert::identify(&der, "ab12"), Some(cert::Holder::Component));
    }
}
