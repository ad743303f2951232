//! One-time codes (RFC 6238: SHA-1, six digits, 30 seconds), what authenticator apps show.
//!
//! A code counts for its step and one before and after, and once: whoever looks over a shoulder
//! cannot use it again, through no node. Written with the HMAC that is here anyway; the crate for
//! it brings a second generation of hashes along.

use crate::{base::redact::Secret, model::UnixMs};
use data_encoding::BASE32_NOPAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;
use subtle::ConstantTimeEq as _;

/// Length of a step.
const STEP_MS: u64 = 30_000;
/// Bytes of a secret: as many as SHA-1 gives.
const SECRET: usize = 20;

/// A secret that an app shares with us.
#[derive(Debug, Clone)]
pub(crate) struct Shared(Secret<Vec<u8>>);

impl Shared {
    pub(crate) fn new() -> Self {
        Self(Secret::new(crate::web::random::bytes::<SECRET>().to_vec()))
    }

    pub(crate) fn from_bytes(bytes: Secret<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.expose()
    }

    /// As people type it into an app.
    pub(crate) fn to_base32(&self) -> Secret<String> {
        Secret::new(BASE32_NOPAD.encode(self.0.expose()))
    }

    /// As apps read it from a picture.
    pub(crate) fn uri(&self, issuer: &str, account: &str) -> Secret<String> {
        let text = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let (issuer, account, secret) = (text(issuer), text(account), self.to_base32());
        let secret = secret.expose();
        Secret::new(format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}"))
    }

    /// The step that `code` belongs to at `at`, when it is later than `last`: the number to keep.
    /// All steps are compared whatever comes of it.
    pub(crate) fn step_of(&self, code: &str, at: UnixMs, last: Option<u64>) -> Option<u64> {
        let typed: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        let step_now = at.0 / STEP_MS;
        let steps = step_now.saturating_sub(1)..=step_now + 1;
        let mut found = None;
        for step in steps {
            let same: bool = self.code(step).as_bytes().ct_eq(typed.as_bytes()).into();
            if same && last.is_none_or(|last| step > last) {
                found = found.or(Some(step));
            }
        }
        found
    }

    /// The code of a step (RFC 4226, 5.3).
    pub(crate) fn code(&self, step: u64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.0.expose());
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let at = usize::from(tag[tag.len() - 1] & 0xf);
        let number = u32::from_be_bytes([tag[at] & 0x7f, tag[at + 1], tag[at + 2], tag[at + 3]]);
        format!("{:06}", number % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared() -> Shared {
        Shared::from_bytes(Secret::new(b"12345678901234567890".to_vec()))
    }

    #[test]
    fn the_examples_of_the_standard_come_out() {
        // RFC 6238, appendix B: the last six of its eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(shared().code(seconds / 30), code);
        }
    }

    #[test]
    fn a_code_counts_one_step_around_its_own_and_only_once() {
        let (shared, step) = (shared(), 41_152_263);
        let code = shared.code(step);
        let at = |step: u64| UnixMs(step * STEP_MS + 7);
        for (now, found) in [
            (step - 2, None),
            (step - 1, Some(step)),
            (step, Some(step)),
            (step + 1, Some(step)),
            (step + 2, None),
        ] {
            assert_eq!(shared.step_of(&code, at(now), None), found, "{now}");
        }
        assert_eq!(shared.step_of(&code, at(step), Some(step)), None);
        assert_eq!(shared.step_of(&code, at(step), Some(step - 1)), Some(step));
        let spaced = format!(" {} {}", &code[..3], &code[3..]);
        assert_eq!(shared.step_of(&spaced, at(step), None), Some(step));
    }

    #[test]
    fn what_is_no_code_never_fits() {
        let shared = shared();
        for bad in ["", "0", "12345", "1234567", "abcdef", "\u{ff11}23456"] {
            assert_eq!(shared.step_of(bad, UnixMs(59_000), None), None, "{bad}");
        }
    }

    #[test]
    fn an_app_gets_names_that_cannot_change_the_address() {
        let uri = shared().uri("Mon & Co", "alice?x=1");
        assert_eq!(
            uri.expose(),
            "otpauth://totp/Mon%20%26%20Co:alice%3Fx%3D1\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Mon%20%26%20Co"
        );
    }
}
