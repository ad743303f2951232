//! Every project with what is seen of it: one pass over what the programs said last. Pure, but for
//! the question whether somebody was told of an alert before notifications were counted.

use super::{
    answer::{AlertCounts, NotificationCounts, RuleCounts, SilenceCounts, TargetCounts, Untold},
    declared::{Declared, Project},
};
use crate::{
    model::{UnixMs, fingerprint::Fingerprint},
    notify::tally::{Fate, Tally},
    scope::projects,
    web::api::{alerts::Alert, observed_rules, targets},
};
use std::collections::{BTreeMap, HashMap};

/// An alert may fire for so long before anybody must have been told: groups wait for others.
const GRACE_MS: u64 = 120_000;
/// A silence that ends within this time is about to.
const ENDING_MS: u64 = 3_600_000;
/// Days of which firings are counted.
pub(super) const DAYS: usize = 7;

/// What was seen.
#[derive(Clone, Copy)]
pub(super) struct Seen<'s> {
    pub(super) targets: &'s targets::Observation,
    pub(super) rules: &'s observed_rules::Observation,
    /// Of all Alertmanagers that answered; empty also when none did.
    pub(super) alerts: &'s [Alert],
    pub(super) tally: &'s Tally,
    /// Firings by rule group and day, today last.
    pub(super) daily: &'s BTreeMap<String, Vec<u64>>,
    pub(super) now: UnixMs,
}

/// What is seen of one project; in the order of [`Declared::projects`].
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Counts {
    pub(super) targets: TargetCounts,
    /// As somebody counts them who may see this project alone: what carries the label of another
    /// one is not there.
    pub(super) own_targets: TargetCounts,
    pub(super) alerts: AlertCounts,
    pub(super) critical_since: Option<String>,
    /// The oldest first.
    pub(super) untold: Vec<Untold>,
    pub(super) silences: SilenceCounts,
    pub(super) own_silences: SilenceCounts,
    pub(super) rules: RuleCounts,
    pub(super) notifications: NotificationCounts,
    pub(super) fired: Vec<u64>,
}

/// Counts for every project, and the alerts of none. `told_before`: whether somebody was told of
/// an alert that has been firing since before notifications were counted.
pub(super) fn count(
    declared: &Declared,
    seen: Seen<'_>,
    told_before: &dyn Fn(Fingerprint) -> bool,
) -> (Vec<Counts>, AlertCounts) {
    let of = |project: &Project| {
        let (targets, own_targets) = targets(project, seen.targets);
        let sums = seen.tally.by_project.get(&project.name).copied().unwrap_or_default();
        Counts {
            targets,
            own_targets,
            silences: silences(project, seen.now, false),
            own_silences: silences(project, seen.now, true),
            rules: rules(project, seen.rules),
            notifications: sums.into(),
            fired: fired(project, seen.daily),
            ..Counts::default()
        }
    };
    let mut counts: Vec<Counts> = declared.projects.iter().map(of).collect();
    let places: HashMap<&str, usize> =
        declared.projects.iter().enumerate().map(|(at, it)| (&*it.name, at)).collect();
    let mut elsewhere = AlertCounts::default();
    for alert in seen.alerts {
        match places.get(&*alert.project) {
            Some(at) => add(&mut counts[*at], alert, seen, told_before),
            None => elsewhere += AlertCounts::of(alert),
        }
    }
    for project in &mut counts {
        project.untold.sort_by(|a, b| (&a.since, &a.fingerprint).cmp(&(&b.since, &b.fingerprint)));
    }
    (counts, elsewhere)
}

fn targets(project: &Project, seen: &targets::Observation) -> (TargetCounts, TargetCounts) {
    let (mut all, mut own) = (TargetCounts::default(), TargetCounts::default());
    for target in &project.targets {
        for address in &target.addresses {
            let declared = || {
                let mut labels = project.labels.clone();
                labels.extend(target.labels.clone());
                labels
            };
            let found = seen.health(&target.job, address, declared);
            let (health, labels) = found.unzip();
            all.add(health);
            let is_own = labels.is_some_and(|it| it.get(projects::LABEL) == Some(&project.name));
            own.add(health.filter(|_| is_own));
        }
    }
    (all, own)
}

