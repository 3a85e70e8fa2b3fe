//! Values that say where a secret is instead of what it is.

use super::words::WordSet;

/// Whether the value is, or depends on, a variable, a template, a call or a path into a secret store.
pub(super) fn is_reference(value: &str) -> bool {
    is_templated(value) || is_variable(value) || has_scheme(value) || is_path(value) || is_code(value)
}

/// Whether a part of the value is filled in elsewhere.
pub(super) fn is_templated(value: &str) -> bool {
    if !value.bytes().any(|b| b"$({<#%[@}`_".contains(&b)) {
        return false;
    }
    ["${", "$(", "{{", "}}", "<%", "#{", "{%", "%{", "$[[", "[[", "@{", "$__"].iter().any(|open| value.contains(open))
        || value.starts_with('`')
        || wrapped(value, "%", "%")
        || wrapped(value, "((", "))")
        || wrapped(value, "__", "__")
        || wrapped(value, "@@", "@@")
        || wrapped(value, "@", "@")
        || is_verb(value)
        || value.starts_with("%(")
}

/// What a formatting call fills in: `%s`, `{}`.
fn is_verb(value: &str) -> bool {
    matches!(value, "{}" | "{0}" | "{1}" | "{2}" | "%s" | "%v" | "%q" | "%d" | "%1$s" | "%2$s" | "%@")
}

fn wrapped(value: &str, open: &str, close: &str) -> bool {
    let inner = value.strip_prefix(open).and_then(|v| v.strip_suffix(close));
    inner.is_some_and(|i| !i.is_empty() && i.chars().all(|c| c.is_alphanumeric() || "_-. /".contains(c)))
}

/// `$NAME`, `$$NAME`, `$env:NAME`, several of them joined, or `NAME_OF_IT` in capitals.
fn is_variable(value: &str) -> bool {
    if let Some(rest) = value.strip_prefix('$') {
        let rest = rest.trim_start_matches('$');
        let rest = rest.strip_prefix("env:").unwrap_or(rest);
        let name: &str = rest.split(['$', '/', ':', '@', '-', '.', '"', '[']).next().unwrap_or("");
        return name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            || rest.is_empty()
            || rest.len() == 1;
    }
    let words: Vec<&str> = value.split('_').collect();
    words.len() >= 2
        && words.iter().all(|w| w.len() >= 2 && w.bytes().all(|b| b.is_ascii_uppercase()))
        && words.iter().any(|w| w.len() >= 3)
}

static SCHEMES: WordSet = WordSet::new(
    "op:// vault: vault:// vault/ ref+ arn:aws awssm:// ssm: ssm:// gcpsm:// gsm:// azkv:// akv:// kms:// keyvault \
     @microsoft.keyvault infisical doppler:// bws:// keyring: keychain: enc[ enc( file: file:// env: env. env[ env( \
     var. local. data. module. each. process.env os.environ os.getenv system.getenv secrets. secret:// secret: \
     secretsmanager aws-secretsmanager sops from_secret inputs. matrix. steps. vars. params. parameters. lookup( \
     hiera( !vault !ref !sub !getatt !importvalue !reference !env !secret !file !! age-encryption.org projects/ \
     _env[ cmd: exec: prompt: resolve: k8s: k8s:// secretref: credentialsjson: pass: lpass: bao: conjur: akeyless: cyberark: credhub: urn: did:",
);

fn has_scheme(value: &str) -> bool {
    let head: String = value.chars().take(24).flat_map(char::to_lowercase).collect();
    if head.starts_with("projects/") {
        return value.contains("/secrets/");
    }
    // `pass:x` is also how openssl takes a literal; a path into the password store has a slash.
    if head.starts_with("pass:") {
        return value.contains('/');
    }
    SCHEMES.beginnings(&head).next().is_some()
}

/// `/run/secrets/x`, `./file`, `~/.pgpass`, `C:\x`.
fn is_path(value: &str) -> bool {
    // curl and many others read a file behind an `@`.
    let value = value.strip_prefix('@').filter(|path| path.starts_with('/')).unwrap_or(value);
    let rooted = ["./", "../", "~/"].iter().any(|start| value.starts_with(start));
    let bytes = value.as_bytes();
    let drive =
        bytes.len() > 3 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'\\' | b'/');
    rooted || drive || is_absolute_path(value)
}

