//! Roles and their bindings: who may do what.

use super::Scope;
use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::text::{Span, Spanned};

facts! {
    /// One rule of a Role or a ClusterRole.
    pub struct RoleRule = "k8s.role-rule" {
        /// Its verbs, as written.
        "verbs" verbs: Vec<Spanned<String>>,
        /// Its resources, as written.
        "resources" resources: Vec<Spanned<String>>,
        /// The list in which a star stands: `verbs`, `resources` or `apiGroups`.
        "wildcard" wildcard: Field<String>,
        /// The role's name.
        "role" role: Field<String>,
    }
    /// A right by which the holder of a role can get more rights.
    pub struct Grant = "k8s.grant" {
        /// `bind`, `escalate`, `impersonate`, `webhooks`, `approve`, `nodes-proxy`, `pods-exec` or `services-status`.
        "right" right: String,
        /// In words.
        "text" text: String,
        /// Whether the rule names the objects for which it holds.
        "named" named: bool,
        /// The role's name.
        "role" role: Field<String>,
    }
    /// A RoleBinding or a ClusterRoleBinding.
    pub struct Binding = "k8s.binding" {
        /// Its name.
        "name" name: Field<String>,
        /// The kind of the role.
        "role-kind" role_kind: Field<String>,
        /// The role.
        "role" role: Field<String>,
        /// The first subject that stands for everybody, logged in or not.
        "anonymous" anonymous: Field<String>,
        /// The first subject that is a default service account.
        "default-account" default_account: Field<String>,
        /// Whether its own name says that it belongs to Kubernetes itself.
        "system" system: bool,
    }
}

/// A right that leads to more rights: one of its verbs on one of its resources suffices.
struct Right {
    name: &'static str,
    group: &'static str,
    verbs: &'static [&'static str],
    resources: &'static [&'static str],
    words: &'static str,
}

const RIGHTS: &[Right] = &[
    Right {
        name: "bind",
        group: "rbac.authorization.k8s.io",
        verbs: &["bind"],
        resources: &["rolebindings", "clusterrolebindings", "roles", "clusterroles"],
        words: "give itself any role",
    },
    Right {
        name: "escalate",
        group: "rbac.authorization.k8s.io",
        verbs: &["escalate"],
        resources: &["roles", "clusterroles"],
        words: "put any right into a role",
    },
    Right {
        name: "impersonate",
        group: "",
        verbs: &["impersonate"],
        resources: &["users", "groups", "serviceaccounts"],
        words: "act as somebody else",
    },
    Right {
        name: "webhooks",
        group: "admissionregistration.k8s.io",
        verbs: &["create", "update", "patch"],
        resources: &["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
        words: "change whatever is created in the cluster",
    },
    Right {
        name: "approve",
        group: "certificates.k8s.io",
        verbs: &["update", "patch"],
        resources: &["certificatesigningrequests/approval"],
        words: "sign certificates for any user",
    },
    Right {
        name: "nodes-proxy",
        group: "",
        verbs: &["create", "get"],
        resources: &["nodes/proxy"],
        words: "run commands in every pod of a node",
    },
    Right {
        name: "pods-exec",
        group: "",
        verbs: &["create"],
        resources: &["pods/exec", "pods/attach"],
        words: "run commands in other pods",
    },
    Right {
        name: "services-status",
        group: "",
        verbs: &["update", "patch"],
        resources: &["services/status"],
        words: "redirect the traffic of services",
    },
];

/// Adds what an object says as a role or a binding.
pub(super) fn build(root: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    match scope.kind.as_str() {
        "Role" | "ClusterRole" => {
            for rule in root.get("rules").items() {
                role_rule(rule, scope, wanted, out);
            }
        }
        "RoleBinding" | "ClusterRoleBinding" => binding(root, scope, wanted, out),
        _ => {}
    }
}

/// The known members of a list.
pub(super) fn words(list: Slot<'_>) -> Vec<Spanned<String>> {
    let word = |slot: Slot<'_>| match slot.text() {
        Field::Known(text) => Some(text),
        _ => None,
    };
    list.items().filter_map(word).collect()
}

fn role_rule(rule: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    let (verbs, resources, groups) =
        (words(rule.get("verbs")), words(rule.get("resources")), words(rule.get("apiGroups")));
    let span = rule.span().unwrap_or(scope.place);
    let extent = rule.extent().unwrap_or(span);
    if wanted.subject(Grant::describe().name) {
        for right in RIGHTS {
            let Some(place) = granted(right, &verbs, &resources, &groups) else { continue };
            let grant = Grant {
                span: place,
                right: right.name.to_owned(),
                text: right.words.to_owned(),
                named: rule.get("resourceNames").items().next().is_some(),
                role: scope.name.clone(),
            };
            out.push(grant, &scope.label, extent);
        }
    }
    if wanted.subject(RoleRule::describe().name) {
        let lists = [("apiGroups", &groups), ("resources", &resources), ("verbs", &verbs)];
        // Of URLs alone a star is no resource of the API.
        let counted = rule.get("nonResourceURLs").is_absent() || !resources.is_empty();
        let star = lists.iter().find_map(|(name, words)| {
            let star = words.iter().find(|word| word.value == "*")?;
            Some(Field::new((*name).to_owned(), star.span))
        });
        let first = verbs.first().map_or(span, |verb| verb.span);
        let fact = RoleRule {
            span: first,
            wildcard: star.filter(|_| counted).unwrap_or_default(),
            verbs,
            resources,
            role: scope.name.clone(),
        };
        out.push(fact, &scope.label, extent);
    }
}

/// Where the right is granted by its own name; a star in both lists is reported as such.
fn granted(
    right: &Right,
    has_verbs: &[Spanned<String>],
    has_resources: &[Spanned<String>],
    has_groups: &[Spanned<String>],
) -> Option<Span> {
    let is = |found: &str, wanted: &str| {
        found == "*" || found == wanted || wanted.split_once('/').is_some_and(|(_, sub)| found == format!("*/{sub}"))
    };
    if !has_groups.iter().any(|found| is(&found.value, right.group)) {
        return None;
    }
    let resource = has_resources.iter().find(|found| right.resources.iter().any(|wanted| is(&found.value, wanted)))?;
    let verb = has_verbs.iter().find(|found| right.verbs.iter().any(|wanted| is(&found.value, wanted)))?;
    Some(if resource.value == "*" { verb.span } else { resource.span })
}

fn binding(root: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Binding::describe().name) {
        return;
    }
    let find = |test: &dyn Fn(&str, &str) -> bool| {
        let found = root.get("subjects").items().find_map(|subject| {
            let (kind, name) = (subject.get("kind").text(), subject.get("name").text());
            test(kind.known()?, name.known()?).then_some(name)
        });
        found.unwrap_or_default()
    };
    let everybody = ["system:anonymous", "system:unauthenticated"];
    let role = root.get("roleRef");
    let binding = Binding {
        span: scope.place,
        name: scope.name.clone(),
        role_kind: role.get("kind").text(),
        role: role.get("name").text(),
        anonymous: find(&|_, name| everybody.contains(&name)),
        default_account: find(&|kind, name| kind == "ServiceAccount" && name == "default"),
        system: scope.name.known().is_some_and(|name| name.starts_with("system:")),
    };
    out.push(binding, &scope.label, root.extent().unwrap_or(scope.place));
}
