//! A password goes to the server that it was set for.
//!
//! A channel names a server and the secret that is shown to it, so whoever may change channels
//! could have any password sent to a server of theirs. Where it is sent is therefore decided by
//! those who know it: whoever set the value, admins, and within a project its own people.

use crate::{
    admission::Put,
    model::{
        Kind,
        cluster::DeclaredState,
        spec::{Channel, MailTls, RoleName},
    },
    notify::secret::Giver,
    store::command::Space,
    web::{auth::Identity, deps::Deps, error::Problem},
};
use serde_json::Value;

/// To whom a password is shown, and which: what a change of decides anew where it goes.
#[derive(PartialEq)]
struct Server {
    host: String,
    port: u16,
    tls: MailTls,
    ca: Option<String>,
    username: Option<String>,
    secret: String,
}

impl Server {
    fn of(channel: &Value) -> Option<(Self, Option<String>)> {
        match serde_json::from_value(channel.clone()).ok()? {
            Channel::Mail { host, port, tls, ca, username, password_secret, project, .. } => {
                let secret = password_secret?;
                Some((Self { host, port, tls, ca, username, secret }, project))
            }
            Channel::Webhook { .. } => None,
        }
    }
}

/// Refuses channels by which a password would reach another server than before, unless its author
/// may decide that.
pub(super) fn judge(
    deps: &Deps,
    state: &DeclaredState,
    puts: &[Put],
    identity: &Identity,
) -> Result<(), Problem> {
    if identity.access.is_everywhere(RoleName::Admin) {
        return Ok(());
    }
    for put in puts.iter().map(|put| &put.declared).filter(|it| it.kind == Kind::Channel) {
        let Some((server, project)) = Server::of(&put.spec) else { continue };
        let before = state.get(put.kind, put.name.as_str());
        if before.and_then(|it| Server::of(&it.spec)).is_some_and(|(old, _)| old == server) {
            continue;
        }
        let Some((_, row)) = deps.store.row(Space::Secret, server.secret.as_bytes())? else {
            continue;
        };
        let giver = Giver::of(&row);
        let is_theirs = giver.project.is_some() && giver.project == project;
        if !is_theirs && giver.actor != identity.actor {
            let detail = format!(
                "channel/{} would show the value of secret/{} to another server: whoever set that \
                 value may do this, or an admin, or set the value anew first",
                put.name, server.secret
            );
            return Err(Problem::forbidden(detail));
        }
    }
    Ok(())
}
