//! The authenticated channel of formation: TLS 1.3 with throw-away certificates on both sides,
//! then each side sends `HMAC(token, role, TLS exporter, both certificates)`. The exporter ties
//! the proof to this very connection, so that a man in the middle gains nothing by passing it on.

use crate::{
    base::error_chain::ErrorChain,
    peer::{
        ca::{self, CaError},
        resolve::Endpoint,
        server::FORMATION_ALPN,
        tls::{self, TlsError},
        token::FormationToken,
    },
};
use rustls::{
    ClientConfig, DistinguishedName, ServerConfig,
    client::{
        Resumption,
        danger::{ServerCertVerified, ServerCertVerifier},
    },
    server::{
        NoServerSessionStorage,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{io, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, TlsStream};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const MAX_FRAME: u32 = 1 << 20;
const ACCEPTED: u8 = 1;
const DENIED: u8 = 0;
const EXPORTER: &[u8] = b"EXPORTER-watchkeep-formation";

/// Why the channel does not stand.
#[derive(Debug, thiserror::Error)]
pub(in crate::peer) enum ChannelError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("wrong token: it was started with another formation token")]
    WrongToken,
    #[error("it answers in an unknown form: use the same version on all machines")]
    Form(#[from] serde_json::Error),
}

/// The token and the throw-away certificate of this process.
pub(super) struct Secure {
    pub(super) server: Arc<ServerConfig>,
    pub(super) client: Arc<ClientConfig>,
    cert_hash: [u8; 32],
    token: FormationToken,
}

impl Secure {
    pub(super) fn new(token: FormationToken) -> Result<Self, TlsError> {
        let own = ca::self_signed("watchkeep formation", &[]).map_err(TlsError::Certificate)?;
        let der = ca::parse_certificate(&own.cert_pem).map_err(TlsError::Certificate)?;
        let any = Arc::new(AnyCertificate);
        let versions = &[&rustls::version::TLS13];
        let mut server = ServerConfig::builder_with_provider(tls::provider())
            .with_protocol_versions(versions)?
            .with_client_cert_verifier(any.clone())
            .with_single_cert(vec![der.clone()], tls::private_key(&own)?)?;
        server.alpn_protocols = vec![FORMATION_ALPN.to_vec()];
        server.session_storage = Arc::new(NoServerSessionStorage {});
        server.send_tls13_tickets = 0;
        let mut client = ClientConfig::builder_with_provider(tls::provider())
            .with_protocol_versions(versions)?
            .dangerous()
            .with_custom_certificate_verifier(any)
            .with_client_auth_cert(vec![der.clone()], tls::private_key(&own)?)?;
        client.alpn_protocols = vec![FORMATION_ALPN.to_vec()];
        client.resumption = Resumption::disabled();
        let cert_hash = Sha256::digest(&der).into();
        Ok(Self { server: Arc::new(server), client: Arc::new(client), cert_hash, token })
    }

    /// What the cluster keeps of the token.
    pub(super) fn token_hash(&self) -> String {
        self.token.hash()
    }

    /// The calling side's half: proves itself first, then checks the other side.
    pub(super) async fn prove_as_client<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut TlsStream<S>,
    ) -> Result<(), ChannelError> {
        let binding = self.binding(stream)?;
        stream.write_all(&binding.mac(&self.token, b"client")).await?;
        stream.flush().await?;
        if stream.read_u8().await? != ACCEPTED {
            return Err(ChannelError::WrongToken);
        }
        let mut theirs = [0u8; 32];
        stream.read_exact(&mut theirs).await?;
        if binding.fits(&self.token, b"server", &theirs) {
            Ok(())
        } else {
            Err(ChannelError::WrongToken)
        }
    }

    /// The called side's half: says nothing until the caller has proven itself.
    pub(super) async fn prove_as_server<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut TlsStream<S>,
    ) -> Result<(), ChannelError> {
        let binding = self.binding(stream)?;
        let mut theirs = [0u8; 32];
        stream.read_exact(&mut theirs).await?;
        if !binding.fits(&self.token, b"client", &theirs) {
            stream.write_u8(DENIED).await?;
            stream.shutdown().await?;
            return Err(ChannelError::WrongToken);
        }
        stream.write_u8(ACCEPTED).await?;
        stream.write_all(&binding.mac(&self.token, b"server")).await?;
        stream.flush().await?;
        Ok(())
    }

    fn binding<S>(&self, stream: &TlsStream<S>) -> io::Result<Binding> {
        let (_, connection) = stream.get_ref();
        let theirs = connection
            .peer_certificates()
            .and_then(<[_]>::first)
            .map(|der| Sha256::digest(der).into())
            .ok_or_else(|| io::Error::other("it showed no certificate"))?;
        let mut exporter = [0u8; 32];
        let is_client = match stream {
            TlsStream::Client(client) => {
                client.get_ref().1.export_keying_material(&mut exporter, EXPORTER, None)
            }
            TlsStream::Server(server) => {
                server.get_ref().1.export_keying_material(&mut exporter, EXPORTER, None)
            }
        }
        .map(|_| matches!(stream, TlsStream::Client(_)))
        .map_err(io::Error::other)?;
        let (client, server) =
            if is_client { (self.cert_hash, theirs) } else { (theirs, self.cert_hash) };
        Ok(Binding { exporter, client, server })
    }
}

