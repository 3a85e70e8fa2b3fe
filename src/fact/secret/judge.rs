//! The verdict on one literal value, with what is known of its key.

use super::identifier::{is_identifier, is_identifier_key, is_uuid};
use super::placeholder::is_placeholder;
use super::reference::is_reference;
use super::{KeyKind, decode, key_kind, known_prefix, random, weak};

/// What a literal value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Nothing there.
    #[default]
    Empty,
    /// It says where the secret is: a variable, a template, a path, a call.
    Reference,
    /// It marks where a secret will go, or is a vendor's published sample.
    Placeholder,
    /// A digest, an id, an address: public by nature.
    Identifier,
    /// Ordinary text.
    Plain,
    /// A password that everybody tries first.
    Weak,
    /// A password as people choose them.
    Human,
    /// Drawn at random, or a provider's token.
    Random,
}

impl Verdict {
    /// The name that rules see.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Empty => "empty",
            Verdict::Reference => "reference",
            Verdict::Placeholder => "placeholder",
            Verdict::Identifier => "identifier",
            Verdict::Plain => "plain",
            Verdict::Weak => "weak",
            Verdict::Human => "human",
            Verdict::Random => "random",
        }
    }

    /// Whether the value gives access to something.
    pub fn is_secret(self) -> bool {
        matches!(self, Verdict::Weak | Verdict::Human | Verdict::Random)
    }
}

/// What is known beside the value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The key it is assigned to; empty where there is none.
    pub key: &'a str,
    /// What the key promises; `None` lets the key decide.
    pub kind: Option<KeyKind>,
    /// The user whose password it may be.
    pub user: Option<&'a str>,
}

impl<'a> Context<'a> {
    /// A value under a key.
    pub fn key(key: &'a str) -> Self {
        Self { key, kind: None, user: None }
    }

    /// A password, whatever the key.
    pub fn password(user: Option<&'a str>) -> Self {
        Self { key: "", kind: Some(KeyKind::Password), user }
    }
}

/// No credential is longer.
const MOST: usize = 16 * 1024;

/// What the value is.
pub fn judge(value: &str, context: Context<'_>) -> Verdict {
    let value = unquote(value);
    let kind = context.kind.unwrap_or_else(|| key_kind(context.key));
    if value.is_empty() {
        return Verdict::Empty;
    }
    if value.len() > MOST {
        return Verdict::Plain;
    }
    if decode::pem_private_key(value).is_some() {
        return Verdict::Random;
    }
    if kind == KeyKind::Password && weak_digits(value) {
        return Verdict::Weak;
    }
    if kind.wants_judging() && is_noise(value) {
        return Verdict::Random;
    }
    if value.starts_with("eyJ") && decode::jwt(value).is_some_and(|jwt| jwt.sample) {
        return Verdict::Placeholder;
    }
    // A hash of a password begins with a dollar sign too.
    if is_identifier(value) {
        return Verdict::Identifier;
    }
    if is_reference(value) {
        return Verdict::Reference;
    }
    if is_placeholder(value) || decode::fails_checksum(value) {
        return Verdict::Placeholder;
    }
    if kind != KeyKind::Password && is_identifier_key(context.key) {
        return Verdict::Identifier;
    }
    judge_literal(value, kind, context.user)
}

fn judge_literal(value: &str, kind: KeyKind, user: Option<&str>) -> Verdict {
    let credential = matches!(kind, KeyKind::Password | KeyKind::Secret);
    if is_uuid(value) {
        return if credential { Verdict::Random } else { Verdict::Identifier };
    }
    if weak::is_weak(value, user) {
        return if kind != KeyKind::Secret || names_itself(value) { Verdict::Weak } else { Verdict::Plain };
    }
    if let Some(verdict) = decoded(value, kind, user) {
        return verdict;
    }
    let body = &value[known_prefix(value).len()..];
    let token = body.len() < value.len() && value.len() >= 20 && !reads_as_names(body);
    if token || is_random_section(value) {
        return Verdict::Random;
    }
    if kind == KeyKind::Password && is_human(value) { Verdict::Human } else { Verdict::Plain }
}

