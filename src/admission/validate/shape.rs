//! Does a spec have the shape of its kind?

use super::{Code, Findings};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

/// The typed spec; else notes the first thing that does not fit.
pub(in crate::admission) fn read<T: DeserializeOwned>(
    spec: &Value,
    findings: &mut Findings,
) -> Option<T> {
    match serde_path_to_error::deserialize(spec) {
        Ok(typed) => Some(typed),
        Err(error) => {
            let path = path(error.path());
            let message = error.inner().to_string();
            let code = if message.starts_with("unknown field") {
                Code::UnknownField
            } else {
                Code::BadValue
            };
            findings.shape(&path, code, message);
            None
        }
    }
}

fn path(path: &serde_path_to_error::Path) -> String {
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    segments.collect::<Vec<_>>().join("/")
}
