//! Intervals against the calendar, as Alertmanager holds them.

use super::*;
use crate::model::UnixMs;
use serde_json::{Value, json};

fn intervals(value: Value) -> Result<Vec<Interval>, Vec<Wrong>> {
    read(&spec::TimeInterval {
        title: String::new(),
        project: None,
        time_intervals: serde_json::from_value(value).unwrap(),
    })
}

fn holds(interval: &Value, at: &str) -> bool {
    let read = intervals(json!([interval])).unwrap_or_else(|wrong| panic!("{interval}: {wrong:?}"));
    read[0].holds(UnixMs::parse(at).unwrap())
}

/// Worked out by hand with a calendar and the zones' rules.
#[test]
fn intervals_hold_when_the_calendar_says_so() {
    let office = json!({"weekdays": ["monday:friday"], "times": [{"start_time": "09:00", "end_time": "17:00"}], "location": "Europe/Berlin"});
    let berlin = |from: &str, to: &str| json!({"times": [{"start_time": from, "end_time": to}], "location": "Europe/Berlin"});
    let cases = [
        // Friday 27 and Saturday 28 March 2026; Berlin is UTC+1 until the 29th, 01:00Z.
        (office.clone(), "2026-03-27T07:59:59Z", false),
        (office.clone(), "2026-03-27T08:00:00Z", true),
        (office.clone(), "2026-03-27T15:59:59Z", true),
        (office.clone(), "2026-03-27T16:00:00Z", false),
        (office.clone(), "2026-03-28T10:00:00Z", false),
        // Monday 30 March: summer time, UTC+2.
        (office.clone(), "2026-03-30T06:59:59Z", false),
        (office.clone(), "2026-03-30T07:00:00Z", true),
        (office.clone(), "2026-03-30T15:00:00Z", false),
        // 02:00 to 03:00 does not exist on 29 March: 01:59:59 is followed by 03:00:00.
        (berlin("02:00", "03:00"), "2026-03-29T00:59:59Z", false),
        (berlin("02:00", "03:00"), "2026-03-29T01:00:00Z", false),
        (berlin("01:30", "02:30"), "2026-03-29T00:45:00Z", true),
        (berlin("03:00", "03:01"), "2026-03-29T01:00:30Z", true),
        // On 25 October 02:00 to 03:00 comes twice: 00:00Z to 02:00Z.
        (berlin("02:00", "03:00"), "2026-10-25T00:00:00Z", true),
        (berlin("02:00", "03:00"), "2026-10-25T01:30:00Z", true),
        (berlin("02:00", "03:00"), "2026-10-25T02:00:00Z", false),
        // 24:00 is the end of the day, 23:59 is within.
        (berlin("23:00", "24:00"), "2026-01-31T22:59:59Z", true),
        (berlin("23:00", "24:00"), "2026-01-31T23:00:00Z", false),
        (berlin("00:00", "24:00"), "2026-01-31T23:00:00Z", true),
        // The year's turn in Shanghai (UTC+8, no summer time) is at 16:00Z.
        (json!({"years": [2027], "location": "Asia/Shanghai"}), "2026-12-31T15:59:59Z", false),
        (json!({"years": [2027], "location": "Asia/Shanghai"}), "2026-12-31T16:00:00Z", true),
        (json!({"years": ["2025:2026"]}), "2026-12-31T23:59:59Z", true),
        (json!({"months": ["december"], "days_of_month": ["24:31"]}), "2026-12-31T23:59:59Z", true),
        (json!({"months": ["january"], "days_of_month": ["1:2"]}), "2027-01-01T00:00:00Z", true),
        (json!({"months": ["2:april"]}), "2026-02-01T00:00:00Z", true),
        (json!({"months": ["2:april"]}), "2026-05-01T00:00:00Z", false),
        (
            json!({"months": ["2:april"], "location": "America/New_York"}),
            "2026-05-01T00:00:00Z",
            true,
        ),
        // Days from the end of the month; 2028 is a leap year.
        (json!({"days_of_month": ["-1"]}), "2026-02-28T12:00:00Z", true),
        (json!({"days_of_month": ["-1"]}), "2028-02-28T12:00:00Z", false),
        (json!({"days_of_month": ["-1"]}), "2028-02-29T12:00:00Z", true),
        (json!({"days_of_month": ["-3:-1"]}), "2026-04-28T00:00:00Z", true),
        (json!({"days_of_month": ["-3:-1"]}), "2026-04-27T23:59:59Z", false),
        (json!({"days_of_month": ["-31:-1"]}), "2026-02-01T00:00:00Z", true),
        (json!({"days_of_month": ["-30:-29"]}), "2026-02-01T00:00:00Z", false),
        (json!({"days_of_month": ["-30:-28"]}), "2026-02-01T00:00:00Z", true),
        (json!({"days_of_month": ["20:-5"]}), "2026-02-24T00:00:00Z", true),
        (json!({"days_of_month": ["20:-5"]}), "2026-02-25T00:00:00Z", false),
        // A range may begin and end after the month's last day.
        (json!({"days_of_month": ["28:31"]}), "2026-02-28T00:00:00Z", true),
        (json!({"days_of_month": ["30:31"]}), "2026-02-28T00:00:00Z", false),
        (json!({"days_of_month": [31]}), "2026-03-31T00:00:00Z", true),
        // Sunday is the first day of the week.
        (json!({"weekdays": ["Sunday"]}), "2026-11-22T03:00:00Z", true),
        (json!({"weekdays": ["sunday:saturday"]}), "2026-11-22T03:00:00Z", true),
        (
            json!({"weekdays": ["saturday"], "location": "America/New_York"}),
            "2026-11-22T03:00:00Z",
            true,
        ),
        // Half-hour zones and nothing at all.
        (
            json!({"times": [{"start_time": "09:00", "end_time": "09:30"}], "location": "Asia/Kolkata"}),
            "2026-11-22T03:45:00Z",
            true,
        ),
        (json!({}), "2026-11-22T03:00:00Z", true),
        (json!({"times": null, "location": ""}), "2026-11-22T03:00:00Z", true),
    ];
    for (interval, at, expected) in cases {
        assert_eq!(holds(&interval, at), expected, "{interval} at {at}");
    }
}

