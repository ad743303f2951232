//! Patterns as Go reads them, with Go's own words where it refuses.

use super::*;
use proptest::prelude::*;

fn matches(pattern: &str, text: &str) -> bool {
    anchored(pattern).unwrap_or_else(|error| panic!("{error}")).matches(text)
}

#[test]
fn classes_are_ascii_as_in_go() {
    assert!(matches(r"\d+", "12") && !matches(r"\d+", "١٢"));
    assert!(matches(r"\w+", "a_1") && !matches(r"\w+", "é"));
    assert!(matches(r"\W", "é") && matches(r"[\W]", "é") && !matches(r"[^\W]", "é"));
    assert!(!matches(r"\s", "\u{b}") && matches(r"\s", " ") && matches(r"\S", "\u{a0}"));
    assert!(matches(r"é\b.*", "éa") && !matches(r"é\b.*", "é a"), "é is no word character");
    assert!(matches(r"a\Bb", "ab") && !matches(r"a\B b", "a b"));
    assert!(matches(r"\pL\p{Greek}\P{Greek}\p{^Lu}", "éαaa"));
}

#[test]
fn brackets_and_braces_mean_themselves_where_go_says_so() {
    assert!(matches("[a[b]", "[") && matches("[]a]", "]") && matches("[^]a]", "b"));
    assert!(matches("[a&&b]+", "a&b") && matches("[+--]+", "+,-") && matches("[~~]", "~"));
    assert!(matches("a{,5}", "a{,5}") && matches("{", "{") && matches("x{01}", "x{01}"));
    assert!(matches(r"\Qa.b\E.", "a.bc") && !matches(r"\Qa.b\E.", "axbc"));
    assert!(matches(r"[\x41-\x{43}\101]", "B") && matches(r"\07", "\u{7}"));
    assert!(matches("[[:alpha:]_-]+", "a_-") && matches("[[:^digit:]]", "x"));
    assert!(matches("[\\w-z]+", "a-z") && matches("a|", "") && matches("(|a)", "a"));
}

#[test]
fn patterns_are_compared_with_the_whole_text_and_flags_hold() {
    assert!(!matches("a", "ab") && matches("a|ab", "ab") && !matches("a|b", "ab"));
    assert!(
        matches("(?i)CRIT.*", "critical") && matches("(?i:A)b", "ab") && !matches("a.b", "a\nb")
    );
    assert!(matches("(?s)a.b", "a\nb") && matches("(?i-i)a", "a") && !matches("(?i-i)A", "a"));
    assert!(matches("(?P<x>a)(?<x>b)", "ab") && matches("(?)a", "a") && matches("a*?b+?", "aab"));
}

#[test]
fn what_go_refuses_is_refused_in_its_words() {
    for (bad, words) in [
        ("(", "missing closing )"),
        (")(", "unexpected )"),
        ("a)", "unexpected )"),
        ("[a", "missing closing ]"),
        ("[]", "missing closing ]"),
        ("a**", "invalid nested repetition operator: `*`"),
        ("a{2}{3}", "invalid nested repetition"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a|*", "missing argument"),
        ("(+)", "missing argument"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("a{3,2}", "invalid repeat count: `{3,2}`"),
        ("(a{1000}){2}", "invalid repeat count: `{2}`"),
        ("a{99999999999}", "invalid repeat count"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("[[:no:]]", "invalid character class range: `[:no:]`"),
        (r"\p{Lowercase}", "invalid character class range: `\\p{Lowercase}`"),
        (r"\p{Script=Greek}", "invalid character class range"),
        (r"\pé", "invalid character class range"),
        (r"[a-\d]", r"invalid escape sequence: `\d`"),
        (r"\1", r"invalid escape sequence: `\1`"),
        (r"\h", r"invalid escape sequence: `\h`"),
        (r"\u1234", r"invalid escape sequence: `\u`"),
        (r"\é", r"invalid escape sequence: `\é`"),
        (r"\C", r"invalid escape sequence: `\C`"),
        (r"[\b]", r"invalid escape sequence: `\b`"),
        (r"\x{110000}", "invalid escape sequence"),
        (r"a\", "trailing backslash"),
        ("(?=x)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
        ("(?i-)a", "invalid or unsupported Perl syntax"),
        ("(?<a b>x)", "invalid named capture"),
    ] {
        let error = check(bad).unwrap_err();
        assert!(error.reason.starts_with(words), "{bad}: {}", error.reason);
    }
}

#[test]
fn lists_of_plain_texts_are_recognised() {
    let list = |pattern| alternatives(pattern).map(|list| list.join(","));
    assert_eq!(list("critical|page").as_deref(), Some("critical,page"));
    assert_eq!(list(r"web\.shop|a-b").as_deref(), Some("web.shop,a-b"));
    assert_eq!(list("").as_deref(), Some(""));
    for pattern in ["a.*", "(a|b)", r"\d", "a?", r"a\"] {
        assert_eq!(list(pattern), None, "{pattern}");
    }
}

proptest! {
    #[test]
    fn quoted_texts_match_themselves_alone(text in "\\PC{0,12}", other in "\\PC{0,12}") {
        let pattern = anchored(&quote(&text)).unwrap();
        prop_assert!(pattern.matches(&text));
        prop_assert_eq!(pattern.matches(&other), text == other);
        prop_assert_eq!(alternatives(&quote(&text)), Some(vec![text]));
    }

    #[test]
    fn no_pattern_panics_and_what_is_translated_compiles(pattern in r"[-a|*+?(){}\[\]\\^$.,:<>PpdQEx0-9iLé&~]{0,14}") {
        if let Ok(translated) = translate(&pattern) {
            let compiled = anchored(&pattern);
            prop_assert!(compiled.is_ok(), "{} became {}: {:?}", pattern, translated, compiled);
        }
    }
}
