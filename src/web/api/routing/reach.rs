//! Where a receiver's notifications go: its channels with masked addresses, and the people behind.

use crate::model::{
    Kind,
    cluster::DeclaredState,
    spec::{Channel, Contact, Receiver, Team},
};
use serde::Serialize;
use std::collections::BTreeSet;

/// One channel of a receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct ReachedChannel {
    /// Its name.
    name: String,
    /// `webhook`, `mail`, …
    #[serde(rename = "type")]
    type_: &'static str,
    /// For people; may be empty.
    title: String,
    /// Addresses with their telling parts left out: `l***@example.org`, `https://host/…`.
    to: Vec<String>,
}

/// Somebody who is reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub(crate) struct Person {
    /// Name of the contact.
    name: String,
    /// For people; may be empty.
    title: String,
}

/// Who is behind a receiver.
pub(super) struct Reach {
    pub(super) title: String,
    pub(super) channels: Vec<ReachedChannel>,
    /// Contacts of its mail channels and members of the teams it is the receiver of.
    pub(super) people: Vec<Person>,
}

impl Reach {
    pub(super) fn of(state: &DeclaredState, receiver: &str) -> Self {
        let mut reach = Self { title: String::new(), channels: Vec::new(), people: Vec::new() };
        let declared = state.get(Kind::Receiver, receiver);
        let Some(Receiver { title, channels, .. }) = declared.and_then(|it| it.spec_as().ok())
        else {
            return reach;
        };
        reach.title = title;
        let mut people = BTreeSet::new();
        for name in channels {
            let declared = state.get(Kind::Channel, &name);
            let Some(channel) = declared.and_then(|it| it.spec_as().ok()) else { continue };
            if let Channel::Mail { contacts, .. } = &channel {
                people.extend(contacts.iter().filter_map(|name| person(state, name)));
            }
            reach.channels.push(reached(state, name, channel));
        }
        for team in state.of(Kind::Team).filter_map(|team| team.spec_as::<Team>().ok()) {
            if team.receiver.as_deref() == Some(receiver) {
                people.extend(team.members.iter().filter_map(|name| person(state, name)));
            }
        }
        reach.people = people.into_iter().collect();
        reach
    }
}

fn person(state: &DeclaredState, name: &str) -> Option<Person> {
    let contact: Contact = state.get(Kind::Contact, name)?.spec_as().ok()?;
    Some(Person { name: name.to_owned(), title: contact.title })
}

fn reached(state: &DeclaredState, name: String, channel: Channel) -> ReachedChannel {
    match channel {
        Channel::Webhook { title, url, .. } => {
            ReachedChannel { name, type_: "webhook", title, to: vec![masked_url(&url)] }
        }
        Channel::Mail { title, to, contacts, .. } => {
            let of_contacts = contacts.iter().filter_map(|name| {
                let contact: Contact = state.get(Kind::Contact, name)?.spec_as().ok()?;
                contact.mail
            });
            let to = to.into_iter().chain(of_contacts).map(|mail| masked_mail(&mail)).collect();
            ReachedChannel { name, type_: "mail", title, to }
        }
    }
}

/// A path often holds the secret of a chat robot: scheme and host alone.
fn masked_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "…".to_owned() };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}/…")
}

fn masked_mail(mail: &str) -> String {
    let (person, domain) = mail.rsplit_once('@').unwrap_or((mail, ""));
    let first: String = person.chars().take(1).collect();
    format!("{first}***@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_without_their_telling_parts() {
        assert_eq!(masked_mail("li.na@shop.example"), "l***@shop.example");
        assert_eq!(
            masked_url("https://chat.example:8443/hook/SECRET?k=1"),
            "https://chat.example:8443/…"
        );
        assert_eq!(masked_url("https://u:p@chat.example/x"), "https://chat.example/…");
    }
}
