//! Is there an order of one key's operations that respects the clock and explains every answer?
//!
//! The search of Wing and Gong with Lowe's memory: take any operation that was called before the
//! first return of what is left, see whether the register allows it, go on, come back when stuck,
//! and never look twice at the same set of taken operations with the same content. An operation
//! with unknown outcome may be taken at any time after its call, or never.

use super::{
    super::history::{End, Op, Swapped, What},
    Verdict,
};
use std::collections::{HashMap, HashSet};

/// Steps after which a key is given up.
const STEPS_MAX: u64 = 4_000_000;

/// What an operation does to a register; contents are numbered, 0 = not there.
#[derive(Debug, Clone, Copy)]
enum Step {
    Read(u32),
    Put(u32),
    Swap { from: u32, to: u32 },
    Lost { from: u32 },
}

impl Step {
    /// The content afterwards; `None` = cannot have happened at `content`.
    fn on(self, content: u32) -> Option<u32> {
        match self {
            Self::Read(found) => (found == content).then_some(content),
            Self::Put(to) => Some(to),
            Self::Swap { from, to } => (from == content).then_some(to),
            Self::Lost { from } => (from != content).then_some(content),
        }
    }
}

/// One end of an operation on the line of time.
#[derive(Clone, Copy)]
struct Event {
    step: usize,
    is_return: bool,
}

/// Judges one key, which begins as not there.
pub fn check(key: &str, ops: &[&Op]) -> Verdict {
    let (steps, events) = translate(ops);
    let mut verdict = Verdict::default();
    match Search::new(&steps, &events).run() {
        Found::Order => {}
        Found::Nothing { stuck_at } => {
            let op = steps[stuck_at].0;
            verdict.violations.push(format!("{key} is not linearizable: no order explains {op:?}"));
        }
        Found::GaveUp => verdict.undecided.push(format!("{key}: {} operations", ops.len())),
    }
    verdict
}

/// Steps, and their ends in order of time; at the same time calls come first.
fn translate<'o>(ops: &[&'o Op]) -> (Vec<(&'o Op, Step)>, Vec<Event>) {
    let mut contents = Contents::of(ops);
    let steps: Vec<(&Op, Step)> =
        ops.iter().filter_map(|op| Some((*op, contents.step(op)?))).collect();
    let mut ends = Vec::new();
    for (step, (op, _)) in steps.iter().enumerate() {
        ends.push((op.call_us, false, step));
        if op.end == End::Ok {
            ends.push((op.ret_us, true, step));
        }
    }
    ends.sort_unstable();
    let events = ends.into_iter().map(|(_, is_return, step)| Event { step, is_return }).collect();
    (steps, events)
}

/// Numbers for values.
struct Contents<'o> {
    values: HashMap<&'o str, u32>,
    /// Which value a revision is, as far as anybody was told.
    revisions: HashMap<u64, &'o str>,
}

impl<'o> Contents<'o> {
    fn of(ops: &[&'o Op]) -> Self {
        let mut revisions = HashMap::new();
        for op in ops {
            revisions.extend(op.acknowledged().map(|(value, revision)| (revision, value)));
            revisions.extend(op.seen().map(|seen| (seen.revision, seen.value.as_str())));
        }
        Self { values: HashMap::new(), revisions }
    }

    fn number(&mut self, value: &'o str) -> u32 {
        let next = u32::try_from(self.values.len() + 1).unwrap();
        *self.values.entry(value).or_insert(next)
    }

    fn expected(&mut self, revision: Option<u64>) -> u32 {
        match revision {
            None => 0,
            Some(revision) => match self.revisions.get(&revision).copied() {
                Some(value) => self.number(value),
                None => u32::MAX,
            },
        }
    }

    fn step(&mut self, op: &'o Op) -> Option<Step> {
        match (&op.what, op.end) {
            (_, End::Fail) | (What::Fresh { .. } | What::Repeat { .. }, _) => None,
            (What::Read(_), End::Info) => None,
            (What::Read(found), End::Ok) => {
                Some(Step::Read(found.as_ref().map_or(0, |seen| self.number(&seen.value))))
            }
            (What::Put { value, .. }, _) => Some(Step::Put(self.number(value))),
            (What::Swap { expected, outcome: Swapped::Lost, .. }, End::Ok) => {
                Some(Step::Lost { from: self.expected(*expected) })
            }
            (What::Swap { expected, value, .. }, _) => {
                let from = self.expected(*expected);
                Some(Step::Swap { from, to: self.number(value) })
            }
        }
    }
}

enum Found {
    Order,
    Nothing { stuck_at: usize },
    GaveUp,
}

/// What is left of the line of time is a doubly linked list over `events`, shifted by one: place
/// 0 is before the first.
struct Search<'s, 'o> {
    steps: &'s [(&'o Op, Step)],
    events: &'s [Event],
    next: Vec<usize>,
    previous: Vec<usize>,
    return_of: HashMap<usize, usize>,
    taken: Vec<u64>,
    n_returns: usize,
    content: u32,
    path: Vec<(usize, u32)>,
    seen: HashSet<(Vec<u64>, u32)>,
}

