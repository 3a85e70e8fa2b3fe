//! Which files are documents of a type: by their place, or by how they look.

use super::header;
use super::names::normalise;
use super::scope::Scope;
use crate::syntax::markdown::Document as Tree;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::Regex;
use std::sync::Arc;

/// Where documents of a type live: all that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Globs of paths; none means anywhere.
    pub globs: Vec<String>,
    /// Regexes for the file's name; one must match; none means any.
    pub named: Vec<String>,
    /// Globs of paths that are left out.
    pub except: Vec<String>,
}

/// How documents of a type look where their place does not tell: all that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct LooksLike {
    /// A regex for the title.
    pub title: Option<String>,
    /// The name of a header field.
    pub field: Option<String>,
    /// Regexes for the file's name, of which one must match.
    pub named: Vec<String>,
    /// Globs of paths that are left out.
    pub except: Vec<String>,
}

/// A type of document that a pack declares.
#[derive(Debug)]
pub struct DocumentType {
    /// The subject's name: pack and type, such as `infra-spec.tasks`.
    pub name: Arc<str>,
    places: Vec<Compiled>,
    looks: Vec<Looks>,
    /// Headings of other files below which such a document stands.
    sections: Option<Regex>,
}

#[derive(Debug)]
struct Compiled {
    globs: Option<GlobSet>,
    named: Vec<Regex>,
    except: GlobSet,
}

#[derive(Debug)]
struct Looks {
    title: Option<Regex>,
    field: Option<String>,
    place: Compiled,
}

/// A glob or a regex that is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceError {
    /// As written.
    pub pattern: String,
    /// What is wrong with it.
    pub message: String,
}

impl DocumentType {
    /// Compiles a declaration.
    ///
    /// # Errors
    /// The first glob or regex that does not parse.
    pub fn new(name: &str, places: &[Place], looks: &[LooksLike], sections: Option<&str>) -> Result<Self, PlaceError> {
        Ok(Self {
            name: Arc::from(name),
            places: places
                .iter()
                .map(|place| compile(&place.globs, &place.named, &place.except))
                .collect::<Result<_, _>>()?,
            looks: looks.iter().map(looks_like).collect::<Result<_, _>>()?,
            sections: sections.map(regex).transpose()?,
        })
    }

    /// Whether the file as a whole is such a document.
    pub fn is(&self, path: &str, tree: &Tree<'_>) -> bool {
        self.places.iter().any(|place| place.holds(path)) || self.looks.iter().any(|looks| looks.hold(path, tree))
    }

    /// The sections that are such documents in a file that is none itself, by their number.
    pub fn sections(&self, tree: &Tree<'_>) -> Vec<usize> {
        let Some(regex) = &self.sections else { return Vec::new() };
        let all = tree.sections().iter().enumerate();
        let below = all.filter(|(_, section)| section.level >= 2);
        below
            .filter(|(_, section)| regex.is_match(tree.section_title(section).as_str().trim()))
            .map(|(index, _)| index)
            .collect()
    }
}

impl Compiled {
    fn holds(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.globs.as_ref().is_none_or(|globs| globs.is_match(path))
            && (self.named.is_empty() || self.named.iter().any(|regex| regex.is_match(name)))
            && !self.except.is_match(path)
    }
}

impl Looks {
    fn hold(&self, path: &str, tree: &Tree<'_>) -> bool {
        if !self.place.holds(path) {
            return false;
        }
        let scope = Scope::file(tree);
        let titled = self
            .title
            .as_ref()
            .is_none_or(|regex| scope.title_text().is_some_and(|title| regex.is_match(title.as_str().trim())));
        titled && self.field.as_ref().is_none_or(|name| header::fields(&scope).iter().any(|entry| entry.name == *name))
    }
}

fn looks_like(looks: &LooksLike) -> Result<Looks, PlaceError> {
    Ok(Looks {
        title: looks.title.as_deref().map(regex).transpose()?,
        field: looks.field.as_deref().map(normalise),
        place: compile(&[], &looks.named, &looks.except)?,
    })
}

fn compile(globs: &[String], named: &[String], except: &[String]) -> Result<Compiled, PlaceError> {
    Ok(Compiled {
        globs: if globs.is_empty() { None } else { Some(glob_set(globs)?) },
        named: named.iter().map(|pattern| regex(pattern)).collect::<Result<_, _>>()?,
        except: glob_set(except)?,
    })
}

fn glob_set(globs: &[String]) -> Result<GlobSet, PlaceError> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        let error = |e: globset::Error| PlaceError { pattern: glob.clone(), message: e.kind().to_string() };
        builder.add(GlobBuilder::new(glob).literal_separator(true).build().map_err(error)?);
    }
    builder.build().map_err(|e| PlaceError { pattern: globs.join(", "), message: e.to_string() })
}

fn regex(pattern: &str) -> Result<Regex, PlaceError> {
    Regex::new(pattern).map_err(|e| PlaceError { pattern: pattern.to_owned(), message: e.to_string() })
}
