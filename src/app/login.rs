//! The node's password for its own programs: made once, in a file that they and we can read, and
//! in no other place but their memory and ours.

use super::machine;
use crate::{
    base::basic_auth,
    model::process::{LOGIN_FILE, LOGIN_USER},
    peer::local_door::ensure_token,
    render,
};
use anyhow::Context as _;
use http::HeaderValue;
use std::path::Path;

/// Both ends of it.
pub(super) struct Login {
    /// What we show; sensitive.
    pub(super) header: Option<HeaderValue>,
    /// What the programs are told.
    pub(super) facts: render::Login,
}

impl Login {
    /// Reads it, or makes it where there is none. Blocking.
    ///
    /// # Errors
    /// The file cannot be read, written or used.
    pub(super) fn ensure(data_dir: &Path) -> anyhow::Result<Self> {
        let password_file = data_dir.join(LOGIN_FILE);
        let password = ensure_token(&password_file, machine::component_user(data_dir))?;
        let unusable = || {
            format!("{} holds no password; remove it, a new one is made", password_file.display())
        };
        let header = basic_auth::header(LOGIN_USER, &password).with_context(unusable)?;
        let hash = basic_auth::hash(&password).with_context(unusable)?;
        Ok(Self { header: Some(header), facts: render::Login { password_file, hash } })
    }
}
