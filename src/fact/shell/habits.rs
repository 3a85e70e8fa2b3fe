//! What goes wrong in a script as such, whatever its commands are: what no shell reads, and habits that lose something.

use super::{Call, ScriptText};
use crate::fact::Facts;
use crate::fact::value::{Field, facts};
use crate::syntax::shell::{Command, Group, Joint, Script, Word, is_shell, parse};
use crate::text::{Span, Spanned};

facts! {
    /// A place in a shell script where it does not do what it seems to.
    pub struct Fault = "shell.fault" {
        /// `unreadable`, `unquoted-arguments`, `double-equals`, `unchecked-cd`, `dangerous-delete` or `backticks`.
        "kind" kind: String,
        /// Why no shell reads it.
        "reason" reason: Field<String>,
        /// The words at fault.
        "words" words: Spanned<String>,
        /// The end of what begins there: the second backtick.
        "end" end: Field<String>,
        /// The variable that may be empty.
        "variable" variable: Field<String>,
        /// The instruction that it stands in, such as `RUN`; `fence` in a document.
        "by" by: String,
    }
}

/// What is known of a script from outside.
pub struct Setting<'a> {
    /// The instruction, or `fence`.
    pub by: &'a str,
    /// The shell that reads it.
    pub dialect: &'a str,
    /// Whether a variable is surely set to something where the script begins.
    pub known: &'a dyn Fn(&str) -> bool,
    /// Whether it is a script of several lines in which a failure does not end it.
    pub heredoc: bool,
    /// Whether it is only a part, or not sure to be for such a shell.
    pub partial: bool,
}

/// Below these nobody wants to lose everything.
const IMPORTANT: &[&str] = &[
    "",
    "bin",
    "boot",
    "dev",
    "etc",
    "home",
    "lib",
    "lib64",
    "media",
    "mnt",
    "opt",
    "proc",
    "root",
    "run",
    "sbin",
    "srv",
    "sys",
    "usr",
    "usr/bin",
    "usr/lib",
    "usr/local",
    "usr/sbin",
    "usr/share",
    "var",
    "var/lib",
];

/// All faults of a script, in no particular order.
pub fn faults(script: &Script, calls: &[Call], setting: &Setting<'_>) -> Vec<Fault> {
    let mut out = Vec::new();
    if let Some(fault) = script.fault() {
        if !setting.partial {
            let words = Spanned::new(String::new(), fault.span);
            let reason = Field::new(fault.message.clone(), fault.span);
            out.push(Fault { reason, ..new("unreadable", words, setting) });
        }
        // Behind it nothing is what it seems.
        return out;
    }
    if script.truncated {
        return out;
    }
    let finder = Finder { script, calls, setting };
    out.extend(finder.arguments());
    out.extend(finder.backticks());
    for call in calls {
        out.extend(finder.equals(call).chain(finder.cd(call)).chain(finder.delete(call)));
    }
    out
}

/// Adds the faults of a block in a document.
pub fn of_fence(script: &ScriptText, block: Span, out: &mut Facts) {
    let read = parse(&script.text);
    let calls = super::calls(&read, &|_| None);
    let setting = Setting { by: "fence", dialect: script.dialect, known: &|_| false, heredoc: false, partial: true };
    for fault in faults(&read, &calls, &setting) {
        out.push(fault, "", block);
    }
}

fn new(kind: &str, words: Spanned<String>, setting: &Setting<'_>) -> Fault {
    Fault { span: words.span, kind: kind.to_owned(), words, by: setting.by.to_owned(), ..Fault::default() }
}

struct Finder<'a> {
    script: &'a Script,
    calls: &'a [Call],
    setting: &'a Setting<'a>,
}

