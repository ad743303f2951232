//! `/api/v1/members`: who belongs to the cluster, how far each is, and taking one out.

use super::status::apart;
use crate::web::routes::routes;
use crate::{
    membership::rows,
    model::{
        NodeId,
        audit::Verb,
        cluster::{DeclaredState, Member},
        spec::RoleName,
        standing::Standing,
    },
    store::{RaftStatus, WriteError},
    web::{
        auth::Identity,
        deps::{Deps, SeenNode, now},
        error::Problem,
        extract::{Opened, Path},
        policy::Policy,
        router::Doors,
    },
};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A node not heard of for so long cannot be counted on.
const SILENT_AGE_MS: u64 = 10_000;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Within(RoleName::Viewer), routes!(members))
        .open(Policy::Role(RoleName::Admin), routes!(remove))
}

/// One member of the cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberLine {
    /// Its id.
    pub id: String,
    /// For people.
    pub name: String,
    /// Address under which the others reach it; empty for people with a scope.
    pub address: String,
    /// Where its portal answers; empty for people with a scope.
    pub url: String,
    /// `leader`, `voter` or `learner`.
    pub role: String,
    /// It votes.
    pub voter: bool,
    /// Left out of placement.
    pub gone: bool,
    /// `settled`, `joining` or `leaving`.
    pub state: String,
    /// What it waits for while it joins or leaves: `learner, 1200 entries behind`.
    pub text: Option<String>,
    /// Milliseconds since the answering node last heard of it; none = not since its start.
    pub last_contact_ms: Option<u64>,
    /// Log index applied there, when it was last heard of.
    pub index: Option<u64>,
    /// Entries that the answering node had applied and it had not, when it was last heard of.
    pub lag: Option<u64>,
    /// Hash of its replicated state, when it was last heard of: the same on all nodes at the same
    /// index.
    pub state_hash: Option<String>,
    /// Log index that `state_hash` is of.
    pub state_hash_index: Option<u64>,
    /// `WK-3025` and what it means, when its state is not that of another node.
    pub fault: Option<String>,
}

/// All members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Members {
    /// By name.
    pub items: Vec<MemberLine>,
    /// Number and hash of the newest audit record on the answering node, as `NUMBER:HASH`: with
    /// it, written down elsewhere, an export can be checked against later cuts. Empty without any.
    pub audit_head: String,
}

/// The members of the cluster, their part in it and where their portals answer.
#[utoipa::path(get, path = "/api/v1/members", tag = "cluster",
    responses((status = 200, description = "All members", body = Members)))]
async fn members(Opened(deps): Opened) -> Result<axum::Json<Members>, Problem> {
    let raft = deps.store.raft().borrow().clone();
    let (seen, standings) = (deps.cluster.nodes(), rows::standings(&deps.store)?);
    let line = |member: &Member| {
        let heard = seen.iter().find(|seen| seen.status.id == member.id);
        let line = line(deps.node, member, &raft, heard, standings.get(&member.id));
        match heard {
            Some(heard) => with_state(line, heard, &seen),
            None => line,
        }
    };
    let mut items: Vec<MemberLine> = deps.state().members.values().map(line).collect();
    if !deps.seen.is_all() {
        // As in the status: no addresses for people with a scope.
        items.iter_mut().for_each(|line| {
            (line.address, line.url) = (String::new(), String::new());
        });
    }
    items.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(axum::Json(Members { items, audit_head: super::audit::head_text(&deps) }))
}

