//! Lets machines in: judges who asks and writes it down, on any member.

use super::{
    Patience, command,
    judge::{Facts, Verdict, judge},
    rows,
};
use crate::{
    base::clock::now_unix_ms,
    model::{
        NodeId, UnixMs,
        audit::{Note, Verb},
        cluster::Member,
        standing::{FORMATION_TOKEN_ID, Standing},
    },
    peer::{
        data_key::DataKey,
        formation::{Offer, Record},
        join::{Answer, Ask, Credential, Gatekeeper, token_hash},
    },
    store::{Store, WriteError, command::Change},
};
use futures_util::future::BoxFuture;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

/// For finding a quorum, and for the write.
const DEADLINE: Duration = Duration::from_secs(5);
/// Longest text of a machine's own that is kept, in characters.
const TEXT_MAX: usize = 300;

/// For how long a node has not been heard; `None` = it was never heard of.
pub type Heard = Arc<dyn Fn(NodeId) -> Option<Duration> + Send + Sync>;

/// Hears of every machine that was refused, for the audit.
pub type Refused = Arc<dyn Fn(Note) + Send + Sync>;

/// Decides for this member.
pub struct Gate {
    store: Store,
    heard: Heard,
    record: Record,
    data_key: DataKey,
    patience: Patience,
    refused: Refused,
    started: Instant,
}

impl Gate {
    /// `record` and `data_key` are what a new node is given.
    #[must_use]
    pub fn new(
        store: Store,
        heard: Heard,
        record: Record,
        data_key: DataKey,
        patience: Patience,
        refused: Refused,
    ) -> Self {
        Self { store, heard, record, data_key, patience, refused, started: Instant::now() }
    }

    async fn decide(
        &self,
        ask: &Ask,
        shown: (&str, &str),
        from: SocketAddr,
    ) -> anyhow::Result<Verdict> {
        self.store.barrier(DEADLINE).await?;
        loop {
            let state = self.store.state();
            if state.members.is_empty() {
                return Ok(Verdict::Wait("the cluster is still being formed".into()));
            }
            let unchanged = rows::standing_unchanged(&self.store, ask.member.id)?;
            let token = rows::token(&self.store, shown.0)?;
            let standings = rows::standings(&self.store)?;
            let verdict = judge(&Facts {
                ask,
                from: from.ip(),
                shown,
                token: token.as_ref().map(|(_, token)| token),
                meta: &state.meta,
                members: &state.members,
                standings: &standings,
                now: UnixMs(now_unix_ms()),
                silent: &|node| self.silent(node),
                patience: self.patience,
            });
            let (Verdict::LetIn { token: after, replaces, drops }, Some((same, _))) =
                (&verdict, token)
            else {
                return Ok(verdict);
            };
            let (since, actor) = (UnixMs(now_unix_ms()), format!("node/{}", ask.member.id));
            let joining =
                Standing::Joining { since, token: shown.0.to_owned(), replaces: *replaces };
            let mut conditions = vec![same, unchanged];
            let mut changes = vec![
                rows::put_token(shown.0, after)?,
                rows::put_member(&ask.member)?,
                rows::put_standing(ask.member.id, Some(&joining))?,
            ];
            if let Some(old) = drops {
                conditions.push(rows::standing_unchanged(&self.store, *old)?);
                changes.push(leaving(*old, &actor)?);
            }
            let why = format!("joins with token {}", shown.0);
            changes.push((&joins(ask, from, &actor, &why)).into());
            let write = command(actor, why, conditions, changes)?;
            match self.store.write(write, DEADLINE).await {
                Ok(_) => return Ok(verdict),
                // Somebody else was faster: judge anew.
                Err(WriteError::Precondition(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// For how long this node has not heard of `node`; of one never heard of, since our start.
    fn silent(&self, node: NodeId) -> Duration {
        (self.heard)(node).unwrap_or_else(|| self.started.elapsed())
    }
}

/// What the audit says of a machine that is let in.
fn joins(ask: &Ask, from: SocketAddr, actor: &str, why: &str) -> Note {
    let done = Note::done(UnixMs(now_unix_ms()), actor, Verb::MemberJoin);
    let why = short(why);
    let said = Note { from: Some(from.ip().to_canonical().to_string()), why, ..done };
    said.about(short(&format!("node/{} ({})", ask.member.id, ask.member.name)))
}

/// Text of somebody who may be nobody: short, and without control characters.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT_MAX).collect()
}

fn leaving(node: NodeId, by: &str) -> serde_json::Result<Change> {
    let leaving = Standing::Leaving { since: UnixMs(now_unix_ms()), by: by.to_owned() };
    rows::put_standing(node, Some(&leaving))
}

impl Gatekeeper for Gate {
    fn admit(&self, ask: Ask, credential: Credential, from: SocketAddr) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            let (id, hash) = match credential {
                Credential::Token { id, secret } => (id, token_hash(secret.expose())),
                Credential::Formation { hash } => (FORMATION_TOKEN_ID.to_owned(), hash),
            };
            let node = ask.member.id;
            match self.decide(&ask, (&id, &hash), from).await {
                Ok(Verdict::Again | Verdict::LetIn { .. }) => {
                    tracing::info!(%node, %from, token = id, "a machine joins the cluster");
                    let members: Vec<Member> =
                        self.store.state().members.values().cloned().collect();
                    let record = self.record.for_joiner(members);
                    Answer::Welcome(Box::new(Offer { record, data_key: self.data_key.clone() }))
                }
                Ok(Verdict::Wait(reason)) => Answer::Wait { reason },
                Ok(Verdict::Refuse(reason)) => {
                    tracing::warn!(%node, %from, reason, "a machine may not join");
                    // Who it is, is only what it says: nobody's name stands for it.
                    (self.refused)(joins(&ask, from, "", &reason));
                    Answer::Refused { reason }
                }
                Err(error) => {
                    Answer::Wait { reason: format!("it cannot let anybody in now: {error:#}") }
                }
            }
        })
    }
}
