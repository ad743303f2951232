//! The asking half of formation: probe everybody, decide, act, again.

use super::{
    FormationError, PeerNote,
    channel::{self, ChannelError, Secure},
    decide::{Decision, Situation, View, decide},
    desk::{Desk, DeskError, Phase},
    joining,
    message::{HelloPhase, Offer, Reply, Request},
    record::Record,
    status::Waiting,
};
use crate::{
    base::backoff::Backoff,
    model::cluster::Member,
    peer::{data_key::DataKey, identity::IdentityError, join::Answer, resolve::Endpoint},
};
use futures_util::future::join_all;
use std::{
    collections::BTreeMap,
    io,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::timeout;
use tracing::{info, warn};

/// One connection with its request and reply, fsync on the other side included.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(10);

/// Goes on until this node holds a committed record.
pub(super) async fn to_commit(
    desk: &Arc<Desk>,
    secure: Option<&Secure>,
) -> Result<Record, FormationError> {
    let mut backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(1));
    let mut waiting = Waiting::default();
    let mut told = String::new();
    loop {
        if let Phase::Committed(record) = desk.phase() {
            return Ok(record);
        }
        let views = probe_all(desk, secure).await;
        if note_seen(desk, &views) {
            backoff.reset();
        }
        let decision = {
            let (own, phase) = (desk.hello(), desk.phase());
            decide(&Situation { own: &own, phase: &phase, views: &views })
        };
        let text = describe(&decision, &mut waiting);
        if without_age(&text) != told {
            told = without_age(&text);
            info!(status = told, "formation");
        }
        publish(desk, &views, text);
        if act(desk, secure, decision).await? {
            backoff.reset();
            continue;
        }
        tokio::select! {
            () = desk.changed.notified() => {}
            () = tokio::time::sleep(backoff.next_wait()) => {}
        }
    }
}

/// Whom we have reached and found blank.
fn note_seen(desk: &Desk, views: &BTreeMap<String, View>) -> bool {
    let blank = views.iter().filter_map(|(entry, view)| {
        let (hello, _) = view.as_ref().ok()?;
        (hello.phase == HelloPhase::Blank).then(|| (entry.clone(), hello.member.id))
    });
    desk.note_seen(blank.collect())
}

fn describe(decision: &Decision, waiting: &mut Waiting) -> String {
    match decision {
        Decision::Wait(problems) if problems.is_empty() => {
            "everybody is here; waiting for the node with the lowest id to propose".to_owned()
        }
        Decision::Wait(problems) => waiting.text(problems, Instant::now()),
        Decision::Blocked(reason) => reason.clone(),
        Decision::Join { entry, cluster } => {
            format!("joining the cluster {cluster} that {entry} is in")
        }
        Decision::Commit(_) | Decision::Adopt(_) => "taking the agreed record".to_owned(),
        Decision::Abandon(_) => "starting over: an earlier proposal lost a member".to_owned(),
        Decision::Propose(_) | Decision::ProposeAgain(_) => "proposing the cluster".to_owned(),
    }
}

/// For the log: the same trouble is told once, not every second.
pub(super) fn without_age(text: &str) -> String {
    text.rsplit_once(", ").map_or(text, |(head, _)| head).to_owned()
}

fn publish(desk: &Desk, views: &BTreeMap<String, View>, text: String) {
    let peers = views
        .iter()
        .map(|(entry, view)| PeerNote {
            entry: entry.clone(),
            problem: view.as_ref().err().cloned(),
        })
        .collect();
    desk.status.send_modify(|status| {
        status.text = text;
        status.peers = peers;
    });
}

/// Does it; true when the next round should follow at once.
async fn act(
    desk: &Arc<Desk>,
    secure: Option<&Secure>,
    decision: Decision,
) -> Result<bool, FormationError> {
    let outcome = match decision {
        Decision::Wait(_) | Decision::Blocked(_) => return Ok(false),
        Decision::Commit(cluster_id) => blocking(desk, move |desk| desk.commit(&cluster_id)).await,
        Decision::Adopt(offer) => blocking(desk, move |desk| desk.adopt(&offer)).await,
        Decision::Join { entry, cluster } => join(desk, secure, &entry, &cluster).await,
        Decision::Abandon(cluster_id) => {
            blocking(desk, move |desk| desk.abandon(&cluster_id)).await
        }
        Decision::Propose(members) => match new_offer(desk, members).await {
            Ok(offer) => propose(desk, secure, offer).await,
            Err(error) => Err(error),
        },
        Decision::ProposeAgain(record) => {
            let data_key = desk.keys.get(&record.cluster_id)?;
            propose(desk, secure, Offer { record: *record, data_key }).await
        }
    };
    match outcome {
        Ok(()) => Ok(true),
        Err(DeskError::Refused(reason)) => {
            warn!(reason, "formation step not done");
            desk.status.send_modify(|status| status.text = reason);
            Ok(false)
        }
        Err(DeskError::Failed(error)) => Err(error),
    }
}

