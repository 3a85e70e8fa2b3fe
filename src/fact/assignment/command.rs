//! Passwords in the arguments of programs whose flags do not say so: `mysql -psecret`, `curl -u user:secret`.

use super::regions::{Regions, Style};
use super::value::line_end;
use super::{Form, Found};
use crate::fact::secret::KeyKind;
use std::ops::Range;

/// A program, what must stand beside it, and the flag whose argument is the password.
struct Tool {
    name: &'static str,
    with: &'static str,
    flag: &'static str,
    /// `-psecret` in one word.
    attached: bool,
    /// The argument is `user:password`.
    pair: bool,
}

const fn tool(name: &'static str, with: &'static str, flag: &'static str, attached: bool, pair: bool) -> Tool {
    Tool { name, with, flag, attached, pair }
}

const TOOLS: &[Tool] = &[
    tool("mysqldump", "", "-p", true, false),
    tool("mysqladmin", "", "-p", true, false),
    tool("mysql", "", "-p", true, false),
    tool("mariadb", "", "-p", true, false),
    tool("sshpass", "", "-p", true, false),
    tool("docker", "login", "-p", false, false),
    tool("podman", "login", "-p", false, false),
    tool("helm", "login", "-p", false, false),
    tool("buildah", "login", "-p", false, false),
    tool("az", "login", "-p", false, false),
    tool("mongosh", "", "-p", false, false),
    tool("mongo", "", "-p", false, false),
    tool("cqlsh", "", "-p", false, false),
    tool("zip", "", "-P", false, false),
    tool("unzip", "", "-P", false, false),
    tool("7z", "", "-p", true, false),
    tool("ssh-keygen", "", "-N", false, false),
    tool("mongodump", "", "-p", false, false),
    tool("mongorestore", "", "-p", false, false),
    tool("redis-cli", "", "-a", false, false),
    tool("ldapsearch", "", "-w", false, false),
    tool("ldapadd", "", "-w", false, false),
    tool("ldapmodify", "", "-w", false, false),
    tool("sqlcmd", "", "-P", false, false),
    tool("curl", "", "-u", true, true),
    tool("curl", "", "--user", false, true),
    tool("wget", "", "--user", false, true),
    tool("htpasswd", "", "-b", false, false),
    tool("chpasswd", "", "", false, true),
    tool("openssl", "", "pass:", true, false),
    tool("net", "user", "", false, false),
    tool("rabbitmqctl", "add_user", "", false, false),
    tool("rabbitmqctl", "change_password", "", false, false),
    tool("mc", "alias", "", false, false),
    tool("smbclient", "", "-U", false, true),
];

/// The names of the programs, each once.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Reads the commands of a text, one after the other.
pub(super) struct Commands<'t> {
    text: &'t str,
    regions: &'t Regions,
    /// How far the text was read.
    done: usize,
}

impl<'t> Commands<'t> {
    pub(super) fn new(text: &'t str, regions: &'t Regions) -> Self {
        Self { text, regions, done: 0 }
    }

    /// Reads on from what may be the name of a program.
    pub(super) fn read(&mut self, name: Range<usize>, out: &mut Vec<Found>) {
        let Self { text, regions, .. } = *self;
        let bytes = text.as_bytes();
        let inside = name.start > 0
            && (bytes[name.start - 1].is_ascii_alphanumeric() || b"_.-".contains(&bytes[name.start - 1]));
        let goes_on = bytes.get(name.end).is_some_and(|b| b.is_ascii_alphanumeric() || b"_.-:".contains(b));
        if inside || goes_on || name.start < self.done {
            return;
        }
        let mut tools = TOOLS.iter().filter(|tool| text.get(name.clone()) == Some(tool.name)).peekable();
        if tools.peek().is_none() || regions.at(name.start) == Style::Source && !regions.is_document() {
            return;
        }
        let end = command_end(text, name.end);
        let end = in_string(text, name.start).and_then(|_| closing(text, name.end, end)).unwrap_or(end);
        for tool in tools {
            self.done = self.done.max(run(text, tool, name.start, end, out));
        }
    }
}

