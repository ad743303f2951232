//! Our route matching against that of the real amtool: the same branches in the same order.
//!
//! amtool answers for one label set a call, so one call asks many trees: they hang side by side
//! below one root and each goes on to the next.

use super::{
    checkers::{programs, run},
    fixture,
};
use crate::model::{
    NodeId, UnixMs,
    label::Labels,
    matcher::{Matcher, Op},
    process::RunOnce,
};
use crate::render::{alertmanager::config, render, routing};
use proptest::prelude::*;
use routing::{Branch, Matching};
use serde_json::json;
use std::{collections::BTreeMap, path::Path, time::Duration};

const TREES: usize = 60;
const LABEL_SETS: usize = 25;
/// Times `TREES`: 240 trees, each asked about 25 label sets.
const CASES: u32 = 4;

const VALUES: [&str; 8] = ["", "x", "y", "xy", "x.y", "7", "é", "x y\"\\"];
const PATTERNS: [&str; 22] = [
    "x|y",
    "x.*",
    ".+",
    ".*",
    "",
    "[xy]+",
    "x?y",
    "(?i)X",
    r"\w+",
    r"\d*",
    "[^x]",
    r"x\.y",
    r"é|\W",
    "^x$",
    r"\bx.*",
    r"x\by?",
    r"\Bx|y",
    "(x)(y)",
    r"\pL+",
    "x{1,2}y?",
    r"[[:alpha:]\d]+",
    r"\Qx.y\E",
];

fn matcher() -> impl Strategy<Value = String> {
    let op = prop::sample::select(vec![Op::Equal, Op::NotEqual, Op::Regex, Op::NotRegex]);
    let name = prop::sample::select(vec!["a", "b", "c"]);
    (name, op, any::<prop::sample::Index>()).prop_map(|(name, op, which)| {
        let value = if op.is_regex() { which.get(&PATTERNS) } else { which.get(&VALUES) };
        Matcher::new(name, op, *value).to_string()
    })
}

fn branch() -> impl Strategy<Value = Branch> {
    let own = (prop::collection::vec(matcher(), 0..3), any::<bool>())
        .prop_map(|(matchers, continue_)| Branch { matchers, continue_, ..Branch::default() });
    let own = own.boxed();
    own.clone().prop_recursive(3, 16, 4, move |inner| {
        (own.clone(), prop::collection::vec(inner, 0..4))
            .prop_map(|(branch, children)| Branch { children, ..branch })
    })
}

/// Gives every branch a receiver of its own, so that a receiver says which branch it was.
fn number(branch: &mut Branch, names: &mut Vec<String>) {
    let name = format!("r{}", names.len());
    names.push(name.clone());
    branch.receiver = Some(name);
    branch.children.iter_mut().for_each(|child| number(child, names));
}

fn label_set() -> impl Strategy<Value = Labels> {
    let value = prop::sample::select(VALUES.to_vec()).prop_map(str::to_owned);
    prop::collection::btree_map("[abc]", value, 0..=3)
}

/// The receivers that amtool finds.
fn amtool(program: &Path, file: &Path, labels: &Labels) -> Vec<String> {
    let pairs = labels.iter().map(|(name, value)| Matcher::new(name, Op::Equal, value).to_string());
    let config = format!("--config.file={}", file.display());
    let args = ["config".to_owned(), "routes".to_owned(), "test".to_owned(), config];
    let output = run(&RunOnce {
        exe: program.to_owned(),
        args: args.into_iter().chain(pairs).collect(),
        env: BTreeMap::new(),
        cwd: file.parent().unwrap().to_owned(),
        binds: Vec::new(),
        run_as: None,
        timeout: Duration::from_secs(30),
        stdin: Vec::new(),
    });
    assert!(output.status.success(), "{labels:?}: {output:?}");
    let found = String::from_utf8(output.stdout).unwrap();
    found.trim_end().split(',').map(str::to_owned).collect()
}

fn ours(matching: &Matching<'_>, labels: &Labels) -> Vec<String> {
    let paths = matching.paths(labels);
    paths.iter().map(|path| path.last().unwrap().receiver.clone().unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn amtool_finds_the_same_branches_in_random_trees(
        mut trees in prop::collection::vec(branch(), TREES),
        label_sets in prop::collection::vec(label_set(), LABEL_SETS),
    ) {
        let Some(programs) = programs() else { return Ok(()) };
        let mut names = Vec::new();
        for tree in &mut trees {
            (tree.matchers, tree.continue_) = (Vec::new(), true);
        }
        let mut root = Branch { children: trees, ..Branch::default() };
        number(&mut root, &mut names);
        let receivers: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
        let document = json!({"route": config::branch(&root), "receivers": receivers});
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("alertmanager.json");
        crate::base::atomic_file::write(&file, document.to_string().as_bytes(), 0o644).unwrap();
        let matching = Matching::of(&root).unwrap();
        for labels in &label_sets {
            let found = amtool(&programs.join("amtool"), &file, labels);
            prop_assert!(found.len() >= TREES, "{:?}", found);
            prop_assert_eq!(ours(&matching, labels), found, "{:?}", labels);
        }
    }
}

#[test]
fn amtool_finds_the_same_receivers_in_the_rendered_file() {
    let Some(programs) = programs() else { return };
    let mut state = fixture::cluster(1);
    fixture::shop(&mut state);
    fixture::on_call(&mut state);
    let rendered = render(&state, NodeId(1), &fixture::facts()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("alertmanager.yml");
    let bytes = &rendered.components["alertmanager"].files["alertmanager.yml"].bytes;
    crate::base::atomic_file::write(&file, bytes, 0o644).unwrap();
    let tree = routing::tree(&state).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for project in ["web", "infra", "other", ""] {
        for severity in ["critical", "page", "warning", "info", ""] {
            for department in ["retail", ""] {
                let labels: Labels =
                    [("project", project), ("severity", severity), ("department", department)]
                        .map(|(name, value)| (name.to_owned(), value.to_owned()))
                        .into();
                let explained = routing::explain(&state, &tree, &labels, UnixMs(0)).unwrap();
                let ours: Vec<String> = explained
                    .told
                    .iter()
                    .map(|told| told.branch().receiver.clone().unwrap_or_default())
                    .collect();
                assert_eq!(ours, amtool(&programs.join("amtool"), &file, &labels), "{labels:?}");
                seen.extend(ours);
            }
        }
    }
    assert_eq!(seen.len(), 4, "every receiver is told of something: {seen:?}");
}
