//! A silence as declared, read once, and which alerts it hides. Pure.

use crate::model::{
    Kind, UnixMs,
    cluster::DeclaredState,
    label::Labels,
    matcher::{Matcher, Op, Test},
    resource::Resource,
    spec::{Silence, SilenceMatcher},
};

/// A declared silence that can be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Name of the object.
    pub name: String,
    /// Who changed it last.
    pub by: String,
    /// Holds from.
    pub starts: UnixMs,
    /// Holds until.
    pub ends: UnixMs,
    /// All must hold.
    pub matchers: Vec<SilenceMatcher>,
    /// Why.
    pub comment: String,
}

/// Where a silence is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Hides alerts.
    Active,
    /// Begins later.
    Pending,
    /// Is over.
    Expired,
}

impl Phase {
    /// As Alertmanager writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Expired => "expired",
        }
    }
}

impl Wanted {
    /// All of `state`, by name. Objects that cannot be read are left out: admission lets none in.
    #[must_use]
    pub fn all(state: &DeclaredState) -> Vec<Self> {
        state.of(Kind::Silence).filter_map(Self::of).collect()
    }

    /// One object.
    #[must_use]
    pub fn of(object: &Resource) -> Option<Self> {
        let spec: Silence = object.spec_as().ok()?;
        Some(Self {
            name: object.name.to_string(),
            by: object.by.clone(),
            starts: UnixMs::parse(&spec.starts_at).ok()?,
            ends: UnixMs::parse(&spec.ends_at).ok()?,
            matchers: spec.matchers,
            comment: spec.comment,
        })
    }

    /// Where it is at `now`.
    #[must_use]
    pub fn phase(&self, now: UnixMs) -> Phase {
        if now >= self.ends {
            Phase::Expired
        } else if now < self.starts {
            Phase::Pending
        } else {
            Phase::Active
        }
    }
}

/// Matchers ready to be asked.
pub type Prepared = Vec<Test>;

/// Prepares matchers. `None` when a pattern is none.
#[must_use]
pub fn prepare(matchers: &[SilenceMatcher]) -> Option<Prepared> {
    let one = |matcher: &SilenceMatcher| {
        let op = Op::of(matcher.is_equal, matcher.is_regex);
        Matcher::new(&*matcher.name, op, &*matcher.value).test().ok()
    };
    matchers.iter().map(one).collect()
}

/// Whether all hold; a label that is not there is empty, as in Alertmanager.
#[must_use]
pub fn all_hold(matchers: &[Test], labels: &Labels) -> bool {
    matchers.iter().all(|matcher| matcher.holds(labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers_hold_as_in_alertmanager() {
        let matcher = |name: &str, value: &str, is_regex, is_equal| SilenceMatcher {
            name: name.into(),
            value: value.into(),
            is_regex,
            is_equal,
        };
        let labels: Labels = [("project", "shop"), ("instance", "db-01:9100")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        for (matchers, holds) in [
            (vec![matcher("project", "shop", false, true)], true),
            (vec![matcher("project", "sho", true, true)], false),
            (vec![matcher("instance", "db-.*", true, true)], true),
            (vec![matcher("instance", "db-.*", true, false)], false),
            (vec![matcher("missing", "", false, true)], true),
            (vec![matcher("missing", "x", false, false)], true),
            (
                vec![
                    matcher("project", "shop", false, true),
                    matcher("instance", "web", false, true),
                ],
                false,
            ),
        ] {
            assert_eq!(all_hold(&prepare(&matchers).unwrap(), &labels), holds, "{matchers:?}");
        }
        assert!(prepare(&[matcher("a", "(", true, true)]).is_none());
    }
}
