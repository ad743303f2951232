//! YAML as the Go programs take it: whatever stands where they want a text is that text as it
//! was written, `1.50` and `0x1f` too.

use super::{
    FieldError, not_yaml,
    tree::{self, Located, Tree},
};

/// A value with its place, line and column from 1 (0 = nobody knows).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::admission) struct Raw {
    pub(in crate::admission) value: RawValue,
    pub(in crate::admission) place: (u32, u32),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::admission) enum RawValue {
    Null,
    /// A text, in quotes or by its form.
    Text(String),
    /// A number or a truth value, as it was written.
    Bare(String),
    List(Vec<Raw>),
    /// In the order of the text; keys are unique.
    Map(Vec<(String, Raw)>),
}

/// Reads YAML; one value a document. JSON is YAML.
pub(in crate::admission) fn parse(text: &str) -> Result<Vec<Raw>, FieldError> {
    let documents = serde_saphyr::from_multiple_with_options::<Located>(text, tree::options())
        .map_err(|error| not_yaml(&error))?;
    Ok(documents.into_iter().map(|document| raw(document, text)).collect())
}

fn raw(located: Located, text: &str) -> Raw {
    let value = match located.tree {
        Tree::Leaf(serde_json::Value::Null) => RawValue::Null,
        Tree::Leaf(serde_json::Value::String(read)) => RawValue::Text(read),
        Tree::Leaf(value) => {
            let written = located.bytes.and_then(|bytes| text.get(bytes)).map(str::trim);
            let written = written.filter(|written| !written.is_empty()).map(str::to_owned);
            RawValue::Bare(written.unwrap_or_else(|| value.to_string()))
        }
        Tree::List(items) => {
            RawValue::List(items.into_iter().map(|item| raw(item, text)).collect())
        }
        Tree::Map(pairs) => {
            RawValue::Map(pairs.into_iter().map(|(key, item)| (key, raw(item, text))).collect())
        }
    };
    Raw { value, place: (located.line, located.column) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_spelling() {
        let text = "ä: 1.50\nb: 0x1f\nc: yes\nd: true\ne: \"5\"\nf: ~\ng: 1e3\n";
        let documents = parse(text).unwrap();
        let RawValue::Map(pairs) = &documents[0].value else { panic!("{documents:?}") };
        let values: Vec<_> = pairs.iter().map(|(_, raw)| raw.value.clone()).collect();
        let bare = |text: &str| RawValue::Bare(text.to_owned());
        let quoted = |text: &str| RawValue::Text(text.to_owned());
        let expected = [
            bare("1.50"),
            bare("0x1f"),
            quoted("yes"),
            bare("true"),
            quoted("5"),
            RawValue::Null,
            bare("1e3"),
        ];
        assert_eq!(values, expected);
        assert_eq!(pairs[1].1.place, (2, 4));
    }
}
