//! Flags and operands, by the habits of the program.

use super::packages::is_pip;
use super::{Arg, Call};
use crate::text::Spanned;

/// Programs whose short flags may be bundled, and their flags that take the next word as a value.
const PROGRAMS: &[(&[&str], &[&str])] = &[
    (
        &["apt-get", "apt", "aptitude"],
        &[
            "-o",
            "-c",
            "-t",
            "-a",
            "--option",
            "--config-file",
            "--target-release",
            "--default-release",
            "--host-architecture",
        ],
    ),
    (
        &["yum", "dnf", "microdnf", "tdnf"],
        &[
            "-c",
            "-x",
            "-d",
            "-e",
            "--enablerepo",
            "--disablerepo",
            "--setopt",
            "--installroot",
            "--exclude",
            "--releasever",
            "--repo",
            "--repoid",
            "--forcearch",
            "--comment",
            "--advisory",
        ],
    ),
    (
        &["zypper"],
        &["-R", "-C", "-D", "--root", "--reposd-dir", "--cache-dir", "--repo", "-r", "--from", "-t", "--type"],
    ),
    (
        &["gem"],
        &[
            "-v",
            "--version",
            "-s",
            "--source",
            "-i",
            "--install-dir",
            "-n",
            "--bindir",
            "-P",
            "--platform",
            "-p",
            "--http-proxy",
            "--trust-policy",
            "--without",
            "-g",
            "--file",
        ],
    ),
    (
        &["go"],
        &[
            "-ldflags",
            "-tags",
            "-gcflags",
            "-asmflags",
            "-o",
            "-mod",
            "-modfile",
            "-p",
            "-overlay",
            "-pkgdir",
            "-toolexec",
            "-C",
            "-exec",
            "-buildmode",
            "-compiler",
        ],
    ),
    (
        &["apk"],
        &[
            "-t",
            "-X",
            "-p",
            "--virtual",
            "--repository",
            "--root",
            "--arch",
            "--keys-dir",
            "--repositories-file",
            "--cache-dir",
            "--cache-max-age",
            "--wait",
            "--timeout",
            "--progress-fd",
        ],
    ),
    (
        &["pip", "pip3", "pip2"],
        &[
            "-r",
            "-c",
            "-e",
            "-t",
            "-i",
            "-f",
            "--requirement",
            "--constraint",
            "--editable",
            "--target",
            "--index-url",
            "--extra-index-url",
            "--trusted-host",
            "--prefix",
            "--find-links",
            "--no-binary",
            "--only-binary",
            "--platform",
            "--python-version",
            "--timeout",
            "--proxy",
            "--cache-dir",
            "--root-user-action",
            "--root",
            "--global-option",
            "--install-option",
            "--config-settings",
            "--upgrade-strategy",
            "--implementation",
            "--abi",
            "--python",
            "--log",
            "--src",
            "--cert",
            "--client-cert",
            "--use-feature",
            "--retries",
            "--progress-bar",
            "--report",
            "--keyring-provider",
            "--build-option",
            "-d",
            "--dest",
        ],
    ),
    (
        &["curl"],
        &[
            "-o",
            "-H",
            "-d",
            "-u",
            "-A",
            "-e",
            "-X",
            "-m",
            "-x",
            "-b",
            "-c",
            "-T",
            "-F",
            "-w",
            "-C",
            "-K",
            "-r",
            "-y",
            "-Y",
            "-E",
            "-Q",
            "-D",
            "--output",
            "--header",
            "--data",
            "--data-raw",
            "--user",
            "--user-agent",
            "--request",
            "--retry",
            "--retry-delay",
            "--retry-max-time",
            "--connect-timeout",
            "--max-time",
            "--proxy",
            "--cacert",
            "--cert",
            "--key",
            "--proto",
            "--proto-redir",
            "--write-out",
            "--output-dir",
            "--referer",
            "--resolve",
            "--ciphers",
            "--form",
            "--cookie",
        ],
    ),
    (
        &["wget"],
        &[
            "-O",
            "-o",
            "-a",
            "-P",
            "-t",
            "-T",
            "-U",
            "-e",
            "-w",
            "-A",
            "-R",
            "-D",
            "-B",
            "-i",
            "--output-document",
            "--output-file",
            "--directory-prefix",
            "--tries",
            "--timeout",
            "--user-agent",
            "--header",
            "--user",
            "--password",
            "--waitretry",
            "--execute",
            "--progress",
        ],
    ),
    (&["git"], &["-C", "-c", "--git-dir", "--work-tree"]),
    (
        &["npm", "yarn", "pnpm"],
        &[
            "--prefix",
            "--registry",
            "--cwd",
            "--dir",
            "-C",
            "--loglevel",
            "--tag",
            "--cache",
            "--workspace",
            "-w",
            "--omit",
            "--include",
            "--userconfig",
            "--install-strategy",
            "--before",
            "--fetch-retries",
            "--cpu",
            "--os",
            "--network-timeout",
        ],
    ),
    (&["chmod", "rm", "cp", "mkdir", "ln"], &["-m", "-t"]),
    (&["tar"], &["-C", "-f", "--directory", "--file"]),
    (
        &["useradd", "adduser", "usermod"],
        &["-u", "-g", "-G", "-d", "-s", "-c", "-k", "-p", "-h", "-S", "--uid", "--gid", "--home", "--shell"],
    ),
];

