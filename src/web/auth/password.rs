//! Password hashes: argon2id with the crate's default cost (19 MiB, two passes).

use crate::base::redact::Secret;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Two at a time: each costs 19 MiB for some tens of milliseconds.
static AT_ONCE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// Matches no password and costs as much to check as a real one, so that unknown users take the
/// same time as known ones.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ\
                      $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password has 12 to 1024 characters and is not the user's name")]
pub struct TooWeak;

/// Whether a new password is good enough.
///
/// # Errors
/// [`TooWeak`].
pub fn check_strength(user: &str, password: &Secret<String>) -> Result<(), TooWeak> {
    let n_chars = password.expose().chars().count();
    let good = (12..=1024).contains(&n_chars) && !password.expose().eq_ignore_ascii_case(user);
    if good { Ok(()) } else { Err(TooWeak) }
}

/// Hashes a password into a PHC string. Blocking: tens of milliseconds.
///
/// # Errors
/// The hasher's words; only when the system has no memory or randomness.
pub fn hash(password: &Secret<String>) -> Result<String, String> {
    let hash = Argon2::default()
        .hash_password(password.expose().as_bytes())
        .map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

/// [`hash`] on a thread for blocking work, a few at a time.
///
/// # Errors
/// As [`hash`].
pub async fn hash_off_thread(password: Secret<String>) -> Result<String, String> {
    let _permit = AT_ONCE.acquire().await.map_err(|error| error.to_string())?;
    tokio::task::spawn_blocking(move || hash(&password)).await.map_err(|error| error.to_string())?
}

/// Whether the password belongs to the stored hash; the same work where there is none.
pub async fn verify(stored: Option<String>, password: Secret<String>) -> bool {
    let Ok(_permit) = AT_ONCE.acquire().await else { return false };
    let known = stored.is_some();
    let checked = tokio::task::spawn_blocking(move || {
        let text = stored.as_deref().unwrap_or(NOBODY);
        PasswordHash::new(text).is_ok_and(|hash| {
            Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok()
        })
    });
    checked.await.unwrap_or(false) && known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.into())
    }

    #[tokio::test]
    async fn only_the_right_password_passes() {
        let stored = hash(&secret("correct horse battery")).unwrap();
        assert!(verify(Some(stored.clone()), secret("correct horse battery")).await);
        assert!(!verify(Some(stored), secret("correct horse batterz")).await);
        assert!(!verify(None, secret("correct horse battery")).await);
    }

    #[test]
    fn the_stand_in_costs_what_a_real_hash_costs() {
        let real = hash(&secret("correct horse battery")).unwrap();
        let (real, nobody) =
            (PasswordHash::new(&real).unwrap(), PasswordHash::new(NOBODY).unwrap());
        assert_eq!(real.params, nobody.params);
        assert_eq!(real.algorithm, nobody.algorithm);
        assert_eq!(real.hash.unwrap().len(), nobody.hash.unwrap().len());
    }

    #[test]
    fn short_passwords_and_the_own_name_are_refused() {
        assert!(check_strength("alice", &secret("short")).is_err());
        assert!(check_strength("alice-the-great", &secret("Alice-the-Great")).is_err());
        assert!(check_strength("alice", &secret("twelve chars")).is_ok());
    }
}
