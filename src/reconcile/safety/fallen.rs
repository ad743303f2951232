//! How many of a revision's own targets fell, and is that its doing? Pure.

use super::scope::{Own, Scope};
use crate::model::spec::SafetySettings;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// One target: `(job, instance)`.
pub type Id = (String, String);

/// Targets of one Prometheus just before a revision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    /// All that were scraped.
    pub known: BTreeSet<Id>,
    /// Those of them that were up.
    pub healthy: BTreeSet<Id>,
}

/// A target as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Its last scrape was good.
    Up,
    /// Its last scrape failed.
    Down,
    /// Not scraped yet.
    Unknown,
}

/// Targets of one Prometheus now: those in its target list.
pub type Now = BTreeMap<Id, Health>;

/// What became of the own targets of a revision, on one Prometheus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fallen {
    /// Healthy before, and meant to stay.
    pub n_healthy: usize,
    /// Of those, down or gone from the target list now.
    pub lost: BTreeSet<Id>,
    /// Targets of the same jobs that are up now under a name that nobody declared: lost ones
    /// that were only renamed by relabelling.
    pub n_renamed: usize,
}

impl Fallen {
    /// Compares. Targets on the hosts `dead` are nobody's doing, those `taken_out` by this or another
    /// revision are gone on purpose.
    #[must_use]
    pub fn of(
        baseline: &Baseline,
        now: &Now,
        scope: &Scope,
        taken_out: &BTreeSet<Id>,
        dead: &BTreeSet<IpAddr>,
    ) -> Self {
        let own = |id: &&Id| match scope.jobs.get(&id.0) {
            Some(Own::All) => true,
            Some(Own::Only(addresses)) => addresses.contains(&id.1),
            None => false,
        };
        let on_purpose = |id: &Id| scope.removed.contains(id) || taken_out.contains(id);
        let meant = |id: &&Id| own(id) && !on_purpose(id) && !on(dead, &id.1);
        let healthy: BTreeSet<&Id> = baseline.healthy.iter().filter(meant).collect();
        let has_fallen = |id: &Id| matches!(now.get(id), None | Some(Health::Down));
        let new = |(id, health): &(&Id, &Health)| {
            **health == Health::Up
                && scope.jobs.contains_key(&id.0)
                && !baseline.known.contains(*id)
                && !scope.added.contains(*id)
        };
        Self {
            n_healthy: healthy.len(),
            lost: healthy.into_iter().filter(|id| has_fallen(id)).cloned().collect(),
            n_renamed: now.iter().filter(new).count(),
        }
    }

    /// How many are really lost.
    #[must_use]
    pub fn n_lost(&self) -> usize {
        self.lost.len().saturating_sub(self.n_renamed)
    }

    /// Whether that is enough to undo the revision.
    #[must_use]
    pub fn is_a_drop(&self, safety: &SafetySettings) -> bool {
        enough(self.n_lost(), self.n_healthy, safety)
    }
}

/// Whether targets that the revision has nothing to do with fell just the same: then it is the
/// node or its network.
#[must_use]
pub fn is_the_nodes_own(
    n_others_before: usize,
    n_others_lost: usize,
    safety: &SafetySettings,
) -> bool {
    enough(n_others_lost, n_others_before, safety)
}

fn enough(n_lost: usize, n_before: usize, safety: &SafetySettings) -> bool {
    let (percent, targets) = (safety.drop_percent as usize, safety.drop_targets as usize);
    n_lost >= targets.max(1) && n_lost * 100 >= n_before * percent
}

