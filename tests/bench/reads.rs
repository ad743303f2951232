//! What people read: queries past the portal's door beside the same asked of Prometheus itself,
//! with and without a scope, and lists.

use super::{
    demo_replicas,
    harness::{demo::Demo, wait::eventually},
    ms, percentile, print,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const SPAN: Duration = Duration::from_secs(6);
const CLIENTS: [usize; 3] = [1, 10, 100];
const QUERY: &str = "sum by (instance) (rate(node_cpu_seconds_total[5m]))";
const PATIENCE: Duration = Duration::from_secs(60);
const LISTS: [&str; 5] = [
    "/api/v1/targets?limit=50",
    "/api/v1/rule-groups?limit=50",
    "/api/v1/observed/targets?limit=50",
    "/api/v1/alerts?limit=50",
    "/api/v1/receipts?limit=50",
];

/// One way to ask.
struct Door {
    what: &'static str,
    url: String,
    token: Option<String>,
}

pub async fn reads() {
    let demo = Demo::start().await;
    let direct = direct(&demo).await;
    let portal = format!("{}/prometheus/api/v1/query", demo.ready.nodes[0].url);
    let door = |what, url: &str, token: Option<&str>| Door {
        what,
        url: url.to_owned(),
        token: token.map(str::to_owned),
    };
    let scoped = scoped(&demo).await;
    let doors = [
        door("prometheus itself", &direct, None),
        door("portal, everything", &portal, Some(&demo.ready.admin.token)),
        door("portal, one project", &portal, Some(&scoped)),
    ];
    for clients in CLIENTS {
        for door in &doors {
            queries(&demo, door, clients).await;
        }
    }
    for (what, token) in [("everything", &demo.ready.admin.token), ("one project", &scoped)] {
        for path in LISTS {
            list(&demo, what, token, path).await;
        }
    }
}

/// The address of a Prometheus that has something to say.
async fn direct(demo: &Demo) -> String {
    let replica = demo_replicas(demo).await.remove(0);
    let url = replica.split("/rules?").next().map(|base| format!("{base}/query")).unwrap();
    eventually("rates of both hosts", PATIENCE, || async {
        let asked = demo.ask_at(&url).query(&[("query", QUERY)]).send().await;
        let text = asked.map_err(|e| e.to_string())?.text().await.map_err(|e| e.to_string())?;
        let answer: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        match answer["data"]["result"].as_array().map(Vec::len) {
            Some(2..) => Ok(()),
            _ => Err(text),
        }
    })
    .await;
    url
}

async fn scoped(demo: &Demo) -> String {
    let new = json!({"name": "bench", "role": "developer", "scope": ["project=\"web-shop\""]});
    let (status, made) = demo.call(0, "POST", "/api/v1/tokens", Some(new)).await.unwrap();
    assert_eq!(status, 201, "{made}");
    made["token"].as_str().unwrap().to_owned()
}

async fn queries(demo: &Demo, door: &Door, clients: usize) {
    let request = || {
        let request = match &door.token {
            Some(token) => demo.http.get(&door.url).bearer_auth(token),
            None => demo.ask_at(&door.url),
        };
        request.query(&[("query", QUERY)])
    };
    let (rate, mut times) = load(clients, &request).await;
    print(json!({
        "figure": "query", "of": door.what, "clients": clients, "per_second": rate,
        "latency_ms": {"p50": ms(percentile(&mut times, 50)), "p99": ms(percentile(&mut times, 99))},
    }));
}

async fn list(demo: &Demo, what: &str, token: &str, path: &str) {
    let url = format!("{}{path}", demo.ready.nodes[0].url);
    let (rate, mut times) = load(10, &|| demo.http.get(&url).bearer_auth(token)).await;
    print(json!({
        "figure": "list", "of": path, "shown": what, "clients": 10, "per_second": rate,
        "latency_ms": {"p50": ms(percentile(&mut times, 50)), "p99": ms(percentile(&mut times, 99))},
    }));
}

/// So many clients that ask again as soon as they are answered: answers a second, and each's time.
async fn load(
    clients: usize,
    request: &impl Fn() -> reqwest::RequestBuilder,
) -> (f64, Vec<Duration>) {
    let started = Instant::now();
    let one = async |_| {
        let mut times = Vec::new();
        while started.elapsed() < SPAN {
            let begun = Instant::now();
            let answer = request().send().await.unwrap();
            assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
            answer.bytes().await.unwrap();
            times.push(begun.elapsed());
        }
        times
    };
    let all = futures_util::future::join_all((0..clients).map(one)).await;
    let times: Vec<Duration> = all.into_iter().flatten().collect();
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = (times.len() as f64 / started.elapsed().as_secs_f64()).round();
    (rate, times)
}
