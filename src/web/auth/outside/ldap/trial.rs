//! What a sign-in asks a directory first: a connection, the sign-in of `bind_dn`, a search.

use super::{
    Guard, LdapError, LdapSettings, TIMEOUT, address,
    talk::{Talk, refused},
};
use crate::{
    base::redact::Secret,
    web::{
        auth::outside::{
            Provider::Ldap,
            settings,
            trial::{Step, Tried},
        },
        deps::Deps,
    },
};

/// Stops at the first step after which no other means anything.
pub(in crate::web::auth::outside) async fn attempt(deps: &Deps, draft: &LdapSettings) -> Vec<Step> {
    let secret = match secret(deps, draft) {
        Ok(secret) => secret,
        Err(why) => return vec![Step::bad(Ldap, Tried::Secret, &why)],
    };
    let to = match address(deps, draft, &Guard::of(&deps.whole())).await {
        Ok(to) => to,
        Err(error) => return vec![Step::bad(Ldap, Tried::Connect, &error)],
    };
    // On its own: the library panics on an entry that it cannot read.
    let talk = Talk { settings: draft.clone(), bind: secret };
    let later = talk.bind.is_none() && draft.bind_dn.is_some();
    let tried = tokio::spawn(async move { talk.attempt(to, later).await });
    let lost = |why: &str| {
        let error = LdapError::Unreachable { url: draft.url.clone(), why: why.to_owned() };
        vec![Step::bad(Ldap, Tried::Connect, &error)]
    };
    match tokio::time::timeout(TIMEOUT, tried).await {
        Err(_) => lost("no answer within ten seconds"),
        Ok(Err(_)) => lost("it answered what cannot be read"),
        Ok(Ok(steps)) => steps,
    }
}

/// The password of `bind_dn`, where the declared settings send it to the same place.
fn secret(deps: &Deps, draft: &LdapSettings) -> Result<Option<Secret<String>>, String> {
    let Some(name) = &draft.bind_password else { return Ok(None) };
    let value = (deps.secret_value)(name)?;
    let to = |ldap: &LdapSettings| {
        (ldap.url.clone(), ldap.ca.clone(), ldap.bind_dn.clone(), ldap.bind_password.clone())
    };
    let declared = settings(&deps.whole()).ldap;
    Ok(declared.filter(|declared| to(declared) == to(draft)).map(|_| value))
}

impl Talk {
    async fn attempt(&self, to: std::net::SocketAddr, later: bool) -> Vec<Step> {
        let mut ldap = match self.connect(to).await {
            Ok(ldap) => ldap,
            Err(error) => return vec![Step::bad(Ldap, Tried::Connect, &error)],
        };
        let mut steps = vec![Step::good(Ldap, Tried::Connect)];
        if later {
            steps.extend([Tried::Bind, Tried::Search].map(|step| Step::later(Ldap, step)));
            return steps;
        }
        if let (Some(dn), Some(secret)) = (&self.settings.bind_dn, &self.bind) {
            let bound = ldap.simple_bind(dn, secret.expose()).await.map_err(|e| self.lost(e));
            let bound = bound.and_then(|result| match result.rc {
                0 => Ok(()),
                code => Err(refused("the sign-in of bind_dn", code)),
            });
            match bound {
                Ok(()) => steps.push(Step::good(Ldap, Tried::Bind)),
                Err(error) => {
                    steps.push(Step::bad(Ldap, Tried::Bind, &error));
                    return steps;
                }
            }
        }
        let LdapSettings { base, user_attribute, filter, .. } = &self.settings;
        let people = format!("(&({user_attribute}=*){})", filter.as_deref().unwrap_or_default());
        let found = self.entries(&mut ldap, base, &people, &[user_attribute], 1).await;
        steps.push(match found {
            Ok(found) if found.is_empty() => {
                let why = format!("nobody with `{user_attribute}` is found below {base}");
                Step::bad(Ldap, Tried::Search, &why)
            }
            Ok(_) => Step::good(Ldap, Tried::Search),
            Err(error) => Step::bad(Ldap, Tried::Search, &error),
        });
        let _ = ldap.unbind().await;
        steps
    }
}
