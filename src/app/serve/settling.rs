//! What a node does once when it is up: first rows, its own row, the ready file.

use super::Node;
use crate::{
    app::{boot, machine::DataDir, ready},
    model::cluster::Member,
};
use tokio::task::JoinSet;

impl Node {
    /// First rows of a new cluster, this node's own row, and the ready file.
    pub(super) async fn settle_in(&self, tasks: &mut JoinSet<()>) -> anyhow::Result<()> {
        let (store, data_dir, shutdown) = (&self.store, &self.data.path, &self.shutdown);
        if boot::first_rows(store, &self.formed, data_dir, shutdown).await? {
            announce_password(&self.data, &self.me);
        }
        boot::own_member_row(store, &self.me, shutdown).await;
        let forgetting =
            boot::forget_first_password(store.clone(), data_dir.clone(), shutdown.clone());
        tasks.spawn(forgetting);
        if let Some(path) = &self.options.ready_file {
            ready::write(path, &self.me, data_dir)?;
        }
        tracing::info!(node = %self.me.id, url = self.me.url, "watchkeep is ready");
        Ok(())
    }
}

#[expect(clippy::print_stderr, reason = "shown once to whoever started the cluster")]
fn announce_password(data: &DataDir, me: &Member) {
    let path = data.join(boot::PASSWORD_FILE);
    let Ok(password) = std::fs::read_to_string(&path) else { return };
    eprintln!(
        "\nThe cluster is formed.\n  portal   {}\n  user     admin\n  password {}\n(also in {}, \
         removed at the first change)\n",
        me.url,
        password.trim(),
        path.display(),
    );
}
