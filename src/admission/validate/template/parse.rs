//! Whether the tokens of a template make one.

mod pipeline;

use super::{
    lex::{Token, What},
    located,
};

/// Deepest nesting of blocks and brackets taken. Nobody writes so; each level costs stack.
const DEEPEST: usize = 150;

/// What Prometheus sets before every template.
const VARIABLES: [&str; 5] = ["$", "$labels", "$externalLabels", "$externalURL", "$value"];

/// Checks the tokens of `text`.
pub(super) fn check(text: &str, tokens: &[Token<'_>]) -> Result<(), String> {
    let mut parser = Parser {
        text,
        tokens,
        next: 0,
        variables: VARIABLES.to_vec(),
        n_ranges: 0,
        depth: 0,
        defined: Vec::new(),
    };
    while parser.next < tokens.len() {
        parser.open()?;
        if parser.after_space() == Some(What::Keyword("define")) {
            parser.next += 1;
            parser.definition()?;
        } else {
            match parser.action()? {
                Ended::No => {}
                Ended::End => return parser.fail("{{ end }} ends no block"),
                Ended::Else => return parser.fail("{{ else }} is outside of any block"),
            }
        }
    }
    Ok(())
}

/// Whether an action ends the block around it.
enum Ended {
    No,
    End,
    Else,
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    next: usize,
    /// Those in sight, innermost last.
    variables: Vec<&'a str>,
    n_ranges: usize,
    depth: usize,
    defined: Vec<&'a str>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<What<'a>> {
        self.tokens.get(self.next).map(|token| token.what)
    }

    /// The next token that is no space; the spaces before it are gone.
    fn after_space(&mut self) -> Option<What<'a>> {
        while self.peek() == Some(What::Space) {
            self.next += 1;
        }
        self.peek()
    }

    fn fail<T>(&self, message: &str) -> Result<T, String> {
        let token = self.tokens.get(self.next.min(self.tokens.len().saturating_sub(1)));
        Err(located(self.text, token.map_or(0, |token| token.at), message))
    }

    fn unexpected<T>(&self) -> Result<T, String> {
        let Some(token) = self.tokens.get(self.next) else {
            return self.fail("something is missing");
        };
        if token.what == What::Close {
            return self.fail("something is missing before }}");
        }
        let end = self.tokens.get(self.next + 1).map_or(self.text.len(), |token| token.at);
        let shown: String = self.text[token.at..end].trim_end().chars().take(40).collect();
        self.fail(&format!("`{shown}` is not allowed here"))
    }

    fn open(&mut self) -> Result<(), String> {
        if self.peek() != Some(What::Open) {
            return self.unexpected();
        }
        self.next += 1;
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        if self.after_space() != Some(What::Close) {
            return self.unexpected();
        }
        self.next += 1;
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST { self.fail("this is nested too deep") } else { Ok(()) }
    }

    /// After `define`: name and body. Nothing of the outside is in sight there.
    fn definition(&mut self) -> Result<(), String> {
        let name = self.name()?;
        self.close()?;
        let begin = self.next;
        self.body_of_its_own("define")?;
        if !self.is_empty(begin) {
            if self.defined.contains(&name) {
                return self.fail(&format!("template `{name}` is defined twice"));
            }
            self.defined.push(name);
        }
        Ok(())
    }

    /// Whether nothing stands between the token before `begin` and the `end` after it.
    fn is_empty(&self, begin: usize) -> bool {
        let mut body = self.tokens[begin..].iter().filter(|token| token.what != What::Space);
        let (Some(open), Some(end)) = (body.next(), body.next()) else { return false };
        let from = self.tokens[begin - 1].at;
        let text = self.text[from..open.at].trim_start_matches([' ', '-', '}']);
        end.what == What::Keyword("end") && text.trim().is_empty()
    }

    fn body_of_its_own(&mut self, block: &str) -> Result<(), String> {
        let outer = std::mem::replace(&mut self.variables, vec!["$"]);
        let n_ranges = std::mem::take(&mut self.n_ranges);
        let ended = self.list(block)?;
        (self.variables, self.n_ranges) = (outer, n_ranges);
        match ended {
            Ended::Else => {
                self.fail(&format!("{{{{ else }}}} does not belong into {{{{ {block} }}}}"))
            }
            _ => Ok(()),
        }
    }

    fn name(&mut self) -> Result<&'a str, String> {
        match self.after_space() {
            Some(What::String(name)) => {
                self.next += 1;
                Ok(name)
            }
            _ => self.unexpected(),
        }
    }

    /// After `{{`, up to and with the `}}` that belongs to it.
    fn action(&mut self) -> Result<Ended, String> {
        let Some(What::Keyword(word)) = self.after_space() else {
            if self.peek() == Some(What::Close) {
                return self.fail("the action is empty");
            }
            self.pipeline("", What::Close)?;
            return Ok(Ended::No);
        };
        self.next += 1;
        match word {
            "end" => {
                self.close()?;
                return Ok(Ended::End);
            }
            // `else if` is read by the block that it belongs to.
            "else" => {
                if !matches!(self.after_space(), Some(What::Keyword("if" | "with"))) {
                    self.close()?;
                }
                return Ok(Ended::Else);
            }
            "break" | "continue" => {
                if self.n_ranges == 0 {
                    return self.fail(&format!("{{{{ {word} }}}} is outside of any range"));
                }
                self.close()?;
            }
            "template" => {
                self.name()?;
                if self.after_space() == Some(What::Close) {
                    self.next += 1;
                } else {
                    self.pipeline(word, What::Close)?;
                }
            }
            "block" => {
                self.name()?;
                self.pipeline(word, What::Close)?;
                self.deeper()?;
                self.body_of_its_own(word)?;
                self.depth -= 1;
            }
            "if" | "range" | "with" => self.control(word)?,
            _ => {
                self.next -= 1;
                return self.unexpected();
            }
        }
        Ok(Ended::No)
    }

    fn control(&mut self, block: &'a str) -> Result<(), String> {
        self.deeper()?;
        let in_sight = self.variables.len();
        self.pipeline(block, What::Close)?;
        let range = usize::from(block == "range");
        self.n_ranges += range;
        let ended = self.list(block)?;
        self.n_ranges -= range;
        if matches!(ended, Ended::Else) {
            match self.peek() {
                Some(What::Keyword(word)) if word == block && block != "range" => {
                    self.next += 1;
                    self.control(block)?;
                }
                Some(What::Keyword(_)) => return self.unexpected(),
                _ => {
                    if matches!(self.list(block)?, Ended::Else) {
                        return self.fail("there is a second {{ else }}");
                    }
                }
            }
        }
        self.variables.truncate(in_sight);
        self.depth -= 1;
        Ok(())
    }

    /// Actions up to and with the one that ends the block.
    fn list(&mut self, block: &str) -> Result<Ended, String> {
        // After `else if` the block goes on without a new action.
        while self.next < self.tokens.len() {
            self.open()?;
            match self.action()? {
                Ended::No => {}
                ended => return Ok(ended),
            }
        }
        self.fail(&format!("{{{{ {block} }}}} has no {{{{ end }}}}"))
    }
}
