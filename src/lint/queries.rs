//! Queries meet files: all selected ones of a language in one walk, over trees that nobody builds in vain.

use super::plan::Plan;
use super::raw::{Raw, Scope};
use crate::diagnostic::{Problem, Status};
use crate::fact::File;
use crate::rule::CompiledCheck;
use crate::rule::fix::{Site, propose};
use crate::rule::written::QueryShape;
use crate::syntax::query::{self, Language, Limits, Match, Query, Stop};
use crate::syntax::{Kind, markdown};
use crate::text::{Span, Text};
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};

/// The selected queries, by language.
#[derive(Debug, Default)]
pub struct Queries {
    languages: BTreeMap<Language, Merged>,
    /// How much effort a text is worth.
    pub limits: Limits,
}

#[derive(Debug, Default)]
struct Merged {
    /// Rule and shape, by the query's number.
    owners: Vec<(usize, usize)>,
    sources: Vec<String>,
    /// The literals of each query; empty for none.
    needs: Vec<Vec<String>>,
    compiled: OnceLock<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    /// Literals of all queries, and the query of each.
    literals: Option<(AhoCorasick, Vec<usize>)>,
    query: OnceLock<Option<Query>>,
}

/// What the files of a run have in common, and what of a file is asked for.
struct Job<'j> {
    plan: &'j Plan<'j>,
    scope: &'j Scope<'j>,
    embedded: bool,
}

impl Queries {
    /// Adds the queries of a selected rule.
    pub(super) fn add(&mut self, rule: usize, shapes: &[QueryShape]) {
        for (index, shape) in shapes.iter().enumerate() {
            let Some(language) = Language::named(&shape.language.value) else { continue };
            let merged = self.languages.entry(language).or_default();
            merged.owners.push((rule, index));
            merged.sources.push(shape.find.value.clone());
            merged.needs.push(shape.needs.iter().map(|need| need.value.clone()).collect());
        }
    }

    /// Runs them over a file and the snippets in it; gives what could not be looked at.
    pub fn run(&self, file: &File<'_>, plan: &Plan<'_>, scope: &Scope<'_>, found: &mut Vec<Raw>) -> Vec<Problem> {
        if self.languages.is_empty() || file.foreign {
            return Vec::new();
        }
        let whole = Text::whole(file.source.text());
        let job = Job { plan, scope, embedded: false };
        let mut stops = Vec::new();
        for &language in own_languages(file.kind) {
            self.text(language, &whole, &job, found, &mut stops);
        }
        if file.kind == Kind::Markdown {
            self.fences(&whole, &Job { embedded: true, ..job }, found, &mut stops);
        }
        stops.dedup();
        stops.into_iter().map(|stop| problem(file, stop)).collect()
    }

    fn text(&self, language: Language, text: &Text<'_>, job: &Job<'_>, found: &mut Vec<Raw>, stops: &mut Vec<Stop>) {
        let Some(merged) = self.languages.get(&language) else { return };
        let asked = merged.asked(text.as_str(), job);
        if !asked.contains(&true) {
            return;
        }
        let Some(query) = merged.query(language) else { return };
        let result = query::run(query, text, &self.limits);
        for hit in result.matches {
            if asked.get(hit.query) == Some(&true) {
                found.extend(merged.raw(&hit, query, job));
            }
        }
        // A snippet in a document need not be whole.
        stops.extend(result.stops.into_iter().filter(|stop| !job.embedded || stop.is_failure()));
    }

    fn fences(&self, whole: &Text<'_>, job: &Job<'_>, found: &mut Vec<Raw>, stops: &mut Vec<Stop>) {
        let snippets = [Language::Yaml, Language::Dockerfile];
        let asked = |language: &Language| {
            self.languages.get(language).is_some_and(|merged| merged.asked(whole.as_str(), job).contains(&true))
        };
        let opens = OPENING.as_ref().is_none_or(|opening| opening.is_match(whole.as_str()));
        if !opens || !snippets.iter().any(asked) {
            return;
        }
        let tree = markdown::parse(whole.as_str());
        for code in tree.codes().filter(|code| code.fenced) {
            if let Some(language) = fence_language(code.language()) {
                self.text(language, &code.content(), job, found, stops);
            }
        }
    }
}

