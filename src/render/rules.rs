//! Rule groups as Prometheus' rule files: one file a group, named like it.

use super::{Context, File, RenderError, spec, yaml};
use crate::model::{
    Kind, Resource,
    label::Labels,
    spec::{Rule, RuleGroup},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Folder of the rule files, relative to `prometheus.yml`.
pub(super) const DIR: &str = "rules";

#[derive(Serialize)]
struct RuleFile<'a> {
    groups: [Group<'a>; 1],
}

#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_offset: &'a Option<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    labels: Labels,
    rules: Vec<Rule>,
}

/// Which rules of a group are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Those that run.
    Enabled,
    /// Disabled ones, too: what a test of rules tests.
    All,
}

/// Relative path → file, for all groups. `version` is Prometheus' (major, minor).
pub(super) fn files(
    context: &Context<'_>,
    version: (u32, u32),
) -> Result<BTreeMap<String, File>, RenderError> {
    let groups = context.state.of(Kind::RuleGroup);
    groups.map(|resource| file(context, resource, version, Which::Enabled)).collect()
}

/// The project's dimension labels go on the group, where a rule of the same group could not
/// leave them out; before 3.0 groups had no labels and each rule gets them.
pub(super) fn file(
    context: &Context<'_>,
    resource: &Resource,
    version: (u32, u32),
    which: Which,
) -> Result<(String, File), RenderError> {
    let mut group: RuleGroup = spec(resource)?;
    group.rules.retain(|rule| !rule.disabled || which == Which::All);
    for rule in &mut group.rules {
        // Our own word: Prometheus does not know it.
        rule.disabled = false;
    }
    group.labels.extend(context.state.project_labels(&group.project));
    if version < (3, 0) {
        for rule in &mut group.rules {
            let mut labels = group.labels.clone();
            labels.append(&mut rule.labels);
            rule.labels = labels;
        }
        group.labels.clear();
    }
    let path = format!("{DIR}/{}.yml", file_stem(resource.name.as_str()));
    let document = RuleFile {
        groups: [Group {
            name: resource.name.as_str(),
            interval: &group.interval,
            limit: group.limit,
            query_offset: &group.query_offset,
            labels: group.labels,
            rules: group.rules,
        }],
    };
    let bytes = yaml::file(&path, &document)?;
    Ok((path, File::new(bytes, Some(resource.key()))))
}

/// A resource name as part of a file name. Names may be as long as a whole file name may be, and
/// a suffix and a temporary name must fit too; long ones are cut and told apart by their hash.
pub(super) fn file_stem(name: &str) -> String {
    const LONGEST: usize = 120;
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(name)[..8]);
    let head: String = name.chars().take(LONGEST - 17).collect();
    format!("{head}-{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::NodeId,
        render::{render, rule_test, tests::fixture},
    };
    use serde_json::json;

    #[test]
    fn a_disabled_rule_is_not_run_and_a_test_of_it_still_tests_it() {
        let mut state = fixture::cluster(1);
        fixture::shop(&mut state);
        let rules = json!([{"alert": "Resting", "expr": "up == 0", "disabled": true},
                           {"alert": "Running", "expr": "up == 0", "disabled": false}]);
        fixture::put(&mut state, Kind::RuleGroup, "web", json!({"project": "web", "rules": rules}));
        let rendered = render(&state, NodeId(1), &fixture::facts()).unwrap();
        let text = |file: &File| String::from_utf8(file.bytes.clone()).unwrap();
        let run = text(&rendered.components["prometheus"].files["rules/web.yml"]);
        assert!(
            run.contains("alert: Running") && !run.contains("Resting") && !run.contains("disabled")
        );
        let test = serde_json::from_value(json!({"rule_groups": ["web"], "tests": [{}]})).unwrap();
        let trial = rule_test(&state, NodeId(1), &fixture::facts(), &test).unwrap().unwrap();
        let tested = text(&trial.files["rules/web.yml"]);
        assert!(tested.contains("alert: Resting") && !tested.contains("disabled"));
    }

    #[test]
    fn long_names_are_cut_to_different_file_names() {
        let name = |last: &str| format!("{}{last}", "x".repeat(252));
        assert_eq!(file_stem("web"), "web");
        assert_eq!(file_stem(&name("a")).len(), 120);
        assert_ne!(file_stem(&name("a")), file_stem(&name("b")));
    }
}
