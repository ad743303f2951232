//! The long-running programs behind the command line: settles options, starts logs and the
//! runtime, turns signals into the shutdown signal.

use super::{
    node,
    options::{NodeOptions, OptionsError},
};
use crate::{
    base::{
        disk::{self, MAKE_ROOM},
        heap,
        shutdown::Shutdown,
    },
    cli::{
        DemoArgs,
        exit::{Exit, Outcome, Stop},
        recover::{RecoverArgs, Recovery},
        snapshot::{self, RestoreArgs, RestoredCluster},
        up::UpArgs,
    },
    demo,
    peer::token::FormationToken,
    telemetry::logs,
};
use std::{path::PathBuf, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// `watchkeep up`
///
/// # Errors
/// What keeps the node from starting.
pub fn up(args: UpArgs) -> Outcome {
    let options = NodeOptions::settle(args).map_err(|error| match error {
        OptionsError::NoToken => Stop::Usage(error.to_string()),
        other => Stop::Failed(other.into()),
    })?;
    logs::start(&options.log.level, options.json_logs());
    run(|shutdown| node::run(options, shutdown))
}

/// `watchkeep snapshot restore`
///
/// # Errors
/// What keeps the backup from being restored; nothing is changed then.
pub fn restore(args: &RestoreArgs, data_dir: Option<PathBuf>) -> Result<RestoredCluster, Stop> {
    let flags = UpArgs {
        conf: args.conf.clone(),
        key_file: args.key_file.clone(),
        data_dir,
        ..UpArgs::default()
    };
    let options = NodeOptions::settle(flags).map_err(|error| Stop::Failed(error.into()))?;
    let passphrase = snapshot::read_passphrase(&args.passphrase_file)?;
    let (data_dir, key_file) = (&options.data_dir, &options.key_file);
    Ok(super::restore::restore(&args.file, data_dir, key_file, &passphrase)?)
}

/// `watchkeep recover`
///
/// # Errors
/// What keeps the node from recovering; it is as it was then.
pub fn recover(args: &RecoverArgs, data_dir: Option<PathBuf>) -> Result<Recovery, Stop> {
    let flags = UpArgs {
        conf: args.conf.clone(),
        key_file: args.key_file.clone(),
        data_dir,
        ..UpArgs::default()
    };
    let options = NodeOptions::settle(flags).map_err(|error| Stop::Failed(error.into()))?;
    Ok(super::recover::recover(&options.data_dir, &options.key_file, args)?)
}

/// `watchkeep demo`
///
/// # Errors
/// What keeps the demo from coming up.
pub fn demo(args: DemoArgs) -> Outcome {
    logs::start("warn", false);
    let Some(bundle) = args.bundle else {
        return Err(Stop::Usage(
            "the demo needs a bundle with the components: scripts/demo makes one, or\n\n    \
             watchkeep bundle build --from debian --allow-stale-index --out components.wkb\n    \
             watchkeep demo --bundle components.wkb"
                .into(),
        ));
    };
    let dir = args.dir.unwrap_or_else(|| PathBuf::from("/tmp/watchkeep-demo"));
    run(|shutdown| async move {
        let bundle = std::path::absolute(&bundle)?;
        let dir = std::path::absolute(&dir)?;
        let options = demo::run::Options {
            nodes: args.nodes,
            dir,
            ready_file: args.ready_file.map(std::path::absolute).transpose()?,
            bundle,
            formation_token: FormationToken::mint()?.reveal(),
            inbox: demo::run::INBOX,
            program: std::env::current_exe()?,
        };
        Ok(demo::run::run(options, shutdown).await?)
    })
}

/// Runs to the end or to SIGINT or SIGTERM; a second signal ends at once.
fn run<F>(program: impl FnOnce(Shutdown) -> F) -> Outcome
where
    F: Future<Output = anyhow::Result<()>>,
{
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Stop::Failed(error.into()))?;
    let ended = runtime.block_on(async {
        let shutdown = Shutdown::new();
        tokio::spawn(watch_signals(shutdown.clone()));
        tokio::spawn(tidy_memory());
        program(shutdown).await
    });
    runtime.shutdown_timeout(Duration::from_secs(2));
    ended.map(|()| Exit::Done).map_err(|error| {
        let full = error.chain().any(disk::is_full) && !format!("{error:#}").contains(MAKE_ROOM);
        Stop::Failed(if full { error.context(MAKE_ROOM) } else { error })
    })
}

/// A large request leaves holes in the heaps; they go back soon after.
async fn tidy_memory() {
    let mut ticks = tokio::time::interval(Duration::from_secs(30));
    loop {
        ticks.tick().await;
        let _ = tokio::task::spawn_blocking(heap::give_back).await;
    }
}

async fn watch_signals(shutdown: Shutdown) {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    shutdown.cancel();
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    std::process::exit(1);
}