fn line(
    me: NodeId,
    member: &Member,
    raft: &RaftStatus,
    heard: Option<&SeenNode>,
    standing: Option<&Standing>,
) -> MemberLine {
    let voter = raft.voters.contains(&member.id);
    let role = role(member.id, raft);
    let (last_contact_ms, index) = match heard {
        _ if member.id == me => (Some(0), Some(raft.applied)),
        Some(heard) => (Some(heard.age_ms), Some(heard.status.applied_index)),
        None => (None, None),
    };
    let lag = index.map(|index| raft.applied.saturating_sub(index));
    let (state, text) = match standing {
        Some(Standing::Joining { replaces, .. }) => {
            let behind = lag.map_or("not heard of yet".into(), |n| format!("{n} entries behind"));
            let instead = replaces.map(|old| format!(", takes the place of node {old}"));
            ("joining", Some(format!("{role}, {behind}{}", instead.unwrap_or_default())))
        }
        Some(Standing::Leaving { by, .. }) => ("leaving", Some(format!("being removed by {by}"))),
        Some(Standing::Removed { .. }) | None => ("settled", None),
    };
    MemberLine {
        id: member.id.to_string(),
        name: member.name.clone(),
        address: member.address.to_string(),
        url: member.url.clone(),
        role: role.into(),
        voter,
        gone: member.gone,
        state: state.into(),
        text,
        last_contact_ms,
        index,
        lag,
        state_hash: None,
        state_hash_index: None,
        fault: None,
    }
}

/// What is known of the state of the node that was `heard`.
fn with_state(line: MemberLine, heard: &SeenNode, seen: &[SeenNode]) -> MemberLine {
    let hash = heard.status.state_hashes.last();
    let apart = seen.iter().find_map(|other| apart(heard, other));
    MemberLine {
        state_hash: hash.map(|hash| hash.hash.clone()),
        state_hash_index: hash.map(|hash| hash.index),
        fault: apart.map(|message| format!("WK-3025: {message}")),
        ..line
    }
}

/// A member's part in Raft: `leader`, `voter` or `learner`.
pub(super) fn role(node: NodeId, raft: &RaftStatus) -> &'static str {
    match (raft.leader == Some(node), raft.voters.contains(&node)) {
        (true, _) => "leader",
        (false, true) => "voter",
        (false, false) => "learner",
    }
}

/// A removal that has begun.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Removal {
    /// Who is removed.
    id: String,
    /// Its name.
    name: String,
    /// `leaving`
    state: String,
}

/// Take a node out of the cluster for good. It begins at once; `GET /api/v1/members` shows when
/// it is done. The machine can come back only as a new node.
#[utoipa::path(delete, path = "/api/v1/members/{node}", tag = "cluster",
    params(("node" = String, Path, description = "Id or name of the node")),
    responses((status = 202, description = "Begun", body = Removal)))]
async fn remove(
    Opened(deps): Opened,
    identity: Identity,
    Path(node): Path<String>,
) -> Result<(StatusCode, axum::Json<Removal>), Problem> {
    let state = deps.state();
    let member = find(&state, &node)?.clone();
    let unchanged = rows::standing_unchanged(&deps.store, member.id)?;
    let leaving = matches!(
        rows::standing(&deps.store, member.id)?,
        Some(Standing::Leaving { .. } | Standing::Removed { .. })
    );
    let removal = Removal {
        id: member.id.to_string(),
        name: member.name.clone(),
        state: "leaving".to_owned(),
    };
    if leaving {
        return Ok((StatusCode::ACCEPTED, axum::Json(removal)));
    }
    enough_stay(&deps, &member)?;
    let standing = Standing::Leaving { since: now(), by: identity.actor.clone() };
    let change = rows::put_standing(member.id, Some(&standing))
        .map_err(|error| Problem::internal(error.to_string()))?;
    let why = format!("node {} removed", member.name);
    let note = identity.note(Verb::MemberRemove);
    let note = note.about(format!("node/{} ({})", member.id, member.name));
    let changes = vec![change, (&note).into()];
    match deps.write(&identity.actor, &why, vec![unchanged], changes).await {
        Ok(_) => {}
        Err(WriteError::Precondition(_)) => {
            let detail = format!("node {} is joining or leaving this very moment", member.name);
            return Err(Problem::new(StatusCode::CONFLICT, "WK-2036", detail));
        }
        Err(error) => return Err(error.into()),
    }
    tracing::warn!(actor = identity.actor, node = %member.id, name = member.name, "node removed");
    Ok((StatusCode::ACCEPTED, axum::Json(removal)))
}

