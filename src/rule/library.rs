//! All rules there are: the embedded ones and the user's own packs, compiled and indexed.

use super::compile::compile;
use super::error::LoadError;
use super::select::Index;
use super::written::{self, PackFile, Prose, RuleFile};
use super::{Rule, Vocabulary};
use crate::fact::document::terms::{COMMON, Terms};
use crate::fact::{DocumentTypes, Looks};
use globset::{Candidate, GlobSet};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

static RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));
static PROSE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/prose.bin"));

/// The built-in rules as written, without prose.
pub fn embedded() -> written::Library {
    postcard::from_bytes(RULES).unwrap_or_default()
}

/// Why and cases of the built-in rules, by id.
pub fn embedded_prose() -> HashMap<String, Prose> {
    postcard::from_bytes(PROSE).unwrap_or_default()
}

/// Rules that can run, with everything needed to name them.
pub struct Library {
    /// Sorted by id.
    pub rules: Vec<Rule>,
    /// Looks selectors up.
    pub index: Index,
    /// The packs' files, by name.
    pub packs: Vec<PackFile>,
    /// How documents are told.
    pub documents: Documents,
}

impl Library {
    /// The built-in rules alone.
    ///
    /// # Errors
    /// Faults of built-in rule files; the tests keep them from ever being released.
    pub fn builtin() -> Result<Self, Vec<LoadError>> {
        Self::new(embedded())
    }

    /// Compiles rules and packs.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn new(mut written: written::Library) -> Result<Self, Vec<LoadError>> {
        written.rules.sort_by(|a, b| a.id.cmp(&b.id));
        let mut errors = duplicates(&written.rules);
        let subjects = written.packs.iter().flat_map(|p| &p.documents).map(|d| d.subject.clone());
        let vocabulary = Vocabulary::new(subjects);
        let mut rules = Vec::with_capacity(written.rules.len());
        for file in &written.rules {
            match compile(file, &vocabulary) {
                Ok(rule) => rules.push(rule),
                Err(found) => errors.extend(found),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let dead = written.packs.iter().flat_map(|p| p.dead_aliases.clone());
        let index = Index::new(&rules, dead);
        let documents = Documents::of(&written.packs);
        Ok(Self { rules, index, packs: written.packs, documents })
    }
}

fn duplicates(rules: &[RuleFile]) -> Vec<LoadError> {
    let pairs = rules.windows(2).filter(|pair| pair[0].id == pair[1].id);
    let message = |id: &str, other: &str| format!("the rule `{id}` exists already: {other}");
    pairs.map(|p| LoadError::new(&p[1].path, p[1].summary.span, message(&p[1].id, &p[0].path))).collect()
}

/// Document types, told by path or by looks.
#[derive(Debug, Default)]
pub struct Documents {
    types: Vec<DocumentType>,
    /// The globs of all types in one set, and the type that each is of.
    places: OnceLock<(GlobSet, Vec<usize>)>,
    terms: Terms,
    /// By pack the languages that it understands: some pack lists words of them for what it names.
    languages: HashMap<String, Vec<String>>,
}

#[derive(Debug)]
struct DocumentType {
    subject: Arc<str>,
    written: written::DocumentType,
    compiled: OnceLock<Matchers>,
}

#[derive(Debug)]
struct Matchers {
    except: GlobSet,
    named: Vec<Regex>,
    title: Option<Regex>,
    text: Option<Regex>,
    looks_within: GlobSet,
    sections: Option<Regex>,
}

impl Documents {
    /// Types as written; their patterns compile when the first document is met.
    pub fn new(types: Vec<written::DocumentType>) -> Self {
        let lazy = |written: written::DocumentType| DocumentType {
            subject: Arc::from(written.subject.as_str()),
            written,
            compiled: OnceLock::new(),
        };
        Self { types: types.into_iter().map(lazy).collect(), ..Self::default() }
    }

    /// The types and words of packs.
    pub fn of(packs: &[PackFile]) -> Self {
        let (mut own, mut listed) = (BTreeMap::<&str, BTreeSet<&str>>::new(), BTreeMap::<&str, BTreeSet<&str>>::new());
        let mut documents = Self::new(packs.iter().flat_map(|p| p.documents.clone()).collect());
        for (pack, language) in packs.iter().flat_map(|pack| pack.words.iter().map(move |l| (pack, l))) {
            for (thing, names) in &language.things {
                documents.terms.add(&language.name, thing, names.iter().map(|name| name.value.as_str()));
            }
            let things = language.things.iter().map(|(thing, _)| thing.as_str()).filter(|thing| *thing != COMMON);
            own.entry(&pack.name).or_default().extend(things.clone());
            listed.entry(&language.name).or_default().extend(things);
        }
        for (pack, things) in own.into_iter().filter(|(_, things)| !things.is_empty()) {
            let names = listed.iter().filter(|(_, known)| !things.is_disjoint(known));
            documents.languages.insert(pack.to_owned(), names.map(|(name, _)| (*name).to_owned()).collect());
        }
        documents
    }
}

impl Documents {
    fn places(&self) -> &(GlobSet, Vec<usize>) {
        self.places.get_or_init(|| {
            let globs = self.types.iter().enumerate().flat_map(|(at, t)| t.written.within.iter().map(move |g| (g, at)));
            let (globs, owners): (Vec<written::Name>, Vec<usize>) = globs.map(|(glob, at)| (glob.clone(), at)).unzip();
            (super::globs(&globs).unwrap_or_default(), owners)
        })
    }