impl Finder<'_> {
    /// `$@` outside quotes: each argument falls apart at its blanks.
    fn arguments(&self) -> Vec<Fault> {
        let tests = |command: &&Command| command.name() != Some("[[");
        let words = self.script.commands.iter().filter(tests).flat_map(|command| &command.words);
        let mut seen = std::collections::HashSet::new();
        let mut out = Vec::new();
        for word in words.chain(&self.script.listed) {
            let loose = word.expansions.iter().filter(|expansion| !expansion.quoted);
            for expansion in loose.filter(|expansion| seen.insert(expansion.span)) {
                let Some(text) = &expansion.list else { continue };
                let words = Spanned::new(text.clone(), expansion.span);
                out.push(new("unquoted-arguments", words, self.setting));
            }
        }
        out
    }

    /// Backticks do what `$( … )` does, which can be nested and read.
    fn backticks(&self) -> impl Iterator<Item = Fault> {
        self.script.backticks.iter().map(|pair| {
            let words = Spanned::new("`".to_owned(), pair.opening);
            let end = match pair.plain {
                true => Field::new("`".to_owned(), pair.closing),
                false => Field::Absent,
            };
            Fault { end, ..new("backticks", words, self.setting) }
        })
    }

    /// `[ a == b ]`, which not every `sh` knows.
    fn equals(&self, call: &Call) -> impl Iterator<Item = Fault> {
        let test = matches!(call.name.as_str(), "[" | "test");
        let plain = matches!(self.dialect(call), "sh" | "dash" | "ash");
        let place = call.args.iter().find(|arg| test && plain && arg.known && arg.text == "==");
        place.map(|arg| new("double-equals", Spanned::new("==".to_owned(), arg.span), self.setting)).into_iter()
    }

    /// A `cd` in a script of lines that goes on in the wrong folder where it fails.
    fn cd(&self, call: &Call) -> impl Iterator<Item = Fault> {
        let fires = matches!(call.name.as_str(), "cd" | "pushd" | "popd")
            && self.in_lines(call)
            && !self.is_judged(call)
            && !self.stops_at_errors()
            && !call
                .args
                .iter()
                .all(|arg| arg.known && arg.text.split('/').all(|part| matches!(part, "" | "." | "..")));
        let command = call.of(self.script);
        let last = command.words.last().map_or(call.span, |word| word.span);
        let words = Spanned::new(call.name.clone(), call.span.to(last));
        fires.then(|| new("unchecked-cd", words, self.setting)).into_iter()
    }

    /// `rm -rf "$x/"`, which deletes everything where `x` is empty.
    fn delete(&self, call: &Call) -> impl Iterator<Item = Fault> {
        let command = call.of(self.script);
        let recursive = |word: &Word| {
            let flags = word.value.strip_prefix('-').unwrap_or("");
            flags == "-recursive" || (!flags.starts_with('-') && flags.contains(['r', 'R']))
        };
        let fires = call.name == "rm" && command.words.iter().any(recursive);
        let words = command.words.iter().filter(move |_| fires);
        words.filter_map(|word| self.empties(word)).map(|(name, words)| Fault {
            variable: Field::new(name.to_owned(), words.span),
            ..new("dangerous-delete", words, self.setting)
        })
    }

    /// The variable of a word that is a folder of the system if the variable is empty.
    fn empties<'w>(&self, word: &'w Word) -> Option<(&'w str, Spanned<String>)> {
        let [expansion] = word.expansions.as_slice() else { return None };
        let name = expansion.variable.as_str();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let forms = [format!("${{{name}}}"), format!("${name}")];
        let form = forms.into_iter().find(|form| word.value.starts_with(form))?;
        let path = word.value[form.len()..]
            .strip_prefix('/')?
            .trim_start_matches('/')
            .trim_end_matches('*')
            .trim_end_matches('/');
        let risky = is_name && IMPORTANT.contains(&path) && !(self.setting.known)(name) && !self.is_set(name);
        risky.then(|| (name, Spanned::new(form, expansion.span)))
    }

    /// Whether the script itself sets the variable to something that is surely not empty.
    fn is_set(&self, name: &str) -> bool {
        let mut own = self
            .script
            .commands
            .iter()
            .flat_map(|command| {
                let plain = command.assignments.iter().map(|one| (one.name.as_str(), one.value.literal()));
                let exported = command
                    .args()
                    .iter()
                    .filter_map(|word| word.value.split_once('=').map(|(n, v)| (n, word.literal().map(|_| v))));
                plain.chain(exported)
            })
            .filter(|(set, _)| *set == name)
            .peekable();
        own.peek().is_some() && own.all(|(_, value)| value.is_some_and(|value| !value.is_empty()))
    }

    /// The shell that runs a call: the one whose string or heredoc it stands in.
    fn dialect<'s>(&'s self, call: &Call) -> &'s str {
        let parents = std::iter::successors(call.of(self.script).parent, |&at| self.script.commands.get(at)?.parent);
        let shell = |at: usize| {
            let words = self.script.commands.get(at)?.words.iter().take(4);
            words.filter_map(|word| word.literal()).find(|word| is_shell(word))
        };
        let program = parents.take(8).find_map(shell).unwrap_or(self.setting.dialect);
        program.rsplit('/').next().unwrap_or(program)
    }

    /// Whether a call stands in a script of several lines: a heredoc that is run.
    fn in_lines(&self, call: &Call) -> bool {
        let command = call.of(self.script);
        let Some(parent) = command.parent else { return self.setting.heredoc };
        let scripts = self.script.enclosing(command.pipeline).any(|outer| outer.group == Group::Script);
        scripts
            && self.script.commands.get(parent).is_some_and(|parent| {
                let fed = parent.redirects.iter().any(|redirect| redirect.body.is_some());
                fed && !parent.args().iter().any(|word| is_errexit(&word.value))
            })
    }

    /// Whether its failure is looked at: by `||`, `&&`, `if`, `!`, or because it ends a subshell.
    fn is_judged(&self, call: &Call) -> bool {
        let own = call.of(self.script).pipeline;
        let Some(pipeline) = self.script.pipelines.get(own) else { return true };
        let next = self.script.pipelines.iter().skip(own + 1).find(|next| next.outer == pipeline.outer);
        let joined = next.is_some_and(|next| matches!(next.joint, Joint::And | Joint::Or));
        let tested =
            self.script.enclosing(own).next().is_some_and(|outer| matches!(outer.group, Group::If | Group::Loop));
        joined || pipeline.negated || tested || call.subshell && next.is_none()
    }

    fn stops_at_errors(&self) -> bool {
        let sets = |call: &&Call| call.name == "set";
        self.calls.iter().filter(sets).any(|call| call.args.iter().any(|arg| is_errexit(&arg.text)))
    }
}

/// `-e`, `-eux`, `errexit`
fn is_errexit(word: &str) -> bool {
    let cluster = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
    word == "errexit"
        || cluster.is_some_and(|letters| letters.contains('e') && letters.chars().all(char::is_alphabetic))
}
