//! What somebody who is confined to some projects may see and declare.
//!
//! A scope is resolved to the set of projects it selects ([`Projects`]); an account holds each of
//! its roles within such a set ([`Access`]). Declared objects belong to projects by what their
//! kind says ([`declared`]). Every series, target, alert and rule of a project carries the label
//! `project`, so that one matcher on it is the whole boundary towards Prometheus and Alertmanager:
//! it is put into every selector of an expression ([`promql::confine`]), into the parameters of
//! every proxied path ([`request::confine`]), and answers that cannot be asked for in part are cut
//! down here ([`answers::cut`]). What carries no `project` is invisible to people who are confined.
//!
//! Pure; knows nothing of HTTP servers and accounts. `web` asks it on behalf of people, `admission`
//! reads scopes with it. Whoever is not confined bypasses all of it. Nothing of what a client sent
//! is passed on as it was: expressions are printed anew from their tree, parameters written anew
//! from a list of those that are known.
//!
//! Proven by `tests/it/scope`: random expressions over all functions on a real Prometheus with
//! everything, beside the same on one with the scope's series alone; and by `web/tests/scope.rs`,
//! which reads the whole interface in one tenant's name.

pub mod access;
pub mod answers;
pub mod declared;
pub mod owner;
pub mod params;
mod parts;
pub mod paths;
pub mod projects;
pub mod promql;
pub mod request;

pub use access::Access;
pub use owner::Owner;
pub use parts::Parts;
pub use projects::Projects;

#[cfg(test)]
pub(crate) mod testing;

use crate::model::promql::Fault;

/// Why a request cannot be confined to a scope, and so is not passed on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// An expression that is none, or that cannot be confined.
    #[error("{parameter}: {fault}")]
    Expression {
        /// Where it stood.
        parameter: String,
        /// What is wrong with it and where.
        fault: Fault,
    },
    /// A parameter that cannot be read, stands twice or is missing.
    #[error("{name}: {reason}")]
    Parameter {
        /// Its name, or where it stood.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A body that is no form.
    #[error("parameters are sent as application/x-www-form-urlencoded, not as {0}")]
    NotAForm(String),
    /// A path that shows what belongs to no project.
    #[error("{0} shows more than projects; it is for people without a scope")]
    Unscoped(String),
    /// The confined request does not fit an address.
    #[error("the request is too long; ask for less at once")]
    TooLong,
}
