//! Exponential back-off with jitter.

use super::random;
use std::time::Duration;

/// Doubling waits between `floor` and `ceiling`, each drawn from the upper half of its step so
/// that many waiters spread out but none spins.
#[derive(Debug, Clone)]
pub struct Backoff {
    floor: Duration,
    ceiling: Duration,
    step: Duration,
}

impl Backoff {
    /// `floor` is the first step, `ceiling` the longest.
    #[must_use]
    pub fn new(floor: Duration, ceiling: Duration) -> Self {
        let floor = floor.min(ceiling);
        Self { floor, ceiling, step: floor }
    }

    /// The next wait: between half of the current step and all of it.
    pub fn next_wait(&mut self) -> Duration {
        let step = self.step;
        self.step = (step * 2).min(self.ceiling);
        step.mul_f64(0.5 + 0.5 * unit_random())
    }

    /// Starts again from `floor`, after a healthy period.
    pub fn reset(&mut self) {
        self.step = self.floor;
    }
}

/// A random number in `[0, 1)`; 0.5 should the system have no randomness to give.
fn unit_random() -> f64 {
    let mut bytes = [0u8; 4];
    if random::fill(&mut bytes).is_err() {
        return 0.5;
    }
    f64::from(u32::from_ne_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_ceiling_and_start_over_after_reset() {
        let ms = Duration::from_millis;
        let mut backoff = Backoff::new(ms(100), ms(1000));
        let waits: Vec<_> = (0..8).map(|_| backoff.next_wait()).collect();
        assert!(waits[0] >= ms(50) && waits[0] <= ms(100));
        assert!(waits[7] >= ms(500) && waits[7] <= ms(1000));
        backoff.reset();
        assert!(backoff.next_wait() <= ms(100));
    }
}
