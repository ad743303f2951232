//! Reads an interval as Alertmanager does.

use super::{Interval, Range, Wrong};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

const WEEKDAYS: [&str; 7] =
    ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const FIELDS: [&str; 6] = ["times", "weekdays", "days_of_month", "months", "years", "location"];

/// `None` when something was wrong, which is in `wrong` then.
pub(super) fn interval(
    fields: &Map<String, Value>,
    base: &str,
    wrong: &mut Vec<Wrong>,
) -> Option<Interval> {
    let before = wrong.len();
    for field in fields.keys().filter(|field| !FIELDS.contains(&field.as_str())) {
        let message = format!("unknown field; those there are: {}", FIELDS.join(", "));
        wrong.push(Wrong { path: format!("{base}/{field}"), message });
    }
    let mut list = |field: &str, read: fn(&Value) -> Result<Range, Trouble>| {
        ranges(fields.get(field), &format!("{base}/{field}"), read, wrong)
    };
    let mut interval = Interval {
        times: list("times", time),
        weekdays: list("weekdays", |value| span(value, weekday).and_then(ordered)),
        days_of_month: list("days_of_month", |value| span(value, number).and_then(days)),
        months: list("months", |value| span(value, month).and_then(ordered)),
        years: list("years", |value| span(value, number).and_then(ordered)),
        zone: TimeZone::UTC,
    };
    match zone(fields.get("location")) {
        Ok(zone) => interval.zone = zone,
        Err(message) => wrong.push(Wrong { path: format!("{base}/location"), message }),
    }
    (wrong.len() == before).then_some(interval)
}

/// What is wrong, below the item: `start_time` or nothing.
type Trouble = (&'static str, String);

fn here(message: impl Into<String>) -> Trouble {
    ("", message.into())
}

fn ranges(
    value: Option<&Value>,
    path: &str,
    read: fn(&Value) -> Result<Range, Trouble>,
    wrong: &mut Vec<Wrong>,
) -> Option<Vec<Range>> {
    let items = match value {
        None | Some(Value::Null) => return None,
        Some(Value::Array(items)) if !items.is_empty() => items,
        Some(Value::Array(_)) => {
            let message = "an empty list never holds; leave it out for no limit".to_owned();
            wrong.push(Wrong { path: path.to_owned(), message });
            return None;
        }
        Some(_) => {
            let message = "must be a list".to_owned();
            wrong.push(Wrong { path: path.to_owned(), message });
            return None;
        }
    };
    let mut ranges = Vec::new();
    for (position, item) in items.iter().enumerate() {
        match read(item) {
            Ok(range) => ranges.push(range),
            Err((below, message)) => {
                let separator = if below.is_empty() { "" } else { "/" };
                wrong.push(Wrong { path: format!("{path}/{position}{separator}{below}"), message });
            }
        }
    }
    Some(ranges)
}

fn time(value: &Value) -> Result<Range, Trouble> {
    let fields = value
        .as_object()
        .ok_or_else(|| here("write it like {start_time: \"09:00\", end_time: \"17:00\"}"))?;
    if let Some(field) = fields.keys().find(|key| !["start_time", "end_time"].contains(&&***key)) {
        return Err(here(format!("unknown field `{field}`; there are start_time and end_time")));
    }
    let minute = |field: &'static str| {
        let text = fields.get(field).and_then(Value::as_str).unwrap_or_default();
        minute(text).ok_or_else(|| (field, "write it like \"09:00\"; \"24:00\" ends a day".into()))
    };
    let range = Range { first: minute("start_time")?, last: minute("end_time")? };
    if range.first >= range.last {
        let message = "the end must lie after the start; a night is two ranges, one to \"24:00\" \
                       and one from \"00:00\"";
        return Err(("end_time", message.to_owned()));
    }
    Ok(range)
}

fn minute(text: &str) -> Option<i32> {
    if text == "24:00" {
        return Some(24 * 60);
    }
    let (hours, minutes) = text.split_once(':')?;
    let two = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !two(hours) || !two(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// `a` or `a:b`, as text or as a number.
fn span(value: &Value, read: fn(&str) -> Result<i32, String>) -> Result<Range, Trouble> {
    let text = match value {
        Value::String(text) => text.to_ascii_lowercase(),
        Value::Number(number) if number.is_i64() => number.to_string(),
        _ => return Err(here("must be a text like \"1:5\" or a number")),
    };
    let (first, last) = text.split_once(':').unwrap_or((&text, &text));
    Ok(Range { first: read(first).map_err(here)?, last: read(last).map_err(here)? })
}

fn ordered(range: Range) -> Result<Range, Trouble> {
    if range.first > range.last {
        return Err(here("ends before it begins; write two ranges instead"));
    }
    Ok(range)
}

/// In the shortest month a range must not end before it begins.
fn days(range: Range) -> Result<Range, Trouble> {
    if [range.first, range.last].iter().any(|day| *day == 0 || day.abs() > 31) {
        return Err(here("a day of the month is 1 to 31, or -1 to -31 from its end"));
    }
    if range.first < 0 && range.last > 0 {
        return Err(here("where the first day counts from the month's end, so must the last"));
    }
    let of_shortest = |day: i32| if day < 0 { 28 + day } else { day };
    if of_shortest(range.first) > of_shortest(range.last) {
        return Err(here("ends before it begins, in February at least"));
    }
    Ok(range)
}

fn number(text: &str) -> Result<i32, String> {
    text.parse().map_err(|_| format!("`{}` is not a whole number", cut(text)))
}

fn weekday(text: &str) -> Result<i32, String> {
    position(&WEEKDAYS, text)
        .ok_or_else(|| format!("`{}` is not a weekday: sunday to saturday", cut(text)))
}

fn month(text: &str) -> Result<i32, String> {
    let named = position(&MONTHS, text).map(|position| position + 1);
    let numbered = || text.parse().ok().filter(|month| (1..=12).contains(month));
    named
        .or_else(numbered)
        .ok_or_else(|| format!("`{}` is not a month: january to december, or 1 to 12", cut(text)))
}

fn position(names: &[&str], text: &str) -> Option<i32> {
    i32::try_from(names.iter().position(|name| *name == text)?).ok()
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Zones are named exactly, as on the file systems that Alertmanager reads them from.
fn zone(value: Option<&Value>) -> Result<TimeZone, String> {
    let name = match value {
        None | Some(Value::Null) => "",
        Some(Value::String(name)) => name,
        Some(_) => return Err("must be the name of a time zone: Asia/Shanghai".to_owned()),
    };
    match name {
        "" => Ok(TimeZone::UTC),
        "Local" => Err("nodes may lie in different zones: name one".to_owned()),
        name => TimeZone::get(name).ok().filter(|zone| zone.iana_name() == Some(name)).ok_or_else(
            || format!("`{}` is not a time zone; write it like Asia/Shanghai", cut(name)),
        ),
    }
}
