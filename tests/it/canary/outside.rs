//! Sign-in by others, none of whom keeps anything to himself: an OpenID provider and a directory
//! that refuse everybody and repeat what they were told in their words.

use super::{
    LDAP, Story,
    nasty::{self, Nasty},
};
use crate::harness::{
    node::{Node, PATIENCE},
    wait::eventually,
};
use data_encoding::BASE64;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// The OpenID provider; the directory and its certificate as PEM.
pub(super) async fn servers(address: &str) -> (Nasty, (Nasty, String)) {
    (provider(address).await, directory(address).await)
}

/// Follows a node's events; what it told is in what is returned, also after it ended.
pub(super) async fn listen_to_events(node: &Node, token: &str) -> Arc<Mutex<Vec<u8>>> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = eventually("the stream of events", PATIENCE, || async {
        let request = http.get(format!("{}/api/v1/events", node.plan.url())).bearer_auth(token);
        let answer = request.send().await.map_err(|error| error.to_string())?;
        answer.error_for_status().map_err(|error| error.to_string())
    })
    .await;
    let into = Arc::clone(&told);
    tokio::spawn(async move {
        let mut parts = answer.bytes_stream();
        while let Some(Ok(part)) = parts.next().await {
            into.lock().unwrap().extend_from_slice(&part);
        }
    });
    told
}

/// A provider that is well until somebody brings a code.
async fn provider(address: &str) -> Nasty {
    let (listener, nasty) = nasty::listen(address).await;
    let (heard, own) = (Arc::clone(&nasty.heard), nasty.address);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, own, Arc::clone(&heard)));
        }
    });
    nasty
}

async fn answer(mut stream: TcpStream, own: SocketAddr, heard: Arc<Mutex<Vec<String>>>) {
    let mut said = Vec::new();
    let mut part = vec![0; 64 << 10];
    // A form comes after its head, perhaps in a part of its own.
    while let Ok(n @ 1..) = stream.read(&mut part).await {
        said.extend_from_slice(&part[..n]);
        let text = String::from_utf8_lossy(&said);
        if text.starts_with("GET ") && text.ends_with("\r\n\r\n") || text.contains("grant_type") {
            break;
        }
    }
    let said = String::from_utf8_lossy(&said).into_owned();
    let (status, body) = match said.split(' ').nth(1).unwrap_or_default() {
        "/.well-known/openid-configuration" => (
            200,
            json!({
                "issuer": format!("http://{own}"),
                "authorization_endpoint": format!("http://{own}/authorize"),
                "token_endpoint": format!("http://{own}/token"),
                "jwks_uri": format!("http://{own}/keys"),
                "response_types_supported": ["code"],
            })
            .to_string(),
        ),
        "/keys" => (200, json!({"keys": []}).to_string()),
        _ => {
            let basic =
                said.split_whitespace().filter_map(|word| BASE64.decode(word.as_bytes()).ok());
            let plain: String =
                basic.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
            let words = format!("you said {said} which is {plain}");
            (400, json!({"error": words.clone(), "error_description": words}).to_string())
        }
    };
    heard.lock().unwrap().push(said);
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

/// A directory that refuses to know whoever asks.
async fn directory(address: &str) -> (Nasty, String) {
    let (listener, nasty) = nasty::listen(address).await;
    let heard = Arc::clone(&nasty.heard);
    let (tls, certificate) = nasty::tls_of(address);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (heard, tls) = (Arc::clone(&heard), tls.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = tls.accept(stream).await else { return };
                let mut part = vec![0; 4096];
                while let Ok(n @ 1..) = stream.read(&mut part).await {
                    let said = String::from_utf8_lossy(&part[..n]).into_owned();
                    let words = format!("you said {said}");
                    heard.lock().unwrap().push(said);
                    if stream.write_all(&refusal(part[4], &words)).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (nasty, certificate)
}

/// `invalidCredentials` to a bind, with these words; short forms of BER's lengths only.
fn refusal(id: u8, words: &str) -> Vec<u8> {
    let words: Vec<u8> = words.bytes().take(100).collect();
    let n = u8::try_from(words.len()).unwrap();
    let mut bind = vec![0x0a, 1, 49, 4, 0, 4, n];
    bind.extend(words);
    let mut message = vec![0x30, n + 12, 2, 1, id, 0x61, n + 7];
    message.extend(bind);
    message
}

impl Story {
    /// With each of the two in turn, since both are told their secret when somebody signs in.
    pub(super) async fn asks_servers_that_repeat_what_they_hear_who_signs_in(&mut self) {
        let grants = json!([{"group": "ops", "role": "viewer"}]);
        let settings = self.call("GET", "/api/v1/settings/default", Value::Null).await.unwrap();
        let mut spec = settings["spec"].clone();
        spec["sign_in"] = json!({
            "oidc": {"issuer": format!("http://{}", self.oidc.address), "client_id": "watchkeep",
                     "client_secret": "oidc", "grants": grants},
            "ldap": {"url": format!("ldaps://{}", self.ldap.address), "ca": self.ldap_certificate,
                     "base": "dc=example",
                     "bind_dn": "cn=reader,dc=example", "bind_password": "ldap", "grants": grants},
        });
        self.call("PUT", "/api/v1/settings/default", json!({ "spec": spec })).await.unwrap();
        for n in 0..self.nodes.len() {
            self.signs_in_by_the_provider(n).await;
            self.signs_in_by_the_directory(n).await;
        }
    }

    async fn signs_in_by_the_provider(&mut self, n: usize) {
        let http = reqwest::Client::builder().no_proxy();
        let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let url = format!("{}/api/v1/session/oidc", self.nodes[n].plan.url());
        // A node that has not heard of the settings yet sends nobody to the provider.
        let (cookie, to) = eventually("the way to the provider", PATIENCE, || async {
            let answer = http.get(&url).send().await.map_err(|error| error.to_string())?;
            let header = |name: &str| answer.headers().get(name)?.to_str().ok().map(str::to_owned);
            let to = header("location").filter(|to| to.contains("/authorize?"));
            let to = to.ok_or_else(|| format!("{answer:?}"))?;
            Ok((header("set-cookie").unwrap(), to))
        })
        .await;
        let state = to.split(['?', '&']).find(|field| field.starts_with("state=")).unwrap();
        let back = format!("{url}/callback?code=some&{state}");
        let cookie = cookie.split(';').next().unwrap();
        let answer = http.get(back).header("cookie", cookie).send().await.unwrap();
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(to.contains("refused=WK-2028"), "{to}");
        self.errors.push(format!(
            "{:?} {}",
            answer.headers().clone(),
            answer.text().await.unwrap()
        ));
    }

    async fn signs_in_by_the_directory(&mut self, n: usize) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/api/v1/session", self.nodes[n].plan.url());
        let form = json!({"user": "ann", "password": "anything"});
        let answer = http.post(url).json(&form).send().await.unwrap();
        assert!(!answer.status().is_success(), "{}", answer.status());
        self.errors.push(answer.text().await.unwrap());
        assert!(nasty::holds(&self.ldap.heard(), LDAP), "{:?}", self.ldap.heard());
    }
}
