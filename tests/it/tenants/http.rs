//! Ways to get around a scope with HTTP itself: each request is refused, or answered as the plain
//! one that it is; none shows the other project, opens a tunnel, or changes anything.

use super::{
    Developer, OTHERS, OWN,
    hidden::{CLOSE, hidden, large, second},
    tables::{
        End::{self, Each, Page, Plain, Refused},
        FORMS, LINES, QUERY, TARGETS, UP,
    },
    wire,
};
use std::net::SocketAddr;

impl Developer {
    pub(super) async fn plays_tricks_with_http(&self) {
        let before = self.everything_declared().await;
        let mut wrong = Vec::new();
        for (name, bytes, end) in self.requests() {
            let heard = wire::say(self.address(0), &bytes).await;
            wrong.extend(judge(end, &heard).map(|why| format!("{name:?}: {why}")));
        }
        for (fields, body, end) in second(&self.token) {
            let fields: Vec<_> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let heard = wire::say_2(self.address(0), &fields, body).await;
            wrong.extend(judge_2(end, &heard).map(|why| format!("HTTP/2 {fields:?}: {why}")));
        }
        assert!(wrong.is_empty(), "{} got through:\n{}", wrong.len(), wrong.join("\n"));
        // Answers of connections that are shared behind us are still everybody's own.
        for n in 0..3 {
            self.finds_its_own(n, UP).await;
        }
        let (status, all) = self.demo.call(0, "GET", UP, None).await.unwrap();
        assert!(status == 200 && OTHERS.iter().all(|other| all.to_string().contains(other)));
        assert_eq!(self.everything_declared().await, before, "something was changed");
    }

    fn address(&self, n: usize) -> SocketAddr {
        self.demo.ready.nodes[n].url.trim_start_matches("http://").parse().unwrap()
    }

    async fn everything_declared(&self) -> String {
        let (status, all) = self.demo.call(0, "GET", "/api/v1/export", None).await.unwrap();
        assert_eq!(status, 200);
        all.to_string()
    }

    /// With the name of each.
    fn requests(&self) -> Vec<(String, Vec<u8>, End)> {
        let login = format!("Host: x\r\nAuthorization: Bearer {}\r\n", self.token);
        let mut all = Vec::new();
        for (line, end) in LINES {
            let lines = if line.is_empty() { String::new() } else { format!("{line}\r\n") };
            let close = if line.contains("Connection:") { "" } else { CLOSE };
            let host =
                if line.starts_with("Host:") { &login["Host: x\r\n".len()..] } else { &login };
            let bytes = format!("GET {UP} HTTP/1.1\r\n{host}{close}{lines}\r\n");
            all.push(((*line).to_owned(), bytes.into_bytes(), *end));
        }
        for (target, end) in TARGETS {
            let bytes = format!("{target} HTTP/1.1\r\n{login}{CLOSE}\r\n");
            all.push(((*target).to_owned(), bytes.into_bytes(), *end));
        }
        for (lines, body, end) in FORMS {
            let n = body.len();
            let head = format!(
                "POST {QUERY} HTTP/1.1\r\n{login}{CLOSE}{lines}\r\nContent-Length: {n}\r\n\r\n"
            );
            let bytes = [head.as_bytes(), body].concat();
            all.push((format!("{lines} {}", body.escape_ascii()), bytes, *end));
        }
        all.extend(hidden(&login));
        all.extend(large(&login));
        all
    }
}

/// What is wrong with an answer.
fn judge(end: End, heard: &[u8]) -> Option<String> {
    let (text, statuses) = (String::from_utf8_lossy(heard), wire::statuses(heard));
    let fine = match end {
        Refused => {
            statuses.iter().all(|status| matches!(status, 400..=499 | 501 | 505))
                && statuses.len() < 2
        }
        Plain => statuses == [200] && text.contains(OWN),
        Page => statuses == [200] && text.contains("<!doctype html>"),
        Each(each) => statuses == each && text.contains(OWN),
    };
    let shown = OTHERS.iter().find(|other| text.contains(**other));
    let short: String = text.chars().take(600).collect();
    match shown {
        Some(other) => Some(format!("shows {other}: {short}")),
        None => (!fine).then(|| format!("{end:?} was due, but {statuses:?}: {short}")),
    }
}

/// The same of HTTP/2, whose refusals have a problem or no body.
fn judge_2(end: End, heard: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(heard);
    let own = text.contains(OWN) && text.contains("success");
    let shown = OTHERS.iter().any(|other| text.contains(other));
    let fine = match end {
        Refused => heard.is_empty() || text.contains("\"code\":\"WK-"),
        _ => own,
    };
    (shown || !fine || text.contains("WK-2050")).then(|| format!("{end:?} was due, but: {text}"))
}
