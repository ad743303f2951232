//! The first rows of a cluster and its first account, written once.
//!
//! The node that led formation writes them; should it be lost before it could, another one does
//! after a while. One command with the precondition that there is no cluster row yet, so however
//! many try, one set of rows and one account come of it.

use crate::{
    base::{atomic_file, clock::now_unix_ms, redact::Secret, shutdown::Shutdown},
    model::{
        Kind, Name, UnixMs,
        audit::{Note, Verb},
        cluster::Member,
        resource::Key,
        spec,
        standing::FORMATION_TOKEN_ID,
    },
    peer::formation::{Formed, Origin},
    store::{
        Store, WriteError,
        command::{Change, Command, Precondition, Space},
    },
    web::auth::password,
};
use bytes::Bytes;
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::timeout;

/// The first account.
const ADMIN: &str = "admin";
/// File with its password, removed at the first change.
pub const PASSWORD_FILE: &str = "initial-admin-password";
/// How long the others leave it to the node that led formation.
const LEAVE_IT: Duration = Duration::from_secs(20);
/// Between two looks whether the first password still counts.
const LOOK: Duration = Duration::from_secs(5);
const DEADLINE: Duration = Duration::from_secs(10);

/// Why the first rows could not be written by this node.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BootError {
    /// The password file.
    #[error("cannot write {PASSWORD_FILE}")]
    PasswordFile(#[source] io::Error),
    /// No randomness, or no memory for hashing.
    #[error("cannot make the first password: {0}")]
    Password(String),
}

/// Returns once the cluster's rows are there (on this node). Says whether this node made the
/// first account.
///
/// # Errors
/// [`BootError`]; the rows are then left to another node.
pub async fn first_rows(
    store: &Store,
    formed: &Formed,
    data_dir: &Path,
    shutdown: &Shutdown,
) -> Result<bool, BootError> {
    let mut changes = store.changes();
    // A cluster that was joined or restored has its rows.
    if formed.record.origin != Origin::Formed || (!formed.initial && !is_new(store)) {
        return Ok(false);
    }
    if !formed.initial {
        let appeared = async {
            while is_new(store) {
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::select! {
            done = timeout(LEAVE_IT, appeared) => if done.is_ok() { return Ok(false) },
            () = shutdown.cancelled() => return Ok(false),
        }
    }
    if !is_new(store) {
        return Ok(false);
    }
    let password = random_password()?;
    let path = data_dir.join(PASSWORD_FILE);
    atomic_file::write(&path, format!("{}\n", password.expose()).as_bytes(), 0o600)
        .map_err(BootError::PasswordFile)?;
    let hash = password::hash_off_thread(password).await.map_err(BootError::Password)?;
    let command = command(formed, &hash)?;
    loop {
        match store.write(command.clone(), DEADLINE).await {
            Ok(_) => return Ok(true),
            Err(WriteError::Precondition(_)) => {
                // Another node was first; its password counts.
                let _ = std::fs::remove_file(&path);
                return Ok(false);
            }
            Err(error) => tracing::info!(%error, "the first write waits for a quorum"),
        }
        if shutdown.is_cancelled() {
            return Ok(false);
        }
    }
}

fn is_new(store: &Store) -> bool {
    !matches!(store.row(Space::Cluster, b"meta"), Ok(Some(_)))
}

fn command(formed: &Formed, password_hash: &str) -> Result<Command, BootError> {
    let name: Name = ADMIN.parse().map_err(|error| BootError::Password(format!("{error}")))?;
    let user = spec::User {
        title: "First administrator".into(),
        role: spec::RoleName::Admin.into(),
        scope: Vec::new(),
        also: Vec::new(),
        disabled: false,
    };
    let put_user = Change::Put {
        kind: Kind::User,
        name: name.clone(),
        labels: Default::default(),
        spec: serde_json::to_value(user).map_err(|error| BootError::Password(error.to_string()))?,
    };
    let row = |space, key: &str, value: Vec<u8>| {
        Change::PutRow(space, Bytes::copy_from_slice(key.as_bytes()), value.into())
    };
    let mut changes: Vec<Change> = formed
        .record
        .cluster_rows()
        .into_iter()
        .map(|(key, value)| row(Space::Cluster, key, value))
        .collect();
    changes.extend(
        formed.record.member_rows().into_iter().map(|(key, value)| row(Space::Member, &key, value)),
    );
    if let Some(token) = &formed.first_token {
        changes.push(row(Space::JoinToken, FORMATION_TOKEN_ID, token.clone()));
    }
    changes.push(put_user);
    changes.push(row(Space::Credential, ADMIN, password_hash.as_bytes().to_vec()));
    let at = UnixMs(now_unix_ms());
    let formed_by = Note { why: "formation".into(), ..Note::done(at, "system", Verb::Form) };
    changes.push((&formed_by.about(format!("user/{ADMIN}"))).into());
    Ok(Command {
        request: random_u128()?,
        actor: "system".into(),
        why: "formation".into(),
        at,
        preconditions: vec![
            Precondition::Row(Space::Cluster, Bytes::from_static(b"meta"), None),
            Precondition::Absent(Key { kind: Kind::User, name }),
        ],
        changes,
    })
}

fn random_password() -> Result<Secret<String>, BootError> {
    let mut bytes = [0u8; 15];
    getrandom::fill(&mut bytes).map_err(|error| BootError::Password(error.to_string()))?;
    // 24 characters that are easy to tell apart and to copy.
    Ok(Secret::new(data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase()))
}

fn random_u128() -> Result<u128, BootError> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| BootError::Password(error.to_string()))?;
    Ok(u128::from_ne_bytes(bytes))
}

