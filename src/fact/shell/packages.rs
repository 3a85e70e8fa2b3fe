//! Packages that a command installs, by the rules of each package manager.

use super::options::operands;
use super::{Arg, Call};
use crate::text::Span;
use std::borrow::Cow;

/// What one command installs.
#[derive(Clone, Debug, Default)]
pub struct Installation {
    /// The packages named, in order.
    pub packages: Vec<Package>,
    /// Whether a variable may name further ones.
    pub open: bool,
}

/// One package as it is named.
#[derive(Clone, Debug)]
pub struct Package {
    /// As written.
    pub text: String,
    /// The version or whatever else pins it.
    pub version: Option<String>,
    /// Whether it is bound to a version, a file or an address; `None` where a variable decides.
    pub pinned: Option<bool>,
    /// Its place.
    pub span: Span,
}

/// The package manager that a call runs, and the call as that program sees it.
pub fn manager(call: &Call) -> Option<(&'static str, Cow<'_, Call>)> {
    let name = call.name.as_str();
    if name.starts_with("python") {
        let module = call.args.iter().position(|arg| arg.text == "-m")?;
        let is_pip = call.args.get(module + 1)?.text == "pip";
        let inner = Call { name: "pip".to_owned(), args: call.args[module + 2..].to_vec(), ..call.clone() };
        return is_pip.then_some(("pip", Cow::Owned(inner)));
    }
    let manager = match name {
        "apt-get" | "apt" | "aptitude" => "apt",
        "apk" => "apk",
        "yum" => "yum",
        "dnf" | "dnf5" | "microdnf" | "tdnf" => "dnf",
        "zypper" => "zypper",
        "npm" => "npm",
        "yarn" => "yarn",
        "gem" => "gem",
        "go" => "go",
        _ if is_pip(name) => "pip",
        _ => return None,
    };
    Some((manager, Cow::Borrowed(call)))
}

/// `pip`, `pip3`, `pip3.11`.
pub(super) fn is_pip(name: &str) -> bool {
    name.strip_prefix("pip").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// What a call of a package manager installs, where it installs anything at all.
pub fn installation(manager: &str, call: &Call) -> Option<Installation> {
    let split = operands(call);
    let mut words = split.operands.iter().copied();
    let verb = words.next().map(|arg| arg.text.as_str())?;
    let group = matches!((manager, verb), ("yum" | "dnf", "group" | "groups" | "groupinstall"));
    let verb = match (manager, verb) {
        ("yum" | "dnf", "module" | "group" | "groups") => words.next().map(|arg| arg.text.as_str())?,
        (_, verb) => verb,
    };
    if !verbs(manager).contains(&verb) {
        return None;
    }
    // A group has no version, and what is installed again has the one it had.
    if group || verb == "reinstall" {
        return Some(Installation { packages: Vec::new(), open: split.open });
    }
    // `go run` hands everything behind the package to it.
    let most = if manager == "go" && verb == "run" { 1 } else { usize::MAX };
    let bound = binds_all(manager, call);
    let named = words.filter(|arg| !is_nothing(manager, &arg.text)).take(most);
    let packages = named.map(|arg| package(manager, arg, bound)).collect();
    Some(Installation { packages, open: split.open })
}

fn verbs(manager: &str) -> &'static [&'static str] {
    match manager {
        "apt" | "pip" => &["install"],
        "yum" | "dnf" => &["install", "localinstall", "groupinstall", "reinstall"],
        "apk" => &["add"],
        "zypper" => &["install", "in"],
        "npm" => &["install", "i", "add"],
        "gem" => &["install", "i"],
        "go" => &["install", "get", "run"],
        "yarn" => &["install"],
        _ => &[],
    }
}

/// A version for all packages, or a file that holds the versions.
fn binds_all(manager: &str, call: &Call) -> bool {
    let flags: &[&str] = match manager {
        "pip" => &["-r", "--requirement", "-c", "--constraint"],
        "gem" => &["-v", "--version"],
        _ => return false,
    };
    operands(call).flags.iter().any(|flag| flags.contains(&flag.value.as_str()))
}

