//! `receivers`: each with its webhooks and mails as channels.

use super::{
    channels::{self, Global},
    names::Names,
    reader::{Reader, below, put},
};
use crate::admission::request::Put;
use crate::model::{Kind, Name};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Channels of other services.
const OTHERS: [&str; 16] = [
    "discord_configs",
    "incidentio_configs",
    "jira_configs",
    "mattermost_configs",
    "msteams_configs",
    "msteamsv2_configs",
    "opsgenie_configs",
    "pagerduty_configs",
    "pushover_configs",
    "rocketchat_configs",
    "slack_configs",
    "sns_configs",
    "telegram_configs",
    "victorops_configs",
    "webex_configs",
    "wechat_configs",
];

/// The receivers of a file under the names that routes know them by.
#[derive(Default)]
pub(super) struct Receivers {
    /// `None`: it has no channel that can be said here, so it tells nobody.
    by_name: BTreeMap<String, Option<Name>>,
    names: Names,
    channels: Names,
    secrets: BTreeMap<String, Name>,
    secret_names: Names,
    puts: Vec<Put>,
}

pub(super) fn read(reader: &mut Reader, value: Option<&Value>, global: &Global) -> Receivers {
    let mut receivers = Receivers::default();
    for (n, item) in reader.list("receivers", value).iter().enumerate() {
        receivers.read_one(reader, &below("receivers", n), item, global);
    }
    receivers
}

impl Receivers {
    pub(super) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The object for a name in the file; `None` where it tells nobody.
    pub(super) fn object(&self, name: &str) -> Option<&Name> {
        self.by_name.get(name)?.as_ref()
    }

    /// Any of them, for a route that names one only for form's sake.
    pub(super) fn any(&self) -> Option<&Name> {
        self.by_name.values().flatten().next()
    }

    pub(super) fn into_puts(self) -> Vec<Put> {
        self.puts
    }

    fn read_one(&mut self, reader: &mut Reader, path: &str, item: &Value, global: &Global) {
        let Some(fields) = reader.map(path, Some(item)) else { return };
        let known: Vec<&str> =
            ["name", "webhook_configs", "email_configs"].iter().chain(&OTHERS).copied().collect();
        reader.known_fields(path, fields, &known);
        let name = reader.text(&below(path, "name"), fields.get("name")).unwrap_or_default();
        if name.is_empty() {
            reader.bad(path, "missing name in receiver");
            return;
        }
        if self.has(&name) {
            reader.bad(path, format!("notification config name `{name}` is not unique"));
            return;
        }
        let mut channels = Vec::new();
        for (field, mail) in [("webhook_configs", false), ("email_configs", true)] {
            let path = below(path, field);
            for (n, item) in reader.list(&path, fields.get(field)).iter().enumerate() {
                let path = below(&path, n);
                let Some(fields) = reader.map(&path, Some(item)) else { continue };
                let spec = match mail {
                    true => channels::mail(reader, &path, fields, global, self),
                    false => channels::webhook(reader, &path, fields),
                };
                let Some(spec) = spec else { continue };
                let channel = self.channels.give(&name, "channel");
                self.puts.push(put(Kind::Channel, channel.clone(), spec));
                channels.push(channel);
            }
        }
        for field in OTHERS {
            let path = below(path, field);
            for n in 0..reader.list(&path, fields.get(field)).len() {
                let service = field.trim_end_matches("_configs");
                reader.left_out(&below(&path, n), format!("there is no channel for {service} yet"));
            }
        }
        let object = (!channels.is_empty()).then(|| self.receiver(&name, &channels));
        self.by_name.insert(name, object);
    }

    fn receiver(&mut self, name: &str, channels: &[Name]) -> Name {
        let given = self.names.give(name, "receiver");
        let mut spec = json!({ "channels": channels });
        if given.as_str() != name {
            spec["title"] = json!(name);
        }
        self.puts.push(put(Kind::Receiver, given.clone(), spec));
        given
    }

    /// One secret for each account of a mail server. Passwords stay out of what is imported.
    pub(super) fn secret(
        &mut self,
        reader: &mut Reader,
        path: &str,
        host: &str,
        user: &str,
    ) -> Name {
        let account = format!("{user} at {host}");
        if let Some(name) = self.secrets.get(&account) {
            return name.clone();
        }
        let name = self.secret_names.give(&format!("smtp-{user}"), "smtp");
        let message = format!("the password of {account} is not taken: set the secret `{name}`");
        reader.left_out(path, message);
        self.puts.push(put(
            Kind::Secret,
            name.clone(),
            json!({"title": format!("Mail: {account}")}),
        ));
        self.secrets.insert(account, name.clone());
        name
    }
}
