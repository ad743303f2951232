//! HTTP basic authentication, both ends of it: what a client sends, and what a server keeps to
//! recognise it. Neither prints the password.

use super::redact::Secret;
use data_encoding::BASE64;
use http::HeaderValue;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The lowest that there is. A slow hash protects what people think of; nobody guesses a random
/// password, and the server hashes it anew when it forgot.
const COST: u32 = 4;

/// The value of `Authorization`, marked as sensitive: its `Debug` does not show it. `None` where
/// the password has bytes that no header may have.
#[must_use]
pub fn header(user: &str, password: &Secret<String>) -> Option<HeaderValue> {
    let both = Zeroizing::new(format!("{user}:{}", password.expose()));
    let text = Zeroizing::new(format!("Basic {}", BASE64.encode(both.as_bytes())));
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// bcrypt of a random password of at most 72 bytes, always the same for the same one: what is
/// written with it does not change from start to start. `None` for a longer one.
#[must_use]
pub fn hash(password: &Secret<String>) -> Option<String> {
    let mut digest = Sha256::new_with_prefix(b"salt of ");
    digest.update(password.expose());
    let digest: [u8; 32] = digest.finalize().into();
    let salt = *digest.first_chunk()?;
    let hashed = bcrypt::non_truncating_hash_with_salt(password.expose(), COST, salt).ok()?;
    Some(hashed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password() -> Secret<String> {
        Secret::new("open sesame".to_owned())
    }

    #[test]
    fn a_header_is_what_the_standard_says_and_does_not_print() {
        let value = header("aladdin", &password()).unwrap();
        assert_eq!(value, "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(format!("{value:?}"), "Sensitive");
    }

    #[test]
    fn a_hash_is_the_same_each_time_and_that_of_this_password_alone() {
        let hashed = hash(&password()).unwrap();
        assert_eq!(Some(&hashed), hash(&password()).as_ref());
        assert!(hashed.starts_with("$2b$04$"), "{hashed}");
        assert!(bcrypt::verify("open sesame", &hashed).unwrap());
        assert!(!bcrypt::verify("open sesam", &hashed).unwrap());
        assert_eq!(hash(&Secret::new("x".repeat(80))), None);
    }
}
