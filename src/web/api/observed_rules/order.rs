//! Which rules are asked for, in which order, and how many there are of each.

use super::{ObservedRule, RuleQuery};
use crate::web::{api::alerts, error::Problem};
use std::collections::BTreeMap;

/// A filter that is a facet, too.
struct Filter {
    name: &'static str,
    of: fn(&ObservedRule) -> &str,
    wanted: fn(&RuleQuery) -> Option<&str>,
}

const FILTERS: [Filter; 4] = [
    Filter { name: "state", of: |rule| rule.state, wanted: |query| query.state.as_deref() },
    Filter { name: "health", of: |rule| &rule.health, wanted: |query| query.health.as_deref() },
    Filter {
        name: "severity",
        of: |rule| &rule.severity,
        wanted: |query| query.severity.as_deref(),
    },
    Filter { name: "kind", of: |rule| rule.kind, wanted: |query| query.kind.as_deref() },
];

impl Filter {
    fn holds(&self, rule: &ObservedRule, query: &RuleQuery) -> bool {
        (self.wanted)(query).is_none_or(|wanted| wanted.split(',').any(|w| w == (self.of)(rule)))
    }
}

/// Whether a rule is asked for.
pub(super) fn holds(rule: &ObservedRule, query: &RuleQuery) -> bool {
    FILTERS.iter().all(|filter| filter.holds(rule, query))
}

/// By facet and value; each facet as if it were not filtered by itself.
pub(super) fn facets(
    all: &[ObservedRule],
    query: &RuleQuery,
) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut facets: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for rule in all {
        for filter in &FILTERS {
            let mut others = FILTERS.iter().filter(|other| other.name != filter.name);
            if others.all(|other| other.holds(rule, query)) {
                let facet = facets.entry(filter.name.into()).or_default();
                *facet.entry((filter.of)(rule).into()).or_default() += 1;
            }
        }
        if holds(rule, query) {
            let facet = facets.entry("project".into()).or_default();
            *facet.entry(rule.project.clone()).or_default() += 1;
        }
    }
    facets
}

/// From worst on.
fn rank(state: &str) -> u64 {
    match state {
        "firing" => 0,
        "pending" => 1,
        "unknown" => 2,
        "disabled" => 4,
        _ => 3,
    }
}

/// Worst first unless said otherwise.
///
/// # Errors
/// 400 for a field that cannot be sorted by.
pub(super) fn sort(items: &mut [ObservedRule], sort: Option<&str>) -> Result<(), Problem> {
    let text = sort.filter(|text| !text.is_empty()).unwrap_or("state");
    let (field, reverse) = text.strip_prefix('-').map_or((text, false), |field| (field, true));
    let key: fn(&ObservedRule) -> (u64, &str) = match field {
        "name" => |rule| (0, &rule.rule),
        "group" => |rule| (0, &rule.group),
        "project" => |rule| (0, &rule.project),
        "severity" => |rule| (alerts::rank(&rule.severity) as u64, &rule.severity),
        "state" => |rule| (rank(rule.state), ""),
        "fired_7d" => |rule| (rule.fired_7d, ""),
        "fired_30d" => |rule| (rule.fired_30d, ""),
        "updated" => |rule| (0, &rule.updated),
        "last_evaluation" => |rule| (0, rule.last_evaluation.as_deref().unwrap_or_default()),
        _ => {
            let fields = "state, name, group, project, severity, fired_7d, fired_30d, updated or \
                          last_evaluation";
            return Err(Problem::bad_query(format!("`sort` must be {fields}")));
        }
    };
    items.sort_by(|a, b| {
        let order = key(a).cmp(&key(b));
        let order = if reverse { order.reverse() } else { order };
        order.then_with(|| (&a.rule, &a.group, a.index).cmp(&(&b.rule, &b.group, b.index)))
    });
    Ok(())
}
