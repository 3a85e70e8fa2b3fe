//! The commands of a RUN: what each does, and the packages that it installs.

use super::Walk;
use super::facts::{Command, Package};
use crate::fact::shell::{self, Arg, Call, Cleanups};
use crate::fact::value::{Field, OpenList};
use crate::syntax::dockerfile::Instruction;
use crate::syntax::shell::Script;
use crate::text::{Span, Spanned};
use std::collections::{HashMap, HashSet};

impl Walk<'_, '_> {
    pub(super) fn commands(&mut self, instruction: &Instruction<'_>, script: &Script, calls: &[Call], trigger: bool) {
        let wanted = [Command::describe(), Package::describe()];
        if !wanted.iter().any(|schema| self.wanted.subject(schema.name)) {
            return;
        }
        let mounts = self.mounts(instruction);
        let around = shell::Around {
            calls,
            mounts: &mounts,
            pip_is_told: self.pip_is_told(script),
            cleanups: Cleanups::of(calls),
        };
        let installers = Installers::of(calls, script);
        let asked = self.scope.effects.apt_recommends;
        let gnu_wget = if self.scope.effects.gnu_wget { Some(0) } else { calls.iter().position(shell::adds_wget) };
        let temporary = shell::temporary(script);
        for (index, call) in calls.iter().enumerate() {
            let managed = shell::manager(call);
            let installs = managed.as_ref().and_then(|(name, call)| shell::installation(name, call));
            let packages = self.packages(instruction, managed.as_ref().map_or("", |(name, _)| name), &installs);
            if !self.wanted.subject(Command::describe().name) {
                continue;
            }
            let split = shell::operands(call);
            let mut operands = split.operands.iter().copied();
            let subcommand = operands.next().map_or(Field::Absent, field);
            let manager = managed.as_ref().map(|(name, _)| *name);
            let unsorted = unsorted(instruction, installs.as_ref());
            let list = installs.as_ref().filter(|_| !unsorted.is_absent());
            let [listed, sorted] = list.map_or_else(Default::default, |list| self.sorted(list));
            let alone = matches!(call.name.as_str(), "ln" | "apt" | "apt-get") && calls.len() == 1 && !trigger;
            let only_script = if alone { self.only_script(instruction, script, calls) } else { Field::Absent };
            let unpacked = self.unpacks(call);
            let fact = Command {
                span: call.span,
                listed,
                sorted,
                next_install: match only_script.is_absent() || call.name == "ln" {
                    true => Field::Absent,
                    false => self.next_install(instruction),
                },
                only_script,
                name: match call.name.is_empty() {
                    true => Field::unknown("", call.span),
                    false => Field::new(call.name.clone(), call.span),
                },
                args: OpenList { items: call.args.iter().map(field).collect(), open: split.open },
                subcommand,
                operands: OpenList { items: operands.map(field).collect(), open: split.open },
                unattended: decided(shell::is_unattended(call), call.span),
                subshell: call.subshell,
                temporary: call.name == "cd" && call.args.iter().any(|arg| temporary.names(&arg.text)),
                manager: manager.map_or(Field::Absent, |name| Field::new(name.to_owned(), call.span)),
                installs: installs.is_some(),
                unsorted,
                packages,
                keeps_cache: decided(shell::keeps_cache(index, &around), call.span),
                recommends: decided(shell::recommends(call, asked), call.span),
                shows_progress: self.shows_progress(call, gnu_wget.is_some_and(|first| first <= index)),
                rival: self.rival(call, trigger),
                unpacks: unpacked.map_or(Field::Absent, |(arg, _)| field(arg)),
                unpacked_copy: unpacked.map_or(Field::Absent, |(_, copy)| Field::new("COPY".to_owned(), copy)),
                uid: uid(call),
                has_lock_file: self.memory.has_lock_file,
                run_flags: run_flags(instruction),
                keyword: Spanned::new(instruction.keyword_str().to_owned(), instruction.keyword_span),
                with_install: installers.may_install(manager),
                flags: OpenList { items: split.flags, open: split.open },
                is_final: self.is_final(),
                in_image: self.in_image(),
            };
            self.push(fact, instruction.span);
        }
    }

