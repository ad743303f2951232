//! A message, a channel, and a mail server that says what it is told to.

use crate::notify::channel::mail::Mail;
use crate::{
    model::{Kind, UnixMs, spec},
    notify::{
        alert::Status,
        channel::SecretValue,
        delivery::About,
        message::{Data, Message, Shown},
        outgoing::{Guard, Lookup},
        testing::Declared,
    },
};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

pub(super) fn message(to: &str) -> Message {
    let labels = [("alertname", "DiskFull"), ("severity", "critical"), ("project", "shop")];
    let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let alert = Shown {
        fingerprint: "00000000000000f1".into(),
        episode: 1,
        status: Status::Firing,
        labels: labels.into(),
        annotations: [("summary".to_owned(), "db-01 is full".to_owned())].into(),
        starts_at: UnixMs(1_700_000_000_000),
        ends_at: None,
        generator_url: "http://prometheus/graph".into(),
        truncated: false,
        flags: Vec::new(),
    };
    let data = Data {
        id: "msg_1".into(),
        cluster: "lab".into(),
        receiver: "ops".into(),
        channel: "mail".into(),
        status: Status::Firing,
        about: About::Firing,
        group_labels: Default::default(),
        local: false,
        merged: 0,
        omitted: 0,
        truncated_alerts: 0,
        alerts: vec![alert],
        test: false,
        to: to.into(),
    };
    Message { kind: "alert.firing", timestamp: UnixMs(1), data }
}

/// A channel to `address`, which it may connect to; `more` fields of its spec. Its password is
/// `hunter2`.
pub(super) fn channel(host: &str, address: SocketAddr, more: Value) -> Mail {
    let mut declared = Declared::new();
    let allow = json!({"outgoing": {"allow": [address.to_string()]}});
    declared.put(Kind::Settings, "default", allow);
    let guard = Guard::of(&declared.state());
    let ip = address.ip();
    let lookup: Lookup = Arc::new(move |name| {
        Box::pin(async move {
            if name == "localhost" { Ok(vec![ip]) } else { Err("no such name".to_owned()) }
        })
    });
    let secrets: SecretValue = Arc::new(|name| match name {
        "smtp" => Ok(crate::base::redact::Secret::new("hunter2".to_owned())),
        _ => Err("it has no value yet".to_owned()),
    });
    let mut spec = json!({
        "type": "mail", "host": host, "port": address.port(), "tls": "none",
        "from": "Watchkeep <alerts@example.org>", "to": ["ops@example.org"], "timeout_seconds": 5,
    });
    spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let spec: spec::Channel = serde_json::from_value(spec).unwrap();
    Mail::new(spec, &guard, &lookup, &secrets).unwrap()
}

/// Answers each command by the first rule whose beginning it has: `("RCPT", "550 no")`. The
/// empty answer closes the connection; `hang` says nothing more; others have one that lets the
/// mail through.
pub(super) struct Scripted {
    pub(super) address: SocketAddr,
    said: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Scripted {
    pub(super) async fn start(rules: &'static [(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = said.clone();
        let task = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                open.spawn(talk(stream, rules, heard.clone()));
            }
        });
        Self { address, said, task }
    }

    /// Everything clients have said, line by line.
    pub(super) fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }
}

async fn talk(
    stream: TcpStream,
    rules: &'static [(&'static str, &'static str)],
    said: Arc<Mutex<Vec<String>>>,
) {
    let mut stream = BufReader::new(stream);
    let mut line = "GREETING".to_owned();
    loop {
        let rule = rules.iter().find(|(start, _)| line.starts_with(start)).map(|(_, say)| *say);
        let say = match (rule, line.as_str()) {
            (Some(say), _) => say,
            (None, "GREETING") => "220 scripted",
            (None, line) if line.starts_with("EHLO") => "250-scripted\r\n250 SIZE 1000000",
            (None, "DATA") => "354 go on",
            (None, _) => "250 ok",
        };
        let in_data = line == "DATA" && say.starts_with("354");
        match say {
            "" => return,
            "hang" => return tokio::time::sleep(Duration::from_secs(60)).await,
            say => {
                let answered = stream.write_all(format!("{say}\r\n").as_bytes()).await;
                if answered.is_err() {
                    return;
                }
            }
        }
        loop {
            line.clear();
            match stream.read_line(&mut line).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            line.truncate(line.trim_end().len());
            said.lock().unwrap().push(line.clone());
            if !in_data || line == "." {
                break;
            }
        }
    }
}
