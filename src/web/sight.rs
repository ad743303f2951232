//! What of the declared objects, present and past, somebody may see, kind by kind.

use super::{
    auth::Identity,
    deps::Deps,
    policy::{self, Whose},
};
use crate::{
    model::{Kind, Resource, cluster::DeclaredState, resource::Key},
    scope::{Access, Owner, Parts, Projects, declared},
};
use std::sync::Arc;

/// As of when it was made.
#[derive(Clone)]
pub(crate) struct Sight {
    access: Access,
    whole: Arc<DeclaredState>,
    parts: Parts,
}

impl Sight {
    pub(crate) fn of(deps: &Deps, identity: &Identity) -> Self {
        Self { access: identity.access.clone(), whole: deps.whole(), parts: deps.parts.clone() }
    }

    #[cfg(test)]
    pub(crate) fn new(access: Access, whole: Arc<DeclaredState>) -> Self {
        Self { access, whole, parts: Parts::default() }
    }

    /// Where objects of a kind may be seen that belong to projects.
    fn projects(&self, kind: Kind) -> Projects {
        policy::readable(&self.access, kind, Whose::Projects)
    }

    /// Where what is shared may be seen that something there refers to.
    fn shared(&self, kind: Kind) -> Projects {
        policy::readable(&self.access, kind, Whose::Shared)
    }

    /// Whether all objects of a kind may be seen.
    pub(crate) fn sees_all(&self, kind: Kind) -> bool {
        self.shared(kind).is_all()
    }

    /// Whether an object is, or was, wholly within what may be seen of its kind.
    pub(crate) fn sees(&self, object: &Resource) -> bool {
        let (kind, name) = (object.kind, object.name.as_str());
        self.sees_all(kind)
            || Owner::of(kind, name, &object.spec, &self.whole) != Owner::Shared
                && declared::lies_within(
                    kind,
                    name,
                    &object.spec,
                    &self.whole,
                    &self.projects(kind),
                )
    }

    /// Whether there is such an object now, and it may be seen.
    pub(crate) fn sees_key(&self, key: &Key) -> bool {
        let object = || self.whole.get(key.kind, key.name.as_str());
        self.sees_all(key.kind) || object().is_some_and(|object| self.sees(object))
    }

    /// Whether anything of a kind may be seen.
    pub(crate) fn sees_some(&self, kind: Kind) -> bool {
        match self.projects(kind) {
            Projects::All => true,
            Projects::Only(names) => policy::is_scoped(kind) && !names.is_empty(),
        }
    }

    /// The declared state as far as its objects of one kind may be seen; the others are those
    /// that may be seen by whoever may see these.
    pub(crate) fn part(&self, kind: Kind) -> Arc<DeclaredState> {
        let (own, shared) = (self.projects(kind), self.shared(kind));
        let part = self.parts.of(&self.whole, &own);
        if own == shared {
            return part;
        }
        let referred = self.parts.of(&self.whole, &shared);
        let hidden = part.of(kind).filter(|object| {
            let name = object.name.as_str();
            Owner::of(kind, name, &object.spec, &self.whole) == Owner::Shared
                && referred.get(kind, name).is_none()
        });
        let hidden: Vec<Key> = hidden.map(Resource::key).collect();
        Arc::new(part.without(&hidden))
    }
}
