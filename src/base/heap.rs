//! How the C library's allocator deals with what was freed.
//!
//! Left alone, glibc learns from the first big block that is freed (a password hash: 19 MiB) to
//! carve the next ones out of its heaps, which then never shrink, and opens an arena for every
//! thread. Measured with three idle nodes after some sign-ins: 57 to 77 MB private memory so,
//! 10 MB with the limits below.

/// Blocks from this size on are pages of their own and go back to the system when freed.
const OWN_PAGES_BYTES: i32 = 256 << 10;
/// Free memory at the end of a heap that is kept for the next allocation.
const KEEP_BYTES: i32 = 512 << 10;
/// Few threads allocate at the same time; each further arena keeps its own leftovers.
const ARENAS: i32 = 2;

/// Sets the limits: the first thing in `main`. Elsewhere than with glibc there is nothing to set.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "mallopt takes two integers and is called before any thread starts")]
pub fn keep_small() {
    for (option, value) in [
        (libc::M_MMAP_THRESHOLD, OWN_PAGES_BYTES),
        (libc::M_TRIM_THRESHOLD, KEEP_BYTES),
        (libc::M_ARENA_MAX, ARENAS),
    ] {
        // SAFETY: no pointer is involved, and `main` calls this before it starts a thread.
        let set = unsafe { libc::mallopt(option, value) };
        debug_assert_eq!(set, 1, "option {option} of the allocator");
    }
}

/// Sets the limits. Elsewhere than with glibc there is nothing to set.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_small() {}

/// Returns free pages inside the heaps to the system: what a large dry run left behind. Blocking,
/// some milliseconds.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "malloc_trim takes an integer and locks what it touches")]
pub fn give_back() {
    // SAFETY: no pointer is involved; the allocator locks its own heaps.
    unsafe { libc::malloc_trim(KEEP_BYTES.unsigned_abs() as usize) };
}

/// Returns free pages inside the heaps to the system. Elsewhere than with glibc: nothing.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
