//! Built-in configs to extend: files in `presets/`, written like anybody's.

/// Name and text of each.
pub const PRESETS: &[(&str, &str)] = &[
    ("minimal", include_str!("../../presets/minimal.yaml")),
    ("recommended", include_str!("../../presets/recommended.yaml")),
    ("strict", include_str!("../../presets/strict.yaml")),
    ("pod-security-baseline", include_str!("../../presets/pod-security-baseline.yaml")),
    ("pod-security-restricted", include_str!("../../presets/pod-security-restricted.yaml")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Chain, Laid, Scope, read};
    use crate::rule::library::Library;
    use std::sync::Arc;

    #[test]
    fn every_file_is_a_preset_and_every_preset_holds() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("presets");
        let mut files: Vec<String> =
            std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let mut names: Vec<String> = PRESETS.iter().map(|(name, _)| format!("{name}.yaml")).collect();
        names.sort();
        assert_eq!(files, names);
        let library = Arc::new(Library::builtin().unwrap_or_else(|errors| panic!("{errors:?}")));
        let on = |(name, text): &(&str, &str)| {
            let config = read(name, "", text).unwrap_or_else(|errors| panic!("{errors:?}"));
            let chain = Chain::follow(name, config, &|_, word| Err(word.to_owned())).unwrap();
            let scope = Scope::new(Arc::new(chain), library.clone(), &Laid::default()).unwrap();
            scope.selection(&[]).states.iter().filter(|state| state.on).count()
        };
        let counts: Vec<usize> = PRESETS[..3].iter().map(on).collect();
        assert!(counts[0] > 20 && counts.is_sorted_by(|a, b| a < b), "{counts:?}");
        assert!(PRESETS.iter().all(|preset| on(preset) > 0));
    }
}