/// The end of the command: of the line, of lines that a backslash continues, or a `|` or `;`.
fn command_end(text: &str, start: usize) -> usize {
    let mut end = line_end(text, start);
    for _ in 0..20 {
        if !text[..end].trim_end_matches('\r').ends_with('\\') || end >= text.len() {
            break;
        }
        end = line_end(text, end + 1);
    }
    text[start..end].find([';', '|']).map_or(end, |i| start + i)
}

/// How far before a program's name the string may begin that holds its command.
const STRING: usize = 300;

/// Behind the double quote that is open here, on the same line.
fn in_string(text: &str, at: usize) -> Option<usize> {
    let from = at.saturating_sub(STRING);
    let head = &text.as_bytes()[from..at];
    let line = memchr::memrchr(b'\n', head).map_or(0, |i| i + 1);
    let quotes = || memchr::memchr_iter(b'"', &head[line..]);
    (quotes().count() % 2 == 1).then(|| quotes().next_back().map(|i| from + line + i + 1)).flatten()
}

/// Where the string ends in which the command stands; not where the name alone is one.
fn closing(text: &str, start: usize, end: usize) -> Option<usize> {
    text.get(start..end)?.find('"').filter(|at| *at > 0).map(|at| start + at)
}

/// Looks for the tool's password; how far it has read.
fn run(text: &str, tool: &Tool, start: usize, end: usize, out: &mut Vec<Found>) -> usize {
    if tool.name == "chpasswd" {
        chpasswd(text, start, end, out);
        return end;
    }
    // An item of a list of arguments: the quote behind it is its own.
    let quote = text.as_bytes().get(start.wrapping_sub(1)).copied().filter(|b| matches!(b, b'"' | b'\''));
    let behind = start + tool.name.len();
    let listed = quote.is_some() && text.as_bytes().get(behind).copied() == quote;
    let words = words(text, if listed { behind + 1 } else { start }, end);
    if tool.flag.is_empty() {
        positional(text, tool, &words, out);
        return start;
    }
    if tool.name == "htpasswd" {
        htpasswd(text, &words, out);
        return end;
    }
    if !tool.with.is_empty() && !words.iter().any(|w| &text[w.clone()] == tool.with) {
        return start;
    }
    for (index, word) in words.iter().enumerate().skip(1) {
        let word = if listed || tool.name == "openssl" { &unquoted(text, word.clone()) } else { word };
        let written = &text[word.clone()];
        let argument = if written == tool.flag {
            words.get(index + 1).cloned().filter(|_| !tool.attached || tool.pair || tool.name == "sshpass")
        } else if written.starts_with(tool.flag) && written.as_bytes().get(tool.flag.len()) == Some(&b'=') {
            Some(word.start + tool.flag.len() + 1..word.end)
        } else if tool.attached && written.starts_with(tool.flag) && !written.starts_with("--") {
            Some(word.start + tool.flag.len()..word.end)
        } else {
            None
        };
        if let Some(range) = argument {
            push(text, tool, unquoted(text, range), out);
        }
    }
    end
}

fn push(text: &str, tool: &Tool, range: Range<usize>, out: &mut Vec<Found>) {
    let written = &text[range.clone()];
    if written.starts_with('-') {
        return;
    }
    let key = format!("{} {}", tool.name.trim(), tool.flag);
    if !tool.pair {
        // `-port`, `-protocol` are other flags of the same beginning.
        if tool.attached
            && tool.name.starts_with('m')
            && ["ort", "rotocol", "ipe", "lugin", "assword", "rint"].iter().any(|f| written.starts_with(f))
        {
            return;
        }
        out.push(Found::new(key, range, Form::Command, KeyKind::Password));
        return;
    }
    let mark = if tool.name == "smbclient" { '%' } else { ':' };
    let Some((user, password)) = written.split_once(mark) else { return };
    if password.is_empty() || is_nobody(user, password) {
        return;
    }
    let mut found = Found::new(key, range.end - password.len()..range.end, Form::Command, KeyKind::Password);
    found.user = Some(user.to_owned());
    out.push(found);
}