impl<'s, 'o> Search<'s, 'o> {
    fn new(steps: &'s [(&'o Op, Step)], events: &'s [Event]) -> Self {
        let n = events.len() + 1;
        let returns = events.iter().enumerate().filter(|(_, event)| event.is_return);
        let return_of: HashMap<usize, usize> =
            returns.map(|(place, event)| (event.step, place + 1)).collect();
        Self {
            steps,
            events,
            next: (1..=n).collect(),
            previous: (0..=n).map(|place| place.saturating_sub(1)).collect(),
            n_returns: return_of.len(),
            return_of,
            taken: vec![0; steps.len().div_ceil(64)],
            content: 0,
            path: Vec::new(),
            seen: HashSet::new(),
        }
    }

    fn run(mut self) -> Found {
        let end = self.events.len() + 1;
        let (mut place, mut deepest, mut stuck_at) = (self.next[0], 0, 0);
        for _ in 0..STEPS_MAX {
            if self.n_returns == 0 {
                return Found::Order;
            }
            let event = (place < end).then(|| self.events[place - 1]);
            match event {
                Some(Event { step, is_return: false }) => {
                    place = if self.take(place, step) { self.next[0] } else { self.next[place] };
                }
                stuck => {
                    if let Some(event) = stuck
                        && self.path.len() >= deepest
                    {
                        (deepest, stuck_at) = (self.path.len(), event.step);
                    }
                    let Some(back) = self.give_back() else { return Found::Nothing { stuck_at } };
                    place = self.next[back];
                }
            }
        }
        Found::GaveUp
    }

    /// Takes the step called at `place`, if the register allows it and this was not tried before.
    fn take(&mut self, place: usize, step: usize) -> bool {
        let Some(content) = self.steps[step].1.on(self.content) else { return false };
        self.taken[step / 64] |= 1 << (step % 64);
        if !self.seen.insert((self.taken.clone(), content)) {
            self.taken[step / 64] &= !(1 << (step % 64));
            return false;
        }
        self.path.push((place, self.content));
        self.content = content;
        self.unlink(place);
        if let Some(&at) = self.return_of.get(&step) {
            self.unlink(at);
            self.n_returns -= 1;
        }
        true
    }

    /// Undoes the last step; the place where it was called.
    fn give_back(&mut self) -> Option<usize> {
        let (place, content) = self.path.pop()?;
        let step = self.events[place - 1].step;
        if let Some(&at) = self.return_of.get(&step) {
            self.link(at);
            self.n_returns += 1;
        }
        self.link(place);
        self.taken[step / 64] &= !(1 << (step % 64));
        self.content = content;
        Some(place)
    }

    fn unlink(&mut self, place: usize) {
        let (before, after) = (self.previous[place], self.next[place]);
        self.next[before] = after;
        self.previous[after] = before;
    }

    fn link(&mut self, place: usize) {
        let (before, after) = (self.previous[place], self.next[place]);
        self.next[before] = place;
        self.previous[after] = place;
    }
}