/// Removes the file with the first password once that password is no longer the one that counts.
pub async fn forget_first_password(store: Store, data_dir: PathBuf, shutdown: Shutdown) {
    let path = data_dir.join(PASSWORD_FILE);
    let revision = |space, key: &[u8]| store.row(space, key).ok().flatten().map(|(at, _)| at);
    while path.exists() {
        let formed = revision(Space::Cluster, b"meta");
        let password = revision(Space::Credential, ADMIN.as_bytes());
        // Both were written by one command; any later write of the password moves it on.
        if formed.is_some() && password > formed {
            match std::fs::remove_file(&path) {
                Ok(()) => {
                    tracing::info!(path = %path.display(), "the first password was changed, its file is removed")
                }
                Err(error) => tracing::warn!(path = %path.display(), %error, "cannot remove"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = shutdown.cancelled() => return,
        }
    }
}

/// Keeps this node's member row true to where it really is: addresses and ports may have moved
/// since formation.
pub async fn own_member_row(store: &Store, me: &Member, shutdown: &Shutdown) {
    loop {
        let known = store.state().members.get(&me.id).cloned();
        // Not there = removed from the cluster: nothing to bring back.
        let Some(known) = known.filter(|known| known != me) else { return };
        let (Ok(value), Ok(request)) =
            (serde_json::to_vec(&Member { gone: known.gone, ..me.clone() }), random_u128())
        else {
            return;
        };
        if (Member { gone: known.gone, ..me.clone() }) == known {
            return;
        }
        let key = Bytes::from(me.id.to_string());
        let command = Command {
            request,
            actor: format!("node/{}", me.id),
            why: "address or ports moved".into(),
            at: UnixMs(now_unix_ms()),
            preconditions: Vec::new(),
            changes: vec![Change::PutRow(Space::Member, key, value.into())],
        };
        match store.write(command, DEADLINE).await {
            Ok(_) | Err(WriteError::Precondition(_)) => return,
            Err(error) => tracing::info!(%error, "the own member row waits for a quorum"),
        }
        if shutdown.is_cancelled() {
            return;
        }
    }
}
