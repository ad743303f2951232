//! `alertmanager.yml`: the tree of [`routing`], a webhook for each receiver, time intervals and
//! inhibitions.

use super::CONFIG;
use crate::model::{
    Kind,
    matcher::{Matcher, Op},
    re2,
    spec::{Inhibition, TimeInterval},
};
use crate::render::{Context, RenderError, process::socket, routing, spec, yaml};
use serde::Serialize;
use serde_json::{Value, json};

/// Takes alerts that no branch takes when there is no default receiver; no declared receiver can
/// have this name.
const NOBODY: &str = "_nobody";

/// Says whose an alert is.
const PROJECT: &str = "project";

#[derive(Serialize)]
struct Config<'a> {
    route: Branch<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inhibit_rules: Vec<InhibitRule>,
    receivers: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    time_intervals: Vec<Value>,
}

#[derive(Serialize)]
pub(in crate::render) struct Branch<'a> {
    receiver: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    matchers: &'a [String],
    #[serde(skip_serializing_if = "std::ops::Not::not", rename = "continue")]
    continue_: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_by: &'a Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_wait: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_interval: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_interval: &'a Option<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    active_time_intervals: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mute_time_intervals: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes: Vec<Self>,
}

#[derive(Serialize)]
struct InhibitRule {
    source_matchers: Vec<String>,
    target_matchers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    equal: Vec<String>,
}

pub(super) fn file(context: &Context<'_>) -> Result<Vec<u8>, RenderError> {
    let tree = routing::tree(context.state)?;
    let mut receivers = vec![json!({"name": NOBODY})];
    receivers.extend(context.state.of(Kind::Receiver).map(|receiver| {
        let name = receiver.name.as_str();
        json!({"name": name, "webhook_configs": [webhook(context, name)]})
    }));
    let config = Config {
        route: branch(&tree),
        inhibit_rules: inhibit_rules(context)?,
        receivers,
        time_intervals: time_intervals(context)?,
    };
    yaml::file(CONFIG, &config)
}

pub(in crate::render) fn branch(branch: &routing::Branch) -> Branch<'_> {
    Branch {
        receiver: branch.receiver.as_deref().unwrap_or(NOBODY),
        matchers: &branch.matchers,
        continue_: branch.continue_,
        group_by: &branch.timing.group_by,
        group_wait: &branch.timing.group_wait,
        group_interval: &branch.timing.group_interval,
        repeat_interval: &branch.timing.repeat_interval,
        active_time_intervals: &branch.active_time_intervals,
        mute_time_intervals: &branch.mute_time_intervals,
        routes: branch.children.iter().map(self::branch).collect(),
    }
}

fn inhibit_rules(context: &Context<'_>) -> Result<Vec<InhibitRule>, RenderError> {
    let rules = context.state.of(Kind::Inhibition).map(|resource| {
        let Inhibition { source_matchers, target_matchers, mut equal, .. } = spec(resource)?;
        if !equal.iter().any(|name| name == PROJECT) && !names_projects(&source_matchers) {
            equal.push(PROJECT.to_owned());
        }
        Ok(InhibitRule { source_matchers, target_matchers, equal })
    });
    rules.collect()
}

/// Whether the matchers say whose alerts they are about. Where they do not, an alert of any project
/// would hold back those of all: whoever may write a rule there could mute everybody.
fn names_projects(matchers: &[String]) -> bool {
    let names = |matcher: Matcher| match matcher.op {
        _ if matcher.name != PROJECT => false,
        Op::Equal => !matcher.value.is_empty(),
        Op::Regex => re2::alternatives(&matcher.value)
            .is_some_and(|names| !names.is_empty() && names.iter().all(|name| !name.is_empty())),
        Op::NotEqual | Op::NotRegex => false,
    };
    matchers.iter().filter_map(|text| Matcher::parse(text).ok()).any(names)
}

fn time_intervals(context: &Context<'_>) -> Result<Vec<Value>, RenderError> {
    let intervals = context.state.of(Kind::TimeInterval).map(|resource| {
        let declared: TimeInterval = spec(resource)?;
        let intervals: Vec<Value> = declared
            .time_intervals
            .into_iter()
            .map(|it| yaml::sorted(&Value::Object(it)))
            .collect();
        Ok(json!({"name": resource.name, "time_intervals": intervals}))
    });
    intervals.collect()
}

/// All alerts of a group, resolved ones too: what is sent on is the notifier's business.
fn webhook(context: &Context<'_>, receiver: &str) -> Value {
    let door = socket(context.member.loopback, context.member.ports.local);
    json!({
        "url": format!("http://{door}/notify/{receiver}"),
        "send_resolved": true,
        "max_alerts": 0,
        "http_config": {
            "authorization": {"credentials_file": context.facts.local_token_file},
            "follow_redirects": false,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_matchers_that_name_them_say_of_which_projects_alerts_hold_others_back() {
        let names = |matcher: &str| names_projects(&["a=\"b\"".to_owned(), matcher.to_owned()]);
        assert!(names("project=\"base\"") && names("project=~\"base|net\""));
        for wide in [
            "project!=\"\"",
            "project=\"\"",
            "project=~\".+\"",
            "project=~\"base|\"",
            "project!~\"shop\"",
            "projects=\"base\"",
            "severity=\"critical\"",
        ] {
            assert!(!names(wide), "{wide}");
        }
    }
}
