//! Annotations of Kubernetes objects that silence a tool for the whole object.

use super::{Asked, Ids, Over};

/// What annotations that may do so begin with, and one that does by itself.
const KEYS: [&str; 5] = [
    "ignore-check.kube-linter.io/",
    "kube-linter.io/ignore-all",
    "checkov.io/skip",
    "bridgecrew.io/skip",
    "cortex.io/skip",
];

/// What an annotation says.
pub(in crate::suppress) fn read(key: &str, value: &str) -> Option<Asked> {
    if let Some(check) = key.strip_prefix(KEYS[0]) {
        return Some(Asked::new(&["kube-linter"], Ids::Named(vec![check.to_owned()]), Over::Block).because(value));
    }
    if key == KEYS[1] {
        return Some(Asked::new(&["kube-linter"], Ids::All, Over::Block).because(value));
    }
    let number = KEYS[2..].iter().find_map(|start| key.strip_prefix(start))?;
    let (id, reason) = value.split_once('=').unwrap_or((value, ""));
    let counted = number.bytes().all(|b| b.is_ascii_digit());
    let ids = Ids::Named(vec![id.trim().to_owned()]);
    counted.then(|| Asked::new(&["checkov"], ids, Over::Block).because(reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_both_tools() {
        let ids = |key: &str, value: &str| read(key, value).map(|asked| (asked.tools[0], asked.ids, asked.reason));
        let named = |id: &str| Ids::Named(vec![id.to_owned()]);
        assert_eq!(
            ids("ignore-check.kube-linter.io/run-as-non-root", "legacy"),
            Some(("kube-linter", named("run-as-non-root"), Some("legacy".to_owned())))
        );
        assert_eq!(ids("kube-linter.io/ignore-all", ""), Some(("kube-linter", Ids::All, None)));
        for key in ["checkov.io/skip1", "bridgecrew.io/skip22", "cortex.io/skip"] {
            assert_eq!(
                ids(key, "CKV_K8S_20=not ours"),
                Some(("checkov", named("CKV_K8S_20"), Some("not ours".to_owned())))
            );
        }
        assert_eq!(ids("checkov.io/skipper", "CKV_K8S_20"), None);
        assert_eq!(ids("app.kubernetes.io/name", "x"), None);
    }
}
