//! A silence as an Alertmanager has it (API v2), and the mark by which ours are known. Pure.

use super::Wanted;
use crate::model::{UnixMs, spec::SilenceMatcher};
use serde::{Deserialize, Serialize};

/// Where they are read and posted.
pub const PATH: &str = "/api/v2/silences";

/// Path of one, to end it.
#[must_use]
pub fn path_of(id: &str) -> String {
    format!("/api/v2/silence/{id}")
}

/// One silence of an Alertmanager.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// Alertmanager's own.
    pub id: String,
    /// See there.
    pub status: HeldStatus,
    /// Why, with our mark.
    #[serde(default)]
    pub comment: String,
    /// Who.
    #[serde(default)]
    pub created_by: String,
    /// From.
    pub starts_at: UnixMs,
    /// Until.
    pub ends_at: UnixMs,
    /// All must hold.
    pub matchers: Vec<SilenceMatcher>,
}

/// Part of [`Held`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HeldStatus {
    /// `active`, `pending` or `expired`.
    pub state: String,
}

impl Held {
    /// Hides alerts, or will.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.status.state != "expired"
    }

    /// The object it was posted for; `None` = not ours.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        let rest = self.comment.strip_suffix(MARK_END)?;
        let (_, name) = rest.rsplit_once(MARK)?;
        (!name.is_empty()).then_some(name)
    }

    /// Whether it says what is declared. Alertmanager moves a start that lies in the past to
    /// the time of posting.
    #[must_use]
    pub fn says(&self, wanted: &Wanted, now: UnixMs) -> bool {
        let begins = if wanted.starts > now {
            self.starts_at == wanted.starts
        } else {
            self.starts_at <= now
        };
        begins
            && self.ends_at == wanted.ends
            && self.comment == comment(wanted)
            && same(&self.matchers, &wanted.matchers)
    }
}

const MARK: &str = " [watchkeep silence/";
const MARK_END: &str = "]";

fn comment(wanted: &Wanted) -> String {
    format!("{}{MARK}{}{MARK_END}", wanted.comment.trim(), wanted.name)
}

/// Whatever their order: Alertmanager sorts them.
fn same(one: &[SilenceMatcher], other: &[SilenceMatcher]) -> bool {
    let sorted = |matchers: &[SilenceMatcher]| {
        let key = |m: &SilenceMatcher| (m.name.clone(), m.value.clone(), m.is_regex, m.is_equal);
        let mut keys: Vec<_> = matchers.iter().map(key).collect();
        keys.sort();
        keys.dedup();
        keys
    };
    sorted(one) == sorted(other)
}

/// What is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Posted {
    /// Replaces this one; none = a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    matchers: Vec<SilenceMatcher>,
    starts_at: UnixMs,
    ends_at: UnixMs,
    created_by: String,
    comment: String,
}

impl Posted {
    /// Of a declared one, in place of `old`. An `old` one that has begun keeps its start, so
    /// that Alertmanager can change it without making another one.
    #[must_use]
    pub fn of(wanted: &Wanted, old: Option<&Held>, now: UnixMs) -> Self {
        let begun = old.filter(|old| old.starts_at <= now && wanted.starts <= now);
        Self {
            id: old.map(|old| old.id.clone()),
            matchers: wanted.matchers.clone(),
            starts_at: begun.map_or(wanted.starts, |old| old.starts_at),
            ends_at: wanted.ends,
            created_by: wanted.by.clone(),
            comment: comment(wanted),
        }
    }
}