    fn packages(
        &mut self,
        instruction: &Instruction<'_>,
        manager: &str,
        installs: &Option<shell::Installation>,
    ) -> OpenList<Package> {
        let Some(installs) = installs else { return OpenList::default() };
        let one = |package: &shell::Package| Package {
            span: package.span,
            text: match package.pinned {
                None => Field::unknown(package.text.clone(), package.span),
                Some(_) => Field::new(package.text.clone(), package.span),
            },
            manager: manager.to_owned(),
            version: match &package.version {
                Some(version) if version.contains('$') => Field::unknown(version.clone(), package.span),
                Some(version) => Field::new(version.clone(), package.span),
                None => Field::Absent,
            },
            pinned: decided(package.pinned, package.span),
        };
        let items: Vec<Package> = installs.packages.iter().map(one).collect();
        if self.wanted.subject(Package::describe().name) {
            items.iter().for_each(|package| self.push(package.clone(), instruction.span));
        }
        OpenList { items, open: installs.open }
    }

    /// The mounts that keep what is written to them out of the layer.
    fn mounts(&self, instruction: &Instruction<'_>) -> Vec<shell::Mount> {
        let mounts = instruction.flags.iter().filter(|flag| flag.name == "mount");
        let read = |value: &str| {
            let part = |names: &[&str]| {
                let pairs = value.split(',').filter_map(|part| part.split_once('='));
                pairs.into_iter().find(|(name, _)| names.contains(name)).map(|(_, value)| value.to_owned())
            };
            let kept = matches!(part(&["type"]).as_deref(), Some("cache" | "tmpfs"));
            let target = part(&["target", "dst", "destination"]).map(|target| self.scope.expand(&target, instruction));
            let target = target.map(|target| target.trim_matches(['"', '\'']).to_owned());
            kept.then_some(shell::Mount { target: target.filter(|target| !target.contains(super::expand::HOLE)) })
        };
        mounts.filter_map(|flag| read(flag.value.as_deref().unwrap_or(""))).collect()
    }

    /// Whether PIP_NO_CACHE_DIR is set to something that counts; `None` where its value is not known.
    fn pip_is_told(&self, script: &Script) -> Option<bool> {
        const NAME: &str = "PIP_NO_CACHE_DIR";
        let on = |value: &str| !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "off" | "no");
        let assigned = script.commands.iter().flat_map(|command| &command.assignments);
        if let Some(assignment) = assigned.into_iter().find(|assignment| assignment.name == NAME) {
            return assignment.value.literal().map(on);
        }
        let words = script.commands.iter().filter(|command| command.name() == Some("export"));
        let exported = words.flat_map(|command| command.args()).find_map(|word| word.value.strip_prefix(NAME));
        if let Some(value) = exported.and_then(|rest| rest.strip_prefix('=')) {
            return Some(on(value));
        }
        match self.scope.lookup(NAME) {
            super::expand::Variable::Set(value) if value.contains(super::expand::HOLE) => None,
            super::expand::Variable::Set(value) => Some(on(&value)),
            _ => Some(false),
        }
    }

    /// wget's bar, which fills the log; that of busybox is another.
    fn shows_progress(&self, call: &Call, gnu_wget: bool) -> Field<bool> {
        let image = self.scope.stage.and_then(|stage| self.graph.base(stage).known());
        let busybox = image.is_some_and(|image| image.busybox) && !gnu_wget;
        if call.name != "wget" || busybox {
            return Field::Absent;
        }
        decided(shell::shows_progress(call), call.span)
    }

    /// The other downloader, where the stage has used it before.
    fn rival(&mut self, call: &Call, trigger: bool) -> Field<String> {
        let name = match call.name.as_str() {
            "wget" => "wget",
            "curl" => "curl",
            _ => return Field::Absent,
        };
        // What ONBUILD runs ends up in another image.
        let memory = if trigger { &mut self.memory.trigger_downloader } else { &mut self.memory.downloader };
        match *memory.get_or_insert(name) {
            first if first == name => Field::Absent,
            first => Field::new(first.to_owned(), call.span),
        }
    }

    /// The archive that was copied in and that this call unpacks, and the COPY.
    fn unpacks<'c>(&self, call: &'c Call) -> Option<(&'c Arg, Span)> {
        let unpacks = match call.name.as_str() {
            "tar" => shell::is_extraction(call),
            "unzip" | "gunzip" | "bunzip2" | "unxz" | "unlzma" | "uncompress" | "unzstd" | "zcat" => true,
            "gzip" | "bzip2" | "xz" | "lzma" | "zstd" => {
                shell::operands(call).flags.iter().any(|flag| matches!(flag.value.as_str(), "-d" | "--decompress"))
            }
            _ => false,
        };
        let word = |arg: &Arg| arg.text.rsplit('=').next().unwrap_or("").to_owned();
        let mut args = call.args.iter().filter(|_| unpacks);
        args.find_map(|arg| Some((arg, self.memory.archive_named(&word(arg))?)))
    }
}