    /// Adds the types of which these are examples.
    fn with_like(&self, mut found: Vec<Arc<str>>) -> Vec<Arc<str>> {
        let likes = |t: &&DocumentType| t.written.like.iter().any(|name| found.iter().any(|f| **f == *name.value));
        let more: Vec<Arc<str>> = self.types.iter().filter(likes).map(|t| t.subject.clone()).collect();
        found.extend(more.into_iter().filter(|subject| !found.contains(subject)).collect::<Vec<_>>());
        found
    }
}

impl DocumentTypes for Documents {
    fn of(&self, path: &str, looks: &Looks<'_>) -> Vec<Arc<str>> {
        let candidate = Candidate::new(path);
        let (places, owners) = self.places();
        let within: Vec<usize> =
            places.matches_candidate(&candidate).into_iter().filter_map(|glob| owners.get(glob).copied()).collect();
        let fits = |(at, t): &(usize, &DocumentType)| t.fits(path, within.contains(at), &candidate, looks);
        self.with_like(self.types.iter().enumerate().filter(fits).map(|(_, t)| t.subject.clone()).collect())
    }

    fn terms(&self) -> &Terms {
        &self.terms
    }

    fn speaks(&self, subject: &str, language: &str) -> bool {
        let pack = subject.split('.').next().unwrap_or(subject);
        self.languages.get(pack).is_none_or(|known| known.iter().any(|name| name == language))
    }

    fn sections(&self, heading: &str) -> Vec<Arc<str>> {
        let holds = |t: &&DocumentType| t.matchers().sections.as_ref().is_some_and(|r| r.is_match(heading));
        self.with_like(self.types.iter().filter(holds).map(|t| t.subject.clone()).collect())
    }
}

/// `2024-05-01-…`.
fn is_dated(name: &str) -> bool {
    let mut parts = name.splitn(4, '-').map(|part| (part.len(), part.bytes().all(|b| b.is_ascii_digit())));
    let wanted = [4, 2, 2];
    wanted.iter().all(|len| parts.next() == Some((*len, true))) && parts.next().is_some()
}

impl DocumentType {
    fn matchers(&self) -> &Matchers {
        self.compiled.get_or_init(|| {
            let regexes = |names: &[written::Name]| names.iter().filter_map(|n| Regex::new(&n.value).ok()).collect();
            let looks = self.written.looks_like.as_ref();
            Matchers {
                except: super::globs(&self.written.except).unwrap_or_default(),
                sections: self.written.sections.as_ref().and_then(|s| Regex::new(&s.value).ok()),
                named: regexes(&self.written.named),
                title: looks.and_then(|l| l.title.as_ref()).and_then(|t| Regex::new(&t.value).ok()),
                looks_within: looks.and_then(|l| super::globs(&l.within).ok()).unwrap_or_default(),
                text: looks.and_then(|l| l.text.as_ref()).and_then(|t| Regex::new(&t.value).ok()),
            }
        })
    }

    /// Whether a document is of the type; `within` says whether a glob of the type holds its path.
    fn fits(&self, path: &str, within: bool, candidate: &Candidate<'_>, looks: &Looks<'_>) -> bool {
        if !within && self.written.looks_like.is_none() {
            return false;
        }
        let matchers = self.matchers();
        let name = path.rsplit('/').next().unwrap_or(path);
        let fits = |name: &str| matchers.named.iter().any(|regex| regex.is_match(name));
        // `2024-05-01-queue/README.md`: a folder with a date is one document with its pictures.
        let folder = path.rsplit('/').nth(1).filter(|folder| name == "README.md" && is_dated(folder));
        let named = matchers.named.is_empty() || fits(name) || folder.is_some_and(fits);
        let told = (within && named) || self.looks_like(matchers, candidate, looks);
        told && !matchers.except.is_match_candidate(candidate)
    }

    fn looks_like(&self, matchers: &Matchers, candidate: &Candidate<'_>, looks: &Looks<'_>) -> bool {
        let Some(written) = &self.written.looks_like else { return false };
        if !written.within.is_empty() && !matchers.looks_within.is_match_candidate(candidate) {
            return false;
        }
        let has = |names: &[written::Name], found: &[String]| {
            names.iter().all(|n| found.iter().any(|f| f.eq_ignore_ascii_case(&n.value)))
        };
        let title = matchers.title.as_ref().is_none_or(|r| r.is_match(&looks.title));
        let text = matchers.text.as_ref().is_none_or(|r| r.is_match(looks.text));
        title && text && has(&written.fields, &looks.fields) && has(&written.headings, &looks.headings)
    }
}
