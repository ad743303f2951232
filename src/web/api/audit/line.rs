//! A record as the API shows it, and to whom.

use super::{super::history::visible, Reader};
use crate::{
    model::{
        Revision,
        audit::{Ending, Hash, Record, Verb, hex},
    },
    store::Store,
};
use serde::{Deserialize, Serialize};

/// One thing that was done or tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditLine {
    /// Position in the chain.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Account, `token/NAME`, `local/UID`, `node/ID`, `system`; empty for nobody known.
    pub actor: String,
    /// `change`, `revert`, `sign-in`, `sign-out`, `token-make`, …; `request` for anything else
    /// that was refused.
    pub verb: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Code of the refusal; its page is `/help/CODE`.
    pub code: Option<String>,
    /// `session`, `token` or `socket`.
    pub via: Option<String>,
    /// Source address, or `uid N` on a node's own socket. For admins and for the actor.
    pub from: Option<String>,
    /// What the client said it is. For admins and for the actor.
    pub agent: Option<String>,
    /// Id of the request.
    pub request: Option<String>,
    /// Method and path.
    pub route: Option<String>,
    /// What it was about, where that is no declared object.
    pub about: Option<String>,
    /// The reason that was given; may be empty.
    pub why: String,
    /// The objects it changed, at most 200; what they were and are is in the history.
    pub objects: Vec<AuditObject>,
    /// How many objects it changed, those among them that may not be seen left out.
    pub n_objects: u64,
    /// Revision of all it changed; none where it changed no object.
    pub revision: Option<String>,
    /// How many times in a row, until `last`.
    pub count: u32,
    /// When it happened the last time.
    pub last: Option<String>,
    /// Hash of the record, hexadecimal.
    pub hash: String,
}

/// An object that a record is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditObject {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its revision before; none = it was created.
    pub before: Option<String>,
    /// Its revision after; none = it was deleted.
    pub after: Option<String>,
}

/// The record as `reader` may see it; none if not at all.
pub(super) fn line(
    store: &Store,
    reader: &Reader,
    hash: Hash,
    record: Record,
) -> Option<AuditLine> {
    let Record { seq, index, objects, mut n_objects, note } = record;
    let of_objects = n_objects > 0;
    let own = !note.actor.is_empty() && note.actor == reader.actor;
    let mut objects: Vec<AuditObject> = objects
        .into_iter()
        .map(|it| AuditObject { kind: it.kind, name: it.name, before: it.before, after: it.after })
        .collect();
    if !reader.is_admin {
        let all = objects.len();
        confine(store, reader, index, &mut objects);
        if objects.len() < all || objects.is_empty() {
            n_objects = objects.len() as u64;
        }
        if objects.is_empty() && (of_objects || !own) {
            return None;
        }
    }
    let told = reader.is_admin || own;
    Some(AuditLine {
        seq,
        at: note.at.to_string(),
        actor: note.actor,
        verb: verb_text(note.verb),
        outcome: match note.outcome {
            Ending::Done => "done",
            Ending::Refused => "refused",
        }
        .to_owned(),
        code: note.code,
        via: note.via.filter(|_| told),
        from: note.from.filter(|_| told),
        agent: note.agent.filter(|_| told),
        request: note.request,
        // A path names an object, and a batch is sent to one that names none.
        route: note.route.filter(|_| told),
        about: note.about.filter(|_| told),
        why: note.why,
        revision: (n_objects > 0).then(|| index.to_string()),
        objects,
        n_objects,
        count: note.count.max(1),
        last: note.last.map(|last| last.to_string()),
        hash: hex(&hash),
    })
}

/// Leaves what may be seen: of kinds that are seen whole by what they are, of others by what the
/// history says they were; what it does not say any more is not shown.
fn confine(store: &Store, reader: &Reader, index: u64, objects: &mut Vec<AuditObject>) {
    let whole =
        |object: &AuditObject| object.kind.parse().is_ok_and(|kind| reader.sight.sees_all(kind));
    if objects.iter().all(whole) {
        return;
    }
    let entries = store.history_of(Revision(index)).unwrap_or_default();
    objects.retain(|object| {
        whole(object)
            || entries.iter().any(|entry| {
                entry.key.kind.to_string() == object.kind
                    && entry.key.name.as_str() == object.name
                    && visible(entry, &reader.sight)
            })
    });
}

fn verb_text(verb: Verb) -> String {
    let value = serde_json::to_value(verb).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