/// Base64 of a placeholder or of a weak password is one itself.
fn decoded(value: &str, kind: KeyKind, user: Option<&str>) -> Option<Verdict> {
    if value.len() < 8 || value.len() > 200 || !value.len().is_multiple_of(4) {
        return None;
    }
    let text = decode::base64_text(value)?;
    let text = text.trim();
    // Some tokens are JSON: braces round it are no sign of a blank to fill in.
    if text.starts_with("{\"") && text.ends_with('}') {
        return None;
    }
    if is_placeholder(text) || is_reference(text) {
        return Some(Verdict::Placeholder);
    }
    (kind == KeyKind::Password && text.is_ascii() && weak::is_weak(text, user)).then_some(Verdict::Weak)
}

/// A machine's secret that says `secret`, as tutorials set it; other words under such a key are names.
fn names_itself(value: &str) -> bool {
    let lower = value.to_lowercase();
    lower.len() > 6
        && lower.bytes().all(|b| b.is_ascii_alphanumeric())
        && ["secret", "password", "changeit", "passw0rd"].iter().any(|noun| lower.contains(noun))
}

/// `123456` as a password is the most common of all; elsewhere it is a placeholder.
fn weak_digits(value: &str) -> bool {
    value.len() <= 12 && value.bytes().all(|b| b.is_ascii_digit()) && weak::is_weak(value, None)
}

/// As frameworks draw their salts, from all that a keyboard has: no template or call holds so many marks.
fn is_noise(value: &str) -> bool {
    let filled_in = ["$(", "${", "{{", "`", "<%", "%{", "#{", "[["].iter().any(|open| value.starts_with(open));
    if filled_in || !(40..=100).contains(&value.len()) || value.split(' ').count() > 5 {
        return false;
    }
    if !value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
        return false;
    }
    let mut marks: Vec<u8> = value.bytes().filter(u8::is_ascii_punctuation).collect();
    marks.sort_unstable();
    marks.dedup();
    let digit = value.bytes().any(|b| b.is_ascii_digit());
    marks.len() >= 8 && digit && random::is_random(&value.replace(' ', ""))
}

/// Random as a whole, without blanks; not a name with one random part such as a pod's.
fn is_random_section(value: &str) -> bool {
    value.len() >= 10 && random::is_random(value) && !reads_as_names(value)
}

/// Several parts, most of which read as words: a path, an image, a pod, a chart version.
fn reads_as_names(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['-', '_', '.', '/', ':']).filter(|p| !p.is_empty()).collect();
    let worded: usize = parts.iter().filter(|p| is_word(p)).map(|p| p.len()).sum();
    parts.len() >= 2 && worded * 2 >= value.len()
}

fn is_word(part: &str) -> bool {
    part.len() >= 3 && part.bytes().all(|b| b.is_ascii_alphabetic()) && random::score(part).is_none_or(|s| s < 0.0)
}

/// What a person may have typed as a password: no blanks, no sentence, no code.
fn is_human(value: &str) -> bool {
    let count = value.chars().count();
    (3..=128).contains(&count)
        && !value.chars().any(|c| c.is_whitespace() || c.is_control())
        && value.chars().any(char::is_alphanumeric)
        && !value.ends_with([':', ';', '{', '(', '['])
        && !value.starts_with(['(', ')', ']', '}', '{', '[', '|', '&', '<', '>', '='])
}

