//! Ten thousand guesses, spread over three nodes and many addresses, are throttled as one.

use crate::harness::nodes::Nodes;
use serde_json::json;
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

const NET: &str = "127.0.41";
const PER_MINUTE: usize = 10;

/// Guesses from one address, `n` of them, at all nodes in turn; how often each status came.
async fn guess(
    nodes: &Nodes,
    from: Ipv4Addr,
    n: usize,
    user: impl Fn(usize) -> String,
) -> BTreeMap<u16, usize> {
    let client = reqwest::Client::builder().no_proxy().local_address(IpAddr::V4(from));
    let client = client.timeout(Duration::from_secs(60)).build().unwrap();
    let mut answers = BTreeMap::new();
    for try_n in 0..n {
        let url =
            format!("{}/api/v1/session", nodes.url((try_n + usize::from(from.octets()[3])) % 3));
        let body = json!({"user": user(try_n), "password": format!("guess number {try_n}")});
        let answer = client.post(url).json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        if status == 429 {
            let wait = answer.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
        }
        *answers.entry(status).or_default() += 1;
    }
    answers
}

fn windows(since: Instant) -> usize {
    usize::try_from(since.elapsed().as_secs()).unwrap() / 60 + 1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_guesses_over_three_nodes_are_throttled_as_one() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let nodes = Nodes::start(3, NET);
    nodes.first_write().await;
    for n in 0..3 {
        nodes.healthy(n).await;
    }
    // One account, from fifty addresses that have hardly been heard of each.
    let began = Instant::now();
    let sources = (1..=50).map(|n| Ipv4Addr::new(127, 7, 0, n));
    let all = sources.map(|from| guess(&nodes, from, 200, |_| "admin".to_owned()));
    let all = futures_util::future::join_all(all).await;
    let sum = |status| all.iter().filter_map(|answers| answers.get(&status)).sum::<usize>();
    let (looked_at, refused) = (sum(401), sum(429));
    println!(
        "one account: 10000 guesses in {:?}: {looked_at} looked at, {refused} refused",
        began.elapsed()
    );
    assert_eq!(looked_at + refused, 10_000, "{all:?}");
    assert!(looked_at >= 1 && looked_at <= PER_MINUTE * windows(began), "{looked_at}");

    // One address, a new account each time.
    let began = Instant::now();
    let from = Ipv4Addr::new(127, 7, 1, 1);
    let answers = guess(&nodes, from, 600, |try_n| format!("user-{try_n}")).await;
    let looked_at = answers.get(&401).copied().unwrap_or_default();
    println!("one address: 600 guesses in {:?}: {answers:?}", began.elapsed());
    assert!(looked_at >= 1 && looked_at <= PER_MINUTE * windows(began), "{answers:?}");
    assert_eq!(answers.values().sum::<usize>(), looked_at + answers.get(&429).unwrap());
}
