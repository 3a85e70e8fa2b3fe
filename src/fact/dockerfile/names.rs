//! Names of variables that say that the value is a secret.

const WORDS: &[&str] =
    &["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// Words beside them that say it is something else.
const HARMLESS: &[&str] = &[
    "public",
    "pub",
    "file",
    "files",
    "version",
    "path",
    "dir",
    "url",
    "uri",
    "id",
    "name",
    "names",
    "type",
    "size",
    "alg",
    "algorithm",
    "username",
    "user",
    "length",
    "len",
    "expiry",
    "expires",
    "ttl",
    "server",
    "servers",
    "keyserver",
    "dummy",
    "enabled",
    "disabled",
    "endpoint",
    "host",
    "fingerprint",
    "mode",
    "method",
    "prefix",
    "header",
    "domain",
    "issuer",
];

const KNOWN: &[&str] = &[
    "ACCESS_TOKEN",
    "APPLICATION_KEY",
    "APP_SECRET",
    "AUTH_TOKEN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "BITTREX_API_KEY",
    "BITTREX_API_SECRET",
    "CF_PASSWORD",
    "CIRCLE_TOKEN",
    "CI_DEPLOY_PASSWORD",
    "DOCKERHUB_PASSWORD",
    "DOCKER_PASSWORD",
    "FACEBOOK_ACCESS_TOKEN",
    "FACEBOOK_APP_SECRET",
    "FIREBASE_API_TOKEN",
    "FIREBASE_TOKEN",
    "FOSSA_API_KEY",
    "GH_ENTERPRISE_TOKEN",
    "GH_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
    "GITHUB_TOKEN",
    "HEROKU_API_KEY",
    "NPM_AUTH_TOKEN",
    "NPM_TOKEN",
    "OKTA_CLIENT_TOKEN",
    "OKTA_OAUTH2_CLIENTSECRET",
    "OPENAI_API_KEY",
    "OS_PASSWORD",
    "POSTGRES_PASSWORD",
    "SLACK_TOKEN",
    "STRIPE_API_KEY",
    "TRAVIS_SECURE_ENV_VARS",
    "VAULT_CLIENT_KEY",
    "VAULT_TOKEN",
];

/// Whether a variable of that name holds a secret; the value tells keys that are none.
pub(super) fn secret_shaped(name: &str, value: &str) -> bool {
    if KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return true;
    }
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split('_').filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| HARMLESS.contains(word)) || !words.iter().any(|word| WORDS.contains(word)) {
        return false;
    }
    // `GPG_KEY` is the fingerprint of a public key, by the convention of the official images.
    let fingerprint = value.len() >= 16 && value.bytes().all(|b| b.is_ascii_hexdigit()) && words.contains(&"key");
    let signing = words.contains(&"gpg") || words.contains(&"pgp");
    !fingerprint && !signing && !is_switch(value)
}

/// `ALLOW_EMPTY_PASSWORD=yes` and the like switch something; they hold no secret.
fn is_switch(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "0" | "1" | "none")
}

#[cfg(test)]
mod tests {
    use super::secret_shaped;

    #[test]
    fn names_that_hold_secrets_and_names_that_do_not() {
        for name in ["DB_PASSWORD", "apiKEY", "GITHUB_TOKEN", "AWS_ACCESS_KEY_ID", "X_AUTH", "SECRET_KEY_BASE", "token"]
        {
            assert!(secret_shaped(name, "abc"), "{name}");
        }
        for name in [
            "PUBLIC_KEY",
            "TOKEN_FILE",
            "KEY_PATH",
            "AUTHOR",
            "MONKEY",
            "DB_USERNAME",
            "SECRET_KEY_BASE_DUMMY",
            "GPG_KEYS",
        ] {
            assert!(!secret_shaped(name, "abc"), "{name}");
        }
        assert!(!secret_shaped("RELEASE_KEY", &"0123456789ABCDEF".repeat(2)));
        assert!(!secret_shaped("ALLOW_EMPTY_PASSWORD", "yes"));
    }
}
