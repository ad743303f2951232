//! Contacts and projects.

use super::{Code, Findings};
use crate::model::spec::{Contact, Project};

pub(super) fn contact(contact: &Contact, findings: &mut Findings) {
    if let Some(mail) = &contact.mail {
        let valid = mail.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !mail.contains(|c: char| c.is_whitespace() || c.is_control())
        });
        if !valid {
            findings.spec("mail", Code::BadValue, "not a mail address: user@host");
        }
    }
    if let Some(phone) = &contact.phone {
        let valid = phone.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        if !valid {
            findings.spec("phone", Code::BadValue, "not a telephone number: +49301234567");
        }
    }
}

pub(super) fn project(project: &Project, findings: &mut Findings) {
    let dimensions = [
        ("system", &project.system),
        ("module", &project.module),
        ("environment", &project.environment),
    ];
    for (name, value) in dimensions {
        if let Some(value) = value {
            findings.check(name, Code::Label, dimension(value));
        }
    }
}

/// The value becomes a label of every series and alert: it must be something, and alert labels
/// are templates.
fn dimension(value: &str) -> Result<(), String> {
    if value.trim().is_empty() {
        Err("must not be empty; leave the field out instead".to_owned())
    } else if value.len() > 200 {
        Err("must not be longer than 200 bytes".to_owned())
    } else if value.contains("{{") || value.contains(char::is_control) {
        Err("must not contain {{ or control characters".to_owned())
    } else {
        Ok(())
    }
}
