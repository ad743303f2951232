//! What the overview says: the shapes of its answer.

use super::judge::{State, Why};
use crate::{notify::tally, web::api::list::Page};
use serde::Serialize;
use std::collections::BTreeMap;

/// How everything in sight is doing.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Overview {
    /// Projects, total, facets.
    #[serde(flatten)]
    pub(super) page: Page<ProjectHealth>,
    /// Sums over the projects in scope, the worst first; of those without a department last.
    pub(super) departments: Vec<DepartmentHealth>,
    /// Critical alerts in scope that nobody was told of, the oldest first; at most 20.
    pub(super) untold: Vec<Untold>,
    /// How many of those there are.
    pub(super) n_untold: usize,
    /// Alerts of no declared project, for people who may see everything and ask for all of it.
    pub(super) elsewhere: AlertCounts,
    /// When Prometheus answered; none when none did.
    pub(super) as_of: Option<String>,
    /// Some Alertmanager answered: without, nobody knows what fires.
    pub(super) alertmanager: bool,
    /// Ids of nodes whose Alertmanager did not answer.
    pub(super) missing: Vec<String>,
    /// From when on notifications are counted: a day ago, or later where there are too many.
    pub(super) notified_since: String,
}

/// One project.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ProjectHealth {
    /// Its name.
    pub(super) project: String,
    /// For people; may be empty.
    pub(super) title: String,
    pub(super) department: Option<Named>,
    /// A contact.
    pub(super) owner: Option<Named>,
    /// Who looks after it.
    pub(super) team: Option<Named>,
    pub(super) environment: Option<String>,
    #[schema(value_type = String)]
    pub(super) state: State,
    /// Why it is in that state, the worst first; empty = all is well.
    pub(super) why: Vec<Why>,
    pub(super) targets: TargetCounts,
    pub(super) alerts: AlertCounts,
    /// RFC 3339: since when the oldest critical alert fires.
    pub(super) critical_since: Option<String>,
    /// The oldest critical alert that nobody was told of.
    pub(super) untold: Option<Untold>,
    pub(super) silences: SilenceCounts,
    pub(super) rules: RuleCounts,
    /// Of the time from `notified_since` on.
    pub(super) notifications: NotificationCounts,
    /// How often its rules began to fire on each of the last 7 days (UTC), today last.
    pub(super) fired: Vec<u64>,
}

/// Something with a title.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub(crate) struct Named {
    pub(super) name: String,
    /// For people; may be empty.
    pub(super) title: String,
}

/// The projects of one department together.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct DepartmentHealth {
    /// None: projects without one.
    pub(super) department: Option<Named>,
    /// A contact.
    pub(super) owner: Option<Named>,
    /// That of its worst project.
    #[schema(value_type = String)]
    pub(super) state: State,
    /// How many of its projects are in which state.
    pub(super) projects: BTreeMap<String, usize>,
    pub(super) targets: TargetCounts,
    pub(super) alerts: AlertCounts,
    /// The oldest critical alert that nobody was told of.
    pub(super) untold: Option<Untold>,
    pub(super) silences: SilenceCounts,
    pub(super) rules: RuleCounts,
    pub(super) notifications: NotificationCounts,
    /// How often rules began to fire on each of the last 7 days (UTC), today last.
    pub(super) fired: Vec<u64>,
}

/// A critical alert that fires, is neither silenced nor inhibited, and that nobody was told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Untold {
    /// Alertmanager's.
    pub(super) fingerprint: String,
    /// The label `alertname`.
    pub(super) name: String,
    pub(super) project: String,
    /// RFC 3339: since when it fires.
    pub(super) since: String,
    /// `failed`: it was tried in vain; `nobody`: there is no notification about it.
    pub(super) how: &'static str,
}

/// Scraped addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub(crate) struct TargetCounts {
    pub(super) up: usize,
    pub(super) down: usize,
    /// Not scraped yet, or nobody says.
    pub(super) unknown: usize,
}

impl TargetCounts {
    pub(super) const fn total(self) -> usize {
        self.up + self.down + self.unknown
    }
}

/// Alerts: firing ones by severity, and those that tell nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub(crate) struct AlertCounts {
    pub(super) critical: usize,
    pub(super) warning: usize,
    pub(super) info: usize,
    /// Of a severity that nobody agreed on, or of none.
    pub(super) other: usize,
    /// Not for long enough yet.
    pub(super) pending: usize,
    /// Held back by a silence or an inhibition.
    pub(super) silenced: usize,
}

/// Silences that name the project or one of its dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub(crate) struct SilenceCounts {
    pub(super) active: usize,
    /// Of those, that end within the hour.
    pub(super) ending: usize,
}

/// Declared rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub(crate) struct RuleCounts {
    pub(super) total: usize,
    /// Their last evaluation failed.
    pub(super) failing: usize,
    /// Kept, but not run.
    pub(super) disabled: usize,
    /// Alerting rules of whose alerts, by the labels they set, nobody is told.
    pub(super) untold: usize,
}

/// Notifications by how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub(crate) struct NotificationCounts {
    pub(super) delivered: u64,
    pub(super) failed: u64,
    /// Still on their way.
    pub(super) pending: u64,
}

impl From<tally::Sums> for NotificationCounts {
    fn from(sums: tally::Sums) -> Self {
        Self { delivered: sums.delivered, failed: sums.failed, pending: sums.pending }
    }
}

/// Sums of counts.
macro_rules! adds {
    ($($counts:ident { $($field:ident),* }),*) => {$(
        impl std::ops::AddAssign for $counts {
            fn add_assign(&mut self, other: Self) {
                $(self.$field += other.$field;)*
            }
        }
    )*};
}

adds! {
    TargetCounts { up, down, unknown },
    AlertCounts { critical, warning, info, other, pending, silenced },
    SilenceCounts { active, ending },
    RuleCounts { total, failing, disabled, untold },
    NotificationCounts { delivered, failed, pending }
}
