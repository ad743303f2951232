//! The command line: clap types and one file a subcommand; no logic beyond printing.
//!
//! Standard output is the answer, standard error is talk. The node programs themselves
//! (`up`, `demo`) come in as [`Programs`], since they stand above this module.

mod account;
mod alerts;
mod apply;
mod audit;
mod bundle;
mod check;
mod client;
mod cluster;
pub mod exit;
mod objects;
mod output;
pub mod recover;
mod secret;
mod session;
pub mod snapshot;
mod token;
pub mod up;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use exit::{Exit, Outcome, Stop};
use output::Format;
use recover::{RecoverArgs, Recovery};
use snapshot::{RestoreArgs, RestoredCluster, SnapshotCommand};
use std::{path::PathBuf, process::ExitCode};

/// A highly available monitoring platform in one file.
#[derive(Debug, Parser)]
#[command(name = "watchkeep", version, max_term_width = 80, propagate_version = true)]
#[command(after_help = "Example:
  watchkeep up            run a node on this machine
  watchkeep status        look at the cluster

Exit codes: 0 done, 1 failed, 2 usage, 3 a check found problems.")]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// How data is printed
    #[arg(long, global = true, value_enum, default_value_t, env = "WATCHKEEP_OUTPUT")]
    pub(crate) output: Format,
    /// Nodes to speak to, instead of the local one's socket
    #[arg(
        long,
        global = true,
        env = "WATCHKEEP_SERVER",
        value_name = "URLS",
        value_delimiter = ','
    )]
    pub(crate) server: Vec<String>,
    /// CA certificate of the servers (PEM)
    #[arg(long, global = true, env = "WATCHKEEP_CA", value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Data directory, whose socket is spoken to [default: /var/lib/watchkeep]
    #[arg(long, global = true, env = "WATCHKEEP_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// API token for `--server`; from the environment only, so that it is in no process list
    #[arg(skip)]
    pub(crate) token: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a node
    Up(Box<up::UpArgs>),
    /// Run three nodes, two sample hosts and an inbox on this machine
    Demo(DemoArgs),
    /// Make, list and revoke tokens
    Token(token::TokenArgs),
    /// Sign in at a cluster from another machine
    Login(account::LoginArgs),
    /// End the session of `login`
    Logout(account::LogoutArgs),
    /// Accounts and their passwords
    User(account::UserArgs),
    /// Make the cluster match files
    Apply(apply::ApplyArgs),
    /// Show what `apply` would change
    Diff(apply::DiffArgs),
    /// Print what is declared, as files for `apply`
    Export(apply::ExportArgs),
    /// Show declared objects
    Get(objects::GetArgs),
    /// Delete a declared object
    Delete(objects::DeleteArgs),
    /// Show who changed what
    History(objects::HistoryArgs),
    /// Undo a revision
    Revert(objects::RevertArgs),
    /// Show who did, or tried, what; export and verify it
    Audit(audit::AuditArgs),
    /// Show who is signed in, and end sessions
    Session(session::SessionArgs),
    /// Check files without a cluster
    Check(check::CheckArgs),
    /// Show the cluster: nodes, components, faults
    Status(cluster::StatusArgs),
    /// Show the members and where their portals are
    Members(cluster::MembersArgs),
    /// Save everything the cluster keeps, and restore it anywhere
    Snapshot(snapshot::SnapshotArgs),
    /// Make a new cluster of this node when the majority is lost for good
    Recover(RecoverArgs),
    /// Show a component's log
    Logs(cluster::LogsArgs),
    /// Show alerts
    Alert(alerts::AlertArgs),
    /// Set values of secrets
    Secret(secret::SecretArgs),
    /// Show what became of notifications
    Receipts(alerts::ReceiptsArgs),
    /// Make, check and load bundles of components
    Bundle(bundle::BundleArgs),
}

/// Flags of `watchkeep demo`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  watchkeep demo --dir /tmp/demo --ready-file /tmp/demo.json")]
pub struct DemoArgs {
    /// Nodes, each on its own loopback address
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=7))]
    pub nodes: u8,
    /// Folder for everything; removed at the end when the demo made it
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Written as JSON once everything runs
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// Bundle to take components from
    #[arg(long, env = "WATCHKEEP_BUNDLE", value_name = "FILE")]
    pub bundle: Option<PathBuf>,
}

/// The long-running programs behind the command line.
#[derive(Clone, Copy)]
pub struct Programs {
    /// `watchkeep up`
    pub up: fn(up::UpArgs) -> Outcome,
    /// `watchkeep demo`
    pub demo: fn(DemoArgs) -> Outcome,
    /// `watchkeep snapshot restore`, into this data directory
    pub restore: fn(&RestoreArgs, Option<PathBuf>) -> Result<RestoredCluster, Stop>,
    /// `watchkeep recover`, of this data directory
    pub recover: fn(&RecoverArgs, Option<PathBuf>) -> Result<Recovery, Stop>,
}

