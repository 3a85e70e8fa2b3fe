//! `infralint schema`: JSON Schemas of rule files and configs, for editors. Made of the tables that read them.

use super::args::{SchemaArgs, SelectArgs};
use super::check::current_dir;
use super::settings::Settings;
use super::{Exit, Refusal, output};
use crate::config;
use crate::fact::value::{FieldDef, Schema, Type};
use crate::rule::read::{RULE_KEYS, WORDS};
use crate::rule::written::Verb;
use crate::rule::{STRUCTURE_KEYS, Vocabulary};
use crate::syntax::Kind;
use serde_json::{Map, Value, json};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

pub(super) fn schema(options: &SchemaArgs) -> Result<Exit, Refusal> {
    let settings = Settings::here(&current_dir()?, &SelectArgs::default())?;
    let schema = match options.of.as_str() {
        "rule" => rule(&settings),
        _ => config(&settings),
    };
    output::to_stdout(|out| {
        serde_json::to_writer_pretty(&mut *out, &schema)?;
        writeln!(out)
    })?;
    Ok(Exit::Clean)
}

fn kinds() -> Vec<&'static str> {
    Kind::ALL.iter().map(|kind| kind.name()).collect()
}

fn severity() -> Value {
    json!({"enum": ["error", "warning", "info"]})
}

/// One text, or several.
fn texts() -> Value {
    json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
}

