//! YAML as the Go programs read it: sorted where we do not choose the order, quoted wherever
//! YAML 1.1 would see something else than a string, no line folding.

use super::RenderError;
use serde::Serialize;
use serde_json::Value;

/// First line of every rendered YAML file.
const HEADER: &str = "# Made by Watchkeep from what is declared; changes here are overwritten.\n";

/// Writes `document` as the YAML file `file` (its name is for errors only).
pub(super) fn file<T: Serialize>(file: &str, document: &T) -> Result<Vec<u8>, RenderError> {
    let text =
        text(document).map_err(|reason| RenderError::Encode { file: file.to_owned(), reason })?;
    Ok(format!("{HEADER}{text}").into_bytes())
}

/// `document` as YAML text.
pub(crate) fn text<T: Serialize>(document: &T) -> Result<String, String> {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    serde_saphyr::to_string_with_options(document, options).map_err(|error| error.to_string())
}

/// The same value with the keys of all its objects sorted.
pub(crate) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            Value::Object(
                pairs.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