/// Runs the program with the process' arguments.
#[must_use]
pub fn main(programs: Programs) -> ExitCode {
    // Before anything else: a launcher must still be a process of one thread.
    if let Some(code) = crate::supervise::launcher::intercept() {
        return code;
    }
    let mut cli = match Cli::from_arg_matches(&command().get_matches()) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    cli.common.token = std::env::var("WATCHKEEP_TOKEN").ok().filter(|token| !token.is_empty());
    finish(run(&cli.common, cli.command, programs)).into()
}

/// The command line; help shows the names of environment variables, not what they hold.
fn command() -> clap::Command {
    fn quiet(command: clap::Command) -> clap::Command {
        let command = command.mut_args(|arg| arg.hide_env_values(true));
        command.mut_subcommands(quiet)
    }
    quiet(Cli::command())
}

fn run(common: &Common, command: Command, programs: Programs) -> Outcome {
    match command {
        Command::Up(args) => (programs.up)(*args),
        Command::Demo(args) => (programs.demo)(args),
        Command::Token(args) => token::run(common, args),
        Command::Login(args) => account::login(common, &args),
        Command::Logout(_) => account::logout(common),
        Command::User(args) => account::user(common, args),
        Command::Apply(args) => apply::apply(common, &args),
        Command::Diff(args) => apply::diff(common, &args),
        Command::Export(args) => apply::export(common, &args),
        Command::Get(args) => objects::get(common, &args),
        Command::Delete(args) => objects::delete(common, &args),
        Command::History(args) => objects::history(common, &args),
        Command::Revert(args) => objects::revert(common, &args),
        Command::Audit(args) => audit::run(common, &args),
        Command::Session(args) => session::run(common, args),
        Command::Check(args) => check::run(common, &args),
        Command::Status(_) => cluster::status(common),
        Command::Members(args) => cluster::members(common, &args),
        Command::Snapshot(args) => match &args.command {
            SnapshotCommand::Save(args) => snapshot::save(common, args),
            SnapshotCommand::Restore(args) => {
                let restored = (programs.restore)(args, common.data_dir.clone())?;
                snapshot::say_restored(common, &restored)
            }
        },
        Command::Recover(args) => {
            recover::say(common, &args, &(programs.recover)(&args, common.data_dir.clone())?)
        }
        Command::Logs(args) => cluster::logs(common, &args),
        Command::Alert(args) => alerts::alert(common, args),
        Command::Secret(args) => secret::run(common, args),
        Command::Receipts(args) => alerts::receipts(common, &args),
        Command::Bundle(args) => bundle::run(common, args),
    }
}

fn finish(outcome: Outcome) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(Stop::Usage(text)) => {
            output::talk(&format!("error: {text}"));
            Exit::Usage
        }
        Err(Stop::Failed(error)) if output::is_broken_pipe(&error) => Exit::Done,
        Err(Stop::Failed(error)) => {
            output::talk(&format!("error: {error:#}"));
            Exit::Failed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    /// Help of every command in one text, as people see it on 80 columns.
    fn all_help() -> String {
        fn walk(command: &mut clap::Command, path: &str, text: &mut String) {
            let path = format!("{path} {}", command.get_name());
            let help = command.clone().term_width(80).render_help();
            text.push_str(&format!("$ {} --help\n{help}\n", path.trim_start()));
            for sub in command.get_subcommands_mut().filter(|sub| !sub.is_hide_set()) {
                walk(sub, &path, text);
            }
        }
        let mut command = command();
        command.build();
        let mut text = String::new();
        walk(&mut command, "", &mut text);
        text
    }

    #[test]
    fn the_committed_help_is_what_the_program_prints() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/help.txt");
        let text = all_help();
        assert!(text.lines().all(|line| line.chars().count() <= 80 || line.contains("wkb")));
        if std::env::var_os("BLESS").is_some() {
            crate::base::atomic_file::write(&path, text.as_bytes(), 0o644).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "tests/golden/help.txt differs; bless with BLESS=1");
    }

    #[test]
    fn every_command_says_what_it_does_with_an_example() {
        fn walk(command: &clap::Command, path: &str, missing: &mut Vec<String>) {
            let path = format!("{path} {}", command.get_name());
            if command.get_about().is_none() {
                missing.push(format!("{path}: about"));
            }
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            if command.get_subcommands().next().is_none() && !help.contains("watchkeep ") {
                missing.push(format!("{path}: example"));
            }
            for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
                walk(sub, &path, missing);
            }
        }
        let mut missing = Vec::new();
        walk(&Cli::command(), "", &mut missing);
        assert!(missing.is_empty(), "{missing:#?}");
    }
}
