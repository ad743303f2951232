//! The only name lookups of the product: hickory, which reads `/etc/hosts` and
//! `/etc/resolv.conf` itself, because a static glibc must not resolve names.

use hickory_resolver::{
    Resolver, TokioResolver, config::ResolverConfig, net::runtime::TokioRuntimeProvider,
};
use std::{
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr, UdpSocket},
    time::Duration,
};
use tokio::time::timeout;

const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);

/// One entry of `--cluster`: `host[:port]`. Lower case; compares as written, not as resolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// Name or numeric address, without brackets.
    pub host: String,
    /// Port; never 0.
    pub port: u16,
}

/// Why an address is not usable.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// Not `host[:port]`.
    #[error("`{text}` is no address: write host or host:port (port 1 to 65535)")]
    Syntax {
        /// What was written.
        text: String,
    },
    /// The same entry twice.
    #[error("{entry} stands twice in --cluster")]
    Twice {
        /// Which entry.
        entry: String,
    },
    /// The name is unknown or nobody could be asked.
    #[error("cannot resolve {host}: {reason}")]
    Lookup {
        /// Which name.
        host: String,
        /// Why.
        reason: String,
    },
    /// No entry is this machine.
    #[error(
        "no entry of --cluster ({entries}) is this machine: add it to the list on all machines, \
         or say with --advertise which entry this is"
    )]
    NotListed {
        /// The whole list.
        entries: String,
    },
    /// Several entries are this machine.
    #[error(
        "several entries of --cluster are this machine ({entries}): say with --advertise which \
         one, or give each node an address of its own with --listen"
    )]
    Ambiguous {
        /// Those that fit.
        entries: String,
    },
    /// The entry names another port than the one we listen on.
    #[error("--cluster says {entry}, but this node's cluster port is {port}: make them agree")]
    Port {
        /// The entry that is this machine.
        entry: String,
        /// `[ports] peer`.
        port: u16,
    },
}

