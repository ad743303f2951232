//! Randomness that decides no secret: waits, election times, names of temporary files.
//!
//! It is the system's, unless the thread is [`seeded`]: then a seed decides it, so that a
//! simulation that runs on this one thread can be had again. Secrets take `getrandom` itself.

use std::cell::Cell;
#[cfg(test)]
use std::marker::PhantomData;

thread_local! {
    static STATE: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Fills `bytes`.
///
/// # Errors
/// The system has no randomness to give.
pub fn fill(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    if STATE.get().is_none() {
        return getrandom::fill(bytes);
    }
    for part in bytes.chunks_mut(8) {
        part.copy_from_slice(&next_u64().to_le_bytes()[..part.len()]);
    }
    Ok(())
}

/// Any number, each as likely as the others; 0 should the system have no randomness to give.
#[must_use]
pub fn next_u64() -> u64 {
    let Some(state) = STATE.get() else {
        let mut bytes = [0; 8];
        return getrandom::fill(&mut bytes).map_or(0, |()| u64::from_ne_bytes(bytes));
    };
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    STATE.set(Some(state));
    mix(state)
}

/// SplitMix64.
fn mix(state: u64) -> u64 {
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Whether a seed decides what this thread draws.
#[must_use]
pub fn is_seeded() -> bool {
    STATE.get().is_some()
}

/// As long as this lives, its thread draws from the seed.
#[cfg(test)]
#[derive(Debug)]
pub struct Seeded {
    before: Option<u64>,
    /// Bound to its thread.
    _not_send: PhantomData<*const ()>,
}

/// Lets `seed` decide everything that this thread draws, until the guard is dropped. For
/// simulations.
#[cfg(test)]
#[must_use]
pub fn seeded(seed: u64) -> Seeded {
    Seeded { before: STATE.replace(Some(mix(seed))), _not_send: PhantomData }
}

#[cfg(test)]
impl Drop for Seeded {
    fn drop(&mut self) {
        STATE.set(self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_sequence_again_and_only_while_its_guard_lives() {
        let draw = |seed| {
            let _guard = seeded(seed);
            let mut bytes = [0; 20];
            fill(&mut bytes).unwrap();
            (next_u64(), bytes)
        };
        let first = draw(7);
        assert_eq!(first, draw(7));
        assert_ne!(first, draw(8));
        assert_ne!(next_u64(), next_u64());
    }
}
