//! The matrix of a range query, read without keeping its text.

use crate::model::label::Labels;
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt};

/// `data` of a range query.
#[derive(Debug, Deserialize)]
pub(in crate::observe) struct Matrix {
    #[serde(rename = "resultType")]
    _kind: MatrixKind,
    pub(in crate::observe) result: Vec<Series>,
}

#[derive(Debug, Deserialize)]
enum MatrixKind {
    #[serde(rename = "matrix")]
    Matrix,
}

/// One series of it.
#[derive(Debug, Deserialize)]
pub(in crate::observe) struct Series {
    pub(in crate::observe) metric: Labels,
    /// Native histograms have none.
    #[serde(default)]
    pub(in crate::observe) values: Vec<Sample>,
}

/// `data` of an instant query that gives a vector.
#[derive(Debug, Deserialize)]
pub(in crate::observe) struct Instant {
    pub(in crate::observe) result: Vec<InstantSeries>,
}

#[derive(Debug, Deserialize)]
pub(in crate::observe) struct InstantSeries {
    pub(in crate::observe) value: Sample,
}

/// `[unix seconds, "value"]`
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::observe) struct Sample {
    pub(in crate::observe) at_s: f64,
    pub(in crate::observe) value: f64,
}

impl<'de> Deserialize<'de> for Sample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pair;
        impl<'de> de::Visitor<'de> for Pair {
            type Value = Sample;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant and a value as text")
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut pair: A) -> Result<Sample, A::Error> {
                let missing = |n| de::Error::invalid_length(n, &"two elements");
                let at_s = pair.next_element()?.ok_or_else(|| missing(0))?;
                let text: Cow<'de, str> = pair.next_element()?.ok_or_else(|| missing(1))?;
                let value = text.parse().map_err(de::Error::custom)?;
                Ok(Sample { at_s, value })
            }
        }
        deserializer.deserialize_tuple(2, Pair)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_that_prometheus_writes_is_read() {
        let text = r#"{"resultType":"matrix","result":[{"metric":{"a":"b"},
            "values":[[1.5,"1e-3"],[2,"NaN"],[3,"+Inf"],[4,"-Inf"]]}]}"#;
        let matrix: Matrix = serde_json::from_str(text).unwrap();
        let values: Vec<f64> = matrix.result[0].values.iter().map(|sample| sample.value).collect();
        assert_eq!((values[0], values[2], values[3]), (0.001, f64::INFINITY, f64::NEG_INFINITY));
        assert!(values[1].is_nan());
        assert!(serde_json::from_str::<Sample>(r#"[1,"x"]"#).is_err());
        assert!(serde_json::from_str::<Matrix>(r#"{"resultType":"scalar","result":[]}"#).is_err());
    }
}
