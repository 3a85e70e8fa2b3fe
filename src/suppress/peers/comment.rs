//! Comments that a tool reads in the comments of a language.

use super::{Asked, Ids, Over, names};
use crate::syntax::Kind;

const HADOLINT: &[&str] = &["hadolint", "shellcheck"];
const DOCKER: &[&str] = &["docker"];
const TALLY: &[&str] = &["tally", "docker", "hadolint", "shellcheck"];
const SHELLCHECK: &[&str] = &["shellcheck"];
const TRIVY: &[&str] = &["trivy"];
const CHECKOV: &[&str] = &["checkov"];
const ZIZMOR: &[&str] = &["zizmor"];
const DCLINT: &[&str] = &["dclint"];

/// What a comment says, from its first word on. `top` tells whether it stands where those have to that speak of the
/// whole file: among a Dockerfile's parser directives, in the first line of YAML.
pub(in crate::suppress) fn read(text: &str, kind: Kind, top: bool) -> Vec<Asked> {
    let text = text.lines().next().unwrap_or("").trim();
    if text.contains(":skip=") {
        return checkov(text, kind).into_iter().collect();
    }
    if text.contains("trivy:ignore:") || text.contains("tfsec:ignore:") {
        return trivy(text);
    }
    let found = match kind {
        Kind::Dockerfile => {
            hadolint(text).or_else(|| tally(text)).or_else(|| docker(text, top)).or_else(|| shellcheck(text))
        }
        Kind::Shell => shellcheck(text),
        kind if kind.is_yaml() => zizmor(text).or_else(|| dclint(text, top)),
        _ => None,
    };
    found.into_iter().collect()
}

/// `hadolint [global|stage] ignore=A,B # reason`; anything else behind the names makes hadolint deaf.
fn hadolint(text: &str) -> Option<Asked> {
    let rest = text.strip_prefix("hadolint")?;
    let rest = rest.strip_prefix(char::is_whitespace)?.trim_start();
    let (over, rest) = [("global", Over::File), ("stage", Over::Stage)]
        .into_iter()
        .find_map(|(word, over)| Some((over, rest.strip_prefix(word)?.trim_start())))
        .unwrap_or((Over::Following, rest));
    let list = rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
    let (list, reason) = list.split_once('#').unwrap_or((list, ""));
    let ids: Vec<String> = list.split(',').map(|id| id.trim().to_owned()).collect();
    let plain = |id: &String| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
    ids.iter().all(plain).then(|| Asked::new(HADOLINT, Ids::Named(ids.clone()), over).because(reason))
}

/// `tally [global] ignore=A,B;reason=why`
fn tally(text: &str) -> Option<Asked> {
    let rest = text.strip_prefix("tally")?.strip_prefix(char::is_whitespace)?.trim_start();
    let (over, rest) = match rest.strip_prefix("global") {
        Some(rest) => (Over::File, rest.trim_start()),
        None => (Over::Own, rest),
    };
    let list = rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
    let (list, more) = list.split_once(';').unwrap_or((list, ""));
    let reason = more.trim().strip_prefix("reason=").unwrap_or("");
    Some(Asked::new(TALLY, ids_or_all(list), over).because(reason))
}

/// `check=skip=A,B;error=true`, a directive of BuildKit's.
fn docker(text: &str, top: bool) -> Option<Asked> {
    let (key, value) = text.split_once('=')?;
    if !top || !key.trim().eq_ignore_ascii_case("check") {
        return None;
    }
    let skip = value.split(';').find_map(|part| part.trim().strip_prefix("skip="))?;
    Some(Asked::new(DOCKER, ids_or_all(skip), Over::File))
}

fn ids_or_all(list: &str) -> Ids {
    let ids = names(list);
    if ids.iter().any(|id| id == "all") { Ids::All } else { Ids::Named(ids) }
}

