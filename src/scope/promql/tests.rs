//! What expressions become, and which are refused.

use super::*;
use proptest::prelude::*;

fn one() -> Projects {
    Projects::only(["a.b"])
}

const ONE: &str = r#"project=~"a\\.b""#;

/// `expected` with `@` for the scope's matcher.
#[track_caller]
fn becomes(expression: &str, expected: &str) {
    let expected = expected.replace('@', ONE).replace("AT", "@");
    assert_eq!(confine(expression, &one()), Ok(expected), "{expression}");
}

#[track_caller]
fn is_refused(expression: &str, reason: &str) {
    let fault = confine(expression, &one()).expect_err(expression);
    assert!(fault.to_string().contains(reason), "{expression}: {fault}");
}

#[test]
fn every_selector_gets_the_matcher() {
    becomes("up", "up{@}");
    becomes("up{job=\"x\"}", "up{@,job=\"x\"}");
    becomes("rate(a[5m])", "rate(a{@}[5m])");
    becomes("max_over_time(sum(rate(a[5m]))[1h:])", "max_over_time(sum(rate(a{@}[5m]))[1h:])");
    becomes(
        "sum by (x) (a) / on (x) group_left (y) b",
        "sum by (x) (a{@}) / on (x) group_left (y) b{@}",
    );
    becomes("a and b or c unless d", "a{@} and b{@} or c{@} unless d{@}");
    becomes("-a ^ +b", "-a{@} ^ b{@}");
    becomes("a offset 5m AT 3".replace("AT", "@").as_str(), "a{@} AT 3.000 offset 5m");
    becomes("vector(scalar(a)) + time()", "vector(scalar(a{@})) + time()");
    becomes("sort(a)", "sort(a{@})");
}

#[test]
fn selectors_in_parameters_of_aggregations_get_it_too() {
    becomes("topk(scalar(secret), a)", "topk(scalar(secret{@}), a{@})");
    becomes(
        "quantile by () (scalar(b{x!=\"\"}), a)",
        "quantile by () (scalar(b{@,x!=\"\"}), a{@})",
    );
    becomes("count_values without (z) (\"v\", a)", "count_values without (z) (\"v\", a{@})");
    becomes(
        "clamp(a, scalar(b), scalar(c[1m:] offset 1m))".replace("[1m:] offset 1m", "").as_str(),
        "clamp(a{@}, scalar(b{@}), scalar(c{@}))",
    );
}

#[test]
fn a_matcher_of_the_user_stays_and_widens_nothing() {
    becomes("up{project=\"other\"}", "up{@,project=\"other\"}");
    becomes("{project=~\".*\",x=\"y\"}", "{@,project=~\".*\",x=\"y\"}");
    becomes("{__name__=~\".+\"}", "{@,__name__=~\".+\"}");
    becomes("absent(a{project=\"other\"})", "absent(a{@,project=\"other\"})");
    becomes(
        "label_replace(a, \"project\", \"other\", \"\", \"\")",
        "label_replace(a{@}, \"project\", \"other\", \"\", \"\")",
    );
}

#[test]
fn names_and_strings_keep_their_meaning() {
    becomes("{\"my.metric\", \"a b\"=~\"x\"}", "{@,__name__=\"my.metric\",\"a b\"=~\"x\"}");
    becomes("sum by (\"a b\", c) (up)", "sum by (\"a b\", c) (up{@})");
    becomes("a{b=\"}{\\\"\\n\\\\\"}", "a{@,b=\"}{\\\"\\n\\\\\"}");
    becomes("a{b='it\\'s \"'}", "a{@,b=\"it's \\\"\"}");
    becomes("a{b=`\\d\"`}", "a{@,b=\"\\\\d\\\"\"}");
    becomes("a{b=\"\\u00e9\"} # {c=\"d\"}", "a{@,b=\"é\"}");
    becomes("a # or b\n+ b", "a{@} + b{@}");
    becomes("sum{x=\"1\"} + by", "sum{@,x=\"1\"} + by{@}");
    becomes("{b=\"2\",a=\"1\",b=\"3\"}", "{@,b=\"2\",a=\"1\",b=\"3\"}");
}

#[test]
fn what_the_parser_would_lose_is_kept() {
    becomes("a @ -5".replace('@', "AT").replace("AT", "@").as_str(), "a{@} AT -5.000");
    becomes("a @ start() offset -1w", "a{@} AT start() offset -1w");
    becomes("a / ignoring () group_left () b", "a{@} / ignoring () group_left () b{@}");
    becomes("sum by () (a)", "sum by () (a{@})");
    becomes("sum without () (a)", "sum without () (a{@})");
    becomes("a > bool 1e-7", "a{@} > bool 0.0000001");
    becomes("a * 0x1F + 1_000 - 017", "a{@} * 31 + 1000 - 15");
    becomes("a + Inf - -inf * NaN", "a{@} + Inf - -Inf * NaN");
    becomes("a > 5m", "a{@} > 300");
    becomes("a[90m:90]", "a{@}[1h30m:1m30s]");
}

