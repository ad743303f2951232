//! The life of a process: start, readiness, failure, stop.

use super::{DEADLINE, Place, eventually, idle, kill, ready, script, status, text};
use std::time::Duration;
use watchkeep::model::observed::{ProcessState, ProcessStatus};
use watchkeep::model::process::{Probe, ProcessSpec, RunAs};
use watchkeep::supervise::{Config, LogLimits, SuperviseError, Supervisor, Timing, tail};

#[tokio::test]
async fn a_wanted_process_runs_detached_with_its_own_environment_and_log() {
    let place = Place::new();
    let supervisor = place.open().await;
    let spec = script("a", "env; readlink /proc/$$/fd/0; echo err >&2; exec sleep 1000");
    supervisor.apply(vec![spec]).unwrap();
    let pid = ready(&supervisor, "a").await;
    let log = supervisor.log_path("a");
    eventually("last line in the log", || text(&log).contains("err\n")).await;
    let said = text(&log);
    assert!(said.contains(&format!("WATCHKEEP_CHILD={}/a\n", place.owner)), "{said}");
    assert!(said.contains("/dev/null\n") && !said.contains("CARGO"), "{said}");
    let stat = text(format!("/proc/{pid}/stat").as_ref());
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    assert_eq!(fields[2..4], [pid.to_string(), pid.to_string()], "own group and session");
    assert_eq!(tail(&log, 1).unwrap(), ["err"]);
    supervisor.stop_all().await.unwrap();
    assert!(place.running().is_empty());
}

#[tokio::test]
async fn ready_is_when_the_probe_answers_and_unhealthy_when_it_stops() {
    let place = Place::new();
    let supervisor = place.open().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/-/ready");
    let spec = ProcessSpec { ready: Probe::Http { url: url.clone(), login: None }, ..idle("a") };
    supervisor.apply(vec![spec]).unwrap();
    let starting = status(&supervisor, "a", |status| status.pid.is_some()).await;
    assert_eq!(starting.state, ProcessState::Starting);
    let server = serve(port).await;
    assert_eq!(ready(&supervisor, "a").await, starting.pid.unwrap());
    server.abort();
    let ill = status(&supervisor, "a", |status| status.state == ProcessState::Unhealthy).await;
    assert!(ill.error.unwrap().contains(&url));
    assert_eq!(ill.pid, starting.pid, "it is not restarted for that");
    serve(port).await;
    ready(&supervisor, "a").await;
    supervisor.stop_all().await.unwrap();
}

/// Answers everything with 200 until it is aborted.
async fn serve(port: u16) -> tokio::task::JoinHandle<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let router = axum::Router::new().fallback(|| async { "ready" });
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
}

#[tokio::test]
async fn one_that_exits_is_restarted_with_back_off_and_its_last_words_are_shown() {
    let place = Place::new();
    let supervisor = place.open().await;
    let spec = script("a", "echo starting up; echo no such flag >&2; exit 3");
    supervisor.apply(vec![spec]).unwrap();
    let failed = |n| {
        move |status: &ProcessStatus| status.state == ProcessState::BackOff && status.restarts >= n
    };
    let first = status(&supervisor, "a", failed(0)).await;
    let error = first.error.unwrap();
    assert!(error.contains("exited with code 3") && error.contains("no such flag"), "{error}");
    assert_eq!(first.pid, None);
    let later = status(&supervisor, "a", failed(3)).await.error.unwrap();
    assert!(later.contains("times in a row"), "{later}");
    assert_eq!(later.matches("no such flag").count(), 1, "only of its last life: {later}");
    supervisor.stop_all().await.unwrap();
}

