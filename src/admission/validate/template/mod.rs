//! Go templates in alert labels and annotations. Reads them as the programs do when they load a
//! rule file: form, functions and variables; what a template yields shows when it is run.
//!
//! The grammar is that of Go's `text/template`, of which Prometheus says at
//! <https://prometheus.io/docs/prometheus/latest/configuration/template_reference/> which
//! functions there are.

mod go_string;
mod lex;
mod number;
mod parse;

/// Checks one template; the message says what is wrong, and in which line where there are several.
pub(super) fn check(text: &str) -> Result<(), String> {
    // The plain text that most of them are.
    if !text.contains("{{") {
        return Ok(());
    }
    let tokens = lex::tokens(text)?;
    parse::check(text, &tokens)
}

/// Whether a template may ask Prometheus: `query` sees every project, whoever wrote the rule. By the
/// word alone, anywhere from the first `{{` to the last `}}`: identifiers have no other spelling, and
/// nothing that is read differently here and there can hide it.
#[must_use]
pub fn asks(text: &str) -> bool {
    let Some(start) = text.find("{{") else { return false };
    let end = text.rfind("}}").filter(|end| *end > start).unwrap_or(text.len());
    text[start..end].contains("query")
}

/// `message`, with the line of the byte `at` where the text has more than one.
fn located(text: &str, at: usize, message: &str) -> String {
    if text.trim_end().contains('\n') {
        let line = text[..at].matches('\n').count() + 1;
        format!("line {line}: {message}")
    } else {
        message.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn templates_that_ask_prometheus_are_known() {
        for asking in [
            "{{ query \"up\" }}",
            "a {{- range query `x` -}} b {{ end }}",
            "{{ (query \"up\" | first).Labels.job }}",
            "{{ $x := \"up\" }}{{ $x | query | len }}",
            "{{ with query \"up",
            "}} {{ query `up`",
            // A comment to Go, which reads on after it.
            r#"{{/*/}}{{ "*/}}{{ range query `up` }}{{ .Value }}{{ end }}" }}"#,
            "{{ $value }} query {{ $value }}",
        ] {
            assert!(asks(asking), "{asking}");
        }
        for silent in
            ["query", "{{ $value }} query", "slow query: {{ $value }}", "{{ $labels.quer }}y"]
        {
            assert!(!asks(silent), "{silent}");
        }
    }

    #[test]
    fn what_go_reads_passes() {
        for good in [
            "",
            "plain { text } with }} in it",
            "{{ $value | humanize }} on {{ $labels.instance }}",
            "{{- if gt $value 1.0 -}}a{{ else if true }}b{{ else }}c{{ end }}",
            r#"{{ with query "up{job=\"}}\"}" }}{{ . | first | value }}{{ end }}"#,
            "{{/* }} */}}x{{- /* y */ -}}",
            "{{ range $i, $s := query `a` }}{{ $i }}{{ .Labels.b }}{{ break }}{{ end }}",
            "{{ $x := 1 }}{{ $x = 2 }}{{ printf \"%d %c\" $x 'a' }}",
            "{{ (query \"up\" | first).Labels.job }}",
            "{{ define \"t\" }}{{ . }}{{ end }}{{ template \"t\" $value }}",
            "{{ -1 }}{{ 0x1F }}{{ 1_000 }}{{ 1e3 }}{{ .5 }}{{ 1i }}",
            "{{ $externalURL }}{{ $externalLabels.cluster }}{{ nil | print }}",
            "{{ with $x := 1 }}{{ $x }}{{ else with 2 }}b{{ end }}",
            "{{\n$value\n}}",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_go_does_not_read_is_refused_with_a_reason() {
        for (bad, reason) in [
            ("{{ $value", "there is a {{ without }}"),
            ("{{ if true }}x", "{{ if }} has no {{ end }}"),
            ("{{ end }}", "{{ end }} ends no block"),
            ("{{ else }}", "{{ else }} is outside of any block"),
            ("{{ }}", "the action is empty"),
            ("{{ \"x }}", "a quote inside {{ }} is not closed"),
            ("{{ `x }}", "a quote inside {{ }} is not closed"),
            ("{{/* x", "a {{/* comment is not closed"),
            ("{{/* x */ y}}", "a comment must end with */}}"),
            ("{{ .Value | humanise }}", "there is no function `humanise`"),
            ("{{ $label.instance }}", "there is no variable `$label`"),
            ("{{ $labels.instance) }}", "there is a ) without ("),
            ("{{ (print 1 }}", "there is a ( without )"),
            ("{{ print \"\\d\" }}", "`\"\\d\"` is not a string: unknown escape"),
            ("{{ 08 }}", "`08` is not a number"),
            ("{{ 1x }}", "`1x` is not a number"),
            ("{{ true.x }}", "nothing can follow a constant with a dot"),
            ("{{ print 1 | 2 }}", "a constant cannot stand behind |"),
            ("{{ break }}", "{{ break }} is outside of any range"),
            ("{{ range $a, $b, $c := . }}{{ end }}", "too many variables"),
            ("{{ $a, $b := . }}", "too many variables"),
            ("{{ $labels.instance\u{a7} }}", "`§` is not allowed here"),
            ("{{ humanize $value, 1 }}", "`,` is not allowed here"),
            ("a\nb {{ foo }}", "line 2: there is no function `foo`"),
        ] {
            assert_eq!(check(bad), Err(reason.to_owned()), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\{\\{|\\}\\}|\\(|\\)|\\||[\"'`$.:=,]|if|end|else|range|-|[a-c0-9 \nü]){0,40}") {
            let _ = check(&text);
        }

        #[test]
        fn depth_is_no_danger(depth in 1usize..20_000) {
            let _ = check(&format!("{{{{ {}1{} }}}}", "(".repeat(depth), ")".repeat(depth)));
            let _ = check(&format!("{}{}", "{{if true}}".repeat(depth), "{{end}}".repeat(depth)));
        }
    }
}