struct Binding {
    exporter: [u8; 32],
    client: [u8; 32],
    server: [u8; 32],
}

impl Binding {
    fn mac(&self, token: &FormationToken, role: &[u8]) -> [u8; 32] {
        token.mac(&self.parts(role))
    }

    fn fits(&self, token: &FormationToken, role: &[u8], proof: &[u8]) -> bool {
        token.verify(&self.parts(role), proof)
    }

    fn parts<'a>(&'a self, role: &'a [u8]) -> [&'a [u8]; 5] {
        [b"watchkeep formation 1", role, &self.exporter, &self.client, &self.server]
    }
}

/// A TLS connection to the first address of `entry` that answers; in words why there is none.
pub(in crate::peer) async fn connect(
    tls: &Arc<ClientConfig>,
    entry: &Endpoint,
    refused: &str,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, String> {
    // Asked anew each time: names may move while machines are being set up.
    let addresses = entry.resolve().await.map_err(|error| ErrorChain(&error).to_string())?;
    let mut last = String::new();
    for address in addresses {
        let tcp = match timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => tcp,
            Ok(Err(error)) => {
                last = explain(&error);
                continue;
            }
            Err(_) => {
                last = "no answer to the connection attempt".to_owned();
                continue;
            }
        };
        let _ = tcp.set_nodelay(true);
        let name = ServerName::IpAddress(address.ip().into());
        let connector = TlsConnector::from(Arc::clone(tls));
        return connector
            .connect(name, tcp)
            .await
            .map_err(|error| format!("{refused} ({})", explain(&error)));
    }
    Err(last)
}

/// What went wrong with a connection, for people.
pub(super) fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "connection reset".to_owned(),
        io::ErrorKind::HostUnreachable => "host unreachable".to_owned(),
        io::ErrorKind::NetworkUnreachable => "network unreachable".to_owned(),
        io::ErrorKind::UnexpectedEof => "it closed the connection".to_owned(),
        _ => error.to_string(),
    }
}

/// Sends one message.
pub(in crate::peer) async fn send<S, T>(stream: &mut S, message: &T) -> Result<(), ChannelError>
where
    S: AsyncWrite + Unpin,
    T: Serialize,
{
    let bytes = zeroize::Zeroizing::new(serde_json::to_vec(message)?);
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    stream.write_u32(length).await?;
    stream.write_all(&bytes).await?;
    stream.flush().await?;
    Ok(())
}

/// Receives one message of at most 1 MiB.
pub(in crate::peer) async fn receive<S, T>(stream: &mut S) -> Result<T, ChannelError>
where
    S: AsyncRead + Unpin,
    T: DeserializeOwned,
{
    let length = stream.read_u32().await?;
    if length > MAX_FRAME {
        return Err(io::Error::other("message too long").into());
    }
    let mut bytes = zeroize::Zeroizing::new(vec![0; length as usize]);
    stream.read_exact(&mut bytes).await?;
    Ok(serde_json::from_slice(&bytes)?)
}

impl From<CaError> for ChannelError {
    fn from(error: CaError) -> Self {
        Self::Io(io::Error::other(error))
    }
}

/// Takes any certificate whose holder has its key: the token authenticates, not the certificate.
#[derive(Debug)]
struct AnyCertificate;

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    tls::signatures_of_the_provider!();
}

impl ClientCertVerifier for AnyCertificate {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    tls::signatures_of_the_provider!();
}
