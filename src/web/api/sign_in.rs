//! Who may have a session: an account of this site with its password and, where it asks for one, a
//! code; else somebody the directory vouches for.

use super::session::SignIn;
use crate::{
    base::redact::Secret,
    model::{
        Kind,
        audit::{Note, Verb},
    },
    scope::Access,
    store::{
        WriteError,
        command::{Change, Precondition, Space},
    },
    web::{
        audit::Origin,
        auth::{
            self, Identity, Via,
            device::Known,
            outside::{
                self,
                ldap::{self, Verdict},
            },
            password,
            second::{Second, needed},
            session, throttle,
        },
        deps::Deps,
        error::Problem,
    },
};
use axum::http::StatusCode;
use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

/// Where a directory is declared, refusals are answered at full steps of this.
const REFUSED_EVERY: Duration = Duration::from_secs(1);

/// Opens a session: who it is, and the id for the cookie. `from` is the source, and whether the
/// browser is known for this name.
///
/// # Errors
/// 401 for a wrong password or code, and for a code that is still to be given; 403 for somebody
/// whom no group gives a role; 429 for too many tries.
pub(super) async fn enter(
    deps: &Deps,
    form: SignIn,
    from: (IpAddr, Option<Known>),
    origin: &Origin,
) -> Result<(Identity, String), Problem> {
    let began = Instant::now();
    let entered = try_to(deps, form, from, origin).await;
    let refused = entered.as_ref().err().is_some_and(|it| {
        [StatusCode::UNAUTHORIZED, StatusCode::SERVICE_UNAVAILABLE].contains(&it.status)
    });
    if refused && outside::settings(&deps.whole()).ldap.is_some() {
        // A directory is asked about the password only for names without an account here: how long
        // that takes is not to say which names those are.
        let steps = 1 + began.elapsed().as_millis() / REFUSED_EVERY.as_millis();
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        tokio::time::sleep_until((began + REFUSED_EVERY.saturating_mul(steps)).into()).await;
    }
    entered
}

async fn try_to(
    deps: &Deps,
    form: SignIn,
    (from, known): (IpAddr, Option<Known>),
    origin: &Origin,
) -> Result<(Identity, String), Problem> {
    let password = Secret::new(form.password);
    let counted = throttle::count(deps, &form.user.to_lowercase(), from, known).await?;
    // Before the account is looked at: one that is disabled meanwhile gets no session that counts.
    let grounds = session::Grounds::of(deps, &form.user)?;
    let stored = deps.store.row(Space::Credential, form.user.as_bytes())?;
    // `token/…` rows share the space but are no names, so nobody can sign in with one.
    let stored = stored.filter(|_| form.user.parse::<crate::model::Name>().is_ok());
    let revision = stored.as_ref().map(|(revision, _)| *revision);
    let grounds = grounds.filter(|grounds| Some(grounds.credential) == revision);
    let hash = stored.and_then(|(_, bytes)| String::from_utf8(bytes.into()).ok());
    let right = password::verify(hash, password.clone()).await;
    let state = deps.whole();
    if state.get(Kind::User, &form.user).is_none() {
        return by_directory(deps, &form.user, &password, &counted, origin).await;
    }
    let user = auth::account(&state, &form.user);
    let (true, Some(user), Some(grounds)) = (right, user, grounds) else {
        ldap::ask_in_vain(deps, &form.user, &password).await.map_err(unusable)?;
        return Err(wrong_password());
    };
    let (unchanged, used) = second_factor(deps, &form.user, form.totp, &counted).await?;
    let (id, open) = session::open(&form.user, grounds, origin);
    let note = signed_in(origin, &form.user, &id);
    let changes = used.into_iter().chain([counted.forgive(), open, (&note).into()]).collect();
    match deps.write(&form.user, "signed in", unchanged, changes).await {
        // The same code at the same moment, here or on another node.
        Err(WriteError::Precondition(_)) => return Err(wrong_code()),
        written => written?,
    };
    counted.give_back(deps).await;
    let access = Access::of_user(&deps.whole(), &user);
    Ok((Identity::new(form.user, access, Via::Session), id))
}

/// Who has no account here may have one in the directory, where one is declared.
async fn by_directory(
    deps: &Deps,
    user: &str,
    password: &Secret<String>,
    counted: &throttle::Counted,
    origin: &Origin,
) -> Result<(Identity, String), Problem> {
    let person = match ldap::ask(deps, user, password).await {
        Ok(Verdict::Known(person)) => Arc::from(person),
        Ok(Verdict::Nobody) => return Err(wrong_password()),
        Ok(Verdict::Unmapped) => {
            let detail = "the directory knows you, but no group of yours has a role here";
            return Err(Problem::new(StatusCode::FORBIDDEN, "WK-2027", detail));
        }
        Err(error) => return Err(unusable(error)),
    };
    let (id, open) = session::open_outside(Arc::clone(&person), origin);
    let actor = person.actor();
    let note = Note { why: person.proof(), ..signed_in(origin, &actor, &id) };
    let changes = vec![counted.forgive(), open, (&note).into()];
    deps.write(&actor, "signed in", Vec::new(), changes).await?;
    counted.give_back(deps).await;
    let access = person.access(&deps.whole()).ok_or_else(wrong_password)?;
    Ok((Identity::new(actor, access, Via::Session).vouched(Some(person)), id))
}

/// What the audit says of a session that was opened.
pub(super) fn signed_in(origin: &Origin, actor: &str, id: &str) -> Note {
    origin.note(actor, Verb::SignIn).about(format!("session/{}", session::handle(id)))
}

/// The same for every name: whether it has an account here is not to be read from it.
fn unusable(error: ldap::LdapError) -> Problem {
    tracing::warn!(%error, "the directory could not be asked");
    let detail = "this is no account of the site with its password, and the directory could not \
                  be asked; accounts of the site sign in all the same";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "WK-2028", detail).retry(5)
}

fn wrong_password() -> Problem {
    let detail = "user and password do not belong together";
    Problem::new(StatusCode::UNAUTHORIZED, "WK-2021", detail)
}

/// The writes that use a code up where the account asks for one, and what must not have changed.
async fn second_factor(
    deps: &Deps,
    user: &str,
    code: Option<String>,
    counted: &throttle::Counted,
) -> Result<(Vec<Precondition>, Vec<Change>), Problem> {
    let Some(second) = Second::of(deps, &deps.whole(), user)? else {
        return Ok(Default::default());
    };
    let Some(code) = code.filter(|code| !code.is_empty()) else {
        // Who knows the password learns no more of it by trying; codes are counted on their own.
        deps.write(user, "code asked for", Vec::new(), vec![counted.forgive()]).await?;
        counted.give_back(deps).await;
        return Err(needed("the account asks for the code of its second factor"));
    };
    let counted = throttle::count_code(deps, user).await?;
    let (unchanged, used) = second.take(&code).ok_or_else(wrong_code)?;
    Ok((vec![unchanged], vec![used, counted.give_back()]))
}

fn wrong_code() -> Problem {
    needed("the code is wrong, or was used already")
}
