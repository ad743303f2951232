//! Single samples out of a `/metrics` text, as reload verification needs them.

/// The value of the sample `name` without labels, if the text has it.
#[must_use]
pub fn sample(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| {
        line.strip_prefix(name)?.strip_prefix(' ')?.split_whitespace().next()?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_found_by_its_whole_name() {
        let text = "# TYPE a gauge\na_b 1\na 2.5 1700000000\n";
        assert_eq!(sample(text, "a"), Some(2.5));
        assert_eq!(sample(text, "b"), None);
        assert_eq!(sample("t 1.7e+09\n", "t"), Some(1.7e9));
    }
}
