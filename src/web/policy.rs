//! Who may do what. Every route declares a [`Policy`]; the router cannot be built without one.

use crate::model::{Kind, spec::RoleName};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everybody: health, the sign-in page, signing in.
    Open,
    /// Whoever is signed in, whatever the role.
    SignedIn,
    /// This role or a higher one.
    Role(RoleName),
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
        Kind::RuleGroup | Kind::Silence => RoleName::Developer,
        _ => RoleName::Operator,
    }
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
