//! A template as tokens.

use super::{go_string, located, number};

/// One token and where it begins, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) at: usize,
    pub(super) what: What<'a>,
}

/// What a token is. Text outside of actions has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// `{{`
    Open,
    /// `}}`
    Close,
    Space,
    /// `=`
    Assign,
    /// `:=`
    Declare,
    Pipe,
    /// In quotes of either kind.
    String(&'a str),
    /// With its dollar.
    Variable(&'a str),
    Dot,
    Field,
    /// Number, character or truth value.
    Constant,
    Nil,
    Identifier(&'a str),
    /// `if`, `end`, …
    Keyword(&'a str),
    LeftParen,
    RightParen,
    /// Any other printable character.
    Sign(char),
}

const KEYWORDS: [&str; 10] =
    ["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];

/// All tokens of a template, or what is wrong with it.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut lexer = Lexer { text, at: 0, depth: 0, tokens: Vec::new() };
    while let Some(start) = text[lexer.at..].find("{{") {
        lexer.at += start;
        lexer.push(What::Open, 2);
        if trims(&text[lexer.at..], false) {
            lexer.at += 2;
        }
        if text[lexer.at..].starts_with("/*") {
            lexer.tokens.pop();
            lexer.comment()?;
        } else {
            lexer.action()?;
        }
    }
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    tokens: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn push(&mut self, what: What<'a>, length: usize) {
        self.tokens.push(Token { at: self.at, what });
        self.at += length;
    }

    fn fail<T>(&self, message: &str) -> Result<T, String> {
        Err(located(self.text, self.at, message))
    }

    fn comment(&mut self) -> Result<(), String> {
        // Behind the opening: `/*/` opens a comment and does not close it.
        let Some(end) = self.rest().get(2..).and_then(|rest| rest.find("*/")) else {
            return self.fail("a {{/* comment is not closed");
        };
        self.at += end + 4;
        match closes(self.rest()) {
            Some(length) => {
                self.at += length;
                Ok(())
            }
            None => self.fail("a comment must end with */}}"),
        }
    }

    /// Up to and with the `}}`.
    fn action(&mut self) -> Result<(), String> {
        self.depth = 0;
        loop {
            if let Some(length) = closes(self.rest()) {
                if self.depth > 0 {
                    return self.fail("there is a ( without )");
                }
                self.push(What::Close, length);
                return Ok(());
            }
            let Some(c) = self.rest().chars().next() else {
                return self.fail("there is a {{ without }}");
            };
            self.token(c)?;
        }
    }

    fn token(&mut self, c: char) -> Result<(), String> {
        match c {
            ' ' | '\t' | '\r' | '\n' => self.push(What::Space, 1),
            '=' => self.push(What::Assign, 1),
            ':' if self.rest().starts_with(":=") => self.push(What::Declare, 2),
            ':' => return self.fail("`:` is not allowed here"),
            '|' => self.push(What::Pipe, 1),
            '(' => {
                self.depth += 1;
                self.push(What::LeftParen, 1);
            }
            ')' if self.depth == 0 => return self.fail("there is a ) without ("),
            ')' => {
                self.depth -= 1;
                self.push(What::RightParen, 1);
            }
            '"' | '\'' | '`' => return self.quoted(c),
            '$' => {
                let length = self.word(1)?;
                self.push(What::Variable(&self.rest()[..length]), length);
            }
            '.' if !self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                let length = self.word(1)?;
                self.push(if length == 1 { What::Dot } else { What::Field }, length);
            }
            '.' | '+' | '-' | '0'..='9' => return self.number(),
            c if is_word(c) => self.identifier()?,
            c if c.is_ascii_graphic() => self.push(What::Sign(c), 1),
            c => return self.fail(&format!("`{c}` is not allowed here")),
        }
        Ok(())
    }

    /// Length of a word that begins after `skip` bytes, these included; something must end it.
    fn word(&self, skip: usize) -> Result<usize, String> {
        let rest = self.rest();
        let length = rest[skip..].find(|c| !is_word(c)).map_or(rest.len(), |end| skip + end);
        let after = &rest[length..];
        let ended = after.is_empty()
            || after.starts_with([' ', '\t', '\r', '\n', '.', ',', '|', ':', ')', '('])
            || after.starts_with("}}");
        if ended {
            return Ok(length);
        }
        let shown: String = after.chars().take(1).collect();
        Err(located(self.text, self.at + length, &format!("`{shown}` is not allowed here")))
    }

    fn identifier(&mut self) -> Result<(), String> {
        let length = self.word(0)?;
        let what = match &self.rest()[..length] {
            "true" | "false" => What::Constant,
            "nil" => What::Nil,
            word if KEYWORDS.contains(&word) => What::Keyword(word),
            word => What::Identifier(word),
        };
        self.push(what, length);
        Ok(())
    }

    fn quoted(&mut self, quote: char) -> Result<(), String> {
        let rest = self.rest();
        let mut chars = rest.char_indices().skip(1);
        let mut end = None;
        while let Some((at, c)) = chars.next() {
            if c == quote {
                end = Some(at + 1);
                break;
            }
            let after = if c == '\\' && quote != '`' { chars.next() } else { Some((at, c)) };
            if quote != '`' && after.is_none_or(|(_, c)| c == '\n') {
                break;
            }
        }
        let Some(end) = end else { return self.fail("a quote inside {{ }} is not closed") };
        let literal = &rest[..end];
        let (outcome, what) = match quote {
            '"' => (go_string::check_quoted(literal), What::String(&literal[1..end - 1])),
            '\'' => (go_string::check_character(literal), What::Constant),
            _ => (Ok(()), What::String(&literal[1..end - 1])),
        };
        outcome.map_err(|message| located(self.text, self.at, &message))?;
        self.push(what, end);
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        let rest = self.rest();
        let hexadecimal =
            rest.trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("0x");
        let mut end = 0;
        let mut before = ' ';
        for (at, c) in rest.char_indices() {
            let exponent = if hexadecimal { 'p' } else { 'e' };
            let sign = matches!(c, '+' | '-')
                && (at == 0
                    || before.eq_ignore_ascii_case(&exponent)
                    // 1+2i
                    || rest[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').starts_with('i'));
            if !(sign || is_word(c) || c == '.') {
                break;
            }
            before = c;
            end = at + c.len_utf8();
        }
        let text = &rest[..end];
        number::check(text).map_err(|message| located(self.text, self.at, &message))?;
        self.push(What::Constant, end);
        Ok(())
    }
}

/// Length of the end of an action, with the sign that trims the text after it.
fn closes(rest: &str) -> Option<usize> {
    if trims(rest, true) && rest[2..].starts_with("}}") {
        Some(4)
    } else {
        rest.starts_with("}}").then_some(2)
    }
}

/// `- ` after the beginning of an action, ` -` before its end.
fn trims(rest: &str, end: bool) -> bool {
    let space = |b: u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
    match rest.as_bytes() {
        [first, second, ..] if end => space(*first) && *second == b'-',
        [first, second, ..] => *first == b'-' && space(*second),
        _ => false,
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