/// Whether the instance `host:port` is on one of these addresses.
fn on(dead: &BTreeSet<IpAddr>, instance: &str) -> bool {
    let host = instance.rsplit_once(':').map_or(instance, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse().is_ok_and(|address: IpAddr| dead.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(job: &str, from: u32, to: u32) -> BTreeSet<Id> {
        (from..to).map(|n| (job.to_owned(), format!("10.0.0.{n}:9100"))).collect()
    }

    fn baseline(healthy: BTreeSet<Id>) -> Baseline {
        Baseline { known: healthy.clone(), healthy }
    }

    fn all(ids: BTreeSet<Id>, health: Health) -> Now {
        ids.into_iter().map(|id| (id, health)).collect()
    }

    fn scope(job: &str) -> Scope {
        Scope { jobs: [(job.to_owned(), Own::All)].into(), ..Scope::default() }
    }

    fn falls(baseline: &Baseline, now: &Now, scope: &Scope) -> bool {
        let fallen = Fallen::of(baseline, now, scope, &BTreeSet::new(), &BTreeSet::new());
        fallen.is_a_drop(&SafetySettings::default())
    }

    #[test]
    fn a_drop_takes_a_fifth_and_at_least_three() {
        for (n_before, n_left, wanted) in [
            (10, 10, false),
            (10, 8, false),
            (10, 7, true),
            (4, 1, true),
            (4, 2, false),
            (3, 0, true),
            (2, 0, false),
            (100, 81, false),
            (100, 80, true),
            (0, 0, false),
        ] {
            let before = baseline(ids("web", 0, n_before));
            let vanished = all(ids("web", 0, n_left), Health::Up);
            let mut down = vanished.clone();
            down.extend(all(ids("web", n_left, n_before), Health::Down));
            let mut waiting = vanished.clone();
            waiting.extend(all(ids("web", n_left, n_before), Health::Unknown));
            assert_eq!(falls(&before, &vanished, &scope("web")), wanted, "{n_before} {n_left}");
            assert_eq!(falls(&before, &down, &scope("web")), wanted, "{n_before} {n_left}");
            assert!(!falls(&before, &waiting, &scope("web")), "not scraped yet is not down");
        }
    }

    #[test]
    fn what_was_down_before_or_belongs_to_another_job_is_not_counted() {
        let mut before = baseline(ids("web", 0, 10));
        before.healthy = ids("web", 5, 10);
        let now = all(ids("web", 5, 10), Health::Up);
        assert!(!falls(&before, &now, &scope("web")));
        assert!(!falls(&baseline(ids("db", 0, 10)), &Now::new(), &scope("web")));
    }

    #[test]
    fn what_was_taken_out_by_name_is_no_drop() {
        let before = baseline(ids("web", 0, 10));
        let now = all(ids("web", 0, 4), Health::Up);
        let removed = Scope { removed: ids("web", 4, 10), ..scope("web") };
        assert!(!falls(&before, &now, &removed));
        let too_many = all(ids("web", 0, 1), Health::Up);
        assert!(falls(&before, &too_many, &removed));
    }

    #[test]
    fn what_another_revision_took_out_is_no_drop_of_this_one() {
        let before = baseline(ids("web", 0, 10));
        let fallen = |left: u32, taken_out: &BTreeSet<Id>| {
            let now = all(ids("web", 0, left), Health::Up);
            let fallen = Fallen::of(&before, &now, &scope("web"), taken_out, &BTreeSet::new());
            fallen.is_a_drop(&SafetySettings::default())
        };
        assert!(fallen(4, &BTreeSet::new()));
        assert!(!fallen(4, &ids("web", 4, 10)));
        assert!(fallen(1, &ids("web", 4, 10)), "three more are gone than were taken out");
    }

    #[test]
    fn only_the_changed_targets_of_a_job_are_watched() {
        let own = ids("web", 0, 4).into_iter().map(|id| id.1).collect();
        let scope = Scope { jobs: [("web".into(), Own::Only(own))].into(), ..Scope::default() };
        let before = baseline(ids("web", 0, 10));
        assert!(!falls(&before, &all(ids("web", 0, 4), Health::Up), &scope));
        assert!(falls(&before, &all(ids("web", 4, 10), Health::Up), &scope));
    }

    #[test]
    fn renamed_targets_are_not_lost_but_new_ones_replace_nobody() {
        let before = baseline(ids("web", 0, 10));
        let renamed: Now =
            (0..10).map(|n| (("web".into(), format!("host-{n}")), Health::Up)).collect();
        assert!(!falls(&before, &renamed, &scope("web")));
        let new = all(ids("web", 20, 30), Health::Up);
        let added = Scope { added: ids("web", 20, 30), ..scope("web") };
        assert!(falls(&before, &new, &added));
        let mut recovered = baseline(ids("web", 0, 10));
        recovered.known.extend(ids("web", 10, 20));
        assert!(falls(&recovered, &all(ids("web", 10, 20), Health::Up), &scope("web")));
    }

    #[test]
    fn targets_on_a_dead_host_are_nobodys_doing() {
        let before = baseline((0..10).map(|n| ("web".into(), format!("10.0.0.1:{n}"))).collect());
        let dead = BTreeSet::from(["10.0.0.1".parse().unwrap()]);
        let fallen = Fallen::of(&before, &Now::new(), &scope("web"), &BTreeSet::new(), &dead);
        assert!(!fallen.is_a_drop(&SafetySettings::default()));
        assert!(falls(&before, &Now::new(), &scope("web")));
    }

    #[test]
    fn when_the_others_fall_too_it_is_the_node() {
        let safety = SafetySettings::default();
        assert!(is_the_nodes_own(10, 5, &safety));
        assert!(!is_the_nodes_own(10, 1, &safety) && !is_the_nodes_own(0, 0, &safety));
    }
}
