//! Who may do what. Every route declares a [`Policy`]; the router cannot be built without one.

use crate::model::{Kind, spec::RoleName};

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
    /// Only with a bearer token or over the node's own socket, never with a session cookie:
    /// programs that post to us.
    Program(RoleName),
}

/// Lowest role that may read objects of a kind.
#[must_use]
pub const fn read_role(kind: Kind) -> RoleName {
    match kind {
        Kind::User | Kind::Token => RoleName::Admin,
        // A channel's URL often holds the secret of a chat robot.
        Kind::Channel | Kind::Secret => RoleName::Operator,
        _ => RoleName::Viewer,
    }
}

/// Lowest role that may change objects of a kind.
#[must_use]
pub const fn write_role(kind: Kind) -> RoleName {
    match kind {
        Kind::User | Kind::Token | Kind::Settings => RoleName::Admin,
        Kind::RuleGroup | Kind::RuleTest | Kind::Silence => RoleName::Developer,
        _ => RoleName::Operator,
    }
}

/// Whether people with a scope may see some of the objects of a kind.
#[must_use]
pub const fn is_scoped(kind: Kind) -> bool {
    !matches!(kind, Kind::User | Kind::Token | Kind::Settings)
}

/// Whether people with a scope may change objects of a kind that lie within it.
#[must_use]
pub const fn is_written_in_scope(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Target
            | Kind::RuleGroup
            | Kind::RuleTest
            | Kind::Route
            | Kind::Policy
            | Kind::Silence
    )
}

/// Who may read objects of a kind.
#[must_use]
pub const fn reader(kind: Kind) -> Policy {
    if is_scoped(kind) { Policy::Within(read_role(kind)) } else { Policy::Role(read_role(kind)) }
}

/// Who may change objects of a kind.
#[must_use]
pub const fn writer(kind: Kind) -> Policy {
    let role = write_role(kind);
    if is_written_in_scope(kind) { Policy::Within(role) } else { Policy::Role(role) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_below_admin_reads_or_changes_accounts() {
        for kind in [Kind::User, Kind::Token] {
            assert_eq!((read_role(kind), write_role(kind)), (RoleName::Admin, RoleName::Admin));
        }
    }

    #[test]
    fn viewers_change_nothing() {
        assert!(Kind::ALL.iter().all(|kind| write_role(*kind) > RoleName::Viewer));
    }
}
