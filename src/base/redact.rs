//! Values that must not be printed.

use std::fmt;
use zeroize::Zeroize;

/// A secret: its `Debug` and `Display` print `<secret>`, its memory is wiped on drop, and it has
/// no `Serialize`, so that it reaches a log, an error or an answer only by a deliberate
/// [`Secret::expose`].
#[derive(Clone, Default)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps `value`.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Each call is a place to look at in a review.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

impl<T: Zeroize> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// Somebody else's words without the secrets that they repeat; also where such a text was cut off
/// within one. Secrets of fewer than four characters are left: they are found everywhere.
#[must_use]
pub fn scrub(text: &str, secrets: &[&str]) -> String {
    const SHOWN: &str = "<secret>";
    let mut text = text.to_owned();
    let mut secrets: Vec<&str> = secrets.iter().copied().filter(|it| it.len() >= 4).collect();
    // A secret may be part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in &secrets {
        text = text.replace(secret, SHOWN);
    }
    for secret in secrets {
        let begun = secret.char_indices().map(|(at, _)| &secret[..at]).rev();
        if let Some(begun) = begun.filter(|begun| begun.len() >= 4).find(|it| text.ends_with(it)) {
            text.truncate(text.len() - begun.len());
            text.push_str(SHOWN);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_prints_its_value() {
        let secret = Secret::new("hunter2".to_owned());
        assert_eq!(format!("{secret} {secret:?}"), "<secret> <secret>");
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn what_others_repeat_is_taken_out_also_where_it_is_cut_off() {
        let secrets = ["hunter2", "my hunter2 too", "ab"];
        let all = |text: &str| scrub(text, &secrets);
        assert_eq!(all("you said hunter2, hunter2!"), "you said <secret>, <secret>!");
        assert_eq!(all("you said my hunter2 too"), "you said <secret>");
        assert_eq!(all("you said hunte"), "you said <secret>");
        assert_eq!(all("about a hunt, hun"), "about a hunt, hun");
        assert_eq!(all("ab"), "ab");
    }
}