/// A mapping with no other keys than these.
fn mapping(properties: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

/// Properties of a file, each with the meaning that its table gives.
fn described(keys: &[(&'static str, &str)], schema_of: impl Fn(&str) -> Value) -> Value {
    mapping(keys.iter().map(|(key, doc)| {
        let mut schema = schema_of(key);
        schema["description"] = json!(doc);
        (*key, schema)
    }))
}

fn config(settings: &Settings) -> Value {
    let library = settings.library();
    let options = library.rules.iter().filter(|rule| !rule.options.is_empty()).map(|rule| {
        let values = rule.options.iter().map(|option| (option.name.value.clone(), option_value(option)));
        let properties: Map<String, Value> = values.collect();
        (rule.id.to_string(), json!({"type": "object", "properties": properties, "additionalProperties": false}))
    });
    let options = json!({"type": "object", "properties": options.collect::<Map<String, Value>>()});
    let ids: Vec<&str> = library.rules.iter().map(|rule| &*rule.id).collect();
    let documents: Vec<&str> =
        library.packs.iter().flat_map(|pack| &pack.documents).map(|d| d.subject.as_str()).collect();
    let selector = json!({"$ref": "#/$defs/selector"});
    let selectors = json!({"anyOf": [selector, {"type": "array", "items": selector}]});
    let severities = json!({"type": "object", "propertyNames": selector, "additionalProperties": severity()});
    let presets: Vec<&str> = config::PRESETS.iter().map(|(name, _)| *name).collect();
    let parent = json!({"anyOf": [{"enum": presets}, {"type": "string"}]});
    let version = json!({"type": ["string", "number"]});
    let overriding = |key: &str| match key {
        "severity" => severities.clone(),
        "options" => json!({"$ref": "#/$defs/options"}),
        "paths" => texts(),
        _ => selectors.clone(),
    };
    let ignored = |key: &str| match key {
        "rule" => selectors.clone(),
        "reason" => json!({"type": "string"}),
        "until" => json!({"type": "string", "format": "date"}),
        _ => texts(),
    };
    let several = |keys: &[(&'static str, &str)], of: &dyn Fn(&str) -> Value, required: &str| {
        let mut item = described(keys, of);
        item["required"] = json!([required]);
        json!({"type": "array", "items": item})
    };
    let mut schema = described(config::KEYS, |key| match key {
        "root" => json!({"type": "boolean"}),
        "extends" => json!({"anyOf": [parent, {"type": "array", "items": parent}]}),
        "select" | "extend-select" | "ignore" | "enforce" => selectors.clone(),
        "severity" => severities.clone(),
        "options" => json!({"$ref": "#/$defs/options"}),
        "overrides" => several(config::OVERRIDE_KEYS, &overriding, "paths"),
        "ignores" => several(config::IGNORE_KEYS, &ignored, "rule"),
        "ruleset" | "required-version" => version.clone(),
        "fail-on" => json!({"enum": ["error", "warning", "info", "never"]}),
        "documents" => {
            json!({"type": "object", "propertyNames": {"enum": documents}, "additionalProperties": texts()})
        }
        "stacks" => json!({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}),
        "kinds" => json!({"type": "object", "additionalProperties": {"enum": kinds()}}),
        _ => texts(),
    });
    schema["$schema"] = json!(DIALECT);
    schema["title"] = json!("infralint.yaml");
    schema["type"] = json!(["object", "null"]);
    schema["$defs"] = json!({
        "selector": {"anyOf": [{"enum": ids}, {"type": "string"}]},
        "options": options,
    });
    schema
}

/// What may be given to an option.
fn option_value(option: &crate::rule::written::OptionDef) -> Value {
    use crate::rule::written::OptionType;
    let mut schema = match option.ty {
        OptionType::Bool => json!({"type": "boolean"}),
        OptionType::Int => json!({"type": "integer"}),
        OptionType::Num => json!({"type": "number"}),
        OptionType::Text => json!({"type": ["string", "number", "boolean"]}),
        OptionType::List => texts(),
    };
    schema["description"] = json!(option.doc.trim());
    if matches!(option.ty, OptionType::Int | OptionType::Num) {
        schema["minimum"] = json!(option.range.least.unwrap_or_default());
        if let Some(most) = option.range.most {
            schema["maximum"] = json!(most);
        }
    }
    schema
}

fn rule(settings: &Settings) -> Value {
    let types = settings.library().packs.iter().flat_map(|pack| &pack.documents).map(|d| d.subject.clone());
    let vocabulary = Vocabulary::new(types);
    let subjects = vocabulary.names();
    let mut schema = described(RULE_KEYS, |key| match key {
        "severity" => severity(),
        "default" => json!({"type": "boolean"}),
        "match" => json!({"enum": subjects}),
        "where" | "require" => json!({"$ref": "#/$defs/condition"}),
        "kinds" => json!({"anyOf": [{"enum": kinds()}, {"type": "array", "items": {"enum": kinds()}}]}),
        "options" => json!({"type": "object", "additionalProperties": option()}),
        "structure" => described(STRUCTURE_KEYS, |key| match key {
            "lines" => json!({"type": ["string", "number", "object"]}),
            "tables" | "code" => json!({"type": ["array", "object"]}),
            _ => json!({"type": "object"}),
        }),
        "pattern" => json!({"anyOf": [pattern(), {"type": "array", "items": pattern()}]}),
        "fix" => json!({"anyOf": [fix(), {"type": "array", "items": fix()}]}),
        "variants" => json!({"type": "object", "additionalProperties": variant()}),
        "tests" => mapping([("fail", cases()), ("pass", cases())]),
        "related" => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        "tags" | "same-as" | "files" | "at" | "yields-to" => texts(),
        _ => json!({"type": ["string", "number"]}),
    });
    let mut defs = Map::new();
    defs.insert("condition".into(), condition(Map::new()));
    let mut choices = Vec::new();
    let mut waiting: Vec<&'static Schema> = Vec::new();
    for subject in &subjects {
        let Some(of) = vocabulary.schema(subject) else { continue };
        let fields = json!({"$ref": reference(of())});
        choices.push(json!({
            "if": {"properties": {"match": {"const": subject}}, "required": ["match"]},
            "then": {"properties": {"where": fields, "require": fields}}
        }));
        waiting.push(of());
    }
    while let Some(next) = waiting.pop() {
        if defs.contains_key(next.name) {
            continue;
        }
        let fields = next.fields.iter().map(|field| (field.name.to_owned(), described_field(field, &mut waiting)));
        let mut own = condition(fields.collect());
        own["description"] = json!(next.doc.trim());
        defs.insert(next.name.to_owned(), own);
    }
    schema["$schema"] = json!(DIALECT);
    schema["title"] = json!("An infralint rule");
    schema["required"] = json!(["summary", "severity", "why", "help"]);
    schema["allOf"] = json!(choices);
    schema["$defs"] = Value::Object(defs);
    schema
}

fn reference(schema: &Schema) -> String {
    format!("#/$defs/{}", schema.name)
}

fn described_field(field: &FieldDef, waiting: &mut Vec<&'static Schema>) -> Value {
    let ty = (field.ty)();
    let description = format!("{} ({ty})", field.doc.trim());
    let of = match ty {
        Type::Object(inner) => {
            waiting.push(inner());
            reference(inner())
        }
        Type::List(element) => {
            if let Type::Object(inner) = element() {
                waiting.push(inner());
            }
            "#/$defs/condition".to_owned()
        }
        _ => "#/$defs/condition".to_owned(),
    };
    json!({"description": description, "$ref": of})
}

/// A value, or a mapping of words and of fields; fields of fields are written with dots.
fn condition(mut properties: Map<String, Value>) -> Value {
    let any = json!({"$ref": "#/$defs/condition"});
    let known = !properties.is_empty();
    for word in WORDS {
        let schema = match *word {
            "all" | "any" => json!({"type": "array", "items": any}),
            "not" | "count" | "each" | "some" => any.clone(),
            "one-of" => json!({"type": ["array", "string", "number", "boolean"]}),
            _ => json!({"type": ["string", "number", "boolean"]}),
        };
        properties.insert((*word).to_owned(), schema);
    }
    let mut mapping = json!({"type": "object", "minProperties": 1, "properties": properties});
    if known {
        mapping["patternProperties"] = json!({"^[a-z0-9-]+(\\.[a-z0-9-]+)+$": any});
        mapping["additionalProperties"] = json!(false);
    }
    json!({"anyOf": [{"type": ["string", "number", "boolean"]}, mapping]})
}

fn option() -> Value {
    let ty = json!({"enum": ["bool", "int", "number", "text", "list"]});
    let bound = json!({"type": "number"});
    let doc = json!({"type": "string"});
    mapping([("default", json!(true)), ("type", ty), ("at-least", bound.clone()), ("at-most", bound), ("doc", doc)])
}

fn variant() -> Value {
    mapping([
        ("when", json!({"$ref": "#/$defs/condition"})),
        ("severity", severity()),
        ("default", json!({"type": "boolean"})),
        ("message", json!({"type": "string"})),
        ("at", texts()),
        ("same-as", texts()),
    ])
}

fn fix() -> Value {
    let text = || json!({"type": "string"});
    let texts = json!({"anyOf": [text(), {"type": "array", "items": text(), "minItems": 2, "maxItems": 2}]});
    let verbs = Verb::ALL.iter().map(|(word, _, _)| (*word, text()));
    let edit = mapping(verbs.chain([("with", texts), ("to", text()), ("in", text())]));
    mapping([
        ("title", text()),
        ("safety", json!({"enum": ["safe", "unsafe"]})),
        ("when", json!({"$ref": "#/$defs/condition"})),
        ("alone", json!({"type": "boolean"})),
        ("edits", json!({"anyOf": [edit, {"type": "array", "items": edit}]})),
    ])
}

fn pattern() -> Value {
    json!({"type": "object", "required": ["keywords"], "oneOf": [{"required": ["regex"]}, {"required": ["assigned"]}],
        "properties": {
            "regex": {"type": "string"}, "keywords": texts(), "capture": {"type": "integer"},
            "assigned": {"type": "string", "description": "the form of a value whose key holds a keyword"}
    }})
}

fn cases() -> Value {
    let case = mapping([
        ("case", json!({"type": "string", "description": "what it shows"})),
        ("path", json!({"type": "string", "description": "where the file lies"})),
        ("file", json!({"type": "string", "description": "the file; `^^^^ message` marks the line above"})),
        ("with", json!({"type": "object", "description": "options"})),
        ("files", json!({"type": "object", "description": "other files, by path"})),
        ("fixed", json!({"type": "string", "description": "the file once fixed; `none` if nothing is written"})),
    ]);
    json!({"type": "array", "items": case})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings::here(std::path::Path::new("/"), &SelectArgs::default()).unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    #[test]
    fn every_key_and_every_reference_is_there() {
        let schema = rule(&settings());
        for (key, doc) in RULE_KEYS {
            assert_eq!(schema["properties"][key]["description"], *doc);
        }
        let text = schema.to_string();
        for reference in text.split("\"#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap_or_default();
            assert!(schema["$defs"].get(name).is_some(), "{name}");
        }
        assert!(text.contains("dockerfile.stage"));
    }

    #[test]
    fn a_config_schema_knows_rules_and_their_options() {
        let schema = config(&settings());
        assert_eq!(schema["properties"].as_object().map(Map::len), Some(config::KEYS.len()));
        let properties = |key: &str| schema["properties"][key]["items"]["properties"].as_object().map(Map::len);
        assert_eq!(properties("overrides"), Some(config::OVERRIDE_KEYS.len()));
        assert_eq!(properties("ignores"), Some(config::IGNORE_KEYS.len()));
        assert!(schema["properties"]["extends"].to_string().contains("strict"));
        assert!(
            schema["$defs"]["options"]["properties"]["infra-spec/task-count"]["properties"]["min"]["type"] == "integer"
        );
    }
}
