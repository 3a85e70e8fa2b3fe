//! The names of the instructions.

/// An instruction's name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
    /// No instruction at all.
    Unknown,
}

use Keyword::*;

impl Keyword {
    /// All that exist.
    pub const ALL: [(&'static str, Keyword); 18] = [
        ("ADD", Add),
        ("ARG", Arg),
        ("CMD", Cmd),
        ("COPY", Copy),
        ("ENTRYPOINT", Entrypoint),
        ("ENV", Env),
        ("EXPOSE", Expose),
        ("FROM", From),
        ("HEALTHCHECK", Healthcheck),
        ("LABEL", Label),
        ("MAINTAINER", Maintainer),
        ("ONBUILD", Onbuild),
        ("RUN", Run),
        ("SHELL", Shell),
        ("STOPSIGNAL", Stopsignal),
        ("USER", User),
        ("VOLUME", Volume),
        ("WORKDIR", Workdir),
    ];

    /// Reads a keyword in any case.
    pub fn of(word: &str) -> Keyword {
        Self::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map_or(Unknown, |&(_, keyword)| keyword)
    }

    /// In upper case; empty for an unknown one.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|&&(_, keyword)| keyword == self).map_or("", |&(name, _)| name)
    }

    /// The flags that may stand before its argument.
    pub fn flags(self) -> &'static [&'static str] {
        match self {
            From => &["platform"],
            Run => &["mount", "network", "security", "device"],
            Copy => &["from", "chown", "chmod", "link", "parents", "exclude"],
            Add => &["chown", "chmod", "link", "exclude", "checksum", "keep-git-dir", "unpack", "from"],
            Healthcheck => &["interval", "timeout", "start-period", "start-interval", "retries"],
            _ => &[],
        }
    }

    /// Whether heredocs may follow.
    pub fn takes_heredocs(self) -> bool {
        matches!(self, Add | Copy | Run)
    }
}
