//! Our own end and restart: children go on, and are found again, and nobody else is.

use super::{DEADLINE, Place, eventually, idle, kill, ready, script, status, text};
use std::path::Path;
use watchkeep::model::observed::ProcessState;
use watchkeep::model::process::ProcessSpec;

/// Tells the helper process where to be.
const PLACE: &str = "WATCHKEEP_TEST_PLACE";

#[tokio::test]
async fn a_running_child_is_adopted_with_the_same_process_id() {
    let place = Place::new();
    let first = place.open().await;
    first.apply(vec![idle("a")]).unwrap();
    let pid = ready(&first, "a").await;
    first.release().await;
    drop(first);

    let second = place.open().await;
    second.apply(vec![idle("a")]).unwrap();
    let adopted = status(&second, "a", |status| status.state == ProcessState::Ready).await;
    assert_eq!((adopted.pid, adopted.adopted, adopted.restarts), (Some(pid), true, 0));
    place.runs_only(pid).await;
    // It is watched like one of our own.
    kill(pid);
    let renewed = status(&second, "a", |s| s.state == ProcessState::Ready && s.pid != Some(pid));
    assert!(!renewed.await.adopted);
    second.stop_all().await.unwrap();
    assert!(place.running().is_empty());
}

/// Not a test of its own: the other process of the next one.
#[tokio::test]
#[ignore = "helper process of children_survive_kill_minus_nine_of_their_supervisor"]
async fn supervises_until_it_is_killed() {
    let Some(dir) = std::env::var_os(PLACE) else { return };
    let config = watchkeep::supervise::Config {
        launcher: super::launcher(),
        ..watchkeep::supervise::Config::new("killed", Path::new(&dir))
    };
    let supervisor = watchkeep::supervise::Supervisor::open(config).await.unwrap();
    supervisor.apply(vec![idle("a")]).unwrap();
    std::future::pending().await
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the supervising process is no child of another")]
async fn children_survive_kill_minus_nine_of_their_supervisor() {
    let mut place = Place::new();
    place.owner = "killed".into();
    let mut other = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "supervise::adoption::supervises_until_it_is_killed"])
        .env(PLACE, place.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let is_sleep = |pid: &u32| text(format!("/proc/{pid}/comm").as_ref()) == "sleep\n";
    eventually("the child runs", || place.running().iter().any(is_sleep)).await;
    let pids = place.running();
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(place.running(), pids);

    let heir = place.open().await;
    heir.apply(vec![idle("a")]).unwrap();
    let adopted = status(&heir, "a", |status| status.state == ProcessState::Ready).await;
    assert_eq!((adopted.pid, adopted.adopted), (Some(pids[0]), true));
    // It is nobody's child here, yet its end is seen and it can be stopped.
    kill(pids[0]);
    let is_fresh = |s: &watchkeep::model::observed::ProcessStatus| {
        s.state == ProcessState::Ready && s.pid != Some(pids[0])
    };
    status(&heir, "a", is_fresh).await;
    heir.stop_all().await.unwrap();
    assert!(place.running().is_empty());
}

#[tokio::test]
async fn being_dropped_is_as_good_as_a_release() {
    let place = Place::new();
    let first = place.open().await;
    first.apply(vec![idle("a")]).unwrap();
    let pid = ready(&first, "a").await;
    drop(first);
    let second = place.open().await;
    second.apply(vec![idle("a")]).unwrap();
    assert_eq!(ready(&second, "a").await, pid);
    second.stop_all().await.unwrap();
}

#[tokio::test]
async fn a_child_whose_spec_has_changed_meanwhile_is_restarted() {
    let place = Place::new();
    let first = place.open().await;
    first.apply(vec![idle("a")]).unwrap();
    let pid = ready(&first, "a").await;
    first.release().await;
    drop(first);
    let second = place.open().await;
    second.apply(vec![ProcessSpec { generation: "2".into(), ..idle("a") }]).unwrap();
    second.settled().await;
    let renewed = status(&second, "a", |status| status.state == ProcessState::Ready).await;
    assert_ne!(renewed.pid, Some(pid));
    assert!(!renewed.adopted);
    place.runs_only(renewed.pid.unwrap()).await;
    second.stop_all().await.unwrap();
}

#[tokio::test]
async fn a_leftover_runs_until_the_wanted_set_is_known_and_is_stopped_if_it_is_not_in_it() {
    let place = Place::new();
    let first = place.open().await;
    let journal = place.path().join("journal");
    let polite = format!(
        "trap 'echo bye > {}; exit' TERM; echo up; while :; do sleep 0.02; done",
        journal.display()
    );
    first.apply(vec![script("a", &polite)]).unwrap();
    let pid = ready(&first, "a").await;
    let log = first.log_path("a");
    eventually("it listens to signals", || text(&log).contains("up")).await;
    first.release().await;
    drop(first);
    let second = place.open().await;
    assert_eq!(second.statuses().borrow()["a"].pid, Some(pid));
    second.apply(vec![]).unwrap();
    second.settled().await;
    assert!(place.running().is_empty());
    assert_eq!(text(&journal), "bye\n", "it was asked, not killed");
    assert!(second.statuses().borrow().is_empty());
}

