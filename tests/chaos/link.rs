//! What one direction of a link does to a packet: pure, all chance and time come from outside.

use super::rng::Rng;
use std::{
    ops::Range,
    time::{Duration, Instant},
};

/// What waits for a narrow link is at most so much of its time; the rest is dropped.
const QUEUE: Duration = Duration::from_millis(300);

/// How good a link is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quality {
    /// Packets of 100 that are lost.
    pub loss_percent: u64,
    /// Packets of 100 that arrive twice.
    pub double_percent: u64,
    /// Milliseconds on the way.
    pub delay_ms: Range<u64>,
    /// Nobody overtakes.
    pub in_order: bool,
    /// `None` = as many as come.
    pub bits_per_second: Option<u64>,
}

impl Quality {
    /// Does nothing to anybody.
    pub const GOOD: Self = Self {
        loss_percent: 0,
        double_percent: 0,
        delay_ms: 0..1,
        in_order: true,
        bits_per_second: None,
    };
    pub const LOSSY: Self = Self { loss_percent: 5, ..Self::GOOD };
    /// 100 ± 50 ms.
    pub const SLOW: Self = Self { delay_ms: 50..151, ..Self::GOOD };
    pub const REORDERING: Self =
        Self { delay_ms: 0..30, in_order: false, double_percent: 2, ..Self::GOOD };
    pub const NARROW: Self = Self { bits_per_second: Some(1_000_000), ..Self::GOOD };
}

/// One direction.
#[derive(Debug, Clone)]
pub struct Link {
    pub quality: Quality,
    /// Nothing arrives, and nobody is told.
    pub cut: bool,
    /// When the last bit of what waits has left.
    free_at: Option<Instant>,
    /// When the last packet arrives.
    last_at: Option<Instant>,
}

impl Default for Link {
    fn default() -> Self {
        Self { quality: Quality::GOOD, cut: false, free_at: None, last_at: None }
    }
}

impl Link {
    /// When a packet of so many bytes, sent `now`, arrives: never, once or twice.
    pub fn arrivals(&mut self, now: Instant, bytes: usize, rng: &mut Rng) -> Vec<Instant> {
        if self.cut || rng.chance(self.quality.loss_percent) {
            return Vec::new();
        }
        let Some(sent) = self.pass(now, bytes) else { return Vec::new() };
        let n_times = if rng.chance(self.quality.double_percent) { 2 } else { 1 };
        (0..n_times).map(|_| self.arrival(sent, rng)).collect()
    }

    /// When the last bit has left; `None` = the queue is full.
    fn pass(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        let Some(bits_per_second) = self.quality.bits_per_second else { return Some(now) };
        let begin = self.free_at.map_or(now, |free_at| free_at.max(now));
        if begin - now > QUEUE {
            return None;
        }
        let micros = bytes as u64 * 8 * 1_000_000 / bits_per_second;
        self.free_at = Some(begin + Duration::from_micros(micros));
        self.free_at
    }

    fn arrival(&mut self, sent: Instant, rng: &mut Rng) -> Instant {
        let mut at = sent + rng.millis(self.quality.delay_ms.clone());
        if self.quality.in_order {
            at = self.last_at.map_or(at, |last_at| last_at.max(at));
            self.last_at = Some(at);
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(quality: Quality) -> Link {
        Link { quality, ..Link::default() }
    }

    /// Arrivals of so many packets of 1250 bytes, one each `gap`, as delays.
    fn delays(mut link: Link, n: u32, gap: Duration) -> Vec<Vec<Duration>> {
        let (start, mut rng) = (Instant::now(), Rng::new(7));
        (0..n)
            .map(|n| {
                let now = start + gap * n;
                let arrivals = link.arrivals(now, 1250, &mut rng);
                arrivals.into_iter().map(|at| at - now).collect()
            })
            .collect()
    }

    #[test]
    fn a_good_link_delivers_at_once_and_a_cut_one_never() {
        let good = delays(Link::default(), 100, Duration::from_millis(1));
        assert!(good.iter().all(|at| *at == [Duration::ZERO]), "{good:?}");
        let cut = Link { cut: true, ..Link::default() };
        let cut = delays(cut, 100, Duration::from_millis(1));
        assert!(cut.iter().all(Vec::is_empty), "{cut:?}");
    }

    #[test]
    fn a_lossy_link_loses_one_in_twenty() {
        let sent = delays(link(Quality::LOSSY), 10_000, Duration::from_millis(1));
        let n_lost = sent.iter().filter(|at| at.is_empty()).count();
        assert!((400..600).contains(&n_lost), "{n_lost}");
    }

    #[test]
    fn a_slow_link_takes_its_time_but_keeps_the_order() {
        let gap = Duration::from_millis(1);
        let sent = delays(link(Quality::SLOW), 1000, gap);
        let flat: Vec<Duration> = sent.concat();
        assert_eq!(flat.len(), 1000);
        let fits = |delay: &Duration| (50..151).contains(&delay.as_millis());
        assert!(flat.iter().all(fits), "{flat:?}");
        let arrivals = (0_u32..).zip(&flat).map(|(n, delay)| gap * n + *delay);
        assert!(arrivals.is_sorted());
    }

    #[test]
    fn a_reordering_link_lets_packets_overtake_and_doubles_some() {
        let gap = Duration::from_millis(1);
        let sent = delays(link(Quality::REORDERING), 1000, gap);
        let arrivals = (0_u32..).zip(&sent).map(|(n, at)| gap * n + at[0]);
        assert!(!arrivals.is_sorted());
        assert!(sent.iter().any(|at| at.len() == 2));
    }

    #[test]
    fn a_narrow_link_takes_one_megabit_a_second_and_drops_what_its_queue_has_no_room_for() {
        // 10 kbit each: 10 ms on the wire, but two come in that time.
        let sent = delays(link(Quality::NARROW), 2000, Duration::from_millis(5));
        let n_arrived = sent.concat().len();
        assert!((1000..1040).contains(&n_arrived), "{n_arrived} in ten seconds");
        let longest = sent.concat().into_iter().max().unwrap();
        assert!(longest <= QUEUE + Duration::from_millis(10), "{longest:?}");
    }
}
