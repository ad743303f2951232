//! What crosses the files of the notifier.

mod faults;
