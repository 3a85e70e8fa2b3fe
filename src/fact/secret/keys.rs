//! What the name of a key says about its value.

use super::words::{WordSet, Words};
use aho_corasick::AhoCorasick;
use std::sync::OnceLock;

/// What kind of value a key's name promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// A password, which people choose: any literal counts.
    Password,
    /// A key, token or other credential, which machines choose: only what looks random counts.
    Secret,
    /// It speaks of secrets but holds none: a file name, a length, the name of a Secret object.
    NotSecret,
    /// It says nothing about secrets.
    #[default]
    None,
}

impl KeyKind {
    /// The name that rules see.
    pub fn as_str(self) -> &'static str {
        match self {
            KeyKind::Password => "password",
            KeyKind::Secret => "secret",
            KeyKind::NotSecret => "not-secret",
            KeyKind::None => "none",
        }
    }

    /// Whether a literal value may be a credential.
    pub fn wants_judging(self) -> bool {
        matches!(self, KeyKind::Password | KeyKind::Secret)
    }
}

static PASSWORD: WordSet = WordSet::new(
    "password passwd passwort pwd passphrase passcode passwords psk pw pass requirepass masterauth userpassword \
     dbpassword bindpw rootpw pgpassword keypass storepass sshpass motdepasse contraseña senha",
);

/// Words that name a secret by themselves.
static SECRET: WordSet = WordSet::new(
    "secret secrets token tokens apikey apikeys accesskey secretkey privatekey authtoken accesstoken clientsecret \
     authkey signingkey encryptionkey masterkey appkey credential credentials creds bearer jwt sas accountkey \
     sharedkey apisecret apitoken licensekey secretaccesskey passkey",
);

/// Words that make `key` (or `keys`, `cookie`, `auth`, `salt`) a secret when they stand before it.
static BEFORE_KEY: WordSet = WordSet::new(
    "api access secret private signing encryption encrypt decryption master auth client account shared storage \
     service app application consumer hmac webhook deploy admin license jwt session cipher aes rsa ssh tls ssl \
     crypto security integration ingest ingestion write functions function subscription instrumentation server bot \
     fernet sec routing validation vault unseal kms data project install rest sdk gateway host hub user root preshared authorization \
     signature sign crypt wallet openai stripe sendgrid mailgun datadog dd newrelic algolia anthropic github gitlab \
     aws azure gcp google slack twilio sentry cloudflare heroku npm grafana splunk pagerduty mapbox segment \
     amplitude honeycomb fastly dropbox okta auth0 launchdarkly rollbar bugsnag airtable",
);

/// After the secret word: the value is about the secret, not the secret.
static ABOUT: WordSet = WordSet::new(
    "file files filename path paths dir directory folder location name names id ids ref refs reference ttl expiry \
     expires expire expiration length len size count limit limits budget max min rotation rotate policy policies \
     type types algorithm alg algo header headers field fields url uri urls endpoint host pub public enabled enable \
     disabled required manager store stores provider providers class keyid version versions hint reset prompt \
     validator validation regex pattern format arn env var variable label placeholder description desc title \
     message msg error template prefix suffix index lookup source mount mountpath volume selector annotation \
     annotations hash hashed hashes hashing digest checksum fingerprint strength change changed update updated age \
     history lifetime timeout scope scopes issuer audience service request response generator encoder encoding \
     encrypted input auth grant exchange usage metadata config helper command cmd script rules rule complexity \
     duration interval days hours minutes seconds schema mode method namespace engine backend permissions \
     permission cache budgets window per bucket object property attribute param parameter option options group role \
     username account address addresses link page form view route handler callback sync operator driver csi scan scanner scanning \
     detection separator delimiter position offset start end status state exists valid invalid set saltlength \
     iterations rounds cost kind list map table column section docs doc",
);

/// Before the secret word, right beside it.
static DENIED_BEFORE: WordSet = WordSet::new(
    "hashed public pub max min num no without has is use uses using enable disable require requires allow existing pull \
     reset forgot change update rotate csrf xsrf total prompt completion input output cached stop pad eos bos unk \
     generate create show hide get need needs skip ignore page next continuation pagination design primary foreign \
     cache sort partition mount automount sealed external expected missing",
);

