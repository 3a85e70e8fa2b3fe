//! The command line of the control plane's own programs, as static pods give it.

use crate::fact::image::Image;
use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};

facts! {
    /// A program of the control plane, with its flags.
    pub struct Component = "k8s.component" {
        /// `kube-apiserver`, `kube-controller-manager`, `kube-scheduler`, `etcd` or `kubelet`.
        "name" name: String,
        /// Its flags.
        "flags" flags: Vec<Flag>,
        /// Whether there may be more of them.
        "open" open: bool,
    }
    /// A flag of a program.
    pub struct Flag = "k8s.flag" {
        /// Its name without dashes.
        "name" name: String,
        /// Its value; `true` where it stands alone; nothing where it cannot be told.
        "value" value: Option<String>,
    }
}

const PROGRAMS: [&str; 5] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet"];

/// Adds the flags of a container that runs a program of the control plane.
pub(super) fn build(container: Slot<'_>, image: &Field<Image>, label: &str, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Component::describe().name) {
        return;
    }
    let (command, args) = (container.get("command"), container.get("args"));
    let words: Vec<Field<String>> = command.items().chain(args.items()).map(Slot::text).collect();
    let Some(name) = program(&words, image, command.is_absent()) else { return };
    let open = command.is_unknown() || args.is_unknown() || words.iter().any(Field::is_unknown);
    let place = command.span().or(args.span()).unwrap_or_default();
    let component = Component { span: place, name: name.to_owned(), flags: flags(&words), open };
    out.push(component, label, container.extent().unwrap_or(place));
}

/// The program that the command names, or the image where there is no command.
fn program(words: &[Field<String>], image: &Field<Image>, by_image: bool) -> Option<&'static str> {
    let of = |path: &str| PROGRAMS.into_iter().find(|name| path.rsplit('/').next() == Some(name));
    let first = words.iter().filter_map(Field::known).take_while(|word| !word.starts_with('-'));
    let found = first.flat_map(|word| word.split_whitespace()).find_map(of);
    let named = || image.known().and_then(|image| image.name.known()).and_then(|name| of(name));
    found.or_else(|| if by_image && !words.is_empty() { named() } else { None })
}

/// `--flag=value`, `--flag value` and `--flag`; a whole command line in one word is taken apart.
fn flags(words: &[Field<String>]) -> Vec<Flag> {
    let mut found: Vec<Flag> = Vec::new();
    for word in words {
        let (Some(text), Some(span)) = (word.known(), word.span()) else { continue };
        let parts: Vec<&str> = if text.contains(" --") { text.split_whitespace().collect() } else { vec![text] };
        for part in parts {
            match part.strip_prefix("--") {
                Some(flag) => {
                    let (name, value) = flag.split_once('=').map_or((flag, None), |(n, v)| (n, Some(v.to_owned())));
                    found.push(Flag { span, name: name.to_owned(), value });
                }
                None => {
                    if let Some(last) = found.last_mut().filter(|flag| flag.value.is_none()) {
                        last.value = Some(part.to_owned());
                    }
                }
            }
        }
    }
    for flag in found.iter_mut().filter(|flag| flag.value.is_none()) {
        flag.value = Some("true".to_owned());
    }
    found
}
