//! The history over a real store.

use super::*;
use crate::{
    model::{fingerprint::Fingerprint, label::Labels},
    observe::rules::{State, Transition},
    store::{WriteError, command::Command, testing},
};
use std::time::Duration;

const T0: u64 = 1_800_000_000_000;

fn transition(n: u64, alert: &str, from: State, to: State) -> Transition {
    let labels: Labels = [
        ("alertname".to_owned(), alert.to_owned()),
        ("instance".to_owned(), "db-1".to_owned()),
        ("project".to_owned(), "shop".to_owned()),
    ]
    .into();
    let fingerprint = Fingerprint::of(&labels);
    let (at, group) = (UnixMs(T0 + n * 1000), "g".to_owned());
    Transition { at, fingerprint, group, labels, from, to, value: Some(2.5) }
}

async fn write(log: &AlertLog, draft: Draft) -> Result<(), WriteError> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).unwrap();
    let command = Command {
        request: u128::from_ne_bytes(random),
        actor: "node/1".into(),
        why: "alert states".into(),
        at: UnixMs(T0),
        preconditions: vec![draft.condition],
        changes: draft.changes,
    };
    log.store.write(command, Duration::from_secs(5)).await.map(drop)
}

async fn note(log: &AlertLog, transitions: &[Transition]) {
    let book = log.load().unwrap();
    let (_, draft) = log.draft(&book, transitions, UnixMs(T0)).unwrap();
    write(log, draft).await.unwrap();
}

fn life(alert: &str, from: u64) -> Vec<Transition> {
    vec![
        transition(from, alert, State::Inactive, State::Pending),
        transition(from + 10, alert, State::Pending, State::Firing),
        transition(from + 50, alert, State::Firing, State::Resolved),
    ]
}

fn told(entries: &[Entry]) -> Vec<String> {
    let told = |entry: &Entry| {
        let (it, seconds) = (&entry.transition, (entry.transition.at.0 - T0) / 1000);
        format!("{seconds} {} {}", it.labels["alertname"], it.to.as_str())
    };
    entries.iter().map(told).collect()
}

#[tokio::test]
async fn what_is_written_is_found_newest_first_by_every_filter_and_page() {
    let dir = tempfile::tempdir().unwrap();
    let log = AlertLog::new(testing::single(dir.path()).await);
    note(&log, &life("DiskFull", 0)).await;
    note(&log, &life("Down", 20)).await;
    let all = log.page(&Filter::default(), None, 100).unwrap();
    assert_eq!(
        told(&all.0),
        [
            "70 Down resolved",
            "50 DiskFull resolved",
            "30 Down firing",
            "20 Down pending",
            "10 DiskFull firing",
            "0 DiskFull pending"
        ]
    );
    assert!(!all.1);
    assert_eq!(all.0[1].transition, life("DiskFull", 0)[2]);
    let (first, more) = log.page(&Filter::default(), None, 4).unwrap();
    let id = first[3].id.to_string().parse().unwrap();
    let (rest, no_more) = log.page(&Filter::default(), Some(id), 4).unwrap();
    assert_eq!((more, no_more, first.len(), rest.len()), (true, false, 4, 2));
    let of = |filter: Filter| told(&log.page(&filter, None, 100).unwrap().0);
    assert_eq!(of(Filter { alert: Some("Down".into()), ..Filter::default() }).len(), 3);
    assert_eq!(of(Filter { states: vec![State::Firing], ..Filter::default() }).len(), 2);
    assert_eq!(
        of(Filter { words: vec!["disk".into(), "db-1".into()], ..Filter::default() }).len(),
        3
    );
    assert_eq!(of(Filter { project: Some("other".into()), ..Filter::default() }).len(), 0);
    let span = |from: u64, to: u64| {
        let instant = |n| Some(UnixMs(T0 + n * 1000));
        of(Filter { from: instant(from), to: instant(to), ..Filter::default() })
    };
    assert_eq!(span(10, 30), ["20 Down pending", "10 DiskFull firing"]);
}

