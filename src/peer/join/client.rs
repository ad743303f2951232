//! The joining side: speaks to one member after it has shown a certificate of the CA that the
//! token names.

use super::{Answer, Ask, JOIN_ALPN, Knock, NodeToken};
use crate::peer::{
    cert,
    formation::channel::{self, ChannelError},
    resolve::Endpoint,
    tls::{self, TlsError},
};
use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    client::{
        Resumption,
        danger::{ServerCertVerified, ServerCertVerifier},
        verify_server_cert_signed_by_trust_anchor,
    },
    server::ParsedCertificate,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// One question and its answer, writes of the other side included.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(20);

/// Asks members to be let in.
pub(in crate::peer) struct JoinClient {
    token: NodeToken,
    tls: Arc<ClientConfig>,
}

impl JoinClient {
    pub(in crate::peer) fn new(token: NodeToken) -> Result<Self, TlsError> {
        let verifier = OfTheCluster { ca_hash: token.ca_hash.clone() };
        let mut config = ClientConfig::builder_with_provider(tls::provider())
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![JOIN_ALPN.to_vec()];
        config.resumption = Resumption::disabled();
        Ok(Self { token, tls: Arc::new(config) })
    }

    /// One try at one member; an error says in words why there is no answer.
    pub(in crate::peer) async fn ask(&self, entry: &Endpoint, ask: Ask) -> Result<Answer, String> {
        let knock =
            Knock { id: self.token.id.clone(), secret: self.token.secret.expose().clone(), ask };
        let talk = async {
            let refused = "it lets nobody join";
            let stream = channel::connect(&self.tls, entry, refused).await;
            let mut stream = stream.map_err(explain)?;
            let said = async {
                channel::send(&mut stream, &knock).await?;
                channel::receive(&mut stream).await
            };
            said.await.map_err(|error: ChannelError| error.to_string())
        };
        timeout(EXCHANGE_TIMEOUT, talk).await.unwrap_or_else(|_| Err("no answer".to_owned()))
    }
}

/// The reasons that an operator can do something about.
fn explain(reason: String) -> String {
    if reason.contains("UnknownIssuer") {
        return "it is of another cluster than the token (its CA has another hash): take a token \
                of that cluster, or correct --cluster"
            .to_owned();
    }
    if reason.contains("Expired") || reason.contains("NotValidYet") {
        return format!("{reason} (do the clocks of both machines agree?)");
    }
    reason
}

/// Any node of the cluster whose CA has this hash. The CA comes along in the handshake.
#[derive(Debug)]
struct OfTheCluster {
    ca_hash: String,
}

impl ServerCertVerifier for OfTheCluster {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let ours = |der: &&CertificateDer<'_>| {
            cert::ca_hash(der).as_deref() == Some(self.ca_hash.as_str())
        };
        let Some(ca) = intermediates.iter().find(ours) else {
            return Err(CertificateError::UnknownIssuer.into());
        };
        let mut roots = RootCertStore::empty();
        roots.add(ca.clone().into_owned())?;
        let known = tls::provider().signature_verification_algorithms;
        let leaf = ParsedCertificate::try_from(end_entity)?;
        verify_server_cert_signed_by_trust_anchor(&leaf, &roots, &[], now, known.all)?;
        // Components and portals have certificates of this CA, too: they let nobody in.
        if !cert::is_node(end_entity) {
            return Err(CertificateError::ApplicationVerificationFailure.into());
        }
        Ok(ServerCertVerified::assertion())
    }

    tls::signatures_of_the_provider!();
}
