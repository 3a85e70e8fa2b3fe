//! Tables of indicators: what is aimed at, and from where on somebody is told.

use super::measure::{Measure, measure};
use super::{Indicator, Indicators, Table, cell, value};
use crate::fact::value::Field;
use crate::fact::{Facts, Wanted};
use crate::syntax::markdown::Document as Tree;
use crate::text::Span;

const NAME: &[&str] = &["kpi", "indicator", "sli", "metric", "slo", "measure", "kpi name"];
const TARGET: &[&str] = &["target", "goal", "objective", "target value", "slo"];
const THRESHOLD: &[&str] = &["alert threshold", "alerting threshold", "alarm threshold", "threshold", "alert"];
const MEASUREMENT: &[&str] = &["measurement", "measured by", "measured", "source", "how measured", "tool", "query"];

/// Reads a table of a page; `infra` says whether the page is a document of infrastructure.
pub(super) fn indicators(tree: &Tree<'_>, table: &Table, infra: bool, wanted: &Wanted, out: &mut Facts) {
    let (name, target) = (table.column(NAME), table.column(TARGET));
    let threshold = table.column(THRESHOLD);
    let is_kpi = table.columns.first().is_some_and(|column| column == "kpi" || column == "kpis");
    let Some(name) = name.filter(|name| Some(*name) != target) else { return };
    if !is_kpi && (target.is_none() || threshold.is_none()) {
        return;
    }
    let measurement = table.column(MEASUREMENT);
    // A company's goals are indicators too, and nobody is woken by them.
    let meant = infra || threshold.is_some() || measurement.is_some();
    if is_kpi && meant && wanted.subject(Indicators::describe().name) {
        let columns = [("Target", target), ("Alert Threshold", threshold), ("Measurement", measurement)];
        let missing = columns.iter().filter(|(_, column)| column.is_none()).map(|(name, _)| (*name).to_owned());
        let table_span = tree.block(*table.rows.last().unwrap_or(&tree.root())).span;
        out.push(Indicators { span: table.head, missing: missing.collect() }, "", table.head.to(table_span));
    }
    let (Some(target), Some(threshold)) = (target, threshold) else { return };
    if !wanted.subject(Indicator::describe().name) {
        return;
    }
    for &row in &table.rows {
        let texts = [name, target, threshold].map(|column| cell(tree, row, column).map(|(_, text)| text));
        let [Some(name), Some(target), Some(threshold)] = texts else { continue };
        let place = threshold.whole_span();
        let name = name.as_str().trim().to_owned();
        if name.is_empty() {
            continue;
        }
        let said = |measure: &Measure| !measure.unit.is_empty() || !is_bare(&name, tree, table);
        let (aim, limit) = (measure(target.as_str()).filter(said), measure(threshold.as_str()).filter(said));
        let indicator = Indicator {
            span: tree.block(row).span,
            target_measured: aim.is_some(),
            threshold_measured: limit.is_some(),
            inverted: inverted(&name, aim.as_ref(), limit.as_ref(), place),
            target: value(&target),
            threshold: value(&threshold),
            name: name.clone(),
        };
        out.push(indicator, name, tree.block(row).span);
    }
}

/// Whether a number without a unit says nothing of the indicator: a time, of which nobody names the unit.
fn is_bare(name: &str, tree: &Tree<'_>, table: &Table) -> bool {
    let lower = name.to_lowercase();
    let time =
        ["latency", "response time", "duration", "mttr", "p50", "p95", "p99"].iter().any(|word| lower.contains(word));
    let head = table.head.slice(tree.source()).to_lowercase();
    // The unit stands behind the name or in the head: `P99 latency (ms)`.
    time && !lower.contains('(') && !head.contains(['(', '[']) && !lower.ends_with(" ms") && !lower.ends_with(" s")
}

/// Whether the alert fires on the good side of the target; unknown where units differ or no side is told.
fn inverted(name: &str, aim: Option<&Measure>, limit: Option<&Measure>, place: Span) -> Field<bool> {
    let (Some(aim), Some(limit)) = (aim, limit) else { return Field::unknown("", place) };
    let unit_differs = aim.unit != limit.unit && !aim.unit.is_empty() && !limit.unit.is_empty();
    let Some(good) = good_side(name, aim, limit).filter(|_| !unit_differs) else {
        return Field::unknown("", place);
    };
    let difference = limit.value - aim.value;
    let equal = difference.abs() <= f64::EPSILON * aim.value.abs().max(1.0);
    // Above the target is good for availability: there an alert belongs below it.
    let wrong_side = !equal && (difference > 0.0) == (good > 0);
    let wrong_sign = limit.sign == good;
    Field::new(wrong_side || wrong_sign, place)
}

/// Where things are well: 1 above the target, -1 below it.
fn good_side(name: &str, aim: &Measure, limit: &Measure) -> Option<i8> {
    const MORE: [&str; 9] =
        ["availab", "uptime", "success", "throughput", "coverage", "hit rate", "hit ratio", "apdex", "durability"];
    const LESS: [&str; 12] = [
        "latency",
        "error",
        "response time",
        "failure",
        "duration",
        "mttr",
        "lag",
        "downtime",
        "p50",
        "p95",
        "p99",
        "cpu",
    ];
    // Words that turn what a name seems to say: `Error-free sessions`, `Mean time between failures`.
    const TURNED: [&str; 5] = ["-free", " free", "budget", "between failures", "mtbf"];
    let lower = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let told = !has(&TURNED);
    match (told && has(&MORE), told && has(&LESS)) {
        (true, false) => Some(1),
        (false, true) => Some(-1),
        // A target with a side says it; a limit that looks the other way agrees.
        _ if aim.sign != 0 && limit.sign != aim.sign => Some(aim.sign),
        _ => None,
    }
}