impl TargetCounts {
    fn add(&mut self, health: Option<&str>) {
        match health {
            Some("up") => self.up += 1,
            Some("down") => self.down += 1,
            _ => self.unknown += 1,
        }
    }
}

fn silences(project: &Project, now: UnixMs, own: bool) -> SilenceCounts {
    let all = project.silences.iter().filter(|it| it.own || !own);
    let active = all.filter(|it| it.starts <= now && now < it.ends);
    let ending = active.clone().filter(|it| it.ends.since(now) <= ENDING_MS).count();
    SilenceCounts { active: active.count(), ending }
}

fn rules(project: &Project, seen: &observed_rules::Observation) -> RuleCounts {
    let mut counts = RuleCounts { untold: project.rules_untold, ..RuleCounts::default() };
    for group in &project.groups {
        // Prometheus knows and counts only those that run.
        let mut running = 0;
        for (name, runs) in &group.rules {
            counts.total += 1;
            if !runs {
                counts.disabled += 1;
                continue;
            }
            let rule = seen.rules().rule(&group.name, running, name);
            counts.failing += usize::from(rule.is_some_and(|rule| rule.health == "err"));
            running += 1;
        }
    }
    counts
}

fn fired(project: &Project, daily: &BTreeMap<String, Vec<u64>>) -> Vec<u64> {
    let mut sums = vec![0; DAYS];
    for days in project.groups.iter().filter_map(|group| daily.get(&group.name)) {
        for (sum, times) in sums.iter_mut().zip(days) {
            *sum += times;
        }
    }
    sums
}

fn add(
    counts: &mut Counts,
    alert: &Alert,
    seen: Seen<'_>,
    told_before: &dyn Fn(Fingerprint) -> bool,
) {
    let of_alert = AlertCounts::of(alert);
    counts.alerts += of_alert;
    if of_alert.critical == 0 {
        return;
    }
    let earlier = counts.critical_since.take().filter(|since| *since < alert.starts_at);
    counts.critical_since = Some(earlier.unwrap_or_else(|| alert.starts_at.clone()));
    counts.untold.extend(untold(alert, seen, told_before));
}

impl AlertCounts {
    /// Of one alert.
    fn of(alert: &Alert) -> Self {
        let mut counts = Self::default();
        let field = match alert.state.as_str() {
            "firing" => match severity(&alert.severity) {
                Some("critical") => &mut counts.critical,
                Some("warning") => &mut counts.warning,
                Some(_) => &mut counts.info,
                None => &mut counts.other,
            },
            "pending" => &mut counts.pending,
            _ => &mut counts.silenced,
        };
        *field = 1;
        counts
    }
}

/// What a label `severity` means; the same words as in the portal.
pub(super) fn severity(value: &str) -> Option<&'static str> {
    const WORDS: [(&str, &[&str]); 3] = [
        ("critical", &["critical", "error", "page", "fatal", "emergency", "p1", "s1"]),
        ("warning", &["warning", "warn", "p2", "s2"]),
        ("info", &["info", "information", "notice", "none", "p3", "s3"]),
    ];
    let value = value.to_lowercase();
    WORDS.iter().find(|(_, words)| words.contains(&&*value)).map(|(severity, _)| *severity)
}

fn untold(
    alert: &Alert,
    seen: Seen<'_>,
    told_before: &dyn Fn(Fingerprint) -> bool,
) -> Option<Untold> {
    let fingerprint: Fingerprint = alert.fingerprint.parse().ok()?;
    let since = UnixMs::parse(&alert.starts_at).ok()?;
    let how = match seen.tally.fates.get(&fingerprint) {
        Some(Fate::Told | Fate::Waiting) => return None,
        Some(Fate::Failed) => "failed",
        None if seen.now.since(since) < GRACE_MS => return None,
        None if since < seen.tally.since && told_before(fingerprint) => return None,
        None => "nobody",
    };
    Some(Untold {
        fingerprint: alert.fingerprint.clone(),
        name: alert.name.clone(),
        project: alert.project.clone(),
        since: alert.starts_at.clone(),
        how,
    })
}
