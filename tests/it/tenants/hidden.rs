//! What is tried, made up of parts: requests within requests, large ones, HTTP/2.

use super::tables::{
    End::{self, Each, Plain, Refused},
    QUERY, UP,
};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
pub(super) const CLOSE: &str = "Connection: close\r\n";
/// A request for everything, hidden in another one: of nobody, so refused wherever it is read.
const HIDDEN: &str = "GET /api/v1/query?query=up HTTP/1.1\r\nHost: x\r\n\r\n";

/// Requests within requests, and what else two readers could read differently. After a request
/// with two lengths the connection ends, so that nothing that was hidden is read.
pub(super) fn hidden(login: &str) -> Vec<(String, Vec<u8>, End)> {
    let post = |query: &str, lines: &str| {
        format!("POST {QUERY}{query} HTTP/1.1\r\n{login}{FORM}{lines}\r\n")
    };
    let last = format!("GET {UP} HTTP/1.1\r\n{login}{CLOSE}\r\n");
    let n = HIDDEN.len();
    let chunks = |text: &str| format!("{:x}\r\n{text}\r\n0\r\n\r\n", text.len());
    let chunked = "Transfer-Encoding: chunked\r\n";
    let unread = format!("GET {UP} HTTP/1.1\r\n{login}Content-Length: {n}\r\n\r\n{HIDDEN}{last}");
    let all: Vec<(&str, String, End)> = vec![
        (
            "in a body",
            format!("{}{HIDDEN}{last}", post("", &format!("Content-Length: {n}\r\n"))),
            Each(&[400, 200]),
        ),
        (
            "beside an expression",
            format!("{}{HIDDEN}{last}", post("?query=up", &format!("Content-Length: {n}\r\n"))),
            Each(&[200, 200]),
        ),
        ("in the body of a GET", unread, Each(&[200, 200])),
        (
            "after an empty body",
            format!("{}{HIDDEN}{last}", post("?query=up", "Content-Length: 0\r\n")),
            Each(&[200, 404, 200]),
        ),
        (
            "as a value",
            {
                let body = format!("query=up&timeout={HIDDEN}");
                format!("{}{body}{last}", post("", &format!("Content-Length: {}\r\n", body.len())))
            },
            Each(&[400, 200]),
        ),
        (
            "chunked wins over a length",
            format!(
                "{}{}{last}",
                post("", &format!("Content-Length: 3\r\n{chunked}")),
                chunks("query=up")
            ),
            Plain,
        ),
        (
            "chunked wins over a length before it",
            format!(
                "{}{}{last}",
                post("", &format!("{chunked}Content-Length: 3\r\n")),
                chunks("query=up")
            ),
            Plain,
        ),
        (
            "after the last chunk",
            format!(
                "{}0\r\n\r\n{HIDDEN}{last}",
                post("?query=up", &format!("Content-Length: {}\r\n{chunked}", n + 5))
            ),
            Plain,
        ),
        (
            "chunked twice",
            format!("{}{}{last}", post("", &format!("{chunked}{chunked}")), chunks("query=up")),
            Each(&[200, 200]),
        ),
        (
            "an extension of a chunk",
            format!("{}8;x=y\r\nquery=up\r\n0\r\n\r\n{last}", post("", chunked)),
            Each(&[200, 200]),
        ),
        (
            "an extension with a bare line feed",
            format!("{}8;x\nquery=up\r\n0\r\n\r\n{last}", post("", chunked)),
            Refused,
        ),
        (
            "a chunk with a sign",
            format!("{}+8\r\nquery=up\r\n0\r\n\r\n{last}", post("", chunked)),
            Refused,
        ),
        (
            "a chunk that overflows",
            format!("{}10000000000000008\r\nquery=up\r\n0\r\n\r\n{last}", post("", chunked)),
            Refused,
        ),
        (
            "a chunk longer than it says",
            format!("{}2\r\nquery=up\r\n0\r\n\r\n{last}", post("", chunked)),
            Refused,
        ),
        (
            "a trailer that signs in",
            format!(
                "{}8\r\nquery=up\r\n0\r\nAuthorization: Bearer x\r\n\r\n{last}",
                post("", chunked)
            ),
            Each(&[200, 200]),
        ),
        (
            "two lengths",
            format!("{}query=up{last}", post("", "Content-Length: 8\r\nContent-Length: 3\r\n")),
            Refused,
        ),
        (
            "chunked in HTTP/1.0",
            format!("POST {QUERY} HTTP/1.0\r\n{login}{FORM}{chunked}\r\n{}", chunks("query=up")),
            Refused,
        ),
        (
            "no host",
            format!("GET {UP} HTTP/1.1\r\n{}{CLOSE}\r\n", &login["Host: x\r\n".len()..]),
            Plain,
        ),
        (
            "two hosts",
            format!("GET {UP} HTTP/1.1\r\nHost: 127.0.0.1:9090\r\n{login}{CLOSE}\r\n"),
            Refused,
        ),
        ("HTTP/0.9", format!("GET {UP}\r\n"), Refused),
        ("another version", format!("GET {UP} HTTP/3.0\r\n{login}\r\n"), Refused),
        (
            "line feeds alone",
            format!("GET {UP} HTTP/1.1\n{}{}\n", login.replace('\r', ""), CLOSE.replace('\r', "")),
            Plain,
        ),
        ("the line in two", format!("GET {UP}\r\nX: HTTP/1.1\r\n{login}{CLOSE}\r\n"), Refused),
        (
            "a switch of protocol that is acted on at once",
            format!(
                "GET {UP} HTTP/1.1\r\n{login}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\nSec-WebSocket-Key: x\r\n\r\n{HIDDEN}{last}"
            ),
            Each(&[200, 404, 200]),
        ),
    ];
    all.into_iter().map(|(name, text, end)| (name.to_owned(), text.into_bytes(), end)).collect()
}