#[tokio::test]
async fn back_off_grows_and_starts_over_after_a_healthy_period() {
    let place = Place::new();
    let timing = Timing {
        back_off_floor: Duration::from_millis(1),
        back_off_ceiling: Duration::from_secs(3600),
        healthy_after: Duration::from_millis(300),
        ..place.config().timing
    };
    let supervisor = Supervisor::open(Config { timing, ..place.config() }).await.unwrap();
    supervisor.apply(vec![idle("a")]).unwrap();
    // Each time it is well for the healthy period, which is when what went wrong before is
    // forgotten; so doubling to an hour never begins.
    let well =
        |status: &ProcessStatus| status.state == ProcessState::Ready && status.error.is_none();
    for _ in 0..5 {
        let pid = status(&supervisor, "a", well).await.pid.unwrap();
        kill(pid);
        let next =
            |status: &ProcessStatus| status.state == ProcessState::Ready && status.pid != Some(pid);
        let error = status(&supervisor, "a", next).await.error.unwrap();
        assert!(error.contains("signal 9") && !error.contains("in a row"), "{error}");
    }
    supervisor.stop_all().await.unwrap();
}

#[tokio::test]
async fn a_program_that_cannot_be_started_says_why_and_the_others_run() {
    let place = Place::new();
    let supervisor = place.open().await;
    let missing = ProcessSpec { exe: "/no/such/program".into(), ..script("missing", "") };
    let good = ProcessSpec { order: 9, ..idle("good") };
    supervisor.apply(vec![missing, good]).unwrap();
    ready(&supervisor, "good").await;
    let down = status(&supervisor, "missing", |status| status.error.is_some()).await;
    assert!(down.error.unwrap().contains("cannot run /no/such/program"));
    supervisor.stop_all().await.unwrap();
}

#[tokio::test]
async fn one_that_never_gets_ready_is_stopped_and_tried_again() {
    let place = Place::new();
    let supervisor = place.open().await;
    let spec = ProcessSpec {
        ready: Probe::Http { url: "http://127.0.0.1:1/".into(), login: None },
        start_timeout: Duration::from_millis(100),
        ..idle("a")
    };
    supervisor.apply(vec![spec]).unwrap();
    let again = status(&supervisor, "a", |status| status.restarts >= 1 && status.error.is_some());
    let error = again.await.error.unwrap();
    assert!(error.contains("not ready within") && error.contains("127.0.0.1:1"), "{error}");
    supervisor.stop_all().await.unwrap();
}

#[tokio::test]
async fn higher_orders_stop_first_and_start_last() {
    let place = Place::new();
    let supervisor = place.open().await;
    let journal = place.path().join("journal");
    let member = |name: &str, order| {
        let say = |what: &str| format!("echo {what} {name} >> {}", journal.display());
        let text = format!(
            "trap '{}; exit 0' TERM; {}; while :; do sleep 0.02; done",
            say("stop"),
            say("start")
        );
        // Ready only once it has spoken, so that the next order waits for that.
        ProcessSpec { order, ..script(name, &text) }
    };
    supervisor.apply(vec![member("c", 30), member("a", 10), member("b", 20)]).unwrap();
    for name in ["a", "b", "c"] {
        ready(&supervisor, name).await;
    }
    eventually("three starts", || text(&journal).lines().count() == 3).await;
    supervisor.stop_all().await.unwrap();
    let lines = text(&journal);
    let stops: Vec<&str> = lines.lines().filter(|line| line.starts_with("stop")).collect();
    assert_eq!(stops, ["stop c", "stop b", "stop a"], "{lines}");
    let states: Vec<_> = supervisor.statuses().borrow().values().map(|s| s.state).collect();
    assert_eq!(states, [ProcessState::Stopped; 3]);
}

#[tokio::test]
async fn a_start_waits_until_lower_orders_are_ready() {
    let place = Place::new();
    let supervisor = place.open().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/");
    let low = ProcessSpec { ready: Probe::Http { url, login: None }, ..idle("low") };
    let high = ProcessSpec { order: 1, ..idle("high") };
    supervisor.apply(vec![high, low]).unwrap();
    status(&supervisor, "low", |status| status.pid.is_some()).await;
    assert!(!supervisor.statuses().borrow().contains_key("high"));
    serve(port).await;
    ready(&supervisor, "high").await;
    supervisor.stop_all().await.unwrap();
}

