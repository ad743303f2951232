//! `children.json`: which processes of this machine are ours, for the life of ours that follows.
//!
//! Written (whole, synced) before a child gets to run and after it has ended; a record may thus
//! outlive its process, never the other way round.

use super::SuperviseError;
use super::identity;
use crate::base::atomic_file;
use crate::model::process::{Bind, ProcessSpec, RunAs};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const FORMAT: u32 = 1;

/// What is remembered of one child. No environment: it may hold secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) pid: u32,
    pub(super) start_time: u64,
    pub(super) uid: u32,
    /// `None` for a script, where the kernel runs its interpreter instead.
    pub(super) exe: Option<PathBuf>,
    /// [`launch_hash`] of its spec.
    pub(super) launch_hash: String,
    pub(super) order: u16,
    pub(super) stop_grace_ms: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    format: u32,
    owner: String,
    boot_id: String,
    children: BTreeMap<String, Record>,
}

/// The file and what is in it. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Records {
    path: PathBuf,
    file: Arc<Mutex<File>>,
}

impl Records {
    /// Reads what is there. Records of another boot, and a file of another owner or in another
    /// format, are forgotten; a damaged file is set aside. Blocking.
    pub(super) fn open(path: PathBuf, owner: &str) -> Result<Self, SuperviseError> {
        let boot_id = identity::boot_id().map_err(files("/proc/sys/kernel/random/boot_id"))?;
        let empty =
            File { format: FORMAT, owner: owner.to_owned(), boot_id, children: BTreeMap::new() };
        let file = match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(files(&path)(error)),
            Ok(bytes) => match serde_json::from_slice::<File>(&bytes) {
                Ok(file) => Some(file),
                Err(error) => {
                    let aside = path.with_extension("json.damaged");
                    std::fs::rename(&path, &aside).map_err(files(&path))?;
                    tracing::warn!(%error, kept = %aside.display(), "damaged record of children; looking for them by their marker");
                    None
                }
            },
        };
        let file = file.filter(|file| {
            (file.format, &file.owner, &file.boot_id) == (FORMAT, &empty.owner, &empty.boot_id)
        });
        Ok(Self { path, file: Arc::new(Mutex::new(file.unwrap_or(empty))) })
    }

    pub(super) fn all(&self) -> BTreeMap<String, Record> {
        lock(&self.file).children.clone()
    }

    /// Durable when it returns.
    pub(super) async fn put(&self, name: &str, record: Record) -> Result<(), SuperviseError> {
        let name = name.to_owned();
        self.change(move |children| children.insert(name, record)).await
    }

    /// Durable when it returns.
    pub(super) async fn remove(&self, name: &str) -> Result<(), SuperviseError> {
        let name = name.to_owned();
        self.change(move |children| children.remove(&name)).await
    }

    async fn change(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, Record>) -> Option<Record> + Send + 'static,
    ) -> Result<(), SuperviseError> {
        let Self { path, file } = self.clone();
        let written = tokio::task::spawn_blocking(move || {
            let mut file = lock(&file);
            change(&mut file.children);
            write(&path, &file).map_err(files(&path))
        });
        written.await.map_err(|error| files(&self.path)(io::Error::other(error)))?
    }
}

fn write(path: &Path, file: &File) -> io::Result<()> {
    let bytes = serde_json::to_vec_pretty(file).map_err(io::Error::other)?;
    atomic_file::write_if_changed(path, &bytes, 0o600).map(drop)
}

/// A panic while it was held leaves whole records behind: each change is one map operation.
fn lock(file: &Mutex<File>) -> MutexGuard<'_, File> {
    file.lock().unwrap_or_else(PoisonError::into_inner)
}

fn files(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> SuperviseError {
    let path = path.into();
    move |source| SuperviseError::Files { path, source }
}

/// All of a spec that a running process cannot change: a difference here is a restart.
///
/// The text that is hashed must stay the same over versions of Watchkeep, or an upgrade restarts
/// every component: a field that is added here is left out while it has its default.
#[derive(Serialize)]
struct LaunchIdentity<'a> {
    exe: &'a Path,
    args: &'a [String],
    env: &'a BTreeMap<String, String>,
    cwd: &'a Path,
    run_as: Option<RunAs>,
    binds: &'a [Bind],
    memory_limit_bytes: Option<u64>,
    generation: &'a str,
}

