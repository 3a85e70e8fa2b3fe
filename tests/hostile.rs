//! Inputs made to hurt: each ends as findings or problems, in bounded time and memory, and its neighbour is linted.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FAULT, RULE, Ran, Repo, findings, problems};
use serde_json::Value;
use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Processor time of an unoptimised build; an optimised one takes a twentieth.
const EFFORT: Duration = Duration::from_secs(60);
/// Time on the clock, on however busy a machine.
const PATIENCE: Duration = Duration::from_secs(600);
/// What a secret is assigned to.
const KEY: &str = concat!("pass", "word");
/// Kilobytes.
const MEMORY: u64 = 1 << 20;

/// How much of it: an unoptimised build gets a fifth, which is enough to tell what grows too fast.
fn n(full: usize) -> usize {
    if cfg!(debug_assertions) { full / 5 } else { full }
}

/// Runs the program, watching its memory; kills it when it takes too long.
fn watched(repo: &Repo, arguments: &[&str]) -> (Ran, u64) {
    let start = Instant::now();
    let mut child = repo.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let drain = |mut pipe: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).unwrap();
            String::from_utf8(bytes).unwrap()
        })
    };
    let out = drain(Box::new(child.stdout.take().unwrap()));
    let err = drain(Box::new(child.stderr.take().unwrap()));
    let (status, stat) = (format!("/proc/{}/status", child.id()), format!("/proc/{}/stat", child.id()));
    let mut peak = 0;
    let code = loop {
        peak = peak.max(high_water(&status));
        if let Some(exit) = child.try_wait().unwrap() {
            break exit.code();
        }
        if start.elapsed() > PATIENCE || effort(&stat) > EFFORT {
            let spent = effort(&stat);
            child.kill().unwrap();
            panic!("{arguments:?} takes too long: {:?}, {spent:?} of work", start.elapsed());
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let ran = Ran { code, out: out.join().unwrap(), err: err.join().unwrap(), time: start.elapsed() };
    (ran, peak)
}

/// The most memory that a process has had, in kilobytes; 0 where the system does not tell.
fn high_water(status: &str) -> u64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// The processor time that a process has had; none where the system does not tell.
fn effort(stat: &str) -> Duration {
    let text = std::fs::read_to_string(stat).unwrap_or_default();
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Lints a repository with a neighbour that has a fault; nothing but the expected may go wrong.
fn survived(repo: &Repo) -> Value {
    repo.write("zz-neighbour.md", FAULT.as_bytes());
    // People see the same findings with source lines, which must hurt as little.
    let shown = tempfile::NamedTempFile::new().unwrap();
    let human = format!("human={}", shown.path().display());
    let (ran, peak) = watched(repo, &[".", "--select", "all", "--format", "json", "--output", &human]);
    assert!(matches!(ran.code, Some(1 | 2)), "{:?}: {}", ran.code, ran.err);
    assert_eq!(ran.err, "");
    assert!(peak <= MEMORY, "{peak} kB");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let found = findings(&report);
    assert!(found.contains(&format!("zz-neighbour.md {RULE}")), "{found:?}");
    let bugs: Vec<&Value> =
        report["problems"].as_array().unwrap().iter().filter(|p| p["kind"] == "internal-error").collect();
    assert!(bugs.is_empty(), "{bugs:?}");
    let human = std::fs::read_to_string(shown.path()).unwrap();
    assert!(!human.trim().is_empty());
    report
}

/// Writes a text under the name of each kind that is parsed.
fn write_all(repo: &Repo, name: &str, bytes: &[u8]) {
    for path in ["md", "yaml", "env", "sh", "json", "Dockerfile"].map(|extension| format!("{name}.{extension}")) {
        repo.write(path, bytes);
    }
    repo.write(format!(".github/workflows/{name}.yml"), bytes);
    repo.write(format!("{name}/compose.yaml"), bytes);
    repo.write(format!("chart/templates/{name}.yaml"), bytes);
    repo.write(format!("docs/adr/0001-{name}.md"), bytes);
    repo.write(format!("specs/infrastructure/001-{name}/tasks.md"), bytes);
}

fn all_named(repo: &Repo, inputs: &[(&str, Vec<u8>)]) -> Value {
    repo.write("chart/Chart.yaml", b"apiVersion: v2\nname: x\nversion: 0.1.0\n");
    inputs.iter().for_each(|(name, bytes)| write_all(repo, name, bytes));
    survived(repo)
}

#[test]
fn odd_bytes() {
    let wide = |unit: fn(u16) -> [u8; 2]| {
        "\u{feff}a\n".encode_utf16().chain(FAULT.encode_utf16()).flat_map(unit).collect::<Vec<u8>>()
    };
    let with = |start: &[u8]| [start, FAULT.as_bytes()].concat();
    let late = [&b"x\n".repeat(8000)[..], b"\0\n", FAULT.as_bytes()].concat();
    let inputs = [
        ("nul", with(b"a: 1\0\n")),
        ("late-nul", late),
        ("invalid", with(b"a: \xff\xfe\xc3(\n")),
        ("utf16-le", wide(u16::to_le_bytes)),
        ("utf16-be", wide(u16::to_be_bytes)),
        ("bom", with(b"\xef\xbb\xbf")),
        ("crlf", FAULT.replace('\n', "\r\n").into_bytes()),
        ("cr", b"a: 1\r\rb: 2\r".to_vec()),
        ("empty", Vec::new()),
        ("break", b"\n".to_vec()),
        ("controls", (0..32u8).chain([127, 10]).filter(|b| *b != 0).collect()),
        ("half-utf16", b"\xff\xfea".to_vec()),
    ];
    let repo = Repo::new();
    let report = all_named(&repo, &inputs);
    let found = findings(&report);
    for name in ["late-nul", "invalid", "utf16-le", "utf16-be", "bom", "crlf"] {
        for extension in ["md", "yaml", "env", "Dockerfile"] {
            assert!(found.contains(&format!("{name}.{extension} {RULE}")), "{name}.{extension}: {found:?}");
        }
    }
    let told = problems(&report);
    assert!(
        told.contains(&"nul.md skipped binary".to_owned()) && !told.iter().any(|p| p.contains("failed")),
        "{told:?}"
    );
    let bom = report["findings"].as_array().unwrap().iter().find(|f| f["path"] == "bom.md" && f["rule"] == RULE);
    assert_eq!(bom.unwrap()["start"]["column"], 1);
}

#[test]
fn deep_and_wide_yaml() {
    let staircase: String = (0..2500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let bomb = |first: &str, next: &dyn Fn(usize) -> String| {
        (1..40).fold(format!("a0: &a0 {first}\n"), |text, n| text + &format!("a{n}: &a{n} {}\n", next(n - 1)))
    };
    let inputs = [
        ("dashes", b"- ".repeat(100_000)),
        ("questions", b"? ".repeat(100_000)),
        ("brackets", b"[".repeat(100_000)),
        ("braces", b"{a: ".repeat(100_000)),
        ("closed", [b"[".repeat(100_000), b"]".repeat(100_000)].concat()),
        ("staircase", staircase.into_bytes()),
        ("lines", (0..n(40_000)).map(|n| format!("key{n}: value\n")).collect::<String>().into_bytes()),
        ("items", b"- {a: 1, b: [x, y]}\n".repeat(n(40_000))),
        ("documents", b"---\napiVersion: v1\nkind: Pod\n".repeat(n(20_000))),
        ("aliases", bomb("[x]", &|n| format!("[{}]", vec![format!("*a{n}"); 20].join(", "))).into_bytes()),
        ("merges", bomb("{x: 1}", &|n| format!("{{<<: [{}]}}", vec![format!("*a{n}"); 20].join(", "))).into_bytes()),
        ("itself", b"a: &a [*a, *a]\nb: &b {<<: *b}\nc: *none\n".to_vec()),
        ("anchors", b"- &a x\n- *a\n".repeat(n(40_000))),
        ("quote", [&b"a: \""[..], &b"x\n".repeat(n(50_000))].concat()),
        ("block", [&b"a: |\n"[..], &b"  {{ x }}\n".repeat(n(50_000))].concat()),
        ("same-key", b"a: 1\n".repeat(n(40_000))),
    ];
    all_named(&Repo::new(), &inputs);
}

#[test]
fn objects_that_all_rely_on_each_other() {
    let all = |one: &dyn Fn(usize) -> String| (0..n(1000)).map(one).collect::<String>().into_bytes();
    let pod = "kind: Pod\nspec: {containers: [{name: c, image: 'x:1', envFrom: [{configMapRef: {name: none}}]}]}\n";
    let of = |n: usize| format!("---\napiVersion: v1\nmetadata: {{name: o{n}, labels: {{app: a, own: a{n}}}}}\n");
    let service = |to: &str| format!("kind: Service\nspec: {{selector: {{app: a{to}}}, ports: [{{port: 80}}]}}\n");
    let patch = |n: usize, path: &str| {
        format!("  - target: {{kind: Pod, name: o{n}}}\n    patch: '[{{op: add, path: \"{path}\", value: true}}]'\n")
    };
    let privileged = "/spec/containers/0/securityContext/privileged";
    let repo = Repo::new();
    repo.write("every/a.yaml", &all(&|n| of(n) + pod + &of(n) + &service("")));
    repo.write("own/a.yaml", &all(&|n| of(n) + pod + &of(n) + &service(&format!(", own: a{n}"))));
    repo.write("renamed/kustomization.yaml", b"namePrefix: x-\nresources: [a.yaml]\n");
    repo.write("renamed/a.yaml", &all(&|n| of(n) + pod + &of(n) + "kind: ConfigMap\n"));
    let head = b"resources: [../every/a.yaml]\npatches:\n".to_vec();
    repo.write("patched/kustomization.yaml", &[head.clone(), all(&|n| patch(n, privileged))].concat());
    let deep = "/spec".to_owned() + &"/a".repeat(10_000);
    repo.write(
        "deep/kustomization.yaml",
        &[head, (0..20).map(|n| patch(n, &deep)).collect::<String>().into()].concat(),
    );
    for at in 0..n(500) {
        repo.write(format!("k{at}/kustomization.yaml"), format!("resources: [../k{}]\n", (at + 1) % n(500)).as_bytes());
    }
    let report = survived(&repo);
    let found = report["findings"].as_array().unwrap();
    let count = |rule: &str| found.iter().filter(|finding| finding["rule"] == rule).count();
    assert_eq!((count("k8s/privileged-container"), count("k8s/kustomization-cycle")), (n(1000), 1));
}

#[test]
fn unclosed_and_nested_text() {
    let inputs = [
        ("fence", [&b"```yaml\n"[..], &b"a: 1\n".repeat(n(40_000))].concat()),
        ("fences", b"```dockerfile\nFROM x\n```\n".repeat(n(10_000))),
        (
            "nested-fences",
            (0..2000).map(|n| format!("{}yaml\n", "`".repeat(2003 - n))).collect::<String>().into_bytes(),
        ),
        ("comment", [&b"<!-- "[..], &b"x\n".repeat(n(40_000))].concat()),
        ("comments", b"<!-- x ".repeat(n(40_000))),
        ("quotes", b"> ".repeat(100_000)),
        ("stars", b"**a *b ".repeat(n(40_000))),
        ("links", b"[a](".repeat(n(40_000))),
        ("square", b"[".repeat(100_000)),
        ("asked", [&b"x "[..], &b"<title> ".repeat(n(100_000))].concat()),
        ("backticks", (0..600).map(|n| "`".repeat(n) + " ").collect::<String>().into_bytes()),
        ("headings", b"# a\n\n## b\n\n".repeat(n(20_000))),
        ("tasks", b"- [ ] T001 do it (1h) depends: T001\n".repeat(n(20_000))),
        ("list", (0..1000).map(|n| format!("{}- x\n", "  ".repeat(n))).collect::<String>().into_bytes()),
        ("table", [b"| a ".repeat(5000), b"|\n".to_vec(), b"| - ".repeat(5000), b"|\n".to_vec()].concat()),
        ("front", [&b"---\n"[..], &b"- ".repeat(n(50_000))].concat()),
    ];
    all_named(&Repo::new(), &inputs);
}

#[test]
fn dockerfiles_and_shell() {
    let run = |body: &str| format!("FROM alpine\nRUN {body}\n").into_bytes();
    let heredocs: String = (0..300).map(|n| format!("<<E{n} ")).collect();
    let inputs = [
        ("onbuild", [&b"FROM x\n"[..], &b"ONBUILD ".repeat(n(10_000)), b"RUN x\n"].concat()),
        ("heredocs", run(&heredocs)),
        ("continued", [&b"FROM x\nRUN a \\\n"[..], &b"# c\n \\\n".repeat(n(50_000))].concat()),
        ("stages", (0..n(10_000)).map(|n| format!("FROM s{n} AS s{}\n", n + 1)).collect::<String>().into_bytes()),
        ("circle", b"FROM b AS a\nFROM a AS b\nFROM b\n".to_vec()),
        (
            "args",
            (0..n(10_000))
                .map(|n| format!("ARG A{n}=${{A{}}}${{A{}}}\n", n + 1, n + 1))
                .collect::<String>()
                .into_bytes(),
        ),
        (
            "doubled",
            (1..60)
                .fold("FROM x\nARG A0=xx\n".to_owned(), |t, n| t + &format!("ENV A{n}=$A{}$A{}\n", n - 1, n - 1))
                .into_bytes(),
        ),
        ("defaults", run(&"${a:-".repeat(n(50_000)))),
        ("substitutions", run(&"$(".repeat(n(50_000)))),
        ("backquotes", run(&"`\\`".repeat(n(50_000)))),
        ("arithmetic", run(&"$((".repeat(n(50_000)))),
        ("groups", run(&"( { ".repeat(n(50_000)))),
        ("ifs", run(&"if x; then ".repeat(n(20_000)))),
        ("pipes", run(&"a | b && c; ".repeat(n(20_000)))),
        ("quoted", run(&format!("echo \"{}", "x".repeat(n(100_000))))),
        ("json", format!("FROM x\nCMD {}\n", "[\"a\",".repeat(n(20_000))).into_bytes()),
    ];
    all_named(&Repo::new(), &inputs);
}

#[test]
fn what_tells_how_images_are_built() {
    let repo = Repo::new();
    let many = |count: usize, line: &dyn Fn(usize) -> String| (1..n(count)).map(line).collect::<String>();
    let files = [
        ("Tiltfile", many(40_000, &|n| format!("x += ['a{n}', 'b']\ndocker_build('a{n}', ("))),
        ("build.sh", many(20_000, &|n| format!("A{n}=$A{}\ndocker build -t $A{n} -f D{n} .\n", n - 1))),
        ("line.sh", many(20_000, &|n| format!("docker build -t a{n} . && "))),
        ("Makefile", many(20_000, &|n| format!("V{n} := $(V{})\nt{n}:\n\tdocker build -t $(V{n}) .\n", n - 1))),
        ("docker-bake.hcl", many(20_000, &|n| format!("target \"a{n}\" {{\n  inherits = [\"a{}\"]\n}}\n", n - 1))),
        ("skaffold.yaml", "build:\n  artifacts:\n".to_owned() + &many(20_000, &|n| format!("  - image: a{n}\n"))),
        (".gitlab-ci.yml", many(20_000, &|n| format!("j{n}:\n  extends: j{}\n  script: [docker build .]\n", n - 1))),
    ];
    for (path, text) in files {
        repo.write(path, text.as_bytes());
    }
    survived(&repo);
}

#[test]
fn bait_for_patterns() {
    let inputs = [
        ("passwords", b"password=".repeat(n(100_000))),
        ("keys", b"api_key: secret: token: ".repeat(n(40_000))),
        ("schemes", b"postgres://a:b@".repeat(n(60_000))),
        ("begin", b"-----BEGIN PRIVATE KEY-----\n".repeat(n(30_000))),
        ("base64", b"QUJD".repeat(n(200_000))),
        ("long-word", ["token: ".as_bytes(), &b"aB3".repeat(n(300_000))].concat()),
        ("each-its-own", (0..n(50_000)).map(|n| format!("{}: x{n}y\n", KEY)).collect::<String>().into_bytes()),
        ("damaged", "\u{c3}\u{a9}x".repeat(n(150_000)).into_bytes()),
        ("turned", "\u{e9}\u{202e}".repeat(n(100_000)).into_bytes()),
    ];
    all_named(&Repo::new(), &inputs);
}

#[test]
fn large_files() {
    let repo = Repo::new();
    let line = b"a harmless line of text that is some fifty bytes long\n";
    let mut big = line.repeat(n(50 << 20) / line.len());
    let lines = big.iter().filter(|b| **b == b'\n').count();
    big.extend(FAULT.as_bytes());
    repo.write("big.md", &big);
    repo.write("big.yaml", &big);
    repo.write("big.log", &big);
    repo.write("line.yaml", &[&b"a: "[..], &b"x".repeat(10 << 20)].concat());
    repo.write("line.md", &[&b"\xc3\xa9".repeat(5 << 20)[..], b"\n", FAULT.as_bytes()].concat());
    repo.write("medium.md", &[&b"x".repeat(3 << 20)[..], b"\n", FAULT.as_bytes()].concat());
    let report = survived(&repo);
    let found = report["findings"].as_array().unwrap();
    let line_of = |path: &str| {
        found.iter().find(|f| f["path"] == path && f["rule"] == RULE).map(|f| f["start"]["line"].as_u64().unwrap())
    };
    for path in ["big.md", "big.yaml", "big.log"] {
        assert_eq!(line_of(path), Some(lines as u64 + 1), "{path}");
    }
    assert_eq!((line_of("line.md"), line_of("medium.md")), (Some(2), Some(2)));
    let told = problems(&report);
    let expected = ["big.md", "big.yaml", "line.md", "line.yaml"].map(|path| format!("{path} skipped too-large"));
    assert_eq!(told, expected);
}

#[test]
fn large_binaries_are_not_read() {
    let repo = Repo::new();
    let file = std::fs::File::create(repo.root.join("disk.img")).unwrap();
    file.set_len(8 << 30).unwrap();
    let report = survived(&repo);
    assert_eq!(problems(&report), ["disk.img skipped binary"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_opened() {
    let repo = Repo::new();
    let pipe = repo.root.join("pipe.yaml");
    if !std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        return;
    }
    let _socket = std::os::unix::net::UnixListener::bind(repo.root.join("socket.md")).unwrap();
    let report = survived(&repo);
    assert_eq!(problems(&report), ["pipe.yaml skipped not-a-file", "socket.md skipped not-a-file"]);
    let (ran, _) = watched(&repo, &["pipe.yaml", "/dev/zero", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(problems(&report), ["/dev/zero skipped not-a-file", "pipe.yaml skipped not-a-file"]);
}

#[cfg(unix)]
#[test]
fn links_never_lead_out_and_never_in_circles() {
    use std::os::unix::fs::symlink;
    let repo = Repo::with(&[("dir/a.md", FAULT), ("../outside/secret.md", FAULT)]);
    symlink("..", repo.root.join("dir/up")).unwrap();
    symlink("self", repo.root.join("self")).unwrap();
    symlink("two", repo.root.join("one")).unwrap();
    symlink("one", repo.root.join("two")).unwrap();
    symlink("../outside", repo.root.join("out")).unwrap();
    symlink("../outside/secret.md", repo.root.join("out.md")).unwrap();
    symlink("/etc/passwd", repo.root.join("passwd.env")).unwrap();
    symlink("nowhere", repo.root.join("gone.md")).unwrap();
    let report = survived(&repo);
    let mut paths: Vec<&str> =
        report["findings"].as_array().unwrap().iter().filter_map(|f| f["path"].as_str()).collect();
    paths.dedup();
    assert_eq!(paths, ["dir/a.md", "zz-neighbour.md"]);
    assert_eq!(problems(&report), Vec::<String>::new());
    let (code, report) = repo.json(&["out.md", "out", "self", "passwd.env", "gone.md", "dir/a.md"]);
    assert_eq!(code, Some(1));
    assert_eq!(findings(&report), [format!("dir/a.md {RULE}")]);
    let expected = ["gone.md", "out", "out.md", "passwd.env", "self"].map(|path| format!("{path} skipped link"));
    assert_eq!(problems(&report), expected);
}

#[cfg(unix)]
#[test]
fn odd_names() {
    use std::os::unix::ffi::OsStrExt;
    let names = ["a\nb.md", "c,d:e%f.md", "::error::x.md", "-dash.md", " .md", "日本.md", "\u{1b}[31m.md", "a\\b.md"];
    let repo = Repo::with(&names.map(|name| (name, FAULT)));
    repo.write(std::ffi::OsStr::from_bytes(b"raw\xff.md"), FAULT.as_bytes());
    let found = findings(&survived(&repo));
    for name in names.iter().chain(&["raw\\xFF.md"]) {
        assert!(found.contains(&format!("{name} {RULE}")), "{name:?}: {found:?}");
    }
    let concise = repo.run(&[]).out;
    assert_eq!(concise.lines().count(), names.len() + 2);
    assert!(!concise.contains('\u{1b}') && concise.contains("a\\nb.md:1:1: error"), "{concise}");
    assert!(!repo.run(&["--format", "human"]).out.contains('\u{1b}'));
}

/// Root may read everything, so the program runs as somebody else.
#[cfg(unix)]
#[test]
fn unreadable_files_and_directories_fail_and_the_rest_is_linted() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let repo = Repo::with(&[("closed.md", FAULT), ("shut/a.md", FAULT), ("open.md", FAULT)]);
    let chmod = |path: &str, mode| {
        std::fs::set_permissions(repo.root.join(path), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let mut command = repo.command(&["--format", "json"]);
    if std::fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0) {
        command.uid(65534).gid(65534);
        let keep = repo.root.parent().unwrap();
        std::fs::set_permissions(keep, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    chmod("closed.md", 0);
    chmod("shut", 0);
    let output = command.output();
    chmod("shut", 0o755);
    // Where another user may not even start the program there is nothing to be seen.
    let Ok(output) = output else { return };
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(problems(&report), ["closed.md failed unreadable", "shut failed unreadable"]);
    assert_eq!((findings(&report), output.status.code()), (vec![format!("open.md {RULE}")], Some(2)));
}

#[test]
fn broken_repositories() {
    for (path, bytes) in [(".git", &b"gitdir: /nowhere"[..]), (".git/index", b"DIRC\0\0\0\x02\xff\xff\xff\xff")] {
        let repo = Repo::with(&[("a.md", FAULT)]);
        if path.contains('/') {
            repo.write(".git/HEAD", b"ref: refs/heads/main\n");
            repo.write(".git/objects/x", b"");
            repo.write(".git/refs/x", b"");
        }
        repo.write(path, bytes);
        let report = survived(&repo);
        assert_eq!(problems(&report), [".git skipped git"], "{path}");
    }
}
