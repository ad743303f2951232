//! Alertmanager's time intervals: office hours, weekends, the last days of a month, each in a time
//! zone. Read with Alertmanager's own rules and asked about an instant. Pure.
//!
//! Stricter than Alertmanager where it takes what can only be a mistake: an empty list and a month
//! 13 never hold, `Local` is another zone on each node.

mod holds;
mod read;

use super::spec;
use jiff::tz::TimeZone;

/// One of the intervals of a `time-interval`: holds when every part that is given holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// Minutes of the day, the end not included.
    times: Option<Vec<Range>>,
    /// 0 = Sunday.
    weekdays: Option<Vec<Range>>,
    /// From 1; negative ones count from the end of the month.
    days_of_month: Option<Vec<Range>>,
    months: Option<Vec<Range>>,
    years: Option<Vec<Range>>,
    zone: TimeZone,
}

/// From `first` to `last`, both included (of times the last one not).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    first: i32,
    last: i32,
}

/// What is wrong with a time interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Below the spec: `time_intervals/0/weekdays/1`.
    pub path: String,
    /// What would be right.
    pub message: String,
}

/// Reads all intervals of a `time-interval`.
///
/// # Errors
/// Everything that is wrong with it; never empty.
pub fn read(declared: &spec::TimeInterval) -> Result<Vec<Interval>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut intervals = Vec::new();
    for (position, fields) in declared.time_intervals.iter().enumerate() {
        let base = format!("time_intervals/{position}");
        intervals.extend(read::interval(fields, &base, &mut wrong));
    }
    if declared.time_intervals.is_empty() {
        let message = "at least one interval is needed".to_owned();
        wrong.push(Wrong { path: "time_intervals".to_owned(), message });
    }
    if wrong.is_empty() { Ok(intervals) } else { Err(wrong) }
}

#[cfg(test)]
mod tests;