/// SHA-256 (hex) over all of `spec` that only a restart can change.
pub(super) fn launch_hash(spec: &ProcessSpec) -> Result<String, SuperviseError> {
    let identity = LaunchIdentity {
        exe: &spec.exe,
        args: &spec.args,
        env: &spec.env,
        cwd: &spec.cwd,
        run_as: spec.run_as,
        binds: &spec.binds,
        memory_limit_bytes: spec.memory_limit_bytes,
        generation: &spec.generation,
    };
    let text = serde_json::to_vec(&identity).map_err(|error| SuperviseError::InvalidSpec {
        name: spec.name.clone(),
        reason: error.to_string(),
    })?;
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::process::Probe;
    use std::time::Duration;

    fn spec() -> ProcessSpec {
        ProcessSpec {
            name: "a".into(),
            exe: "/bin/a".into(),
            args: vec!["--x".into()],
            env: BTreeMap::from([("K".into(), "V".into())]),
            cwd: "/".into(),
            run_as: Some(RunAs { uid: 1, gid: 2 }),
            binds: vec![Bind { source: "/s".into(), target: "/t".into() }],
            memory_limit_bytes: Some(1),
            ready: Probe::None,
            start_timeout: Duration::from_secs(1),
            stop_grace: Duration::from_secs(1),
            order: 1,
            generation: "g".into(),
        }
    }

    #[test]
    fn launch_hash_is_the_same_in_every_version() {
        // Another value here means that an upgrade restarts every component of every user.
        assert_eq!(
            launch_hash(&spec()).unwrap(),
            "5d340dba2c474ffb46dceac7cf693c26eb10ba1bbb23513b9dd1029200ecf27b"
        );
    }

    #[test]
    fn launch_hash_moves_with_what_needs_a_restart_and_with_nothing_else() {
        let hash = |change: fn(&mut ProcessSpec)| {
            let mut spec = spec();
            change(&mut spec);
            launch_hash(&spec).unwrap()
        };
        let same = hash(|_| {});
        assert_eq!(hash(|spec| spec.order = 9), same);
        assert_eq!(hash(|spec| spec.stop_grace = Duration::ZERO), same);
        assert_eq!(
            hash(|spec| spec.ready = Probe::Http { url: "http://[::1]:1".into(), login: None }),
            same
        );
        let changes: [fn(&mut ProcessSpec); 8] = [
            |spec| spec.exe = "/bin/b".into(),
            |spec| spec.args.push(String::new()),
            |spec| drop(spec.env.insert("K".into(), "W".into())),
            |spec| spec.cwd = "/tmp".into(),
            |spec| spec.run_as = None,
            |spec| spec.binds.clear(),
            |spec| spec.memory_limit_bytes = None,
            |spec| spec.generation.push('h'),
        ];
        for (n, change) in changes.into_iter().enumerate() {
            assert_ne!(hash(change), same, "change {n}");
        }
    }

    #[tokio::test]
    async fn records_outlive_us_but_no_reboot_and_no_change_of_owner() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("children.json");
        let record = Record {
            pid: 1,
            start_time: 2,
            uid: 3,
            exe: None,
            launch_hash: "h".into(),
            order: 4,
            stop_grace_ms: 5,
        };
        let records = Records::open(path.clone(), "me").unwrap();
        records.put("a", record.clone()).await.unwrap();
        records.put("b", record.clone()).await.unwrap();
        records.remove("b").await.unwrap();
        let expected = BTreeMap::from([("a".to_owned(), record)]);
        assert_eq!(Records::open(path.clone(), "me").unwrap().all(), expected);
        assert!(Records::open(path.clone(), "you").unwrap().all().is_empty());
        let boot = identity::boot_id().unwrap();
        let text = std::fs::read_to_string(&path).unwrap().replace(&boot, "before");
        atomic_file::write(&path, text.as_bytes(), 0o600).unwrap();
        assert!(Records::open(path, "me").unwrap().all().is_empty());
    }

    #[tokio::test]
    async fn a_record_that_cannot_be_written_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("gone").join("children.json");
        let records = Records::open(path, "me").unwrap();
        assert!(matches!(records.remove("a").await, Err(SuperviseError::Files { .. })));
    }
}
