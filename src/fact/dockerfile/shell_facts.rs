//! What rules see of the commands in a Dockerfile: those of the build, and those that start and check a container.

use crate::fact::value::{Field, OpenList, facts};
use crate::text::Spanned;

facts! {
    /// One RUN.
    pub struct Run = "dockerfile.run" {
        /// `exec`, `shell`, or `broken` for a list that is no JSON.
        "form" form: String,
        /// The first pipe whose failures nobody sees.
        "unguarded-pipe" unguarded_pipe: Field<String>,
        /// The first pipe at all, where the shell has no pipefail.
        "pipe" pipe: Field<String>,
        /// Whether the instruction before it is a RUN with the same flags, and both run a single command.
        "follows-run" follows_run: bool,
        /// Whether the stage has no shell to run it.
        "no-shell" no_shell: bool,
        /// A file that it only writes, by echo, printf or cat.
        "writes-file" writes_file: Field<String>,
        /// What it changes mode or owner of, where a COPY just before could have.
        "mends-copy" mends_copy: Field<String>,
        /// All that it writes to that file, where it is one line of plain text.
        "content" content: Field<String>,
        /// The keyword of that COPY, where it could say so itself.
        "copy" copy: Field<String>,
        /// The flag with which it would.
        "copy-flag" copy_flag: Field<String>,
        /// A build argument on its command line that by its name holds a secret.
        "secret-argument" secret_argument: Field<String>,
        /// Whether the image is an Alpine one.
        "alpine" alpine: bool,
        /// Whether it belongs to a final stage.
        "final" is_final: bool,
    }

    /// One command of a RUN; a wrapper such as sudo and what it runs are two.
    pub struct Command = "dockerfile.command" {
        /// Without its folder.
        "name" name: Field<String>,
        /// All that stands behind the name.
        "args" args: OpenList<Field<String>>,
        /// The first argument that is no flag.
        "subcommand" subcommand: Field<String>,
        /// Flags, one letter each where letters are bundled, without values.
        "flags" flags: OpenList<Spanned<String>>,
        /// Arguments behind the subcommand that are no flags.
        "operands" operands: OpenList<Field<String>>,
        /// Whether it runs without asking: `-y` and its like, by the package manager's own rules.
        "unattended" unattended: Field<bool>,
        /// Whether it runs in a shell of its own: `( … )`, a substitution.
        "subshell" subshell: bool,
        /// Whether it goes into a folder that the script makes with mktemp.
        "temporary" temporary: bool,
        /// `apt`, `apk`, `yum`, `dnf`, `zypper`, `pip`, `npm`, `yarn`, `gem` or `go`, where it runs one of them.
        "manager" manager: Field<String>,
        /// Whether it installs packages, named or not.
        "installs" installs: bool,
        /// The packages that it installs by name.
        "packages" packages: OpenList<Package>,
        /// The first package that would come before the one on the line above it.
        "unsorted" unsorted: Field<String>,
        /// Its packages as they stand in the file, from first to last, where they are not in order.
        "listed" listed: Field<String>,
        /// The same in order.
        "sorted" sorted: Field<String>,
        /// The script of its RUN, where it runs nothing else.
        "only-script" only_script: Field<String>,
        /// apt, where its RUN runs nothing else: the first word of the RUN behind it, if that installs with apt.
        "next-install" next_install: Field<String>,
        /// Whether it leaves package lists or a cache in the image.
        "keeps-cache" keeps_cache: Field<bool>,
        /// apt: whether packages that are only recommended are installed too.
        "recommends" recommends: Field<bool>,
        /// wget: whether its progress fills the log.
        "shows-progress" shows_progress: Field<bool>,
        /// wget or curl: the other one, where the same stage has used it before.
        "rival" rival: Field<String>,
        /// An archive that it unpacks and that was copied in before.
        "unpacks" unpacks: Field<String>,
        /// The COPY that brought it in.
        "unpacked-copy" unpacked_copy: Field<String>,
        /// useradd: the number of the user.
        "uid" uid: Field<i64>,
        /// Whether the stage has copied in a lock file of npm.
        "has-lock-file" has_lock_file: bool,
        /// The flags of the RUN, as written.
        "run-flags" run_flags: Vec<Spanned<String>>,
        /// The word that begins the instruction it stands in: `RUN`, as written.
        "keyword" keyword: Spanned<String>,
        /// Whether another command of the same RUN may install something with the same manager.
        "with-install" with_install: bool,
        /// Whether it belongs to a final stage.
        "final" is_final: bool,
        /// Whether it belongs to the final stage or one that the final one is built on.
        "in-image" in_image: bool,
    }

    /// A place where a check of transport, signature or host is switched off.
    pub struct Bypass = "dockerfile.bypass" {
        /// `tls`, `signature` or `trusted-host`.
        "kind" kind: String,
        /// The words that do it.
        "how" how: Spanned<String>,
        /// The program whose check it is.
        "program" program: String,
        /// The instruction it stands in, such as `ENV` or `CMD`.
        "by" by: String,
    }

    /// A file mode that is set, by chmod or `--chmod`.
    pub struct Mode = "dockerfile.mode" {
        /// As written.
        "mode" mode: Field<String>,
        /// Whether everybody may write, and no sticky bit protects.
        "world-writable" world_writable: Field<bool>,
    }

    /// One package that a RUN installs by name.
    pub struct Package = "dockerfile.package" {
        /// As written.
        "text" text: Field<String>,
        /// The package manager, as in `dockerfile.command`.
        "manager" manager: String,
        /// The version it is bound to.
        "version" version: Field<String>,
        /// Whether it is bound to a version, a file or an address.
        "pinned" pinned: Field<bool>,
    }

    /// One command that a container runs by itself; a wrapper such as exec and what it runs are two.
    pub struct Start = "dockerfile.start" {
        /// `CMD`, `ENTRYPOINT` or `HEALTHCHECK`.
        "by" by: String,
        /// `exec` for a JSON list, else `shell`.
        "form" form: String,
        /// Without its folder.
        "name" name: Field<String>,
        /// All that stands behind the name.
        "args" args: OpenList<Field<String>>,
        /// The first argument that is no flag.
        "subcommand" subcommand: Field<String>,
        /// Flags, one letter each where letters are bundled, without values.
        "flags" flags: OpenList<Spanned<String>>,
        /// Whether it runs in a shell of its own: `( … )`, a substitution.
        "subshell" subshell: bool,
        /// Whether it belongs to a final stage.
        "final" is_final: bool,
    }

    /// A download that is run although nothing has checked it.
    pub struct Unverified = "dockerfile.unverified" {
        /// The address.
        "address" address: Field<String>,
        /// The program that downloads it.
        "program" program: String,
        /// `RUN`, or `CMD`, `ENTRYPOINT`, `HEALTHCHECK` where it happens with every start.
        "by" by: String,
    }
}
