//! HTTP as bytes: what no client would send.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// A server that says nothing for so long waits for more.
const SILENCE: Duration = Duration::from_secs(3);
/// HTTP/2: kinds of frames, and flags.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;

/// Everything that comes back for these bytes, until the server closes or waits.
pub(super) async fn say(to: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(to).await.unwrap();
    // The server may refuse before it has read everything.
    let _ = stream.write_all(bytes).await;
    let mut heard = Vec::new();
    while let Ok(Ok(1..)) = timeout(SILENCE, stream.read_buf(&mut heard)).await {}
    heard
}

/// The status of each answer in turn but for interim ones.
pub(super) fn statuses(heard: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(heard);
    let mut found = Vec::new();
    for part in text.split("HTTP/1.").skip(1) {
        let status: Option<u16> = part.get(2..5).and_then(|digits| digits.parse().ok());
        found.extend(status.filter(|status| *status != 100));
    }
    found
}

/// An HTTP/2 request whose fields are sent as they are, and what comes back as data.
pub(super) async fn say_2(to: SocketAddr, fields: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    frame(&mut bytes, SETTINGS, 0, 0, &[]);
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0); // A literal, not to be remembered.
        text(&mut block, name);
        text(&mut block, value);
    }
    let end = if body.is_empty() { END_STREAM } else { 0 };
    frame(&mut bytes, HEADERS, END_HEADERS | end, 1, &block);
    if !body.is_empty() {
        frame(&mut bytes, DATA, END_STREAM, 1, body);
    }
    let mut stream = TcpStream::connect(to).await.unwrap();
    let _ = stream.write_all(&bytes).await;
    let mut said = Vec::new();
    while let Ok(Some((kind, flags, body))) = timeout(SILENCE, read_frame(&mut stream)).await {
        match kind {
            DATA => said.extend(body),
            SETTINGS if flags & ACK == 0 => {
                let mut ack = Vec::new();
                frame(&mut ack, SETTINGS, ACK, 0, &[]);
                let _ = stream.write_all(&ack).await;
            }
            _ => {}
        }
        if kind <= HEADERS && flags & END_STREAM != 0 {
            break;
        }
    }
    said
}

async fn read_frame(stream: &mut TcpStream) -> Option<(u8, u8, Vec<u8>)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.ok()?;
    let n = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut body = vec![0; n as usize];
    stream.read_exact(&mut body).await.ok()?;
    Some((head[3], head[4], body))
}

fn frame(into: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, body: &[u8]) {
    let n = u32::try_from(body.len()).unwrap().to_be_bytes();
    into.extend([n[1], n[2], n[3], kind, flags]);
    into.extend(stream.to_be_bytes());
    into.extend(body);
}

/// A string of HPACK without Huffman's code.
fn text(into: &mut Vec<u8>, text: &str) {
    let n = u8::try_from(text.len()).unwrap();
    match n.checked_sub(127) {
        None => into.push(n),
        Some(rest) if rest < 128 => into.extend([127, rest]),
        Some(rest) => into.extend([127, rest | 128, 1]),
    }
    into.extend(text.as_bytes());
}
