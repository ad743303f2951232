//! Undoes a revision that a node's checker or program refuses.

use super::{
    HEARD_MS, Safety, Seen,
    culprit::{OURSELVES, Suspect, culprit, same},
    now,
    past::{self, Change},
    undo::Undone,
};
use crate::{
    admission::{Checker as _, blame},
    base::error_chain::ErrorChain,
    model::{
        NodeId, Revision,
        cluster::DeclaredState,
        observed::{ConfigRefusal, ConfigStatus},
    },
    render::{Component, NodeFacts, render},
    store::HistoryEntry,
};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

/// Looks again although nothing woke it.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// No more revisions are looked at for one refusal; where there are more the cause is too far
/// away to be sure.
const SUSPECTS: usize = 50;

/// One refusal, told apart from others.
type Streak = (NodeId, String, u64, Revision);

/// Runs for ever; acts only while this node leads.
pub(super) async fn watch(safety: &Safety) {
    let mut changed = safety.fleet.changed();
    let mut settled = BTreeSet::new();
    loop {
        changed.mark_unchanged();
        if !safety.leads() {
            settled.clear();
        } else if safety.settings().undo {
            for case in cases(safety.fleet.nodes()) {
                if case.judge(safety, &mut settled).await {
                    // Everything known is from before the undo.
                    break;
                }
            }
        }
        tokio::select! {
            moved = changed.changed() => if moved.is_err() { return },
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

/// A node that refuses what it once took in an older form.
struct Case {
    node: NodeId,
    config: ConfigStatus,
    refusal: ConfigRefusal,
}

/// What can be judged by: fresh words about something that was good before.
fn cases(nodes: Vec<Seen>) -> Vec<Case> {
    let heard = nodes.into_iter().filter(|node| node.age_ms <= HEARD_MS);
    let cases = heard.flat_map(|Seen { status, .. }| {
        let node = status.id;
        status.configs.into_iter().filter_map(move |config| {
            let refusal = config.refusal.clone()?;
            (config.live_index > 0).then_some(Case { node, config, refusal })
        })
    });
    cases.collect()
}

impl Case {
    /// Says whether something was undone.
    async fn judge(&self, safety: &Safety, settled: &mut BTreeSet<Streak>) -> bool {
        let Some((_, facts)) = safety.checkers.ground() else { return false };
        let state = safety.store.state();
        let good = Revision(self.config.live_index);
        let Ok(mut entries) = safety.store.history_since(good) else { return false };
        entries.retain(|entry| entry.revision.0 <= state.index);
        let ours = entries.iter().find(|entry| entry.actor == OURSELVES);
        let undone = ours.map_or(Revision(0), |entry| entry.revision);
        let component = self.config.component.clone();
        let streak = (self.node, component, self.refusal.since_index, undone);
        // What it says is from before our last undo: it may be content by now.
        if self.config.rendered_index < undone.0 || settled.contains(&streak) {
            return false;
        }
        let Some(change) = self.culprit(state, entries, facts).await else {
            settled.insert(streak);
            return false;
        };
        match safety.undo(&change, &self.reason(safety)).await {
            Ok(Undone::At(_)) => true,
            Ok(Undone::Nothing) => false,
            Ok(Undone::Cannot) => {
                settled.insert(streak);
                false
            }
            Err(error) => {
                tracing::warn!(error = %ErrorChain(&error), "a refused change is undone later");
                false
            }
        }
    }

    async fn culprit(
        &self,
        state: Arc<DeclaredState>,
        entries: Vec<HistoryEntry>,
        facts: NodeFacts,
    ) -> Option<Change> {
        let node = self.node;
        let (config, since) = (self.config.clone(), Revision(self.refusal.since_index));
        let search = move || to_blame(&state, entries, &config, since, node, &facts);
        tokio::task::spawn_blocking(search).await.ok().flatten()
    }

    fn reason(&self, safety: &Safety) -> String {
        let state = safety.store.state();
        let name = state.members.get(&self.node).map(|member| member.name.as_str());
        let name = name.unwrap_or("a node");
        let words = self.config.refused.as_deref().unwrap_or_default();
        format!("{} on {name} refused it: {words}", self.config.component)
    }
}

/// The change among `entries` (newest first, all above the last good index) that is to blame for
/// what `config` says is refused on `node` since `since`, as far as it is still in force.
/// Blocking: renders once for each.
pub(crate) fn to_blame(
    state: &DeclaredState,
    entries: Vec<HistoryEntry>,
    config: &ConfigStatus,
    since: Revision,
    node: NodeId,
    facts: &NodeFacts,
) -> Option<Change> {
    let words = config.refused.as_deref().unwrap_or_default();
    let given = |state: &DeclaredState| {
        render(state, node, facts).ok()?.components.remove(&config.component)
    };
    let traced = given(state).map(|now| blame::blamed(&now, words)).unwrap_or_default();
    let suspected = suspected(past::changes(state, entries), since, given)?;
    let judged: Vec<Suspect> = suspected
        .iter()
        .filter(|(change, _)| !change.in_force(state).is_empty())
        .map(|(change, given)| {
            let keys = given.as_ref().map(|given| blame::blamed(given, words));
            Suspect::of(change, words, &keys.unwrap_or_default())
        })
        .collect();
    let revision = culprit(&judged, !traced.is_empty(), now())?;
    suspected.into_iter().map(|it| it.0).find(|change| change.revision == revision)
}

/// The changes up to `since` that gave the component something else, newest first, each with what
/// it gave; `None` when there are too many to be sure.
fn suspected(
    changes: Vec<Change>,
    since: Revision,
    given: impl Fn(&DeclaredState) -> Option<Component>,
) -> Option<Vec<(Change, Option<Component>)>> {
    let changes: Vec<Change> =
        changes.into_iter().filter(|change| change.revision <= since).collect();
    if changes.len() > SUSPECTS {
        return None;
    }
    let mut suspected = Vec::new();
    let mut after = changes.first().map(|newest| given(&newest.after))?;
    for change in changes {
        let before = given(&change.before);
        if !same(before.as_ref(), after.as_ref()) {
            suspected.push((change, after));
        }
        after = before;
    }
    Some(suspected)
}

#[cfg(test)]
mod two_leaders;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::render::tests::fixture;
    use serde_json::json;

    #[test]
    fn suspects_are_those_that_changed_what_the_component_is_given_before_it_refused() {
        let mut state = fixture::cluster(1);
        fixture::shop(&mut state);
        let writes = [
            (Kind::ScrapeJob, "web", json!({"scheme": "https"})),
            (Kind::Contact, "bob", json!({})),
            (Kind::Route, "late", json!({"receiver": "on-call"})),
            (
                Kind::RuleGroup,
                "r",
                json!({"project": "web", "rules": [{"record": "a", "expr": "b"}]}),
            ),
            (Kind::ScrapeJob, "later", json!({})),
        ];
        let mut entries: Vec<_> =
            writes.into_iter().map(|it| past::tests::write(&mut state, "ann", 1, it)).collect();
        let since = entries[3].revision;
        entries.reverse();
        let found = suspected(past::changes(&state, entries), since, |state| {
            let mut rendered = render(state, NodeId(1), &fixture::facts()).unwrap();
            rendered.components.remove("prometheus")
        });
        let objects: Vec<String> =
            found.unwrap().iter().map(|(change, _)| change.entries[0].key.to_string()).collect();
        assert_eq!(objects, ["rule-group/r", "scrape-job/web"]);
    }
}
