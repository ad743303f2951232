//! What of the declared objects, present and past, somebody may see, kind by kind.

use super::{auth::Identity, deps::Deps, policy};
use crate::{
    model::{Kind, Resource, cluster::DeclaredState, resource::Key},
    scope::{Access, Projects, declared},
};
use std::sync::Arc;

/// As of when it was made.
#[derive(Clone)]
pub(crate) struct Sight {
    access: Access,
    whole: Arc<DeclaredState>,
}

impl Sight {
    pub(crate) fn of(deps: &Deps, identity: &Identity) -> Self {
        Self { access: identity.access.clone(), whole: deps.whole() }
    }

    #[cfg(test)]
    pub(crate) fn new(access: Access, whole: Arc<DeclaredState>) -> Self {
        Self { access, whole }
    }

    /// Where objects of a kind may be seen.
    pub(crate) fn projects(&self, kind: Kind) -> Projects {
        self.access.within(policy::read_role(kind))
    }

    /// Whether an object is, or was, wholly within what may be seen of its kind.
    pub(crate) fn sees(&self, object: &Resource) -> bool {
        let (kind, name) = (object.kind, object.name.as_str());
        declared::lies_within(kind, name, &object.spec, &self.whole, &self.projects(kind))
    }

    /// Whether there is such an object now, and it may be seen.
    pub(crate) fn sees_key(&self, key: &Key) -> bool {
        let object = || self.whole.get(key.kind, key.name.as_str());
        self.projects(key.kind).is_all() || object().is_some_and(|object| self.sees(object))
    }

    /// Whether anything of a kind may be seen.
    pub(crate) fn sees_some(&self, kind: Kind) -> bool {
        match self.projects(kind) {
            Projects::All => true,
            Projects::Only(names) => policy::is_scoped(kind) && !names.is_empty(),
        }
    }
}
