//! What package managers leave behind: lists and caches, unless something takes them away or keeps them out.

use super::Call;
use super::options::operands;
use super::packages::{installation, manager};
use std::collections::HashMap;

/// A `--mount` that keeps what is written below its target out of the layer.
#[derive(Clone, Debug)]
pub struct Mount {
    /// Where it stands in the file system; `None` where a variable decides.
    pub target: Option<String>,
}

/// What else decides whether a cache stays.
pub struct Around<'a> {
    /// All calls of the RUN.
    pub calls: &'a [Call],
    /// Its cache and tmpfs mounts.
    pub mounts: &'a [Mount],
    /// Whether the environment tells pip to keep none.
    pub pip_is_told: Option<bool>,
    /// Where each program's cache is taken away for the last time.
    pub cleanups: Cleanups,
}

/// For each program the number of the last call that takes its cache away.
#[derive(Debug, Default)]
pub struct Cleanups(HashMap<&'static str, usize>);

impl Cleanups {
    /// Looks through all calls of a RUN once.
    pub fn of(calls: &[Call]) -> Self {
        let mut last = HashMap::new();
        for (index, call) in calls.iter().enumerate() {
            for (program, name) in PROGRAMS {
                if cleans(name, program, call) || removes(call, places(name)) {
                    last.insert(program, index);
                }
            }
        }
        Self(last)
    }

    fn after(&self, index: usize, name: &'static str, call: &Call) -> bool {
        let program = if call.name == "microdnf" { "microdnf" } else { name };
        self.0.get(program).is_some_and(|&last| last > index)
    }
}

/// Programs whose caches are told apart, each with its manager.
const PROGRAMS: [(&str, &str); 8] = [
    ("apt", "apt"),
    ("apk", "apk"),
    ("yum", "yum"),
    ("dnf", "dnf"),
    ("microdnf", "dnf"),
    ("zypper", "zypper"),
    ("pip", "pip"),
    ("yarn", "yarn"),
];

/// Whether a call leaves lists or a cache in the layer: `None` where that is not known, false where it makes none.
pub fn keeps_cache(index: usize, around: &Around<'_>) -> Option<bool> {
    let Some((name, call)) = around.calls.get(index).and_then(manager) else { return Some(false) };
    if !makes_cache(name, &call) {
        return Some(false);
    }
    let places = places(name);
    if around.cleanups.after(index, name, &call) {
        return Some(false);
    }
    let flagged = switched_off(name, &call, around)?;
    if flagged || around.mounts.iter().any(|mount| keeps_out(mount, places)) {
        return Some(false);
    }
    // A mount whose target is a variable may be the one.
    if around.mounts.iter().any(|mount| mount.target.is_none()) {
        return None;
    }
    if operands(&call).open && matches!(name, "apk" | "pip") { None } else { Some(true) }
}

fn makes_cache(name: &str, call: &Call) -> bool {
    match name {
        "apt" => operands(call).operands.first().is_some_and(|verb| verb.text == "update"),
        "yarn" => {
            let berry = call.has("--immutable") || call.has("--immutable-cache");
            installation(name, call).is_some() && !berry
        }
        "apk" | "yum" | "dnf" | "zypper" | "pip" => installation(name, call).is_some(),
        _ => false,
    }
}

/// Where a manager keeps them; `~` stands for any home.
fn places(name: &str) -> &'static [&'static str] {
    match name {
        "apt" => &["/var/lib/apt/lists"],
        "apk" => &["/var/cache/apk", "/etc/apk/cache"],
        "yum" | "dnf" => &["/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5"],
        "zypper" => &["/var/cache/zypp"],
        "pip" => &["~/.cache/pip"],
        "yarn" => &["~/.cache/yarn", "/usr/local/share/.cache/yarn", "~/.yarn", "~/.yarn/berry/cache"],
        _ => &[],
    }
}

/// Whether a later call is the manager's own command for it.
fn cleans(name: &str, program: &str, later: &Call) -> bool {
    let split = operands(later);
    let verb = |n: usize| split.operands.get(n).map_or("", |arg| arg.text.as_str());
    let same = match manager(later) {
        Some((other, _)) if other == name => name != "dnf" || (later.name == "microdnf") == (program == "microdnf"),
        // On newer systems yum is a link to dnf.
        Some(("yum", _)) => name == "dnf" && program != "microdnf",
        Some(("dnf", _)) => name == "yum" && later.name == "dnf",
        _ => false,
    };
    same && match name {
        "apt" => matches!(verb(0), "dist-clean" | "distclean"),
        "yum" | "dnf" => verb(0) == "clean" && split.operands.iter().any(|arg| arg.text == "all" || !arg.known),
        "zypper" => matches!(verb(0), "clean" | "cc"),
        "yarn" => (verb(0), verb(1)) == ("cache", "clean"),
        "pip" => (verb(0), verb(1)) == ("cache", "purge"),
        "apk" => (verb(0), verb(1)) == ("cache", "clean"),
        _ => false,
    }
}

/// `rm -rf` or `find … -delete` of one of these places.
fn removes(call: &Call, places: &[&str]) -> bool {
    let deletes = call.name == "rm" || (call.name == "find" && (call.has("-delete") || call.has("rm")));
    deletes && call.args.iter().flat_map(|arg| braces(&arg.text)).any(|path| places.iter().any(|p| reaches(&path, p)))
}

/// `a{b,c}d` as what it stands for; one pair of braces is enough for paths.
fn braces(text: &str) -> Vec<String> {
    let parts = text.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    match parts {
        Some((before, (inner, after))) => inner.split(',').map(|part| format!("{before}{part}{after}")).collect(),
        None => vec![text.to_owned()],
    }
}

/// Whether removing `path` takes `place` or what is in it away.
fn reaches(path: &str, place: &str) -> bool {
    let inside = path.contains('*') && covers(place, path.trim_end_matches(|c| c != '/').trim_end_matches('/'));
    let whole = path.trim_end_matches(['/', '*', '.', '?']);
    inside || covers(whole, place)
}

/// Whether a place is a folder or lies below it.
fn covers(folder: &str, place: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    if let Some(home) = place.strip_prefix('~') {
        // Any folder may be a home: `/root/.cache`, `~/.cache/pip`, `$HOME/.cache`.
        let mut tails = home.match_indices('/').skip(1).map(|(at, _)| &home[..at]).chain([home]);
        return tails.any(|tail| folder.ends_with(tail));
    }
    !folder.is_empty() && place.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn keeps_out(mount: &Mount, places: &[&str]) -> bool {
    mount.target.as_deref().is_some_and(|target| places.iter().any(|place| covers(target, place)))
}

/// A flag or a variable against it.
fn switched_off(name: &str, call: &Call, around: &Around<'_>) -> Option<bool> {
    match name {
        "apk" => Some(call.has("--no-cache")),
        "pip" if call.args.iter().any(|arg| arg.text.starts_with("--no-cache")) => Some(true),
        "pip" => around.pip_is_told,
        _ => Some(false),
    }
}
