//! Somebody who is signed in, and what they are refused.

use super::outside;
use crate::model::spec::RoleName;
use crate::{
    model::Kind,
    scope::Access,
    web::{
        audit::Origin,
        error::Problem,
        policy::{self, Whose},
    },
};
use std::sync::Arc;

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Session cookie: changes need a proof of same origin.
    Session,
    /// `Authorization: Bearer`.
    Token,
    /// The node's own Unix socket.
    Socket,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// As the history shows it: `alice`, `token/ci`, `local/0`.
    pub actor: String,
    /// What they may do where.
    pub access: Access,
    /// How they proved it.
    pub via: Via,
    /// Where this request comes from; put there by the guard.
    pub origin: Arc<Origin>,
    /// Who vouched for somebody who has no account here.
    pub(crate) outside: Option<Arc<outside::Person>>,
}

impl Identity {
    /// Somebody who has proven who they are.
    #[must_use]
    pub fn new(actor: impl Into<String>, access: Access, via: Via) -> Self {
        Self { actor: actor.into(), access, via, origin: Arc::default(), outside: None }
    }

    /// Somebody for whom a provider or a directory vouches.
    #[must_use]
    pub(crate) fn vouched(self, outside: Option<Arc<outside::Person>>) -> Self {
        Self { outside, ..self }
    }
}

impl Identity {
    /// Refuses those who do not have the role `wanted` everywhere.
    ///
    /// # Errors
    /// 403.
    pub fn must_be(&self, wanted: RoleName, what: &str) -> Result<(), Problem> {
        if self.access.is_everywhere(wanted) {
            return Ok(());
        }
        self.must_be_somewhere(wanted, what)?;
        let role = role_text(wanted);
        let actor = &self.actor;
        Err(Problem::forbidden(format!(
            "{what} needs the role {role} everywhere, {actor} has it for some projects only"
        )))
    }

    /// Refuses those who have the role `wanted` nowhere. A scope that selects no project yet is
    /// somewhere: it is empty, not forbidden.
    ///
    /// # Errors
    /// 403.
    pub fn must_be_somewhere(&self, wanted: RoleName, what: &str) -> Result<(), Problem> {
        let highest = self.access.highest();
        if highest >= Some(wanted) {
            return Ok(());
        }
        let highest = highest.map_or("nothing", role_text);
        let (wanted, actor) = (role_text(wanted), &self.actor);
        Err(Problem::forbidden(format!("{what} needs the role {wanted}, {actor} is {highest}")))
    }

    /// Refuses those who may change no object of a kind at all.
    ///
    /// # Errors
    /// 403.
    pub fn must_change(&self, kind: Kind, what: &str) -> Result<(), Problem> {
        if policy::writes_somewhere(&self.access, kind) {
            return Ok(());
        }
        self.must_have(policy::write_role(kind, Whose::Projects), kind, what)
    }

    /// Refuses those who may see no object of a kind at all.
    ///
    /// # Errors
    /// 403.
    pub fn must_read(&self, kind: Kind, what: &str) -> Result<(), Problem> {
        if policy::reads_somewhere(&self.access, kind) {
            return Ok(());
        }
        self.must_have(policy::read_role(kind, Whose::Projects), kind, what)
    }

    /// Refuses those who may change nothing at all.
    ///
    /// # Errors
    /// 403.
    pub fn must_change_something(&self, what: &str) -> Result<(), Problem> {
        if Kind::ALL.iter().any(|kind| policy::writes_somewhere(&self.access, *kind)) {
            return Ok(());
        }
        self.must_be_somewhere(RoleName::Developer, what)
    }

    /// The refusal of those who lack a role for a kind.
    fn must_have(&self, role: RoleName, kind: Kind, what: &str) -> Result<(), Problem> {
        if policy::is_written_in_scope(kind) {
            return self.must_be_somewhere(role, what);
        }
        self.must_be(role, what)
    }
}

/// A role as people write it.
#[must_use]
pub const fn role_text(role: RoleName) -> &'static str {
    role.as_str()
}
