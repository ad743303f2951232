//! What is tried, one line each: header lines, request targets, forms.

/// How a request may end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// By a 4xx, or a closed connection.
    Refused,
    /// As if the trick were not there.
    Plain,
    /// With the portal's page, as any address that is nothing else.
    Page,
    /// Several on one connection, each with its status.
    Each(&'static [u16]),
}
use End::{Page, Plain, Refused};

/// The query for the own series.
pub(super) const QUERY: &str = "/prometheus/api/v1/query";
pub(super) const UP: &str = "/prometheus/api/v1/query?query=up";

/// Header lines of a `GET` for the own series.
pub(super) const LINES: &[(&str, End)] = &[
    ("", Plain),
    // Another method, path or host by header.
    ("X-HTTP-Method-Override: DELETE", Plain),
    ("X-HTTP-Method: PUT", Plain),
    ("X-Method-Override: DELETE", Plain),
    ("X-Original-URL: /prometheus/api/v1/status/config", Plain),
    ("X-Rewrite-URL: /prometheus/api/v1/status/config", Plain),
    ("X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: 127.0.0.1:9090", Plain),
    ("X-Forwarded-Prefix: /api/v1/status\r\nX-Forwarded-Uri: /metrics", Plain),
    ("X-Forwarded-User: admin\r\nX-WebAuth-User: admin\r\nRemote-User: admin", Plain),
    ("Forwarded: for=127.0.0.1;host=127.0.0.1:9090;proto=https", Plain),
    ("X-Scope-OrgID: everything", Plain),
    ("Host: 127.0.0.1:9090", Plain),
    // What concerns one connection must not decide who somebody is.
    ("Connection: authorization", Plain),
    ("Connection: close, x-wk-request, authorization, content-type", Plain),
    ("Proxy-Authorization: Basic YWRtaW46YWRtaW4=", Plain),
    ("TE: trailers\r\nTrailer: authorization", Plain),
    // No tunnel.
    (
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        Plain,
    ),
    (
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
        Plain,
    ),
    ("Connection: Upgrade\r\nUpgrade: TLS/1.3", Plain),
    // Two that say who it is; lines that are none.
    ("Authorization: Bearer nobody", Refused),
    ("X-A: b\r\n folded", Refused),
    ("X-A : b", Refused),
    ("X-A: b\nX-B: c", Plain),
    ("X-A: b\rX-B: c", Refused),
    ("X-A: \0", Refused),
    (": empty", Refused),
    ("X-A", Refused),
    // Bodies where none is expected.
    ("Expect: 100-continue", Plain),
    ("Content-Length: 0\r\nContent-Length: 0", Plain),
    ("Content-Length: 0\r\nContent-Length: 5", Refused),
    ("Content-Length: -1", Refused),
    ("Content-Length: +0", Refused),
    ("Content-Length: 0, 0", Refused),
    ("Content-Length: 0x0", Refused),
    ("Transfer-Encoding: xchunked", Refused),
    ("Transfer-Encoding: chunked, identity", Refused),
    ("Transfer-Encoding : chunked", Refused),
    ("Transfer-Encoding:\x0bchunked", Refused),
    ("Transfer-Encoding: identity", Refused),
];

/// Request targets with the method before them.
pub(super) const TARGETS: &[(&str, End)] = &[
    ("GET http://127.0.0.1:9090/api/v1/query?query=up", Refused),
    ("GET http://127.0.0.1:9090/prometheus/api/v1/query?query=up", Plain),
    ("GET https://admin@elsewhere:1/prometheus/api/v1/query?query=up", Plain),
    ("GET //127.0.0.1:9090/api/v1/query?query=up", Refused),
    ("GET //prometheus/api/v1/query?query=up", Refused),
    ("GET /prometheus//api/v1/query?query=up", Refused),
    ("GET /prometheus/./api/v1/query?query=up", Refused),
    ("GET /prometheus/x/../api/v1/query?query=up", Refused),
    ("GET /prometheus/%2e%2e/prometheus/api/v1/query?query=up", Refused),
    ("GET /prometheus/api/v1/..%2f..%2fmetrics", Refused),
    ("GET /prometheus/api/v1/%252e%252e/status/config", Refused),
    ("GET /prometheus/..;/api/v1/status/config", Refused),
    ("GET /prometheus;x=y/api/v1/query?query=up", Refused),
    ("GET /prometheus/api/v1/query;query=up", Refused),
    ("GET /prometheus/api/v1/query%00?query=up", Refused),
    ("GET /prometheus/api/v1/query\0?query=up", Refused),
    ("GET /prometheus/api/v1/query%3Fquery=up", Refused),
    ("GET /prometheus/api/v1/query%23?query=up", Refused),
    ("GET /prometheus\\api\\v1\\query?query=up", Refused),
    ("GET /PROMETHEUS/api/v1/query?query=up", Page),
    ("GET /prometheus/api/v1/query?query=up&query=up", Refused),
    ("GET /prometheus/api/v1/query?query=up&_method=DELETE", Plain),
    ("GET /prometheus/api/v1/query?query=up#?query=everything", Plain),
    ("GET /prometheus/api/v1/query?query=%2575%2570", Refused),
    ("GET *", Refused),
    ("OPTIONS *", Refused),
    ("CONNECT 127.0.0.1:9090", Refused),
    ("CONNECT /prometheus/api/v1/query?query=up", Refused),
    ("TRACE /prometheus/api/v1/query?query=up", Refused),
    ("PURGE /prometheus/api/v1/query?query=up", Refused),
    ("get /prometheus/api/v1/query?query=up", Refused),
    ("DELETE /prometheus/api/v1/query?query=up", Refused),
    ("PUT /prometheus/api/v1/query?query=up", Refused),
];

/// Forms to the query: their header lines, and the body.
pub(super) const FORMS: &[(&str, &[u8], End)] = &[
    ("Content-Type: application/x-www-form-urlencoded", b"query=up", Plain),
    ("Content-Type: application/x-www-form-urlencoded; charset=utf-8", b"query=up", Plain),
    ("Content-Type: application/x-www-form-urlencoded; charset=utf-7", b"query=+AHUAcA-", Refused),
    (
        "Content-Type: application/x-www-form-urlencoded; charset=utf-16",
        b"\0q\0u\0e\0r\0y\0=\0u\0p",
        Refused,
    ),
    (
        "Content-Type: multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nup\r\n--b--\r\n",
        Refused,
    ),
    ("Content-Type: application/json", b"{\"query\":\"up\"}", Refused),
    ("Content-Type: text/plain", b"query=up", Refused),
    ("X-No: type", b"query=up", Refused),
    (
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Type: text/plain",
        b"query=up",
        Plain,
    ),
    ("Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip", GZIPPED, Refused),
    (
        "Content-Type: application/x-www-form-urlencoded\r\nX-HTTP-Method-Override: DELETE",
        b"query=up&_method=DELETE",
        Plain,
    ),
    ("Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue", b"query=up", Plain),
    ("Content-Type: application/x-www-form-urlencoded", b"query=up\0", Refused),
    ("Content-Type: application/x-www-form-urlencoded", b"query=up;query=up", Refused),
    ("Content-Type: application/x-www-form-urlencoded", b"query=up&query=up", Refused),
    ("Content-Type: application/x-www-form-urlencoded", b"query=\xff", Refused),
];

/// `query=up`.
const GZIPPED: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0x2b, 0x2c, 0x4d, 0x2d, 0xaa, 0xb4,
    0x2d, 0x2d, 0x00, 0x00, 0xf7, 0xf9, 0x6a, 0x58, 0x08, 0x00, 0x00, 0x00,
];