#[test]
fn several_ranges_of_a_part_are_alternatives_and_parts_must_all_hold() {
    let interval = json!({
        "times": [{"start_time": "00:00", "end_time": "06:00"}, {"start_time": "22:00", "end_time": "24:00"}],
        "weekdays": ["monday", "wednesday:thursday"]
    });
    // 2026-11-23 is a Monday.
    for (at, expected) in [
        ("2026-11-23T05:59:59Z", true),
        ("2026-11-23T06:00:00Z", false),
        ("2026-11-23T22:00:00Z", true),
        ("2026-11-24T05:00:00Z", false),
        ("2026-11-26T23:00:00Z", true),
    ] {
        assert_eq!(holds(&interval, at), expected, "{at}");
    }
}

#[test]
fn what_alertmanager_refuses_and_what_never_holds_is_refused_with_its_place() {
    for (interval, path) in [
        (json!({"days_of_month": ["28:-1"]}), "days_of_month/0"),
        (json!({"days_of_month": ["1:-28"]}), "days_of_month/0"),
        (json!({"days_of_month": ["-1:-5"]}), "days_of_month/0"),
        (json!({"days_of_month": ["-1:5"]}), "days_of_month/0"),
        (json!({"days_of_month": [1, 0]}), "days_of_month/1"),
        (json!({"days_of_month": [32]}), "days_of_month/0"),
        (json!({"days_of_month": [" 5"]}), "days_of_month/0"),
        (json!({"days_of_month": ["1:2:3"]}), "days_of_month/0"),
        (json!({"weekdays": ["friday:monday"]}), "weekdays/0"),
        (json!({"weekdays": ["mon"]}), "weekdays/0"),
        (json!({"weekdays": [1]}), "weekdays/0"),
        (json!({"weekdays": [null]}), "weekdays/0"),
        (json!({"weekdays": "monday"}), "weekdays"),
        (json!({"weekdays": []}), "weekdays"),
        (json!({"months": ["december:january"]}), "months/0"),
        (json!({"months": ["jan"]}), "months/0"),
        (json!({"months": [13]}), "months/0"),
        (json!({"years": ["2030:2020"]}), "years/0"),
        (json!({"years": [2020.5]}), "years/0"),
        (json!({"times": [{"start_time": "22:00", "end_time": "06:00"}]}), "times/0/end_time"),
        (json!({"times": [{"start_time": "9:00", "end_time": "17:00"}]}), "times/0/start_time"),
        (json!({"times": [{"start_time": "09:00", "end_time": "24:01"}]}), "times/0/end_time"),
        (json!({"times": [{"start_time": "09:00"}]}), "times/0/end_time"),
        (json!({"times": [{"start_time": "09:00", "end_time": "10:00", "x": 1}]}), "times/0"),
        (json!({"times": ["09:00"]}), "times/0"),
        (json!({"location": "europe/berlin"}), "location"),
        (json!({"location": "Mars/Base"}), "location"),
        (json!({"location": "Local"}), "location"),
        (json!({"location": "+02:00"}), "location"),
        (json!({"hours": []}), "hours"),
    ] {
        let wrong = intervals(json!([interval])).unwrap_err();
        let paths: Vec<&str> = wrong.iter().map(|wrong| wrong.path.as_str()).collect();
        assert_eq!(paths, [format!("time_intervals/0/{path}")], "{interval}");
    }
    assert_eq!(intervals(json!([])).unwrap_err()[0].path, "time_intervals");
    for good in [
        json!({"days_of_month": ["27:-1", "+5", "1:-27"]}),
        json!({"location": "Etc/GMT+3"}),
        json!({"location": "UTC", "years": ["-5"]}),
    ] {
        assert!(intervals(json!([good])).is_ok(), "{good}");
    }
}
