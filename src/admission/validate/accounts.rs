//! Roles, and accounts and tokens: where their roles are held.

use super::{Code, Findings};
use crate::{
    model::{
        spec,
        spec::{Role, RoleName},
    },
    scope::access,
};
use std::collections::BTreeSet;

pub(super) fn role(name: &str, role: &Role, findings: &mut Findings) {
    if RoleName::of(name).is_some() {
        findings.object("name", Code::BadName, format!("`{name}` is a built-in role"));
    }
    if role.base == RoleName::Admin {
        let message = "must be viewer, developer or operator: an admin may do everything already";
        findings.spec("base", Code::BadValue, message);
    }
    let mut seen = BTreeSet::new();
    for (position, kind) in role.write.iter().enumerate() {
        let path = format!("write/{position}");
        if !Role::may_give(*kind) {
            let message = format!("a role cannot give the right to change a {kind}");
            findings.spec(path, Code::BadValue, message);
        } else if !seen.insert(kind) {
            findings.spec(path, Code::BadValue, format!("`{kind}` is named twice"));
        }
    }
}

pub(super) fn user(user: &spec::User, findings: &mut Findings) {
    scope(findings, "scope", &user.scope);
    for (position, grant) in user.also.iter().enumerate() {
        let path = format!("also/{position}/scope");
        if grant.scope.is_empty() {
            let message = "at least one matcher is needed; `role` is what is held everywhere";
            findings.spec(&path, Code::BadValue, message);
        }
        scope(findings, &path, &grant.scope);
    }
}

pub(super) fn scope(findings: &mut Findings, path: &str, matchers: &[String]) {
    for (position, text) in matchers.iter().enumerate() {
        if let Err(error) = access::parse(text) {
            findings.spec(format_args!("{path}/{position}"), Code::Matcher, error.to_string());
        }
    }
}