#[tokio::test]
async fn a_process_that_merely_has_the_recorded_id_is_left_alone() {
    let place = Place::new();
    let first = place.open().await;
    first.apply(vec![idle("a")]).unwrap();
    let pid = ready(&first, "a").await;
    first.release().await;
    drop(first);
    let record = text(&place.children());
    kill(pid);
    eventually("it is gone", || place.running().is_empty()).await;
    // Somebody else's process of the same program has got the id: once with a later start, once
    // even with the recorded one, so that only the marker is missing.
    let mut foreign = Foreign::start();
    while foreign.start_time() == start_time(&record) {
        // The clock of start times ticks only a hundred times a second.
        foreign = Foreign::start();
    }
    let with_id =
        record.replace(&format!("\"pid\": {pid},"), &format!("\"pid\": {},", foreign.pid()));
    let with_both = with_id.replace(&start_time(&record), &foreign.start_time());
    assert!(record != with_id && with_id != with_both);
    for tampered in [with_id, with_both] {
        put(&place.children(), &tampered);
        let second = place.open().await;
        assert!(second.statuses().borrow().is_empty());
        second.apply(vec![idle("a")]).unwrap();
        assert_ne!(ready(&second, "a").await, foreign.pid());
        assert!(!second.statuses().borrow()["a"].adopted);
        second.stop_all().await.unwrap();
        assert!(foreign.is_alive());
    }
}

#[tokio::test]
async fn one_that_has_become_another_program_is_ours_but_not_trusted() {
    let place = Place::new();
    let first = place.open().await;
    let became = script("a", "exec sleep 1000");
    first.apply(vec![became.clone()]).unwrap();
    let pid = ready(&first, "a").await;
    eventually("it is sleep", || text(format!("/proc/{pid}/comm").as_ref()) == "sleep\n").await;
    first.release().await;
    drop(first);
    let second = place.open().await;
    second.apply(vec![became]).unwrap();
    second.settled().await;
    let fresh = ready(&second, "a").await;
    assert_ne!(fresh, pid);
    place.runs_only(fresh).await;
    second.stop_all().await.unwrap();
}

#[tokio::test]
async fn a_record_of_another_boot_is_not_believed() {
    let place = Place::new();
    let first = place.open().await;
    first.apply(vec![idle("a")]).unwrap();
    ready(&first, "a").await;
    first.release().await;
    drop(first);
    let boot = text("/proc/sys/kernel/random/boot_id".as_ref());
    let other = text(&place.children()).replace(boot.trim(), "of another boot");
    put(&place.children(), &other);
    // The process is in truth of this boot, so its marker gives it away: it is ours, with an
    // unknown spec, and gives way to a fresh one. Two never run.
    let second = place.open().await;
    second.apply(vec![idle("a")]).unwrap();
    second.settled().await;
    let fresh = ready(&second, "a").await;
    place.runs_only(fresh).await;
    second.stop_all().await.unwrap();
}

#[tokio::test]
async fn with_its_record_damaged_no_second_instance_is_started() {
    let place = Place::new();
    let first = place.open().await;
    first.apply(vec![idle("a"), idle("b")]).unwrap();
    ready(&first, "a").await;
    ready(&first, "b").await;
    first.release().await;
    drop(first);
    put(&place.children(), "{ not json");
    let second = place.open().await;
    second.apply(vec![idle("a")]).unwrap();
    second.settled().await;
    let fresh = ready(&second, "a").await;
    place.runs_only(fresh).await;
    assert_eq!(text(&place.children().with_extension("json.damaged")), "{ not json");
    second.stop_all().await.unwrap();
}

#[tokio::test]
async fn one_folder_has_one_supervisor() {
    let place = Place::new();
    let first = place.open().await;
    let error = watchkeep::supervise::Supervisor::open(place.config()).await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("another watchkeep"), "{cause}");
    first.stop_all().await.unwrap();
}

#[tokio::test]
async fn a_launcher_whose_starter_died_before_the_orders_ends_by_itself() {
    // What a kill -9 between spawn and orders looks like: the pipe closes half-way.
    let run = watchkeep::model::process::RunOnce {
        exe: super::launcher(),
        args: vec!["component-exec".into()],
        stdin: 4000u32.to_le_bytes().to_vec(),
        timeout: DEADLINE,
        ..super::shell("")
    };
    let output = super::runner().run(run).await.unwrap();
    assert_eq!(output.code, Some(125));
    assert!(output.stderr.contains("no complete orders"), "{output:?}");
}

fn put(path: &Path, text: &str) {
    watchkeep::base::atomic_file::write(path, text.as_bytes(), 0o600).unwrap();
}

/// The text of the field in a record of one child.
fn start_time(record: &str) -> String {
    let line = record.lines().find(|line| line.contains("\"start_time\"")).unwrap();
    line.trim().to_owned()
}

/// A process that is none of ours: started by the test itself, without a marker.
struct Foreign(std::process::Child);

impl Foreign {
    #[expect(clippy::disallowed_methods, reason = "it must not come from src/supervise")]
    fn start() -> Self {
        Self(std::process::Command::new("/bin/sleep").arg("1000").spawn().unwrap())
    }

    fn pid(&self) -> u32 {
        self.0.id()
    }

    fn is_alive(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    fn start_time(&self) -> String {
        let stat = text(format!("/proc/{}/stat", self.pid()).as_ref());
        let ticks = stat.rsplit(')').next().unwrap().split_whitespace().nth(19).unwrap();
        format!("\"start_time\": {ticks},")
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
