//! `watchkeep recover`: flags and words; the work is done by the node's own program.

use super::{
    Common,
    exit::{Exit, Outcome},
    output::{self, Format},
    snapshot::RestoredCluster,
};
use clap::Args;
use std::path::PathBuf;

/// Flags of `recover`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  systemctl stop watchkeep           on every machine that is left
  watchkeep recover                  on each: shows how much it has kept
  watchkeep recover --from-this-node on the one with the highest term, then entry
  watchkeep up                       there: it is a cluster of one node now

Only for a majority that never comes back: while it may, start those machines
instead. Nodes of the old cluster that wake up later are refused by the new one.
Other machines join it with empty data directories and a token of
`watchkeep token new --role node`.")]
pub struct RecoverArgs {
    /// Do it; without this only shows what this node has kept
    #[arg(long)]
    pub from_this_node: bool,
    /// Leave out entries that are not known to be committed: they may never have been
    /// acknowledged, but what was acknowledged last may be among them
    #[arg(long, requires = "from_this_node")]
    pub drop_tail: bool,
    /// Conf file of the node [default: /etc/watchkeep/watchkeep.toml]
    #[arg(long, env = "WATCHKEEP_CONF", value_name = "FILE")]
    pub conf: Option<PathBuf>,
    /// Key file with the cluster's data key
    #[arg(long, env = "WATCHKEEP_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// What a node has kept, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Of the old cluster.
    pub cluster_id: String,
    /// Term of the newest entry.
    pub term: u64,
    /// Index of the newest entry.
    pub index: u64,
    /// Entries at the end that are not known to be committed.
    pub uncertain: u64,
    /// The new cluster, and where the old files are; none = only looked at.
    pub made: Option<(RestoredCluster, PathBuf)>,
}

pub(super) fn say(common: &Common, args: &RecoverArgs, found: &Recovery) -> Outcome {
    let Recovery { cluster_id, term, index, uncertain, made } = found;
    if common.output == Format::Json {
        let made = made.as_ref().map(|(new, before)| {
            serde_json::json!({ "cluster_id": new.cluster_id, "index": new.index, "before": before })
        });
        output::json(&serde_json::json!({
            "cluster_id": cluster_id, "term": term, "index": index, "uncertain": uncertain,
            "tail_dropped": args.drop_tail, "made": made,
        }))?;
        return Ok(Exit::Done);
    }
    output::talk(&format!("this node of cluster {cluster_id} has kept term {term}, entry {index}"));
    match (*uncertain, args.drop_tail) {
        (0, _) => output::talk("all of it is known to be committed"),
        (n, true) => output::talk(&format!(
            "its last {n} entries were left out: a write acknowledged just before the end may be \
             among them"
        )),
        (n, false) => output::talk(&format!(
            "its last {n} entries are not known to be committed: they are kept, and with them \
             perhaps a write that was never acknowledged"
        )),
    }
    output::talk(&match made {
        None => "nothing was changed; look at the other machines that are left, too, then run \
                 this where term and entry are highest:\n\n    watchkeep recover --from-this-node\n"
            .to_owned(),
        Some((new, before)) => format!(
            "it is the one node of the new cluster {} now; the old files are in {}\nstart it with \
             `watchkeep up`, then let other machines join with `watchkeep token new --role node`",
            new.cluster_id,
            before.display()
        ),
    });
    Ok(Exit::Done)
}
