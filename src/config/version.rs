//! Versions that configs name: the rule set they pin, and the infralint that they need.

use std::cmp::Ordering;

/// The version of this program.
pub(super) const OWN: &str = env!("CARGO_PKG_VERSION");

/// A version, perhaps without its last numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version(Vec<u32>);

impl Version {
    /// `1`, `1.2` or `1.2.3`; what follows a `-` or `+` is passed over.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let release = text.split(['-', '+']).next().unwrap_or_default();
        let numbers: Option<Vec<u32>> = release.split('.').map(|part| part.parse().ok()).collect();
        numbers.filter(|numbers| numbers.len() <= 3).map(Self)
    }

    /// This program's.
    pub(super) fn own() -> Self {
        Self::parse(OWN).unwrap_or(Self(vec![0]))
    }

    /// Compares as many numbers as `limit` has: 0.1.7 belongs to 0.1.
    fn against(&self, limit: &Version) -> Ordering {
        let number = |version: &Version, at: usize| version.0.get(at).copied().unwrap_or(0);
        let pairs = (0..limit.0.len()).map(|at| number(self, at).cmp(&number(limit, at)));
        pairs.fold(Ordering::Equal, Ordering::then)
    }

    /// Whether it is newer than everything that `limit` stands for.
    pub(super) fn is_newer_than(&self, limit: &Version) -> bool {
        self.against(limit) == Ordering::Greater
    }
}

const FORM: &str = "write `>=0.1`, `==0.1.2`, `~=0.1` or several of them with commas";

/// What a version must be: `>=0.1, <0.3`.
#[derive(Clone, Debug)]
pub(super) struct Requirement(Vec<(&'static str, Version)>);

impl Requirement {
    /// Reads one.
    ///
    /// # Errors
    /// How it should have been written.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        const SIGNS: [&str; 9] = [">=", "<=", "==", "!=", "~=", ">", "<", "^", "="];
        let mut parts = Vec::new();
        for part in text.split(',').map(str::trim) {
            let sign = SIGNS.into_iter().find(|sign| part.starts_with(sign));
            let number = part.trim_start_matches(sign.unwrap_or("")).trim();
            let version = Version::parse(number).ok_or_else(|| format!("`{part}` requires no version: {FORM}"))?;
            parts.push((sign.unwrap_or("=="), version));
        }
        Ok(Self(parts))
    }

    /// Whether a version will do.
    pub(super) fn admits(&self, version: &Version) -> bool {
        self.0.iter().all(|(sign, limit)| {
            let order = version.against(limit);
            match *sign {
                ">=" => order != Ordering::Less,
                "<=" => order != Ordering::Greater,
                ">" => order == Ordering::Greater,
                "<" => order == Ordering::Less,
                "!=" => order != Ordering::Equal,
                "~=" | "^" => order != Ordering::Less && compatible(version, limit, sign),
                _ => order == Ordering::Equal,
            }
        })
    }
}

/// `^0.1.2` stays within 0.1, `~=0.1.2` too; `^1.2` and `~=1.2` within 1.
fn compatible(version: &Version, limit: &Version, sign: &str) -> bool {
    let last = limit.0.len().saturating_sub(1).max(1);
    let fixed = match sign {
        "^" => limit.0.iter().position(|number| *number > 0).map_or(limit.0.len(), |at| at + 1),
        _ => last,
    };
    version.0.iter().zip(&limit.0).take(fixed).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(requirement: &str, version: &str) -> bool {
        Requirement::parse(requirement).unwrap().admits(&Version::parse(version).unwrap())
    }

    #[test]
    fn requirements() {
        for (requirement, version) in [
            (">=0.1", "0.1.0"),
            (">=0.1, <0.3", "0.2.9"),
            ("0.1", "0.1.7"),
            ("==0.1.2", "0.1.2"),
            ("~=0.1.2", "0.1.9"),
            ("^0.1.2", "0.1.2"),
            ("^1.2", "1.9.0"),
            ("!=0.2", "0.1.0"),
            ("<=0.1", "0.1.5"),
        ] {
            assert!(admits(requirement, version), "{requirement} {version}");
        }
        for (requirement, version) in [
            (">=0.2", "0.1.9"),
            (">0.1", "0.1.9"),
            ("<0.1", "0.1.0"),
            ("0.1.0", "0.1.1"),
            ("~=0.1.2", "0.2.0"),
            ("^0.1.2", "0.2.0"),
            ("^1.2", "2.0.0"),
            ("!=0.1", "0.1.4"),
        ] {
            assert!(!admits(requirement, version), "{requirement} {version}");
        }
        assert!(Requirement::parse("latest").unwrap_err().contains("`latest` requires no version"));
        assert!(Requirement::parse(">=0.1,").is_err() && Requirement::parse("1.2.3.4").is_err());
    }

    #[test]
    fn a_short_version_stands_for_all_that_begin_so() {
        let newer = |a: &str, b: &str| Version::parse(a).unwrap().is_newer_than(&Version::parse(b).unwrap());
        assert!(newer("0.2.0", "0.1") && newer("0.1.1", "0.1.0") && newer("1.0.0", "0.9"));
        assert!(!newer("0.1.7", "0.1") && !newer("0.1.0", "0.2") && !newer("0.1.0", "0.1.0"));
    }
}
