//! The usual rules, ready to be filled in: `bundles/rule-templates.toml`, compiled in.
//!
//! `${name}` in a rule's texts stands for a parameter; whoever uses a template replaces it.

use crate::model::spec::Rule;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// A text in the portal's languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// One value to be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// `${name}` stands for it.
    pub name: String,
    /// For people.
    pub title: Text,
    /// `%`, `s`, `duration`, …; may be empty.
    #[serde(default)]
    pub unit: String,
    /// What most take.
    pub default: String,
}

/// One ready-made rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stable.
    pub id: String,
    /// `host`, `service`, `database`, …: cards of a group stand together.
    pub group: String,
    /// For people.
    pub title: Text,
    /// What it watches, and when it helps.
    pub about: Text,
    /// Metrics it needs.
    pub metrics: Vec<String>,
    /// What to fill in.
    #[serde(default)]
    pub params: Vec<Param>,
    /// The rule with `${…}` in its texts.
    pub rule: Rule,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    template: Vec<Template>,
}

const TEXT: &str = include_str!("../../bundles/rule-templates.toml");

/// All of them, in the order in which they are shown.
#[must_use]
pub fn templates() -> &'static [Template] {
    static READ: OnceLock<Vec<Template>> = OnceLock::new();
    READ.get_or_init(|| {
        toml::from_str(TEXT)
            .map(|file: File| file.template)
            .inspect_err(|error| tracing::error!(%error, "bundles/rule-templates.toml"))
            .unwrap_or_default()
    })
}

impl Template {
    /// The rule with every parameter at its default.
    #[must_use]
    pub fn filled(&self) -> Rule {
        let fill = |text: &str| {
            self.params.iter().fold(text.to_owned(), |text, param| {
                text.replace(&format!("${{{}}}", param.name), &param.default)
            })
        };
        let mut rule = self.rule.clone();
        rule.expr = fill(&rule.expr);
        rule.for_ = rule.for_.as_deref().map(fill);
        rule.keep_firing_for = rule.keep_firing_for.as_deref().map(fill);
        rule.labels.values_mut().for_each(|value| *value = fill(value));
        rule.annotations.values_mut().for_each(|value| *value = fill(value));
        rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use promql_parser::parser::{Expr, VectorSelector, parse};
    use promql_parser::util::{ExprVisitor, walk_expr};
    use std::collections::BTreeSet;

    struct Names(BTreeSet<String>);

    impl ExprVisitor for Names {
        type Error = ();
        fn pre_visit(&mut self, expression: &Expr) -> Result<bool, ()> {
            let mut add = |selector: &VectorSelector| self.0.extend(selector.name.clone());
            match expression {
                Expr::VectorSelector(selector) => add(selector),
                Expr::MatrixSelector(matrix) => add(&matrix.vs),
                _ => {}
            }
            Ok(true)
        }
    }

    #[test]
    fn there_are_at_least_twenty_each_with_its_own_id_and_both_languages() {
        let _: File = toml::from_str(TEXT).unwrap();
        let ids: BTreeSet<&str> = templates().iter().map(|it| it.id.as_str()).collect();
        assert!(ids.len() >= 20 && ids.len() == templates().len(), "{ids:?}");
        for it in templates() {
            let texts = [&it.title, &it.about];
            let params = it.params.iter().map(|param| &param.title);
            for text in texts.into_iter().chain(params) {
                assert!(!text.en.is_empty() && text.zh.chars().any(|c| c > '\u{2e80}'), "{it:?}");
            }
            assert!(it.rule.labels.contains_key("severity"), "{}", it.id);
        }
    }

    #[test]
    fn each_uses_the_parameters_and_metrics_it_names_and_no_others() {
        for it in templates() {
            let text = serde_json::to_string(&it.rule).unwrap();
            for param in &it.params {
                assert!(text.contains(&format!("${{{}}}", param.name)), "{}: {param:?}", it.id);
            }
            let rule = it.filled();
            assert!(!serde_json::to_string(&rule).unwrap().contains("${"), "{}", it.id);
            let mut names = Names(BTreeSet::new());
            walk_expr(&mut names, &parse(&rule.expr).unwrap()).unwrap();
            assert_eq!(names.0, it.metrics.iter().cloned().collect(), "{}", it.id);
        }
    }
}
