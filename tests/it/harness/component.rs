//! A program of the bundle, run without a node around it.

use super::bundle;
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use watchkeep::bundle::{Library, Trust};

/// An unpacked program, and what it expects at fixed places: where that is, where it looks for it.
pub struct Component {
    path: PathBuf,
    binds: Vec<(PathBuf, PathBuf)>,
}

impl Component {
    /// Unpacks `name` below `dir`.
    pub fn unpack(dir: &Path, name: &str) -> Self {
        let library = Library::open(dir, Trust::release_and(Vec::new(), true)).unwrap();
        library.import(&bundle(), false).unwrap();
        let mut installed = library.install(name).unwrap().unwrap();
        let path = installed.programs.remove(name).unwrap();
        let binds = installed.binds.into_iter().map(|bind| (bind.source, bind.target)).collect();
        Self { path, binds }
    }

    /// Whether it can be run: folders at fixed places need a mount namespace, and so root.
    pub fn can_run(&self) -> bool {
        self.binds.is_empty() || rustix::process::geteuid().is_root()
    }

    /// A command for it that sees its folders where it looks for them, and nobody else does.
    pub fn command(&self) -> Command {
        if self.binds.is_empty() || !self.can_run() {
            return Command::new(&self.path);
        }
        let mut script = String::from("set -e\n");
        for (source, target) in &self.binds {
            let (source, target) = (source.display(), target.display());
            script.push_str(&format!(
                "[ -d {target} ] || {{ mount -t tmpfs none /usr/share; mkdir -p {target}; }}\n\
                 mount --bind {source} {target}\n"
            ));
        }
        script.push_str("exec \"$0\" \"$@\"\n");
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", &script]).arg(&self.path);
        command
    }
}
