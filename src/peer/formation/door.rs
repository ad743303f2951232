//! The answering half of formation, on the cluster port. It says nothing to a caller that has not
//! proven to hold the token.

use super::{
    channel::{self, ChannelError, Secure},
    desk::{Desk, DeskError},
    message::{Hello, Reply, Request},
    record::list_hash,
};
use crate::{
    base::error_chain::ErrorChain,
    peer::{join::Credential, server::FormationDoor},
};
use futures_util::future::BoxFuture;
use rustls::ServerConfig;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use tokio_rustls::{TlsStream, server};
use tracing::{debug, error, warn};

const SERVE_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) struct Door {
    desk: Arc<Desk>,
    secure: Arc<Secure>,
}

impl Door {
    pub(super) fn new(desk: Arc<Desk>, secure: Arc<Secure>) -> Self {
        Self { desk, secure }
    }
}

impl FormationDoor for Door {
    fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.secure.server)
    }

    fn serve(
        &self,
        stream: server::TlsStream<TcpStream>,
        from: SocketAddr,
    ) -> BoxFuture<'static, ()> {
        let (desk, secure) = (Arc::clone(&self.desk), Arc::clone(&self.secure));
        Box::pin(async move {
            let served = timeout(SERVE_TIMEOUT, serve(&desk, &secure, stream, from)).await;
            match served {
                Ok(Ok(())) => {}
                Ok(Err(ChannelError::WrongToken)) => {
                    turn_away(&desk, format!("{} came with a wrong token", from.ip()));
                }
                Ok(Err(error)) => debug!(%from, %error, "formation connection ended"),
                Err(_) => debug!(%from, "formation connection too slow"),
            }
        })
    }
}

async fn serve(
    desk: &Arc<Desk>,
    secure: &Secure,
    stream: server::TlsStream<TcpStream>,
    from: SocketAddr,
) -> Result<(), ChannelError> {
    let mut stream = TlsStream::Server(stream);
    secure.prove_as_server(&mut stream).await?;
    let reply = match channel::receive::<_, Request>(&mut stream).await? {
        Request::Probe(hello) => introduce(desk, &hello, from),
        Request::Propose(offer) => step(desk, move |desk| desk.prepare(&offer)).await,
        Request::Commit { cluster_id } => step(desk, move |desk| desk.commit(&cluster_id)).await,
        Request::Join(ask) => {
            let credential = Credential::Formation { hash: secure.token_hash() };
            match desk.gatekeeper.get() {
                Some(gatekeeper) => Reply::Joining(gatekeeper.admit(*ask, credential, from).await),
                None => Reply::Refused { reason: "it is not ready yet".to_owned() },
            }
        }
    };
    channel::send(&mut stream, &reply).await?;
    stream.shutdown().await?;
    Ok(())
}

fn introduce(desk: &Desk, hello: &Hello, from: SocketAddr) -> Reply {
    let known = desk.plan.entries.iter().any(|entry| entry.to_string() == hello.entry);
    if !known || hello.list_hash != list_hash(&desk.plan) {
        let list = hello.list.join(",");
        let name = &hello.cluster_name;
        turn_away(desk, format!("{} was started with --cluster {list} ({name})", from.ip()));
    }
    let own = desk.hello();
    // Somebody we have not reached yet is up: no need to wait for the next round.
    if !own.sees.contains_key(&hello.entry) {
        desk.changed.notify_one();
    }
    let offer = desk.offer_to(hello.member.id).map(Box::new);
    Reply::Hello { hello: Box::new(own), offer }
}

async fn step(
    desk: &Arc<Desk>,
    step: impl FnOnce(&Desk) -> Result<(), DeskError> + Send + 'static,
) -> Reply {
    let desk = Arc::clone(desk);
    match tokio::task::spawn_blocking(move || step(&desk)).await {
        Ok(Ok(())) => Reply::Accepted,
        Ok(Err(DeskError::Refused(reason))) => Reply::Refused { reason },
        Ok(Err(DeskError::Failed(failed))) => {
            let reason = ErrorChain(&failed).to_string();
            error!(error = reason, "cannot keep the formation record");
            Reply::Refused { reason }
        }
        Err(_) => Reply::Refused { reason: "internal error, see its log".to_owned() },
    }
}

/// Logged when it is news, shown in the status.
fn turn_away(desk: &Desk, what: String) {
    desk.status.send_if_modified(|status| {
        let news = status.turned_away.as_ref() != Some(&what);
        if news {
            warn!(reason = what, "a machine was turned away");
            status.turned_away = Some(what);
        }
        news
    });
}
