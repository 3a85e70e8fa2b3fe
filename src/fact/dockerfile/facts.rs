//! What rules see of a Dockerfile.

pub use super::shell_facts::{Bypass, Command, Mode, Package, Run, Start, Unverified};
use crate::fact::secret::Redacted;
use crate::fact::value::{Field, OpenList, facts};
use crate::text::Spanned;

facts! {
    /// A whole Dockerfile, or a fragment in a document.
    pub struct File = "dockerfile.file" {
        /// Whether it is a part that makes no image alone: no FROM, and meant for another file or shown in a document.
        "fragment" fragment: bool,
        /// The first instruction that is neither FROM nor ARG and stands before any FROM.
        "before-from" before_from: Field<String>,
        /// How many stages it has.
        "stages" stages: i64,
        /// How many instructions it has.
        "instructions" instructions: i64,
        /// How many lines it has, blank ones and comments left out.
        "lines" lines: i64,
    }

    /// Something that cannot be split, or malformed arguments.
    pub struct Fault = "dockerfile.fault" {
        /// What is wrong.
        "message" message: String,
    }

    /// A reference to an image.
    pub struct Image = "dockerfile.image" {
        /// All of it, variables replaced.
        "reference" reference: Field<String>,
        /// Without tag and digest.
        "name" name: Field<String>,
        /// The registry; `docker.io` where none is named.
        "registry" registry: Field<String>,
        /// Behind the colon.
        "tag" tag: Field<String>,
        /// Behind the `@`.
        "digest" digest: Field<String>,
        /// Whether its name is that of a Windows image.
        "windows" windows: bool,
        /// Whether its name is that of an Alpine image.
        "alpine" alpine: bool,
        /// Whether its commands are those of busybox.
        "busybox" busybox: bool,
        /// Whether it is known to run as another user than root.
        "non-root" non_root: Field<bool>,
    }

    /// The user that USER sets, or that `--chown` names.
    pub struct User = "dockerfile.user" {
        /// `USER`, `COPY` or `ADD`.
        "by" by: String,
        /// Whether the image is one for Windows.
        "windows" windows: bool,
        /// Whether there is a list of users in which a name can be found.
        "passwd" passwd: bool,
        /// User and group as written.
        "name" name: Field<String>,
        /// The user alone.
        "id" id: Field<String>,
        /// The group alone.
        "group" group: Field<String>,
        /// Whether it is root, by name or number.
        "root" root: Field<bool>,
        /// Whether it is a number.
        "numeric" numeric: Field<bool>,
    }

    /// One build stage.
    pub struct Stage = "dockerfile.stage" {
        /// The name behind AS.
        "name" name: Field<String>,
        /// Its number, the first being 0.
        "index" index: i64,
        /// Whether the image that ships is built from it.
        "final" is_final: bool,
        /// Whether the final stage is built on it, or is it.
        "in-image" in_image: bool,
        /// The kinds of stages that it is one of: `all`, and `final` where the image that ships is built from it.
        "among" among: Vec<Spanned<String>>,
        /// The views of unknown base images in which it starts as root unless told otherwise: `root`, and `skip` where
        /// the image is one that is known to.
        "root-by" root_by: Vec<Spanned<String>>,
        /// The image it is built from directly; absent for `scratch` and for another stage.
        "image" image: Field<Image>,
        /// The image at the bottom of its chain of stages; absent for `scratch`.
        "base" base: Field<Image>,
        /// Whether the bottom of its chain is `scratch`.
        "scratch" scratch: bool,
        /// Its FROM without the keyword; the place is the whole line.
        "from" from: Spanned<String>,
        /// The stage it is built on.
        "parent" parent: Field<String>,
        /// What `--platform` says, as written.
        "platform" platform: Field<String>,
        /// The number of an earlier stage with the same name.
        "duplicate-of" duplicate_of: Field<i64>,
        /// Whether the image is one for Windows.
        "windows" windows: bool,
        /// The USER in effect, own or inherited.
        "user" user: Field<User>,
        /// The WORKDIR in effect, own or inherited.
        "workdir" workdir: Field<String>,
        /// The SHELL in effect, own or inherited.
        "shell" shell: Field<String>,
        /// The CMD in effect, own or inherited.
        "cmd" cmd: Field<String>,
        /// The ENTRYPOINT in effect, own or inherited.
        "entrypoint" entrypoint: Field<String>,
        /// The HEALTHCHECK in effect, own or inherited.
        "healthcheck" healthcheck: Field<String>,
        /// Ports that EXPOSE names, own or inherited.
        "ports" ports: Vec<Spanned<String>>,
        /// Keys that LABEL sets, own or inherited.
        "labels" labels: OpenList<Spanned<String>>,
        /// The `as` between image and name, where its case is not that of FROM.
        "as-differs" as_differs: Field<String>,
        /// ARGs without a default, or with an empty one, that leave no image to build from unless somebody sets them.
        "empty-args" empty_args: Vec<Spanned<String>>,
        /// How most other Dockerfiles of the repository pin its image, where that is otherwise.
        "usual-pin" usual_pin: Field<String>,
        /// Another Dockerfile that pins it so.
        "usual-file" usual_file: Field<String>,
        /// Whether the final stage is built from it or copies from it, by whatever way.
        "reachable" reachable: bool,
        /// A stage that it needs although that one needs it too, or comes later.
        "cycle" cycle: Field<String>,
        /// The STOPSIGNAL in effect, own or inherited.
        "stopsignal" stopsignal: Field<String>,
        /// A user that a command of its chain creates.
        "created-user" created_user: Field<String>,
        /// Whether a script or command hands the process to another user: gosu, su-exec, setpriv and their like.
        "drops-root" drops_root: bool,
        /// Whether containers are started from it: CMD or ENTRYPOINT in sight, or an image that may have them, and no
        /// name that says that the stage only checks something.
        "runs" runs: bool,
    }

    /// One instruction; ONBUILD's trigger counts as one of its own.
    pub struct Instruction = "dockerfile.instruction" {
        /// In upper case.
        "keyword" keyword: String,
        /// The keyword as written.
        "written" written: Spanned<String>,
        /// Whether there is such an instruction.
        "known" known: bool,
        /// The instruction that was probably meant.
        "suggestion" suggestion: Field<String>,
        /// What stands behind keyword and flags.
        "argument" argument: Field<String>,
        /// `exec` for a JSON list, `shell` for a command line, `broken` for a list that is no JSON.
        "form" form: String,
        /// Why a list is no JSON list, at the place where it stops being one.
        "json-fault" json_fault: Field<String>,
        /// Whether a shell is needed: variables, lists, redirections.
        "shell-syntax" shell_syntax: bool,
        /// CMD and ENTRYPOINT: the command without a leading `exec`, where it is one program and its arguments.
        "program" program: Field<String>,
        /// Whether it begins with `exec`, which puts the program in the shell's place.
        "execs" execs: bool,
        /// Whether a SHELL instruction of this file is in effect.
        "shell-chosen" shell_chosen: bool,
        /// Whether a later one in the same stage takes its place (CMD, ENTRYPOINT, HEALTHCHECK).
        "superseded" superseded: bool,
        /// The next one that does.
        "superseded-by" superseded_by: Field<String>,
        /// Whether it is what ONBUILD will run.
        "trigger" trigger: bool,
        /// ONBUILD: why its trigger is not allowed.
        "trigger-fault" trigger_fault: Field<String>,
        /// Whether the old form `NAME value` without an equals sign is used (ENV, LABEL).
        "legacy" legacy: bool,
        /// Blank lines inside its continuations.
        "blank-lines" blank_lines: Vec<Spanned<String>>,
        /// Whether its keyword is written in the case that fewer of the file's keywords have.
        "odd-case" odd_case: bool,
        /// Names of its flags, without dashes.
        "flags" flags: Vec<Spanned<String>>,
        /// Whether it belongs to a final stage.
        "final" is_final: bool,
        /// Whether it belongs to the final stage or one that the final one is built on.
        "in-image" in_image: bool,
    }

    /// One ARG or ENV assignment.
    pub struct Variable = "dockerfile.variable" {
        /// Its name.
        "name" name: Spanned<String>,
        /// `arg` or `env`.
        "kind" kind: String,
        /// What it is set to.
        "value" value: Field<Redacted>,
        /// Whether the value is surely nothing.
        "empty" empty: bool,
        /// Whether the name says that the value is a secret.
        "secret-shaped" secret_shaped: bool,
    }

    /// One COPY or ADD.
    pub struct Transfer = "dockerfile.copy" {
        /// `COPY` or `ADD`.
        "keyword" keyword: String,
        /// What is copied; heredocs are left out.
        "sources" sources: Vec<Field<String>>,
        /// Where it goes.
        "destination" destination: Field<String>,
        /// `--from`, as written.
        "from" from: Field<String>,
        /// Whether `--from` names the very stage it stands in.
        "from-own-stage" from_own_stage: Field<bool>,
        /// The owner that `--chown` names.
        "owner" owner: Field<String>,
        /// Whether USER has been switched to somebody else than root before it.
        "after-user" after_user: bool,
        /// The user and group that the last USER before it sets, as it names them.
        "user" user: Field<String>,
        /// Whether the destination hangs on a folder that nothing in sight has set.
        "unanchored" unanchored: Field<bool>,
        /// A source that by its name holds secrets.
        "secret" secret: Field<String>,
        /// Whether all of the build context is copied.
        "whole-context" whole_context: bool,
        /// Whether the build context has a `.dockerignore`; unknown where the context is.
        "dockerignore" dockerignore: Field<bool>,
        /// A source that the context's `.dockerignore` leaves out.
        "ignored-source" ignored_source: Field<String>,
        /// A source that is not there.
        "missing-source" missing_source: Field<String>,
        /// Whether it is a trigger of ONBUILD.
        "trigger" trigger: bool,
        /// Whether it does what only ADD can: fetch, unpack, check.
        "needs-add" needs_add: Field<bool>,
        /// Whether several sources go to something that is no folder.
        "many-to-file" many_to_file: Field<bool>,
        /// Whether the whole file system of another stage is copied onto this one's.
        "whole-filesystem" whole_filesystem: Field<bool>,
        /// Whether it belongs to a final stage.
        "final" is_final: bool,
    }

    /// One WORKDIR.
    pub struct Workdir = "dockerfile.workdir" {
        /// The path, variables replaced.
        "path" path: Field<String>,
        /// Whether it is relative.
        "relative" relative: Field<bool>,
        /// Whether a WORKDIR before it, own or inherited, says what it is relative to.
        "anchored" anchored: bool,
    }

    /// One port that EXPOSE names.
    pub struct Port = "dockerfile.port" {
        /// As written.
        "text" text: Spanned<String>,
        /// Its number, or the first of a range.
        "number" number: Field<i64>,
        /// The last of a range, else the number again.
        "last" last: Field<i64>,
        /// `tcp`, `udp` or whatever is written behind the slash.
        "protocol" protocol: Field<String>,
        /// An address or a host's port before it.
        "address" address: Field<String>,
    }

    /// One `key=value` of LABEL.
    pub struct Label = "dockerfile.label" {
        /// The key.
        "key" key: Field<String>,
        /// The value, variables replaced.
        "value" value: Field<String>,
        /// Why the key is none.
        "key-fault" key_fault: Field<String>,
        /// Whether the same chain of stages sets the key to something else before.
        "repeated" repeated: bool,
        /// The pair that has set it before, where its LABEL has others beside it.
        "earlier-pair" earlier_pair: Field<String>,
        /// The LABEL that has set it before and nothing else.
        "earlier-label" earlier_label: Field<String>,
        /// Whether the value is an address with a scheme.
        "is-url" is_url: Field<bool>,
        /// Whether the value is a time as RFC 3339 writes it.
        "is-timestamp" is_timestamp: Field<bool>,
        /// Whether the value is a licence expression of SPDX.
        "is-licence" is_licence: Field<bool>,
        /// Whether the value is the hash of a git commit.
        "is-revision" is_revision: Field<bool>,
        /// Whether the value is a semantic version.
        "is-version" is_version: Field<bool>,
        /// Whether the value is an e-mail address.
        "is-email" is_email: Field<bool>,
    }

    /// A place that names an image or a stage to take something from.
    pub struct Reference = "dockerfile.reference" {
        /// As written.
        "text" text: Spanned<String>,
        /// `FROM`, `COPY`, `ADD` or `RUN`.
        "by" by: String,
        /// `stage`, `image`, `context`, `scratch`, `later` for a stage that comes later, or `nothing`.
        "kind" kind: Field<String>,
        /// The image.
        "image" image: Field<Image>,
        /// The registry; `docker.io` where none is named.
        "registry" registry: Field<String>,
        /// Whether the stage is one on scratch that holds nothing.
        "empty" empty: bool,
    }

    /// A variable that an instruction uses; what shells replace is left out.
    pub struct VariableUse = "dockerfile.variable-use" {
        /// Its name.
        "name" name: Spanned<String>,
        /// The instruction.
        "keyword" keyword: String,
        /// Whether it is set here: by ARG or ENV, or by itself.
        "defined" defined: Field<bool>,
        /// A name in sight that is nearly the same.
        "suggestion" suggestion: Field<String>,
        /// What parts its assignment from the one before, where one before sets the variable.
        "gap" gap: Field<String>,
        /// Whether the very same ENV sets it for the first time.
        "set-here" set_here: bool,
    }

    /// An ARG or a named stage with a comment just above.
    pub struct Definition = "dockerfile.definition" {
        /// What it names.
        "name" name: String,
        /// The comment, without its `#`.
        "comment" comment: Spanned<String>,
        /// Whether the comment begins with the name, or is meant for tools.
        "described" described: bool,
    }

    /// A comment, or a directive at the top.
    pub struct Comment = "dockerfile.comment" {
        /// Behind the `#`.
        "text" text: String,
        /// The directive that it looks like without being one.
        "directive" directive: Field<String>,
        /// Why it is none.
        "directive-fault" directive_fault: Field<String>,
        /// The name of a directive as it is misspelt.
        "misspelt" misspelt: Field<String>,
    }
}
