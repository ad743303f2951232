//! What is an expression, and where it stops being one.

use super::*;
use proptest::prelude::*;

#[test]
fn valid_expressions_pass() {
    for good in [
        "up == 0",
        "sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m])) > 0.05",
        "a / on (x) group_left (y) b # why\n or vector(1)",
        "max_over_time(deriv(a[5m])[1h:5m] offset 1d)",
        "histogram_quantile(0.9, sum without (instance) (rate(b_bucket[5m])))",
        "-1 ^ 2 * -a and absent(a)",
        "a{b=~`\\d+\"`} > 1_000",
    ] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let cases = [
        ("up ==", "line 1, column 6: the expression is not complete"),
        ("sum(rate(a[5m])", "line 1, column 16: unclosed left parenthesis"),
        ("sum(a))", "line 1, column 7: unexpected right parenthesis ')'"),
        ("up =! 0", "line 1, column 5: unexpected character after '!': ' '"),
        ("a\n  by b", "line 2, column 3: unexpected `by`"),
        ("sum by job (a)", "line 1, column 8: unexpected `job`"),
        ("foo bar", "line 1, column 5: unexpected `bar`"),
        ("0ü", "line 1, column 1: unexpected character: 'ü'"),
        ("a{b=~`\\d+`} > 1_000 bar", "line 1, column 21: unexpected `bar`"),
        ("a > 1e999", "line 1, column 5: `1e999` is too large"),
        ("a > 1e+999", "line 1, column 5: `1e+999` is too large"),
        ("a offset -NaN", "line 1, column 11: `NaN` is too long a time"),
        ("a offset inf", "line 1, column 10: `inf` is too long a time"),
        ("a[1e30]", "line 1, column 3: `1e30` is too long a time"),
        ("a[5m:1e+30]", "line 1, column 6: `1e+30` is too long a time"),
        ("a[0xffffffffffff]", "line 1, column 3: `0xffffffffffff` is too long a time"),
        ("a[1h99999999999s]", "line 1, column 3: `1h99999999999s` is too long a time"),
        ("sum(limitk(3, a))", "line 1, column 5: `limitk` is experimental and not switched on"),
    ];
    for (bad, message) in cases {
        assert_eq!(check(bad).unwrap_err(), message, "{bad}");
    }
}

#[test]
fn an_error_of_meaning_points_at_the_word_that_brings_it() {
    let message = check("sum(up) + rate(foo)").unwrap_err();
    assert!(message.starts_with("line 1, column 16: "), "{message}");
    let message = check("nosuchfunction(foo)").unwrap_err();
    assert!(message.starts_with("line 1, column 1"), "{message}");
}

#[test]
fn the_largest_texts_taken_do_not_exhaust_a_small_stack() {
    let chain = vec!["a"; MOST_TOKENS / 2].join("+");
    let deep = format!("{}a{}", "(".repeat(900), ")".repeat(900));
    let signs = format!("{}a", "- ".repeat(MOST_TOKENS - 1));
    let run = move || {
        for text in [chain, deep, signs] {
            let _ = check(&text);
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
    assert!(check(&"a+".repeat(MOST_TOKENS)).is_err());
}

proptest! {
    #[test]
    fn no_text_panics(text in "[a-c0-9(){}\\[\\]\"'=~!+*/ \nüby:.@-]{0,40}") {
        let _ = check(&text);
    }
}
