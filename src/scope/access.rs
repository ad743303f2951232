//! What somebody may do where: roles, each in a set of projects.
//!
//! A scope is matchers over the dimensions. It is resolved against the declared projects: the
//! dimension labels of a series are those of its project, so that "whose labels hold" and "whose
//! project is one of these" are the same. A project declared later is in scope from then on.

use super::Projects;
use crate::model::{
    Kind,
    cluster::DeclaredState,
    label::Labels,
    matcher::{Matcher, MatcherError},
    spec::{self, Role, RoleName, RoleRef},
};
use std::sync::Arc;

/// The dimensions that a scope may speak of.
pub const DIMENSIONS: [&str; 6] =
    ["project", "department", "owner", "system", "module", "environment"];

/// Why a scope is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// Not a matcher.
    #[error(transparent)]
    Matcher(#[from] MatcherError),
    /// Of a label that projects do not have.
    #[error("`{name}` is no dimension of projects; those are {}", DIMENSIONS.join(", "))]
    NoDimension {
        /// The label.
        name: String,
    },
}

/// What somebody may do where. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access(Arc<[Held]>);

/// A role in a part of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    role: RoleName,
    /// May be changed beyond what the role gives.
    kinds: Vec<Kind>,
    projects: Projects,
}

impl Access {
    /// One role, everywhere.
    #[must_use]
    pub fn everywhere(role: RoleName) -> Self {
        Self(Arc::new([Held { role, kinds: Vec::new(), projects: Projects::All }]))
    }

    /// What the spec of an account gives.
    #[must_use]
    pub fn of_user(state: &DeclaredState, user: &spec::User) -> Self {
        let first = held(state, &user.role, &user.scope);
        // Unlike the first, a further grant without matchers is nowhere: it is refused at the
        // door, and must not become everything where that was passed by.
        let further = user.also.iter().filter(|grant| !grant.scope.is_empty());
        let further = further.map(|grant| held(state, &grant.role, &grant.scope));
        Self([first].into_iter().chain(further).flatten().collect())
    }

    /// What several roles give, each held where its scope says; none of them = everywhere.
    #[must_use]
    pub fn of_grants<'g>(
        state: &DeclaredState,
        grants: impl Iterator<Item = (&'g RoleRef, &'g [String])>,
    ) -> Self {
        Self(grants.filter_map(|(role, scope)| held(state, role, scope)).collect())
    }

    /// What the spec of a token gives.
    #[must_use]
    pub fn of_token(state: &DeclaredState, token: &spec::Token) -> Self {
        Self(held(state, &token.role, &token.scope).into_iter().collect())
    }

    /// The highest role, wherever it is; `None` = none at all.
    #[must_use]
    pub fn highest(&self) -> Option<RoleName> {
        self.0.iter().map(|held| held.role).max()
    }

    /// Whether at least `role` is held everywhere.
    #[must_use]
    pub fn is_everywhere(&self, role: RoleName) -> bool {
        self.within(role).is_all()
    }

    /// The highest role that is held everywhere.
    #[must_use]
    pub fn role_everywhere(&self) -> Option<RoleName> {
        let everywhere = self.0.iter().filter(|held| held.projects.is_all());
        everywhere.map(|held| held.role).max()
    }

    /// Where at least `role` is held.
    #[must_use]
    pub fn within(&self, role: RoleName) -> Projects {
        self.where_(|held| held.role >= role)
    }

    /// Where at least `role` is held, or objects of `kind` may be changed without it.
    #[must_use]
    pub fn changing(&self, kind: Kind, role: RoleName) -> Projects {
        self.where_(|held| held.role >= role || held.kinds.contains(&kind))
    }

    /// Whether at least `role` is held, or objects of `kind` may be changed without it, anywhere:
    /// also where no project is yet.
    #[must_use]
    pub fn changes_somewhere(&self, kind: Kind, role: RoleName) -> bool {
        self.0.iter().any(|held| held.role >= role || held.kinds.contains(&kind))
    }

    fn where_(&self, wanted: impl Fn(&Held) -> bool) -> Projects {
        let held = self.0.iter().filter(|held| wanted(held));
        let all = held.map(|held| held.projects.clone()).reduce(|all, more| all.union(&more));
        all.unwrap_or_else(|| Projects::only::<&str>([]))
    }

    /// What may be seen.
    #[must_use]
    pub fn visible(&self) -> Projects {
        self.within(RoleName::Viewer)
    }
}

/// Reads one matcher of a scope.
///
/// # Errors
/// [`ScopeError`].
pub fn parse(text: &str) -> Result<Matcher, ScopeError> {
    let matcher = Matcher::parse(text)?;
    if DIMENSIONS.contains(&matcher.name.as_str()) {
        return Ok(matcher);
    }
    Err(ScopeError::NoDimension { name: matcher.name })
}

/// What a role gives within a scope; one that is unknown, or that should not be, gives nothing.
fn held(state: &DeclaredState, role: &RoleRef, scope: &[String]) -> Option<Held> {
    let projects = projects(state, scope);
    if let Some(role) = role.built_in() {
        return Some(Held { role, kinds: Vec::new(), projects });
    }
    let declared: Role = state.get(Kind::Role, role.name().as_str())?.spec_as().ok()?;
    let mut kinds = declared.write;
    kinds.retain(|kind| Role::may_give(*kind));
    // Refused at the door; nobody becomes admin by a way around it.
    (declared.base < RoleName::Admin).then_some(Held { role: declared.base, kinds, projects })
}

