//! The answering side, on the cluster port of every member. It shows who it is and reads one
//! question; what is decided about it is [`Gatekeeper`]'s.

use super::{Credential, Gatekeeper, JOIN_ALPN, Knock};
use crate::{
    base::redact::Secret,
    peer::{
        formation::channel::{self, ChannelError},
        server::FormationDoor,
        tls::{Identity, TlsError},
    },
};
use futures_util::future::BoxFuture;
use rustls::ServerConfig;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use tokio_rustls::server::TlsStream;
use tracing::debug;

const SERVE_TIMEOUT: Duration = Duration::from_secs(20);

/// For [`crate::peer::server::PeerServer::set_join`].
pub struct JoinDoor {
    tls: Arc<ServerConfig>,
    gatekeeper: Arc<dyn Gatekeeper>,
}

impl JoinDoor {
    /// Shows `identity` and the CA; asks nobody for a certificate.
    ///
    /// # Errors
    /// The identity is unusable.
    pub fn new(identity: &Identity, gatekeeper: Arc<dyn Gatekeeper>) -> Result<Self, TlsError> {
        let mut tls = identity.open_server_config()?;
        tls.alpn_protocols = vec![JOIN_ALPN.to_vec()];
        Ok(Self { tls: Arc::new(tls), gatekeeper })
    }
}

impl FormationDoor for JoinDoor {
    fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.tls)
    }

    fn serve(&self, stream: TlsStream<TcpStream>, from: SocketAddr) -> BoxFuture<'static, ()> {
        let gatekeeper = Arc::clone(&self.gatekeeper);
        Box::pin(async move {
            match timeout(SERVE_TIMEOUT, serve(&*gatekeeper, stream, from)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => debug!(%from, %error, "join connection ended"),
                Err(_) => debug!(%from, "join connection too slow"),
            }
        })
    }
}

async fn serve(
    gatekeeper: &dyn Gatekeeper,
    mut stream: TlsStream<TcpStream>,
    from: SocketAddr,
) -> Result<(), ChannelError> {
    let Knock { id, secret, ask } = channel::receive(&mut stream).await?;
    let credential = Credential::Token { id, secret: Secret::new(secret) };
    let answer = gatekeeper.admit(ask, credential, from).await;
    channel::send(&mut stream, &answer).await?;
    stream.shutdown().await?;
    Ok(())
}
