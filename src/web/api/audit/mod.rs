//! `/api/v1/audit`: who did, or tried, what and from where; whether that is still what was written
//! down; and all of it to take away.
//!
//! Invariant: people with a scope see the records of objects they may see, without what those are
//! not about; what is about people and the cluster is for admins and for whom it is about.

mod export;
mod filter;
mod line;

use super::list;
use crate::web::routes::routes;
use crate::{
    model::{
        audit::{self, Broken, Record, Walk},
        spec::RoleName,
    },
    store::Store,
    web::{
        auth::Identity,
        deps::{Deps, WRITE_DEADLINE},
        error::Problem,
        extract::{Opened, Query},
        policy::Policy,
        router::Doors,
        sight::Sight,
    },
};
use filter::Filter;
pub use line::{AuditLine, AuditObject};
use serde::{Deserialize, Serialize};

/// Records looked at for one page: a filter that takes few gives a short page with a cursor.
const LOOKED_AT: usize = 20_000;
/// Records read at once.
const STRIDE: usize = 500;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Within(RoleName::Viewer), routes!(audit))
        .open(Policy::Role(RoleName::Admin), routes!(verify_audit))
        .open(Policy::Role(RoleName::Admin), routes!(export::export_audit))
}

/// A page of the audit, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditPage {
    /// Newest first.
    pub items: Vec<AuditLine>,
    /// Give it as `cursor` for the next page; none = the end of what is kept. A page may be
    /// shorter than asked for, or empty, and still have a next one.
    pub next: Option<String>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AuditQuery {
    /// Text anywhere in a record.
    q: Option<String>,
    /// Only by this account, `token/NAME` or `local/UID`.
    actor: Option<String>,
    /// Only this verb: `change`, `sign-in`, `token-make`, …
    verb: Option<String>,
    /// Only what changed objects of this kind.
    kind: Option<String>,
    /// Only what changed objects of this name.
    name: Option<String>,
    /// `done` or `refused`.
    outcome: Option<String>,
    /// Not before this time, RFC 3339.
    since: Option<String>,
    /// Before this time, RFC 3339.
    until: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items a page, 1 to 1000.
    limit: Option<String>,
}

/// Who did, or tried, what: newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "Newest first", body = AuditPage)))]
async fn audit(
    Opened(deps): Opened,
    identity: Identity,
    Query(query): Query<AuditQuery>,
) -> Result<axum::Json<AuditPage>, Problem> {
    let (_, limit) = list::window(query.limit.as_deref(), None)?;
    let before = query.cursor.as_deref().map(str::parse::<u64>).transpose();
    let before = before.map_err(|_| Problem::bad_query("`cursor` must be the `next` of a page"))?;
    let sight = Sight::of(&deps, &identity);
    let filter = Filter::of(query)?;
    let page = move || page(&deps.store, &filter, &Reader::of(&identity, sight), before, limit);
    let page = tokio::task::spawn_blocking(page)
        .await
        .map_err(|error| Problem::internal(error.to_string()))??;
    Ok(axum::Json(page))
}

/// Who reads, and what they may see.
struct Reader {
    actor: String,
    is_admin: bool,
    sight: Sight,
}

impl Reader {
    fn of(identity: &Identity, sight: Sight) -> Self {
        let is_admin = identity.access.is_everywhere(RoleName::Admin);
        Self { actor: identity.actor.clone(), is_admin, sight }
    }
}

fn page(
    store: &Store,
    filter: &Filter,
    reader: &Reader,
    mut before: Option<u64>,
    limit: usize,
) -> Result<AuditPage, Problem> {
    let (mut items, mut n_looked_at) = (Vec::new(), 0);
    loop {
        let rows = store.audit_before(before, STRIDE)?;
        let is_last = rows.len() < STRIDE;
        for row in rows {
            before = Some(row.seq);
            n_looked_at += 1;
            let record = serde_json::from_str::<Record>(&row.text).ok();
            let line = record.and_then(|record| line::line(store, reader, row.hash, record));
            // After what may not be seen was left out: a filter must not tell of it.
            items.extend(line.filter(|line| filter.takes(line)));
            if items.len() >= limit || n_looked_at >= LOOKED_AT {
                let next = before.filter(|before| *before > 1).map(|before| before.to_string());
                return Ok(AuditPage { items, next });
            }
        }
        if is_last {
            return Ok(AuditPage { items, next: None });
        }
    }
}

/// Whether the audit is what was written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Verified {
    /// Whether every record fits the one before it.
    pub ok: bool,
    /// Records that were read and fit.
    pub n_records: u64,
    /// The first one that is kept.
    pub first: u64,
    /// Number of the last one that fits.
    pub last: u64,
    /// Its hash.
    pub head: String,
    /// The first one that does not fit.
    pub broken: Option<u64>,
    /// Why it does not.
    pub reason: Option<String>,
}

/// Follow the audit of the answering node from its first to its newest record.
#[utoipa::path(get, path = "/api/v1/audit/verify", tag = "audit",
    responses((status = 200, description = "What was found", body = Verified)))]
async fn verify_audit(Opened(deps): Opened) -> Result<axum::Json<Verified>, Problem> {
    deps.store.barrier(WRITE_DEADLINE).await?;
    let store = deps.store.clone();
    let walked = tokio::task::spawn_blocking(move || walk(&store))
        .await
        .map_err(|error| Problem::internal(error.to_string()))??;
    Ok(axum::Json(walked))
}

fn walk(store: &Store) -> Result<Verified, Problem> {
    let ends = store.audit_ends()?;
    let mut walk = Walk::from(ends.anchor);
    let mut broken: Option<Broken> = None;
    while broken.is_none() && walk.end().seq < ends.head.seq {
        let rows = store.audit_after(walk.end().seq, STRIDE)?;
        if rows.is_empty() {
            let seq = walk.end().seq + 1;
            broken = Some(Broken { seq, reason: "is missing".to_owned() });
        }
        broken =
            broken.or_else(|| rows.iter().find_map(|row| walk.step(&row.hash, &row.text).err()));
    }
    Ok(Verified {
        ok: broken.is_none(),
        n_records: walk.n_records(),
        first: ends.anchor.seq + 1,
        last: walk.end().seq,
        head: audit::hex(&walk.end().hash),
        broken: broken.as_ref().map(|broken| broken.seq),
        reason: broken.map(|broken| broken.reason),
    })
}

/// `NUMBER:HASH` of the newest record on this node.
pub(super) fn head_text(deps: &Deps) -> String {
    let head = deps.store.audit_ends().map(|ends| ends.head);
    head.map(|head| format!("{}:{}", head.seq, audit::hex(&head.hash))).unwrap_or_default()
}
