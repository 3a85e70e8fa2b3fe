use super::*;
use crate::fact::secret::generate::expand;
use std::time::{Duration, Instant};

fn spec(group: usize, keyword: &str, regex: &str, judge: Judge) -> Spec {
    Spec { group, keywords: vec![keyword.into()], regex: regex.into(), judge, ..Spec::default() }
}

fn matcher() -> Matcher {
    Matcher::new(vec![
        spec(0, "ghp_", r"\bghp_[0-9A-Za-z]{36}\b", Judge::Checksum),
        spec(1, "akia", r"\bAKIA[A-Z2-7]{16}\b", Judge::AwsKeyId),
        spec(2, "private key-----", r"(?s)-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.+?-----END", Judge::Pem),
        spec(3, "eyj", r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}", Judge::Jwt),
        Spec { capture: 1, near: vec!["twilio".into()], ..spec(4, "sk", r"\b(SK[0-9a-f]{32})\b", Judge::Random) },
        spec(5, "sk-", r"\bsk-[A-Za-z0-9]{20,}", Judge::Token),
        spec(5, "sk-ant-", r"\bsk-ant-[\w-]{20,120}", Judge::Token),
    ])
    .unwrap()
}

fn found(text: &str) -> Vec<String> {
    matcher().find(text).iter().map(|h| format!("{} {}", h.pattern, &text[h.span.clone()])).collect()
}

#[test]
fn tokens_are_found_where_they_stand_and_judged() {
    let token = expand("@@github-token@@");
    let text = format!("é {token}, GHP_ {token}x {}", expand("@@token:ghp_{alnum:36}@@"));
    assert_eq!(found(&text), [format!("0 {token}")]);
    let id = expand("@@aws-key-id@@");
    assert_eq!(found(&format!("a={id}\nb={}EXAMPLE xAKIA", &id[..13])), [format!("1 {id}")]);
    let hits = matcher().find(&text);
    assert_eq!(hits[0].value.to_string(), "ghp_…");
}

#[test]
fn a_key_of_many_lines_shows_its_first() {
    let text = expand("x:\n  @@private-key@@\ny: @@public-key@@\n");
    let begin = concat!("-----BE", "GIN RSA PRIVATE KEY-----");
    assert_eq!(found(&text), [format!("2 {begin}")]);
    let hit = &matcher().find(&text)[0];
    assert!(hit.secret.len() > 1000 && hit.span.start == hit.secret.start);
    assert_eq!(found(&expand("k = \"@@private-key-line@@\"")).len(), 1);
    assert_eq!(found(&expand("@@encrypted-private-key@@")).len(), 0);
}

#[test]
fn near_words_are_wanted_and_groups_report_once() {
    let value = expand("SK@@random-hex-32@@");
    assert_eq!(found(&value).len(), 0);
    assert_eq!(found(&format!("TWILIO_KEY={value}")), [format!("4 {value}")]);
    assert_eq!(found(&expand("@@anthropic-key@@")).len(), 1);
    assert_eq!(found(&expand("@@jwt@@")).len(), 1);
}

#[test]
fn hostile_lines_take_linear_time() {
    let start = Instant::now();
    for piece in
        ["sk-", "ghp_", "eyJhbGci.", "-----", "AKIA", "\u{e9}", "a:", concat!("-----BE", "GIN PRIVATE KEY-----")]
    {
        let text = piece.repeat(10_000_000 / piece.len());
        assert_eq!(found(&text).len(), 0);
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
