//! `watchkeep receipts`: what became of notifications.

use super::{
    super::{
        Common,
        client::{self, Client},
        exit::{Exit, Outcome},
        output::{self, Format},
    },
    given, rows,
};
use clap::Args;

/// Flags of `receipts`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep receipts --state failed")]
pub(in crate::cli) struct ReceiptsArgs {
    /// Only of this receiver
    #[arg(long, value_name = "NAME")]
    receiver: Option<String>,
    /// Only in this state: delivered, failed
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// Newest receipts to show
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u16,
}

pub(in crate::cli) fn receipts(common: &Common, args: &ReceiptsArgs) -> Outcome {
    let client = Client::new(common)?;
    let limit = args.limit.to_string();
    let mut query = given(&[("receiver", &args.receiver), ("state", &args.state)]);
    query.push(("limit", &limit));
    let receipts = client::run(client.get("/api/v1/receipts", &query))?;
    if common.output == Format::Json {
        output::json(&receipts)?;
        return Ok(Exit::Done);
    }
    let fields = ["at", "receiver", "channel", "to", "state", "n_attempts", "reason"];
    output::line(&output::table(&fields, &rows(&receipts["items"], &fields)))?;
    Ok(Exit::Done)
}
