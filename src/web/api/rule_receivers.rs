//! Who is told of a rule's alerts, as far as its own labels say.

use crate::{
    model::{Kind, cluster::DeclaredState, spec},
    render::routing::{self, Matching},
};

/// For each rule (group, place in it) the titles of the receivers, comma-separated; empty =
/// nobody; none for a rule without alerts.
pub(super) fn receivers<'r>(
    state: &DeclaredState,
    rules: impl Iterator<Item = (&'r str, usize)>,
) -> Vec<Option<String>> {
    let Ok(root) = routing::tree(state) else { return rules.map(|_| None).collect() };
    let matching = Matching::of(&root).ok();
    rules.map(|(group, index)| words(state, matching.as_ref()?, group, index)).collect()
}

fn words(
    state: &DeclaredState,
    matching: &Matching<'_>,
    group: &str,
    index: usize,
) -> Option<String> {
    let group: spec::RuleGroup = state.get(Kind::RuleGroup, group)?.spec_as().ok()?;
    let rule = group.rules.get(index)?;
    let mut labels = group.labels.clone();
    labels.extend(state.project_labels(&group.project));
    labels.extend(rule.labels.clone());
    labels.insert("alertname".to_owned(), rule.alert.clone()?);
    let mut titles: Vec<String> = Vec::new();
    for path in matching.paths(&labels) {
        let receiver = path.last().and_then(|branch| branch.receiver.as_deref());
        let title = receiver.map(|name| title(state, name));
        titles.extend(title.filter(|title| !titles.contains(title)));
    }
    Some(titles.join(", "))
}

fn title(state: &DeclaredState, receiver: &str) -> String {
    let object = state.get(Kind::Receiver, receiver);
    let title = object.and_then(|object| object.spec.get("title")?.as_str());
    title.filter(|title| !title.is_empty()).unwrap_or(receiver).to_owned()
}