/// What stands among the packages and names none: a removal, a virtual package, an option of the build.
fn is_nothing(manager: &str, text: &str) -> bool {
    match manager {
        "apt" => text.starts_with('!') || text.ends_with('-'),
        "apk" => text.starts_with(['!', '.']),
        // Behind `--` a gem's own build is told things.
        _ => text.is_empty() || text.starts_with('-'),
    }
}

fn package(manager: &str, arg: &Arg, bound: bool) -> Package {
    let text = arg.text.as_str();
    let sign = bound || is_pinned(manager, text);
    let pinned = match (sign, arg.known) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    Package { text: text.to_owned(), version: version(manager, text), pinned, span: arg.span }
}

fn is_pinned(manager: &str, text: &str) -> bool {
    let address = text.contains("://");
    let file = |ends: &[&str]| ends.iter().any(|end| text.ends_with(end));
    match manager {
        "apt" => text.contains(['=', '/', '~', '?']) || file(&[".deb"]),
        "apk" => text.contains(['=', '~', '<', '>', '@']) || file(&[".apk"]),
        "yum" | "dnf" => {
            address
                || text.starts_with(['@', '/', '.'])
                || text.contains(['=', ':', '/'])
                || file(&[".rpm"])
                || has_dashed_version(text)
        }
        "zypper" => address || text.contains(['=', '<', '>', '/']) || file(&[".rpm"]),
        "pip" => pip_pinned(text, address),
        "npm" => npm_pinned(text),
        "gem" => text.contains(':') || file(&[".gem"]),
        "go" => go_pinned(text),
        _ => true,
    }
}

/// `name-1.2` or `name-1.2-3.el9`: behind the last dash a digit or a variable stands. The digits of `java-17-openjdk` are
/// part of the name.
fn has_dashed_version(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(_, last)| last.starts_with(|c: char| c.is_ascii_digit() || "$*".contains(c)))
}

fn pip_pinned(text: &str, address: bool) -> bool {
    let scheme = text.split("://").next().unwrap_or("");
    if address && scheme.contains('+') {
        // A user may stand before the host; what counts is the revision behind the path.
        let rest = text.split_once("://").map_or("", |(_, rest)| rest);
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        return path.contains('@');
    }
    let local = text.starts_with(['.', '/', '~']) || text.contains('/');
    let file = [".whl", ".tar.gz", ".zip", ".tar.bz2"].iter().any(|end| text.ends_with(end));
    address || local || file || text.contains(" @ ") || text.contains(['=', '<', '>']) || text.contains("~=")
}

fn npm_pinned(text: &str) -> bool {
    let git = ["git://", "git+ssh://", "git+http://", "git+https://", "github:", "gitlab:", "bitbucket:"];
    if git.iter().any(|prefix| text.starts_with(prefix)) {
        return text.contains('#');
    }
    let folder = text.starts_with(['.', '/', '~']) || text.contains("://") || text.starts_with("file:");
    let tarball = [".tgz", ".tar.gz", ".tar"].iter().any(|end| text.ends_with(end));
    let name = text.strip_prefix('@').unwrap_or(text);
    folder || tarball || name.contains('@') || (text.contains('#') && text.contains('/'))
}

fn go_pinned(text: &str) -> bool {
    let local = text.starts_with(['.', '/']) || text.ends_with(".go") || matches!(text, "all" | "std" | "cmd" | "tool");
    local || text.rsplit_once('@').is_some_and(|(_, version)| !matches!(version, "latest" | "none" | ""))
}

fn version(manager: &str, text: &str) -> Option<String> {
    let (marks, last): (&[char], bool) = match manager {
        "apt" | "apk" | "zypper" | "pip" => (&['=', '<', '>', '~'], false),
        "npm" | "go" => (&['@'], true),
        "gem" => (&[':'], false),
        _ => return None,
    };
    let at = if last { text.rfind(marks) } else { text.find(marks) }?;
    let version = text[at..].trim_start_matches(['=', '<', '>', '~', '!', '@', ':']);
    (at > 0 && !version.is_empty()).then(|| version.to_owned())
}