#[test]
fn what_cannot_be_confined_is_refused() {
    is_refused("info(a)", "experimental");
    is_refused("limitk(3, a)", "experimental");
    is_refused("{a=\"b\" or c=\"d\"}", "`or` between matchers");
    is_refused("a{x=\"\\xff\"}", "line 1, column 5: a string with bytes");
    is_refused("a{x='\\377'}", "bytes");
    is_refused("a{x=\"1\\\\\\x80\"}", "bytes");
    is_refused("a[0.0001]", "");
    is_refused("a offset 1.0005", "something else");
    is_refused("a[1e30]", "too long a time");
    is_refused("a + fill(1) b", "");
    is_refused("up)", "line 1, column 3");
    is_refused("up{", "");
    is_refused("", "needed");
    is_refused("rate(a[5m] smoothed)", "");
    is_refused("a[5m+5m]", "");
    is_refused("%75p", "");
    is_refused("{}", "at least one non-empty matcher");
    is_refused(&"a+".repeat(9_000), "longer");
}

#[test]
fn no_project_selects_nothing_and_all_bypass() {
    let nothing = confine("a", &Projects::only::<&str>([])).unwrap();
    assert_eq!(nothing, r#"a{project=~"[^\\s\\S]"}"#);
    assert_eq!(confine("not a query (", &Projects::All).unwrap(), "not a query (");
    let two = confine("a", &Projects::only(["b", "a"])).unwrap();
    assert_eq!(two, r#"a{project=~"a|b"}"#);
}

#[test]
fn selectors_of_other_paths_are_confined_and_one_is_added() {
    let confine = |texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        confine_selectors("match[]", &texts, &one()).map_err(|refusal| refusal.to_string())
    };
    assert_eq!(confine(&[]).unwrap(), [format!("{{{ONE}}}")]);
    assert_eq!(
        confine(&["up", "{a=\"b\"}"]).unwrap(),
        [format!("up{{{ONE}}}"), format!("{{{ONE},a=\"b\"}}")]
    );
    for bad in [
        "up offset 5m",
        "up[5m]",
        "sum(up)",
        "(up)",
        "up @ 5",
        "1",
        "\"up\"",
        "{a=\"b\" or c=\"d\"}",
        "",
    ] {
        let refusal = confine(&["up", bad]).unwrap_err();
        assert!(refusal.starts_with("match[]: "), "{bad}: {refusal}");
    }
}

#[test]
fn the_largest_expressions_do_not_exhaust_a_small_stack() {
    let chain = vec!["a"; 1_000].join("+");
    let deep = format!("{}a{}", "(".repeat(900), ")".repeat(900));
    let signs = format!("{}a", "- ".repeat(1_900));
    let run = move || {
        assert_eq!(confine(&chain, &one()).unwrap().matches(ONE).count(), 1_000);
        assert!(confine(&deep, &one()).is_ok());
        let _ = confine(&signs, &one());
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

/// Whether, word by word, every brace opens with the matcher.
fn braces_hold(text: &str) -> bool {
    let tokens = promql::tokens(text);
    let open = tokens.iter().filter(|&&(start, end)| &text[start..end] == "{");
    open.clone().count() > 0 && open.clone().all(|&(_, end)| text[end..].starts_with(ONE))
}

proptest! {
    #[test]
    fn words_in_any_order_are_refused_or_confined(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "a", "b", "{", "}", "(", ")", "[5m]", "[5m:]", "+", "-", "^", "/", "and", "or", "unless",
            "on (x)", "group_left ()", "ignoring ()", "bool", "==", "sum", "by (x)", "topk(1,", "rate(",
            "absent(", "x=\"y\"", "{x=\"y\"}", "{project=\"z\"}", "{__name__=~\".+\"}", ",", "offset 5m",
            "@ 5", "@ start()", "\"s\"", "'{'", "`}`", "1", "# c\n", "project", "scalar(", "time()",
        ]), 1..12)
    ) {
        let text = words.join(" ");
        if let Ok(confined) = confine(&text, &one()) {
            let reads = promql::read(&confined).unwrap();
            prop_assert!(
                braces_hold(&confined) || !format!("{reads:?}").contains("Selector"),
                "{text} became {confined}"
            );
        }
    }

    #[test]
    fn no_text_panics(text in "[a-c0-9(){}\\[\\]\"'`=~!+*/ \\\\xfnN\nü,by:.@#-]{0,40}") {
        let _ = confine(&text, &one());
    }
}
