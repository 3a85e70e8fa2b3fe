//! Scripts inside scripts: `sh -c '…'`, `eval`, a heredoc that a shell reads.

use super::parse::{Level, Machine};
use super::{Command, Group, MAX_DEPTH, Outer, Word};
use super::{Pipeline, Script};
use crate::text::{Span, Text, TextBuilder};

const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

/// Commands that run another one, whose words follow theirs.
const WRAPPERS: [&str; 9] = ["sudo", "env", "exec", "nice", "nohup", "command", "time", "gosu", "su-exec"];

/// Whether a name is that of a shell.
pub fn is_shell(name: &str) -> bool {
    SHELLS.contains(&name.rsplit('/').next().unwrap_or(name))
}

/// Where among the words the shell's name stands, seen through `sudo`, `env` and their like.
fn shell_at(command: &Command) -> Option<usize> {
    let name = |word: &Word| word.literal().map(|n| n.rsplit('/').next().unwrap_or(n).to_owned());
    let mut wrapped = false;
    for (index, word) in command.words.iter().enumerate().take(12) {
        let name = name(word)?;
        if SHELLS.contains(&name.as_str()) {
            return Some(index);
        }
        let passes = WRAPPERS.contains(&name.as_str()) || (wrapped && (name.starts_with('-') || name.contains('=')));
        let follows = wrapped && index == 1;
        if !passes && !follows {
            return None;
        }
        wrapped = true;
    }
    None
}

/// The word that is a script: behind `-c`.
fn script_word(command: &Command) -> Option<usize> {
    let next = |index: usize| (index + 1 < command.words.len()).then_some(index + 1);
    match command.name()? {
        "eval" => return (command.words.len() == 2).then_some(1),
        "su" => return next(command.words.iter().position(|w| w.value == "-c" || w.value == "--command")?),
        _ => {}
    }
    let mut index = shell_at(command)? + 1;
    loop {
        let value = command.words.get(index)?.literal()?;
        let cluster = value.strip_prefix(['-', '+'])?;
        let short = !cluster.starts_with('-');
        if short && value.starts_with('-') && cluster.contains('c') {
            return next(index);
        }
        // `-o pipefail`, also at the end of a cluster.
        index += if short && cluster.ends_with('o') { 2 } else { 1 };
    }
}

/// A command given as a list of words, no shell between; a script among the words is split.
pub fn from_words(items: &[Text<'_>]) -> Script {
    let word = |item: &Text<'_>| Word { value: item.as_str().to_owned(), span: item.whole_span(), ..Word::default() };
    let words: Vec<Word> = items.iter().map(word).collect();
    let span = words.iter().map(|word| word.span).reduce(Span::to).unwrap_or_default();
    let command = Command { words, span, ..Command::default() };
    let inner = script_word(&command);
    let mut script = Script::default();
    script.pipelines.push(Pipeline { stages: 1, ..Pipeline::default() });
    script.commands.push(command);
    if let Some(text) = inner.and_then(|index| items.get(index)) {
        let outer = Outer { pipeline: 0, stage: 0, group: Group::Script };
        Machine { strict: true, ..Machine::new(text, &mut script, 1) }.script(None, Some(outer), Some(0));
    }
    script
}

/// Whether the command is a shell that takes its script from its input.
pub(super) fn reads_script(command: &Command) -> bool {
    let Some(shell) = shell_at(command) else { return false };
    let rest = command.words.get(shell + 1..).unwrap_or(&[]);
    let option = |word: &Word| word.value.starts_with("--") || !word.value.contains('c');
    rest.iter().all(|word| word.value.starts_with('-') && option(word)) || rest.iter().any(|word| word.value == "-s")
}

impl Machine<'_, '_> {
    /// Reads the script that a finished command carries in a string.
    pub(super) fn nested_scripts(&mut self, index: usize) {
        let command = &self.out.commands[index];
        let Some(word) = script_word(command) else { return };
        let outer = Outer { pipeline: command.pipeline, stage: command.stage, group: Group::Script };
        let inner = self.unquoted(&command.words[word]);
        self.other_text(&inner, Some(outer), Some(index));
    }

    /// A word of this text without its quotes, with its places.
    fn unquoted(&self, word: &Word) -> Text<'static> {
        let mut inner = TextBuilder::new();
        if word.quoted {
            word.pieces.iter().for_each(|piece| inner.text(self.text, piece.clone()));
        } else {
            inner.text(self.text, word.range.clone());
        }
        inner.finish()
    }

    /// Reads another text as a script, one level deeper.
    pub(super) fn other_text(&mut self, text: &Text<'_>, outer: Option<Outer>, parent: Option<usize>) {
        if self.depth >= MAX_DEPTH {
            self.out.truncated = true;
            return;
        }
        Machine::new(text, self.out, self.depth + 1).script(None, outer, parent);
    }

    /// Reads only the substitutions of a text: a heredoc that is no script.
    pub(super) fn substitutions_of(&mut self, text: &Text<'_>, outer: Option<Outer>, holder: usize) {
        if self.depth >= MAX_DEPTH {
            self.out.truncated = true;
            return;
        }
        let mut machine = Machine::new(text, self.out, self.depth + 1);
        let level = Level::at(outer, Some(holder));
        while let Some(byte) = machine.byte(0) {
            let start = machine.at;
            match byte {
                b'$' => machine.dollar(&level, Some(holder), true, &mut Vec::new()),
                b'`' => machine.backticks(&level, Some(holder), true, &mut Vec::new()),
                b'\\' => machine.at += 1,
                _ => {}
            }
            if machine.at == start || byte == b'\\' {
                machine.at += 1;
            }
        }
    }
}
