//! Differences of texts, line by line, as `diff -u` writes them.
//!
//! One instance of one algorithm of the crate `similar`: its `TextDiff` gives the same answers, but
//! takes every algorithm along for every kind of text, half a megabyte of code.

use similar::{
    DiffOp,
    algorithms::{Capture, Compact, IdentifyDistinct, Replace, myers},
    group_diff_ops,
    udiff::UnifiedHunkHeader,
};
use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

/// Lines around each change.
const CONTEXT: usize = 3;

/// Unified diff of two texts; empty when they are equal. `names` stand above it. After `within`
/// it settles for a coarser difference.
pub(crate) fn unified(
    (before, after): (&str, &str),
    names: Option<(&str, &str)>,
    within: Option<Duration>,
) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let mut text = String::new();
    for hunk in group_diff_ops(changes(&old, &new, within), CONTEXT) {
        if text.is_empty()
            && let Some((old, new)) = names
        {
            let _ = writeln!(text, "--- {old}\n+++ {new}");
        }
        let _ = writeln!(text, "{}", UnifiedHunkHeader::new(&hunk));
        for change in hunk {
            write_lines(&mut text, change, &old, &new);
        }
    }
    text
}

fn changes(old: &[&str], new: &[&str], within: Option<Duration>) -> Vec<DiffOp> {
    let numbered = IdentifyDistinct::<u32>::new(old, 0..old.len(), new, 0..new.len());
    let (olds, news) = (numbered.old_lookup(), numbered.new_lookup());
    let mut found = Compact::new(Replace::new(Capture::new()), olds, news);
    let until = within.and_then(|within| Instant::now().checked_add(within));
    let (from, to) = (numbered.old_range(), numbered.new_range());
    match myers::diff_deadline(&mut found, olds, from, news, to, until) {
        Ok(()) => found.into_inner().into_inner().into_ops(),
        Err(never) => match never {},
    }
}

fn write_lines(text: &mut String, change: DiffOp, old: &[&str], new: &[&str]) {
    if let DiffOp::Equal { .. } = change {
        return write_all(text, ' ', &old[change.old_range()]);
    }
    write_all(text, '-', &old[change.old_range()]);
    write_all(text, '+', &new[change.new_range()]);
}

fn write_all(text: &mut String, sign: char, lines: &[&str]) {
    for line in lines {
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_texts_have_no_difference_and_no_names() {
        assert_eq!(unified(("a\nb", "a\nb"), Some(("a/x", "b/x")), None), "");
    }

    #[test]
    fn a_lost_last_line_break_is_said() {
        let shown = unified(("a\nb\n", "a\nb"), Some(("a/x", "b/x")), None);
        let expected =
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n";
        assert_eq!(shown, expected);
    }

    proptest! {
        #[test]
        fn reads_as_the_crates_own_diff(
            old in prop::collection::vec("[a-d]{1,2}", 0..150),
            new in prop::collection::vec("[a-d]{1,2}", 0..150),
            edits in prop::collection::vec((0..150_usize, "[a-d]{1,2}"), 0..9),
            ends in any::<(bool, bool)>(),
            related in any::<bool>(),
        ) {
            let mut new = if related { old.clone() } else { new };
            for (at, line) in edits {
                new.insert(at.min(new.len()), line);
            }
            let text = |lines: &[String], end| lines.join("\n") + if end { "\n" } else { "" };
            let (before, after) = (text(&old, ends.0), text(&new, ends.1));
            let theirs = similar::TextDiff::from_lines(&before, &after)
                .unified_diff().header("a", "b").to_string();
            prop_assert_eq!(unified((&before, &after), Some(("a", "b")), None), theirs);
        }
    }
}
