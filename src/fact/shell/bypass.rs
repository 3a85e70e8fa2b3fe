//! Checks that are switched off: of certificates, of signatures, of hosts.

use super::options::operands;
use super::{Arg, Call};
use crate::text::{Span, Spanned};

/// A check that is switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bypass {
    /// `tls`, `signature` or `trusted-host`.
    pub kind: &'static str,
    /// The words that do it.
    pub how: Spanned<String>,
    /// The program whose check it is.
    pub program: String,
}

/// Whether a call builds something, perhaps a package, or checks what has come.
pub fn vouches(call: &Call) -> bool {
    const BUILDERS: [&str; 9] = ["make", "cmake", "ninja", "meson", "melange", "fpm", "nfpm", "cargo", "go"];
    let name = call.name.as_str();
    name.contains("build") || BUILDERS.contains(&name) || super::verify::CHECKS.contains(&name)
}

/// What a call switches off. What has been built here, or checked, is told from what came from elsewhere: `vouched`.
pub fn bypasses(call: &Call, vouched: bool) -> Vec<Bypass> {
    let mut out = Vec::new();
    let own = vouched && is_local(call);
    let mut add = |kind: &'static str, text: &str, span: Span| {
        if kind == "signature" && own {
            return;
        }
        let how = Spanned::new(text.to_owned(), span);
        out.push(Bypass { kind, how, program: call.name.clone() });
    };
    let flag = |names: &[&str]| {
        let found = operands(call).flags.into_iter().find(|flag| names.contains(&flag.value.as_str()));
        found.map(|flag| (flag.value, flag.span))
    };
    match call.name.as_str() {
        "curl" if !talks_to_itself(call) => {
            if let Some((text, span)) = flag(&["-k", "--insecure"]) {
                add("tls", &text, span);
            }
        }
        "wget" if !talks_to_itself(call) => {
            if let Some((text, span)) = flag(&["--no-check-certificate"]) {
                add("tls", &text, span);
            }
        }
        "git" => setting(call, "http.sslverify", &["false", "0", "off", "no"], "tls", &mut add),
        "npm" | "yarn" | "pnpm" => setting(call, "strict-ssl", &["false"], "tls", &mut add),
        "yum" | "dnf" | "microdnf" | "tdnf" | "yum-config-manager" => {
            setting(call, "sslverify", &["false", "0", "no"], "tls", &mut add);
            if let Some((text, span)) = flag(&["--nogpgcheck", "--no-gpgchecks"]) {
                add("signature", &text, span);
            }
            setting(call, "gpgcheck", &["false", "0", "no"], "signature", &mut add);
        }
        "pip" | "pip2" | "pip3" => trusted_host(call, &mut add),
        name if name.starts_with("python") && call.has("pip") => trusted_host(call, &mut add),
        "apk" => {
            if let Some((text, span)) = flag(&["--allow-untrusted"]) {
                add("signature", &text, span);
            }
        }
        "apt-get" | "apt" => {
            if let Some((text, span)) = flag(&["--allow-unauthenticated", "--force-yes"]) {
                add("signature", &text, span);
            }
        }
        "rpm" => {
            if let Some((text, span)) = flag(&["--nosignature", "--nodigest", "--noverify"]) {
                add("signature", &text, span);
            }
        }
        "zypper" => {
            if let Some((text, span)) = flag(&["--no-gpg-checks"]) {
                add("signature", &text, span);
            }
        }
        "echo" | "printf" => {
            let trusts = call.args.iter().find(|arg| arg.text.contains("deb ") && arg.text.contains("trusted=yes"));
            if let Some(arg) = trusts {
                add("signature", "trusted=yes", arg.span);
            }
        }
        "export" => {
            for arg in &call.args {
                if let Some((name, value)) = arg.text.split_once('=')
                    && let Some((kind, program)) = variable_bypass(name, value)
                {
                    let how = Spanned::new(arg.text.clone(), arg.span);
                    out.push(Bypass { kind, how, program: program.to_owned() });
                }
            }
        }
        _ => {}
    }
    out
}

/// Whether all that a call installs are files.
fn is_local(call: &Call) -> bool {
    let file = |text: &str| {
        let package = [".apk", ".deb", ".rpm"].iter().any(|end| text.ends_with(end));
        text.starts_with(['/', '.']) || (package && !text.contains("://"))
    };
    let verbs = usize::from(call.name != "rpm");
    let mut files = operands(call).operands.into_iter().skip(verbs).peekable();
    files.peek().is_some() && files.all(|arg| file(&arg.text))
}

/// Whether all addresses are the machine's own.
fn talks_to_itself(call: &Call) -> bool {
    let split = operands(call);
    let host = |arg: &Arg| arg.text.split_once("://").map_or(arg.text.clone(), |(_, rest)| rest.to_owned());
    let own = |host: String| ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"].iter().any(|own| host.starts_with(own));
    !split.operands.is_empty() && split.operands.iter().all(|arg| own(host(arg)))
}

/// `name=value`, `--setopt=name=value` or `name value`.
fn setting(call: &Call, name: &str, off: &[&str], kind: &'static str, add: &mut dyn FnMut(&'static str, &str, Span)) {
    for (at, arg) in call.args.iter().enumerate() {
        let text = arg.text.to_lowercase();
        let tail = text.rsplit_once(name).filter(|(before, _)| before.is_empty() || before.ends_with(['=', '-', '.']));
        let Some((_, tail)) = tail else { continue };
        if let Some(value) = tail.strip_prefix('=') {
            if off.contains(&value) {
                add(kind, &arg.text, arg.span);
            }
        } else if tail.is_empty()
            && let Some(next) = call.args.get(at + 1)
            && off.contains(&next.text.to_lowercase().as_str())
        {
            add(kind, &format!("{} {}", arg.text, next.text), arg.span.to(next.span));
        }
    }
}

fn trusted_host(call: &Call, add: &mut dyn FnMut(&'static str, &str, Span)) {
    for (at, arg) in call.args.iter().enumerate() {
        let host = match arg.text.strip_prefix("--trusted-host") {
            Some("") => call.args.get(at + 1).map_or("", |next| next.text.as_str()),
            Some(rest) if rest.starts_with('=') => &rest[1..],
            _ => continue,
        };
        if !host.starts_with("localhost") && !host.starts_with("127.0.0.1") {
            add("trusted-host", host, arg.span);
        }
    }
}

/// What a variable switches off: the kind of check and whose it is.
pub fn variable_bypass(name: &str, value: &str) -> Option<(&'static str, &'static str)> {
    let value = value.trim_matches(['"', '\'']).to_lowercase();
    let off = matches!(value.as_str(), "0" | "false" | "no" | "off");
    match name.to_uppercase().as_str() {
        "GIT_SSL_NO_VERIFY" if !value.is_empty() && !off && !value.contains('$') => Some(("tls", "git")),
        "PYTHONHTTPSVERIFY" if value == "0" => Some(("tls", "python")),
        "NODE_TLS_REJECT_UNAUTHORIZED" if value == "0" => Some(("tls", "node")),
        "NPM_CONFIG_STRICT_SSL" | "YARN_STRICT_SSL" if off => Some(("tls", "npm")),
        "YARN_ENABLE_STRICT_SSL" if off => Some(("tls", "yarn")),
        "PIP_TRUSTED_HOST" if !value.is_empty() && !value.contains('$') && value != "localhost" => {
            Some(("trusted-host", "pip"))
        }
        _ => None,
    }
}
