//! RE2 patterns. The `regex` crate speaks nearly the same language, without look-around and back
//! references either; what little differs the real checkers see.

/// Checks a pattern as the programs use it: anchored at both ends.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    regex::Regex::new(&format!("^(?:{pattern})$")).map(drop).map_err(|error| {
        let reason = match &error {
            regex::Error::Syntax(text) => text.lines().last().unwrap_or_default().to_owned(),
            other => other.to_string(),
        };
        let reason = reason.trim_start_matches("error: ");
        let shown: String = pattern.chars().take(80).collect();
        format!("`{shown}` is not a regular expression: {reason}")
    })
}
