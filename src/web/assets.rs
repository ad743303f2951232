//! The portal: its build is embedded, its page is a template filled for every answer.
//!
//! Files come compressed out of the build (`.br`, `.gz` beside them). Only `assets/*` has hashed
//! names and may be kept for ever. A missing file is a 404 and never the page, since an old tab
//! would take the page for a script.

use super::{
    Front,
    api::session::Session,
    auth, help, language,
    policy::Policy,
    random,
    router::{Doors, no_such_path},
};
use crate::model::{Kind, spec};
use crate::web::routes::routes;
use axum::{
    extract::{OriginalUri, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rust_embed::RustEmbed;
use std::io::Read as _;

#[derive(RustEmbed)]
#[folder = "assets/dist"]
#[exclude = "manifest.json"]
#[exclude = ".stamp"]
#[allow_missing = true]
struct Dist;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const AN_HOUR: &str = "public, max-age=3600";

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Open, routes!(asset))
}

/// A file of the portal.
#[utoipa::path(get, path = "/assets/{*file}", tag = "portal",
    params(("file" = String, Path, description = "Its path below `assets`")),
    responses((status = 200, description = "The file")))]
async fn asset(OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    let path = uri.path();
    let name = path.find("/assets/").map_or("", |at| &path[at + 1..]);
    file(name, &headers, FOR_EVER).unwrap_or_else(|| no_such_path(path).into_response())
}

/// Everything that no route takes: the page for people, a file of the build, or 404.
pub(crate) async fn page_or_file(front: &Front, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') && last != "index.html" {
        return file(path.trim_start_matches('/'), &parts.headers, AN_HOUR)
            .unwrap_or_else(|| no_such_path(&path).into_response());
    }
    let html = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if html.is_some_and(|accept| !accept.contains("text/html") && !accept.contains("*/*")) {
        return no_such_path(&path).into_response();
    }
    page(front, &parts)
}

fn page(front: &Front, parts: &axum::http::request::Parts) -> Response {
    let nonce = STANDARD.encode(random::bytes::<16>());
    let text = match Dist::get("index.html") {
        Some(template) => fill(&String::from_utf8_lossy(&template.data), &nonce, front, parts),
        None => not_built(front),
    };
    let mut answer = Html(text).into_response();
    let headers = answer.headers_mut();
    for (name, value) in page_headers(&nonce) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    answer
}

fn fill(template: &str, nonce: &str, front: &Front, parts: &axum::http::request::Parts) -> String {
    let identity = auth::identify(front, parts).ok().flatten();
    let session = identity.zip(front.deps().ok()).map(|(who, deps)| Session::of(deps, &who));
    let chosen = session.as_ref().and_then(|session| session.language);
    template
        .replace("__WK_NONCE__", nonce)
        .replace("__WK_BASE__", &help::escape(&front.settings().base_path))
        .replace("__WK_LANG__", language::of(chosen, &parts.headers).as_str())
        .replace("__WK_BOOT__", &boot(front, session.as_ref()))
}

/// What the portal would ask for first: saves it a round trip.
fn boot(front: &Front, session: Option<&Session>) -> String {
    let settings = front.deps().ok().and_then(|deps| {
        deps.whole().get(Kind::Settings, "default")?.spec_as::<spec::Settings>().ok()
    });
    let settings = settings.unwrap_or_default();
    let oidc = settings.sign_in.oidc.map(|oidc| serde_json::json!({ "title": oidc.title }));
    let boot = serde_json::json!({
        "version": front.settings().version,
        "site": settings.site,
        "sign_in": { "contact": settings.sign_in.contact, "oidc": oidc },
        "session": session,
    });
    boot.to_string().replace('<', "\\u003c")
}

fn page_headers(nonce: &str) -> [(header::HeaderName, String); 6] {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
         manifest-src 'self'; frame-src 'self'; base-uri 'self'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    let nothing = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), \
                   microphone=(), payment=(), usb=()";
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-cache".into()),
        (header::REFERRER_POLICY, "same-origin".into()),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin".into()),
        (header::HeaderName::from_static("permissions-policy"), nothing.into()),
        (header::VARY, "Accept-Encoding, Accept-Language, Cookie".into()),
    ]
}

/// Said in place of a portal that was not built: the API works all the same.
fn not_built(front: &Front) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Watchkeep</title>\
         </head><body><main><h1>Watchkeep {}</h1><p>This binary was built without the portal. \
         <code>scripts/build</code> builds both; the API and the command line work without it.</p>\
         </main></body></html>",
        help::escape(&front.settings().version)
    )
}

/// A file of the build in the best encoding the client takes.
fn file(name: &str, headers: &HeaderMap, cache: &'static str) -> Option<Response> {
    // `.br` and `.gz` are encodings of a file, not files.
    if name.ends_with(".br") || name.ends_with(".gz") || name == "index.html" {
        return None;
    }
    let accepts = |coding: &str| {
        let text = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        text.is_some_and(|text| text.split(',').any(|part| takes(part, coding)))
    };
    let encoded = [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(coding, suffix)| {
        let found = accepts(coding).then(|| Dist::get(&format!("{name}.{suffix}")))??;
        Some((Some(coding), found.data.into_owned()))
    });
    let (coding, bytes) = match encoded {
        Some(found) => found,
        None => (None, plain(name)?),
    };
    let mut answer = (StatusCode::OK, bytes).into_response();
    let out = answer.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime(name)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(answer)
}

fn takes(part: &str, coding: &str) -> bool {
    let mut pieces = part.trim().split(';');
    pieces.next().is_some_and(|name| name.trim().eq_ignore_ascii_case(coding))
        && !pieces.any(|q| matches!(q.trim(), "q=0" | "q=0.0"))
}

/// The file itself, or its gzip form unpacked for the rare client that takes no encoding.
fn plain(name: &str) -> Option<Vec<u8>> {
    if let Some(found) = Dist::get(name) {
        return Some(found.data.into_owned());
    }
    let packed = Dist::get(&format!("{name}.gz"))?;
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(&*packed.data).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_taken_by_name_and_not_with_zero_weight() {
        assert!(takes(" br;q=0.9", "br") && takes("GZIP", "gzip"));
        assert!(!takes("br;q=0", "br") && !takes("brotli", "br"));
    }

    #[test]
    fn paths_that_climb_out_find_nothing() {
        let none = HeaderMap::new();
        for name in ["../Cargo.toml", "assets/../../Cargo.toml", "/etc/passwd", "index.html"] {
            assert!(file(name, &none, AN_HOUR).is_none(), "{name}");
        }
    }
}
