//! Variables in words, as BuildKit replaces them: quotes, escapes and every `${…}` form.
//!
//! What nobody in sight can know becomes [`HOLE`] in the text, so that the parts around it still count.

/// Stands for an unknown part of a value; no text file holds it in a word.
pub(super) const HOLE: char = '\u{1}';

/// What a variable is known to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Variable {
    /// Its value; may hold holes itself.
    Set(String),
    /// Declared without a value, or surely not declared.
    Unset,
    /// Somebody out of sight may set it.
    Unknown,
}

/// Longest value that is kept: longer ones are no names, paths or tags, and must not grow without end.
const LONGEST: usize = 2048;
const MAX_DEPTH: usize = 12;

/// Replaces variables in a raw word and takes off quotes and escapes.
pub(super) fn expand(raw: &str, escape: u8, lookup: &dyn Fn(&str) -> Variable) -> String {
    let mut expander = Expander { bytes: raw.as_bytes(), raw, at: 0, escape, lookup };
    let mut out = expander.run(None, 0);
    if out.len() > LONGEST {
        out = HOLE.to_string();
    }
    out
}

struct Expander<'a> {
    raw: &'a str,
    bytes: &'a [u8],
    at: usize,
    escape: u8,
    lookup: &'a dyn Fn(&str) -> Variable,
}

impl Expander<'_> {
    /// Up to `stop` (not taken) or the end.
    fn run(&mut self, stop: Option<u8>, depth: usize) -> String {
        let mut out = String::new();
        let mut quote = 0u8;
        while let Some(&byte) = self.bytes.get(self.at) {
            if quote == 0 && Some(byte) == stop {
                return out;
            }
            let start = self.at;
            self.at += 1;
            match byte {
                _ if byte == self.escape && quote != b'\'' => self.escaped(quote, &mut out),
                b'"' | b'\'' if quote == 0 => quote = byte,
                _ if byte == quote => quote = 0,
                b'$' if quote != b'\'' => self.dollar(depth, &mut out),
                _ => {
                    while self.bytes.get(self.at).is_some_and(|b| !b.is_ascii()) {
                        self.at += 1;
                    }
                    out.push_str(&self.raw[start..self.at]);
                }
            }
            if out.len() > LONGEST {
                out.truncate(0);
                out.push(HOLE);
                self.at = self.bytes.len();
            }
        }
        out
    }

    fn escaped(&mut self, quote: u8, out: &mut String) {
        let Some(next) = self.raw.get(self.at..).and_then(|rest| rest.chars().next()) else {
            out.push(char::from(self.escape));
            return;
        };
        let protects = matches!(next, '"' | '$') || next == char::from(self.escape);
        if quote == b'"' && !protects {
            out.push(char::from(self.escape));
        }
        out.push(next);
        self.at += next.len_utf8();
    }

    fn dollar(&mut self, depth: usize, out: &mut String) {
        match self.bytes.get(self.at) {
            Some(b'{') => {
                self.at += 1;
                self.brace(depth, out);
            }
            Some(b) if b.is_ascii_alphabetic() || *b == b'_' => {
                let name = self.name();
                put((self.lookup)(&name), out);
            }
            Some(b) if b.is_ascii_digit() || matches!(b, b'@' | b'*' | b'#' | b'?' | b'!') => {
                self.at += 1;
                out.push(HOLE);
            }
            _ => out.push('$'),
        }
    }

    fn name(&mut self) -> String {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
            self.at += 1;
        }
        self.raw[start..self.at].to_owned()
    }

    /// Behind `${`.
    fn brace(&mut self, depth: usize, out: &mut String) {
        let name = self.name();
        let value = (self.lookup)(&name);
        let operator = self.operator();
        if name.is_empty() || depth >= MAX_DEPTH || operator.is_none() {
            self.skip_brace();
            out.push(HOLE);
            return;
        }
        match operator.unwrap_or("") {
            "" => put(value, out),
            operator @ ("/" | "//") => {
                let pattern = self.run(Some(b'/'), depth + 1);
                self.at += usize::from(self.bytes.get(self.at) == Some(&b'/'));
                let with = self.run(Some(b'}'), depth + 1);
                put(replaced(value, &pattern, &with, operator == "//"), out);
            }
            operator => {
                let word = self.run(Some(b'}'), depth + 1);
                put(modified(value, operator, &word), out);
            }
        }
        self.at += usize::from(self.bytes.get(self.at) == Some(&b'}'));
    }

    fn operator(&mut self) -> Option<&'static str> {
        const ALL: [&str; 13] = [":-", ":+", ":?", "##", "%%", "//", "-", "+", "?", "#", "%", "/", "}"];
        let rest = &self.bytes[self.at..];
        let found = ALL.into_iter().find(|op| rest.starts_with(op.as_bytes()))?;
        if found == "}" {
            return Some("");
        }
        self.at += found.len();
        Some(found)
    }

    fn skip_brace(&mut self) {
        let mut open = 1usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            open += usize::from(byte == b'{');
            open -= usize::from(byte == b'}');
            if open == 0 {
                return;
            }
        }
    }
}

