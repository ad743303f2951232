//! API tokens `wka1.<CA hash>.<id>.<secret>`: the id is the name of a `token` object, the secret
//! 256 random bits of which only the SHA-256 is stored. A slow hash would add nothing to a random
//! secret of that length.

use super::{Holder, Identity, Via};
use crate::{
    base::redact::Secret,
    model::{Kind, UnixMs, spec},
    scope::Access,
    store::command::{Change, Space},
    web::{
        deps::{Deps, now},
        error::Problem,
        random,
    },
};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// First part of every API token.
pub const PREFIX: &str = "wka1";

/// Row of a token's hash within [`Space::Credential`].
pub(crate) fn row_key(id: &str) -> Bytes {
    Bytes::from(format!("token/{id}"))
}

/// A new token: what its holder gets, and the change that stores its hash.
pub(crate) fn mint(ca_hash: &str, id: &str) -> (Secret<String>, Change) {
    let secret = random::text::<32>();
    let hash = Sha256::digest(secret.as_bytes());
    let change =
        Change::PutRow(Space::Credential, row_key(id), Bytes::copy_from_slice(hash.as_slice()));
    (Secret::new(format!("{PREFIX}.{ca_hash}.{id}.{secret}")), change)
}

/// CA hash, id and secret of a token; ids may contain dots, the other parts never do.
#[must_use]
pub fn split(token: &str) -> Option<(&str, &str, &str)> {
    let rest = token.strip_prefix(PREFIX)?.strip_prefix('.')?;
    let (ca_hash, rest) = rest.split_once('.')?;
    let (id, secret) = rest.rsplit_once('.')?;
    (!ca_hash.is_empty() && !id.is_empty() && !secret.is_empty()).then_some((ca_hash, id, secret))
}

/// Who holds a token.
///
/// # Errors
/// 401, the same for a wrong secret and for an id nobody has.
pub(super) fn find(deps: &Deps, token: &str) -> Result<Holder, Problem> {
    let refused = || Problem::sign_in("the token is not valid, or was revoked");
    let (_, id, secret) = split(token).ok_or_else(refused)?;
    let stored = deps.store.row(Space::Credential, &row_key(id))?;
    let stored = stored.map_or_else(|| Bytes::from_static(&[0; 32]), |(_, bytes)| bytes);
    let hash = Sha256::digest(secret.as_bytes());
    if !bool::from(hash.as_slice().ct_eq(&stored)) {
        return Err(refused());
    }
    let state = deps.whole();
    let object = state.get(Kind::Token, id).ok_or_else(refused)?;
    let spec: spec::Token = object.spec_as().map_err(|_| refused())?;
    // A time that cannot be read counts as past: better refused than valid for ever.
    let end = spec.expires.as_deref().map(|text| UnixMs::parse(text).unwrap_or(UnixMs(0)));
    if end.is_some_and(|end| now() >= end) {
        return Err(Problem::sign_in(format!("the token {id} has expired")));
    }
    let access = Access::of_token(&state, &spec);
    let identity = Identity::new(format!("token/{id}"), access, Via::Token);
    Ok(Holder { identity, until: end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minted_token_splits_into_its_parts_whatever_its_id() {
        for id in ["ci", "ci.eu-1.prod"] {
            let (token, _) = mint("abc", id);
            let (ca_hash, got, secret) = split(token.expose()).unwrap();
            assert_eq!((ca_hash, got), ("abc", id));
            assert_eq!(secret.len(), 43);
        }
    }

    #[test]
    fn what_is_no_token_does_not_split() {
        for bad in ["", "wka1", "wka1.a", "wka1.a.b", "wka1..b.c", "wkf1.a.b.c", "wka1.a.b."] {
            assert!(split(bad).is_none(), "{bad}");
        }
    }
}
