//! Random ids and secrets.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// 128 random bits.
pub(crate) fn id128() -> u128 {
    u128::from_ne_bytes(bytes())
}

/// `N` random bytes.
///
/// # Panics
/// Where the system has no randomness: nothing safe can be done without.
#[expect(clippy::expect_used, reason = "a predictable secret is worse than a stop")]
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// `N` random bytes as URL-safe text.
pub(crate) fn text<const N: usize>() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<N>())
}