fn put(value: Variable, out: &mut String) {
    match value {
        Variable::Set(text) => out.push_str(&text),
        Variable::Unset | Variable::Unknown => out.push(HOLE),
    }
}

fn modified(value: Variable, operator: &str, word: &str) -> Variable {
    let set = |text: &str| Variable::Set(text.to_owned());
    match (operator, value) {
        (_, Variable::Unknown) => Variable::Unknown,
        (":-", Variable::Set(text)) if !text.is_empty() => Variable::Set(text),
        ("-", Variable::Set(text)) => Variable::Set(text),
        (":-" | "-", _) => set(word),
        (":+", Variable::Set(text)) if text.is_empty() => set(""),
        (":+" | "+", Variable::Set(_)) => set(word),
        (":+" | "+", Variable::Unset) => set(""),
        (":?" | "?", value) => value,
        (_, Variable::Unset) => Variable::Unset,
        (operator, Variable::Set(text)) => trimmed(&text, operator, word),
    }
}

/// `#`, `##`, `%`, `%%`: takes the shortest or longest match off one end.
fn trimmed(text: &str, operator: &str, pattern: &str) -> Variable {
    if text.contains(HOLE) || pattern.contains(HOLE) || pattern.len() > 128 {
        return Variable::Unknown;
    }
    let mut cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let front = operator.starts_with('#');
    // The shortest match first; the doubled operators want the longest.
    if front == (operator.len() == 2) {
        cuts.reverse();
    }
    let part = |cut: usize| if front { &text[..cut] } else { &text[cut..] };
    let rest = |cut: usize| if front { &text[cut..] } else { &text[..cut] };
    let cut = cuts.into_iter().find(|&cut| glob(pattern, part(cut)));
    Variable::Set(cut.map_or(text, rest).to_owned())
}

fn replaced(value: Variable, pattern: &str, with: &str, all: bool) -> Variable {
    let Variable::Set(text) = value else { return value };
    let strange = |s: &str| s.contains([HOLE, '*', '?', '[']);
    if text.contains(HOLE) || strange(pattern) || with.contains(HOLE) {
        return Variable::Unknown;
    }
    match (pattern.is_empty(), all) {
        (true, _) => Variable::Set(text),
        (_, true) => Variable::Set(text.replace(pattern, with)),
        (_, false) => Variable::Set(text.replacen(pattern, with, 1)),
    }
}

/// `*` and `?` as in file names; steps back only to the last star.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    // Most pairs are told apart by the words between the stars.
    let mut words = pattern.split(['*', '?']);
    let begins = words.next().is_none_or(|first| text.starts_with(first));
    if !begins || !words.all(|word| text.contains(word)) {
        return false;
    }
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (p, t) = (after, from + 1);
            }
        }
    }
    pattern[p.min(pattern.len())..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lookup(name: &str) -> Variable {
        match name {
            "X" => Variable::Set("a.tar.gz".into()),
            "E" => Variable::Set(String::new()),
            "B" => Variable::Set("$X".into()),
            "U" => Variable::Unset,
            _ => Variable::Unknown,
        }
    }

    fn shown(raw: &str) -> String {
        expand(raw, b'\\', &lookup).replace(HOLE, "?")
    }

    #[test]
    fn every_form_of_a_variable() {
        for (raw, expected) in [
            ("$X-${X}", "a.tar.gz-a.tar.gz"),
            ("${U:-d} ${E:-d} ${E-d} ${U-d} ${X:-d}", "d d  d a.tar.gz"),
            ("${U:+a}|${E:+a}|${E+a}|${X:+a}", "||a|a"),
            ("${X:?e} ${U:?e} ${N:-d} ${N:+d} $N", "a.tar.gz ? ? ? ?"),
            ("${X#*.} ${X##*.} ${X%.*} ${X%%.*} ${X#z}", "tar.gz gz a.tar a a.tar.gz"),
            ("${X/a/b} ${X//a/b} ${X//./-}", "b.tar.gz b.tbr.gz a-tar-gz"),
            ("${U:-${E:-${X%.gz}}}", "a.tar"),
            (r#"\$X '$X' "$X" "\"b" 'c\' \q"#, r#"$X $X a.tar.gz "b c\ q"#),
            ("$B", "$X"),
            ("é$X日", "éa.tar.gz日"),
            ("${X", "?"),
            ("${X[0]}z", "?z"),
            ("$ $1", "$ ?"),
        ] {
            assert_eq!(shown(raw), expected, "{raw}");
        }
    }

    #[test]
    fn values_do_not_grow_without_end() {
        let long = |_: &str| Variable::Set("x".repeat(1500));
        assert_eq!(expand("$A$A$A", b'\\', &long), HOLE.to_string());
        let deep = "${U:-".repeat(100_000);
        assert!(expand(&deep, b'\\', &lookup).len() < 10);
    }

    proptest! {
        #[test]
        fn any_word_is_expanded(raw in "[a-z${}:/#%+?*'\"\\\\é-]{0,40}") {
            expand(&raw, b'\\', &lookup);
        }
    }
}
