//! A `rule-test` as what promtool needs to run it: the rule files it names as Prometheus gets
//! them, and the test file.

use super::{
    Check, CheckArgument, Context, File, NodeFacts, Placement, RenderError, process::Frame, rules,
    settings, yaml,
};
use crate::model::{Kind, NodeId, cluster::DeclaredState, spec::RuleTest};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Name of the test file in the tree of a [`Trial`].
pub const TEST_FILE: &str = "test.yml";

/// Files that are only there to be judged: written, checked, and gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Relative path → content.
    pub files: BTreeMap<String, File>,
    /// Judges them.
    pub check: Check,
}

#[derive(Serialize)]
struct TestFile<'a> {
    rule_files: Vec<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluation_interval: &'a Option<String>,
    tests: &'a [Map<String, Value>],
}

/// What runs `test` against the rule groups of `state`; groups that do not exist are left out.
/// `None` = this node has no promtool.
///
/// # Errors
/// [`RenderError`].
pub fn rule_test(
    state: &DeclaredState,
    node: NodeId,
    facts: &NodeFacts,
    test: &RuleTest,
) -> Result<Option<Trial>, RenderError> {
    let member = state.members.get(&node).ok_or(RenderError::UnknownNode { node })?;
    let settings = settings(state)?;
    let context = Context { state, member, facts, settings, placement: Placement::of(state) };
    let Ok(frame) = Frame::of(&context, "prometheus", &["promtool"]) else { return Ok(None) };
    let mut files = BTreeMap::new();
    for group in &test.rule_groups {
        if let Some(resource) = state.get(Kind::RuleGroup, group) {
            let (path, file) =
                rules::file(&context, resource, frame.build.minor_version(), rules::Which::All)?;
            files.insert(path, file);
        }
    }
    let document = TestFile {
        rule_files: files.keys().collect(),
        evaluation_interval: &test.evaluation_interval,
        tests: &test.tests,
    };
    let document = yaml::file(TEST_FILE, &document)?;
    files.insert(TEST_FILE.to_owned(), File::new(document, None));
    let arguments = vec![
        CheckArgument::Text("test".to_owned()),
        CheckArgument::Text("rules".to_owned()),
        CheckArgument::File { prefix: String::new(), path: TEST_FILE.to_owned() },
    ];
    let check = frame.check("promtool test rules", "promtool", arguments);
    Ok(Some(Trial { files, check }))
}
