//! Servers that repeat what they are told in their errors.

use data_encoding::BASE64;
use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

pub(super) struct Nasty {
    pub(super) address: SocketAddr,
    pub(super) heard: Arc<Mutex<Vec<String>>>,
}

impl Nasty {
    pub(super) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// Whether a secret was among what was heard, plainly or as SMTP says it.
pub(super) fn holds(heard: &[String], secret: &str) -> bool {
    heard.iter().any(|line| {
        let words = line.split_whitespace().filter_map(|word| BASE64.decode(word.as_bytes()).ok());
        let decoded = words.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        line.contains(secret) || decoded.into_iter().any(|word| word.contains(secret))
    })
}

pub(super) async fn listen(address: &str) -> (TcpListener, Nasty) {
    let listener = TcpListener::bind((address, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, Nasty { address, heard: Arc::default() })
}

/// A mail server that refuses every account and says with which words it was asked; behind TLS,
/// since a password is not sent without. Gives its certificate as PEM, too.
pub(super) async fn mail(address: &str) -> (Nasty, String) {
    let (listener, nasty) = listen(address).await;
    let heard = Arc::clone(&nasty.heard);
    let (tls, certificate) = tls_of(address);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(refuse(tls.clone(), stream, Arc::clone(&heard)));
        }
    });
    (nasty, certificate)
}

/// A certificate for this address that stands for itself, and its PEM.
pub(super) fn tls_of(address: &str) -> (TlsAcceptor, String) {
    let own = rcgen::generate_simple_self_signed(vec![address.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(tls)), own.cert.pem())
}

async fn refuse(
    tls: TlsAcceptor,
    stream: TcpStream,
    heard: Arc<Mutex<Vec<String>>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(tls.accept(stream).await?);
    stream.write_all(b"220 nasty ESMTP\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end().to_owned();
        heard.lock().unwrap().push(line.clone());
        let plain: String = line.split_whitespace().last().map(decoded).unwrap_or_default();
        let answer = match line.split(' ').next().unwrap_or_default() {
            "EHLO" => "250-nasty\r\n250 AUTH PLAIN LOGIN\r\n".to_owned(),
            "AUTH" => format!("535 5.7.8 refused: you said {line} which is {plain}\r\n"),
            "QUIT" => "221 bye\r\n".to_owned(),
            _ => format!("550 what is {line}\r\n"),
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

fn decoded(word: &str) -> String {
    let bytes = BASE64.decode(word.as_bytes()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}

/// A web server that refuses every request and sends it back.
pub(super) async fn web(address: &str) -> Nasty {
    let (listener, nasty) = listen(address).await;
    let heard = Arc::clone(&nasty.heard);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let heard = Arc::clone(&heard);
            tokio::spawn(async move {
                let mut part = vec![0; 64 << 10];
                let n = stream.read(&mut part).await.unwrap_or(0);
                let said = String::from_utf8_lossy(&part[..n]).into_owned();
                let answer = format!(
                    "HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}",
                    said.len()
                );
                heard.lock().unwrap().push(said);
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    nasty
}
