//! RE2 patterns.

use crate::model::re2;

/// Checks a pattern as the programs use it: anchored at both ends.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    re2::check(pattern).map_err(|error| error.to_string())
}
