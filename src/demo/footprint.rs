//! What a demo leaves on the disk, and its removal. Made before anything is written, so that a
//! demo that fails at any step takes everything of its own away again, and nothing else.

use super::{error::DemoError, plan::DemoNode};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Names the demo makes in its folder besides the nodes' own.
const MADE: [&str; 5] = ["hosts", "run", "logs", "library", "formation.token"];

/// The paths of one demo, each removed by [`Footprint::remove`].
pub(super) struct Footprint {
    paths: Vec<PathBuf>,
}

impl Footprint {
    /// Makes `dir`; it goes at the end only if it, or a folder above it, was not there before.
    pub(super) fn begin(
        dir: &Path,
        nodes: &[DemoNode],
        ready_file: Option<&Path>,
    ) -> Result<Self, DemoError> {
        let missing: Vec<PathBuf> =
            dir.ancestors().take_while(|path| !path.exists()).map(Path::to_owned).collect();
        let failed = |source| DemoError::File { path: dir.to_owned(), source };
        fs::create_dir_all(dir).map_err(failed)?;
        let mut paths: Vec<PathBuf> = nodes.iter().map(|node| node.dir.clone()).collect();
        paths.extend(MADE.map(|name| dir.join(name)));
        paths.extend(ready_file.map(Path::to_owned));
        // Deepest first.
        paths.extend(missing);
        Ok(Self { paths })
    }

    /// Removes all of it; what cannot be removed is reported.
    pub(super) fn remove(self) {
        for path in self.paths {
            let removed =
                if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            if let Err(error) = removed
                && error.kind() != io::ErrorKind::NotFound
            {
                tracing::warn!(path = %path.display(), %error, "cannot remove");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::atomic_file, demo::plan};

    #[test]
    fn a_folder_that_was_there_keeps_what_is_not_the_demos() {
        let dir = tempfile::tempdir().unwrap();
        let own = dir.path().join("notes.txt");
        atomic_file::write(&own, b"mine", 0o644).unwrap();
        let nodes = plan::nodes(1, dir.path());
        let footprint = Footprint::begin(dir.path(), &nodes, None).unwrap();
        fs::create_dir_all(nodes[0].data_dir()).unwrap();
        footprint.remove();
        assert!(own.exists() && !nodes[0].dir.exists());
    }

    #[test]
    fn folders_made_on_the_way_go_too() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b");
        let footprint = Footprint::begin(&deep, &[], None).unwrap();
        assert!(deep.is_dir());
        footprint.remove();
        assert!(dir.path().exists() && !dir.path().join("a").exists());
    }
}
