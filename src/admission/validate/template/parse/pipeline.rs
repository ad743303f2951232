//! What stands in an action: declarations, commands with `|` between them, operands.

use super::Parser;
use crate::admission::validate::template::lex::What;

/// Go's own functions.
const BUILT_IN: [&str; 19] = [
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or",
    "print", "printf", "println", "slice", "urlquery",
];

/// What Prometheus adds; `now`, `toDuration` and `urlQueryEscape` since later than 3.5, of which
/// the checker of the build that runs has the last word.
const PROMETHEUS: [&str; 29] = [
    "args",
    "externalURL",
    "first",
    "graphLink",
    "humanize",
    "humanize1024",
    "humanizeDuration",
    "humanizePercentage",
    "humanizeTimestamp",
    "label",
    "match",
    "now",
    "parseDuration",
    "pathPrefix",
    "query",
    "reReplaceAll",
    "safeHtml",
    "sortByLabel",
    "stripDomain",
    "stripPort",
    "strvalue",
    "tableLink",
    "title",
    "toDuration",
    "toLower",
    "toTime",
    "toUpper",
    "urlQueryEscape",
    "value",
];

/// What an operand is, as far as it matters for what may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operand {
    /// Has a value of its own and no fields.
    Constant,
    /// Also a constant, but for the dot in front of a field.
    Other,
}

impl<'a> Parser<'a> {
    /// Commands with `|` between them, up to and with `end`.
    pub(super) fn pipeline(&mut self, block: &str, end: What<'a>) -> Result<(), String> {
        self.declarations(block)?;
        let mut n_commands = 0;
        loop {
            match self.after_space() {
                Some(what) if what == end => {
                    if n_commands == 0 {
                        return self.fail("a value is missing");
                    }
                    self.next += 1;
                    return Ok(());
                }
                Some(
                    What::Constant
                    | What::Nil
                    | What::Dot
                    | What::Field
                    | What::Identifier(_)
                    | What::String(_)
                    | What::Variable(_)
                    | What::LeftParen,
                ) => {
                    let first = self.command()?;
                    if n_commands > 0 && first == Operand::Constant {
                        return self.fail("a constant cannot stand behind |");
                    }
                    n_commands += 1;
                }
                _ => return self.unexpected(),
            }
        }
    }

    /// `$x :=`, `$x =`, and in a range also `$i, $x :=`.
    fn declarations(&mut self, block: &str) -> Result<(), String> {
        let mut n_declared = 0;
        while let Some(What::Variable(name)) = self.after_space() {
            let back = self.next;
            self.next += 1;
            match self.after_space() {
                Some(What::Assign | What::Declare) => {
                    self.next += 1;
                    self.variables.push(name);
                    return Ok(());
                }
                Some(What::Sign(',')) => {
                    self.next += 1;
                    self.variables.push(name);
                    n_declared += 1;
                    if block != "range" || n_declared > 1 {
                        return self.fail("too many variables");
                    }
                    match self.after_space() {
                        Some(What::Variable(_) | What::Close | What::RightParen) => {}
                        _ => return self.fail("a range can only set variables"),
                    }
                }
                _ => {
                    self.next = back;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Operands up to `|`, `)` or the end; gives the first.
    fn command(&mut self) -> Result<Operand, String> {
        let mut first = None;
        loop {
            self.after_space();
            if let Some(operand) = self.operand()? {
                first.get_or_insert(operand);
            }
            match self.peek() {
                Some(What::Space) => self.next += 1,
                Some(What::Pipe) => {
                    self.next += 1;
                    break;
                }
                Some(What::Close | What::RightParen) => break,
                _ => return self.unexpected(),
            }
        }
        first.map_or_else(|| self.fail("a command is missing"), Ok)
    }

    /// A term with fields behind it; `None` when there is no term.
    fn operand(&mut self) -> Result<Option<Operand>, String> {
        let Some(term) = self.term()? else { return Ok(None) };
        if self.peek() == Some(What::Field) && term == Operand::Constant {
            return self.fail("nothing can follow a constant with a dot");
        }
        while self.peek() == Some(What::Field) {
            self.next += 1;
        }
        Ok(Some(term))
    }

    fn term(&mut self) -> Result<Option<Operand>, String> {
        let term = match self.after_space() {
            Some(What::Identifier(name)) => {
                if !BUILT_IN.contains(&name) && !PROMETHEUS.contains(&name) {
                    return self.fail(&format!("there is no function `{name}`"));
                }
                Operand::Other
            }
            Some(What::Variable(name)) => {
                if !self.variables.contains(&name) {
                    return self.fail(&format!("there is no variable `{name}`"));
                }
                Operand::Other
            }
            Some(What::Field) => Operand::Other,
            Some(What::Dot | What::Nil | What::Constant | What::String(_)) => Operand::Constant,
            Some(What::LeftParen) => {
                self.next += 1;
                self.deeper()?;
                self.pipeline("", What::RightParen)?;
                self.depth -= 1;
                return Ok(Some(Operand::Other));
            }
            _ => return Ok(None),
        };
        self.next += 1;
        Ok(Some(term))
    }
}
