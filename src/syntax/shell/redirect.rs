//! Redirections.

use super::Redirect;
use super::heredoc::Pending;
use super::parse::{Level, Machine};

const OPERATORS: [&str; 12] = ["&>>", "<<<", "<<-", "&>", ">>", "<<", ">&", "<&", "<>", ">|", "<", ">"];

impl Machine<'_, '_> {
    /// Whether digits stand here directly before a redirection.
    pub(super) fn is_fd_redirect(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let digits = rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        digits > 0 && matches!(rest.get(digits), Some(b'<' | b'>'))
    }

    pub(super) fn redirect(&mut self, level: &mut Level) {
        let start = self.at;
        if matches!(self.byte(0), Some(b'<' | b'>')) && self.byte(1) == Some(b'(') {
            let index = self.command(level);
            let word = self.word(level, Some(index));
            self.out.commands[index].words.push(word);
            return self.grow(index, start);
        }
        let digits = self.bytes[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let fd = self.text.as_str()[start..start + digits].parse().ok();
        self.at += digits;
        let rest = &self.bytes[self.at..];
        let Some(operator) = OPERATORS.into_iter().find(|op| rest.starts_with(op.as_bytes())) else {
            self.at += 1;
            return;
        };
        self.at += operator.len();
        let end = self.at;
        if level.command.is_none() {
            level.needs = None;
        }
        self.blanks();
        // Behind a group there is no command that could own it.
        let owner = if level.closed { None } else { Some(self.command(level)) };
        let target = self.word(level, owner.or(level.parent));
        if target.span.is_empty() {
            self.fail(start..end, || format!("no file stands behind `{operator}`"));
            return;
        }
        let heredoc = matches!(operator, "<<" | "<<-");
        let place = owner.map(|index| (index, self.out.commands[index].redirects.len()));
        if heredoc {
            let (name, expands) = (target.value.clone(), !target.quoted);
            self.pending.push(Pending { name, expands, chomps: operator == "<<-", place });
        }
        if let Some(index) = owner {
            self.out.commands[index].redirects.push(Redirect { fd, operator, target, body: None });
            self.grow(index, start);
        }
    }
}
