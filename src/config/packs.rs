//! The user's own rule packs: they take the same path as the built-in ones.

use super::{Chain, located};
use crate::rule::error::LoadError;
use crate::rule::library::{Library, embedded};
use crate::rule::read::{pack_file, rule_file};
use crate::rule::written::{self, DocumentType, Name, PackFile, Prose};
use crate::text::{Source, Span};
use std::collections::{BTreeMap, HashMap};

/// A file of a pack.
#[derive(Clone, Debug)]
pub struct PackSource {
    /// `pack/rule`, or `pack/pack`.
    pub id: String,
    /// As errors name it.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// Packs as read: their form is right.
#[derive(Debug, Default)]
pub struct Packs {
    /// The rules and what packs declare.
    pub written: written::Library,
    /// Why and cases, by rule id.
    pub prose: HashMap<String, Prose>,
    texts: BTreeMap<String, String>,
}

/// Reads the files of packs.
///
/// # Errors
/// Everything that is wrong with their form, with lines and columns.
pub fn packs(sources: Vec<PackSource>) -> Result<Packs, Vec<LoadError>> {
    let mut packs = Packs::default();
    let mut errors = Vec::new();
    for PackSource { id, path, text } in sources {
        match id.strip_suffix("/pack") {
            Some(name) => match pack_file(name, &path, &text) {
                Ok(pack) => packs.written.packs.push(pack),
                Err(found) => errors.extend(located(&path, &text, found)),
            },
            None => match rule_file(&id, &path, &text) {
                Ok((rule, words)) => {
                    packs.prose.insert(id, words);
                    packs.written.rules.push(rule);
                }
                Err(found) => errors.extend(located(&path, &text, found)),
            },
        }
        packs.texts.insert(path, text);
    }
    if errors.is_empty() { Ok(packs) } else { Err(errors) }
}

impl Packs {
    /// The built-in ones, whose texts are not at hand.
    pub fn builtin(written: written::Library, prose: HashMap<String, Prose>) -> Self {
        Self { written, prose, texts: BTreeMap::new() }
    }

    /// The line of a place in one of these files.
    pub fn line(&self, path: &str, span: Span) -> Option<u32> {
        self.texts.get(path).map(|text| Source::new(&**text).position(span.start).line)
    }

    /// Takes in those of other folders.
    pub fn extend(&mut self, other: &Packs) {
        let known = |id: &str| self.prose.contains_key(id);
        let rules: Vec<_> = other.written.rules.iter().filter(|rule| !known(&rule.id)).cloned().collect();
        self.written.rules.extend(rules);
        self.written.packs.extend(other.written.packs.iter().cloned());
        self.prose.extend(other.prose.iter().map(|(id, words)| (id.clone(), words.clone())));
        self.texts.extend(other.texts.iter().map(|(path, text)| (path.clone(), text.clone())));
    }

    /// Fills in lines and columns of errors about these files.
    pub fn locate(&self, error: LoadError) -> LoadError {
        match self.texts.get(&error.path) {
            Some(text) if error.line == 0 => error.locate(&Source::new(&**text)),
            _ => error,
        }
    }

    /// The built-in rules and these.
    ///
    /// # Errors
    /// Names that are taken, and everything that does not compile.
    pub fn library(&self, chain: &Chain) -> Result<Library, Vec<LoadError>> {
        let mut all = embedded();
        let taken = |name: &str| all.packs.iter().any(|p| p.name == name);
        let twice = self.written.packs.iter().filter(|pack| taken(&pack.name));
        let mut errors: Vec<LoadError> = twice
            .map(|pack| {
                let message = format!("the pack `{}` is built in: name yours otherwise", pack.name);
                self.locate(LoadError::new(&pack.path, Span::default(), message))
            })
            .collect();
        let engine = self.written.rules.iter().filter(|rule| matches!(rule.check, written::Check::Engine { .. }));
        errors.extend(engine.map(|rule| {
            let message = "`engine` rules are infralint's own: write `match` with `require`, `pattern` or `native`";
            self.locate(LoadError::new(&rule.path, rule.summary.span, message))
        }));
        errors.extend(self.written.packs.iter().flat_map(patterns).map(|error| self.locate(error)));
        all.packs.extend(self.written.packs.iter().cloned());
        all.rules.extend(self.written.rules.iter().cloned());
        let documents =
            chain.layers().iter().flat_map(|config| config.documents.iter().map(move |entry| (config, entry)));
        for (config, (name, globs)) in documents {
            let known = all.packs.iter_mut().flat_map(|pack| &mut pack.documents);
            match known.into_iter().find(|document| document.subject == name.value) {
                Some(document) => relocate(document, globs),
                None => {
                    let known: Vec<&str> =
                        all.packs.iter().flat_map(|p| &p.documents).map(|d| d.subject.as_str()).collect();
                    errors.push(config.error(name, crate::rule::read::unknown("document type", &name.value, &known)));
                }
            }
        }
        match Library::new(all) {
            Ok(library) if errors.is_empty() => Ok(library),
            Ok(_) => Err(errors),
            Err(found) => {
                errors.extend(found.into_iter().map(|error| self.locate(error)));
                Err(errors)
            }
        }
    }
}

/// What is wrong with the globs and regular expressions by which a pack tells its documents.
fn patterns(pack: &PackFile) -> Vec<LoadError> {
    let mut errors = Vec::new();
    for document in &pack.documents {
        let looks = document.looks_like.iter().map(|looks| &looks.within);
        for globs in [&document.within, &document.except].into_iter().chain(looks) {
            let wrong = crate::rule::globs(globs).err();
            errors.extend(wrong.map(|(at, reason)| LoadError::new(&pack.path, at.span, reason)));
        }
        let title = document.looks_like.iter().flat_map(|looks| [&looks.title, &looks.text]).flatten();
        for regex in document.named.iter().chain(title) {
            if let Err(error) = regex::Regex::new(&regex.value) {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
                errors.push(LoadError::new(&pack.path, regex.span, format!("regular expression: {reason}")));
            }
        }
    }
    errors
}

/// A type whose places the user names is told by them alone.
fn relocate(document: &mut DocumentType, globs: &[Name]) {
    *document = DocumentType {
        subject: std::mem::take(&mut document.subject),
        within: globs.to_vec(),
        except: std::mem::take(&mut document.except),
        ..DocumentType::default()
    };
}
