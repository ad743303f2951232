//! Who may do what. Every route declares a [`Policy`]; the router cannot be built without one.
//!
//! What changing or reading an object needs depends on whose it is: people look after what is
//! their project's, operators after what is shared.

use crate::{
    model::{Kind, spec::RoleName},
    scope::{Access, Owner, Projects},
};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everybody: health, the sign-in page, signing in.
    Open,
    /// Whoever is signed in, whatever the role.
    SignedIn,
    /// This role or a higher one, everywhere.
    Role(RoleName),
    /// This role or a higher one in some project at least; the handler sees and changes only what
    /// lies within the projects in which it is held.
    Within(RoleName),
    /// Whoever may read objects of this kind somewhere; the handler shows those alone.
    Read(Kind),
    /// Whoever may change objects of this kind somewhere; the handler asks for each whether it is
    /// one of them.
    Write(Kind),
    /// Whoever may change anything somewhere; the handler asks for each object.
    WriteSome,
    /// Only with a bearer token or over the node's own socket, never with a session cookie:
    /// programs that post to us.
    Program(RoleName),
}

/// Whose an object is, as far as roles ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// It belongs to projects.
    Projects,
    /// It belongs to nobody in particular.
    Shared,
}

impl From<&Owner> for Whose {
    fn from(owner: &Owner) -> Self {
        match owner {
            Owner::Projects(_) => Self::Projects,
            Owner::Shared => Self::Shared,
        }
    }
}

/// Lowest role that may read objects of a kind.
#[must_use]
pub const fn read_role(kind: Kind, whose: Whose) -> RoleName {
    match (kind, whose) {
        (Kind::User | Kind::Token | Kind::Role, _) => RoleName::Admin,
        // A channel's URL often holds the secret of a chat robot.
        (Kind::Channel | Kind::Secret, Whose::Shared) => RoleName::Operator,
        (Kind::Channel | Kind::Secret, Whose::Projects) => RoleName::Developer,
        _ => RoleName::Viewer,
    }
}

/// Lowest role that may change objects of a kind.
#[must_use]
pub const fn write_role(kind: Kind, whose: Whose) -> RoleName {
    match (kind, whose) {
        (Kind::User | Kind::Token | Kind::Role | Kind::Settings, _) => RoleName::Admin,
        (Kind::RuleGroup | Kind::RuleTest, _) => RoleName::Developer,
        // Who is told, and what is held back, of one's own.
        (kind, Whose::Projects) if is_written_in_scope(kind) && !matches!(kind, Kind::Target) => {
            RoleName::Developer
        }
        _ => RoleName::Operator,
    }
}

/// Whether people with a scope may see some of the objects of a kind.
#[must_use]
pub const fn is_scoped(kind: Kind) -> bool {
    !matches!(kind, Kind::User | Kind::Token | Kind::Role | Kind::Settings)
}

/// Whether people with a scope may change objects of a kind that lie within it.
#[must_use]
pub const fn is_written_in_scope(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Target
            | Kind::RuleGroup
            | Kind::RuleTest
            | Kind::Secret
            | Kind::Channel
            | Kind::Receiver
            | Kind::Route
            | Kind::TimeInterval
            | Kind::Policy
            | Kind::Silence
    )
}

/// Where somebody may change objects of a kind.
#[must_use]
pub fn writable(access: &Access, kind: Kind, whose: Whose) -> Projects {
    access.changing(kind, write_role(kind, whose))
}

/// Where somebody may see objects of a kind: where the role to read is held, or they may be
/// changed.
#[must_use]
pub fn readable(access: &Access, kind: Kind, whose: Whose) -> Projects {
    access.within(read_role(kind, whose)).union(&writable(access, kind, whose))
}

/// Whether somebody may change some object of a kind.
#[must_use]
pub fn writes_somewhere(access: &Access, kind: Kind) -> bool {
    if !is_written_in_scope(kind) {
        return writable(access, kind, Whose::Shared).is_all();
    }
    access.changes_somewhere(kind, write_role(kind, Whose::Projects))
}

/// Whether somebody may see some object of a kind.
#[must_use]
pub fn reads_somewhere(access: &Access, kind: Kind) -> bool {
    if !is_scoped(kind) {
        return readable(access, kind, Whose::Shared).is_all();
    }
    access.highest() >= Some(read_role(kind, Whose::Projects)) || writes_somewhere(access, kind)
}

/// What a request is about at most.
#[must_use]
pub fn seen(policy: Policy, access: &Access) -> Projects {
    match policy {
        Policy::Within(role) => access.within(role),
        Policy::Read(kind) => readable(access, kind, Whose::Projects),
        Policy::Write(kind) => writable(access, kind, Whose::Projects),
        Policy::WriteSome => {
            let all = Kind::ALL.iter().map(|kind| writable(access, *kind, Whose::Projects));
            all.fold(Projects::only::<&str>([]), |all, more| all.union(&more))
        }
        // What is not for people with a scope is seen whole by those who pass.
        Policy::Open | Policy::SignedIn | Policy::Role(_) | Policy::Program(_) => access.visible(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Whose; 2] = [Whose::Projects, Whose::Shared];

    #[test]
    fn nobody_below_admin_reads_or_changes_accounts() {
        for kind in [Kind::User, Kind::Token, Kind::Role] {
            for whose in BOTH {
                let roles = (read_role(kind, whose), write_role(kind, whose));
                assert_eq!(roles, (RoleName::Admin, RoleName::Admin));
            }
        }
    }

    #[test]
    fn viewers_change_nothing() {
        let lowest = |kind: &Kind| BOTH.map(|whose| write_role(*kind, whose));
        assert!(Kind::ALL.iter().flat_map(lowest).all(|role| role > RoleName::Viewer));
    }

    #[test]
    fn what_is_shared_takes_no_lower_role_than_what_is_a_projects() {
        for kind in Kind::ALL {
            let [own, shared] = BOTH.map(|whose| write_role(*kind, whose));
            assert!(own <= shared, "{kind}");
            let [own, shared] = BOTH.map(|whose| read_role(*kind, whose));
            assert!(own <= shared, "{kind}");
            assert!(is_scoped(*kind) || !is_written_in_scope(*kind), "{kind}");
        }
    }
}