/// After the secret word without changing what it is: which one of several.
static QUALIFIER: WordSet = WordSet::new(
    "prod production staging stage stg dev development test testing qa uat old new current previous prev value \
     default admin root main master primary secondary live plain plaintext text cleartext string base64 b64 1st 2nd \
     backup local a b ro rw readonly replica confirm confirmation repeat again",
);

/// Whether the last word of a name says that the value is about a secret: its file, its length, its name.
pub fn is_about(word: &str) -> bool {
    ABOUT.contains(word)
}

/// What the name promises. Whole words count, and the words beside them may say no.
pub fn key_kind(name: &str) -> KeyKind {
    if name.len() > 200 || !may_say_something(name) {
        return KeyKind::None;
    }
    let words = Words::of(name);
    // `PASS: 12 tests` is a result, `NOPASSWD: ALL` a right.
    if name == "PASS" || words.iter().any(|w| w == "nopasswd") {
        return KeyKind::NotSecret;
    }
    let Some((at, kind, taken)) = last_term(&words) else { return KeyKind::None };
    let after = || words.iter().skip(at + 1);
    let before = at.checked_sub(taken).and_then(|i| words.get(i));
    if before.is_some_and(|w| DENIED_BEFORE.contains(w)) || before == Some("password") && words.get(at) == Some("token")
    {
        return KeyKind::NotSecret;
    }
    if after().any(|w| ABOUT.contains(w) || w.starts_with("key")) {
        return KeyKind::NotSecret;
    }
    let qualified = after().all(|w| QUALIFIER.contains(w) || w.bytes().all(|b| b.is_ascii_digit()));
    match kind {
        KeyKind::Password if !qualified => KeyKind::Secret,
        kind => kind,
    }
}

/// Parts of names without which they say nothing; in ASCII nearly all names of a manifest have none.
const PARTS: [&str; 22] = [
    "pas",
    "pw",
    "psk",
    "secret",
    "token",
    "key",
    "auth",
    "cred",
    "bearer",
    "jwt",
    "sas",
    "salt",
    "cookie",
    "code",
    "url",
    "string",
    "dsn",
    "motdepasse",
    "contrase",
    "senha",
    "nopasswd",
    "phrase",
];

/// Whether a secret word may be in a name.
fn may_say_something(name: &str) -> bool {
    static FOUND: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let build = || AhoCorasick::builder().ascii_case_insensitive(true).build(PARTS).ok();
    !name.is_ascii() || FOUND.get_or_init(build).as_ref().is_none_or(|parts| parts.is_match(name))
}

