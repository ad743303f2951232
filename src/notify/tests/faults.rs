//! A webhook through faults, over a cluster in memory and real HTTP and HTTPS servers: what the
//! receipts say is exactly what happened.

use crate::{
    model::Kind,
    notify::{
        delivery::Class,
        flow_tests::{Node, declared, tuning, within},
        receipt::{Receipt, State},
        testing::{Answer, Faulty, Shared},
    },
};
use serde_json::json;
use std::{net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

fn classes(receipt: &Receipt) -> Vec<Class> {
    receipt.attempts.iter().map(|attempt| attempt.outcome.as_ref().unwrap().class).collect()
}

fn answers(receipt: &Receipt) -> Vec<&str> {
    receipt
        .attempts
        .iter()
        .map(|attempt| attempt.outcome.as_ref().unwrap().reason.as_str())
        .collect()
}

/// The header `webhook-id` of each request.
fn ids(server: &Faulty) -> Vec<String> {
    let id = |request: &String| {
        let line = request.lines().find(|line| line.to_ascii_lowercase().starts_with("webhook-id"));
        line.unwrap().split_once(": ").unwrap().1.to_owned()
    };
    server.requests().iter().map(id).collect()
}

#[tokio::test]
async fn every_fault_on_the_way_to_the_end_is_in_the_receipt_with_its_answer() {
    let server = Faulty::start(vec![
        Answer::status(500, "boom"),
        Answer::with(429, "Retry-After: 1\r\n", "slow down"),
        Answer::Hang,
        Answer::Reset,
        Answer::status(200, "ok"),
    ])
    .await;
    let hook = format!("http://{}/hook?token=topsecret", server.addr);
    let shared = Shared::new(declared(&[("hook", hook)]));
    let node = Node::start(&shared, 1).await;
    assert_eq!(node.post(&[("X", "firing", 1_000)], "").await, 200);
    let receipts = node.ended(1).await;
    let receipt = &receipts[0];
    assert_eq!((receipt.state, receipt.n_attempts), (State::Delivered, 5));
    assert_eq!(
        classes(receipt),
        [Class::Retry, Class::Limited, Class::Unknown, Class::Unknown, Class::Delivered]
    );
    let answers = answers(receipt);
    for (answer, words) in answers.iter().zip([
        "HTTP 500",
        "HTTP 429",
        "no answer in time",
        "may have arrived",
        "HTTP 200",
    ]) {
        assert!(answer.contains(words), "{answers:?}");
    }
    // The wait that was asked for was kept.
    let at: Vec<u64> = receipt.attempts.iter().map(|attempt| attempt.at.0).collect();
    assert!(at[2] - at[1] >= 1_000, "{at:?}");
    let ids = ids(&server);
    assert_eq!(ids.len(), 5);
    assert!(ids.iter().all(|id| *id == format!("msg_{}", receipt.id)), "{ids:?}");
    assert!(!format!("{receipts:?}").contains("topsecret"));
}

#[tokio::test]
async fn an_untrusted_certificate_is_tried_again_and_named_until_the_channel_is_put_right() {
    let untrusted = https().await;
    let server = Faulty::start(vec![Answer::status(200, "ok")]).await;
    let hook = format!("https://{untrusted}/hook");
    let mut first = declared(&[("hook", hook)]);
    let allow = json!({"outgoing": {"allow": [untrusted.to_string(), server.addr.to_string()]}});
    first.put(Kind::Settings, "default", allow);
    let shared = Shared::new(first);
    let node = Node::start(&shared, 1).await;
    assert_eq!(node.post(&[("X", "firing", 1_000)], "").await, 200);
    node.receipts(|all| all.first().is_some_and(|receipt| receipt.n_attempts >= 2)).await;
    let right = json!({"type": "webhook", "url": format!("http://{}/hook", server.addr)});
    shared.declared.lock().unwrap().put(Kind::Channel, "hook", right);
    let receipts = node.ended(1).await;
    let (classes, answers) = (classes(&receipts[0]), answers(&receipts[0]));
    assert_eq!((receipts[0].state, classes.last()), (State::Delivered, Some(&Class::Delivered)));
    assert!(classes.len() >= 3 && classes[..classes.len() - 1].iter().all(|c| *c == Class::Retry));
    assert!(answers[0].contains("certificate"), "{answers:?}");
    assert_eq!(server.requests().len(), 1);
}

/// An HTTPS server nobody trusts.
async fn https() -> SocketAddr {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let cert = params.self_signed(&key).unwrap();
    let der = rustls_pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], der)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let _ = acceptor.accept(stream).await;
        }
    });
    address
}

#[tokio::test]
async fn the_next_leader_goes_on_where_the_sender_stopped_and_the_receipt_names_both() {
    let server = Faulty::start(vec![Answer::Hang, Answer::status(200, "ok")]).await;
    let hook = format!("http://{}/hook", server.addr);
    let shared = Shared::new(declared(&[("hook", hook)]));
    let (first, second) = (
        Node::start_with(&shared, 1, tuning()).await,
        Node::start_with(&shared, 2, tuning()).await,
    );
    assert_eq!(first.post(&[("X", "firing", 1_000)], "").await, 200);
    within("the first attempt", server.received(1)).await;
    // It is gone in the middle of sending: nobody will know how that ended.
    first.kill();
    shared.lead(crate::model::NodeId(2));
    let receipts = second.ended(1).await;
    let nodes: Vec<u64> = receipts[0].attempts.iter().map(|attempt| attempt.node.0).collect();
    assert_eq!((receipts[0].state, nodes), (State::Delivered, vec![1, 2]));
    assert_eq!(classes(&receipts[0])[0], Class::Unknown);
    let ids = ids(&server);
    assert_eq!((ids.len(), &ids[0]), (2, &ids[1]));
}
