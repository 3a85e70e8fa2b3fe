//! What Compose refuses though each part of it is right: keys that exclude each other, values that contradict.

use super::ServiceBuilder;
use super::interpolate;
use super::mount;
use super::parts::Fault;
use crate::fact::Facts;
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::syntax::yaml::NodeRef;
use crate::text::Span;
use std::collections::HashMap;
use std::net::IpAddr;

impl ServiceBuilder<'_> {
    /// Adds everything in the service that Compose refuses.
    pub(super) fn faults(&self, out: &mut Facts) {
        let mut found = Vec::new();
        self.build_conflicts(&mut found);
        self.networks(&mut found);
        self.resources(&mut found);
        self.copies(&mut found);
        self.targets(&mut found);
        self.watches(&mut found);
        self.exclusive(&mut found);
        self.values(&mut found);
        for (span, kind, text) in found {
            out.push(Fault { span, kind: kind.to_owned(), text }, &self.label, span);
        }
    }

    fn build_conflicts(&self, found: &mut Found) {
        let build = self.slot.get("build");
        let (file, inline) = (build.get("dockerfile"), build.get("dockerfile_inline"));
        if let (Some(_), Some(_), Some(span)) = (file.node(), inline.node(), inline.span()) {
            found.push((span, "build-conflict", "`dockerfile` and `dockerfile_inline` exclude each other".to_owned()));
        }
        let platform = interpolate::field(self.get("platform").text());
        let platforms: Option<Vec<String>> =
            build.get("platforms").items().map(|item| interpolate::field(item.text()).known().cloned()).collect();
        if let (Field::Known(own), Some(built)) = (platform, platforms)
            && !built.is_empty()
            && !built.contains(&own.value)
        {
            let span = build.get("platforms").span().unwrap_or(own.span);
            let text = format!("the image is built for {}, not for {}", built.join(", "), own.value);
            found.push((span, "build-conflict", text));
        }
    }

    fn networks(&self, found: &mut Found) {
        let from_below = |key: &str| match self.slot.get(key) {
            Slot::Absent if self.inherited.below.contains(key) => Slot::Unknown(self.key_node),
            slot => slot,
        };
        let (mode, networks) = (from_below("network_mode"), from_below("networks"));
        let own = self.slot.get("network_mode").span().or(self.slot.get("networks").span());
        if let (Some(span), false, false) = (own, mode.is_absent(), networks.is_absent()) {
            let computed = self.slot.get("network_mode").is_unknown() || self.slot.get("networks").is_unknown();
            let empty = networks.node().is_some_and(|node| node.items().len() + node.written().len() == 0);
            if !computed && !empty {
                found.push((
                    span,
                    "network-mode-with-networks",
                    "`network_mode` and `networks` exclude each other".to_owned(),
                ));
            }
        }
    }

    /// The same limit at two places, with two values.
    fn resources(&self, found: &mut Found) {
        let pairs: [(&str, &[&str]); 5] = [
            ("scale", &["deploy", "replicas"]),
            ("cpus", &["deploy", "resources", "limits", "cpus"]),
            ("mem_limit", &["deploy", "resources", "limits", "memory"]),
            ("mem_reservation", &["deploy", "resources", "reservations", "memory"]),
            ("pids_limit", &["deploy", "resources", "limits", "pids"]),
        ];
        for (key, path) in pairs {
            let (one, two) =
                (interpolate::field(self.slot.get(key).text()), interpolate::field(self.slot.path(path).text()));
            if let (Field::Known(one), Field::Known(two)) = (one, two)
                && !is_equal(&one.value, &two.value)
            {
                let text = format!("{key} is {}, {} is {}", one.value, path.join("."), two.value);
                found.push((one.span, "conflicting-resources", text));
            }
        }
    }

    fn copies(&self, found: &mut Found) {
        let number = |slot: Slot<'_>| {
            let text = interpolate::field(slot.text());
            Some((text.known()?.trim().parse::<i64>().ok()?, text.span()?))
        };
        let places: [(&str, &[&str]); 2] = [("scale", &["scale"]), ("replicas", &["deploy", "replicas"])];
        for (key, path) in places {
            let Some((copies, span)) = number(self.slot.path(path)) else { continue };
            if copies < 0 {
                found.push((span, "negative-scale", format!("`{key}` is {copies}")));
            }
            if copies > 1 && !self.get("container_name").is_absent() {
                let span = self.slot.get("container_name").span().unwrap_or(span);
                let text = format!("{copies} containers cannot have one name");
                found.push((span, "container-name-with-scale", text));
                return;
            }
        }
    }

    fn targets(&self, found: &mut Found) {
        let mut seen: HashMap<String, ()> = HashMap::new();
        let volumes = self.slot.get("volumes").items().filter_map(|slot| mount::mount(slot, self.key));
        for mount in volumes {
            let Some(target) = mount.target.known().map(|path| path.trim_end_matches('/')) else { continue };
            if seen.insert(target.to_owned(), ()).is_some() && !target.is_empty() {
                let span = mount.target.span().unwrap_or(mount.span);
                found.push((span, "duplicate-mount-target", format!("{target} is mounted twice")));
            }
        }
    }

    fn watches(&self, found: &mut Found) {
        for watch in self.slot.path(&["develop", "watch"]).items() {
            let action = watch.get("action").text();
            if let Field::Known(action) = action
                && matches!(action.value.as_str(), "sync" | "sync+restart" | "sync+exec")
                && watch.get("target").is_absent()
            {
                let text = format!("`action: {}` needs a `target`", action.value);
                found.push((action.span, "watch-without-target", text));
            }
        }
    }

    fn exclusive(&self, found: &mut Found) {
        for path in [&["gpus"][..], &["deploy", "resources", "reservations", "devices"]] {
            for device in self.slot.path(path).items() {
                if let (Some(_), Some(span)) = (device.get("count").span(), device.get("device_ids").span()) {
                    found.push((
                        span,
                        "exclusive-attributes",
                        "`count` and `device_ids` exclude each other".to_owned(),
                    ));
                }
            }
        }
        for (_, network) in self.slot.get("networks").entries() {
            for (key, v4) in [("ipv4_address", true), ("ipv6_address", false)] {
                let address = interpolate::field(network.get(key).text());
                if let Field::Known(address) = address
                    && address.value.parse::<IpAddr>().map_or(true, |parsed| parsed.is_ipv4() != v4)
                {
                    let text = format!("`{}` is no address for `{key}`", address.value);
                    found.push((address.span, "exclusive-attributes", text));
                }
            }
        }
        let credential = self.slot.get("credential_spec");
        let written: Vec<_> =
            ["config", "file", "registry"].iter().filter_map(|key| credential.get(key).span()).collect();
        if let [_, second, ..] = written.as_slice() {
            let text = "of `config`, `file` and `registry` only one can be".to_owned();
            found.push((*second, "exclusive-attributes", text));
        }
    }
}

