//! The command line: clap types and one file a subcommand; no logic beyond printing.
//!
//! Standard output is the answer, standard error is talk. The node programs themselves
//! (`up`, `demo`) come in as [`Programs`], since they stand above this module.

mod bundle;
pub mod exit;
mod output;
mod token;
pub mod up;

use clap::{Args, Parser, Subcommand};
use exit::{Exit, Outcome, Stop};
use output::Format;
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
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a node
    Up(Box<up::UpArgs>),
    /// Run three nodes, two sample hosts and an inbox on this machine
    Demo(DemoArgs),
    /// Make, list and revoke tokens
    Token(token::TokenArgs),
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
    /// Folder for everything; removed at the end when it is not given
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
}

/// Runs the program with the process' arguments.
#[must_use]
pub fn main(programs: Programs) -> ExitCode {
    // Before anything else: a launcher must still be a process of one thread.
    if let Some(code) = crate::supervise::launcher::intercept() {
        return code;
    }
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Up(args) => (programs.up)(*args),
        Command::Demo(args) => (programs.demo)(args),
        Command::Token(args) => token::run(&cli.common, args),
        Command::Bundle(args) => bundle::run(&cli.common, args),
    };
    finish(outcome).into()
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
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
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
