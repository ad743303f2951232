//! The projects somebody may see.

use crate::model::{
    label::Labels,
    matcher::{Matcher, Op},
    re2,
};
use std::{collections::BTreeSet, sync::Arc};

/// The label that says which project something belongs to.
pub const LABEL: &str = "project";

/// Matches no text at all, not even the empty one.
const NOTHING: &str = r"[^\s\S]";

/// Projects that are in scope. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Projects {
    /// Everything, also what belongs to no project: somebody who is not confined.
    All,
    /// These alone, by name; may be empty: nothing.
    Only(Arc<BTreeSet<String>>),
}

impl Projects {
    /// These alone. An empty name is left out: it would mean what belongs to no project.
    pub fn only<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        let names = names.into_iter().map(Into::into).filter(|name| !name.is_empty());
        Self::Only(Arc::new(names.collect()))
    }

    /// The names; `None` = everything.
    #[must_use]
    pub fn names(&self) -> Option<Arc<BTreeSet<String>>> {
        match self {
            Self::All => None,
            Self::Only(names) => Some(Arc::clone(names)),
        }
    }

    /// Whether everything is visible.
    #[must_use]
    pub const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// Whether a project is in scope; the empty name, no project, is only where all is.
    #[must_use]
    pub fn holds(&self, project: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(project),
        }
    }

    /// Whether what carries these labels is visible.
    #[must_use]
    pub fn holds_labels(&self, labels: &Labels) -> bool {
        self.holds(labels.get(LABEL).map_or("", String::as_str))
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, both) | (both, Self::All) => both.clone(),
            (Self::Only(ours), Self::Only(theirs)) => {
                Self::only(ours.intersection(theirs).cloned())
            }
        }
    }

    /// What is in one of them.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (Self::Only(ours), Self::Only(theirs)) => Self::only(ours.union(theirs).cloned()),
        }
    }

    /// The matcher that selects what is in scope; `None` = everything is.
    ///
    /// Always a pattern, also for one project: `absent()` makes labels of matchers by equality,
    /// and would tell the scope's beside those that were asked for.
    #[must_use]
    pub fn matcher(&self) -> Option<Matcher> {
        let Self::Only(names) = self else { return None };
        let pattern = match names.len() {
            0 => NOTHING.to_owned(),
            _ => names.iter().map(|name| re2::quote(name)).collect::<Vec<_>>().join("|"),
        };
        Some(Matcher::new(LABEL, Op::Regex, pattern))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(project: Option<&str>) -> Labels {
        project.map(|name| (LABEL.to_owned(), name.to_owned())).into_iter().collect()
    }

    #[test]
    fn a_scope_holds_its_projects_and_nothing_without_one() {
        let some = Projects::only(["a.b", "c"]);
        assert!(some.holds("a.b") && some.holds_labels(&labels(Some("c"))));
        for hidden in [None, Some(""), Some("a"), Some("axb"), Some("a.b|c"), Some("C")] {
            assert!(!some.holds_labels(&labels(hidden)), "{hidden:?}");
        }
        assert!(Projects::All.holds_labels(&labels(None)));
        assert!(!Projects::only([""; 1]).holds(""));
    }

    #[test]
    fn scopes_are_cut_and_joined() {
        let (some, other) = (Projects::only(["a", "b"]), Projects::only(["b", "c"]));
        assert_eq!(some.intersection(&other), Projects::only(["b"]));
        assert_eq!(some.union(&other), Projects::only(["a", "b", "c"]));
        assert_eq!(some.intersection(&Projects::All), some);
        assert_eq!(some.union(&Projects::All), Projects::All);
        assert_eq!(Projects::only(["a"]).intersection(&other), Projects::only::<&str>([]));
    }

    #[test]
    fn the_matcher_selects_what_is_held_and_nothing_else() {
        let scopes: [&[&str]; 4] = [&[], &["a"], &["a.b"], &["a.b", "c-d", "e_f"]];
        for scope in scopes {
            let projects = Projects::only(scope.iter().copied());
            let test = projects.matcher().unwrap().test().unwrap();
            for name in ["", "a", "a.b", "axb", "c-d", "e_f", "a.b|c-d", "\n", "A"] {
                let labels = labels(Some(name));
                assert_eq!(test.holds(&labels), projects.holds(name), "{scope:?} {name:?}");
            }
            assert!(!test.holds(&Labels::new()), "{scope:?}");
        }
        assert_eq!(
            Projects::only(["a.b", "c"]).matcher().unwrap().to_string(),
            r#"project=~"a\\.b|c""#
        );
        assert_eq!(Projects::All.matcher(), None);
    }
}