impl Endpoint {
    /// Parses `host`, `host:port`, `[v6]:port` or a bare IPv6 address.
    ///
    /// # Errors
    /// [`ResolveError::Syntax`].
    pub fn parse(text: &str, default_port: u16) -> Result<Self, ResolveError> {
        let bad = || ResolveError::Syntax { text: text.to_owned() };
        let text = text.trim();
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self { host: address.to_string(), port: default_port });
        }
        if let Ok(address) = text.parse::<SocketAddr>() {
            if address.port() == 0 {
                return Err(bad());
            }
            return Ok(Self { host: address.ip().to_string(), port: address.port() });
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if let Some(address) = bare.and_then(|inner| inner.parse::<Ipv6Addr>().ok()) {
            return Ok(Self { host: address.to_string(), port: default_port });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|p| *p != 0).ok_or_else(bad)?),
            None => (text, default_port),
        };
        let valid = !host.is_empty()
            && host.len() <= 253
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
        if !valid {
            return Err(bad());
        }
        Ok(Self { host: host.trim_end_matches('.').to_ascii_lowercase(), port })
    }

    /// Parses the entries of `--cluster`, separated by commas; sorted.
    ///
    /// # Errors
    /// [`ResolveError::Syntax`], [`ResolveError::Twice`].
    pub fn parse_list(text: &str, default_port: u16) -> Result<Vec<Self>, ResolveError> {
        let mut entries = text
            .split(',')
            .map(|entry| Self::parse(entry, default_port))
            .collect::<Result<Vec<_>, _>>()?;
        entries.sort();
        match entries.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(ResolveError::Twice { entry: pair[0].to_string() }),
            None => Ok(entries),
        }
    }

    /// The addresses it stands for now, at least one.
    ///
    /// # Errors
    /// [`ResolveError::Lookup`].
    pub async fn resolve(&self) -> Result<Vec<SocketAddr>, ResolveError> {
        let addresses = lookup(&self.host).await?;
        Ok(addresses.into_iter().map(|address| SocketAddr::new(address, self.port)).collect())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// The addresses of a host name, at least one; a numeric address is its own answer. Takes at most
/// 5 seconds.
///
/// # Errors
/// [`ResolveError::Lookup`].
pub async fn lookup(host: &str) -> Result<Vec<IpAddr>, ResolveError> {
    if let Ok(address) = host.parse() {
        return Ok(vec![address]);
    }
    let failed = |reason: String| ResolveError::Lookup { host: host.to_owned(), reason };
    // Made anew each time: resolv.conf and hosts may have changed, and lookups are rare.
    let builder = TokioResolver::builder_tokio().unwrap_or_else(|_| {
        Resolver::builder_with_config(ResolverConfig::default(), TokioRuntimeProvider::default())
    });
    let resolver = builder.build().map_err(|error| failed(error.to_string()))?;
    let answer = timeout(LOOKUP_TIMEOUT, resolver.lookup_ip(host))
        .await
        .map_err(|_| failed(format!("no answer within {} s", LOOKUP_TIMEOUT.as_secs())))?
        .map_err(|error| failed(error.to_string()))?;
    let addresses: Vec<_> = answer.iter().collect();
    if addresses.is_empty() { Err(failed("it has no address".to_owned())) } else { Ok(addresses) }
}

/// What a node knows of its own place.
#[derive(Debug, Clone, Default)]
pub struct OwnPlace {
    /// `--advertise`, name or address.
    pub advertise: Option<String>,
    /// `--listen`, where it is one address and not all of them.
    pub listen: Option<IpAddr>,
    /// Bound cluster port.
    pub peer_port: u16,
}

/// Which entry is this machine, and under which address the others reach it.
///
/// # Errors
/// None or several fit, a name does not resolve, or the entry names another port.
pub async fn find_self(
    entries: &[Endpoint],
    own: &OwnPlace,
) -> Result<(usize, IpAddr), ResolveError> {
    let advertised = match &own.advertise {
        Some(name) => Some((name.to_ascii_lowercase(), lookup(name).await?)),
        None => None,
    };
    let mut fits = Vec::new();
    for (position, entry) in entries.iter().enumerate() {
        let addresses = lookup(&entry.host).await?;
        let fitting = match (&advertised, own.listen) {
            (Some((name, known)), _) if *name == entry.host => known.first().copied(),
            (Some((_, known)), _) => addresses.into_iter().find(|one| known.contains(one)),
            (None, Some(listen)) => addresses.into_iter().find(|one| *one == listen),
            (None, None) => addresses.into_iter().find(|one| is_own(*one)),
        };
        fits.extend(fitting.map(|address| (position, address)));
    }
    if fits.len() > 1 {
        let all = fits.clone();
        fits.retain(|(position, _)| entries[*position].port == own.peer_port);
        if fits.len() != 1 {
            let entries = join(all.iter().map(|(position, _)| &entries[*position]));
            return Err(ResolveError::Ambiguous { entries });
        }
    }
    let Some(&(position, address)) = fits.first() else {
        return Err(ResolveError::NotListed { entries: join(entries) });
    };
    let entry = &entries[position];
    if entry.port != own.peer_port {
        return Err(ResolveError::Port { entry: entry.to_string(), port: own.peer_port });
    }
    Ok((position, address))
}

/// Whether an address belongs to this machine: only those can be bound.
#[must_use]
pub fn is_own(address: IpAddr) -> bool {
    !address.is_unspecified() && UdpSocket::bind((address, 0)).is_ok()
}

fn join<'a>(entries: impl IntoIterator<Item = &'a Endpoint>) -> String {
    entries.into_iter().map(Endpoint::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<Endpoint> {
        Endpoint::parse_list(text, 8421).unwrap()
    }

    #[test]
    fn entries_are_hosts_with_an_optional_port() {
        for (text, shown) in [
            ("10.0.0.1", "10.0.0.1:8421"),
            ("Mon-1.Example.", "mon-1.example:8421"),
            ("mon-1:9", "mon-1:9"),
            ("::1", "[::1]:8421"),
            ("[::1]", "[::1]:8421"),
            ("[::1]:9", "[::1]:9"),
        ] {
            assert_eq!(Endpoint::parse(text, 8421).unwrap().to_string(), shown);
        }
        for bad in ["", ":9", "a:0", "a:70000", "a b", "http://a", "a/b", "10.0.0.1:0"] {
            assert!(Endpoint::parse(bad, 8421).is_err(), "{bad}");
        }
        assert!(matches!(
            Endpoint::parse_list("a,b,A", 8421),
            Err(ResolveError::Twice { entry }) if entry == "a:8421"
        ));
    }

    #[tokio::test]
    async fn the_own_entry_is_the_one_that_fits_this_machine() {
        let own = |advertise: Option<&str>, listen: Option<&str>, peer_port| OwnPlace {
            advertise: advertise.map(str::to_owned),
            listen: listen.map(|text| text.parse().unwrap()),
            peer_port,
        };
        let three = list("127.0.0.1,127.0.0.2,127.0.0.3");
        let found = find_self(&three, &own(None, Some("127.0.0.2"), 8421)).await.unwrap();
        assert_eq!(found, (1, [127, 0, 0, 2].into()));
        let found = find_self(&three, &own(Some("127.0.0.3"), None, 8421)).await.unwrap();
        assert_eq!(found.0, 2);
        let several = find_self(&three, &own(None, None, 8421)).await;
        assert!(matches!(several, Err(ResolveError::Ambiguous { .. })));
        // 203.0.113.0/24 is reserved for documentation: never ours.
        let none = find_self(&list("203.0.113.1,203.0.113.2"), &own(None, None, 8421)).await;
        assert!(matches!(none, Err(ResolveError::NotListed { .. })));
        let found = find_self(&list("203.0.113.1,127.0.0.1"), &own(None, None, 8421)).await;
        assert_eq!(found.unwrap().0, 0, "sorted list");
        let by_port = find_self(&list("127.0.0.1:7,127.0.0.1:9"), &own(None, None, 9)).await;
        assert_eq!(by_port.unwrap().0, 1);
        let port = find_self(&list("127.0.0.1:7,203.0.113.1"), &own(None, None, 9)).await;
        assert!(matches!(port, Err(ResolveError::Port { .. })));
    }

    #[tokio::test]
    async fn names_come_from_the_hosts_file_without_libc() {
        assert!(lookup("localhost").await.unwrap().iter().all(IpAddr::is_loopback));
    }
}
