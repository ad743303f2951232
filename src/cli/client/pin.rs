//! Which server certificates are trusted: one signed by the CA whose public key has the hash we
//! know (API tokens carry it, `login` asks once), one signed by the CA of `--ca`, or one of the
//! public web. The server sends its CA along, so that the hash is enough.

use super::super::exit::Stop;
use crate::peer::{ca, cert, tls};
use anyhow::{Context as _, anyhow};
use rustls::{
    ClientConfig, RootCertStore,
    client::{
        WebPkiServerVerifier,
        danger::{ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::{
    path::Path,
    sync::{Arc, Mutex},
};

/// What is trusted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pin {
    hash: Option<String>,
    ca: Option<CertificateDer<'static>>,
    /// Accepts any CA and remembers its hash: for `login` to show it, before anything secret is
    /// sent.
    look: Option<Arc<Mutex<Option<String>>>>,
}

impl Pin {
    /// The public web only.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// With the CA in a PEM file, or with a hash.
    ///
    /// # Errors
    /// The file is no certificate.
    pub(crate) fn new(ca: Option<&Path>, hash: Option<&str>) -> Result<Self, Stop> {
        let ca = ca
            .map(|path| {
                let pem = std::fs::read_to_string(path)?;
                ca::parse_certificate(&pem).map_err(anyhow::Error::from)
            })
            .transpose()
            .context("reading the file of --ca")?;
        Ok(Self { hash: hash.map(str::to_owned), ca, look: None })
    }

    /// Trusts nothing and everything: gives the hash of the CA that the server shows.
    pub(crate) fn looking() -> (Self, Arc<Mutex<Option<String>>>) {
        let seen = Arc::new(Mutex::new(None));
        (Self { look: Some(seen.clone()), ..Self::default() }, seen)
    }

    /// The TLS configuration.
    ///
    /// # Errors
    /// The provider lacks what TLS needs: a bug.
    pub(crate) fn config(&self) -> Result<ClientConfig, Stop> {
        let config = ClientConfig::builder_with_provider(tls::provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| anyhow!(error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Verifier(self.clone())))
            .with_no_client_auth();
        Ok(config)
    }
}

#[derive(Debug)]
struct Verifier(Pin);

impl Verifier {
    /// The CA that the pin stands for, among what the server sent.
    fn pinned(&self, sent: &[CertificateDer<'_>]) -> Option<CertificateDer<'static>> {
        if let Some(ca) = &self.0.ca {
            return Some(ca.clone());
        }
        let hash = self.0.hash.as_deref()?;
        let found = sent.iter().find(|der| cert::ca_hash(der).as_deref() == Some(hash))?;
        Some(found.clone().into_owned())
    }

    fn verifier(
        ca: Option<CertificateDer<'static>>,
    ) -> Result<Arc<WebPkiServerVerifier>, rustls::Error> {
        let mut roots = RootCertStore::empty();
        match ca {
            Some(ca) => roots.add(ca)?,
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), tls::provider())
            .build()
            .map_err(|error| rustls::Error::General(error.to_string()))
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(seen) = &self.0.look {
            let top = intermediates.last().unwrap_or(end_entity);
            if let Ok(mut seen) = seen.lock() {
                *seen = cert::ca_hash(top);
            }
            return Ok(ServerCertVerified::assertion());
        }
        let verifier = Self::verifier(self.pinned(intermediates))?;
        verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    tls::signatures_of_the_provider!();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer::ca::{Authority, Role};

    fn check(pin: Pin, leaf: &Authority, sent: &Authority, name: &str) -> bool {
        let role = Role::Public { names: vec!["mon1".into()], addresses: Vec::new() };
        let issued = leaf.issue(&role).unwrap();
        let end_entity = ca::parse_certificate(&issued.cert_pem).unwrap();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        Verifier(pin)
            .verify_server_cert(&end_entity, &[sent.der().clone()], &name, &[], UnixTime::now())
            .is_ok()
    }

    #[test]
    fn only_a_certificate_of_the_pinned_ca_for_that_name_is_taken() {
        let (own, other) = (Authority::create("aa").unwrap(), Authority::create("bb").unwrap());
        let hash = cert::ca_hash(own.der()).unwrap();
        let pin = || Pin::new(None, Some(&hash)).ok().unwrap();
        assert!(check(pin(), &own, &own, "mon1"));
        assert!(!check(pin(), &own, &own, "mon2"), "another name");
        assert!(!check(pin(), &other, &other, "mon1"), "another CA");
        assert!(!check(pin(), &other, &own, "mon1"), "the right CA sent along, signed by another");
        assert!(!check(Pin::none(), &own, &own, "mon1"), "nothing pinned");
    }
}