#[tokio::test]
async fn what_is_active_and_how_often_it_fired_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = testing::single(dir.path()).await;
    let log = AlertLog::new(store.clone());
    note(&log, &life("Down", 0)).await;
    note(&log, &life("Down", 100)[..2]).await;
    store.close().await.unwrap();
    drop((log, store));
    let log = AlertLog::new(testing::single(dir.path()).await);
    let book = log.load().unwrap();
    assert_eq!((book.head.sequence, book.head.entries, book.active.len()), (5, 5, 1));
    assert_eq!(book.active.values().next().unwrap().state, State::Firing);
    let rule = ("g".to_owned(), "Down".to_owned());
    let fired = |now, days| log.fired(UnixMs(now), days).unwrap().get(&rule).copied();
    let twice = Some(Fired { times: 2, ended: 1, lasted_ms: 40_000 });
    assert_eq!(fired(T0, 0), twice);
    assert_eq!((fired(T0 + 6 * DAY_MS, 6), fired(T0 + 7 * DAY_MS, 6)), (twice, None));
}

#[tokio::test]
async fn of_two_nodes_that_believe_to_lead_one_writes_and_the_other_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let log = AlertLog::new(testing::single(dir.path()).await);
    let book = log.load().unwrap();
    let (_, mine) = log.draft(&book, &life("Down", 0), UnixMs(T0)).unwrap();
    let (_, theirs) = log.draft(&book, &life("Down", 0), UnixMs(T0)).unwrap();
    write(&log, mine).await.unwrap();
    assert!(matches!(write(&log, theirs).await, Err(WriteError::Precondition(_))));
    assert_eq!(log.page(&Filter::default(), None, 100).unwrap().0.len(), 3);
}

#[tokio::test]
async fn what_is_too_old_goes_and_the_rest_stays() {
    let dir = tempfile::tempdir().unwrap();
    let log = AlertLog::new(testing::single(dir.path()).await);
    note(&log, &life("Old", 0)).await;
    note(&log, &life("New", 100)).await;
    let book = log.load().unwrap();
    assert!(log.sweep(&book, UnixMs(T0 + KEEP_MS - 1)).unwrap().is_none());
    let now = UnixMs(T0 + KEEP_MS + 60_000);
    let (next, draft) = log.sweep(&book, now).unwrap().unwrap();
    write(&log, draft).await.unwrap();
    assert_eq!(next.head.entries, 3);
    let left = log.page(&Filter::default(), None, 100).unwrap().0;
    assert!(left.iter().all(|entry| entry.transition.labels["alertname"] == "New"));
    assert_eq!(left.len(), 3);
}

#[tokio::test]
async fn novels_in_labels_are_cut_and_the_alert_is_still_found() {
    let dir = tempfile::tempdir().unwrap();
    let log = AlertLog::new(testing::single(dir.path()).await);
    let mut long = transition(0, "Wordy", State::Inactive, State::Firing);
    long.labels.insert("novel".into(), "x".repeat(300_000));
    long.fingerprint = Fingerprint::of(&long.labels);
    note(&log, &[long.clone()]).await;
    let filter = Filter { fingerprint: Some(long.fingerprint), ..Filter::default() };
    let found = log.page(&filter, None, 1).unwrap().0;
    assert_eq!(found[0].transition.labels.get("novel"), None);
    assert_eq!(found[0].transition.labels["instance"], "db-1");
}

#[tokio::test]
async fn firings_are_counted_by_group_and_day_the_last_day_last() {
    const DAY_S: u64 = DAY_MS / 1000;
    let dir = tempfile::tempdir().unwrap();
    let log = AlertLog::new(testing::single(dir.path()).await);
    assert_eq!(log.fired_daily(UnixMs(T0), 7).unwrap(), BTreeMap::new());
    let today = (T0 / DAY_MS + 7) * DAY_S - T0 / 1000;
    for (n, alert) in [(0, "A"), (1, "A"), (1, "B"), (6, "A")] {
        note(&log, &life(alert, (today - n * DAY_S) + 100 * n)).await;
    }
    let daily = log.fired_daily(UnixMs(T0 + today * 1000), 7).unwrap();
    assert_eq!(daily["g"], [1, 0, 0, 0, 0, 2, 1]);
    let fewer = log.fired_daily(UnixMs(T0 + today * 1000), 2).unwrap();
    assert_eq!(fewer["g"], [2, 1]);
}
