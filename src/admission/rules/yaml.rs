//! Reads values of a Prometheus rule file as Prometheus does, noting every one that does not
//! fit, with its place.

use crate::admission::{
    code::Code,
    document::raw::{Raw, RawValue},
    field_error::FieldError,
};
use crate::model::label::Labels;

/// Gathers what is wrong with a file.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) errors: Vec<FieldError>,
}

impl Reader {
    pub(super) fn error(&mut self, path: &str, code: Code, message: &str, place: (u32, u32)) {
        let place = Some(place).filter(|place| place.0 > 0);
        self.errors.push(FieldError {
            line: place.map(|at| at.0),
            column: place.map(|at| at.1),
            ..FieldError::new(path, code, message)
        });
    }

    pub(super) fn unknown(&mut self, path: &str, known: &str, place: (u32, u32)) {
        self.error(path, Code::UnknownField, &format!("unknown field, expected {known}"), place);
    }

    /// The pairs of a map; nothing of null is nothing.
    pub(super) fn map(&mut self, path: &str, raw: Raw) -> Vec<(String, Raw)> {
        match raw.value {
            RawValue::Map(pairs) => pairs,
            RawValue::Null => Vec::new(),
            _ => {
                self.error(path, Code::BadValue, "must be a map", raw.place);
                Vec::new()
            }
        }
    }

    pub(super) fn list(&mut self, path: &str, raw: Raw) -> Vec<Raw> {
        match raw.value {
            RawValue::List(items) => items,
            RawValue::Null => Vec::new(),
            _ => {
                self.error(path, Code::BadValue, "must be a list", raw.place);
                Vec::new()
            }
        }
    }

    /// A text; numbers and truth values are taken as they were written.
    pub(super) fn text(&mut self, path: &str, raw: Raw) -> Option<String> {
        match raw.value {
            RawValue::Text(text) | RawValue::Bare(text) => Some(text),
            RawValue::Null => None,
            _ => {
                self.error(path, Code::BadValue, "must be a text", raw.place);
                None
            }
        }
    }

    /// A whole number from 0.
    pub(super) fn number(&mut self, path: &str, raw: Raw) -> Option<u64> {
        let read = match &raw.value {
            RawValue::Null => return None,
            RawValue::Bare(text) => whole(text),
            _ => None,
        };
        if read.is_none() {
            self.error(path, Code::BadValue, "must be a whole number from 0", raw.place);
        }
        read
    }

    pub(super) fn labels(&mut self, path: &str, raw: Raw) -> Labels {
        let mut labels = Labels::new();
        for (name, value) in self.map(path, raw) {
            let text = self.text(&format!("{path}/{name}"), value);
            labels.insert(name, text.unwrap_or_default());
        }
        labels
    }
}

fn whole(text: &str) -> Option<u64> {
    let plain = text.strip_prefix('+').unwrap_or(text).replace('_', "");
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = plain.strip_prefix(prefix) {
            return u64::from_str_radix(digits, radix).ok();
        }
    }
    plain.parse().ok()
}
