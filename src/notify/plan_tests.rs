use super::*;
use crate::notify::{
    payload::{REPEAT, parse},
    testing::body,
};
use proptest::prelude::*;

const LIMITS: Limits = Limits { late_ms: 90_000, idle_ms: 30_000_000 };

/// One receiver after another is told over the same book.
struct Desk {
    book: Book,
    next: u128,
    told: BTreeSet<ToldLocally>,
    ways: Vec<Way>,
}

impl Desk {
    fn new(channels: &[(&str, bool)]) -> Self {
        let way = |(channel, send_resolved): &(&str, bool)| Way {
            channel: (*channel).to_owned(),
            kind: "webhook".to_owned(),
            to: String::new(),
            send_resolved: *send_resolved,
        };
        let ways = channels.iter().map(way).collect();
        Self { book: Book::default(), next: 0, told: BTreeSet::new(), ways }
    }

    fn post(&mut self, receiver: &str, webhook: &Webhook, at: u64) -> Vec<(About, String, usize)> {
        let question = Question {
            receiver,
            webhook,
            received: UnixMs(at),
            ways: &self.ways,
            told: &self.told,
            limits: LIMITS,
            repeat_window_ms: 600_000,
        };
        let next = &mut self.next;
        let plan = plan(question, &mut self.book, &mut || {
            *next += 1;
            DeliveryId(*next)
        });
        let all = plan.deliveries.into_iter().chain(plan.unreachable);
        all.map(|delivery| (delivery.about, delivery.channel, delivery.items.len())).collect()
    }
}

fn webhook(alerts: &[(&str, &str)], reason: &str) -> Webhook {
    let alerts: Vec<_> = alerts.iter().map(|(name, status)| (*name, *status, 1_000)).collect();
    let mut webhook = parse(&body(&alerts, reason), UnixMs(u64::MAX >> 1)).unwrap();
    for alert in &mut webhook.alerts {
        alert.starts_at = UnixMs(10_000);
        alert.ends_at = alert.ends_at.map(|_| UnixMs(60_000));
    }
    webhook
}

#[test]
fn all_new_alerts_of_a_webhook_are_one_message_per_channel_and_doubles_are_none() {
    let mut desk = Desk::new(&[("a", true), ("b", false)]);
    let firing = webhook(&[("X", "firing"), ("Y", "firing")], "first notification");
    let wanted = vec![(About::Firing, "a".into(), 2), (About::Firing, "b".into(), 2)];
    assert_eq!(desk.post("ops", &firing, 11_000), wanted);
    assert_eq!(desk.post("ops", &firing, 11_001), []);
    let more = webhook(&[("X", "firing"), ("Y", "resolved"), ("Z", "firing")], "new alerts added");
    assert_eq!(
        desk.post("ops", &more, 61_000),
        [
            (About::Firing, "a".into(), 1),
            (About::Firing, "b".into(), 1),
            (About::Resolved, "a".into(), 1)
        ]
    );
}

#[test]
fn every_receiver_is_told_of_the_same_episode_once() {
    let mut desk = Desk::new(&[("a", true)]);
    let firing = webhook(&[("X", "firing")], "");
    let resolved = webhook(&[("X", "resolved")], "");
    for receiver in ["ops", "boss"] {
        assert_eq!(desk.post(receiver, &firing, 11_000), [(About::Firing, "a".into(), 1)]);
    }
    for receiver in ["ops", "boss"] {
        assert_eq!(desk.post(receiver, &resolved, 61_000), [(About::Resolved, "a".into(), 1)]);
        assert_eq!(desk.post(receiver, &resolved, 61_001), []);
    }
}

#[test]
fn resolved_that_nobody_was_told_of_tells_nobody_and_its_late_firing_tells_once() {
    let mut desk = Desk::new(&[("a", true)]);
    assert_eq!(desk.post("ops", &webhook(&[("X", "resolved")], ""), 61_000), []);
    let firing = webhook(&[("X", "firing")], "");
    assert_eq!(desk.post("ops", &firing, 62_000), [(About::Firing, "a".into(), 1)]);
    assert_eq!(desk.post("ops", &webhook(&[("X", "resolved")], ""), 63_000), []);
}

#[test]
fn repeat_is_told_once_however_many_alertmanagers_repeat_it() {
    let mut desk = Desk::new(&[("a", true)]);
    let repeat = webhook(&[("X", "firing")], REPEAT);
    assert_eq!(desk.post("ops", &repeat, 11_000), [(About::Firing, "a".into(), 1)]);
    assert_eq!(desk.post("ops", &webhook(&[("X", "firing")], "unknown"), 14_000_000), []);
    assert_eq!(desk.post("ops", &repeat, 14_400_000), [(About::Repeat, "a".into(), 1)]);
    assert_eq!(desk.post("ops", &repeat, 14_402_000), []);
    assert_eq!(desk.post("ops", &repeat, 14_404_000), []);
}

#[test]
fn what_a_spool_told_is_not_told_again_and_what_it_did_not_is() {
    let mut desk = Desk::new(&[("a", true), ("b", true)]);
    desk.told.insert(ToldLocally {
        channel: "a".into(),
        to: String::new(),
        status: Status::Firing,
    });
    let firing = webhook(&[("X", "firing")], "");
    assert_eq!(desk.post("ops", &firing, 11_000), [(About::Firing, "b".into(), 1)]);
    desk.told.clear();
    let over = [(About::Resolved, "a".into(), 1), (About::Resolved, "b".into(), 1)];
    assert_eq!(desk.post("ops", &webhook(&[("X", "resolved")], ""), 61_000), over);
}

#[test]
fn spool_that_comes_back_after_the_end_still_says_that_it_is_over() {
    let mut desk = Desk::new(&[("a", true)]);
    assert_eq!(desk.post("ops", &webhook(&[("X", "resolved")], ""), 61_000), []);
    desk.told.insert(ToldLocally {
        channel: "a".into(),
        to: String::new(),
        status: Status::Firing,
    });
    let firing = webhook(&[("X", "firing")], "");
    assert_eq!(desk.post("ops", &firing, 62_000), [(About::Resolved, "a".into(), 1)]);
}

#[test]
fn receiver_without_a_channel_is_reported_once() {
    let mut desk = Desk::new(&[]);
    let firing = webhook(&[("X", "firing")], "");
    assert_eq!(desk.post("ghost", &firing, 11_000), [(About::Firing, String::new(), 1)]);
    assert_eq!(desk.post("ghost", &firing, 11_001), []);
}

proptest! {
    #[test]
    fn whatever_the_order_a_receiver_is_told_once_that_it_fires_and_at_most_once_that_it_is_over(
        posts in prop::collection::vec(any::<bool>(), 1..30)
    ) {
        let mut desk = Desk::new(&[("a", true)]);
        let mut told = Vec::new();
        for (n, fires) in posts.iter().enumerate() {
            let status = if *fires { "firing" } else { "resolved" };
            let webhook = webhook(&[("X", status)], "");
            told.extend(desk.post("ops", &webhook, 61_000 + n as u64));
        }
        let count = |about| told.iter().filter(|(have, ..)| *have == about).count();
        prop_assert_eq!(count(About::Firing), usize::from(posts.contains(&true)));
        prop_assert!(count(About::Resolved) <= 1);
        // A firing after which a resolved came is over for the receiver, one way or the other.
        let episode = desk.book.changes();
        prop_assert_eq!(episode.0.len(), 1);
    }
}
