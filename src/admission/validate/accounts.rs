//! Accounts and tokens: where their roles are held.

use super::{Code, Findings};
use crate::{model::spec, scope::access};

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
