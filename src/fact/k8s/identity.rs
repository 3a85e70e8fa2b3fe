//! Whether a container is root, by the settings in effect.

use super::Scope;
use crate::fact::context::Gift;
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::text::Span;

/// Settings of the container, or of the pod where the container has none.
pub(super) struct Identity {
    pub(super) user: Field<i64>,
    pub(super) group: Field<i64>,
    pub(super) non_root: Field<bool>,
}

impl Identity {
    pub(super) fn of(own: Slot<'_>, pod: Slot<'_>) -> Self {
        let effective = |key: &str| own.get(key).or(pod.get(key));
        Self {
            user: effective("runAsUser").int(),
            group: effective("runAsGroup").int(),
            non_root: effective("runAsNonRoot").flag(),
        }
    }

    /// Whether a setting makes it root or gives it root's group, and which.
    pub(super) fn root(&self, scope: &Scope<'_>, place: Span) -> (Field<bool>, Option<String>) {
        let at = |field: Option<Span>| Field::new(true, field.unwrap_or(place));
        if self.user.known() == Some(&0) {
            return (at(self.user.span()), Some("runAsUser: 0".to_owned()));
        }
        if self.group.known() == Some(&0) {
            return (at(self.group.span()), Some("runAsGroup: 0".to_owned()));
        }
        if self.user.is_unknown() || self.group.is_unknown() {
            return (Field::unknown("?", place), None);
        }
        // A user id decides; without one `runAsNonRoot: false` asks for root.
        if self.user.is_absent() && self.non_root.known() == Some(&false) {
            return (at(self.non_root.span()), Some("runAsNonRoot: false".to_owned()));
        }
        if self.user.is_absent() && (scope.may_get(Gift::User) || self.non_root.is_unknown()) {
            return (Field::unknown("", place), None);
        }
        (Field::new(false, place), None)
    }

    /// Whether a setting keeps it from being root.
    pub(super) fn kept_from_root(&self, scope: &Scope<'_>, place: Span) -> Field<bool> {
        match (&self.user, &self.non_root) {
            (Field::Known(user), _) => Field::new(user.value >= 1, user.span),
            (Field::Unknown(text), _) => Field::Unknown(text.clone()),
            (Field::Absent, Field::Known(flag)) if flag.value => Field::Known(*flag),
            (Field::Absent, Field::Unknown(text)) => Field::Unknown(text.clone()),
            _ if scope.may_get(Gift::User) => Field::unknown("", place),
            _ => Field::new(false, place),
        }
    }
}
