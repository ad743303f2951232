//! TLS between members: 1.3 only, both sides show a certificate of the cluster CA, no resumption
//! (so that every connection proves its holder anew). The ring provider is passed explicitly.

use super::{
    ca::{self, Issued},
    cert::{self, Holder},
};
use crate::model::NodeId;
use rustls::{
    ClientConfig, DistinguishedName, RootCertStore, ServerConfig,
    client::Resumption,
    crypto::CryptoProvider,
    server::{
        NoServerSessionStorage, WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject};
use std::sync::Arc;

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A certificate or key is damaged.
    #[error("a certificate is damaged")]
    Certificate(#[from] ca::CaError),
    /// A key is damaged.
    #[error("a private key is no PEM")]
    Key,
    /// rustls refuses the combination.
    #[error("TLS refuses this certificate and key")]
    Setup(#[from] rustls::Error),
    /// The CA certificate cannot be a trust anchor.
    #[error("the cluster CA cannot be a trust anchor")]
    Anchor(#[from] rustls::server::VerifierBuilderError),
}

/// What one member shows and trusts.
#[derive(Debug)]
pub struct Identity {
    /// Who; what a component shows names no node.
    pub node: NodeId,
    /// Of which cluster.
    pub cluster_id: String,
    ca: CertificateDer<'static>,
    pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self {
            node: self.node,
            cluster_id: self.cluster_id.clone(),
            ca: self.ca.clone(),
            pem: self.pem.clone(),
            chain: self.chain.clone(),
            key: self.key.clone_key(),
        }
    }
}

/// The one TLS provider.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// The half that all certificate verifiers share, of servers and of clients: who holds the
/// certificate has its key, shown with a signature that the one provider knows. Which TLS versions
/// are spoken is decided by the configuration.
macro_rules! signatures_of_the_provider {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            cert: &rustls::pki_types::CertificateDer<'_>,
            dss: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            let known = $crate::peer::tls::provider().signature_verification_algorithms;
            rustls::crypto::verify_tls12_signature(message, cert, dss, &known)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            cert: &rustls::pki_types::CertificateDer<'_>,
            dss: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            let known = $crate::peer::tls::provider().signature_verification_algorithms;
            rustls::crypto::verify_tls13_signature(message, cert, dss, &known)
        }

        fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
            $crate::peer::tls::provider().signature_verification_algorithms.supported_schemes()
        }
    };
}
pub(crate) use signatures_of_the_provider;

impl Identity {
    /// From PEM texts.
    ///
    /// # Errors
    /// [`TlsError::Certificate`], [`TlsError::Key`].
    pub fn new(
        node: NodeId,
        cluster_id: &str,
        ca_pem: &str,
        own: &Issued,
    ) -> Result<Self, TlsError> {
        Ok(Self {
            node,
            cluster_id: cluster_id.to_owned(),
            ca: ca::parse_certificate(ca_pem)?,
            pem: own.cert_pem.clone(),
            chain: vec![ca::parse_certificate(&own.cert_pem)?],
            key: private_key(own)?,
        })
    }

    /// The own certificate.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// For calling members.
    ///
    /// # Errors
    /// [`TlsError::Setup`].
    pub fn client_config(&self) -> Result<ClientConfig, TlsError> {
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_root_certificates(self.roots()?)
            .with_client_auth_cert(self.chain.clone(), self.key.clone_key())?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        config.resumption = Resumption::disabled();
        Ok(config)
    }

    /// For a door that only holders accepted by `accept` may pass.
    ///
    /// # Errors
    /// [`TlsError::Setup`], [`TlsError::Anchor`].
    pub fn server_config(&self, accept: fn(Holder) -> bool) -> Result<ServerConfig, TlsError> {
        let chain_check =
            WebPkiClientVerifier::builder_with_provider(Arc::new(self.roots()?), provider())
                .build()?;
        let verifier = HolderVerifier { chain_check, cluster_id: self.cluster_id.clone(), accept };
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_client_cert_verifier(Arc::new(verifier))
            .with_single_cert(self.chain.clone(), self.key.clone_key())?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }

    /// For a door that asks for no certificate; shows the CA along with the own one, for those
    /// who know only its hash.
    ///
    /// # Errors
    /// [`TlsError::Setup`].
    pub fn open_server_config(&self) -> Result<ServerConfig, TlsError> {
        let chain = self.chain.iter().chain([&self.ca]).cloned().collect();
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_no_client_auth()
            .with_single_cert(chain, self.key.clone_key())?;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }

    fn roots(&self) -> Result<RootCertStore, TlsError> {
        let mut roots = RootCertStore::empty();
        roots.add(self.ca.clone())?;
        Ok(roots)
    }
}

/// The private key of a certificate just issued or read.
///
/// # Errors
/// [`TlsError::Key`].
pub fn private_key(own: &Issued) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(own.key_pem.expose().as_bytes()).map_err(|_| TlsError::Key)
}

/// A failed handshake in words; an odd clock is the usual reason for an odd validity.
pub(super) fn explain(error: &std::io::Error) -> String {
    let text = error.to_string();
    if text.contains("NotValidYet") || text.contains("Expired") || text.contains("not valid yet") {
        return format!("{text} (do the clocks of both machines agree?)");
    }
    text
}

/// The usual check of the chain, then: does this holder belong here?
#[derive(Debug)]
struct HolderVerifier {
    chain_check: Arc<dyn ClientCertVerifier>,
    cluster_id: String,
    accept: fn(Holder) -> bool,
}

impl ClientCertVerifier for HolderVerifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.chain_check.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let verified = self.chain_check.verify_client_cert(end_entity, intermediates, now)?;
        match cert::identify(end_entity, &self.cluster_id) {
            Some(holder) if (self.accept)(holder) => Ok(verified),
            _ => Err(rustls::CertificateError::ApplicationVerificationFailure.into()),
        }
    }

    signatures_of_the_provider!();
}