/// Asks the committed node behind `entry` to let us in.
async fn join(
    desk: &Arc<Desk>,
    secure: Option<&Secure>,
    entry: &str,
    cluster: &str,
) -> Result<(), DeskError> {
    let others = others(desk);
    let Some(known) = others.iter().find(|other| other.to_string() == entry) else {
        return Err(DeskError::Refused(format!("{entry} is not in the list")));
    };
    let not_in = |reason: String| {
        DeskError::Refused(format!("joining the cluster {cluster} that {entry} is in: {reason}"))
    };
    match exchange(secure, known, &Request::Join(Box::new(desk.ask()))).await.map_err(not_in)? {
        Reply::Joining(Answer::Refused { reason }) => Err(not_in(format!(
            "refused: {reason}; or, if {entry} is to be part of a new cluster instead, stop it and \
             move its data directory away"
        ))),
        Reply::Joining(answer) => joining::take(desk, answer).await.map_err(|error| match error {
            DeskError::Refused(reason) => not_in(reason),
            failed @ DeskError::Failed(_) => failed,
        }),
        Reply::Refused { reason } => Err(not_in(reason)),
        Reply::Hello { .. } | Reply::Accepted => Err(not_in("unexpected answer".to_owned())),
    }
}

pub(super) async fn blocking(
    desk: &Arc<Desk>,
    step: impl FnOnce(&Desk) -> Result<(), DeskError> + Send + 'static,
) -> Result<(), DeskError> {
    let desk = Arc::clone(desk);
    let path = desk.dir.dir().to_owned();
    tokio::task::spawn_blocking(move || step(&desk)).await.unwrap_or_else(|error| {
        let source = io::Error::other(error);
        Err(DeskError::Failed(IdentityError::File { path, source }.into()))
    })
}

async fn new_offer(desk: &Arc<Desk>, members: Vec<Member>) -> Result<Offer, DeskError> {
    let data_key = DataKey::mint().map_err(FormationError::from)?;
    let record = Record::propose(&desk.plan, members, &data_key).map_err(FormationError::from)?;
    let offer = Offer { record, data_key };
    let own = offer.clone();
    blocking(desk, move |desk| desk.prepare(&own)).await?;
    Ok(offer)
}

/// Everybody acknowledges, then we commit, then everybody is told (who misses it asks).
async fn propose(desk: &Arc<Desk>, secure: Option<&Secure>, offer: Offer) -> Result<(), DeskError> {
    let cluster_id = offer.record.cluster_id.clone();
    let entries = others(desk);
    let request = Request::Propose(Box::new(offer));
    let asked = entries.iter().map(async |entry| match exchange(secure, entry, &request).await {
        Ok(Reply::Accepted) => Ok(()),
        Ok(Reply::Refused { reason }) => Err(format!("{entry}: {reason}")),
        Ok(Reply::Hello { .. } | Reply::Joining(_)) => Err(format!("{entry}: unexpected answer")),
        Err(reason) => Err(format!("{entry}: {reason}")),
    });
    for answer in join_all(asked).await {
        answer.map_err(DeskError::Refused)?;
    }
    let own = cluster_id.clone();
    blocking(desk, move |desk| desk.commit(&own)).await?;
    let request = Request::Commit { cluster_id };
    let told = entries.iter().map(|entry| exchange(secure, entry, &request));
    let _ = timeout(Duration::from_secs(1), join_all(told)).await;
    Ok(())
}

pub(super) fn others(desk: &Desk) -> Vec<Endpoint> {
    let entries = desk.plan.entries.iter().enumerate();
    entries.filter(|(position, _)| *position != desk.plan.own).map(|(_, e)| e.clone()).collect()
}

async fn probe_all(desk: &Desk, secure: Option<&Secure>) -> BTreeMap<String, View> {
    let entries = others(desk);
    let request = Request::Probe(Box::new(desk.hello()));
    let asked = entries.iter().map(async |entry| {
        let view = match exchange(secure, entry, &request).await {
            Ok(Reply::Hello { hello, offer }) => Ok((*hello, offer.map(|offer| *offer))),
            Ok(Reply::Refused { reason }) => Err(reason),
            Ok(Reply::Accepted | Reply::Joining(_)) => Err("unexpected answer".to_owned()),
            Err(reason) => Err(reason),
        };
        (entry.to_string(), view)
    });
    join_all(asked).await.into_iter().collect()
}

/// One request and its reply on a connection of its own.
async fn exchange(
    secure: Option<&Secure>,
    entry: &Endpoint,
    request: &Request,
) -> Result<Reply, String> {
    let Some(secure) = secure else { return Err("there is no formation token here".to_owned()) };
    let talk = async {
        let no_part = "it takes no part in formation";
        let stream = channel::connect(&secure.client, entry, no_part).await?;
        let mut stream = tokio_rustls::TlsStream::Client(stream);
        let said = async {
            secure.prove_as_client(&mut stream).await?;
            channel::send(&mut stream, request).await?;
            channel::receive(&mut stream).await
        };
        said.await.map_err(|error: ChannelError| match &error {
            ChannelError::Io(io) => channel::explain(io),
            _ => error.to_string(),
        })
    };
    timeout(EXCHANGE_TIMEOUT, talk).await.unwrap_or_else(|_| Err("no answer".to_owned()))
}
