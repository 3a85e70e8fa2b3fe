//! A peer's SARIF report as far as a comparison needs it: who says which of its rules where.

use crate::text::Source;
use serde::Deserialize;
use std::collections::HashMap;

/// All that a report tells.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// The tools behind its runs, as they call themselves.
    pub(super) tools: Vec<Tool>,
    pub(super) results: Vec<PeerResult>,
    /// Results that the peer itself does not count: suppressed, passed, or gone.
    pub(super) left_out: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) version: String,
}

/// One finding of the peer. Its message is not kept: it may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PeerResult {
    /// The number of its tool.
    pub(super) tool: usize,
    pub(super) id: String,
    /// The file as it is written, below the base that it names.
    pub(super) uri: String,
    /// First and last line; none where the finding is about the file.
    pub(super) lines: Option<(u32, u32)>,
}

#[derive(Deserialize)]
struct Log {
    version: Option<String>,
    runs: Option<Vec<Run>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: WrittenTool,
    results: Option<Vec<Written>>,
    #[serde(default)]
    artifacts: Vec<Artifact>,
    #[serde(default)]
    original_uri_base_ids: HashMap<String, ArtifactLocation>,
}

#[derive(Deserialize)]
struct WrittenTool {
    driver: Component,
    #[serde(default)]
    extensions: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Component {
    #[serde(default)]
    name: String,
    version: Option<String>,
    semantic_version: Option<String>,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    #[serde(default)]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    rule_id: Option<String>,
    rule_index: Option<i64>,
    rule: Option<RuleReference>,
    kind: Option<String>,
    baseline_state: Option<String>,
    #[serde(default)]
    suppressions: Option<Vec<Suppression>>,
    #[serde(default)]
    locations: Vec<Location>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RuleReference {
    id: Option<String>,
    index: Option<i64>,
    tool_component: Option<ComponentReference>,
}

#[derive(Deserialize)]
struct ComponentReference {
    index: Option<i64>,
}

#[derive(Deserialize)]
struct Suppression {
    status: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(default)]
    physical_location: Option<PhysicalLocation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Option<ArtifactLocation>,
    region: Option<Region>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: Option<String>,
    uri_base_id: Option<String>,
    index: Option<i64>,
}

#[derive(Deserialize)]
struct Artifact {
    location: Option<ArtifactLocation>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: Option<i64>,
    end_line: Option<i64>,
}

/// Reads a report.
///
/// # Errors
/// `LINE:COLUMN: sentence` of what is no SARIF in it.
pub(super) fn read(source: &Source) -> Result<Peer, String> {
    let text = source.text().trim_start_matches('\u{feff}');
    let log: Log = serde_json::from_str(text).map_err(|error| {
        format!("{}:{}: this is no SARIF: {}", error.line().max(1), error.column().max(1), said(&error))
    })?;
    let Some(runs) = log.runs else { return Err("1:1: this is JSON, but no SARIF: it has no `runs`".to_owned()) };
    match log.version.as_deref() {
        Some(version) if version.starts_with("2.1") => {}
        Some(version) => return Err(format!("1:1: SARIF {version:.20} is not read, only 2.1.0")),
        None => return Err("1:1: this is JSON, but no SARIF: it has no `version`".to_owned()),
    }
    let mut peer = Peer::default();
    runs.iter().for_each(|run| peer.take(run));
    Ok(peer)
}

/// The reason without the place, which stands in front.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(said, _)| said.to_owned())
}

impl Peer {
    fn take(&mut self, run: &Run) {
        let driver = &run.tool.driver;
        let version = driver.semantic_version.as_ref().or(driver.version.as_ref());
        self.tools.push(Tool { name: driver.name.clone(), version: version.cloned().unwrap_or_default() });
        for written in run.results.iter().flatten() {
            match written.counts() {
                true => self.results.push(run.result(written, self.tools.len() - 1)),
                false => self.left_out += 1,
            }
        }
    }
}

impl Written {
    fn counts(&self) -> bool {
        let failed = self.kind.as_deref().is_none_or(|kind| kind == "fail" || kind == "open" || kind == "review");
        let there = self.baseline_state.as_deref() != Some("absent");
        // A suppression that was asked for and not granted suppresses nothing.
        let accepted = |s: &Suppression| s.status.as_deref().is_none_or(|status| status == "accepted");
        let mut suppressions = self.suppressions.iter().flatten().peekable();
        let suppressed = suppressions.peek().is_some() && suppressions.all(accepted);
        failed && there && !suppressed
    }
}

impl Run {
    fn result(&self, written: &Written, tool: usize) -> PeerResult {
        let physical = written.locations.first().and_then(|location| location.physical_location.as_ref());
        let uri = physical.and_then(|p| p.artifact_location.as_ref()).map(|a| self.uri(a)).unwrap_or_default();
        let lines = physical.and_then(|p| p.region).and_then(|region| region.lines());
        PeerResult { tool, id: self.id(written), uri, lines }
    }

