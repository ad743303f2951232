//! Parts of the declared state that were worked out lately.
//!
//! The same people ask again and again, and most writes (alerts, sessions, receipts) leave the
//! declared objects as they are: a part is good for every state that shares its objects, which
//! persistent maps tell without looking at them.

use super::{Projects, declared::confine};
use crate::model::{Kind, cluster::DeclaredState};
use std::sync::{Arc, Mutex, PoisonError};

/// Parts that are kept, the last used ones.
const KEPT: usize = 16;

/// What [`confine`] gives, kept for a while. Cheap to clone; clones share what is kept.
#[derive(Clone, Default)]
pub struct Parts(Arc<Mutex<Vec<Kept>>>);

struct Kept {
    whole: Arc<DeclaredState>,
    projects: Projects,
    part: Arc<DeclaredState>,
}

impl Parts {
    /// The part of `whole` that is in scope.
    #[must_use]
    pub fn of(&self, whole: &Arc<DeclaredState>, projects: &Projects) -> Arc<DeclaredState> {
        if projects.is_all() {
            return Arc::clone(whole);
        }
        if let Some(found) = self.find(whole, projects) {
            return found;
        }
        // Not under the lock: two who come at once work it out twice.
        let part = Arc::new(confine(whole, projects));
        let kept =
            Kept { whole: Arc::clone(whole), projects: projects.clone(), part: Arc::clone(&part) };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Of objects that are there no more nothing is asked, and they would be held in memory.
        all.retain(|old| is_same(&old.whole, whole));
        all.truncate(KEPT - 1);
        all.insert(0, kept);
        part
    }

    fn find(&self, whole: &Arc<DeclaredState>, projects: &Projects) -> Option<Arc<DeclaredState>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |kept: &Kept| kept.projects == *projects && is_same(&kept.whole, whole);
        let at = all.iter().position(fits)?;
        let mut kept = all.remove(at);
        if !Arc::ptr_eq(&kept.whole, whole) {
            let resources = kept.part.resources.clone();
            // Index, members and facts of the cluster are those of now.
            let DeclaredState { index, meta, members, .. } = &**whole;
            let (meta, members) = (meta.clone(), members.clone());
            kept.part = Arc::new(DeclaredState { index: *index, meta, members, resources });
            kept.whole = Arc::clone(whole);
        }
        let part = Arc::clone(&kept.part);
        all.insert(0, kept);
        Some(part)
    }
}

/// Whether two states share all their objects; `false` says nothing.
fn is_same(old: &DeclaredState, new: &DeclaredState) -> bool {
    Kind::ALL.iter().all(|kind| match (old.resources.get(kind), new.resources.get(kind)) {
        (Some(old), Some(new)) => old.ptr_eq(new),
        (old, new) => old.is_none() && new.is_none(),
    })
}

#[cfg(test)]
mod tests {
    use super::{super::testing::state, *};

    fn site(n: usize) -> Arc<DeclaredState> {
        let names: Vec<String> = (0..n).map(|n| format!("project/p{n}")).collect();
        let all: Vec<_> = names.iter().map(|name| (name.as_str(), "{}")).collect();
        Arc::new(state(&all))
    }

    #[test]
    fn a_part_is_worked_out_once_for_as_long_as_no_object_changes() {
        let (parts, whole, scope) = (Parts::default(), site(3), Projects::only(["p1"]));
        let first = parts.of(&whole, &scope);
        assert!(Arc::ptr_eq(&first, &parts.of(&whole, &scope)));
        let later = Arc::new(DeclaredState { index: 9, ..(*whole).clone() });
        let again = parts.of(&later, &scope);
        assert_eq!((again.index, again.resources == first.resources), (9, true));
        assert_eq!(*again, confine(&later, &scope));
        assert!(Arc::ptr_eq(&parts.of(&later, &Projects::All), &later));
    }

    #[test]
    fn what_has_changed_is_seen_at_once() {
        let (parts, whole) = (Parts::default(), site(3));
        let scope = Projects::only(["p1", "p2"]);
        assert_eq!(parts.of(&whole, &scope).of(Kind::Project).count(), 2);
        let gone = whole.get(Kind::Project, "p1").unwrap().key();
        let less = Arc::new(whole.without([&gone]));
        assert_eq!(parts.of(&less, &scope).of(Kind::Project).count(), 1);
        // Nor does one scope get the part of another.
        let other = parts.of(&less, &Projects::only(["p0"]));
        assert_eq!(other.of(Kind::Project).next().unwrap().name.as_str(), "p0");
    }

    #[test]
    fn no_more_is_kept_than_said() {
        let (parts, whole) = (Parts::default(), site(40));
        for n in 0..40 {
            let scope = Projects::only([format!("p{n}")]);
            assert_eq!(parts.of(&whole, &scope).of(Kind::Project).count(), 1);
        }
        assert_eq!(parts.0.lock().unwrap().len(), KEPT);
    }
}
