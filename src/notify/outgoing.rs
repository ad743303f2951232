//! Where the notifier may connect to. A channel's address is somebody's input: without a guard
//! it could make us post to the cluster's own insides, or to a cloud's metadata service.
//!
//! Judged is the address that is connected to, after name resolution (names can change their
//! answer between a check and its use). Loopback, link-local and the members' own addresses are
//! refused unless `settings.outgoing.allow` lists exactly that `address:port`.

use crate::model::{Kind, cluster::DeclaredState, spec::Settings};
use futures_util::future::BoxFuture;
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

/// Resolves a host name; supplied by whoever owns the resolver. The error is for people.
pub type Lookup =
    Arc<dyn Fn(String) -> BoxFuture<'static, Result<Vec<IpAddr>, String>> + Send + Sync>;

/// Amazon's metadata service over IPv6; its IPv4 twin is link-local.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// The rules as declared now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guard {
    own: BTreeSet<IpAddr>,
    allow: BTreeSet<SocketAddr>,
}

/// An address nobody may be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "address {0} is refused: it is loopback, link-local or the cluster's own; an admin may list \
     it in settings.outgoing.allow"
)]
pub struct Refused(pub SocketAddr);

/// A name that did not resolve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the name cannot be resolved: {0}")]
pub struct Unresolved(pub String);

impl Guard {
    /// From members and settings. Entries of `allow` that are no `address:port` allow nothing.
    #[must_use]
    pub fn of(state: &DeclaredState) -> Self {
        let settings: Settings = state
            .get(Kind::Settings, "default")
            .and_then(|resource| resource.spec_as().ok())
            .unwrap_or_default();
        let own = state.members.values().flat_map(|member| [member.address, member.loopback]);
        Self {
            own: own.map(|address| address.to_canonical()).collect(),
            allow: settings.outgoing.allow.iter().filter_map(|text| text.parse().ok()).collect(),
        }
    }

    /// Whether a connection to `to` is allowed.
    ///
    /// # Errors
    /// It is not.
    pub fn check(&self, to: SocketAddr) -> Result<(), Refused> {
        let address = to.ip().to_canonical();
        let listed = self.allow.contains(&SocketAddr::new(address, to.port()));
        if listed || !(self.own.contains(&address) || is_inside(address)) {
            return Ok(());
        }
        Err(Refused(to))
    }
}

fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.octets()[0] == 0
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unicast_link_local()
                || v6 == METADATA_V6
                // IPv4 in the forms that gateways translate.
                || v6.to_ipv4().is_some_and(|v4| is_inside(IpAddr::V4(v4)))
                || (v6.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0]
                    && is_inside(IpAddr::V4(embedded(v6))))
        }
    }
}

fn embedded(v6: Ipv6Addr) -> std::net::Ipv4Addr {
    let [.., a, b, c, d] = v6.octets();
    std::net::Ipv4Addr::new(a, b, c, d)
}

/// A resolver for one client that only ever connects to one port.
pub(crate) struct Guarded {
    pub(crate) lookup: Lookup,
    pub(crate) guard: Guard,
    pub(crate) port: u16,
}

impl reqwest::dns::Resolve for Guarded {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let found = (self.lookup)(name.as_str().to_owned());
        let (guard, port) = (self.guard.clone(), self.port);
        Box::pin(async move {
            let found = found.await.map_err(Unresolved)?;
            let found: Vec<_> = found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
            // One bad address condemns the name: which one is tried is not for the name to say.
            for address in &found {
                guard.check(*address)?;
            }
            if found.is_empty() {
                return Err(Unresolved("it has no address".to_owned()).into());
            }
            Ok(Box::new(found.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::testing::Declared;
    use serde_json::json;

    #[test]
    fn insides_are_refused_in_every_spelling_and_the_listed_one_is_allowed() {
        let mut declared = Declared::new();
        let allow = json!({"outgoing": {"allow": ["127.0.0.1:9999", "nonsense"]}});
        declared.put(Kind::Settings, "default", allow);
        let guard = Guard::of(&declared.state());
        for inside in [
            "127.0.0.1:80",
            "127.8.8.8:9999",
            "169.254.169.254:80",
            "0.0.0.0:80",
            "0.1.2.3:80",
            "255.255.255.255:80",
            "224.0.0.1:80",
            "[::1]:80",
            "[::]:80",
            "[fe80::1]:80",
            "[::ffff:127.0.0.1]:80",
            "[::127.0.0.1]:80",
            "[64:ff9b::7f00:1]:80",
            "[fd00:ec2::254]:80",
        ] {
            let to: SocketAddr = inside.parse().unwrap();
            assert_eq!(guard.check(to), Err(Refused(to)), "{inside}");
        }
        for outside in ["10.1.2.3:80", "8.8.8.8:443", "[2001:db8::1]:80", "127.0.0.1:9999"] {
            assert_eq!(guard.check(outside.parse().unwrap()), Ok(()), "{outside}");
        }
    }

    #[test]
    fn addresses_of_members_are_refused() {
        let mut guard = Guard::default();
        guard.own.insert("10.0.0.7".parse().unwrap());
        assert!(guard.check("10.0.0.7:8420".parse().unwrap()).is_err());
        assert!(guard.check("[::ffff:10.0.0.7]:8420".parse().unwrap()).is_err());
        assert!(guard.check("10.0.0.8:8420".parse().unwrap()).is_ok());
    }
}
