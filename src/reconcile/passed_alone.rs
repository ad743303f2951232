//! Files that a checker judged one by one and took: a later candidate tree has stand-ins for them,
//! so that a change of one rule group among hundreds costs the check of one.

use crate::render::{Alone, Check, File};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{Mutex, PoisonError},
};

/// Beyond so many the oldest memory goes, all at once: 32 bytes each.
const REMEMBERED: usize = 16_384;

type Hash = [u8; 32];

/// Hashes of what was taken, by which checker.
#[derive(Debug, Default)]
pub(super) struct PassedAlone(Mutex<HashSet<Hash>>);

impl PassedAlone {
    /// `files` with stand-ins for what `check` took before, and the hashes of what it has yet to
    /// judge, for [`Self::passed`].
    pub(super) fn stand_in(
        &self,
        check: &Check,
        files: &BTreeMap<String, File>,
    ) -> (BTreeMap<String, File>, Vec<Hash>) {
        let Some(alone) = check.alone else { return (files.clone(), Vec::new()) };
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fresh = Vec::new();
        let candidate = |(path, file): (&String, &File)| {
            if !is_in(alone, path) {
                return (path.clone(), file.clone());
            }
            let hash = hash(check, file);
            if known.contains(&hash) {
                return (path.clone(), File::new(alone.stand_in, file.declared_by.clone()));
            }
            fresh.push(hash);
            (path.clone(), file.clone())
        };
        let candidates = files.iter().map(candidate).collect();
        (candidates, fresh)
    }

    /// Whether `check` looks at one file alone, and took it before; else what [`Self::passed`] is
    /// to be told.
    pub(super) fn only(&self, check: &Check, files: &BTreeMap<String, File>) -> Only {
        let file = check.only.and_then(|path| Some((path, files.get(path)?)));
        let Some((path, file)) = file else { return Only::All };
        let hash = hash(check, file);
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&hash) {
            return Only::Known;
        }
        Only::Fresh(BTreeMap::from([(path.to_owned(), file.clone())]), hash)
    }

    /// Remembers what a whole check took.
    pub(super) fn passed(&self, fresh: Vec<Hash>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() + fresh.len() > REMEMBERED {
            known.clear();
        }
        known.extend(fresh);
    }
}

/// What a check has to look at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Only {
    /// The whole tree.
    All,
    /// One file, which it took before.
    Known,
    /// This file, and by what it is remembered.
    Fresh(BTreeMap<String, File>, Hash),
}

fn is_in(alone: Alone, path: &str) -> bool {
    path.strip_prefix(alone.folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The checker's path names its build by content.
fn hash(check: &Check, file: &File) -> Hash {
    let mut hasher = Sha256::new();
    for part in [check.name.as_bytes(), check.exe.as_os_str().as_encoded_bytes(), &file.bytes] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(exe: &str) -> Check {
        Check {
            name: "promtool check config".into(),
            exe: exe.into(),
            arguments: Vec::new(),
            binds: Vec::new(),
            run_as: None,
            only: None,
            alone: Some(Alone { folder: "rules", stand_in: "groups: []\n" }),
        }
    }

    fn tree(pairs: &[(&str, &str)]) -> BTreeMap<String, File> {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), File::new(*text, None))).collect()
    }

    fn texts(files: &BTreeMap<String, File>) -> Vec<&str> {
        files.values().map(|file| std::str::from_utf8(&file.bytes).unwrap()).collect()
    }

    #[test]
    fn only_what_was_taken_and_only_by_the_same_checker_is_stood_in_for() {
        let passed = PassedAlone::default();
        let old = tree(&[("prometheus.yml", "c"), ("rules/a.yml", "a"), ("rules/b.yml", "b")]);
        let (candidate, fresh) = passed.stand_in(&check("/1/promtool"), &old);
        assert_eq!(texts(&candidate), ["c", "a", "b"]);
        passed.passed(fresh);

        let new = tree(&[("prometheus.yml", "c"), ("rules/a.yml", "a"), ("rules/b.yml", "B")]);
        let (candidate, fresh) = passed.stand_in(&check("/1/promtool"), &new);
        assert_eq!(texts(&candidate), ["c", "groups: []\n", "B"]);
        assert_eq!(fresh.len(), 1);
        let (candidate, _) = passed.stand_in(&check("/2/promtool"), &new);
        assert_eq!(texts(&candidate), ["c", "a", "B"]);
    }

    #[test]
    fn a_check_of_one_file_sees_no_other_and_is_not_run_twice_for_it() {
        let passed = PassedAlone::default();
        let check = Check { only: Some("web.yml"), alone: None, ..check("/1/promtool") };
        let files = tree(&[("prometheus.yml", "c"), ("web.yml", "w")]);
        let Only::Fresh(seen, hash) = passed.only(&check, &files) else { panic!("it is new") };
        assert_eq!(texts(&seen), ["w"]);
        assert_ne!(passed.only(&check, &files), Only::Known, "nobody said that it passed");
        passed.passed(vec![hash]);
        assert_eq!(passed.only(&check, &files), Only::Known);
        assert_ne!(passed.only(&check, &tree(&[("web.yml", "v")])), Only::Known);
    }

    #[test]
    fn what_was_refused_is_judged_again() {
        let passed = PassedAlone::default();
        let bad = tree(&[("rules/a.yml", "bad")]);
        drop(passed.stand_in(&check("/1/promtool"), &bad));
        assert_eq!(texts(&passed.stand_in(&check("/1/promtool"), &bad).0), ["bad"]);
    }

    #[test]
    fn memory_is_bounded() {
        let passed = PassedAlone::default();
        for n in 0..=REMEMBERED {
            passed.passed(vec![Sha256::digest(n.to_be_bytes()).into()]);
        }
        assert_eq!(passed.0.lock().unwrap().len(), 1);
    }
}
