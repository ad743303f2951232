//! The rules of each kind, beyond its shape. References between objects are `plan`'s.

mod accounts;
mod address;
mod alerting;
mod dimensions;
pub(super) mod duration;
mod labels;
mod matcher;
pub(super) mod notification;
mod regexp;
mod routing;
mod rule_group;
mod scrape_job;
mod settings;
mod shape;
mod sign_in;
mod target;
mod template;

pub(super) use rule_group::check_rule;
pub(super) use shape::read;
pub use template::asks as template_asks;

use super::{Code, FieldError, field_error::Findings};
use crate::model::{
    Kind,
    cluster::DeclaredState,
    promql,
    resource::{Declared, Key},
    spec,
};

/// Everything wrong with one object on its own and in the light of `state`, in which the whole
/// batch has already happened. Empty = nothing.
pub(super) fn validate(declared: &Declared, state: &DeclaredState) -> Vec<FieldError> {
    let key = Key { kind: declared.kind, name: declared.name.clone() };
    let mut findings = Findings::of(&key);
    let found = &mut findings;
    let value = &declared.spec;
    match declared.kind {
        Kind::Department => with(value, found, of_right_shape::<spec::Department>),
        Kind::Team => with(value, found, of_right_shape::<spec::Team>),
        Kind::Contact => with(value, found, dimensions::contact),
        Kind::Project => with(value, found, dimensions::project),
        Kind::ScrapeJob => with(value, found, |job: &spec::ScrapeJob, found| {
            scrape_job::check(declared.name.as_str(), job, state, found);
        }),
        Kind::Target => with(value, found, |it: &spec::Target, found| {
            target::check(it, state, found);
        }),
        Kind::RuleGroup => with(value, found, |group: &spec::RuleGroup, found| {
            rule_group::check(group, state, found);
        }),
        Kind::RuleTest => with(value, found, rule_group::test),
        Kind::Secret => with(value, found, of_right_shape::<spec::Secret>),
        Kind::Channel => with(value, found, |it: &spec::Channel, found| {
            notification::channel(it, state, found);
        }),
        Kind::Receiver => with(value, found, notification::receiver),
        Kind::Route => with(value, found, |route: &spec::Route, found| {
            routing::route(declared.name.as_str(), route, found);
        }),
        Kind::Policy => with(value, found, routing::policy),
        Kind::TimeInterval => with(value, found, routing::time_interval),
        Kind::Inhibition => with(value, found, routing::inhibition),
        Kind::Silence => with(value, found, alerting::silence),
        Kind::Settings => with(value, found, |it: &spec::Settings, found| {
            settings::check(declared.name.as_str(), it, found);
        }),
        Kind::Role => with(value, found, |role: &spec::Role, found| {
            accounts::role(declared.name.as_str(), role, found);
        }),
        Kind::User => with(value, found, accounts::user),
        Kind::Token => with(value, found, alerting::token),
    }
    findings.into_errors()
}

/// Whether an expression parses and is of bounded size; else line, column and reason.
///
/// # Errors
/// What is wrong, for its author.
pub fn check_promql(expression: &str) -> Result<(), String> {
    promql::check(expression)
}

/// Reads a duration as Prometheus writes it: `1h30m`.
///
/// # Errors
/// What is wrong, for its author.
pub fn parse_duration(text: &str) -> Result<std::time::Duration, String> {
    duration::parse(text)
}

/// Runs `check` on the typed spec; a spec of another shape has its own error.
/// All that is asked of some kinds.
const fn of_right_shape<T>(_: &T, _: &mut Findings) {}

fn with<T: serde::de::DeserializeOwned>(
    value: &serde_json::Value,
    findings: &mut Findings,
    check: impl FnOnce(&T, &mut Findings),
) {
    if let Some(spec) = shape::read(value, findings) {
        check(&spec, findings);
    }
}
