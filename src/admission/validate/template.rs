//! Go templates in alert labels and annotations: actions closed, blocks ended. What a template
//! means is for Prometheus to say.

/// Checks that every `{{` is closed and every block has its `end`.
pub(super) fn check(text: &str) -> Result<(), String> {
    let mut rest = text;
    let mut blocks: Vec<&str> = Vec::new();
    while let Some(start) = rest.find("{{") {
        if rest[..start].contains("}}") {
            return Err("there is a }} without {{".to_owned());
        }
        let (action, after) = action(&rest[start + 2..])?;
        match action.trim_start_matches('-').split_whitespace().next() {
            Some(word @ ("if" | "range" | "with" | "define" | "block")) => blocks.push(word),
            Some("else") if blocks.is_empty() => {
                return Err("{{ else }} is outside of any block".to_owned());
            }
            Some("end") if blocks.pop().is_none() => {
                return Err("{{ end }} ends no block".to_owned());
            }
            None => return Err("{{ }} is empty".to_owned()),
            _ => {}
        }
        rest = after;
    }
    match (rest.contains("}}"), blocks.last()) {
        (true, _) => Err("there is a }} without {{".to_owned()),
        (false, Some(block)) => Err(format!("{{{{ {block} }}}} has no {{{{ end }}}}")),
        (false, None) => Ok(()),
    }
}

/// Splits after the `}}` that ends the action; those inside strings and comments do not.
fn action(text: &str) -> Result<(&str, &str), String> {
    let body = text.trim_start_matches('-').trim_start();
    if body.starts_with("/*") {
        let end = text.find("*/").ok_or("a {{/* comment is not closed")?;
        let close = text[end..].find("}}").ok_or("a {{/* comment is not closed")?;
        return Ok(("comment", &text[end + close + 2..]));
    }
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match quote {
            Some('"') if c == '\\' => {
                chars.next();
            }
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '`' => quote = Some(c),
            None if text[at..].starts_with("}}") => {
                return Ok((text[..at].trim_end_matches('-'), &text[at + 2..]));
            }
            None => {}
        }
    }
    Err(match quote {
        Some(_) => "a quote inside {{ }} is not closed",
        None => "there is a {{ without }}",
    }
    .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_templates_pass() {
        for good in [
            "",
            "plain { text }",
            "{{ $value | humanize }} on {{ $labels.instance }}",
            "{{- if gt $value 1.0 -}}a{{ else }}b{{ end }}",
            r#"{{ with query "up{job=\"}}\"}" }}{{ . | first | value }}{{ end }}"#,
            "{{/* }} */}}x",
            "{{ range query `a` }}{{ .Labels.b }}{{ end }}",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn unbalanced_templates_are_refused() {
        for bad in [
            "{{ $value",
            "$value }}",
            "{{ if true }}x",
            "{{ end }}",
            "{{ }}",
            "{{ \"x }}",
            "{{ else }}",
            "{{/* x",
            "a }} {{ b }}",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
