//! Certificates and doors of a formed node: what components need to be reached and to reach.

use super::{machine, options::NodeOptions};
use crate::{
    base::{atomic_file, error_chain::ErrorChain},
    model::{cluster::Member, process::RunAs},
    peer::{
        ca::{Issued, Role},
        formation::Formed,
        identity::{IdentityError, ensure_certificate},
        tls::{self, TlsError},
    },
    render::CertificatePaths,
    web::listener::PublicTls,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::watch;

/// Why a certificate cannot be used or made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DoorError {
    /// Own files.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// `[public]` cert or key.
    #[error("cannot use {path} of [public]: {reason}")]
    Public {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The CA file for components.
    #[error("cannot write {path}")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The certificate of role `component` in files that the components' user can read.
///
/// # Errors
/// [`DoorError`].
pub fn component_certificate(
    data_dir: &Path,
    formed: &Formed,
    me: &Member,
    run_as: Option<RunAs>,
) -> Result<CertificatePaths, DoorError> {
    let dir = data_dir.join("components/tls");
    std::fs::create_dir_all(&dir)
        .map_err(|source| DoorError::Write { path: dir.clone(), source })?;
    let pair = dir.join("component.pem");
    let role = Role::Component { addresses: addresses(me) };
    ensure_certificate(&pair, &role, &formed.authority, run_as)?;
    let ca = dir.join("ca.pem");
    atomic_file::write_if_changed(&ca, formed.authority.pem().as_bytes(), 0o644)
        .map_err(|source| DoorError::Write { path: ca.clone(), source })?;
    Ok(CertificatePaths { cert: pair.clone(), key: pair, ca })
}

/// Addresses a node's certificates are for.
#[must_use]
pub fn addresses(me: &Member) -> Vec<IpAddr> {
    let mut addresses = vec![me.address];
    if me.loopback != me.address {
        addresses.push(me.loopback);
    }
    addresses
}

/// How the public port speaks; the sender replaces the certificate later.
pub struct PublicDoor {
    /// For the listener.
    pub tls: PublicTls,
    /// `None` when TLS is off.
    pub swap: Option<watch::Sender<Arc<ServerConfig>>>,
    /// An own certificate was given: none of the cluster CA replaces it.
    pub own: bool,
}

impl PublicDoor {
    /// Plain, with the certificate of `[public]`, or self-signed until there is a CA.
    ///
    /// # Errors
    /// The given certificate cannot be used.
    pub fn open(options: &NodeOptions) -> Result<Self, DoorError> {
        use super::conf::TlsMode;
        if options.public.tls == TlsMode::Off {
            return Ok(Self { tls: PublicTls::Off, swap: None, own: false });
        }
        let (config, own) = match (&options.public.cert, &options.public.key) {
            (Some(cert), Some(key)) => (given(cert, key)?, true),
            _ => {
                let names = [options.listen.to_string(), machine::loopback(options).to_string()];
                let issued = crate::peer::ca::self_signed("Watchkeep", &names)
                    .map_err(IdentityError::from)?;
                (server_config(&issued, None)?, false)
            }
        };
        let (swap, receiver) = watch::channel(Arc::new(config));
        Ok(Self { tls: PublicTls::On(receiver), swap: Some(swap), own })
    }

    /// Goes over to a certificate of the cluster CA, unless an own one was given.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn adopt(&self, formed: &Formed, data_dir: &Path, me: &Member) -> Result<(), DoorError> {
        let Some(swap) = self.swap.as_ref().filter(|_| !self.own) else { return Ok(()) };
        let name = me.name.parse::<IpAddr>().is_err().then(|| me.name.clone());
        let role = Role::Public { names: name.into_iter().collect(), addresses: addresses(me) };
        let path = data_dir.join("tls/public.pem");
        let issued = ensure_certificate(&path, &role, &formed.authority, None)?;
        swap.send_replace(Arc::new(server_config(&issued, Some(formed.authority.pem()))?));
        Ok(())
    }
}

fn server_config(issued: &Issued, ca_pem: Option<&str>) -> Result<ServerConfig, DoorError> {
    let mut chain =
        vec![crate::peer::ca::parse_certificate(&issued.cert_pem).map_err(IdentityError::from)?];
    if let Some(ca) = ca_pem {
        chain.push(crate::peer::ca::parse_certificate(ca).map_err(IdentityError::from)?);
    }
    build(chain, tls::private_key(issued)?)
}

fn given(cert: &Path, key: &Path) -> Result<ServerConfig, DoorError> {
    let unusable = |path: &Path, error: &dyn std::error::Error| DoorError::Public {
        path: path.to_owned(),
        reason: ErrorChain(error).to_string(),
    };
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable(cert, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
    build(chain, private)
}

fn build(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, DoorError> {
    let mut config = ServerConfig::builder_with_provider(tls::provider())
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(TlsError::from)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
