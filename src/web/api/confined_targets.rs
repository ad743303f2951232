//! What people who are not operators everywhere may have scraped. Prometheus asks from inside of the
//! cluster and for everybody: their targets neither lead it to the cluster's own machines, nor to
//! what another project has scraped, nor do their labels steer the request. Called by `authorize`
//! for those authors only.
//!
//! What an object already says with the same job and project stays: somebody who could declared it.

use crate::{
    model::{Kind, cluster::DeclaredState, resource::Declared},
    notify::outgoing::Guard,
    scope::Projects,
    web::error::{Problem, ProblemItem},
};
use serde_json::Value;
use std::{
    collections::{BTreeSet, HashSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

/// What an author's targets are judged by, made once for a request.
pub(super) struct Confinement<'a> {
    state: &'a DeclaredState,
    guard: Guard,
    /// What the machines of the cluster are called.
    members: BTreeSet<String>,
    /// What targets of projects that are not the author's have.
    taken: HashSet<Place>,
}

/// Where a target is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Place {
    /// Lower case, or an address in its one form; a port of zero is none.
    Host(String, u16),
    /// For an exporter that probes.
    Url(String),
}

impl<'a> Confinement<'a> {
    /// `own` = the projects whose targets the author may change.
    pub(super) fn of(state: &'a DeclaredState, own: &Projects) -> Self {
        let others = state.of(Kind::Target).filter(|target| {
            target.spec["project"].as_str().is_some_and(|project| !own.holds(project))
        });
        let taken = others.flat_map(|target| addresses(&target.spec)).filter_map(place).collect();
        let members = state.members.values().flat_map(|member| {
            let of_url = parts(&member.url).map(|(host, _)| host);
            of_url.into_iter().chain([member.name.to_ascii_lowercase()])
        });
        Self { state, guard: Guard::of(state), members: members.collect(), taken }
    }