impl ServiceBuilder<'_> {
    /// Values that say nothing which can be.
    fn values(&self, found: &mut Found) {
        for host in self.slot.get("extra_hosts").items() {
            let text = interpolate::field(host.text());
            if let Field::Known(text) = text
                && !text.value.contains([':', '='])
            {
                found.push((text.span, "exclusive-attributes", format!("`{}` has no address", text.value)));
            }
        }
        let score = interpolate::field(self.slot.get("oom_score_adj").text());
        if let Field::Known(score) = score
            && score.value.parse::<i64>().is_ok_and(|score| !(-1000..=1000).contains(&score))
        {
            found.push((score.span, "exclusive-attributes", "`oom_score_adj` goes from -1000 to 1000".to_owned()));
        }
    }
}

/// Place, kind and sentence.
type Found = Vec<(Span, &'static str, String)>;

/// Adds what is wrong with what the file defines.
pub(super) fn definitions(root: Slot<'_>, out: &mut Facts) {
    for (section, kind) in super::links::SECTIONS {
        for (key, value) in root.get(section).entries() {
            let name = key.scalar().unwrap_or_default();
            let label = format!("{kind}/{name}");
            for (span, fault, text) in external(key, value).into_iter().chain(sources(kind, value)) {
                out.push(Fault { span, kind: fault.to_owned(), text }, &label, span);
            }
        }
    }
}

/// What exists already cannot be configured here.
fn external(key: NodeRef<'_>, value: Slot<'_>) -> Option<(Span, &'static str, String)> {
    let external = value.get("external");
    let by_name = external.node().is_some_and(|node| node.is_mapping());
    if !by_name && external.loose_flag().known() != Some(&true) {
        return None;
    }
    let known = |name: &str| name == "external" || name == "name" || name.starts_with("x-");
    let (other, _) = value.entries().find(|(key, value)| !value.is_absent() && !key.scalar().is_none_or(known))?;
    let name = other.scalar().unwrap_or_default();
    let text = format!("{} is external, so `{name}` has no place here", key.scalar().unwrap_or_default());
    Some((other.span(), "external-with-parameters", text))
}

/// A secret or a config comes from one source.
fn sources(kind: &str, value: Slot<'_>) -> Option<(Span, &'static str, String)> {
    if !matches!(kind, "secret" | "config") {
        return None;
    }
    let keys = ["file", "environment", "content"];
    let written: Vec<_> = keys.iter().filter_map(|key| Some((*key, value.get(key).span()?))).collect();
    let [(first, _), (second, span), ..] = written.as_slice() else { return None };
    Some((*span, "exclusive-attributes", format!("`{first}` and `{second}` exclude each other")))
}

/// Numbers and sizes compare by what they mean.
fn is_equal(one: &str, two: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().or_else(|| super::quantity::bytes(text));
    one == two || number(one).is_some_and(|one| number(two) == Some(one))
}
