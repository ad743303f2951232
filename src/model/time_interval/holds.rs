//! Does an interval hold at an instant?

use super::{Interval, Range};
use crate::model::UnixMs;
use jiff::{Timestamp, Zoned};

impl Interval {
    /// Whether `at` lies in it. Wall-clock times of the interval's own zone: an hour that a change
    /// of clocks skips never is, one that comes twice is both times.
    #[must_use]
    pub fn holds(&self, at: UnixMs) -> bool {
        let at = i64::try_from(at.0).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let there = at.unwrap_or(Timestamp::MAX).to_zoned(self.zone.clone());
        let minute = i32::from(there.hour()) * 60 + i32::from(there.minute());
        let weekday = i32::from(there.weekday().to_sunday_zero_offset());
        let within = |ranges: &Option<Vec<Range>>, value: i32| match ranges {
            None => true,
            Some(ranges) => ranges.iter().any(|range| range.first <= value && value <= range.last),
        };
        self.times.as_ref().is_none_or(|times| {
            times.iter().any(|range| range.first <= minute && minute < range.last)
        }) && self
            .days_of_month
            .as_ref()
            .is_none_or(|days| days.iter().any(|range| on_day(range, &there)))
            && within(&self.months, there.month().into())
            && within(&self.weekdays, weekday)
            && within(&self.years, there.year().into())
    }
}

/// A range may reach over the month's end but does not begin after it.
fn on_day(range: &Range, there: &Zoned) -> bool {
    let days = i32::from(there.days_in_month());
    let of_month = |day: i32| if day < 0 { days + day + 1 } else { day };
    let (first, last) = (of_month(range.first), of_month(range.last));
    let day = i32::from(there.day());
    first <= days && first <= day && day <= last.min(days)
}