/// A base64 text may begin with a slash too: a path has parts that read like names.
fn is_absolute_path(value: &str) -> bool {
    let Some(rest) = value.strip_prefix('/') else { return false };
    if rest.len() < 2 || value.contains(['+', '=', '!', '?', ' ']) {
        return rest.is_empty();
    }
    let longest = rest.split('/').max_by_key(|part| part.len()).unwrap_or("");
    !super::random::is_random(longest)
}

static ROOTS: WordSet = WordSet::new(
    "self this config cfg conf settings env options opts args argv params req request props ctx context state \
     values input inputs process os os2 secrets credentials creds user account data body form event spec app cli \
     flags secret auth model m c s cmd client server db database item items result res response session test obj \
     info node vault global outputs resource github random_password",
);

/// A call, an index, or a chain of names such as `self.password`.
fn is_code(value: &str) -> bool {
    let name_end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "_.:>-".contains(c))).unwrap_or(value.len());
    let (name, rest) = value.split_at(name_end);
    if name.len() >= 2 && (is_call(rest) || rest.starts_with('[') && rest.ends_with(']')) {
        return true;
    }
    if rest.is_empty() && (value.contains("->") || value.contains("::")) {
        // Tokens to join a cluster have colons, too.
        return !value.split("::").any(super::random::is_random);
    }
    if rest.is_empty() && is_cmdlet(name) {
        return true;
    }
    if !rest.is_empty() || !name.contains('.') {
        return false;
    }
    let mut parts = name.split('.');
    let root = parts.next().unwrap_or("");
    let names = name.split('.').all(|p| {
        p.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    });
    let last = name.rsplit('.').next().unwrap_or("");
    // `s.` begins a token of Vault, too.
    let name = last.len() < 20 || !super::random::is_random(last);
    names
        && name
        && (ROOTS.contains(root) || root.starts_with("random_") || super::key_kind(last) != super::KeyKind::None)
}

/// What PowerShell calls: `ConvertTo-SecureString`.
fn is_cmdlet(name: &str) -> bool {
    let Some((verb, noun)) = name.split_once('-') else { return false };
    let verbs = ["ConvertTo", "ConvertFrom", "Get", "New", "Read", "Import", "Invoke", "Select"];
    verbs.contains(&verb)
        && noun.starts_with(|c: char| c.is_ascii_uppercase())
        && noun.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Arguments in parentheses; what follows them goes on with the expression. A password may hold parentheses, too.
fn is_call(rest: &str) -> bool {
    let behind = rest.strip_prefix('(').and_then(|rest| rest.rsplit_once(')'));
    behind.is_some_and(|(_, behind)| behind.is_empty() || behind.starts_with(['.', ',', ';', ' ', '[', '?', ':', '}']))
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn references_are_told() {
        for value in [
            "${DB_PASSWORD}",
            "$DB_PASSWORD",
            "$(cat /run/secrets/x)",
            "%DB_PASSWORD%",
            "{{ .Values.password }}",
            "${{ secrets.TOKEN }}",
            "<%= ENV['X'] %>",
            "@Microsoft.KeyVault(SecretUri=x)",
            "op://vault/item/field",
            "vault:secret/data/app#password",
            "ref+vault://path",
            "arn:aws:secretsmanager:eu-west-1:1:secret:x",
            "projects/p/secrets/s/versions/latest",
            "ENC[AES256_GCM,data:x]",
            "!vault",
            "process.env.TOKEN",
            "os.environ['X']",
            "System.getenv(\"X\")",
            "/run/secrets/db_password",
            "./secrets/x.txt",
            "~/.pgpass",
            "var.password",
            "local.token",
            "data.x.y",
            "self.password",
            "get_secret('x')",
            "prefix-${X}-suffix",
            "DB_PASSWORD",
            "config.db.password",
            "C:\\keys\\x.pem",
            "$env:TOKEN",
            "$$PASSWORD",
            "random_password.db.result",
            "__TOKEN__",
            "((token))",
            "%(password)s",
            "`cat file`",
            "#{password}",
            "${var.x}",
        ] {
            assert!(is_reference(value), "{value}");
        }
    }

    #[test]
    fn literals_are_not() {
        for value in [
            "hunter2",
            "pa$$w0rd",
            "Tr0ub4dor&3",
            "admin",
            "a.b",
            "s3cr3t.value!",
            "x_y",
            "100%",
            "ABC_1",
            "P@ss(word",
            "correct-horse",
            "abc/def",
            "ADMIN",
            "",
            "p$ssw%rd",
        ] {
            assert!(!is_reference(value), "{value}");
        }
    }
}
