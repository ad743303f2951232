//! Wall-clock instants as plain numbers; read only at the rim, carried in by commands.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z. An RFC 3339 string in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixMs(pub u64);

impl UnixMs {
    /// Parses RFC 3339 with any offset and up to nine decimals; instants before 1970 become 0.
    ///
    /// # Errors
    /// Text that is no RFC 3339 instant.
    pub fn parse(text: &str) -> Result<Self, jiff::Error> {
        let instant: Timestamp = text.parse()?;
        Ok(Self(u64::try_from(instant.as_millisecond()).unwrap_or(0)))
    }

    /// Milliseconds from `earlier` to `self`, 0 if it lies after.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for UnixMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match i64::try_from(self.0).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()) {
            Some(instant) => write!(f, "{instant:.3}"),
            None => f.write_str("9999-12-30T22:00:00.000Z"),
        }
    }
}

impl Serialize for UnixMs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UnixMs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_any_offset() {
        let instant = UnixMs::parse("2026-11-21T22:47:43.658Z").unwrap();
        assert_eq!(instant.to_string(), "2026-11-21T22:47:43.658Z");
        assert_eq!(UnixMs::parse("2026-11-22T06:47:43.658000001+08:00").unwrap(), instant);
        assert_eq!(UnixMs::parse("0001-01-01T00:00:00Z").unwrap(), UnixMs(0));
    }
}