#[tokio::test]
async fn one_that_ignores_sigterm_is_killed_after_its_grace_with_all_it_started() {
    let place = Place::new();
    let supervisor = place.open().await;
    // The grandchild leaves group and session; its environment still says whose it is.
    let text = "trap '' TERM; setsid sleep 1000 & echo up; while :; do sleep 0.02; done";
    let spec = ProcessSpec { stop_grace: Duration::from_millis(200), ..script("a", text) };
    supervisor.apply(vec![spec]).unwrap();
    ready(&supervisor, "a").await;
    let log = supervisor.log_path("a");
    eventually("it runs", || super::text(&log).contains("up")).await;
    eventually("the grandchild runs", || place.running().len() >= 2).await;
    supervisor.stop_all().await.unwrap();
    assert_eq!(place.running(), Vec::<u32>::new());
}

#[tokio::test]
async fn a_changed_spec_restarts_that_process_alone_and_an_equal_one_nothing() {
    let place = Place::new();
    let supervisor = place.open().await;
    let (a, b) = (idle("a"), idle("b"));
    supervisor.apply(vec![a.clone(), b.clone()]).unwrap();
    let pids = (ready(&supervisor, "a").await, ready(&supervisor, "b").await);
    supervisor.apply(vec![a.clone(), b.clone()]).unwrap();
    supervisor.settled().await;
    // What does not concern the running process does not restart it.
    let patient = ProcessSpec { stop_grace: Duration::from_secs(1), order: 7, ..a.clone() };
    supervisor.apply(vec![patient, b.clone()]).unwrap();
    supervisor.settled().await;
    assert_eq!((ready(&supervisor, "a").await, ready(&supervisor, "b").await), pids);
    let changed = ProcessSpec { generation: "2".into(), ..a };
    supervisor.apply(vec![changed, b]).unwrap();
    supervisor.settled().await;
    let restarted = status(&supervisor, "a", |s| s.state == ProcessState::Ready).await;
    assert_ne!(restarted.pid, Some(pids.0));
    assert_eq!(restarted.restarts, 1);
    assert_eq!(ready(&supervisor, "b").await, pids.1);
    supervisor.apply(vec![]).unwrap();
    supervisor.settled().await;
    assert!(supervisor.statuses().borrow().is_empty());
    assert!(place.running().is_empty());
}

#[tokio::test]
async fn restart_gives_a_new_process_at_once() {
    let place = Place::new();
    let supervisor = place.open().await;
    supervisor.apply(vec![idle("a")]).unwrap();
    let pid = ready(&supervisor, "a").await;
    supervisor.restart("a").unwrap();
    let renewed = |s: &ProcessStatus| s.state == ProcessState::Ready && s.pid != Some(pid);
    assert_eq!(status(&supervisor, "a", renewed).await.restarts, 1);
    let unknown = supervisor.restart("b").unwrap_err();
    assert!(matches!(unknown, SuperviseError::UnknownProcess { .. }));
    supervisor.stop_all().await.unwrap();
}

#[tokio::test]
async fn a_bad_spec_is_refused_and_nothing_of_its_set_is_taken() {
    let place = Place::new();
    let supervisor = place.open().await;
    supervisor.apply(vec![idle("a")]).unwrap();
    let pid = ready(&supervisor, "a").await;
    let relative = ProcessSpec { exe: "bin/sh".into(), ..script("b", "") };
    let named = ProcessSpec {
        ready: Probe::Http { url: "http://localhost:1/".into(), login: None },
        ..script("b", "")
    };
    for bad in [relative, named, script("../x", ""), script("b", "\0")] {
        assert!(matches!(supervisor.apply(vec![bad]), Err(SuperviseError::InvalidSpec { .. })));
    }
    assert!(supervisor.apply(vec![script("b", ""), script("b", "")]).is_err());
    supervisor.settled().await;
    assert_eq!(ready(&supervisor, "a").await, pid);
    supervisor.stop_all().await.unwrap();
    assert!(matches!(supervisor.apply(vec![]), Err(SuperviseError::Ended)));
}

