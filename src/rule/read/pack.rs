//! A pack file: what the pack is about, the documents it knows, the aliases that can never fire.

use super::reader::{Entry, ReadError, Reader};
use crate::rule::written::{DocumentType, Language, LooksLike, PackFile};
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::{Span, Text};

/// The keys of a pack file, each with its meaning.
pub const PACK_KEYS: &[(&str, &str)] = &[
    ("summary", "what the pack is about"),
    ("documents", "document types that rules may match as pack.name"),
    ("words", "by language what documents call things: headings, fields"),
    ("dead-aliases", "peers' rules that can never fire here, each with the reason"),
];

const DOCUMENT_KEYS: &[&str] = &["in", "named", "except", "sections", "like", "or-looks-like"];
const LOOKS_KEYS: &[&str] = &["in", "title", "text", "fields", "headings"];

/// Reads a pack file; its name comes from its folder.
///
/// # Errors
/// Everything that is wrong with its form.
pub fn pack_file(name: &str, path: &str, text: &str) -> Result<PackFile, Vec<ReadError>> {
    let whole = Text::whole(text);
    let yaml = Yaml::parse(&whole);
    let mut reader = Reader::default();
    for error in &yaml.errors {
        reader.error(error.span, format!("YAML: {}", error.message));
    }
    let Some(root) = yaml.root(0).filter(|_| reader.errors.is_empty()) else {
        if reader.errors.is_empty() {
            reader.error(Span::default(), "the file is empty");
        }
        return Err(reader.errors);
    };
    let mut pack = PackFile { name: name.to_owned(), path: path.to_owned(), ..PackFile::default() };
    let keys: Vec<&str> = PACK_KEYS.iter().map(|(key, _)| *key).collect();
    for entry in reader.known(root, "a pack file", &keys) {
        match entry.name {
            "summary" => pack.summary = reader.text(entry.value, "summary").value,
            "documents" => pack.documents = documents(&mut reader, name, entry.value),
            "words" => pack.words = words(&mut reader, entry.value),
            "dead-aliases" => {
                for alias in reader.entries(entry.value, "dead-aliases") {
                    pack.dead_aliases.push((alias.name.to_owned(), reader.text(alias.value, "a reason").value));
                }
            }
            _ => {}
        }
    }
    if reader.errors.is_empty() { Ok(pack) } else { Err(reader.errors) }
}

fn documents(reader: &mut Reader, pack: &str, node: NodeRef<'_>) -> Vec<DocumentType> {
    let entries = reader.entries(node, "documents");
    entries.iter().map(|entry| document(reader, pack, entry)).collect()
}

fn words(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Language> {
    let mut out = Vec::new();
    for entry in reader.entries(node, "words") {
        let mut language = Language { name: entry.name.to_owned(), things: Vec::new() };
        for thing in reader.entries(entry.value, "the words of a language") {
            let names = reader.texts(thing.value, "names");
            for name in names.iter().filter(|name| name.value != name.value.to_lowercase()) {
                reader.error(name.span, "names are compared in small letters");
            }
            language.things.push((thing.name.to_owned(), names));
        }
        out.push(language);
    }
    out
}

fn document(reader: &mut Reader, pack: &str, entry: &Entry<'_>) -> DocumentType {
    let mut out = DocumentType { subject: format!("{pack}.{}", entry.name), ..DocumentType::default() };
    for part in reader.known(entry.value, "a document type", DOCUMENT_KEYS) {
        match part.name {
            "in" => out.within = reader.texts(part.value, "in"),
            "named" => out.named = reader.texts(part.value, "named"),
            "except" => out.except = reader.texts(part.value, "except"),
            "like" => out.like = reader.texts(part.value, "like"),
            "sections" => out.sections = Some(reader.text(part.value, "sections")),
            "or-looks-like" => out.looks_like = Some(looks(reader, part.value)),
            _ => {}
        }
    }
    if out.within.is_empty() && out.looks_like.is_none() && out.like.is_empty() {
        reader.error(entry.key.span(), "a document type needs `in`, `like` or `or-looks-like`");
    }
    out
}

fn looks(reader: &mut Reader, node: NodeRef<'_>) -> LooksLike {
    let mut out = LooksLike::default();
    for part in reader.known(node, "or-looks-like", LOOKS_KEYS) {
        match part.name {
            "in" => out.within = reader.texts(part.value, "in"),
            "text" => out.text = Some(reader.text(part.value, "text")),
            "title" => out.title = Some(reader.text(part.value, "title")),
            "fields" => out.fields = reader.texts(part.value, "fields"),
            "headings" => out.headings = reader.texts(part.value, "headings"),
            _ => {}
        }
    }
    out
}
