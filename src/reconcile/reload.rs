//! Makes a running program take up changed files, and proves that it did: Prometheus' reload is
//! not atomic and its success flag was 1 before the request too, so the flag must be 1 **and**
//! its timestamp must have moved.

use crate::{
    observe::{
        exposition::sample,
        http::{LocalError, LocalHttp},
    },
    render::Reload,
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long the metrics may lag behind the answer to the reload request.
const SETTLE: Duration = Duration::from_secs(10);

/// Why changed files are not in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReloadFailure {
    /// The program looked at them and said no; its words.
    Refused(String),
    /// It did not answer, or it is not clear what it did: no proof against the files.
    Unsure(String),
}

/// Reloads and verifies.
///
/// # Errors
/// The program refused, did not answer, or did not take the files up.
pub async fn reload(http: &LocalHttp, reload: &Reload) -> Result<(), ReloadFailure> {
    reload_within(http, reload, SETTLE).await
}

async fn reload_within(
    http: &LocalHttp,
    reload: &Reload,
    settle: Duration,
) -> Result<(), ReloadFailure> {
    use ReloadFailure::{Refused, Unsure};
    let before = stamp(http, reload).await.map_err(Unsure)?.timestamp;
    http.post(&reload.url).await.map_err(|error| match error {
        // 502 to 504: it cannot work now, whatever it was given.
        LocalError::Status { status, .. } if !(502..=504).contains(&status) => {
            Refused(chain(&error))
        }
        _ => Unsure(chain(&error)),
    })?;
    let deadline = Instant::now() + settle;
    loop {
        let now = stamp(http, reload).await.map_err(Unsure)?;
        if !now.success {
            return Err(Refused("the program reports that its last reload failed".into()));
        }
        if now.timestamp > before {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(Unsure(format!(
                "the program answered the reload but {} did not move",
                reload.timestamp_metric
            )));
        }
        sleep(Duration::from_millis(20)).await;
    }
}

struct Stamp {
    success: bool,
    timestamp: f64,
}

async fn stamp(http: &LocalHttp, reload: &Reload) -> Result<Stamp, String> {
    let text = http.get(&reload.metrics_url).await.map_err(|error| chain(&error))?;
    let get = |name: &str| {
        sample(&text, name).ok_or_else(|| format!("{} has no {name}", reload.metrics_url))
    };
    Ok(Stamp {
        success: get(&reload.success_metric)? >= 1.0,
        timestamp: get(&reload.timestamp_metric)?,
    })
}

fn chain(error: &dyn std::error::Error) -> String {
    crate::base::error_chain::ErrorChain(error).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, http::StatusCode, routing::get, routing::post};
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    /// A program whose answer to the reload, flag and timestamp step are given.
    async fn program(answer: StatusCode, success: u32, step: u32) -> Reload {
        let stamp = Arc::new(AtomicU32::new(100));
        let moved = Arc::clone(&stamp);
        let app = Router::new()
            .route(
                "/-/reload",
                post(move || async move {
                    moved.fetch_add(step, Ordering::SeqCst);
                    (answer, "line 3: field bogus not found")
                }),
            )
            .route(
                "/metrics",
                get(move || async move {
                    format!("ok {success}\nat {}\n", stamp.load(Ordering::SeqCst))
                }),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Reload {
            url: format!("{base}/-/reload"),
            metrics_url: format!("{base}/metrics"),
            success_metric: "ok".into(),
            timestamp_metric: "at".into(),
        }
    }

    fn http() -> LocalHttp {
        let _ = rustls::crypto::ring::default_provider().install_default();
        LocalHttp::new(Duration::from_secs(5), None).unwrap()
    }

    #[tokio::test]
    async fn success_needs_flag_and_moved_timestamp() {
        let good = program(StatusCode::OK, 1, 1).await;
        assert_eq!(reload(&http(), &good).await, Ok(()));
        let failed = program(StatusCode::OK, 0, 1).await;
        assert!(reload(&http(), &failed).await.is_err());
    }

    #[tokio::test]
    async fn the_refusal_carries_the_programs_words() {
        let refusing = program(StatusCode::INTERNAL_SERVER_ERROR, 0, 0).await;
        let failure = reload(&http(), &refusing).await.unwrap_err();
        let ReloadFailure::Refused(reason) = failure else { panic!("{failure:?}") };
        assert!(reason.contains("field bogus") && reason.contains("500"), "{reason}");
    }

    #[tokio::test]
    async fn a_program_that_cannot_work_now_has_not_refused() {
        let starting = program(StatusCode::SERVICE_UNAVAILABLE, 1, 0).await;
        let gone = Reload {
            url: "http://127.0.0.1:1/-/reload".into(),
            ..program(StatusCode::OK, 1, 1).await
        };
        for unwell in [starting, gone] {
            let failure = reload(&http(), &unwell).await.unwrap_err();
            assert!(matches!(failure, ReloadFailure::Unsure(_)), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn an_answer_without_effect_is_no_success() {
        let deaf = program(StatusCode::OK, 1, 0).await;
        let failure = reload_within(&http(), &deaf, Duration::ZERO).await.unwrap_err();
        let ReloadFailure::Unsure(reason) = failure else { panic!("{failure:?}") };
        assert!(reason.contains("did not move"), "{reason}");
    }
}
