//! Reads a pattern from its front and writes it anew.

use super::{Reason, class, escape, group};

/// Largest count of a repetition, also multiplied over nested ones.
const MAX_REPEAT: u32 = 1000;

/// A text that is read from its front.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a str,
}

impl<'a> Reader<'a> {
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    pub(super) fn take(&mut self, prefix: &str) -> bool {
        let rest = self.rest.strip_prefix(prefix);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What has been read since `start`.
    pub(super) fn since(&self, start: &'a str) -> String {
        start[..start.len() - self.rest.len()].to_owned()
    }
}

/// What stands before a repetition.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// Nothing: the begin of the pattern, a group or an alternative.
    Nothing,
    /// Something with this product of nested counts.
    Atom(u32),
    /// A repetition, which cannot be repeated.
    Repeat(u32),
}

impl Last {
    const fn weight(self) -> u32 {
        match self {
            Self::Nothing => 1,
            Self::Atom(weight) | Self::Repeat(weight) => weight,
        }
    }
}

/// Reads a pattern and writes it anew.
pub(super) struct Translator<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) out: String,
    pub(super) last: Last,
    /// Heaviest part of the group that is being read.
    pub(super) heaviest: u32,
    /// Heaviest parts of the groups around it.
    pub(super) open: Vec<u32>,
}

pub(super) fn translate(pattern: &str) -> Result<String, Reason> {
    let mut translator = Translator {
        reader: Reader { rest: pattern },
        out: String::with_capacity(pattern.len() + 16),
        last: Last::Nothing,
        heaviest: 1,
        open: Vec::new(),
    };
    while !translator.reader.rest.is_empty() {
        translator.step()?;
    }
    if translator.open.is_empty() { Ok(translator.out) } else { Err(Reason::MissingParen) }
}

impl Translator<'_> {
    fn step(&mut self) -> Result<(), Reason> {
        let start = self.reader.rest;
        let Some(c) = self.reader.next() else { return Ok(()) };
        match c {
            '(' => group::open(self, start)?,
            ')' => {
                let outer = self.open.pop().ok_or(Reason::UnexpectedParen)?;
                let weight = self.heaviest;
                self.heaviest = outer;
                self.atom(")", weight);
            }
            '|' => {
                self.out.push('|');
                self.last = Last::Nothing;
            }
            '^' | '$' | '.' => self.atom(c.encode_utf8(&mut [0; 4]), 1),
            '[' => {
                let class = class::read(&mut self.reader)?;
                self.atom(&class, 1);
            }
            '*' | '+' | '?' => self.repeat(start, 1, c.into())?,
            '{' => match group::counts(&mut self.reader) {
                Some((least, most)) => self.counted(start, least, most)?,
                None => self.literal('{'),
            },
            '\\' => self.escaped(start)?,
            c => self.literal(c),
        }
        Ok(())
    }

    fn atom(&mut self, text: &str, weight: u32) {
        self.out.push_str(text);
        self.last = Last::Atom(weight);
        self.heaviest = self.heaviest.max(weight);
    }

    fn literal(&mut self, c: char) {
        escape::write(&mut self.out, c);
        self.last = Last::Atom(1);
    }

    fn counted(&mut self, start: &str, least: u32, most: Option<u32>) -> Result<(), Reason> {
        let part = start[..start.len() - self.reader.rest.len()].to_owned();
        let backwards = most.is_some_and(|most| least > most);
        if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT) || backwards {
            return Err(Reason::RepeatCount(part));
        }
        let times = most.unwrap_or(least).max(1);
        if self.last.weight().saturating_mul(times) > MAX_REPEAT {
            return Err(Reason::RepeatCount(part));
        }
        let most = most.map(|most| most.to_string()).unwrap_or_default();
        self.repeat(start, times, format!("{{{least},{most}}}"))
    }

    fn repeat(&mut self, start: &str, times: u32, written: String) -> Result<(), Reason> {
        let lazy = self.reader.take("?");
        let part = start[..start.len() - self.reader.rest.len()].to_owned();
        match self.last {
            Last::Nothing => return Err(Reason::NothingToRepeat(part)),
            Last::Repeat(_) => return Err(Reason::NestedRepeat(part)),
            Last::Atom(weight) => {
                let weight = weight * times;
                self.last = Last::Repeat(weight);
                self.heaviest = self.heaviest.max(weight);
            }
        }
        self.out.push_str(&written);
        if lazy {
            self.out.push('?');
        }
        Ok(())
    }

    fn escaped(&mut self, start: &str) -> Result<(), Reason> {
        if self.reader.take("Q") {
            let (literal, rest) =
                self.reader.rest.split_once(r"\E").unwrap_or((self.reader.rest, ""));
            self.reader.rest = rest;
            literal.chars().for_each(|c| self.literal(c));
            return Ok(());
        }
        for (name, written) in [("A", r"\A"), ("z", r"\z"), ("b", r"(?-u:\b)"), ("B", r"(?-u:\B)")]
        {
            if self.reader.take(name) {
                self.atom(written, 1);
                return Ok(());
            }
        }
        if let Some(class) = escape::class(&mut self.reader, start)? {
            self.atom(&format!("[{class}]"), 1);
            return Ok(());
        }
        let c = escape::character(&mut self.reader, start)?;
        self.literal(c);
        Ok(())
    }
}
