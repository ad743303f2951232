//! What people with a scope declare, kept to their scope: dimensions that are the project's own to
//! claim, expressions that see its series alone, templates that ask for none. Called by `authorize`
//! for those authors only.

use crate::{
    admission::{parse_duration, template_asks},
    model::{Kind, resource::Declared, spec::RuleGroup},
    scope::{Projects, access::DIMENSIONS, promql},
    web::error::{Problem, ProblemItem},
};
use serde_json::Value;
use std::time::Duration;

/// Shortest interval of a group: Prometheus is everybody's.
const LEAST_INTERVAL: Duration = Duration::from_secs(5);
/// Longest text that Prometheus takes for a template, and runs for each alert.
const TEMPLATE_MAX_BYTES: usize = 16 * 1024;

/// Confines an object to its project.
///
/// # Errors
/// 422 with every place that cannot be confined.
pub(super) fn confine(declared: &mut Declared) -> Result<(), Problem> {
    let mut errors = Vec::new();
    for place in claims(&declared.spec) {
        let message = "dimensions come from the project alone";
        errors.push(error(declared, &place, "WK-1023", message.to_owned()));
    }
    if declared.kind == Kind::RuleGroup
        // Of another shape: admission says so.
        && let Ok(group) = serde_json::from_value::<RuleGroup>(declared.spec.clone())
    {
        confine_group(declared, &group, &mut errors);
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

fn error(declared: &Declared, place: &str, code: &'static str, message: String) -> ProblemItem {
    ProblemItem::new(format!("{}/{}/spec/{place}", declared.kind, declared.name), code, message)
}

/// Dimensions that labels of rules and targets set. One that the project does not have is not
/// theirs to claim: whoever looks after it would be told.
fn claims(spec: &Value) -> Vec<String> {
    let rules = spec["rules"].as_array().into_iter().flatten().enumerate();
    let of_rules = rules.map(|(index, rule)| (format!("rules/{index}/labels"), &rule["labels"]));
    let maps = [("labels".to_owned(), &spec["labels"])].into_iter().chain(of_rules);
    let claims = maps.flat_map(|(place, labels)| {
        let names = labels.as_object().into_iter().flat_map(|labels| labels.keys());
        let claimed = names.filter(|name| DIMENSIONS.contains(&name.as_str()));
        claimed.map(move |name| format!("{place}/{name}"))
    });
    claims.collect()
}

/// What runs is what is stored, so the matcher is put into the stored expression, where everybody
/// sees it.
fn confine_group(declared: &mut Declared, group: &RuleGroup, errors: &mut Vec<ProblemItem>) {
    let project = Projects::only([group.project.as_str()]);
    for (index, rule) in group.rules.iter().enumerate() {
        match promql::confine(&rule.expr, &project) {
            Ok(expr) => declared.spec["rules"][index]["expr"] = expr.into(),
            Err(fault) => {
                let place = format!("rules/{index}/expr");
                errors.push(error(declared, &place, "WK-1020", fault.to_string()));
            }
        }
    }
    // Zero is the global interval.
    let interval = group.interval.as_deref().and_then(|text| parse_duration(text).ok());
    if interval.is_some_and(|interval| !interval.is_zero() && interval < LEAST_INTERVAL) {
        let least = LEAST_INTERVAL.as_secs();
        let message = format!("within a scope a group is run every {least} s at most");
        errors.push(error(declared, "interval", "WK-1022", message));
    }
    // Prometheus runs templates itself, and sees everything.
    for (place, text) in templates(group) {
        if text.len() > TEMPLATE_MAX_BYTES {
            let message = format!("within a scope a text has {TEMPLATE_MAX_BYTES} bytes at most");
            errors.push(error(declared, &place, "WK-1024", message));
        }
        if template_asks(text) {
            let message = "a template cannot ask for series (`query`) within a scope";
            errors.push(error(declared, &place, "WK-1024", message.to_owned()));
        }
    }
}

/// Every text of a group that Prometheus takes for a template, by its path below the spec.
fn templates(group: &RuleGroup) -> Vec<(String, &str)> {
    let mut maps = vec![("labels".to_owned(), &group.labels)];
    for (index, rule) in group.rules.iter().enumerate() {
        maps.push((format!("rules/{index}/labels"), &rule.labels));
        maps.push((format!("rules/{index}/annotations"), &rule.annotations));
    }
    let texts = maps.into_iter().flat_map(|(place, texts)| {
        texts.iter().map(move |(name, text)| (format!("{place}/{name}"), text.as_str()))
    });
    texts.collect()
}
