//! Password hashes: argon2id with the crate's default cost (19 MiB, two passes).

use crate::base::redact::Secret;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use std::{collections::BTreeSet, sync::LazyLock};
use tokio::sync::Semaphore;

/// Two at a time: each costs 19 MiB for some tens of milliseconds.
static AT_ONCE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// Matches no password and costs as much to check as a real one, so that unknown users take the
/// same time as known ones.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ\
                      $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Least characters of a password.
const LEAST: usize = 10;
/// Most characters: hashing must stay cheap.
const MOST: usize = 1024;
/// Least different characters: `aaaaaaaaaa` is long and no password.
const LEAST_DIFFERENT: usize = 5;

/// The first that guessers try, of at least [`LEAST`] characters, one a line in lower case.
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooWeak {
    /// Shorter than ten characters, or longer than 1024.
    #[error("a password has {LEAST} to {MOST} characters")]
    Length,
    /// It holds the user's name, or is its part.
    #[error("a password is not made of the user's name")]
    Name,
    /// Few characters over and over.
    #[error("a password has at least {LEAST_DIFFERENT} different characters")]
    Repeated,
    /// Among the first that are guessed.
    #[error("this password is among the first that are guessed")]
    Common,
}

/// Whether a new password is good enough.
///
/// # Errors
/// [`TooWeak`].
pub fn check_strength(user: &str, password: &Secret<String>) -> Result<(), TooWeak> {
    let text = password.expose();
    let n_chars = text.chars().count();
    if !(LEAST..=MOST).contains(&n_chars) {
        return Err(TooWeak::Length);
    }
    // Secret as well: wiped when it goes.
    let lower = Secret::new(text.to_lowercase());
    let lower = lower.expose().trim();
    let name = user.to_lowercase();
    if is_of_name(&name, lower) {
        return Err(TooWeak::Name);
    }
    if text.chars().collect::<BTreeSet<char>>().len() < LEAST_DIFFERENT {
        return Err(TooWeak::Repeated);
    }
    if COMMON.lines().any(|common| common == lower) {
        return Err(TooWeak::Common);
    }
    Ok(())
}

/// With a year or an exclamation mark in or behind it, it is still the name.
fn is_of_name(name: &str, lower: &str) -> bool {
    let little = |rest: &str| rest.chars().count() < LEAST / 2;
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let (bare, password) = (letters(name), Secret::new(letters(lower)));
    let password = password.expose();
    // One or two letters are in everything.
    let holds = bare.chars().count() > 2 && password.contains(&bare);
    (!name.is_empty() && little(&lower.replace(name, "")))
        || (holds && little(&password.replace(&bare, "")))
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
    fn a_weak_password_is_refused_with_the_rule_that_it_breaks() {
        let long = "ab cd ef ".repeat(200);
        for (user, text, rule) in [
            ("alice", "short", TooWeak::Length),
            ("alice", "nine char", TooWeak::Length),
            ("alice", long.as_str(), TooWeak::Length),
            ("alice-the-great", "Alice-the-Great", TooWeak::Name),
            ("aliceliddell", "AliceLiddell1!", TooWeak::Name),
            ("alice", "alicealice", TooWeak::Name),
            ("alice", "alice2024!", TooWeak::Name),
            ("alice", "2024-Alice-2025", TooWeak::Name),
            ("ann-lee", "annlee#2024", TooWeak::Name),
            ("alice", "aaaaaaaaaaaa", TooWeak::Repeated),
            ("alice", "1212121212", TooWeak::Repeated),
            ("alice", "Password123", TooWeak::Common),
            ("alice", "1234567890", TooWeak::Common),
            ("alice", " qwertyuiop ", TooWeak::Common),
        ] {
            assert_eq!(check_strength(user, &secret(text)), Err(rule), "{text}");
        }
        for (user, good) in [
            ("alice", "twelve chars"),
            ("alice", "corr3ct hrs"),
            ("alice", "alice has a white rabbit"),
            ("alice", "正确的马电池订书钉和月亮"),
            ("alice", "83-40-17-95-26"),
            ("al", "al83-40-17-95"),
        ] {
            assert_eq!(check_strength(user, &secret(good)), Ok(()), "{good}");
        }
    }

    #[test]
    fn the_list_of_common_passwords_is_small_and_in_the_form_it_is_compared_in() {
        assert!(COMMON.len() <= 10_000);
        for common in COMMON.lines() {
            assert!(common.chars().count() >= LEAST, "{common}");
            assert_eq!(common, common.trim().to_lowercase());
        }
    }
}