    /// # Errors
    /// 422 with every place that is not theirs to declare.
    pub(super) fn check(&self, declared: &Declared) -> Result<(), Problem> {
        if declared.kind != Kind::Target {
            return Ok(());
        }
        let stored = self.state.get(declared.kind, declared.name.as_str()).filter(|stored| {
            ["job", "project"].iter().all(|field| stored.spec[*field] == declared.spec[*field])
        });
        let before = stored.map_or(&Value::Null, |stored| &stored.spec);
        let at = |place: String| format!("{}/{}/spec/{place}", declared.kind, declared.name);
        let mut errors = Vec::new();
        for (name, value) in declared.spec["labels"].as_object().into_iter().flatten() {
            let steers = name.starts_with("__") || name == "instance" || name == "job";
            if steers && before["labels"][name] != *value {
                let message = format!("`{name}` decides what is asked, or who seems to answer");
                errors.push(ProblemItem::new(at(format!("labels/{name}")), "WK-1028", message));
            }
        }
        let known: BTreeSet<&str> = addresses(before).collect();
        for (position, address) in addresses(&declared.spec).enumerate() {
            if known.contains(address) {
                continue;
            }
            if let Err((code, message)) = self.judge(address) {
                errors.push(ProblemItem::new(at(format!("targets/{position}")), code, message));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
    }

    fn judge(&self, address: &str) -> Result<(), (&'static str, String)> {
        let inside = |reason: &str| Err(("WK-1028", reason.to_owned()));
        let Some((host, port)) = parts(address) else {
            return inside("it cannot be told where this leads; write it like web-1:9100");
        };
        let ours = host == "localhost"
            || host.ends_with(".localhost")
            || host.starts_with("localhost.")
            || ["ip6-localhost", "ip6-loopback"].contains(&host.as_str())
            || self.members.contains(&host);
        match numeric(&host) {
            Some(ip) => {
                if let Err(refused) = self.guard.check(SocketAddr::new(ip, port)) {
                    return inside(&refused.to_string());
                }
            }
            None if ours => return inside("it is one of the cluster's own machines"),
            // `127.1`, `2130706433`, `0x7f.1`: some resolvers read them as addresses.
            None if ends_in_number(&host) => {
                return inside("write the address with four decimal numbers");
            }
            None => {}
        }
        if place(address).is_some_and(|place| self.taken.contains(&place)) {
            let message =
                "another project has this address scraped; an operator of both can share it";
            return Err(("WK-1029", message.to_owned()));
        }
        Ok(())
    }
}

/// `spec.targets`, as far as they are texts: admission judges the rest.
fn addresses(spec: &Value) -> impl Iterator<Item = &str> {
    spec["targets"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn place(address: &str) -> Option<Place> {
    if address.contains("://") {
        return Some(Place::Url(address.to_ascii_lowercase()));
    }
    let (host, port) = parts(address)?;
    let host = numeric(&host).map_or(host, |ip| ip.to_canonical().to_string());
    Some(Place::Host(host, port))
}

/// Host in lower case without a last dot, and port, of `host:port`, of a bare host and of an HTTP
/// URL; `None` = something else.
fn parts(address: &str) -> Option<(String, u16)> {
    let lower = address.to_ascii_lowercase();
    let (rest, default) = match lower.split_once("://") {
        Some(("http", rest)) => (rest, 80),
        Some(("https", rest)) => (rest, 443),
        Some(_) => return None,
        None => (lower.as_str(), 0),
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => v6.split_once(']').map(|(host, port)| (host, port.strip_prefix(':')))?,
        None => authority.split_once(':').map_or((authority, None), |(h, p)| (h, Some(p))),
    };
    let port = port.map_or(Some(default), |port| port.parse().ok())?;
    let is_v6 = authority.starts_with('[');
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let good = if is_v6 { host.parse::<Ipv6Addr>().is_ok() } else { host.bytes().all(plain) };
    let host = host.trim_end_matches('.');
    (good && !host.is_empty()).then(|| (host.to_owned(), port))
}

fn numeric(host: &str) -> Option<IpAddr> {
    let v4 = host.parse::<Ipv4Addr>().map(IpAddr::V4);
    v4.or_else(|_| host.parse::<Ipv6Addr>().map(IpAddr::V6)).ok()
}

fn ends_in_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x");
    last.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Name, render::tests::fixture};
    use serde_json::json;
    use std::collections::BTreeMap;

    fn declared(name: &str, spec: Value) -> Declared {
        let name: Name = name.parse().unwrap();
        Declared { kind: Kind::Target, name, labels: BTreeMap::new(), spec }
    }

    fn errors(state: &DeclaredState, it: &Declared) -> Vec<(String, String)> {
        let confinement = Confinement::of(state, &Projects::only(["shop"]));
        let Err(problem) = confinement.check(it) else { return Vec::new() };
        problem.errors.into_iter().map(|error| (error.path, error.code)).collect()
    }

    fn of(state: &DeclaredState, address: &str) -> Vec<String> {
        let spec = json!({"job": "node", "project": "shop", "targets": [address]});
        errors(state, &declared("new", spec)).into_iter().map(|(_, code)| code).collect()
    }

    #[test]
    fn the_clusters_own_machines_are_refused_in_every_spelling() {
        let mut state = fixture::cluster(2);
        let allow = json!({"outgoing": {"allow": ["127.0.0.1:9999"]}});
        fixture::put(&mut state, Kind::Settings, "default", allow);
        let member = state.members.values().next().unwrap().clone();
        for inside in [
            "127.0.0.1:9090",
            "127.9.9.9:9999",
            "0.0.0.0:9090",
            "169.254.169.254:80",
            "[::1]:9090",
            "[::]:9090",
            "[fe80::1]:9090",
            "[::ffff:127.0.0.1]:9090",
            "[::ffff:7f00:1]:9090",
            "[0:0:0:0:0:0:0:1]:9090",
            "localhost:9090",
            "LocalHost.:9090",
            "a.localhost:9090",
            "localhost.localdomain:9090",
            "127.1:9090",
            "2130706433:9090",
            "0x7f.0x1:9090",
            "0177.0.0.1:9090",
            "0:9090",
            "http://127.0.0.1:9090/federate?match[]=x",
            "http://user@web-1:9090/",
            "http://127.0.0.1\\@web-1/",
            "gopher://web-1/",
            "127.0.0.1",
            &format!("{}:9100", member.address),
            &format!("{}:9100", member.name.to_uppercase()),
        ] {
            assert_eq!(of(&state, inside), ["WK-1028"], "{inside}");
        }
        for outside in [
            "web-1:9100",
            "10.1.2.3:9100",
            "[2001:db8::1]:9100",
            "https://shop.example/a?b=c",
            "127.0.0.1:9999",
        ] {
            assert_eq!(of(&state, outside), Vec::<String>::new(), "{outside}");
        }
    }

    #[test]
    fn an_address_of_another_project_is_refused_however_it_is_written() {
        let mut state = fixture::cluster(1);
        let theirs = json!({"job": "node", "project": "bank", "targets": ["Vault:9100", "[2001:db8::1]:9100"]});
        fixture::put(&mut state, Kind::Target, "theirs", theirs);
        let own = json!({"job": "node", "project": "shop", "targets": ["till:9100"]});
        fixture::put(&mut state, Kind::Target, "own", own);
        for taken in ["vault:9100", "VAULT.:9100", "[2001:DB8:0::1]:9100"] {
            assert_eq!(of(&state, taken), ["WK-1029"], "{taken}");
        }
        for free in ["vault:9101", "till:9100"] {
            assert_eq!(of(&state, free), Vec::<String>::new(), "{free}");
        }
    }

    #[test]
    fn labels_do_not_steer_but_stay_where_somebody_else_put_them() {
        let mut state = fixture::cluster(1);
        let labels = json!({"__metrics_path__": "/m", "rack": "a"});
        let spec = |labels: &Value| json!({"job": "node", "project": "shop", "targets": ["127.0.0.1:80"], "labels": labels});
        fixture::put(&mut state, Kind::Target, "old", spec(&labels));
        let mut other = labels.clone();
        other["rack"] = json!("b");
        assert_eq!(errors(&state, &declared("old", spec(&other))), []);
        other["__metrics_path__"] = json!("/probe");
        let refused = |path: &str| (format!("target/old/spec/{path}"), "WK-1028".to_owned());
        let found = errors(&state, &declared("old", spec(&other)));
        assert_eq!(found, [refused("labels/__metrics_path__")]);
        let mut moved = spec(&labels);
        moved["job"] = json!("other");
        let found = errors(&state, &declared("old", moved));
        assert_eq!(found, [refused("labels/__metrics_path__"), refused("targets/0")]);
        for name in ["__param_target", "__scheme__", "__scrape_interval__", "instance", "job"] {
            let mut labels = json!({});
            labels[name] = json!("x");
            let mut spec = spec(&labels);
            spec["targets"] = json!(["web-1:9100"]);
            let found = errors(&state, &declared("new", spec));
            assert_eq!(found.len(), 1, "{name}: {found:?}");
        }
    }
}
