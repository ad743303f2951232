//! What to do about one component. Pure.

use serde::{Deserialize, Serialize};

/// What tells two configurations of a component apart: its files and its process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Hash over the files that need a reload.
    pub files: String,
    /// Hash over the process spec.
    pub process: String,
}

/// What is there now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Present {
    /// Files in place and spec handed to the supervisor; `None` before the first start.
    pub live: Option<Version>,
    /// The process runs and has been ready with it.
    pub running: bool,
    /// The newest version that was refused; not tried again until something changes.
    pub refused: Option<Version>,
}

/// One step towards the wanted version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Run the checkers on the candidate tree; stop here when one refuses.
    Check,
    /// Put the candidate tree in place.
    Swap,
    /// Ask the running program to take it up, and verify; put the old one back if it did not.
    Reload,
    /// Hand the spec to the supervisor and wait until it is ready; put the old one back if the
    /// program does not come up.
    Start,
}

/// The steps from `present` to `wanted`; none when there is nothing to do. `reloads` says
/// whether the program can take up files while it runs.
#[must_use]
pub fn plan(wanted: &Version, present: &Present, reloads: bool) -> Vec<Step> {
    if present.refused.as_ref() == Some(wanted) {
        return Vec::new();
    }
    let Some(live) = &present.live else { return vec![Step::Check, Step::Swap, Step::Start] };
    match (live.files == wanted.files, live.process == wanted.process) {
        (true, true) => Vec::new(),
        (true, false) => vec![Step::Start],
        (false, true) if reloads && present.running => {
            vec![Step::Check, Step::Swap, Step::Reload]
        }
        (false, _) => vec![Step::Check, Step::Swap, Step::Start],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(files: &str, process: &str) -> Version {
        Version { files: files.into(), process: process.into() }
    }

    fn present(files: &str, process: &str, running: bool) -> Present {
        Present { live: Some(version(files, process)), running, refused: None }
    }

    #[test]
    fn the_first_version_is_checked_before_it_starts() {
        let steps = plan(&version("f", "p"), &Present::default(), true);
        assert_eq!(steps, [Step::Check, Step::Swap, Step::Start]);
    }

    #[test]
    fn an_unchanged_version_does_nothing() {
        assert!(plan(&version("f", "p"), &present("f", "p", true), true).is_empty());
    }

    #[test]
    fn changed_files_reload_a_running_program_and_restart_nothing() {
        let steps = plan(&version("g", "p"), &present("f", "p", true), true);
        assert_eq!(steps, [Step::Check, Step::Swap, Step::Reload]);
    }

    #[test]
    fn changed_files_of_a_program_that_cannot_reload_or_is_down_start_it() {
        for (running, reloads) in [(true, false), (false, true)] {
            let steps = plan(&version("g", "p"), &present("f", "p", running), reloads);
            assert_eq!(steps, [Step::Check, Step::Swap, Step::Start]);
        }
    }

    #[test]
    fn changed_flags_alone_need_no_check() {
        assert_eq!(plan(&version("f", "q"), &present("f", "p", true), true), [Step::Start]);
    }

    #[test]
    fn a_refused_version_is_not_tried_again_until_it_changes() {
        let mut now = present("f", "p", true);
        now.refused = Some(version("g", "p"));
        assert!(plan(&version("g", "p"), &now, true).is_empty());
        assert!(!plan(&version("h", "p"), &now, true).is_empty());
    }
}
