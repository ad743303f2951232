//! Durable writes of 256 bytes as fast as so many clients get answers, whatever takes them.

use super::{harness::nodes::Nodes, ms, percentile};
use serde_json::{Value, json};
use std::{
    future::Future,
    io::Write as _,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

const SPAN: Duration = Duration::from_secs(8);
/// Length of each value.
pub const VALUE: usize = 256;
/// Connections to each node are shared, as client libraries do.
const CONNECTIONS: usize = 8;

/// Something that keeps what it acknowledges.
pub trait Writable: Sync {
    /// Writes `value` under a name that nobody has used, to one of its nodes.
    fn write(&self, client: usize, name: String, value: String) -> impl Future<Output = ()> + Send;
}

/// What a load came to.
pub struct Rate {
    pub per_second: f64,
    times: Vec<Duration>,
}

impl Rate {
    pub fn into(mut self, figure: &mut Value) {
        figure["value"] = json!(self.per_second.round());
        let (p50, p99) = (percentile(&mut self.times, 50), percentile(&mut self.times, 99));
        figure["latency_ms"] = json!({"p50": ms(p50), "p99": ms(p99)});
    }
}

pub async fn rate(to: &impl Writable, clients: usize) -> Rate {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let started = Instant::now();
    let one = async |client: usize| {
        let mut times = Vec::new();
        while started.elapsed() < SPAN {
            let name = format!("w{clients}-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
            let begun = Instant::now();
            to.write(client, name, "x".repeat(VALUE)).await;
            times.push(begun.elapsed());
        }
        times
    };
    let all = futures_util::future::join_all((0..clients).map(one)).await;
    let times: Vec<Duration> = all.into_iter().flatten().collect();
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let per_second = times.len() as f64 / started.elapsed().as_secs_f64();
    Rate { per_second, times }
}

/// Clients that speak HTTP/2 without TLS.
pub fn connections() -> Vec<reqwest::Client> {
    let one = || reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    std::iter::repeat_with(one).take(CONNECTIONS).collect()
}

/// The API of our own nodes, with everything that is judged and remembered of a write.
pub struct Api {
    http: Vec<reqwest::Client>,
    urls: [String; 3],
    token: String,
}

impl Api {
    pub fn new(nodes: &Nodes, token: &str) -> Self {
        let urls = [0, 1, 2].map(|n| nodes.url(n));
        Self { http: connections(), urls, token: token.to_owned() }
    }
}

impl Writable for Api {
    async fn write(&self, client: usize, name: String, value: String) {
        let url = format!("{}/api/v1/departments/{name}", self.urls[client % self.urls.len()]);
        let body = json!({"kind": "department", "name": name, "spec": {"title": value}});
        let request = self.http[client / 3 % CONNECTIONS].put(url);
        let answer = request.bearer_auth(&self.token).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        answer.bytes().await.unwrap();
    }
}

/// p50 and p99 of 200 appends of 4 KiB with fdatasync, on the disk the nodes use.
pub fn fsync_latency(dir: &Path) -> (f64, f64) {
    let mut file = std::fs::File::create(dir.join("fsync")).unwrap();
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            file.write_all(&[7; 4096]).unwrap();
            let started = Instant::now();
            file.sync_data().unwrap();
            started.elapsed()
        })
        .collect();
    (ms(percentile(&mut times, 50)), ms(percentile(&mut times, 99)))
}
