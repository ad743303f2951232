//! Who holds how many connections of the public port: no source takes all of them, and some stay
//! for this machine, so that its health can always be asked.

use crate::{
    base::places::{Place, Places},
    web::proxies::Proxies,
};
use std::net::IpAddr;

/// How many connections there may be at the same time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From everywhere.
    pub all: usize,
    /// Of these only for this machine.
    pub spare: usize,
    /// From one source: an address, of IPv6 a /64. Trusted proxies have no limit of their own.
    pub source: usize,
    /// From an address of this machine: proxies and what watches it live here.
    pub loopback: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { all: 4096, spare: 64, source: 256, loopback: 2048 }
    }
}

/// Places within the limits.
pub(super) struct Slots {
    limits: Limits,
    proxies: Proxies,
    places: Places,
}

impl Slots {
    pub(super) fn new(limits: Limits, proxies: Proxies) -> Self {
        Self { limits, proxies, places: Places::default() }
    }

    /// A place for a connection from there; `None` when that source, or the port, has no more.
    pub(super) fn take(&self, from: IpAddr) -> Option<Place> {
        let limits = &self.limits;
        let open = limits.all - limits.spare;
        let (all, own) = match from.to_canonical() {
            address if address.is_loopback() => (limits.all, limits.loopback),
            address if self.proxies.hold(address) => (open, open),
            _ => (open, limits.source),
        };
        self.places.take(from, all, own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_places_are_this_machines_and_a_proxy_brings_many_people() {
        let limits = Limits { all: 6, spare: 2, source: 2, loopback: 3 };
        let slots = Slots::new(limits, Proxies::parse(&["10.9.0.0/16"]).unwrap());
        let take = |from: &str, times: usize| -> Vec<Place> {
            (0..times).filter_map(|_| slots.take(from.parse().unwrap())).collect()
        };
        assert_eq!(take("10.0.0.1", 10).len(), 2);
        let proxied = take("10.9.1.1", 10);
        assert_eq!(proxied.len(), 4);
        assert_eq!(take("10.0.0.1", 1).len(), 0);
        let own = take("127.0.0.1", 10);
        assert_eq!(own.len(), 2);
        drop(proxied);
        assert_eq!(take("::1", 10).len(), 1, "not all of them");
    }
}
