//! Rule groups as one Prometheus rule file, and tests of rules as promtool's test files.

use crate::model::{
    Kind,
    cluster::DeclaredState,
    label::Labels,
    spec::{Rule, RuleGroup, RuleTest},
};
use crate::render::yaml;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

#[derive(Serialize)]
struct RuleFile {
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_offset: Option<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    labels: Labels,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct TestFile<'a> {
    rule_files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluation_interval: &'a Option<String>,
    tests: &'a [Map<String, Value>],
}

/// The groups of `project` (none = of all), or only `group`, as [`super::import`] reads them.
/// Without the labels that projects put on them, which importing adds again, and without disabled
/// rules, which a rule file cannot say.
///
/// # Errors
/// Why YAML cannot say it, or why a stored group cannot be read.
pub fn rule_file(
    state: &DeclaredState,
    project: Option<&str>,
    group: Option<&str>,
) -> Result<String, String> {
    let names: BTreeSet<&str> =
        state.of(Kind::RuleGroup).map(|resource| resource.name.as_str()).collect();
    let mut titles = BTreeSet::new();
    let mut groups = Vec::new();
    for resource in state.of(Kind::RuleGroup) {
        let read: RuleGroup = resource.spec_as().map_err(|error| error.to_string())?;
        let name = resource.name.as_str();
        if project.is_some_and(|project| project != read.project)
            || group.is_some_and(|group| group != name)
        {
            continue;
        }
        // Two groups of one file must not be named alike.
        let titled = !read.title.is_empty()
            && !names.contains(read.title.as_str())
            && titles.insert(read.title.clone());
        let name = if titled { read.title } else { name.to_owned() };
        groups.push(Group {
            name,
            interval: read.interval,
            limit: read.limit,
            query_offset: read.query_offset,
            labels: read.labels,
            rules: read.rules.into_iter().filter(|rule| !rule.disabled).collect(),
        });
    }
    yaml::text(&RuleFile { groups })
}

/// A test as promtool's test file. It refers to the groups' files by their names, as
/// [`rule_file`] gives them one by one.
///
/// # Errors
/// Why YAML cannot say it.
pub fn test_file(test: &RuleTest) -> Result<String, String> {
    yaml::text(&TestFile {
        rule_files: test.rule_groups.iter().map(|group| format!("{group}.yml")).collect(),
        evaluation_interval: &test.evaluation_interval,
        tests: &test.tests,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::fixture;
    use serde_json::json;

    #[test]
    fn what_is_exported_is_imported_unchanged() {
        let mut state = fixture::cluster(1);
        fixture::shop(&mut state);
        let titled = json!({"project": "web", "title": "Web: all", "rules": [{"record": "a:b", "expr": "up"}]});
        fixture::put(&mut state, Kind::RuleGroup, "web-all", titled);
        let text = rule_file(&state, Some("web"), None).unwrap();
        assert!(!text.contains("retail"), "{text}");
        let parsed = super::super::import(&text, "web", &state);
        assert_eq!(parsed.errors, []);
        for put in &parsed.puts {
            let stored = state.get(Kind::RuleGroup, put.declared.name.as_str()).unwrap();
            assert_eq!(put.declared.spec, *stored.spec);
        }
        assert_eq!(parsed.puts.len(), 2);
        let one = rule_file(&state, None, Some("web-all")).unwrap();
        assert!(one.contains("Web: all") && !one.contains("HighErrorRate"), "{one}");
        assert_eq!(rule_file(&state, Some("infra"), None).unwrap().trim(), "groups: []");
        let off = json!({"project": "infra", "rules": [
            {"record": "a:b", "expr": "up", "disabled": true}, {"record": "c:d", "expr": "up"}]});
        fixture::put(&mut state, Kind::RuleGroup, "off", off);
        let text = rule_file(&state, Some("infra"), None).unwrap();
        assert!(text.contains("c:d") && !text.contains("a:b") && !text.contains("disabled"));
    }
}
