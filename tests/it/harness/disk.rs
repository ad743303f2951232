//! A small disk of a node's own: a tmpfs in a mount namespace that ends with the test.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

pub struct SmallDisk {
    holder: Child,
    mounted_at: PathBuf,
}

impl SmallDisk {
    /// Mounts one at `path`, which only processes started with [`SmallDisk::command`] see. `None`
    /// where this machine does not let us.
    pub fn mount(path: &Path, mebibytes: u32) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let script = "mount -t tmpfs -o \"size=$1m,mode=711\" tmpfs \"$2\" && echo mounted && \
                      exec sleep 1000000";
        let mut holder = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", script, "sh"])
            .arg(mebibytes.to_string())
            .arg(path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut said = String::new();
        let _ = BufReader::new(holder.stdout.take()?).read_line(&mut said);
        let disk = Self { holder, mounted_at: path.to_owned() };
        (said == "mounted\n").then_some(disk)
    }

    /// Runs `program` where the disk is seen; the process is `program` itself.
    pub fn command(&self, program: PathBuf) -> Vec<OsString> {
        let namespace = format!("--mount=/proc/{}/ns/mnt", self.holder.id());
        vec!["nsenter".into(), namespace.into(), "--".into(), program.into()]
    }

    /// A file on it, as this process reaches it.
    pub fn seen(&self, name: &str) -> PathBuf {
        let at = self.mounted_at.strip_prefix("/").unwrap();
        Path::new(&format!("/proc/{}/root", self.holder.id())).join(at).join(name)
    }

    /// Leaves no byte on it.
    pub fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.seen("filler")).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            let chunk = vec![0; size];
            while file.write_all(&chunk).is_ok() {}
        }
    }

    pub fn free(&self) {
        fs::remove_file(self.seen("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