/// The first package of a list in lines that would come before the one above it.
fn unsorted(instruction: &Instruction<'_>, installs: Option<&shell::Installation>) -> Field<String> {
    let Some(installs) = installs.filter(|_| instruction.span.len() > instruction.line.len()) else {
        return Field::Absent;
    };
    // Two words of one line are nearer to each other than two of a column.
    let pair = installs.packages.windows(2).find(|pair| {
        let apart = pair[1].span.start.saturating_sub(pair[0].span.end) > 2;
        let known = pair.iter().all(|package| package.pinned.is_some());
        apart && known && sort_key(&pair[1].text) < sort_key(&pair[0].text)
    });
    pair.map_or(Field::Absent, |pair| Field::new(pair[1].text.clone(), pair[1].span))
}

/// By what packages are put in order: their names without version.
pub(super) fn sort_key(text: &str) -> String {
    text.split(['=', '~', '<', '>']).next().unwrap_or("").to_lowercase()
}

/// A judgement; unknown where there is none.
fn decided(value: Option<bool>, span: Span) -> Field<bool> {
    value.map_or_else(|| Field::unknown("", span), |value| Field::new(value, span))
}

pub(super) fn field(arg: &Arg) -> Field<String> {
    match arg.known {
        true => Field::new(arg.text.clone(), arg.span),
        false => Field::unknown(arg.text.clone(), arg.span),
    }
}

/// Which managers the calls of a RUN may install with, themselves or by scripts that nobody has read.
#[derive(Default)]
struct Installers {
    managers: HashSet<&'static str>,
    /// Calls that look as if they install something; for each manager those that are its own do not count.
    others: usize,
    own: HashMap<&'static str, usize>,
}

impl Installers {
    fn of(calls: &[Call], script: &Script) -> Self {
        let mut out = Self::default();
        for call in calls {
            let path = call.of(script).words.first().is_some_and(|word| word.value.contains('/'));
            // What a shell is given as a string or a heredoc has been read.
            let read = call.args.iter().any(|arg| arg.text.starts_with('-') && arg.text.contains('c'))
                || call.of(script).redirects.iter().any(|redirect| redirect.body.is_some());
            let by_shell = crate::syntax::shell::is_shell(&call.name) && !read;
            let by_script =
                (path && !crate::syntax::shell::is_shell(&call.name)) || by_shell || call.name.contains("install");
            let looks = by_script || call.args.iter().any(|arg| arg.text.starts_with("install-"));
            out.others += usize::from(looks);
            let Some((manager, inner)) = shell::manager(call) else { continue };
            *out.own.entry(manager).or_default() += usize::from(looks);
            let split = shell::operands(&inner);
            let verb = split.operands.first().map_or("", |arg| arg.text.as_str());
            if !matches!(verb, "update" | "clean" | "autoclean" | "") {
                out.managers.insert(manager);
            }
        }
        out
    }

    fn may_install(&self, manager: Option<&str>) -> bool {
        let Some(manager) = manager else { return self.others > 0 };
        self.managers.contains(manager) || self.others > self.own.get(manager).copied().unwrap_or(0)
    }
}

/// The number that useradd gives a user.
fn uid(call: &Call) -> Field<i64> {
    if call.name != "useradd" {
        return Field::Absent;
    }
    for (at, arg) in call.args.iter().enumerate() {
        let bundled = arg.text.starts_with('-') && !arg.text.starts_with("--") && arg.text.ends_with('u');
        let (value, known, span) = match (arg.text.as_str(), call.args.get(at + 1)) {
            (flag, Some(next)) if flag == "--uid" || bundled => (next.text.as_str(), next.known, next.span),
            (text, _) => match text.strip_prefix("--uid=").or_else(|| text.strip_prefix("-u")) {
                Some(value) => (value, arg.known, arg.span),
                None => continue,
            },
        };
        let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let number = value.parse().ok().or(digits.then_some(i64::MAX)).filter(|_| known);
        return number.map_or_else(|| Field::unknown(value, span), |number| Field::new(number, span));
    }
    Field::Absent
}

fn run_flags(instruction: &Instruction<'_>) -> Vec<Spanned<String>> {
    let text = |flag: &crate::syntax::dockerfile::Flag| {
        let value = flag.value.as_ref().map_or(String::new(), |value| format!("={value}"));
        Spanned::new(format!("{}{value}", flag.name), flag.span)
    };
    instruction.flags.iter().map(text).collect()
}
