//! What a patch of a kustomization may change in how objects rely on each other, told by its words.

/// The relations that patches touch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched(u16);

const LABELS: u16 = 1;
const PORTS: u16 = 2;
const BACKENDS: u16 = 4;
const SCALED: u16 = 8;
const ACCOUNTS: u16 = 16;
const DATA: u16 = 32;
const ROLES: u16 = 64;
const GOVERNING: u16 = 128;
const COPIES: u16 = 256;

/// Words of a patch, and what is decided by what they stand for.
const WORDS: &[(&str, u16)] = &[
    ("$patch: delete", u16::MAX),
    ("selector", LABELS),
    ("matchLabels", LABELS),
    ("port", PORTS),
    ("Port", PORTS),
    ("backend", BACKENDS),
    ("scaleTargetRef", SCALED),
    ("serviceAccount", ACCOUNTS),
    ("onfigMap", DATA),
    ("ecret", DATA),
    ("envFrom", DATA),
    ("valueFrom", DATA),
    ("/env", DATA),
    ("volumes", DATA),
    ("roleRef", ROLES),
    ("serviceName", GOVERNING),
    ("clusterIP", GOVERNING),
    ("replicas", COPIES),
    ("Replica", COPIES),
    ("minAvailable", COPIES),
];

impl Touched {
    /// Everything, where nobody can tell.
    pub const ALL: Self = Self(u16::MAX);

    /// What a patch touches, of whichever sort it is.
    pub fn of(text: &str) -> Self {
        let mut bits = WORDS.iter().filter(|(word, _)| text.contains(word)).fold(0, |all, (_, bits)| all | bits);
        // Labels of the object itself select nothing.
        if text.contains("template") && text.contains("labels") {
            bits |= LABELS;
        }
        Self(bits)
    }

    /// Both.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether nothing is touched.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a relation of this name is.
    pub fn has(self, relation: &str) -> bool {
        let bits = match relation {
            "service-pods" | "budget-pods" | "policy-pods" | "policy-peer" | "monitor-service" => LABELS,
            "service-port" | "ingress-port" => PORTS,
            "ingress-service" => BACKENDS,
            "hpa-target" => SCALED,
            "service-account" => ACCOUNTS,
            "config-map" | "secret" | "data-key" => DATA,
            "role" => ROLES,
            "statefulset-service" | "statefulset-headless" => GOVERNING,
            "budget-least" | "replicas" => COPIES,
            _ => 0,
        };
        self.0 & bits != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_touch_what_they_speak_of() {
        for (text, relation) in [
            ("- {op: replace, path: /spec/selector/app, value: web}", "service-pods"),
            ("spec: {template: {metadata: {labels: {a: b}}}}", "budget-pods"),
            ("- {op: remove, path: /spec/replicas}", "replicas"),
            ("spec: {template: {spec: {serviceAccountName: a}}}", "service-account"),
            ("$patch: delete", "role"),
        ] {
            assert!(Touched::of(text).has(relation), "{text}");
        }
        let other = Touched::of("metadata: {labels: {a: b}}\nspec: {nodeSelector: {a: b}, image: x, env: []}");
        assert!(other.is_empty());
        assert!(!Touched::of("replicas: 3").has("service-pods"));
    }
}
