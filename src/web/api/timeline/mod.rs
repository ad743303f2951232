//! The life of one alert: when it was pending and fired, who was told how, what held it back.

mod states;

use crate::{
    model::{UnixMs, label::Labels},
    notify::{
        book::Episode,
        receipt::{Receipt, State},
    },
    observe::rules::Transition,
    silence::wanted::{Phase, Wanted, all_hold, prepare},
};
use serde::{Deserialize, Serialize};
use states::Firing;

/// One thing that happened to an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TimelineEntry {
    /// When.
    pub at: String,
    /// `pending`, `firing`, `received`, `queued`, `sent`, `delivered`, `failed`, `silenced`,
    /// `resolved`; `inactive` where it was pending and cleared before it fired.
    pub what: String,
    /// Who was to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// Over what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// To whom, where a channel has several: an address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// Which attempt this was, from 1; only of `sent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// What came of `delivered`: `delivered`, `accepted` (queued by the other side), `merged`
    /// (another message said it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// What else there is to say: the answer to an attempt, the reason of a failure, the value with
    /// which it was pending or fired. May be empty.
    pub text: String,
}

/// One entry on its way to be sorted.
struct Entry<'a> {
    at: UnixMs,
    what: &'static str,
    receiver: Option<&'a str>,
    channel: Option<&'a str>,
    to: &'a str,
    attempt: Option<u32>,
    end: Option<&'static str>,
    text: String,
}

impl Entry<'_> {
    fn plain(at: UnixMs, what: &'static str, text: impl Into<String>) -> Self {
        let (receiver, channel, to, attempt, end) = Default::default();
        Self { at, what, receiver, channel, to, attempt, end, text: text.into() }
    }

    /// What comes first when two things happen in the same millisecond.
    fn rank(&self) -> usize {
        const ORDER: [&str; 10] = [
            "inactive",
            "pending",
            "firing",
            "silenced",
            "received",
            "queued",
            "sent",
            "resolved",
            "delivered",
            "failed",
        ];
        ORDER.iter().position(|what| *what == self.what).unwrap_or(ORDER.len())
    }
}

/// What is known of an alert.
pub(super) struct Known<'a> {
    /// Its own.
    pub(super) labels: &'a Labels,
    /// What the notifier was told of.
    pub(super) episodes: &'a [Episode],
    /// What became of its notifications.
    pub(super) receipts: &'a [Receipt],
    /// Its changes of state in Prometheus, oldest first; the oldest may be missing.
    pub(super) states: &'a [Transition],
    /// All there are, of any alerts.
    pub(super) silences: &'a [Wanted],
}

/// Everything known of an alert, oldest first.
pub(super) fn timeline(known: &Known<'_>, now: UnixMs) -> Vec<TimelineEntry> {
    let mut entries = Vec::new();
    let firings = states::of_states(known.episodes, known.states, &mut entries);
    for episode in known.episodes {
        of_episode(episode, &mut entries);
    }
    for receipt in known.receipts.iter().filter(|receipt| !receipt.test) {
        of_receipt(receipt, &mut entries);
    }
    for silence in known.silences {
        entries.extend(of_silence(silence, known.labels, &firings, now));
    }
    entries.sort_by_key(|entry| (entry.at, entry.rank()));
    entries
        .into_iter()
        .map(|entry| TimelineEntry {
            at: entry.at.to_string(),
            what: entry.what.to_owned(),
            receiver: entry.receiver.map(str::to_owned),
            channel: entry.channel.map(str::to_owned),
            to: entry.to.to_owned(),
            attempt: entry.attempt,
            end: entry.end.map(str::to_owned),
            text: entry.text,
        })
        .collect()
}

fn of_episode<'a>(episode: &'a Episode, entries: &mut Vec<Entry<'a>>) {
    for (receiver, told) in &episode.told {
        let received = Entry::plain(told.firing, "received", "");
        entries.push(Entry { receiver: Some(receiver), ..received });
    }
}

fn of_receipt<'a>(receipt: &'a Receipt, entries: &mut Vec<Entry<'a>>) {
    let entry = |at, what, text: &str| Entry {
        receiver: Some(&*receipt.receiver),
        channel: Some(&*receipt.channel),
        to: &receipt.to,
        ..Entry::plain(at, what, text)
    };
    entries.push(entry(receipt.created, "queued", ""));
    for attempt in &receipt.attempts {
        let answer = attempt.outcome.as_ref().map_or("", |outcome| &outcome.reason);
        let sent = entry(attempt.at, "sent", answer);
        entries.push(Entry { attempt: Some(attempt.n), ..sent });
    }
    let Some(ended) = receipt.ended else { return };
    let end = match receipt.state {
        State::Delivered => "delivered",
        State::Accepted => "accepted",
        State::Merged => "merged",
        State::Failed => return entries.push(entry(ended, "failed", &receipt.reason)),
        State::Pending => return,
    };
    entries.push(Entry { end: Some(end), ..entry(ended, "delivered", "") });
}

/// When it began to hold back an alert that fired.
fn of_silence<'a>(
    silence: &'a Wanted,
    labels: &Labels,
    firings: &[Firing],
    now: UnixMs,
) -> Option<Entry<'a>> {
    if silence.phase(now) == Phase::Pending || !all_hold(&prepare(&silence.matchers)?, labels) {
        return None;
    }
    let overlaps = |firing: &&Firing| {
        firing.from < silence.ends && firing.to.is_none_or(|end| end > silence.starts)
    };
    let began = match firings.iter().filter(overlaps).map(|firing| firing.from).min() {
        Some(from) => from.max(silence.starts),
        // Held back from the start: nobody was told, so there is no episode.
        None if firings.is_empty() => silence.starts,
        None => return None,
    };
    let Wanted { name, by, comment, ends, .. } = silence;
    let text = format!("silence {name} by {by} until {ends}: {comment}");
    Some(Entry::plain(began, "silenced", text))
}

#[cfg(test)]
mod tests;