/// More than anybody needs.
pub(super) fn large(login: &str) -> Vec<(String, Vec<u8>, End)> {
    let long = "x".repeat(70_000);
    let many: String = (0..2_000).map(|n| format!("X-{n}: y\r\n")).collect();
    let fields: String = (0..5_000).map(|n| format!("&x{n}=y")).collect();
    let wide = "x".repeat(600_000);
    vec![
        (
            "a long address".into(),
            format!("GET {UP}&x={long} HTTP/1.1\r\n{login}{CLOSE}\r\n").into(),
            Refused,
        ),
        (
            "many fields".into(),
            format!("GET {UP}{fields} HTTP/1.1\r\n{login}{CLOSE}\r\n").into(),
            Plain,
        ),
        (
            "many lines".into(),
            format!("GET {UP} HTTP/1.1\r\n{login}{CLOSE}{many}\r\n").into(),
            Refused,
        ),
        (
            "a long line".into(),
            format!("GET {UP} HTTP/1.1\r\n{login}{CLOSE}X: {wide}\r\n\r\n").into(),
            Refused,
        ),
    ]
}

pub(super) type Fields = Vec<(String, String)>;

/// HTTP/2 without asking first.
pub(super) fn second(token: &str) -> Vec<(Fields, &'static [u8], End)> {
    let login = format!("Bearer {token}");
    let request = |method: &str, path: &str, more: &[(&str, &str)]| {
        let first = [
            (":method", method),
            (":scheme", "http"),
            (":authority", "x"),
            (":path", path),
            ("authorization", &login),
        ];
        first
            .iter()
            .chain(more)
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect::<Fields>()
    };
    let get = |path: &str| request("GET", path, &[]);
    let form = ("content-type", "application/x-www-form-urlencoded");
    let mut other_host = get(UP);
    other_host[2].1 = "127.0.0.1:9090".into();
    let mut other_scheme = get(UP);
    other_scheme[1].1 = "file".into();
    vec![
        (get(UP), b"", Plain),
        (other_host, b"", Plain),
        (other_scheme, b"", Plain),
        (get("//prometheus/api/v1/query?query=up"), b"", Refused),
        (get("/prometheus/x/../api/v1/query?query=up"), b"", Refused),
        (get("/prometheus/%2e%2e/metrics"), b"", Refused),
        (get("http://127.0.0.1:9090/api/v1/query?query=up"), b"", Refused),
        (get("prometheus/api/v1/query?query=up"), b"", Refused),
        (get("/prometheus/api/v1/query?query=up HTTP/1.1\r\nx: y"), b"", Refused),
        (request("GET /x HTTP/1.1\r\nx:", UP, &[]), b"", Refused),
        (request("GET", UP, &[("x", "y\r\nauthorization: Bearer z")]), b"", Refused),
        (request("GET", UP, &[("X-Upper", "y")]), b"", Refused),
        (request("GET", UP, &[(":path", "/metrics")]), b"", Refused),
        (request("GET", UP, &[("connection", "authorization")]), b"", Refused),
        (request("GET", UP, &[("transfer-encoding", "chunked")]), b"", Refused),
        (request("GET", UP, &[("host", "127.0.0.1:9090")]), b"", Plain),
        (request("GET", UP, &[("x-http-method-override", "DELETE")]), b"", Plain),
        (request("CONNECT", UP, &[(":protocol", "websocket")]), b"", Refused),
        (request("POST", QUERY, &[form]), b"query=up", Plain),
        (request("POST", QUERY, &[form, ("content-length", "3")]), b"query=up", Refused),
        (request("POST", QUERY, &[form, ("content-length", "8")]), b"query=up", Plain),
    ]
}
