//! Turns a request into a checked command for the store.
//!
//! ```text
//! text ─► document ─► Request ─► plan (pure: shape, rules of each kind, references, diff)
//!                                  ├─► errors, each with path, code and place
//!                                  └─► Command + candidate state
//!                                        └─► render ─► the builds' own checkers ─► store
//! ```
//!
//! Nothing is written that has an error; with `partial` the good objects go on without the bad.
//! Called by `web` (API) and, for offline checks, by `cli`; who may do what is decided before.

pub mod admit;
pub mod affected;
pub mod blame;
pub mod checker;
pub mod code;
pub mod document;
pub mod field_error;
pub mod import;
pub mod kept_fault;
pub mod plan;
pub mod request;
pub mod rules;
pub mod schema;
pub mod undo;

mod bad_before;
mod deep;
mod diff;
mod validate;

#[cfg(test)]
mod tests;

pub use admit::{Admission, Outcome, SubmitError, attempt_ids};
pub use affected::{Affected, Effect, FileChange};
pub use checker::{CheckFailure, Checker};
pub use code::Code;
pub use field_error::FieldError;
pub use plan::{Action, Conflict, ObjectPlan, Plan, disabled_row, no_role, plan};
pub use validate::{check_promql, parse_duration, template_asks};

pub use request::{Delete, Expect, Put, Request};
