//! openraft's own suite over our log file and state machine, in real files.

use crate::{
    model::NodeId,
    store::{
        Options, Profile, log_store::LogStore, open::Storage, state_machine::StateMachine,
        types::Types,
    },
};
use openraft::{
    StorageError,
    testing::log::{StoreBuilder, Suite},
};

struct Builder;

impl StoreBuilder<Types, LogStore, StateMachine, tempfile::TempDir> for Builder {
    async fn build(
        &self,
    ) -> Result<(tempfile::TempDir, LogStore, StateMachine), StorageError<Types>> {
        let dir = tempfile::tempdir().unwrap();
        let options =
            Options { dir: dir.path().to_owned(), node: NodeId(1), profile: Profile::Fast };
        let storage = Storage::open(&options).unwrap();
        Ok((dir, storage.log, storage.machine))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_files_pass_the_suite_of_openraft() {
    Suite::test_all(Builder).await.unwrap();
}
