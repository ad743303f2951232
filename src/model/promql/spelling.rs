//! What Prometheus reads and promql-parser 0.11 does not, spelled so that both do: a backslash
//! in a raw string stands for itself, and digits may be set apart by underscores.

/// The text with every word and string of `tokens` (byte ranges, in order) in the common
/// spelling.
pub(super) fn common(text: &str, tokens: &[(usize, usize)]) -> String {
    let mut common = String::with_capacity(text.len());
    let mut at = 0;
    for &(start, end) in tokens {
        common.push_str(&text[at..start]);
        let token = &text[start..end];
        match token.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
            Some(raw) if raw.contains('\\') => {
                let escaped = raw.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                common.push('"');
                common.push_str(&escaped);
                common.push('"');
            }
            _ if is_set_apart(token) => common.push_str(&token.replace('_', "")),
            _ => common.push_str(token),
        }
        at = end;
    }
    common.push_str(&text[at..]);
    common
}

/// `1_000`: single underscores between digits.
fn is_set_apart(token: &str) -> bool {
    token.contains('_')
        && token.split('_').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// The first number that is too large, as it stands in the text.
pub(super) fn too_large<'a>(text: &'a str, tokens: &[(usize, usize)]) -> Option<(usize, &'a str)> {
    let numbers = tokens.iter().map(|&(start, end)| (start, &text[start..end]));
    let mut numbers =
        numbers.filter(|(_, token)| token.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
    numbers.find(|(_, token)| token.parse::<f64>().is_ok_and(f64::is_infinite))
}
