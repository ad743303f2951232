//! Bodies of webhooks: plain, packed, damaged, too large.

use super::*;
use flate2::{Compression, write::GzEncoder};
use futures_util::stream;

fn inbound(encoding: Option<&str>, chunks: Vec<Bytes>) -> Inbound {
    Inbound {
        receiver: "ops".into(),
        sender: "a test".into(),
        encoding: encoding.map(str::to_owned),
        body: stream::iter(chunks.into_iter().map(Ok)).boxed(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn in_chunks(bytes: &[u8]) -> Vec<Bytes> {
    bytes.chunks(50_000).map(Bytes::copy_from_slice).collect()
}

#[tokio::test]
async fn plain_and_gzip_bodies_come_out_the_same() {
    let text: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
    let budget = Budget::default();
    for encoding in [None, Some("identity")] {
        let read = budget.read(&mut inbound(encoding, in_chunks(&text))).await.unwrap();
        assert!(read.bytes == text);
    }
    let read = budget.read(&mut inbound(Some("gzip"), in_chunks(&gzip(&text)))).await.unwrap();
    assert!(read.bytes == text);
}

#[tokio::test]
async fn what_inflates_beyond_the_limit_is_too_large_however_small_it_came() {
    let bomb = gzip(&vec![0; MAX_BODY_BYTES + 1]);
    assert!(bomb.len() < MAX_BODY_BYTES / 100);
    let refused = Budget::default().read(&mut inbound(Some("gzip"), in_chunks(&bomb))).await;
    assert!(matches!(refused, Err(BodyError::TooLarge)));
    let whole = gzip(&vec![0; MAX_BODY_BYTES]);
    let read = Budget::default().read(&mut inbound(Some("gzip"), in_chunks(&whole))).await.unwrap();
    assert_eq!(read.bytes.len(), MAX_BODY_BYTES);
}

#[tokio::test]
async fn an_over_large_body_is_read_to_its_end_so_that_the_answer_is_heard() {
    let chunk = Bytes::from(vec![b'x'; 1 << 20]);
    let mut too_large = inbound(None, vec![chunk; (MAX_BODY_BYTES >> 20) + 3]);
    let refused = Budget::default().read(&mut too_large).await;
    assert!(matches!(refused, Err(BodyError::TooLarge)));
    assert!(too_large.body.next().await.is_none(), "something is left unread");
}

#[tokio::test]
async fn a_damaged_or_unknown_encoding_is_named() {
    let half = gzip(b"{\"version\": \"4\"}");
    let budget = Budget::default();
    for broken in [&half[..half.len() - 5], b"{}".as_slice()] {
        let refused = budget.read(&mut inbound(Some("gzip"), in_chunks(broken))).await;
        assert!(matches!(refused, Err(BodyError::Damaged(_))), "{:?}", refused.err());
    }
    let refused = budget.read(&mut inbound(Some("zstd"), Vec::new())).await.err().unwrap();
    assert!(refused.to_string().contains("`zstd`"), "{refused}");
}

#[tokio::test]
async fn a_body_without_room_is_asked_to_come_again_and_fits_once_there_is_room() {
    let budget = Budget(Arc::new(Semaphore::new(2)));
    let body = vec![Bytes::from(vec![1; BLOCK_BYTES + 1])];
    let held = budget.read(&mut inbound(None, body.clone())).await.unwrap();
    let busy = budget.read(&mut inbound(None, body.clone())).await;
    assert!(matches!(busy, Err(BodyError::Busy)));
    drop(held);
    budget.read(&mut inbound(None, body)).await.unwrap();
}
