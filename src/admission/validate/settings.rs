//! The one settings object.

use super::{Code, Findings, duration, routing, sign_in};
use crate::{bundle::PublicKey, model::spec::Settings};
use std::{net::SocketAddr, time::Duration};

pub(super) fn check(name: &str, settings: &Settings, findings: &mut Findings) {
    if name != "default" {
        let message = "there is one settings object, and its name is `default`";
        findings.object("name", Code::BadName, message);
    }
    prometheus(settings, findings);
    let alertmanager = &settings.alertmanager;
    routing::group_by(findings, "alertmanager/group_by", &alertmanager.group_by);
    for (field, text, least) in [
        ("group_wait", &alertmanager.group_wait, Duration::ZERO),
        ("group_interval", &alertmanager.group_interval, routing::LEAST_GROUP_INTERVAL),
        ("repeat_interval", &alertmanager.repeat_interval, routing::LEAST_REPEAT_INTERVAL),
    ] {
        duration::check(findings, &format!("alertmanager/{field}"), Some(text), least);
    }
    for (position, key) in settings.bundles.trusted_keys.iter().enumerate() {
        if let Err(error) = key.parse::<PublicKey>() {
            let message = format!("{error}; `watchkeep bundle keygen` makes a pair");
            findings.spec(format_args!("bundles/trusted_keys/{position}"), Code::BadValue, message);
        }
    }
    let (safety, audit) = (&settings.safety, &settings.audit);
    for (field, value, allowed) in [
        ("safety/drop_percent", safety.drop_percent, 1..=100),
        ("safety/drop_targets", safety.drop_targets, 1..=u32::MAX),
        ("safety/watch_seconds", safety.watch_seconds, 10..=600),
        ("audit/days", audit.days, 1..=3650),
        ("audit/records", audit.records, 1_000..=2_000_000),
    ] {
        if !allowed.contains(&value) {
            let (least, most) = (allowed.start(), allowed.end());
            let message = format!("{value} is not between {least} and {most}");
            findings.spec(field, Code::BadValue, message);
        }
    }
    sign_in::check(settings, findings);
    for (position, entry) in settings.outgoing.allow.iter().enumerate() {
        if entry.parse::<SocketAddr>().is_err() {
            let message = format!("`{entry}` is not address:port, with a numeric address");
            findings.spec(format_args!("outgoing/allow/{position}"), Code::BadValue, message);
        }
    }
}

fn prometheus(settings: &Settings, findings: &mut Findings) {
    let prometheus = &settings.prometheus;
    let mut field = |name: &str, text: &str, least: Duration| {
        duration::check(findings, &format!("prometheus/{name}"), Some(text), least)
    };
    let least = Duration::from_millis(1);
    let interval = field("scrape_interval", &prometheus.scrape_interval, least);
    let timeout = field("scrape_timeout", &prometheus.scrape_timeout, least);
    field("evaluation_interval", &prometheus.evaluation_interval, least);
    field("retention_time", &prometheus.retention_time, Duration::from_hours(1));
    if let (Some(interval), Some(timeout)) = (interval, timeout)
        && timeout > interval
    {
        let message = format!("must not be above scrape_interval ({})", prometheus.scrape_interval);
        findings.spec("prometheus/scrape_timeout", Code::Duration, message);
    }
}
