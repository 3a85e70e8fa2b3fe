//! What RUN and COPY write into the configuration of apt, which later installs go by.

use super::Walk;
use crate::syntax::dockerfile::{Instruction, Keyword};

/// Where apt reads its configuration.
const FOLDER: &str = "/etc/apt/apt.conf";
const SETTING: &str = "install-recommends";

impl Walk<'_, '_> {
    /// Notices that the configuration is written, and what it says.
    pub(super) fn configure(&mut self, instruction: &Instruction<'_>) {
        let argument = instruction.argument_str();
        if !matches!(instruction.keyword, Keyword::Run | Keyword::Copy | Keyword::Add) || !argument.contains(FOLDER) {
            return;
        }
        let bodies = instruction.heredocs.iter().map(|heredoc| heredoc.body.as_str());
        let mut said = bodies.chain([argument]).map(recommends);
        let copied = instruction.keyword != Keyword::Run && instruction.heredocs.is_empty();
        match said.find(Option::is_some) {
            Some(value) => self.scope.effects.apt_recommends = value,
            // What a copied file says nobody has read.
            None if copied => self.scope.effects.apt_recommends = None,
            None => {}
        }
    }
}

/// What a text with the setting gives it for a value.
fn recommends(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    let behind = &lower[lower.find(SETTING)? + SETTING.len()..];
    let value = behind.trim_start_matches([' ', '\t', '=', '"', '\'', '\\']);
    Some(!["0", "false", "no"].iter().any(|off| value.starts_with(off)))
}

#[cfg(test)]
mod tests {
    use super::recommends;

    #[test]
    fn the_value_stands_behind_the_name() {
        assert_eq!(recommends(r#"echo 'APT::Install-Recommends "false";' > x"#), Some(false));
        assert_eq!(recommends(r#"echo "APT::Install-Recommends \"0\";""#), Some(false));
        assert_eq!(recommends("APT { Install-Recommends=1 }"), Some(true));
        assert_eq!(recommends("APT::Install-Suggests 0;"), None);
    }
}
