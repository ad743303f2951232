//! How many places (connections, handshakes) each source holds at the same time, so that none
//! takes all of them. Who asks says how many there may be.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Counts places. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Places(Arc<Mutex<Held>>);

#[derive(Debug, Default)]
struct Held {
    all: usize,
    sources: HashMap<IpAddr, usize>,
}

/// One place; free again once dropped.
#[derive(Debug)]
pub struct Place {
    held: Arc<Mutex<Held>>,
    source: IpAddr,
}

impl Places {
    /// A place for somebody there; `None` when `all` are taken, or their source has `own`.
    #[must_use]
    pub fn take(&self, from: IpAddr, all: usize, own: usize) -> Option<Place> {
        let source = source(from);
        let mut held = lock(&self.0);
        let has = held.sources.get(&source).copied().unwrap_or_default();
        if held.all >= all || has >= own {
            return None;
        }
        held.all += 1;
        held.sources.insert(source, has + 1);
        Some(Place { held: Arc::clone(&self.0), source })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = lock(&self.held);
        held.all -= 1;
        if let Some(has) = held.sources.get_mut(&self.source) {
            *has -= 1;
            if *has == 0 {
                held.sources.remove(&self.source);
            }
        }
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What counts as one source: whoever has an IPv6 address has its whole /64.
fn source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(Ipv6Addr::LOCALHOST) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(places: &Places, from: &str, times: usize) -> Vec<Place> {
        (0..times).filter_map(|_| places.take(from.parse().unwrap(), 4, 2)).collect()
    }

    #[test]
    fn one_source_does_not_take_what_others_need_and_gives_back_what_it_had() {
        let places = Places::default();
        let first = take(&places, "10.0.0.1", 5);
        assert_eq!(first.len(), 2);
        assert_eq!(take(&places, "::ffff:10.0.0.1", 1).len(), 0, "the same address");
        assert_eq!(take(&places, "10.0.0.2", 1).len(), 1);
        drop(first);
        assert!(lock(&places.0).sources.is_empty(), "nobody is remembered");
        let _held = [take(&places, "10.0.0.1", 5), take(&places, "10.0.0.2", 5)];
        assert_eq!(take(&places, "10.0.0.3", 1).len(), 0, "all are taken");
    }

    #[test]
    fn a_network_of_ipv6_is_one_source() {
        let places = Places::default();
        let _held = take(&places, "2001:db8::1", 2);
        assert_eq!(take(&places, "2001:db8::ffff:1", 1).len(), 0);
        assert_eq!(take(&places, "2001:db8:0:1::1", 1).len(), 1);
    }
}
