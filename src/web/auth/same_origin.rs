//! Whether a change with a cookie comes from our own pages.

use crate::web::{error::Problem, proxies::Scheme};
use axum::http::request::Parts;

/// A change with a cookie must come from our own pages.
///
/// # Errors
/// 403 with what is missing.
pub(crate) fn same_origin(parts: &Parts) -> Result<(), Problem> {
    let refused = |detail: &str| {
        Problem::new(axum::http::StatusCode::FORBIDDEN, "WK-2023", detail.to_owned())
    };
    if parts.headers.get("x-wk-request").is_none_or(|value| value != "1") {
        return Err(refused("the header `X-WK-Request: 1` is missing"));
    }
    own_origin(parts).map_err(refused)
}

/// Whether Origin, or else Sec-Fetch-Site, says that our own page asks.
pub(crate) fn own_origin(parts: &Parts) -> Result<(), &'static str> {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(origin) = text("origin") {
        let host = text("host").or_else(|| parts.uri.authority().map(|a| a.as_str()));
        let (Some((scheme, from)), Some(host)) = (origin.split_once("://"), host) else {
            return Err("the Origin header names another site");
        };
        if !from.eq_ignore_ascii_case(host) {
            return Err("the Origin header names another site");
        }
        // A proxy that is not listed may have ended TLS: then the browser's own word counts.
        let known = parts.extensions.get::<Scheme>().copied();
        let vouched = known == Some(Scheme::Http) && text("sec-fetch-site") == Some("same-origin");
        return match known {
            Some(known) if !scheme.eq_ignore_ascii_case(known.as_str()) && !vouched => {
                Err("the Origin header has another scheme than the request; a proxy that ends TLS \
                 must be in `trusted_proxies` and send X-Forwarded-Proto")
            }
            _ => Ok(()),
        };
    }
    match text("sec-fetch-site") {
        Some("same-origin") => Ok(()),
        Some(_) => Err("the Sec-Fetch-Site header says that another site asks"),
        None => Err("neither Origin nor Sec-Fetch-Site says where the request comes from"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post("/api/v1/apply").header("host", "mon1:8420");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_change_needs_the_header_and_an_origin_of_our_own() {
        let own = ("origin", "https://mon1:8420");
        let header = ("x-wk-request", "1");
        assert!(same_origin(&parts(&[header, own])).is_ok());
        assert!(same_origin(&parts(&[header, ("sec-fetch-site", "same-origin")])).is_ok());
        for bad in [
            &[own][..],
            &[header],
            &[header, ("origin", "https://mon1:8430")],
            &[header, ("origin", "null")],
            &[header, ("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
            &[header, ("sec-fetch-site", "same-site")],
            &[header, ("sec-fetch-site", "none")],
        ] {
            assert!(same_origin(&parts(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_scheme_of_the_origin_is_that_of_the_request_where_it_is_known() {
        let own = |scheme: Option<Scheme>, headers: &[(&str, &str)]| {
            let mut parts = parts(headers);
            if let Some(scheme) = scheme {
                parts.extensions.insert(scheme);
            }
            own_origin(&parts).is_ok()
        };
        let (plain, tls) = (("origin", "http://mon1:8420"), ("origin", "https://mon1:8420"));
        let (http, https) = (Some(Scheme::Http), Some(Scheme::Https));
        assert!(own(http, &[plain]) && own(https, &[tls]));
        assert!(!own(http, &[tls]) && !own(https, &[plain]));
        assert!(own(None, &[plain]) && own(None, &[tls]));
        let same = ("sec-fetch-site", "same-origin");
        assert!(own(http, &[tls, same]), "TLS ended before us");
        assert!(!own(https, &[plain, same]));
        assert!(!own(http, &[tls, ("sec-fetch-site", "same-site")]));
    }
}
