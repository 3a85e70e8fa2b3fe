//! Objects that keep others running: disruption budgets, autoscalers, volume claims, schedules.

use super::Scope;
use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::text::Span;

facts! {
    /// A PodDisruptionBudget.
    pub struct Budget = "k8s.pdb" {
        /// `maxUnavailable`, as written.
        "max-unavailable" max_unavailable: Field<String>,
        /// `minAvailable`, as written.
        "min-available" min_available: Field<String>,
        /// Whether no pod may ever be evicted: what says so, as written.
        "blocks" blocks: Field<String>,
        /// `unhealthyPodEvictionPolicy`.
        "unhealthy-policy" unhealthy_policy: Field<String>,
    }
    /// A HorizontalPodAutoscaler.
    pub struct Autoscaler = "k8s.hpa" {
        /// The fewest pods; 1 where it names none.
        "min" min: Field<i64>,
        /// The most pods.
        "max" max: Field<i64>,
        /// The least above the most: `above`, or `equal` where they are.
        "range" range: Field<String>,
    }
    /// A PersistentVolumeClaim, also one of a StatefulSet.
    pub struct Claim = "k8s.claim" {
        /// What it does not say: `accessModes` or `resources.requests.storage`.
        "missing" missing: Field<String>,
    }
}

/// Adds what an object says of the running of others.
pub(super) fn build(root: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    let extent = root.extent().unwrap_or(scope.place);
    match scope.kind.as_str() {
        "PodDisruptionBudget" if wanted.subject(Budget::describe().name) => {
            out.push(budget(root.get("spec"), scope), &scope.label, extent);
        }
        "HorizontalPodAutoscaler" if wanted.subject(Autoscaler::describe().name) => {
            out.push(autoscaler(root.get("spec"), scope), &scope.label, extent);
        }
        "PersistentVolumeClaim" if wanted.subject(Claim::describe().name) => {
            out.push(claim(root.get("spec"), scope, scope.place), &scope.label, extent);
        }
        "StatefulSet" if wanted.subject(Claim::describe().name) => {
            for template in root.path(&["spec", "volumeClaimTemplates"]).items() {
                let place = template.path(&["metadata", "name"]).span().unwrap_or(scope.place);
                out.push(claim(template.get("spec"), scope, place), &scope.label, template.extent().unwrap_or(extent));
            }
        }
        _ => {}
    }
}

fn budget(spec: Slot<'_>, scope: &Scope<'_>) -> Budget {
    let (max, min) = (spec.get("maxUnavailable").text(), spec.get("minAvailable").text());
    let none = |text: &&String| matches!(text.trim_end_matches('%'), "0");
    let blocks = match (max.known().filter(none), min.known().filter(|text| *text == "100%")) {
        (Some(_), _) => max.clone().map(|text| format!("maxUnavailable: {text}")),
        (_, Some(_)) => min.clone().map(|text| format!("minAvailable: {text}")),
        _ => Field::Absent,
    };
    Budget {
        span: scope.place,
        max_unavailable: max,
        min_available: min,
        blocks,
        unhealthy_policy: scope.seal(spec.get("unhealthyPodEvictionPolicy").text(), scope.place),
    }
}

fn autoscaler(spec: Slot<'_>, scope: &Scope<'_>) -> Autoscaler {
    let (mut min, max) = (scope.seal(spec.get("minReplicas").int(), scope.place), spec.get("maxReplicas").int());
    if min.is_absent() && !spec.is_absent() {
        min = Field::new(1, scope.place);
    }
    let range = match (min.known(), max.known()) {
        (Some(least), Some(most)) if least > most => min.clone().map(|_| "above".to_owned()),
        (Some(least), Some(most)) if least == most => min.clone().map(|_| "equal".to_owned()),
        _ => Field::Absent,
    };
    Autoscaler { span: scope.place, min, max, range }
}

fn claim(spec: Slot<'_>, scope: &Scope<'_>, place: Span) -> Claim {
    let storage = spec.path(&["resources", "requests", "storage"]);
    let missing = [("accessModes", spec.get("accessModes")), ("resources.requests.storage", storage)];
    let missing = match missing.iter().find(|(_, slot)| slot.is_absent()) {
        Some(_) if scope.open => Field::unknown("", place),
        Some((name, _)) => Field::new((*name).to_owned(), place),
        None => Field::Absent,
    };
    Claim { span: place, missing }
}

/// What is wrong with the schedule of a CronJob.
pub(super) fn schedule_fault(text: &str) -> Option<String> {
    let text = text.trim();
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Some("a time zone belongs into timeZone, not into the schedule".to_owned());
    }
    if let Some(word) = text.strip_prefix('@') {
        let known = ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"];
        let good = known.contains(&word) || word.strip_prefix("every ").is_some_and(|rest| !rest.trim().is_empty());
        return (!good).then(|| format!("nobody knows @{word}"));
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != 5 {
        return Some(format!("{} fields instead of 5", fields.len()));
    }
    let limits =
        [("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7)];
    let bad = fields.iter().zip(limits).find(|(field, (name, low, high))| !is_field(field, name, *low, *high));
    bad.map(|(field, (name, ..))| format!("{field} is no {name}"))
}

fn is_field(field: &str, name: &str, low: u32, high: u32) -> bool {
    field.split(',').all(|part| {
        let (range, step) = part.split_once('/').unwrap_or((part, "1"));
        if !step.parse::<u32>().is_ok_and(|step| step > 0) {
            return false;
        }
        if matches!(range, "*" | "?") {
            return true;
        }
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        match (number(from, name), number(to, name)) {
            (Some(from), Some(to)) => low <= from && from <= to && to <= high,
            _ => false,
        }
    })
}

fn number(word: &str, name: &str) -> Option<u32> {
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let lower = word.to_ascii_lowercase();
    let index = |list: &[&str]| list.iter().position(|known| *known == lower).map(|at| at as u32);
    match name {
        "month" => index(&months).map(|at| at + 1).or(word.parse().ok()),
        "day of the week" => index(&days).or(word.parse().ok()),
        _ => word.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules() {
        for good in ["* * * * *", "*/5 0-6 1,15 jan MON-FRI", "@daily", "@every 1h30m", "0 3 ? * 7", "59 23 31 12 0"] {
            assert_eq!(schedule_fault(good), None, "{good}");
        }
        for bad in [
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "@often",
            "TZ=UTC 0 3 * * *",
            "a * * * *",
            "",
        ] {
            assert!(schedule_fault(bad).is_some(), "{bad}");
        }
    }
}
