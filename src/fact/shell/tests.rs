//! What scripts do, told from their words.

use super::*;
use crate::syntax::shell::{Script, parse};
use crate::text::Text;

fn with<T>(source: &str, look: impl FnOnce(&Script, &[Call]) -> T) -> T {
    let script = parse(&Text::whole(source));
    let lookup = |name: &str| (name == "KNOWN").then(|| "-y gcc".to_owned());
    let calls = calls(&script, &lookup);
    look(&script, &calls)
}

fn unattended(source: &str) -> Option<bool> {
    with(source, |_, calls| is_unattended(calls.last().unwrap()))
}

#[test]
fn wrappers_are_seen_through() {
    let names =
        |source: &str| with(source, |_, calls| calls.iter().map(|c| c.name.clone()).collect::<Vec<_>>().join(" "));
    assert_eq!(names("sudo -u me -E A=1 /usr/bin/apt-get update"), "sudo apt-get");
    assert_eq!(names("timeout 5 env A=b curl x | xargs -n 1 rm"), "timeout env curl xargs rm");
    assert_eq!(names("bash -c 'sudo x'"), "bash sudo x");
    assert_eq!(names("$X y"), "");
    assert_eq!(names("sh -c \"$(curl x)\""), "sh curl ");
}

#[test]
fn flags_are_told_from_operands() {
    with("apt-get -qqyo A=b install --no-install-recommends -t x gcc", |_, calls| {
        let split = operands(&calls[0]);
        let flags: Vec<_> = split.flags.iter().map(|f| f.value.as_str()).collect();
        assert_eq!(flags, ["-q", "-q", "-y", "-o", "--no-install-recommends", "-t"]);
        assert_eq!(split.operands.iter().map(|a| a.text.as_str()).collect::<Vec<_>>(), ["install", "gcc"]);
        assert!(!split.open);
    });
    with("x=1; y=-y; apt-get install $x ${y} \"$z\" $KNOWN p=$w", |_, calls| {
        let args: Vec<_> = calls[0].args.iter().map(|a| (a.text.as_str(), a.known)).collect();
        let expected =
            [("install", true), ("1", true), ("-y", true), ("$z", false), ("-y", true), ("gcc", true), ("p=$w", false)];
        assert_eq!(args, expected);
        assert!(!operands(&calls[0]).open);
    });
    with("apt-get install $FLAGS", |_, calls| assert!(operands(&calls[0]).open));
}

#[test]
fn package_managers_are_told_not_to_ask() {
    for yes in [
        "apt-get install -y a",
        "apt-get -qq install a",
        "apt-get -q -q install a",
        "apt-get install a --yes",
        "apt-get -o APT::Get::Assume-Yes=true install a",
        "dnf -y install a",
        "zypper -n in a",
        "apt-get install -yq a",
    ] {
        assert_eq!(unattended(yes), Some(true), "{yes}");
    }
    for no in [
        "apt-get install a",
        "apt-get install -q a",
        "dnf install a",
        "DEBIAN_FRONTEND=noninteractive apt-get install a",
    ] {
        assert_eq!(unattended(no), Some(false), "{no}");
    }
    assert_eq!(unattended("apt-get $O install a"), None);
}

#[test]
fn pipes_that_hide_failures() {
    let pipe = |source: &str| with(source, |script, calls| unguarded_pipe(script, calls).map(|span| span.start));
    for (source, at) in [
        ("a | b", 2),
        ("a && (b | c)", 8),
        ("x=$(a | b)", 6),
        ("{ a; b; } | c", 10),
        ("sh -c 'a | b'", 9),
        ("a | b || exit 1", 2),
    ] {
        assert_eq!(pipe(source), Some(at), "{source}");
    }
    for source in [
        "a || b",
        "set -o pipefail && a | b",
        "set -euxo pipefail; a | b",
        "bash -o pipefail -c 'a | b'",
        "echo a | b",
        "yes | a",
        "a | b || true",
        "[[ a | b ]]",
        "cat <<E | b\n1\nE\n",
        "echo a | printf b | c",
        "x $(a | b)",
        "for i in $(a | b); do c; done",
        "export X=$(a | b)",
        "a | grep -q b && c",
        "{ echo a; echo b; } | c",
    ] {
        assert_eq!(pipe(source), None, "{source}");
    }
}

#[test]
fn downloads_that_run_unchecked() {
    let found = |source: &str| {
        with(source, |script, calls| unverified(script, calls).into_iter().map(|(_, u)| u.value).collect::<Vec<_>>())
    };
    for source in [
        "curl -fsSL https://a.b/c | sh",
        "curl https://a.b/c | sudo -E bash -",
        "wget -qO- https://a.b/c | tee x | bash -s -- --yes",
        "sh -c \"$(curl -fsSL https://a.b/c)\"",
        "bash <(curl https://a.b/c)",
        "eval \"$(wget -O - https://a.b/c)\"",
        "curl https://a.b/c -o /tmp/i.sh && chmod +x /tmp/i.sh && /tmp/i.sh",
        "wget https://a.b/i.sh; bash ./i.sh",
        "curl https://a.b/c > x.py && python3 x.py",
        "(curl https://a.b/c) | python3 -",
        "curl https://a.b/c | gunzip | perl",
    ] {
        assert_eq!(found(source).len(), 1, "{source}");
    }
    for source in [
        "curl https://a.b/c | tar xz",
        "curl https://a.b/c | sh -c 'cat'",
        "curl https://a.b/c | python3 -m json.tool",
        "curl https://a.b/0123456789abcdef0123456789abcdef01234567/c | sh",
        "curl https://a.b/c -o x && echo \"0 x\" | sha256sum -c && sh x",
        "curl https://a.b/c -o x && sh y",
        "VERSION=$(curl https://a.b/c) && sh x",
        "curl http://localhost/c | sh",
        "echo x | sh",
    ] {
        assert_eq!(found(source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn checks_that_are_switched_off() {
    let kinds = |source: &str| {
        with(source, |_, calls| {
            calls.iter().flat_map(|call| bypasses(call, true)).map(|b| (b.kind, b.how.value)).collect::<Vec<_>>()
        })
    };
    for (source, kind) in [
        ("curl -fsSLk https://a", "tls"),
        ("curl --insecure https://a", "tls"),
        ("wget --no-check-certificate https://a", "tls"),
        ("git config --global http.sslVerify false", "tls"),
        ("git -c http.sslVerify=false clone x", "tls"),
        ("npm config set strict-ssl false", "tls"),
        ("yum --setopt=sslverify=0 install x", "tls"),
        ("export NODE_TLS_REJECT_UNAUTHORIZED=0", "tls"),
        ("pip install --trusted-host pypi.org x", "trusted-host"),
        ("python3 -m pip install --trusted-host=pypi.org x", "trusted-host"),
        ("apk add --allow-untrusted x", "signature"),
        ("apt-get install --force-yes x", "signature"),
        ("dnf install --nogpgcheck x", "signature"),
        ("rpm --nosignature -i x", "signature"),
        ("echo 'deb [trusted=yes] http://a b c' > f", "signature"),
    ] {
        let found = kinds(source);
        assert_eq!(found.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [kind], "{source}");
    }
    for source in [
        "curl -o k https://a",
        "curl -fsSLok https://a",
        "curl -k https://localhost:1/x",
        "git config http.sslVerify true",
        "npm config set strict-ssl true",
        "apk add --allow-untrusted /tmp/a.apk",
        "pip install --trusted-host localhost x",
        "echo -k",
    ] {
        assert_eq!(kinds(source), [], "{source}");
    }
}