/// The last secret word: where, of which kind, and how many words it takes.
fn last_term(words: &Words) -> Option<(usize, KeyKind, usize)> {
    let is_last = |at: usize| words.get(at + 1).is_none();
    words.iter().enumerate().rev().find_map(|(at, word)| {
        let before = at.checked_sub(1).and_then(|i| words.get(i)).unwrap_or_default();
        let only_last = matches!(word, "pass" | "pw");
        let is_password = PASSWORD.contains(word)
            || ["password", "passwd", "passphrase"].iter().any(|end| word.ends_with(end))
            || word == "code" && before == "pin";
        if is_password && (!only_last || is_last(at)) {
            return Some((at, KeyKind::Password, if word == "code" { 2 } else { 1 }));
        }
        let long = ["token", "secret", "apikey", "secretkey", "accesskey"];
        if SECRET.contains(word) || long.iter().any(|end| word.len() > end.len() && word.ends_with(end)) {
            return Some((at, KeyKind::Secret, 1));
        }
        let pair = match word {
            "key" | "keys" => BEFORE_KEY.contains(before),
            "salt" => matches!(before, "secret" | "auth" | "nonce" | "password" | "logged" | "security" | "hash"),
            "cookie" => matches!(before, "erlang" | "session" | "auth"),
            "url" => before == "webhook",
            "string" => before == "connection",
            "dsn" => true,
            "auth" => at > 0 && is_last(at),
            _ => false,
        };
        pair.then_some((at, KeyKind::Secret, 2))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_told_by_their_last_words() {
        for name in [
            "password",
            "DB_PASSWORD",
            "spring.datasource.password",
            "dbPassword",
            "MYSQL_ROOT_PASSWORD",
            "mysqlpassword",
            "POSTGRES_PWD",
            "SMTP_PASS",
            "smtp-passwd",
            "keyPassphrase",
            "ansible_become_pass",
            "PASSWORD_PROD",
            "wifi_psk",
            "redis.requirepass",
            "password1",
            "adminPw",
            "PGPASSWORD",
            "Pin Code",
            "ansible_ssh_pass",
            "master_user_password",
            "Password (staging)",
        ] {
            assert_eq!(key_kind(name), KeyKind::Password, "{name}");
        }
    }

    #[test]
    fn keys_tokens_and_secrets_are_credentials() {
        for name in [
            "api_key",
            "apiKey",
            "APIKEY",
            "AWS_SECRET_ACCESS_KEY",
            "client-secret",
            "token",
            "githubToken",
            "auth_token",
            "X-Api-Key",
            "signing_key",
            "DJANGO_SECRET_KEY",
            "credentials",
            "stripe.secret",
            "private_key",
            "SENTRY_DSN",
            "connectionString",
            "SLACK_WEBHOOK_URL",
            "NPM_AUTH",
            "jwtSecret",
            "RABBITMQ_ERLANG_COOKIE",
            "encryptionKey",
            "DATADOG_API_KEY",
            "accessToken",
            "storage_account_key",
            "APP_KEY",
            "_authToken",
            "botToken",
        ] {
            assert_eq!(key_kind(name), KeyKind::Secret, "{name}");
        }
    }

    #[test]
    fn no_secret_word_lacks_its_part() {
        let ends = "password passwd passphrase token secret apikey secretkey accesskey";
        let others = "code key keys salt cookie url string dsn auth PASS nopasswd";
        let words = |set: &'static WordSet| set.words();
        let rest = ends.split(' ').chain(others.split(' '));
        for word in words(&PASSWORD).chain(words(&SECRET)).chain(rest) {
            assert!(may_say_something(word), "{word}");
        }
        assert!(!may_say_something("replicas"));
    }

    #[test]
    fn neighbours_say_no() {
        for name in [
            "password_file",
            "passwordFile",
            "POSTGRES_PASSWORD_FILE",
            "secretName",
            "existingSecret",
            "secretKeyRef",
            "token_ttl",
            "maxTokens",
            "tokenBudget",
            "csrf_token",
            "public_key_token_type",
            "secretStore",
            "password-policy",
            "AWS_ACCESS_KEY_ID",
            "passwordHash",
            "tokenUrl",
            "api_key_header",
            "imagePullSecrets",
            "auth_token_path",
            "usePassword",
            "secretRef",
            "password_min_length",
            "prompt_tokens",
            "secretProviderClass",
            "next_page_token",
            "NOPASSWD",
            "PASS",
            "passwordKey",
            "token-expiry",
            "secretArn",
            "secrets-manager",
            "input_tokens",
        ] {
            assert_eq!(key_kind(name), KeyKind::NotSecret, "{name}");
        }
    }

    #[test]
    fn other_names_say_nothing() {
        for name in [
            "key",
            "primary_key",
            "cache-key",
            "sortKey",
            "username",
            "passenger",
            "compass",
            "author",
            "monkey",
            "keyword",
            "passing",
            "tokenizer",
            "secretary",
            "pwm",
            "bypass_list",
            "authentication",
            "image",
            "cookie",
            "",
            "hotkeys",
            "pass_through",
            "foreign key",
        ] {
            assert_eq!(key_kind(name), KeyKind::None, "{name}");
        }
        assert_eq!(key_kind(&"password".repeat(1000)), KeyKind::None);
    }
}
