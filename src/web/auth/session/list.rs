//! Sessions as people see them: listed, named by a handle, and ended. A cookie cannot be told from
//! any of it.

use super::{Row, has_ended, key};
use crate::{
    model::{UnixMs, cluster::DeclaredState},
    store::command::{Change, Space},
    web::{
        auth::Identity,
        deps::{Deps, now},
        error::Problem,
    },
};
use bytes::Bytes;
use data_encoding::HEXLOWER;

/// Rows read at once.
const STRIDE: usize = 500;

/// A session as people see it; the cookie cannot be told from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Names it in requests: 20 hexadecimal digits.
    pub(crate) handle: String,
    pub(crate) user: String,
    pub(crate) created: UnixMs,
    /// Last use, at most half an hour old.
    pub(crate) last: UnixMs,
    pub(crate) expires: UnixMs,
    pub(crate) from: Option<String>,
    pub(crate) last_from: Option<String>,
    pub(crate) agent: Option<String>,
    /// The change that ends it.
    key: Bytes,
}

impl Shown {
    /// The change that ends it.
    pub(crate) fn end(&self) -> Change {
        Change::DeleteRow(Space::Session, self.key.clone())
    }
}

impl Row {
    fn shown(self, key: Bytes, state: &DeclaredState) -> Shown {
        let expires = self.end(state);
        Shown {
            handle: HEXLOWER.encode(&key[..HANDLE.min(key.len())]),
            user: self.user,
            created: self.created,
            last: self.last,
            expires,
            last_from: self.last_from.or_else(|| self.from.clone()),
            from: self.from,
            agent: self.agent,
            key,
        }
    }
}

/// Bytes of a row's key that name the session to people: guessing others from them is as hard as
/// guessing a cookie.
const HANDLE: usize = 10;

/// What names the session of a cookie to people.
pub(crate) fn handle(id: &str) -> String {
    HEXLOWER.encode(&key(id)[..HANDLE])
}

/// Whose sessions are meant.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose<'a> {
    /// Of all.
    Everybodys,
    /// Of this name, whoever has it.
    Named(&'a str),
    /// Of whoever asks: a provider may give the name of somebody who left to somebody else.
    Own(&'a Identity),
}

impl Whose<'_> {
    fn has(self, row: &Row) -> bool {
        match self {
            Self::Everybodys => true,
            Self::Named(user) => row.user == user,
            Self::Own(identity) => {
                let same = match (&row.outside, &identity.outside) {
                    (None, None) => true,
                    (Some(one), Some(other)) => one.is_same(other),
                    _ => false,
                };
                same && row.user == identity.actor
            }
        }
    }
}

/// Sessions that count now, newest first.
pub(crate) fn all(deps: &Deps, whose: Whose<'_>) -> Result<Vec<Shown>, Problem> {
    let (at, mut shown, mut start) = (now(), Vec::new(), Vec::new());
    let state = deps.whole();
    loop {
        let rows = deps.store.rows(Space::Session, &start, STRIDE)?;
        let Some((last, ..)) = rows.last() else { break };
        start = [last, [0].as_slice()].concat();
        for (key, _, bytes) in rows {
            if has_ended(deps, &bytes, at)? {
                continue;
            }
            let Ok(row) = serde_json::from_slice::<Row>(&bytes) else { continue };
            if whose.has(&row) {
                shown.push(row.shown(key, &state));
            }
        }
    }
    shown.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.handle.cmp(&b.handle)));
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::Kind,
        web::{
            audit::Origin,
            auth::{Via, outside::Person, session::open_outside},
            tests::site::site,
        },
    };
    use serde_json::json;
    use std::sync::Arc;

    fn find(deps: &Deps, id: &str) -> Option<Identity> {
        super::super::find(deps, id).unwrap().map(|held| held.identity)
    }

    fn ann(subject: &str) -> Arc<Person> {
        let person = json!({"provider": "oidc", "source": "https://id.example", "name": "ann",
                            "subject": subject, "groups": ["ops"]});
        Arc::new(serde_json::from_value(person).unwrap())
    }

    fn settings(hours: u32) -> serde_json::Value {
        let grants = json!([{"group": "ops", "role": "viewer"}]);
        json!({"sign_in": {"session_hours": hours, "oidc": {
            "issuer": "https://id.example", "client_id": "wk", "grants": grants}}})
    }

    #[tokio::test]
    async fn who_got_a_name_of_somebody_else_from_the_provider_does_not_get_their_sessions() {
        let site = site().await;
        site.put(Kind::Settings, "default", settings(12)).await;
        let deps = site.front.deps().unwrap();
        let mut ids = Vec::new();
        for person in [ann("one"), ann("two")] {
            let (id, open) = open_outside(person, &Origin::default());
            deps.write("test", "signed in", Vec::new(), vec![open]).await.unwrap();
            ids.push(id);
        }
        for id in ids {
            let identity = find(deps, &id).unwrap();
            assert_eq!((identity.actor.as_str(), identity.via), ("oidc/ann", Via::Session));
            let own = all(deps, Whose::Own(&identity)).unwrap();
            let handles: Vec<String> = own.into_iter().map(|it| it.handle).collect();
            assert_eq!(handles, [handle(&id)]);
        }
        assert_eq!(all(deps, Whose::Named("oidc/ann")).unwrap().len(), 2, "an admin sees both");
    }

    #[tokio::test]
    async fn people_from_outside_sign_in_again_after_the_hours_that_the_settings_say() {
        let site = site().await;
        site.put(Kind::Settings, "default", settings(12)).await;
        let deps = site.front.deps().unwrap();
        let (id, open) = open_outside(ann("one"), &Origin::default());
        deps.write("test", "signed in", Vec::new(), vec![open]).await.unwrap();
        let (_, row) = deps.store.row(Space::Session, &key(&id)).unwrap().unwrap();
        let mut earlier: Row = serde_json::from_slice(&row).unwrap();
        earlier.created = UnixMs(now().0 - 13 * 3_600_000);
        let earlier = super::super::put(&id, &earlier);
        deps.write("test", "13 hours later", Vec::new(), vec![earlier]).await.unwrap();
        assert_eq!(find(deps, &id), None);
        assert!(all(deps, Whose::Everybodys).unwrap().is_empty());
        site.put(Kind::Settings, "default", settings(14)).await;
        let found = all(deps, Whose::Everybodys).unwrap().remove(0);
        assert_eq!(found.expires.since(found.created), 14 * 3_600_000);
        assert!(find(deps, &id).is_some());
    }
}
