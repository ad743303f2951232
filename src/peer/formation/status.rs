//! What people are told while a cluster forms.

use super::record::Record;
use std::{collections::BTreeMap, time::Instant};

/// One other entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerNote {
    /// Its entry.
    pub entry: String,
    /// What is in its way; `None` = nothing.
    pub problem: Option<String>,
}

/// Where formation stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormationStatus {
    /// One line, for instance `waiting for 10.0.0.3:8421: connection refused, 14 s`.
    pub text: String,
    /// All other entries, sorted.
    pub peers: Vec<PeerNote>,
    /// The last caller that was turned away, and why.
    pub turned_away: Option<String>,
    /// The cluster, once it is one.
    pub cluster_id: Option<String>,
}

impl FormationStatus {
    pub(super) fn formed(record: &Record) -> Self {
        Self {
            text: format!("member of cluster {} ({})", record.cluster_name, record.cluster_id),
            cluster_id: Some(record.cluster_id.clone()),
            ..Self::default()
        }
    }
}

/// Since when which entry has had which problem.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    since: BTreeMap<String, (String, Instant)>,
}

impl Waiting {
    /// Takes the problems of one round, by entry, and says them with their age.
    pub(super) fn text(&mut self, problems: &[(String, String)], now: Instant) -> String {
        self.said("waiting for", problems, now)
    }

    /// The same, beginning with other words.
    pub(super) fn said(
        &mut self,
        beginning: &str,
        problems: &[(String, String)],
        now: Instant,
    ) -> String {
        self.since.retain(|entry, _| problems.iter().any(|(other, _)| other == entry));
        let mut parts = Vec::new();
        for (entry, problem) in problems {
            let known = self
                .since
                .entry(entry.clone())
                .and_modify(|known| known.0.clone_from(problem))
                .or_insert_with(|| (problem.clone(), now));
            let seconds = now.saturating_duration_since(known.1).as_secs();
            parts.push(format!("{entry}: {problem}, {seconds} s"));
        }
        format!("{beginning} {}", parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_age_counts_from_the_first_failure_of_a_peer() {
        let mut waiting = Waiting::default();
        let start = Instant::now();
        let problem = |text: &str| [("10.0.0.3:8421".to_owned(), text.to_owned())];
        waiting.text(&problem("no route"), start);
        let later = start + Duration::from_secs(14);
        assert_eq!(
            waiting.text(&problem("connection refused"), later),
            "waiting for 10.0.0.3:8421: connection refused, 14 s"
        );
        waiting.text(&[], later);
        assert!(waiting.text(&problem("connection refused"), later).ends_with(" 0 s"));
    }
}