/// Flags of a call, bundles taken apart, values left out; then the operands.
pub struct Split<'a> {
    /// In order.
    pub flags: Vec<Spanned<String>>,
    /// What is neither flag nor a flag's value.
    pub operands: Vec<&'a Arg>,
    /// Whether a variable may hold further flags.
    pub open: bool,
}

/// Tells flags from operands.
pub fn operands(call: &Call) -> Split<'_> {
    let name = if is_pip(&call.name) { "pip" } else { call.name.as_str() };
    let program = PROGRAMS.iter().find(|(names, _)| names.contains(&name));
    // Go's flags are words behind one dash.
    let bundles = program.is_some() && name != "go";
    let with_value = program.map_or(&[][..], |(_, flags)| flags);
    let mut split = Split { flags: Vec::new(), operands: Vec::new(), open: false };
    let mut args = call.args.iter();
    let mut only_operands = false;
    while let Some(arg) = args.next() {
        split.open |= !arg.known && arg.loose;
        let is_flag = arg.text.len() > 1 && arg.text.starts_with('-') && !only_operands;
        if !is_flag {
            split.operands.push(arg);
            continue;
        }
        if arg.text == "--" {
            only_operands = true;
            continue;
        }
        let long = arg.text.starts_with("--");
        let name = arg.text.split_once('=').map_or(arg.text.as_str(), |(name, _)| name);
        let takes = if long || !bundles {
            split.flags.push(Spanned::new(name.to_owned(), arg.span));
            with_value.contains(&arg.text.as_str())
        } else {
            bundle(&arg.text, with_value, arg, &mut split.flags)
        };
        if takes {
            args.next();
        }
    }
    split
}

/// `-qqy` is three flags; a letter with a value ends the bundle. Tells whether the value is the next word.
fn bundle(text: &str, with_value: &[&str], arg: &Arg, flags: &mut Vec<Spanned<String>>) -> bool {
    let mut letters = text.chars().skip(1).peekable();
    while let Some(letter) = letters.next() {
        let flag = format!("-{letter}");
        let takes = with_value.contains(&flag.as_str());
        flags.push(Spanned::new(flag, arg.span));
        if takes {
            return letters.peek().is_none();
        }
        if !letter.is_ascii_alphanumeric() {
            return false;
        }
    }
    false
}

/// Whether a package manager is told not to ask; `None` where a variable may tell it.
pub fn is_unattended(call: &Call) -> Option<bool> {
    let yes: &[&str] = match call.name.as_str() {
        "apt-get" | "apt" | "aptitude" => &["-y", "--yes", "--assume-yes"],
        "yum" | "dnf" | "microdnf" | "tdnf" => &["-y", "--assumeyes"],
        "zypper" => &["-n", "--non-interactive", "-y", "--no-confirm"],
        _ => return Some(true),
    };
    let split = operands(call);
    let told = split.flags.iter().any(|flag| yes.contains(&flag.value.as_str()));
    let apt = call.name.starts_with("apt");
    let quiet = split.flags.iter().filter(|flag| matches!(flag.value.as_str(), "-q" | "--quiet")).count();
    let option = call.args.iter().any(|arg| {
        let text = arg.text.to_lowercase();
        text.contains("assume-yes=") || text.contains("assumeyes=") || text == "-q=2"
    });
    if told || option || (apt && quiet >= 2) {
        return Some(true);
    }
    if split.open { None } else { Some(false) }
}

/// Whether apt installs packages that are only recommended, by its arguments, else by its configuration; `None` where a
/// variable or a file may tell it.
pub fn recommends(call: &Call, configured: Option<bool>) -> Option<bool> {
    let split = operands(call);
    let told = split.flags.iter().any(|flag| flag.value == "--no-install-recommends");
    let option = call.args.iter().any(|arg| {
        let text = arg.text.to_lowercase();
        let value = text.split_once("install-recommends=").map(|(_, value)| value.trim_matches(['"', '\'']).to_owned());
        value.is_some_and(|value| matches!(value.as_str(), "0" | "false" | "no"))
    });
    if told || option {
        return Some(false);
    }
    if split.open { None } else { configured }
}

/// Whether wget shows its bar; `None` where a variable may tell it.
pub fn shows_progress(call: &Call) -> Option<bool> {
    const QUIET: [&str; 9] =
        ["-q", "--quiet", "--no-verbose", "--progress", "-o", "--output-file", "-a", "--append-output", "--help"];
    let split = operands(call);
    let told = split.flags.iter().any(|flag| QUIET.contains(&flag.value.as_str()) || flag.value == "--version");
    // `-nv` is one flag, also within others.
    let terse = call.args.iter().any(|arg| arg.text.starts_with('-') && arg.text.contains("nv"));
    if told || terse {
        return Some(false);
    }
    if split.open { None } else { Some(true) }
}

/// Whether apk installs GNU wget beside that of busybox.
pub fn adds_wget(call: &Call) -> bool {
    call.name == "apk" && call.args.iter().any(|arg| arg.text.starts_with("wget"))
}

/// Whether tar takes an archive apart: `x` in its first word, with or without a dash, or `--extract`.
pub fn is_extraction(call: &Call) -> bool {
    let long = call.has("--extract") || call.has("--get");
    let letters = |text: &str| !text.starts_with("--") && text.trim_start_matches('-').contains('x');
    let first = call.args.first().is_some_and(|arg| letters(&arg.text));
    long || first || call.args.iter().any(|arg| arg.text.starts_with('-') && letters(&arg.text))
}
