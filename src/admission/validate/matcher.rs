//! Alertmanager's matchers, with the codes of what is wrong with them.

use super::{Code, Findings};
use crate::model::matcher::{Matcher, MatcherError};

/// Notes which of `texts` at `path` are no matchers.
pub(super) fn check(findings: &mut Findings, path: &str, texts: &[String]) {
    for (position, text) in texts.iter().enumerate() {
        if let Err(error) = Matcher::parse(text) {
            let code = match error {
                MatcherError::Syntax { .. } => Code::Matcher,
                MatcherError::Pattern(_) => Code::Regex,
            };
            findings.spec(format_args!("{path}/{position}"), code, error.to_string());
        }
    }
}