/// Without blanks and one pair of quotes around.
fn unquote(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\'', '`'] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote)) {
            return inner.trim();
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::super::generate::expand;
    use super::*;

    fn under(key: &str, value: &str) -> Verdict {
        judge(&expand(value), Context::key(key))
    }

    #[test]
    fn passwords_people_choose_are_told_from_the_rest() {
        for value in ["hunter2", "Tr0ub4dor&3", "winterIsComing", "@@password@@", "s3cr#t!x", "blue-horse-41"] {
            assert_eq!(under("db_password", value), Verdict::Human, "{value}");
        }
        for value in ["postgres", "admin", "changeit", "password", "123456", "P@ssw0rd", "rootpassword"] {
            assert_eq!(under("DB_PASSWORD", value), Verdict::Weak, "{value}");
        }
        assert_eq!(under("password", "YWRtaW4="), Verdict::Weak);
        assert_eq!(under("password", "Q0hBTkdFTUUh"), Verdict::Placeholder);
        assert_eq!(judge("billing", Context::password(Some("billing"))), Verdict::Weak);
        assert_eq!(under("password", "must be eight letters or more"), Verdict::Plain);
        assert_eq!(under("password", ""), Verdict::Empty);
        assert_eq!(under("password", "\"\""), Verdict::Empty);
    }

    #[test]
    fn keys_need_randomness() {
        for value in
            ["@@random-hex-32@@", "@@random-base64-40@@", "@@random-alnum-20@@", "@@uuid@@", "@@github-token@@"]
        {
            assert_eq!(under("api_key", value), Verdict::Random, "{value}");
        }
        for value in ["my-service", "production", "kubernetes.io/tls", "AWSCURRENT", "secret"] {
            assert_eq!(under("secret", value), Verdict::Plain, "{value}");
        }
        assert_eq!(under("JWT_SECRET", "supersecret"), Verdict::Weak);
    }

    #[test]
    fn salts_of_frameworks_are_random_and_templates_are_not() {
        let salt = concat!("k3]W-e{Tq9=v ^Lz@2h#M8|r$fB!0uY;", "n~Xc6&aD}7s%PjG(5o*iE+1x<4tK_w?Q");
        assert_eq!(under("AUTH_SALT", salt), Verdict::Random);
        let key = concat!("f(j)8#2k$m!q^9x&v@w*z3-", "h=r+t5_y%n7b1c4d6g0a(e)l)p");
        assert_eq!(under("SECRET_KEY", key), Verdict::Random);
        let template = "{{ lookup('env', \"DB_PASSWORD\") | default('x', true) | b64encode }}";
        assert_eq!(under("password", template), Verdict::Reference);
        assert_eq!(under("API_KEY", "$(openssl rand -base64 45 | tr -d '/+=')"), Verdict::Reference);
    }

    #[test]
    fn tokens_of_json_are_tokens() {
        use base64::Engine as _;
        let token = expand("{\"k\":\"@@random-alnum-32@@\",\"n\":\"ci\",\"id\":1}");
        let token = base64::engine::general_purpose::STANDARD.encode(token);
        assert_eq!(judge(&token, Context::key("API_TOKEN")), Verdict::Random);
    }

    #[test]
    fn references_and_placeholders_come_first() {
        assert_eq!(under("password", "${DB_PASSWORD}"), Verdict::Reference);
        assert_eq!(under("password", "'{{ vault.password }}'"), Verdict::Reference);
        assert_eq!(under("password", "<password>"), Verdict::Placeholder);
        assert_eq!(under("password", "changeme"), Verdict::Placeholder);
        assert_eq!(under("password", "$2y$10$@@random-alnum-53@@"), Verdict::Identifier);
        assert_eq!(under("token", "sha256:@@random-hex-64@@"), Verdict::Identifier);
        assert_eq!(under("GPG_KEY", "@@random-hex-40@@"), Verdict::Identifier);
        assert_eq!(under("request_id", "@@uuid@@"), Verdict::Identifier);
        assert_eq!(under("private_key", "@@private-key@@"), Verdict::Random);
    }

    #[test]
    fn huge_values_are_plain() {
        assert_eq!(under("password", &"aZ4".repeat(500_000)), Verdict::Plain);
    }
}
