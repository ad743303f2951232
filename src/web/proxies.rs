//! Proxies in front of the public port whose word counts: who the request is from, and whether it
//! came over TLS. Nobody else's does: such headers can be written by anybody.

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use serde::Deserialize;
use std::{net::IpAddr, str::FromStr, sync::Arc};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The networks of trusted proxies. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<Network>")]
pub struct Proxies(Arc<[IpNet]>);

/// One of them: `10.0.0.0/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Network(IpNet);

impl TryFrom<String> for Network {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let network = IpNet::from_str(&text).or_else(|_| IpAddr::from_str(&text).map(IpNet::from));
        match network {
            Ok(network) if network.prefix_len() == 0 => {
                Err(format!("`{text}` is everybody: name the networks of the proxies alone"))
            }
            Ok(network) => Ok(Self(network.trunc())),
            Err(_) => {
                Err(format!("`{text}` is no network: write 10.0.0.0/8, fd00::/8 or 10.0.0.7"))
            }
        }
    }
}

impl From<Vec<Network>> for Proxies {
    fn from(networks: Vec<Network>) -> Self {
        Self(networks.into_iter().map(|Network(network)| network).collect())
    }
}

/// How a request came to the first server of ours: there where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

impl Scheme {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl Proxies {
    /// Networks as they are written in the conf file.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn parse(networks: &[&str]) -> Result<Self, String> {
        let networks = networks.iter().map(|text| Network::try_from((*text).to_owned()));
        networks.collect::<Result<Vec<_>, _>>().map(Self::from)
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn hold(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Who sent the request that `peer` passed on: the last address in `X-Forwarded-For` that is
    /// not a trusted proxy itself, as everything left of it may be invented. `peer` where that is
    /// not trusted, or where what it says cannot be read.
    #[must_use]
    pub fn source(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut last = peer;
        if !self.hold(peer) {
            return peer;
        }
        for line in headers.get_all(FORWARDED_FOR).iter().rev() {
            let Ok(line) = line.to_str() else { return peer };
            for entry in line.rsplit(',') {
                let Some(address) = address(entry.trim()) else { return peer };
                if !self.hold(address) {
                    return address;
                }
                last = address;
            }
        }
        last
    }

    /// What a trusted proxy says of how the request came to it.
    pub(crate) fn scheme(&self, peer: IpAddr, headers: &HeaderMap) -> Option<Scheme> {
        // Each proxy in a row adds its own or puts it in place of what was there: the one that
        // talks to us is believed.
        let last = headers.get_all(FORWARDED_PROTO).iter().next_back();
        let last = last.filter(|_| self.hold(peer))?.to_str().ok()?.rsplit(',').next()?;
        match last.trim().to_ascii_lowercase().as_str() {
            "https" => Some(Scheme::Https),
            "http" => Some(Scheme::Http),
            _ => None,
        }
    }
}

/// An address as proxies write it: some add the port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.split(']').next());
    let parsed = bare.unwrap_or(text).parse::<IpAddr>().ok();
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|it| it.ip());
    parsed.or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(peer: &str, lines: &[&str]) -> String {
        let proxies = Proxies::parse(&["10.0.0.0/8", "fd00::/8", "192.0.2.7"]).unwrap();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        proxies.source(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_listed_peer_is_believed() {
        assert_eq!(source("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(source("192.0.2.8", &["198.51.100.1"]), "192.0.2.8");
        assert_eq!(source("10.1.2.3", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(source("192.0.2.7", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(source("::ffff:10.1.2.3", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(source("10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn what_the_client_wrote_itself_does_not_count() {
        assert_eq!(source("10.1.2.3", &["127.0.0.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(source("10.1.2.3", &["127.0.0.1, 198.51.100.1, 10.7.7.7"]), "198.51.100.1");
        assert_eq!(source("10.1.2.3", &["rubbish, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(source("10.1.2.3", &["10.5.5.5, 10.6.6.6"]), "10.5.5.5");
    }

    #[test]
    fn several_lines_are_one_list_and_what_cannot_be_read_is_the_peers() {
        assert_eq!(source("10.1.2.3", &["127.0.0.1", "198.51.100.1", "10.7.7.7"]), "198.51.100.1");
        assert_eq!(source("10.1.2.3", &["198.51.100.1", "unknown"]), "10.1.2.3");
        assert_eq!(source("10.1.2.3", &["198.51.100.1,"]), "10.1.2.3");
        assert_eq!(source("10.1.2.3", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(source("10.1.2.3", &["[2001:db8::1]:4711"]), "2001:db8::1");
    }

    #[test]
    fn a_network_that_is_none_or_everybody_is_refused() {
        for bad in ["10.0.0.0/33", "proxy", "", "0.0.0.0/0", "::/0"] {
            assert!(Proxies::parse(&[bad]).unwrap_err().contains(bad), "{bad}");
        }
    }
}
