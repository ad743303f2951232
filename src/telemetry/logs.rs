//! Log set-up: `tracing` to standard error, once per process.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Starts logging. `filter` is a level or a `tracing` filter; a bad one falls back to `info` and
/// says so. A second call in one process (tests) changes nothing.
pub fn start(filter: &str, json: bool) {
    // Raft's own talk is for those who ask for it.
    let quiet =
        if filter.contains('=') { filter.to_owned() } else { format!("{filter},openraft=warn") };
    let (parsed, bad) = match quiet.parse::<EnvFilter>() {
        Ok(parsed) => (parsed, None),
        Err(error) => (EnvFilter::new("info"), Some(error)),
    };
    let registry = tracing_subscriber::registry().with(parsed);
    let stderr = fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    let started = if json {
        registry.with(stderr.json().flatten_event(true)).try_init()
    } else {
        registry.with(stderr.with_target(false)).try_init()
    };
    if started.is_ok()
        && let Some(error) = bad
    {
        tracing::warn!(filter, %error, "log filter is not valid, using `info`");
    }
}
