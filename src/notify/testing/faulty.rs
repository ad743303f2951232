//! An HTTP server that answers as it is told, or does not.

use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// What a [`Faulty`] server does with a request it has read whole.
#[derive(Debug, Clone)]
pub(in crate::notify) enum Answer {
    /// These bytes, then it closes.
    Raw(Vec<u8>),
    /// These bytes, then nothing more.
    RawThenHang(Vec<u8>),
    /// Nothing, for ever.
    Hang,
    /// Closes without a word.
    Reset,
}

impl Answer {
    pub(in crate::notify) fn status(status: u16, body: &str) -> Self {
        Self::with(status, "", body)
    }

    /// `headers` end with `\r\n` each.
    pub(in crate::notify) fn with(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n");
        Self::Raw(format!("{head}{body}").into_bytes())
    }
}

/// An HTTP server that answers as told: the list in order, its last entry for ever.
pub(in crate::notify) struct Faulty {
    pub(in crate::notify) addr: std::net::SocketAddr,
    seen: watch::Sender<Vec<String>>,
    connections: Arc<std::sync::atomic::AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Faulty {
    pub(in crate::notify) async fn start(answers: Vec<Answer>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let seen = watch::Sender::new(Vec::new());
        let connections = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let (kept, counted) = (seen.clone(), connections.clone());
        let task = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                open.spawn(serve(stream, answers.clone(), kept.clone()));
            }
        });
        Self { addr, seen, connections, task }
    }

    /// Whole requests, in order.
    pub(in crate::notify) fn requests(&self) -> Vec<String> {
        self.seen.borrow().clone()
    }

    pub(in crate::notify) fn connections(&self) -> usize {
        self.connections.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Waits until `n` requests were read.
    pub(in crate::notify) async fn received(&self, n: usize) {
        let mut seen = self.seen.subscribe();
        let waited = seen.wait_for(|requests| requests.len() >= n);
        tokio::time::timeout(Duration::from_secs(20), waited)
            .await
            .unwrap_or_else(|_| panic!("{} of {n} requests", self.requests().len()))
            .unwrap();
    }

    /// Stops listening.
    pub(in crate::notify) async fn stop(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

async fn serve(
    mut stream: tokio::net::TcpStream,
    answers: Vec<Answer>,
    seen: watch::Sender<Vec<String>>,
) {
    use tokio::io::AsyncWriteExt as _;
    let Some(request) = read_request(&mut stream).await else { return };
    let mut n = 0;
    seen.send_modify(|requests| {
        n = requests.len();
        requests.push(request);
    });
    match &answers[n.min(answers.len() - 1)] {
        Answer::Raw(bytes) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
        }
        Answer::RawThenHang(bytes) => {
            let _ = stream.write_all(bytes).await;
            std::future::pending::<()>().await;
        }
        Answer::Hang => std::future::pending::<()>().await,
        Answer::Reset => {}
    }
}

/// Head and body of one request with `Content-Length`.
async fn read_request(stream: &mut tokio::net::TcpStream) -> Option<String> {
    use tokio::io::AsyncReadExt as _;
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.parse::<usize>().unwrap());
            if body.len() >= length {
                return Some(text.into_owned());
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