fn find<'a>(state: &'a DeclaredState, text: &str) -> Result<&'a Member, Problem> {
    if let Some(member) = text.parse().ok().and_then(|id: NodeId| state.members.get(&id)) {
        return Ok(member);
    }
    let mut named = state.members.values().filter(|member| member.name == text);
    match (named.next(), named.next()) {
        (Some(member), None) => Ok(member),
        (Some(_), Some(_)) => {
            let detail = format!("several nodes are called {text}: say its id");
            Err(Problem::new(StatusCode::CONFLICT, "WK-2036", detail))
        }
        (None, _) => Err(Problem::missing(format!("node {text}"))),
    }
}

/// Those who stay must be able to go on without the one who leaves, and now.
fn enough_stay(deps: &Deps, member: &Member) -> Result<(), Problem> {
    let voters = deps.store.raft().borrow().voters.clone();
    let heard: BTreeMap<NodeId, u64> =
        deps.cluster.nodes().iter().map(|seen| (seen.status.id, seen.age_ms)).collect();
    let staying: Vec<NodeId> = voters.into_iter().filter(|voter| *voter != member.id).collect();
    let answers = |voter: &&NodeId| {
        **voter == deps.node || heard.get(voter).is_some_and(|age| *age < SILENT_AGE_MS)
    };
    let answering = staying.iter().filter(answers).count();
    if answering > staying.len() / 2 {
        return Ok(());
    }
    let detail = match staying.len() {
        0 => format!("{} is the last voter: a cluster cannot be without one", member.name),
        all => format!(
            "without {} the cluster could agree on nothing: of the {all} voters that stay only \
             {answering} answer now",
            member.name
        ),
    };
    Err(Problem::new(StatusCode::CONFLICT, "WK-2036", detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{
            UnixMs,
            observed::{NodeStatus, StateHash},
        },
        render::tests::fixture,
    };

    fn heard(id: NodeId, hash: &str) -> SeenNode {
        let hash = StateHash { index: 7, since: 0, hash: hash.to_owned() };
        let status = NodeStatus {
            id,
            version: "0".into(),
            level: 1,
            pid: 1,
            started: UnixMs(0),
            at: UnixMs(0),
            applied_index: 7,
            state_hashes: vec![hash],
            components: Vec::new(),
            configs: Vec::new(),
            faults: Vec::new(),
        };
        SeenNode { status, age_ms: 0 }
    }

    #[test]
    fn a_member_shows_the_hash_of_its_state_and_that_it_is_not_that_of_the_others() {
        let state = fixture::cluster(3);
        let member = state.members.values().next().unwrap();
        let (id, other) = (member.id, NodeId(member.id.0 + 1));
        let raft = RaftStatus::default();
        let of = |hash: &str| {
            let seen = [heard(id, "aa"), heard(other, hash)];
            with_state(line(other, member, &raft, Some(&seen[0]), None), &seen[0], &seen)
        };
        let same = of("aa");
        assert_eq!((same.state_hash.as_deref(), same.state_hash_index), (Some("aa"), Some(7)));
        assert_eq!(same.fault, None);
        let fault = of("bb").fault.unwrap();
        assert!(fault.starts_with("WK-3025") && fault.contains(&other.to_string()), "{fault}");
    }

    #[test]
    fn a_line_says_what_a_member_that_joins_waits_for() {
        let state = fixture::cluster(3);
        let member = state.members.values().last().unwrap();
        let raft = RaftStatus { applied: 1200, ..RaftStatus::default() };
        let joining = Standing::Joining { since: UnixMs(1), token: "t".into(), replaces: None };
        let line = |heard: Option<&SeenNode>| line(NodeId(0), member, &raft, heard, Some(&joining));
        assert_eq!(line(None).text.as_deref(), Some("learner, not heard of yet"));
        assert_eq!((line(None).state.as_str(), line(None).lag), ("joining", None));
    }
}
