//! A full disk in words: whoever meets one reads what to do, wherever it shows first.

use std::{error::Error, io};

/// What to do about it.
pub const MAKE_ROOM: &str =
    "the disk is full: make room and start the node again, nothing acknowledged is lost";

/// Whether an error, or one that caused it, says that there is no room: a full disk, a quota.
#[must_use]
pub fn is_full(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<io::Error>().is_some_and(|error| kind_is_full(error.kind())) {
            return true;
        }
        next = error.source();
    }
    false
}

/// The same error, of the same kind, that says what to do where there is no room.
#[must_use]
pub fn advised(error: io::Error) -> io::Error {
    // Without an errno it is one of ours, advised already.
    if kind_is_full(error.kind()) && error.raw_os_error().is_some() {
        return io::Error::new(error.kind(), format!("{MAKE_ROOM} ({error})"));
    }
    error
}

fn kind_is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_recognised_behind_other_errors_and_advised_once() {
        let full = || io::Error::from_raw_os_error(28);
        assert!(is_full(&full()) && !is_full(&io::Error::from_raw_os_error(2)));
        let behind = anyhow::Error::from(full()).context("cannot write x");
        assert!(behind.chain().any(is_full));
        let once = advised(full());
        assert!(once.to_string().contains("make room") && once.to_string().contains("os error 28"));
        assert_eq!(advised(io::Error::from_raw_os_error(2)).to_string().matches("room").count(), 0);
        assert_eq!(advised(once).to_string().matches("room").count(), 1);
    }
}
