//! Ports of the host that services take, and which of them are taken twice.

use super::ServiceBuilder;
use super::parts::Port;
use super::stack::Stack;
use super::{interpolate, links};
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::syntax::yaml::NodeRef;

/// Ports that are compared one by one; a longer range is a slip of the pen.
const MAX_RANGE: u16 = 4_096;

/// Ports and names that are remembered; a file with more of them was not written by hand.
const MAX_TAKEN: usize = 500;

/// Some ports of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Published {
    /// The address that they are bound to; empty for all.
    ip: String,
    first: u16,
    last: u16,
    udp: bool,
}

impl Published {
    /// The host's side of a port, where it is known.
    pub(super) fn of(port: &Port) -> Option<Self> {
        let (first, last) = range(port.published.known()?)?;
        let ip = match &port.host_ip {
            Field::Absent => String::new(),
            Field::Known(ip) if matches!(ip.value.as_str(), "0.0.0.0" | "::") => String::new(),
            Field::Known(ip) => ip.value.clone(),
            Field::Unknown(_) => return None,
        };
        let udp = match port.protocol.known().map(String::as_str) {
            None | Some("tcp") => false,
            Some("udp") => true,
            Some(_) => return None,
        };
        // A range for a single port of the container lets the engine choose.
        let chosen = first != last && !port.targets.known().is_some_and(|text| text.contains('-'));
        (!chosen && last - first <= MAX_RANGE).then_some(Self { ip, first, last, udp })
    }

    /// Whether both want the same port of the same address.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let address = self.ip == other.ip || self.ip.is_empty() || other.ip.is_empty();
        address && self.udp == other.udp && self.first <= other.last && other.first <= self.last
    }
}

/// Ports and names that services have taken so far.
#[derive(Default)]
pub(super) struct Taken {
    ports: Vec<(Published, Owner)>,
    names: Vec<(String, Owner)>,
}

/// A service that takes something.
#[derive(Clone)]
struct Owner {
    service: String,
    /// The file, where it is another.
    file: Option<String>,
    /// Its profiles; `None` where they are not known.
    profiles: Option<Vec<String>>,
}

impl Owner {
    fn of(builder: &ServiceBuilder<'_>) -> Self {
        Self { service: builder.name.clone(), file: None, profiles: links::profiles(builder.slot) }
    }

    fn shown(&self) -> String {
        match &self.file {
            Some(file) => format!("{} in {file}", self.service),
            None => self.service.clone(),
        }
    }

    /// Whether no profile starts both.
    fn is_apart(&self, other: &Self) -> bool {
        match (&self.profiles, &other.profiles) {
            (Some(one), Some(two)) => !one.is_empty() && !two.is_empty() && !one.iter().any(|name| two.contains(name)),
            _ => true,
        }
    }
}

impl Taken {
    /// What the files below take.
    pub(super) fn below(stack: &Stack<'_>, services: &[(NodeRef<'_>, Slot<'_>)]) -> Self {
        let mut taken = Self::default();
        let replaced = |name: &str| {
            let own = services.iter().find(|(key, _)| key.scalar() == Some(name));
            own.and_then(|(_, service)| service.node()?.get("ports")).is_some_and(|ports| ports.tag().is_some())
        };
        for (path, outline) in &stack.below {
            for (name, service) in &outline.services {
                let owner =
                    Owner { service: name.clone(), file: Some((*path).to_owned()), profiles: service.profiles.clone() };
                let ports = if replaced(name) { &[][..] } else { service.ports.as_slice() };
                taken.ports.extend(ports.iter().map(|port| (port.clone(), owner.clone())));
                taken.names.extend(service.container_name.iter().map(|name| (name.clone(), owner.clone())));
            }
        }
        taken.ports.truncate(MAX_TAKEN);
        taken.names.truncate(MAX_TAKEN);
        taken
    }

    /// Takes a port; the service that has it already.
    pub(super) fn port(&mut self, port: &Port, builder: &ServiceBuilder<'_>) -> Option<String> {
        let published = Published::of(port)?;
        let owner = Owner::of(builder);
        // Written alike in a base and over it, the two are one.
        let is_other = |other: &Owner| other.file.is_none() || other.service != owner.service;
        let found = self.ports.iter().find(|(taken, other)| {
            is_other(other) && taken.meets(&published) && (other.service == owner.service || !other.is_apart(&owner))
        });
        let found = found.map(|(_, other)| other.shown());
        if self.ports.len() < MAX_TAKEN {
            self.ports.push((published, owner));
        }
        found
    }

    /// Takes a container's name; the other service that has it, and whether profiles keep the two apart.
    pub(super) fn name(&mut self, builder: &ServiceBuilder<'_>) -> (Option<String>, bool) {
        let Field::Known(name) = interpolate::field(builder.slot.get("container_name").text()) else {
            return (None, false);
        };
        let owner = Owner::of(builder);
        let others = self.names.iter().filter(|(taken, other)| *taken == name.value && other.service != owner.service);
        let found = others
            .min_by_key(|(_, other)| other.is_apart(&owner))
            .map(|(_, other)| (other.shown(), other.is_apart(&owner)));
        if self.names.len() < MAX_TAKEN {
            self.names.push((name.value, owner));
        }
        found.map_or((None, false), |(name, apart)| (Some(name), apart))
    }
}

/// `80` or `80-90`.
pub(super) fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some((first, last))
}
