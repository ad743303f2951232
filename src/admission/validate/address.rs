//! `host:port`, without scheme and path.

use std::net::Ipv6Addr;

/// Checks one target address.
pub(super) fn check(text: &str) -> Result<(), String> {
    if valid(text) {
        return Ok(());
    }
    let shown: String = text.chars().take(80).collect();
    let hint = if text.contains("://") || text.contains('/') {
        "scheme and path belong to the scrape job"
    } else if text.parse::<Ipv6Addr>().is_ok() {
        "an IPv6 address needs brackets and a port: [::1]:9100"
    } else {
        "write it like web-1:9100 or [::1]:9100"
    };
    Err(format!("`{shown}` is not host:port; {hint}"))
}

fn valid(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let port_is_valid = port.bytes().all(|byte| byte.is_ascii_digit())
        && port.parse::<u16>().is_ok_and(|port| port != 0);
    let host_is_valid = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
            (1..=253).contains(&host.len()) && host.bytes().all(allowed)
        }
    };
    port_is_valid && host_is_valid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_host_and_port_is_an_address() {
        for good in ["a:1", "web-1.example.org:9100", "10.0.0.1:65535", "[fd00::1]:9100"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "a",
            "a:",
            ":1",
            "a:0",
            "a:65536",
            "a:+1",
            "http://a:1",
            "a:1/x",
            "fd00::1:x",
            "::1",
            "[a]:1",
            "a b:1",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
