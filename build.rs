//! Embeds `rules/` in a compact form, so that no YAML is read at start; refuses rule files of a wrong form.

#![allow(dead_code, unused_imports, clippy::print_stdout, unreachable_pub)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "src/diagnostic.rs"]
mod diagnostic;
#[path = "src/rule"]
mod rule {
    mod option;
    pub mod read;
    pub mod written;
}
#[path = "src/syntax"]
mod syntax {
    pub mod yaml;
}
#[path = "src/text/mod.rs"]
mod text;

use rule::read::{ReadError, pack_file, rule_file};
use rule::written::Library;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/rule/option.rs");
    println!("cargo::rerun-if-changed=src/rule/read");
    println!("cargo::rerun-if-changed=src/rule/written.rs");
    println!("cargo::rerun-if-changed=src/rule/written");
    println!("cargo::rerun-if-changed=src/syntax/yaml");
    println!("cargo::rerun-if-changed=src/text");
    println!("cargo::rerun-if-changed=build.rs");
    let mut library = Library::default();
    let mut prose = std::collections::BTreeMap::new();
    let mut errors = String::new();
    for path in files(Path::new("rules"))? {
        let text = fs::read_to_string(&path)?;
        let shown = path.to_string_lossy().replace('\\', "/");
        let id = shown.trim_start_matches("rules/").trim_end_matches(".yaml");
        if let Some(pack) = id.strip_suffix("/pack") {
            match pack_file(pack, &shown, &text) {
                Ok(pack) => library.packs.push(pack),
                Err(found) => report(&shown, &text, &found, &mut errors),
            }
            continue;
        }
        match rule_file(id, &shown, &text) {
            Ok((mut rule, words)) => {
                rule.tested = true;
                library.rules.push(rule);
                prose.insert(id.to_owned(), words);
            }
            Err(found) => report(&shown, &text, &found, &mut errors),
        }
    }
    if !errors.is_empty() {
        return Err(format!("rule files are refused:\n{errors}").into());
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("rules.bin"), postcard::to_allocvec(&library)?)?;
    fs::write(out.join("prose.bin"), postcard::to_allocvec(&prose)?)?;
    Ok(())
}

fn report(path: &str, text: &str, found: &[ReadError], errors: &mut String) {
    let source = text::Source::new(text);
    for error in found {
        let at = source.position(error.span.start);
        let _ = writeln!(errors, "{path}:{}:{}: {}", at.line, at.column, error.message);
    }
}

/// All `.yaml` files two levels down, sorted, so that the embedded bytes depend on nothing else.
fn files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !root.is_dir() {
        return Ok(found);
    }
    for pack in fs::read_dir(root)? {
        let pack = pack?.path();
        if !pack.is_dir() {
            continue;
        }
        for file in fs::read_dir(&pack)? {
            let file = file?.path();
            if file.extension().is_some_and(|e| e == "yaml") {
                found.push(file);
            }
        }
    }
    found.sort();
    Ok(found)
}