fn is_nobody(user: &str, password: &str) -> bool {
    let user = user.to_lowercase();
    let password = password.to_lowercase();
    matches!(user.as_str(), "user" | "username" | "name" | "login")
        && matches!(password.as_str(), "pass" | "password" | "passwd" | "pw" | "secret" | "token")
}

/// `net user name secret`, `rabbitmqctl add_user name secret`, `mc alias set name url key secret`: the last
/// of so many words.
fn positional(text: &str, tool: &Tool, words: &[Range<usize>], out: &mut Vec<Found>) {
    let word = |n: usize| words.get(n).map(|w| &text[w.clone()]);
    let at = if tool.name == "mc" { 6 } else { 3 };
    let password = words.get(at).filter(|_| word(1) == Some(tool.with));
    if let (Some(user), Some(range)) = (word(at - 1), password)
        && !text[range.clone()].starts_with(['/', '*', '-'])
    {
        let key = format!("{} {}", tool.name, tool.with);
        let mut found = Found::new(key, unquoted(text, range.clone()), Form::Command, KeyKind::Password);
        found.user = Some(user.to_owned());
        out.push(found);
    }
}

/// `htpasswd -bc file user secret`: `-b` takes the password from the last argument.
fn htpasswd(text: &str, words: &[Range<usize>], out: &mut Vec<Found>) {
    let flags = |w: &&Range<usize>| text[(*w).clone()].starts_with('-') && text[(*w).clone()].contains('b');
    let arguments: Vec<&Range<usize>> =
        words.iter().skip(1).filter(|w| !text[(*w).clone()].starts_with(['-', '>'])).collect();
    if words.iter().any(|w| flags(&w))
        && arguments.len() >= 2
        && let Some(last) = arguments.get(2).or(arguments.get(1))
    {
        out.push(Found::new("htpasswd -b", unquoted(text, (*last).clone()), Form::Command, KeyKind::Password));
    }
}

/// `echo 'root:secret' | chpasswd`.
fn chpasswd(text: &str, start: usize, end: usize, out: &mut Vec<Found>) {
    let mut from = start.saturating_sub(300);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let line = text[from..start].rfind(['\n', ';']).map_or(from, |i| from + i + 1);
    let line = in_string(text, start).map_or(line, |string| string.max(line));
    let head = text[line..start].trim_end().trim_end_matches("sudo").trim_end();
    let (at, stop) = match head.strip_suffix('|') {
        Some(head) => (line, line + head.len()),
        None => (start + "chpasswd".len(), end),
    };
    for word in words(text, at, stop) {
        let range = unquoted(text, word);
        let written = text[range.clone()].trim_end_matches("\\n");
        if let Some((user, password)) = written.split_once(':')
            && !user.is_empty()
            && !password.is_empty()
            && user.chars().all(|c| c.is_alphanumeric() || "_-${}".contains(c))
        {
            let from = range.start + user.len() + 1;
            let mut found = Found::new("chpasswd", from..from + password.len(), Form::Command, KeyKind::Password);
            found.user = Some(user.to_owned());
            out.push(found);
        }
    }
}

/// Words of a command line: blanks separate, quotes hold together.
fn words(text: &str, start: usize, end: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut from, mut quote) = (start, None, None);
    while at < end {
        let b = bytes[at];
        match (quote, b) {
            (Some(open), b) if b == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => {
                quote = Some(b);
                from.get_or_insert(at);
            }
            (None, b' ' | b'\t' | b'\n' | b'\r' | b'`' | b')') => {
                if let Some(from) = from.take() {
                    found.push(from..at);
                }
            }
            _ => {
                from.get_or_insert(at);
            }
        }
        at += 1;
    }
    if let Some(from) = from {
        found.push(from..end);
    }
    found
}

fn unquoted(text: &str, range: Range<usize>) -> Range<usize> {
    let written = &text[range.clone()];
    let bare = written.trim_matches(['"', '\'', ',', ']']);
    let start = range.start + written.find(bare).unwrap_or(0);
    start..start + bare.len()
}
