//! `application/x-www-form-urlencoded`, read strictly: once decoded, and refused where two readers
//! could differ.

use super::Refusal;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// Names and values in the order they were sent.
pub type Pairs = Vec<(String, String)>;

/// All but what RFC 3986 calls unreserved.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Reads a query string or a form.
///
/// # Errors
/// A `;` (some readers take it as `&`), a `%` that two hexadecimal digits do not follow, and bytes
/// that are no UTF-8. `whence` names the text in the message.
pub fn read(whence: &str, text: &[u8]) -> Result<Pairs, Refusal> {
    let refused =
        |reason: &str| Refusal::Parameter { name: whence.to_owned(), reason: reason.into() };
    if text.contains(&b';') {
        return Err(refused("a semicolon separates nothing here; write %3B for one that is meant"));
    }
    let decode = |part: &[u8]| decode(part).map_err(refused);
    let fields = text.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
    fields
        .map(|field| {
            let mut halves = field.splitn(2, |byte| *byte == b'=');
            let mut half = || decode(halves.next().unwrap_or_default());
            Ok((half()?, half()?))
        })
        .collect()
}

/// Writes pairs so that every reader reads them alike.
#[must_use]
pub fn write(pairs: &[(&str, String)]) -> String {
    let escape = |text: &str| percent_encode(text.as_bytes(), ESCAPED).to_string();
    let fields = pairs.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    fields.collect::<Vec<_>>().join("&")
}

fn decode(text: &[u8]) -> Result<String, &'static str> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|byte| char::from(*byte).to_digit(16));
                match (digit(), digit()) {
                    (Some(high), Some(low)) => {
                        u8::try_from(high * 16 + low).map_err(|_| "is not percent-encoded")?
                    }
                    _ => return Err("a % must be followed by two hexadecimal digits"),
                }
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| "is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(text: &str) -> Option<Pairs> {
        read("the address", text.as_bytes()).ok()
    }

    #[test]
    fn fields_are_decoded_once() {
        let own = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect::<Pairs>()
        };
        assert_eq!(pairs("query=a+b%20c&&x"), Some(own(&[("query", "a b c"), ("x", "")])));
        assert_eq!(pairs("match%5B%5D=%7B%7D"), Some(own(&[("match[]", "{}")])));
        assert_eq!(pairs("q=%2541"), Some(own(&[("q", "%41")])));
        assert_eq!(pairs("q=a=b%3B%26"), Some(own(&[("q", "a=b;&")])));
        assert_eq!(pairs(""), Some(Vec::new()));
    }

    #[test]
    fn what_two_readers_read_differently_is_refused() {
        for bad in ["query=a;query=b", "a=1;", "a=%", "a=%2", "a=%zz", "a=%+1", "a=%ff", "a=%c0%80"]
        {
            assert_eq!(pairs(bad), None, "{bad}");
        }
        assert!(read("the body", b"a=\xff").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(given in proptest::collection::vec((".{0,8}", ".{0,20}"), 0..5)) {
            let borrowed: Vec<_> = given.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
            let text = write(&borrowed);
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%&=".contains(&b)));
            prop_assert_eq!(pairs(&text), Some(given));
        }

        #[test]
        fn no_text_panics(text in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = read("it", &text);
        }
    }
}