#[tokio::test]
async fn a_long_log_is_rotated_while_its_writer_goes_on() {
    let place = Place::new();
    let config = Config {
        log_limits: LogLimits { max_bytes: 40_000, n_kept: 50 },
        timing: Timing { rotate_every: Duration::from_millis(5), ..place.config().timing },
        ..place.config()
    };
    let supervisor = Supervisor::open(config).await.unwrap();
    let text = "n=0; while [ $n -lt 20000 ]; do echo line $n; n=$((n+1)); done; exec sleep 1000";
    supervisor.apply(vec![script("a", text)]).unwrap();
    let log = supervisor.log_path("a");
    eventually("the last line", || super::text(&log).ends_with("line 19999\n")).await;
    supervisor.stop_all().await.unwrap();
    let mut parts = vec![super::text(&log)];
    while let Ok(part) = std::fs::read_to_string(format!("{}.{}", log.display(), parts.len())) {
        parts.push(part);
    }
    assert!(parts.len() > 2, "{}", parts.len());
    let all: String = parts.into_iter().rev().collect();
    let expected: String = (0..20000).map(|n| format!("line {n}\n")).collect();
    assert!(all == expected, "{} bytes instead of {}", all.len(), expected.len());
}

#[tokio::test]
async fn a_storm_of_kills_leaves_no_zombie_and_no_descriptor_behind() {
    let place = Place::new();
    let supervisor = place.open().await;
    supervisor.apply(vec![idle("a")]).unwrap();
    let mut pid = ready(&supervisor, "a").await;
    let n_open = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let mut dead = Vec::new();
    let before = n_open();
    for _ in 0..15 {
        kill(pid);
        dead.push(pid);
        let next = |s: &ProcessStatus| s.state == ProcessState::Ready && s.pid != Some(pid);
        pid = status(&supervisor, "a", next).await.pid.unwrap();
    }
    for pid in dead {
        let stat = text(format!("/proc/{pid}/stat").as_ref());
        assert!(!stat.contains(") Z "), "{stat}");
    }
    // Other tests run beside this one; one descriptor a restart would still show.
    eventually("descriptors are given back", || n_open() < before + 15).await;
    supervisor.stop_all().await.unwrap();
}

#[tokio::test]
async fn root_runs_a_child_as_somebody_else() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("SKIP root_runs_a_child_as_somebody_else: needs root");
        return;
    }
    let place = Place::new();
    let supervisor = place.open().await;
    let nobody = Some(RunAs { uid: 65534, gid: 65534 });
    let spec = ProcessSpec { run_as: nobody, ..script("a", "id -u; exec sleep 1000") };
    supervisor.apply(vec![spec]).unwrap();
    ready(&supervisor, "a").await;
    let log = supervisor.log_path("a");
    eventually("its user id", || text(&log) == "65534\n").await;
    tokio::time::timeout(DEADLINE, supervisor.stop_all()).await.unwrap().unwrap();
}

#[tokio::test]
async fn protections_name_what_is_off() {
    let place = Place::new();
    let supervisor = place.open().await;
    let protections = supervisor.protections();
    assert_eq!(protections.len(), 4);
    assert!(protections.iter().all(|line| line.contains(": on") || line.contains(": off (")));
    assert_eq!(
        protections.contains(&"private mount namespaces: on".to_owned()),
        super::runner()
            .run(watchkeep::model::process::RunOnce {
                binds: vec![watchkeep::model::process::Bind {
                    source: place.path().into(),
                    target: "/mnt".into()
                }],
                ..super::shell("true")
            })
            .await
            .is_ok(),
        "{protections:?}"
    );
}
