//! Prometheus rule files.

use super::verdicts;
use crate::admission::{Request, plan, rules};
use crate::model::Kind;
use crate::render::tests::fixture;
use serde_json::json;

fn ours(text: &str) -> Vec<String> {
    let mut state = fixture::cluster(1);
    fixture::put(&mut state, Kind::Project, "corpus", json!({}));
    let parsed = rules::import(text, "corpus", &state);
    let planned = plan(&state, &Request { puts: parsed.puts, ..Request::default() });
    parsed.errors.iter().chain(&planned.errors).map(ToString::to_string).collect()
}

#[test]
fn our_verdict_on_rule_files_is_promtools_but_for_the_table() {
    verdicts::compare("rules", 200, ours);
}

#[test]
fn the_folders_of_rule_files_say_what_promtool_says() {
    verdicts::folders_are_true("rules", "promtool", &["check", "rules", "--lint=none"]);
}