/// `shellcheck disable=SC2086,SC2046 # why`
fn shellcheck(text: &str) -> Option<Asked> {
    let rest = text.strip_prefix("shellcheck")?.strip_prefix(char::is_whitespace)?;
    let list = rest.split_whitespace().find_map(|word| word.strip_prefix("disable="))?;
    let reason = rest.split_once('#').map_or("", |(_, reason)| reason);
    Some(Asked::new(SHELLCHECK, ids_or_all(list), Over::Own).because(reason))
}

/// `checkov:skip=CKV_K8S_1,CKV_K8S_2:reason`, also as Bridgecrew and Cortex.
fn checkov(text: &str, kind: Kind) -> Option<Asked> {
    let rest = ["checkov:skip=", "bridgecrew:skip=", "cortex:skip="]
        .into_iter()
        .find_map(|mark| text.split_once(mark).map(|(_, rest)| rest.trim_start()))?;
    let len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | ',' | ' '))).unwrap_or(rest.len());
    let (list, reason) = rest.split_at(len);
    // Blanks only count between the names.
    let ids: Vec<String> = list.split(',').filter_map(|id| id.split_whitespace().next()).map(str::to_owned).collect();
    let over = if kind == Kind::Dockerfile { Over::File } else { Over::Block };
    let reason = reason.strip_prefix(':').unwrap_or("");
    (!ids.is_empty()).then(|| Asked::new(CHECKOV, Ids::Named(ids), over).because(reason))
}

/// `trivy:ignore:AVD-DS-0002:exp:2026-01-31`, several in a comment; `*` for all. What is tied to a workspace or to
/// attributes is about other files than ours.
fn trivy(text: &str) -> Vec<Asked> {
    let marks = text.match_indices(":ignore:").filter(|(at, _)| {
        let tool = &text[..*at];
        tool.ends_with("trivy") || tool.ends_with("tfsec")
    });
    let one = |(at, mark): (usize, &str)| {
        let rest = text[at + mark.len()..].split_whitespace().next().unwrap_or("");
        let mut parts = rest.split(':');
        let id = parts.next().unwrap_or("");
        let parts: Vec<&str> = parts.collect();
        let (mut until, mut other) = (None, id.is_empty() || id.contains('['));
        for pair in parts.chunks(2) {
            match pair {
                ["exp", day] => match day.parse() {
                    Ok(day) => until = Some(day),
                    Err(_) => other = true,
                },
                _ => other = true,
            }
        }
        let ids = if id == "*" { Ids::All } else { Ids::Named(vec![avd(id)]) };
        (!other).then(|| Asked { until, ..Asked::new(TRIVY, ids, Over::Own) })
    };
    marks.filter_map(one).collect()
}

/// `AVD-DS-0002` and `DS002` are `DS-0002`.
fn avd(id: &str) -> String {
    let id = id.strip_prefix("AVD-").unwrap_or(id);
    let at = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    match (id[..at].trim_end_matches('-'), id[at..].parse::<u32>()) {
        (letters, Ok(number)) => format!("{letters}-{number:04}"),
        _ => id.to_owned(),
    }
}

/// `zizmor: ignore[artipacked,ref-confusion] reason`
fn zizmor(text: &str) -> Option<Asked> {
    let rest = text.split_once("zizmor:")?.1.trim_start();
    let (list, reason) = rest.strip_prefix("ignore[")?.split_once(']')?;
    Some(Asked::new(ZIZMOR, Ids::Named(names(list)), Over::Step).because(reason))
}

