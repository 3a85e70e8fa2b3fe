//! Tables, tasks, code.

use super::{Reading, Said, with_said};
use crate::check::structure::{
    Bounds, CellDemand, CodeDemand, JsonSchema, Need, TableDemand, TasksDemand, ValueDemand,
};
use crate::rule::written::{Name, Tree};

const TABLE: &[&str] = &["name", "in", "has-column", "columns", "rows", "named-rows", "cells"];
const CODE: &[&str] = &["name", "lang", "in", "count", "must-parse", "schema", "forbid"];
const CELL: &[&str] =
    &["may-be-empty", "must-be-one-of", "may-be", "matches", "format", "between", "min-words", "must-link-to"];
const SCHEMA: &[&str] = &[
    "type",
    "required",
    "properties",
    "additionalProperties",
    "enum",
    "const",
    "items",
    "pattern",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "description",
    "title",
];

impl Reading {
    /// Several of something; a single one counts as a list of one.
    fn several(tree: &Tree) -> Vec<&Tree> {
        match tree {
            Tree::List(_, items) => items.iter().collect(),
            other => vec![other],
        }
    }

    pub(super) fn tables(&mut self, tree: &Tree, prefix: &str) -> Vec<TableDemand> {
        Self::several(tree).into_iter().filter_map(|item| self.table(item, prefix)).collect()
    }

    fn table(&mut self, tree: &Tree, prefix: &str) -> Option<TableDemand> {
        let map = self.map(tree, "a table", &with_said(TABLE))?;
        let said = self.said(&map);
        let values = |names: Vec<Name>| names.into_iter().map(|name| name.value).collect::<Vec<_>>();
        let columns = values(map.get("columns").map(|t| self.list(t, "columns")).unwrap_or_default());
        let having = map.get("has-column").and_then(|t| self.text(t, "has-column")).map(|name| name.value);
        let within = map.get("in").map(|t| self.names(t, "in")).unwrap_or_default();
        let given = map.get("name").and_then(|t| self.text(t, "name")).map(|name| name.value);
        let shown = given.or_else(|| having.clone()).or_else(|| columns.first().cloned()).unwrap_or_default();
        if shown.is_empty() {
            self.error(tree.span(), "a table needs `name`, `has-column` or `columns`");
        }
        let need = Self::need(&said);
        let joint = if prefix == "table" { format!("table/{shown}") } else { format!("{prefix}/table/{shown}") };
        let shape = self.shape(&joint, said);
        let rows = map.get("rows").map(|t| self.bounds(t, "rows"));
        let named_rows = values(map.get("named-rows").map(|t| self.list(t, "named-rows")).unwrap_or_default());
        let cells = map.get("cells").map(|t| self.cells(t)).unwrap_or_default();
        Some(TableDemand { shape, shown, need, within, having, columns, rows, named_rows, cells })
    }

    fn cells(&mut self, tree: &Tree) -> Vec<CellDemand> {
        let Some(map) = self.any_map(tree, "cells") else { return Vec::new() };
        let entries: Vec<_> = map.entries().collect();
        let read = |(column, about): (&Name, &Tree)| {
            let filled = matches!(about, Tree::Text(word) if word.value == "filled");
            let empty = Tree::default();
            let about = if filled { &empty } else { about };
            let (_, value): (_, ValueDemand) = self.value(about, "cells", CELL);
            let may_be_empty = match about {
                Tree::Map(_, pairs) => pairs.iter().find(|(key, _)| key.value == "may-be-empty").map(|(_, tree)| tree),
                _ => None,
            };
            let may_be_empty = may_be_empty.is_some_and(|tree| self.flag(tree, "may-be-empty"));
            CellDemand { column: column.value.clone(), may_be_empty, value }
        };
        entries.into_iter().map(read).collect()
    }

