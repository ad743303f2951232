//! The rule templates that are shipped, judged by the real promtool.

use super::checkers::{install, programs, real, run};
use super::fixture;
use crate::model::{Kind, NodeId};
use crate::observe::templates::{Template, templates};
use crate::render::render;
use serde_json::json;

#[test]
fn promtool_accepts_every_rule_template() {
    let Some(programs) = programs() else { return };
    let rules: Vec<_> = templates().iter().map(Template::filled).collect();
    let mut state = fixture::cluster(1);
    fixture::put(&mut state, Kind::Project, "p", json!({}));
    fixture::put(&mut state, Kind::RuleGroup, "g", json!({"project": "p", "rules": rules}));
    let home = tempfile::tempdir().unwrap();
    let facts = real(fixture::facts(), home.path(), &programs);
    let rendered = render(&state, NodeId(1), &facts).unwrap();
    let prometheus = &rendered.components["prometheus"];
    install(prometheus);
    let mut check = prometheus.checks[0].run_once(&prometheus.config_dir);
    let file = prometheus.config_dir.join("rules/g.yml").display().to_string();
    check.args = vec!["check".into(), "rules".into(), file];
    let output = run(&check);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains(&format!("{} rules found", templates().len())), "{said}");
}
