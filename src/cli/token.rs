//! `watchkeep token`.

use super::{
    Common,
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use crate::peer::token::FormationToken;
use clap::{Args, Subcommand};

/// `watchkeep token …`
#[derive(Debug, Args)]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token; it is shown once
    New(NewArgs),
}

/// Flags of `token new`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep token new --formation > formation.token
      works without a cluster; copy the file to every machine")]
struct NewArgs {
    /// For forming a cluster: works with no cluster
    #[arg(long)]
    formation: bool,
}

pub(super) fn run(common: &Common, args: TokenArgs) -> Outcome {
    let TokenCommand::New(args) = args.command;
    if !args.formation {
        return Err(Stop::Usage("say which token: `watchkeep token new --formation`".into()));
    }
    let token = FormationToken::mint()?;
    let text = token.reveal();
    match common.output {
        Format::Table => output::line(text.expose())?,
        Format::Json => output::json(&serde_json::json!({ "token": text.expose() }))?,
    }
    Ok(Exit::Done)
}