    pub(super) fn tasks(&mut self, tree: &Tree) -> Option<TasksDemand> {
        let map = self.map(tree, "tasks", &["count", "numbered", "dependencies", "each", "problem", "severity"])?;
        let mut out = TasksDemand::default();
        if let Some(count) = map.get("count") {
            let (mut said, bounds) = self.bounds_with(count, "count");
            let own = self.said(&map);
            said.problem = said.problem.or(own.problem);
            said.severity = said.severity.or(own.severity);
            out.count = Some((self.shape("task/count", said), bounds));
        }
        if self.word(&map, "numbered", &[("unique", ())]).is_some() {
            out.unique = Some(self.shape("task/number", Said::default()));
        }
        if self.word(&map, "dependencies", &[("earlier-tasks", ())]).is_some() {
            out.dependencies = Some(self.shape("task/dependencies", Said::default()));
        }
        if let Some(each) = map.get("each")
            && let Some(inner) = self.map(each, "each", &["fields"])
            && let Some(fields) = inner.get("fields")
        {
            out.fields = self.fields(fields, "task");
        }
        Some(out)
    }

    pub(super) fn codes(&mut self, tree: &Tree, prefix: &str) -> Vec<CodeDemand> {
        Self::several(tree).into_iter().filter_map(|item| self.code(item, prefix)).collect()
    }

    fn code(&mut self, tree: &Tree, prefix: &str) -> Option<CodeDemand> {
        let map = self.map(tree, "code", &with_said(CODE))?;
        let said = self.said(&map);
        let languages: Vec<String> = map.get("lang").map(|t| self.names(t, "lang")).unwrap_or_default();
        let given = map.get("name").and_then(|t| self.text(t, "name")).map(|name| name.value);
        let shown = given.or_else(|| languages.first().cloned()).unwrap_or_else(|| "any".to_owned());
        // What only says how code must be does not say that there must be some.
        let about = ["count", "must-parse", "schema", "forbid"].iter().any(|key| map.get(key).is_some());
        let need = if about && said.need.is_none() { Need::May } else { Self::need(&said) };
        let shape = self.shape(&format!("{prefix}/{shown}"), said);
        let forbid = map.get("forbid").map(|t| self.list(t, "forbid")).unwrap_or_default();
        Some(CodeDemand {
            shape,
            languages,
            need,
            within: map.get("in").map(|t| self.names(t, "in")).unwrap_or_default(),
            count: map.get("count").map(|t| self.bounds(t, "count")),
            parses: map.get("must-parse").is_some_and(|t| self.flag(t, "must-parse")),
            schema: map.get("schema").map(|t| self.schema(t)),
            forbid: forbid.into_iter().filter_map(|name| self.pattern(&Tree::Text(name), "forbid")).collect(),
        })
    }

    fn schema(&mut self, tree: &Tree) -> JsonSchema {
        let mut out = JsonSchema::default();
        let Some(map) = self.map(tree, "a schema", SCHEMA) else { return out };
        let values = |names: Vec<Name>| names.into_iter().map(|name| name.value).collect::<Vec<_>>();
        for (key, part) in map.entries() {
            match key.value.as_str() {
                "type" => out.types = self.types(part),
                "required" => out.required = values(self.list(part, "required")),
                "properties" => {
                    let entries: Vec<_> =
                        self.any_map(part, "properties").map(|m| m.entries().collect()).unwrap_or_default();
                    out.properties =
                        entries.into_iter().map(|(name, inner)| (name.value.clone(), self.schema(inner))).collect();
                }
                "additionalProperties" => out.closed = !self.flag(part, "additionalProperties"),
                "enum" => out.values = values(self.list(part, "enum")),
                "const" => out.values = values(self.list(part, "const")),
                "items" => out.items = Some(Box::new(self.schema(part))),
                "pattern" => out.pattern = self.pattern(part, "pattern"),
                "minItems" | "maxItems" => self.end(&mut out.length, part, &key.value),
                "minLength" | "maxLength" => self.end(&mut out.characters, part, &key.value),
                "minimum" | "maximum" => self.end(&mut out.number, part, &key.value),
                _ => {}
            }
        }
        out
    }

    fn types(&mut self, tree: &Tree) -> Vec<String> {
        let known = ["object", "array", "string", "number", "integer", "boolean", "null"];
        let names = self.list(tree, "type");
        for name in names.iter().filter(|name| !known.contains(&name.value.as_str())) {
            self.error(name.span, format!("a type is one of {}", known.join(", ")));
        }
        names.into_iter().map(|name| name.value).collect()
    }

    fn end(&mut self, bounds: &mut Option<Bounds>, tree: &Tree, key: &str) {
        let number = self.least(tree, key).least;
        let bounds = bounds.get_or_insert_with(Bounds::default);
        if key.starts_with("min") { bounds.least = number } else { bounds.most = number }
    }
}
