//! `tests/corpus`: files that the programs' own checkers accept (`valid`) or refuse (`invalid`),
//! and our verdict on each, given without them. Where the two differ the file is a row of
//! `tests/corpus/differences.md` with the reason; a row that is no longer true fails, too.
//!
//! Whether the folders tell the truth is judged by the real promtool and amtool.

mod alertmanager;
mod rules;
mod verdicts;
