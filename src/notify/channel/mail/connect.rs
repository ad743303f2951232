//! A connection to a mail server, protected as declared. The caller bounds the time.

use super::{MailError, verdict::Failure};
use crate::{
    model::spec::MailTls,
    notify::outgoing::{Guard, Lookup, Refused, Unresolved},
};
use lettre::transport::smtp::{
    client::{AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder},
    extension::ClientId,
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    time::Duration,
};

/// Longest wait for one address.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Where mail is handed in.
pub(super) struct Server {
    host: String,
    port: u16,
    pub(super) tls: MailTls,
    parameters: TlsParameters,
    guard: Guard,
    lookup: Lookup,
}

impl Server {
    /// `ca` is PEM: certificates to trust beside the usual ones.
    pub(super) fn new(
        host: String,
        port: u16,
        tls: MailTls,
        guard: &Guard,
        lookup: &Lookup,
        ca: Option<&str>,
    ) -> Result<Self, MailError> {
        // Set once per process; the application has done it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut parameters = TlsParametersBuilder::new(host.clone());
        if let Some(pem) = ca {
            let root = Certificate::from_pem(pem.as_bytes()).map_err(MailError::Tls)?;
            parameters = parameters.add_root_certificate(root);
        }
        let parameters = parameters.build_rustls().map_err(MailError::Tls)?;
        Ok(Self { host, port, tls, parameters, guard: guard.clone(), lookup: lookup.clone() })
    }

    /// Connected, greeted, and protected.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let mut last = Failure::Unresolved(Unresolved("it has no address".to_owned()));
        for address in self.addresses().await? {
            match self.connect_to(address).await {
                Ok(connection) => return Ok(connection),
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    async fn connect_to(&self, address: SocketAddr) -> Result<AsyncSmtpConnection, Failure> {
        let wrapped = (self.tls == MailTls::Tls).then(|| self.parameters.clone());
        let hello = hello(address);
        let timeout = Some(CONNECT_TIMEOUT);
        // From a numeric address nothing is resolved.
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, timeout, &hello, wrapped, None).await?;
        if self.tls == MailTls::Starttls {
            if !connection.can_starttls() {
                connection.abort().await;
                return Err(Failure::NoStarttls);
            }
            connection.starttls(self.parameters.clone(), &hello).await?;
        }
        Ok(connection)
    }

    /// All of which may be connected to: one bad address condemns the name.
    async fn addresses(&self) -> Result<Vec<SocketAddr>, Failure> {
        let literal = self.host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let found = match literal {
            Ok(ip) => vec![ip],
            Err(_) => (self.lookup)(self.host.clone())
                .await
                .map_err(|error| Failure::Unresolved(Unresolved(error)))?,
        };
        let found: Vec<_> = found.into_iter().map(|ip| SocketAddr::new(ip, self.port)).collect();
        let refused: Result<(), Refused> =
            found.iter().try_for_each(|address| self.guard.check(*address));
        refused.map_err(Failure::Refused)?;
        Ok(found)
    }
}

/// Who we say we are: the address we speak from, as RFC 5321 asks of hosts without a name.
fn hello(to: SocketAddr) -> ClientId {
    let any: IpAddr = match to {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    // Connecting a datagram socket sends nothing; it only picks the way.
    let own = UdpSocket::bind((any, 0))
        .and_then(|socket| socket.connect(to).and_then(|()| socket.local_addr()));
    match own.map(|own| own.ip()) {
        Ok(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) => ClientId::Ipv4(Ipv4Addr::LOCALHOST),
    }
}