/// The declared projects that a scope selects; what cannot be read selects none.
fn projects(state: &DeclaredState, scope: &[String]) -> Projects {
    if scope.is_empty() {
        return Projects::All;
    }
    let tests: Option<Vec<_>> = scope.iter().map(|text| parse(text).ok()?.test().ok()).collect();
    let Some(tests) = tests else { return Projects::only::<&str>([]) };
    let holds = |labels: &Labels| tests.iter().all(|test| test.holds(labels));
    let all = state.of(Kind::Project).map(|project| project.name.as_str());
    Projects::only(all.filter(|name| holds(&state.project_labels(name))))
}

#[cfg(test)]
mod tests {
    use super::{super::testing::state, *};

    fn user(role: RoleName, scope: &[&str], also: &[(RoleName, &[&str])]) -> spec::User {
        let texts = |scope: &[&str]| scope.iter().map(ToString::to_string).collect();
        let also = also
            .iter()
            .map(|(role, scope)| spec::Grant { role: (*role).into(), scope: texts(scope) });
        let (also, role) = (also.collect(), role.into());
        spec::User { title: String::new(), role, scope: texts(scope), also, disabled: false }
    }

    fn site() -> DeclaredState {
        state(&[
            ("project/shop", r#"{"department": "retail", "environment": "production"}"#),
            ("project/till", r#"{"department": "retail"}"#),
            ("project/bank", r#"{"department": "finance"}"#),
        ])
    }

    #[test]
    fn a_scope_selects_projects_by_their_dimensions_all_of_which_must_hold() {
        let site = site();
        for (scope, wanted) in [
            (&[r#"project="shop""#][..], &["shop"][..]),
            (&[r#"department="retail""#], &["shop", "till"]),
            (&[r#"department="retail""#, r#"environment="production""#], &["shop"]),
            (&[r#"project=~"sh.*|bank""#], &["bank", "shop"]),
            (&[r#"environment!="production""#], &["bank", "till"]),
            (&[r#"project="nobody""#], &[]),
        ] {
            let access = Access::of_user(&site, &user(RoleName::Developer, scope, &[]));
            assert_eq!(access.visible(), Projects::only(wanted.iter().copied()), "{scope:?}");
            assert!(!access.is_everywhere(RoleName::Viewer));
        }
    }

    #[test]
    fn what_cannot_be_read_selects_nothing() {
        for bad in ["", "project", r#"severity="critical""#, r#"project=~"(""#] {
            assert!(parse(bad).is_err(), "{bad}");
            let access = Access::of_user(&site(), &user(RoleName::Admin, &[bad], &[]));
            assert_eq!(access.visible(), Projects::only::<&str>([]), "{bad}");
        }
        let nowhere = user(RoleName::Viewer, &[r#"project="shop""#], &[(RoleName::Admin, &[])]);
        let access = Access::of_user(&site(), &nowhere);
        assert_eq!(access.within(RoleName::Developer), Projects::only::<&str>([]));
    }

    #[test]
    fn roles_differ_from_project_to_project() {
        let also: &[(RoleName, &[&str])] = &[(RoleName::Developer, &[r#"project="till""#])];
        let access = Access::of_user(&site(), &user(RoleName::Viewer, &[], also));
        assert!(access.is_everywhere(RoleName::Viewer));
        assert_eq!(access.within(RoleName::Developer), Projects::only(["till"]));
        assert_eq!(access.highest(), Some(RoleName::Developer));
        assert_eq!(access.within(RoleName::Operator), Projects::only::<&str>([]));
        assert!(Access::everywhere(RoleName::Admin).is_everywhere(RoleName::Admin));
    }

    #[test]
    fn a_declared_role_gives_its_base_and_the_kinds_it_names_and_nothing_more() {
        let declared = state(&[
            ("project/shop", "{}"),
            ("role/night", r#"{"base": "viewer", "write": ["silence", "user"]}"#),
            ("role/forged", r#"{"base": "admin"}"#),
        ]);
        let of = |role: &str, scope: &[&str]| {
            let role: RoleRef = serde_json::from_value(role.into()).unwrap();
            Access::of_user(&declared, &spec::User { role, ..user(RoleName::Viewer, scope, &[]) })
        };
        let night = of("night", &[r#"project="shop""#]);
        assert_eq!(night.highest(), Some(RoleName::Viewer));
        let developer = RoleName::Developer;
        assert_eq!(night.changing(Kind::Silence, developer), Projects::only(["shop"]));
        assert!(night.changes_somewhere(Kind::Silence, developer));
        for kind in [Kind::Route, Kind::User] {
            assert_eq!(night.changing(kind, developer), Projects::only::<&str>([]), "{kind}");
        }
        for nothing in ["gone", "forged"] {
            let access = of(nothing, &[]);
            assert_eq!(access.highest(), None, "{nothing}");
            assert_eq!(access.visible(), Projects::only::<&str>([]), "{nothing}");
        }
    }
}