/// `dclint disable-line [rule …]`; in the first line `dclint disable [rule …]` and `dclint disable-file`.
fn dclint(text: &str, top: bool) -> Option<Asked> {
    let rest = text.strip_prefix("dclint")?.strip_prefix(char::is_whitespace)?.trim_start();
    let (word, list) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let over = match word {
        "disable-line" => Over::Line,
        "disable" | "disable-file" if top => Over::File,
        _ => return None,
    };
    let ids = names(list);
    let ids = if ids.is_empty() || word == "disable-file" { Ids::All } else { Ids::Named(ids) };
    Some(Asked::new(DCLINT, ids, over))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `tool ids over reason until` of a comment.
    fn said(kind: Kind, text: &str) -> String {
        let found = read(text, kind, true).into_iter().map(|asked| {
            let ids = match asked.ids {
                Ids::Named(ids) => ids.join(","),
                other => format!("{other:?}"),
            };
            let until = asked.until.map_or(String::new(), |day| format!(" {day}"));
            format!("{} {ids} {:?} {}{until}", asked.tools[0], asked.over, asked.reason.unwrap_or_default())
        });
        found.collect::<Vec<_>>().join("|").trim().to_owned()
    }

    #[test]
    fn in_dockerfiles() {
        for (text, expected) in [
            ("hadolint ignore=DL3003,SC1035 # why", "hadolint DL3003,SC1035 Following why"),
            ("hadolint   ignore = DL3007 , DL3006", "hadolint DL3007,DL3006 Following"),
            ("hadolint ignore=DL3007 why", ""),
            ("hadolint global ignore=DL3003", "hadolint DL3003 File"),
            ("hadolint stage ignore=DL3003", "hadolint DL3003 Stage"),
            ("hadolint shell=/bin/bash", ""),
            ("HADOLINT ignore=DL3007", ""),
            (
                "check=skip=JSONArgsRecommended,StageNameCasing;error=true",
                "docker JSONArgsRecommended,StageNameCasing File",
            ),
            ("CHECK = error=true; skip=all", "docker All File"),
            ("check=error=true", ""),
            ("tally ignore=StageNameCasing,DL3006;reason=old base", "tally StageNameCasing,DL3006 Own old base"),
            ("tally global ignore=all", "tally All File"),
            ("shellcheck disable=SC2086,SC2046 # it is so", "shellcheck SC2086,SC2046 Own it is so"),
            ("checkov:skip=CKV_DOCKER_2:no daemon", "checkov CKV_DOCKER_2 File no daemon"),
            ("bridgecrew:skip=CKV_DOCKER_2, CKV_DOCKER_3 : both", "checkov CKV_DOCKER_2,CKV_DOCKER_3 File both"),
            ("cortex:skip= CKV_DOCKER_2", "checkov CKV_DOCKER_2 File"),
            ("trivy:ignore:AVD-DS-0002", "trivy DS-0002 Own"),
            ("trivy:ignore:DS002:exp:2026-01-31 trivy:ignore:*", "trivy DS-0002 Own  2026-01-31|trivy All Own"),
            ("trivy:ignore:AVD-DS-0002:ws:dev-*", ""),
            ("trivy:ignore:AVD-DS-0002[name=x]", ""),
            ("tfsec:ignore:DS-0002", "trivy DS-0002 Own"),
            ("zizmor: ignore[artipacked]", ""),
            ("just words", ""),
        ] {
            assert_eq!(said(Kind::Dockerfile, text), expected, "{text}");
        }
    }

    #[test]
    fn in_yaml() {
        for (text, expected) in [
            ("zizmor: ignore[artipacked,ref-confusion] pinned", "zizmor artipacked,ref-confusion Step pinned"),
            ("why zizmor: ignore[artipacked]", "zizmor artipacked Step"),
            ("zizmor: ignore", ""),
            ("checkov:skip=CKV_K8S_20:reason: it is", "checkov CKV_K8S_20 Block reason: it is"),
            ("trivy:ignore:KSV012", "trivy KSV-0012 Own"),
            (
                "dclint disable-line service-image-require-explicit-tag",
                "dclint service-image-require-explicit-tag Line",
            ),
            ("dclint disable a b", "dclint a,b File"),
            ("dclint disable-file", "dclint All File"),
            ("hadolint ignore=DL3007", ""),
        ] {
            assert_eq!(said(Kind::YamlOther, text), expected, "{text}");
        }
        assert_eq!(read("dclint disable-file", Kind::Compose, false), []);
        assert_eq!(read("check=skip=all", Kind::Dockerfile, false), []);
        assert_eq!(said(Kind::Shell, "shellcheck disable=SC2086"), "shellcheck SC2086 Own");
        assert_eq!(said(Kind::Shell, "shellcheck source=/dev/null"), "");
    }
}
