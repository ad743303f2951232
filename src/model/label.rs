//! Label names and the dimensions that every series of a project carries.

use std::collections::BTreeMap;

/// Sorted label set; the names are unique.
pub type Labels = BTreeMap<String, String>;

/// The dimensions: labels put on every series, used for routing, filtering and permissions.
pub const DIMENSIONS: [&str; 6] =
    ["department", "project", "owner", "system", "module", "environment"];

/// The four of them that the portal's scope picker offers.
pub const SCOPE: [&str; 4] = ["department", "project", "owner", "environment"];

/// A Prometheus label name of the classic character set: `[a-zA-Z_][a-zA-Z0-9_]*`.
#[must_use]
pub fn is_label_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
