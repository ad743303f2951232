//! Remembers which paths an archive has brought, to find those that come twice.

use std::collections::HashMap;

/// Every path so far, by its lower-case form, so that an archive means the same on a file system
/// that ignores case.
#[derive(Default)]
pub(super) struct Seen(HashMap<String, (String, What)>);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Directory,
    File,
}

impl Seen {
    /// Notes `path` and the directories above it. Says whether it is new; a directory may come
    /// again, anything else is refused with a reason.
    pub(super) fn note(&mut self, path: &str, what: What) -> Result<bool, String> {
        for (slash, _) in path.match_indices('/') {
            self.note_one(&path[..slash], What::Directory)?;
        }
        self.note_one(path, what)
    }

    /// All directories.
    pub(super) fn directories(&self) -> impl Iterator<Item = &str> {
        self.0.values().filter(|(_, what)| *what == What::Directory).map(|(path, _)| path.as_str())
    }

    fn note_one(&mut self, path: &str, what: What) -> Result<bool, String> {
        let Some((spelling, before)) = self.0.get(&path.to_lowercase()) else {
            self.0.insert(path.to_lowercase(), (path.to_owned(), what));
            return Ok(true);
        };
        if spelling != path {
            return Err(format!("`{path}` differs from `{spelling}` only in case"));
        }
        if (*before, what) != (What::Directory, What::Directory) {
            return Err(format!("`{path}` is there twice"));
        }
        Ok(false)
    }
}