    /// A result names its rule, or the place of the rule among those of the tool or of an extension.
    fn id(&self, written: &Written) -> String {
        let reference = written.rule.as_ref();
        let named = written.rule_id.as_ref().or(reference.and_then(|rule| rule.id.as_ref()));
        let extension = reference.and_then(|rule| rule.tool_component.as_ref()).and_then(|component| component.index);
        let component = extension.and_then(|index| at(&self.tool.extensions, index)).unwrap_or(&self.tool.driver);
        let index = written.rule_index.or(reference.and_then(|rule| rule.index));
        let counted = || index.and_then(|index| at(&component.rules, index)).map(|rule| &rule.id);
        named.or_else(counted).cloned().unwrap_or_default()
    }

    fn uri(&self, location: &ArtifactLocation) -> String {
        let listed = || location.index.and_then(|index| at(&self.artifacts, index)?.location.as_ref());
        let location = if location.uri.is_some() { location } else { listed().unwrap_or(location) };
        let uri = location.uri.clone().unwrap_or_default();
        if uri.contains("://") || uri.starts_with('/') {
            return uri;
        }
        let base = location.uri_base_id.as_ref().and_then(|id| self.original_uri_base_ids.get(id)?.uri.as_ref());
        match base {
            Some(base) if base.ends_with('/') => format!("{base}{uri}"),
            Some(base) => format!("{base}/{uri}"),
            None => uri,
        }
    }
}

impl Region {
    fn lines(self) -> Option<(u32, u32)> {
        let line = |line: i64| u32::try_from(line).ok().filter(|line| *line > 0);
        let start = line(self.start_line?)?;
        Some((start, self.end_line.and_then(line).unwrap_or(start).max(start)))
    }
}

fn at<T>(list: &[T], index: i64) -> Option<&T> {
    list.get(usize::try_from(index).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(text: &str) -> Result<Peer, String> {
        read(&Source::new(text))
    }

    fn refused(text: &str) -> String {
        peer(text).unwrap_err()
    }

    #[test]
    fn what_is_no_sarif_is_refused_with_its_place() {
        assert!(refused("").starts_with("1:1: this is no SARIF: EOF"), "{}", refused(""));
        assert!(refused("{\n \"version\": \"2.1.0\",\n}").starts_with("3:1: this is no SARIF"));
        let odd = refused("{\"version\":\"2.1.0\",\n\"runs\":[{\"results\":3}]}");
        assert!(odd.starts_with("2:20: this is no SARIF: invalid type: integer"), "{odd}");
        assert!(refused("{}").contains("no `runs`"));
        assert!(refused("{\"runs\":[]}").contains("no `version`"));
        assert!(refused("{\"runs\":[],\"version\":\"1.0.0\"}").contains("SARIF 1.0.0"));
        assert!(refused("[]").starts_with("1:2: this is no SARIF"), "{}", refused("[]"));
        assert!(refused(&"[".repeat(100_000)).contains("no SARIF"));
    }

    #[test]
    fn rules_and_files_may_be_named_in_many_ways() {
        let text = r#"{"version": "2.1.0", "runs": [{
            "tool": {"driver": {"name": "Odd", "version": "1", "rules": [{"id": "A"}, {"id": "B"}]},
                     "extensions": [{"name": "x", "rules": [{"id": "X"}]}]},
            "artifacts": [{"location": {"uri": "listed.yaml", "uriBaseId": "SRC"}}],
            "originalUriBaseIds": {"SRC": {"uri": "file:///srv"}},
            "results": [
                {"ruleIndex": 1, "locations": [{"physicalLocation": {"artifactLocation": {"index": 0}}}]},
                {"rule": {"index": 0, "toolComponent": {"index": 0}}, "kind": "fail",
                 "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.yaml"},
                                                     "region": {"startLine": 3}}}]},
                {"rule": {"id": "N"}, "locations": []},
                {"ruleId": "S", "suppressions": [{"kind": "inSource"}]},
                {"ruleId": "R", "suppressions": [{"kind": "external", "status": "rejected"}]},
                {"ruleId": "P", "kind": "pass"}, {"ruleId": "G", "baselineState": "absent"},
                {"ruleIndex": 7, "suppressions": [],
                 "locations": [{"physicalLocation": {"region": {"startLine": 5, "endLine": 2}}}]}
            ]}, {"tool": {"driver": {"name": "Other"}}, "results": null}]}"#;
        let peer = peer(text).unwrap();
        let told: Vec<_> = peer.results.iter().map(|r| (&*r.id, &*r.uri, r.lines)).collect();
        let expected = [
            ("B", "file:///srv/listed.yaml", None),
            ("X", "a.yaml", Some((3, 3))),
            ("N", "", None),
            ("R", "", None),
            ("", "", Some((5, 5))),
        ];
        assert_eq!(told, expected);
        assert_eq!((peer.left_out, peer.tools.len(), &*peer.tools[0].version), (3, 2, "1"));
    }
}