fn own_languages(kind: Kind) -> &'static [Language] {
    match kind {
        Kind::Markdown => &[Language::Markdown, Language::MarkdownInline],
        Kind::Dockerfile => &[Language::Dockerfile],
        // Their text is not the YAML that they become.
        Kind::HelmTemplate | Kind::GoTemplate => &[],
        kind if kind.is_yaml() => &[Language::Yaml],
        _ => &[],
    }
}

/// What may open a fence of a language with queries.
static OPENING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i-u)(?:```|~~~)[ \t{.]*(?:ya?ml|compose|k8s|kubernetes|docker|containerfile)").ok()
});

fn fence_language(word: &str) -> Option<Language> {
    match word.to_ascii_lowercase().as_str() {
        "yaml" | "yml" | "compose" | "k8s" | "kubernetes" => Some(Language::Yaml),
        "dockerfile" | "docker" | "containerfile" => Some(Language::Dockerfile),
        _ => None,
    }
}

fn problem(file: &File<'_>, stop: Stop) -> Problem {
    let place = match stop {
        Stop::Unreadable(at) => format!(" (line {})", file.source.position(at).line),
        _ => String::new(),
    };
    Problem {
        path: Arc::from(file.path),
        status: if stop.is_failure() { Status::Failed } else { Status::Skipped },
        kind: stop.kind(),
        message: format!("rules with a query did not see all of it: {stop}{place}"),
    }
}

impl Merged {
    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| {
            let pairs = self.needs.iter().enumerate().flat_map(|(query, needs)| needs.iter().map(move |n| (n, query)));
            let (needs, queries): (Vec<&String>, Vec<usize>) = pairs.unzip();
            // Case is left to the query.
            let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(needs);
            Compiled { literals: automaton.ok().map(|automaton| (automaton, queries)), query: OnceLock::new() }
        })
    }

    fn query(&self, language: Language) -> Option<&Query> {
        let merge = || {
            let sources: Vec<&str> = self.sources.iter().map(String::as_str).collect();
            // Each was checked by itself.
            Query::merge(language, &sources).ok()
        };
        self.compiled().query.get_or_init(merge).as_ref()
    }

    /// Which queries may find something in a text.
    fn asked(&self, text: &str, job: &Job<'_>) -> Vec<bool> {
        let admitted = |&(rule, _): &(usize, usize)| job.scope.admits(job.plan.rule(rule).0);
        let admitted: Vec<bool> = self.owners.iter().map(admitted).collect();
        let mut asked: Vec<bool> = admitted.iter().zip(&self.needs).map(|(a, needs)| *a && needs.is_empty()).collect();
        let mut waiting = admitted.iter().zip(&asked).filter(|(admitted, asked)| **admitted && !**asked).count();
        let Some((automaton, queries)) = &self.compiled().literals else { return admitted };
        if waiting == 0 {
            return asked;
        }
        for hit in automaton.find_overlapping_iter(text) {
            let query = queries[hit.pattern().as_usize()];
            if admitted[query] && !asked[query] {
                asked[query] = true;
                waiting -= 1;
                if waiting == 0 {
                    break;
                }
            }
        }
        asked
    }

    fn raw(&self, hit: &Match, query: &Query, job: &Job<'_>) -> Option<Raw> {
        let &(number, shape) = self.owners.get(hit.query)?;
        let (rule, state) = job.plan.rule(number);
        let CompiledCheck::Query(shapes) = &rule.check else { return None };
        let variant = shapes.get(shape).and_then(|s| s.variant.as_ref()).and_then(|v| rule.variant(&v.value));
        if !variant.map_or(state.on, |v| state.variants[v]) {
            return None;
        }
        let message = variant.and_then(|v| rule.variants[v].message.as_ref()).unwrap_or(&rule.message);
        let arguments: Vec<(&str, String)> =
            hit.captures.iter().map(|c| (query.capture(c.name), c.text.clone())).collect();
        let captures: Vec<(&str, Span)> = hit.captures.iter().map(|c| (query.capture(c.name), c.span)).collect();
        let site = Site {
            subject: None,
            options: &state.options,
            arguments: &arguments,
            fault: hit.span,
            extent: hit.span,
            captures: &captures,
        };
        Some(Raw {
            severity: None,
            rule: number,
            variant,
            span: hit.span,
            message: message.render(None, &state.options, &arguments),
            label: String::new(),
            embedded: job.embedded,
            wrong_on_purpose: false,
            related: Vec::new(),
            secrets: Vec::new(),
            fix: propose(&rule.fixes, &site),
        })
    }
}
