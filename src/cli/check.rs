//! `watchkeep check`: are these files good? Needs no cluster.

use super::{
    Common,
    apply::read_all,
    exit::{Exit, Outcome},
    output::{self, Format},
};
use crate::{
    admission::{self, FieldError, Put, Request, document, rules},
    model::{
        UnixMs,
        cluster::{ClusterMeta, DeclaredState},
    },
};
use clap::Args;
use serde_json::json;
use std::{collections::BTreeMap, path::PathBuf};

/// Flags of `check`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep check -f monitoring.yaml

Checks form, names, references within the files, PromQL, matchers and the like,
without a cluster; takes a Prometheus rule file, too. `watchkeep diff` checks against what a cluster has, with the
components' own checkers. Exit code 3 when something is wrong.")]
pub(super) struct CheckArgs {
    /// File, folder of .yaml, .yml and .json files, or - for standard input
    #[arg(short, long, value_name = "FILE", required = true)]
    file: Vec<PathBuf>,
}

/// A cluster in which nothing is declared.
fn nothing() -> DeclaredState {
    let meta = ClusterMeta {
        cluster_id: String::new(),
        name: String::new(),
        formed: UnixMs(0),
        feature_level: 0,
    };
    DeclaredState { index: 0, meta, members: BTreeMap::new(), resources: BTreeMap::new() }
}

/// Everything wrong with a text, and how many objects it declares. A Prometheus rule file is
/// taken as one that is to be imported into a project without labels.
fn findings(text: &str) -> (Vec<FieldError>, usize) {
    let mut importer = None;
    let parsed = if rules::is_rule_file(text) {
        let project = json!({"kind": "project", "name": "imported", "spec": {}});
        importer = document::parse_value(project).ok().map(Put::new);
        rules::import(text, "imported", &nothing())
    } else {
        document::parse_yaml(text)
    };
    let n_objects = parsed.puts.len();
    let puts = importer.into_iter().chain(parsed.puts).collect();
    let request = Request { puts, ..Request::default() };
    let mut errors = parsed.errors;
    errors.extend(admission::plan(&nothing(), &request).errors);
    (errors, n_objects)
}

pub(super) fn run(common: &Common, args: &CheckArgs) -> Outcome {
    let (errors, n_objects) = findings(&read_all(&args.file)?);
    if common.output == Format::Json {
        output::json(&json!({ "objects": n_objects, "errors": errors }))?;
    } else {
        for error in &errors {
            output::line(&error.to_string())?;
        }
        let n_errors = errors.len();
        output::talk(&format!("{n_objects} objects, {n_errors} problems"));
    }
    Ok(if errors.is_empty() { Exit::Done } else { Exit::Problems })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_within_the_files_are_good_and_others_are_found() {
        let good = "kind: project\nname: shop\nspec: {}\n---\n\
                    kind: rule-group\nname: web\nspec: {project: shop, rules: [{alert: A, expr: up == 0}]}\n";
        assert_eq!(findings(good), (Vec::new(), 2));
        let (errors, _) = findings(&good.replace("project: shop", "project: none"));
        assert_eq!(errors.len(), 1);
        assert_eq!((errors[0].code.as_str(), errors[0].line), ("WK-1010", Some(7)));
        let (errors, _) = findings(&good.replace("up == 0", "up =="));
        assert_eq!(errors[0].code.as_str(), "WK-1020");
    }

    #[test]
    fn a_prometheus_rule_file_is_checked_as_it_would_be_imported() {
        let file = "groups:\n- name: Web Tier\n  rules:\n  - {record: 'a:b', expr: up}\n";
        assert_eq!(findings(file), (Vec::new(), 1));
        let (errors, _) = findings(&file.replace("expr: up", "expr: up =="));
        assert_eq!((errors[0].code.as_str(), errors[0].line), ("WK-1020", Some(4)));
    }
}
