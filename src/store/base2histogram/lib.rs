//! The part of `base2histogram` that openraft calls for its statistics, written anew: the published
//! crate builds lookup tables for all of its sixteen resolutions at first use, 26 MB that stay
//! resident, of which openraft reads two kilobytes. Cargo puts this in its place
//! (`[patch.crates-io]`). To go once upstream builds a table when its resolution is asked for.

use std::{fmt, marker::PhantomData};

/// Each power of two is divided into so many buckets.
const SUBDIVISIONS: u32 = 4;
/// 0 to 3 have a bucket each; the 62 magnitudes above are divided.
const N_BUCKETS: usize = 4 + 62 * SUBDIVISIONS as usize;

/// Counts values in buckets that grow with the value: a percentile is at most a fifth too low.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram<T = ()> {
    counts: Vec<u64>,
    slots: PhantomData<T>,
}

impl<T> Histogram<T> {
    /// Without any value.
    #[must_use]
    pub fn new() -> Self {
        Self { counts: vec![0; N_BUCKETS], slots: PhantomData }
    }

    /// Counts one value.
    pub fn record(&mut self, value: u64) {
        self.record_n(value, 1);
    }

    /// Counts a value `n` times.
    pub fn record_n(&mut self, value: u64, n: u64) {
        let count = &mut self.counts[bucket(value)];
        *count = count.saturating_add(n);
    }

    /// How many values were counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The least value of the bucket in which the share `p` (0 to 1) of all values is reached; 0
    /// without any.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a share of a count")]
    pub fn percentile(&self, p: f64) -> u64 {
        let wanted = self.total() as f64 * p;
        let mut seen = 0_u64;
        for (index, count) in self.counts.iter().enumerate() {
            seen = seen.saturating_add(*count);
            if *count > 0 && seen as f64 >= wanted {
                return least(index);
            }
        }
        0
    }

    /// The usual percentiles.
    #[must_use]
    pub fn percentile_stats(&self) -> PercentileStats {
        PercentileStats {
            samples: self.total(),
            p0_1: self.percentile(0.001),
            p1: self.percentile(0.01),
            p5: self.percentile(0.05),
            p10: self.percentile(0.10),
            p50: self.percentile(0.50),
            p90: self.percentile(0.90),
            p99: self.percentile(0.99),
            p99_9: self.percentile(0.999),
        }
    }
}

impl<T> Default for Histogram<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Where a value is counted.
fn bucket(value: u64) -> usize {
    if value < 4 {
        return value as usize;
    }
    let magnitude = value.ilog2();
    let part = (value >> (magnitude - 2)) as u32 & (SUBDIVISIONS - 1);
    (4 + (magnitude - 2) * SUBDIVISIONS + part) as usize
}

/// The least value of a bucket.
fn least(index: usize) -> u64 {
    let index = index as u64;
    if index < 4 {
        return index;
    }
    let (magnitude, part) = ((index - 4) / 4 + 2, (index - 4) % 4);
    (4 + part) << (magnitude - 2)
}

/// Percentiles of what was counted; `samples` says of how many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct PercentileStats {
    pub samples: u64,
    pub p0_1: u64,
    pub p1: u64,
    pub p5: u64,
    pub p10: u64,
    pub p50: u64,
    pub p90: u64,
    pub p99: u64,
    pub p99_9: u64,
}

impl fmt::Display for PercentileStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { samples, p50, p90, p99, p99_9, .. } = self;
        write!(f, "{samples} samples, p50 {p50}, p90 {p90}, p99 {p99}, p99.9 {p99_9}")
    }
}

/// Several histograms, one line each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AsciiChart {
    lines: Vec<(String, PercentileStats)>,
}

impl AsciiChart {
    /// Without any line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more line.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "the name that openraft calls")]
    pub fn add<T>(mut self, name: impl Into<String>, histogram: Histogram<T>) -> Self {
        self.lines.push((name.into(), histogram.percentile_stats()));
        self
    }
}

impl fmt::Display for AsciiChart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|(name, stats)| writeln!(f, "{name}: {stats}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Histogram, N_BUCKETS, bucket, least};

    #[test]
    fn every_value_is_counted_in_the_bucket_that_begins_at_or_before_it() {
        assert_eq!(bucket(u64::MAX), N_BUCKETS - 1);
        for value in (0..4096).chain((12..64).flat_map(|bits| [1 << bits, (1 << bits) + 1])) {
            let index = bucket(value);
            assert!(least(index) <= value, "{value}");
            assert!(index + 1 == N_BUCKETS || value < least(index + 1), "{value}");
        }
    }

    #[test]
    fn percentiles_are_those_of_what_was_counted() {
        let mut histogram = Histogram::<()>::new();
        assert_eq!(histogram.percentile(0.5), 0);
        histogram.record_n(10, 98);
        histogram.record_n(1024, 2);
        let stats = histogram.percentile_stats();
        assert_eq!((stats.samples, stats.p50, stats.p99), (100, 10, 1024));
    }
}
