//! Tests of rendering as a whole.

pub(crate) mod checkers;
pub(crate) mod fixture;
mod golden;
mod properties;
mod routing;
mod templates;

use crate::model::cluster::DeclaredState;
use crate::render::NodeFacts;

/// One state on one kind of machine.
struct Case {
    name: &'static str,
    state: DeclaredState,
    facts: NodeFacts,
}

/// What the golden files show and the real checkers judge.
fn cases() -> Vec<Case> {
    let mut shop = fixture::cluster(3);
    fixture::shop(&mut shop);
    let mut told = fixture::cluster(1);
    fixture::shop(&mut told);
    fixture::on_call(&mut told);
    let mut lonely = fixture::cluster(1);
    fixture::shop(&mut lonely);
    let mut upstream = fixture::facts();
    for (name, version) in [("prometheus", "3.14.0"), ("alertmanager", "0.34.1")] {
        upstream.builds.get_mut(name).unwrap().version = version.to_owned();
    }
    vec![
        Case { name: "empty-single", state: fixture::cluster(1), facts: fixture::facts() },
        Case { name: "shop-ha", state: shop, facts: fixture::facts() },
        Case { name: "who-is-told", state: told, facts: fixture::facts() },
        Case { name: "shop-single-upstream", state: lonely, facts: upstream },
    ]
}
