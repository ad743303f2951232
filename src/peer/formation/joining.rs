//! Joining with a node token: such a machine never forms a cluster, it asks one entry after the
//! other to be let in until one does.

use super::{
    FormationError,
    desk::{Desk, DeskError, Phase},
    drive::{blocking, others, without_age},
    record::Record,
    status::Waiting,
};
use crate::{
    base::backoff::Backoff,
    peer::join::{Answer, JoinClient, NodeToken},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tracing::info;

/// Goes on until this node holds the record of the cluster that has let it in.
pub(super) async fn to_member(
    desk: &Arc<Desk>,
    token: &NodeToken,
) -> Result<Record, FormationError> {
    let client = JoinClient::new(token.clone())?;
    let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(3));
    let (mut waiting, mut told) = (Waiting::default(), String::new());
    loop {
        let mut problems = Vec::new();
        for entry in others(desk) {
            if let Phase::Committed(record) = desk.phase() {
                return Ok(record);
            }
            let problem = match client.ask(&entry, desk.ask()).await {
                Ok(answer) => match take(desk, answer).await {
                    Ok(()) => continue,
                    Err(DeskError::Refused(reason)) => reason,
                    Err(DeskError::Failed(error)) => return Err(error),
                },
                Err(reason) => reason,
            };
            problems.push((entry.to_string(), problem));
        }
        if let Phase::Committed(record) = desk.phase() {
            return Ok(record);
        }
        let text = waiting.said("joining through", &problems, Instant::now());
        if without_age(&text) != told {
            told = without_age(&text);
            info!(status = told, "joining");
        }
        desk.status.send_modify(|status| status.text = text);
        tokio::time::sleep(backoff.next_wait()).await;
    }
}

/// Acts on an answer: writes the record of a cluster that has let us in.
pub(super) async fn take(desk: &Arc<Desk>, answer: Answer) -> Result<(), DeskError> {
    match answer {
        Answer::Welcome(offer) => blocking(desk, move |desk| desk.adopt(&offer)).await,
        Answer::Wait { reason } => Err(DeskError::Refused(reason)),
        Answer::Refused { reason } => Err(DeskError::Refused(format!("refused: {reason}"))),
    }
}
