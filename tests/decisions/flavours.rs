//! The shapes that folders of decision records have, each as data.
#![allow(unreachable_pub)]

use super::words::{Dice, cased, prose, sentence, slug, topic};

/// How the records of a folder are written.
pub struct Flavour {
    pub name: &'static str,
    dir: &'static str,
    /// `N` is the number, with as many digits; `D` the date; `S` the slug.
    file: &'static str,
    title: &'static str,
    status: Form,
    date: Form,
    body: Body,
    index: Index,
}

/// How a header field is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    None,
    Heading,
    Line,
    Bold,
    Bullet,
    BoldBullet,
    Frontmatter,
    Row,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Nygard,
    Madr,
    Cosmos,
    Edc,
    Tyree,
    Leads,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Index {
    None,
    List,
    Table,
    Plain,
}

const fn flavour(name: &'static str, dir: &'static str, file: &'static str, title: &'static str) -> Flavour {
    let (status, date, body, index) = (Form::Heading, Form::Line, Body::Nygard, Index::None);
    Flavour { name, dir, file, title, status, date, body, index }
}

pub const FLAVOURS: &[Flavour] = &[
    flavour("nygard", "doc/adr", "NNNN-S.md", "# N. T"),
    Flavour { index: Index::List, ..flavour("adr-tools", "doc/architecture/decisions", "NNNN-S.md", "# N. T") },
    Flavour { index: Index::Plain, ..flavour("alphagov", "docs/adr", "adr-NNN-S.md", "# ADR NNN: T") },
    Flavour {
        status: Form::Bullet,
        date: Form::Bullet,
        body: Body::Madr,
        index: Index::List,
        ..flavour("madr 2", "docs/decisions", "NNNN-S.md", "# T")
    },
    Flavour {
        status: Form::Frontmatter,
        date: Form::Frontmatter,
        body: Body::Madr,
        ..flavour("madr 3", "docs/decisions", "NNNN-S.md", "# T")
    },
    Flavour {
        status: Form::Frontmatter,
        date: Form::Frontmatter,
        body: Body::Madr,
        index: Index::Table,
        ..flavour("madr 4", "docs/adrs", "NNNN-S.md", "# ADR-NNNN: T")
    },
    Flavour {
        date: Form::None,
        body: Body::Cosmos,
        index: Index::List,
        ..flavour("cosmos", "docs/architecture/adr", "adr-NNN-S.md", "# ADR NNN: T")
    },
    Flavour {
        status: Form::None,
        date: Form::None,
        body: Body::Edc,
        ..flavour("edc", "docs/developer/decision-records", "D-S/README.md", "# T")
    },
    Flavour {
        status: Form::Row,
        date: Form::Row,
        index: Index::Table,
        ..flavour("table rows", "architecture-decision-records", "NNNN-S.md", "# NNNN - T")
    },
    Flavour { status: Form::Bold, date: Form::Bold, ..flavour("bold", "docs/adr", "NNN-S.md", "# ADR-NNN: T") },
    Flavour {
        status: Form::BoldBullet,
        date: Form::BoldBullet,
        index: Index::Table,
        ..flavour("bold bullets", "docs/decisions", "NNNN-S.md", "# ADR-N — T")
    },
    Flavour { status: Form::Line, ..flavour("lines", "adr", "NNNN_S.md", "# NNNN. T") },
    Flavour { status: Form::Bullet, date: Form::Bullet, ..flavour("dated", "docs/adr", "D-S.md", "# T") },
    Flavour { body: Body::Tyree, ..flavour("tyree", "docs/adr", "NNN-S.md", "# T") },
    Flavour {
        status: Form::Bold,
        date: Form::Bold,
        body: Body::Leads,
        ..flavour("leads", "docs/adr", "NNN-S.md", "# ADR-NNN: T")
    },
    Flavour {
        status: Form::Frontmatter,
        date: Form::Frontmatter,
        ..flavour("nygard with frontmatter", "documentation/architecture-decisions", "NNNN-S.md", "# N. T")
    },
];

impl Flavour {
    pub fn numbered_title(&self) -> bool {
        self.title.contains('N')
    }

    /// Whether its records have a part whose absence is a fault.
    pub fn has(&self, part: &str) -> bool {
        match part {
            "status" => self.status != Form::None,
            "date" => self.date != Form::None,
            "context" | "decision" => !matches!(self.body, Body::Edc | Body::Tyree),
            "consequences" => matches!(self.body, Body::Nygard | Body::Cosmos | Body::Leads),
            "alternatives" => matches!(self.body, Body::Madr | Body::Cosmos),
            _ => self.body == Body::Madr,
        }
    }
}

#[derive(Clone)]
pub struct Record {
    pub number: usize,
    pub title_number: usize,
    pub title: String,
    pub status: String,
    pub date: String,
    /// The date in the name of its file.
    pub made: String,
    /// Parts that are left out.
    pub without: Vec<&'static str>,
    pub supersedes: Option<usize>,
    pub is_plain: bool,
    pub parts: [String; 4],
}

pub struct Folder {
    pub flavour: &'static Flavour,
    pub records: Vec<Record>,
    /// Records that the index leaves out.
    pub unlisted: Vec<usize>,
    style: usize,
    crlf: bool,
    linked: bool,
    names: [&'static str; 3],
    accepted: &'static str,
}

const ACCEPTED: &[&str] = &[
    "Accepted",
    "accepted",
    "ACCEPTED",
    "**Accepted**",
    "✅ Accepted",
    "Approved",
    "`accepted`",
    "Accepted (2021-05-04)",
];
const OTHERS: &[&str] =
    &["Proposed", "draft", "Rejected", "Deprecated", "In Review", "ACCEPTED, implemented", "On hold"];

impl Folder {
    pub fn new(flavour: &'static Flavour, dice: &mut Dice) -> Self {
        let offset = dice.below(30);
        let first = if dice.chance(20) { 0 } else { 1 };
        let count = 10 + dice.below(21);
        let mut folder = Self {
            flavour,
            records: Vec::new(),
            unlisted: Vec::new(),
            style: if dice.chance(50) { 0 } else { dice.below(6) },
            crlf: dice.chance(10),
            linked: dice.chance(70),
            names: [
                dice.pick(&["Context", "Context", "Background", "Context & Problem Statement", "Motivation"]),
                dice.pick(&["Decision", "Decision", "Resolution", "Decision Outcome"]),
                dice.pick(&["Consequences", "Consequences", "Implications", "Trade-offs", "Impact"]),
            ],
            accepted: dice.pick(ACCEPTED),
        };
        for at in 0..count {
            folder.records.push(record(dice, first + at, topic(offset + at), at, folder.accepted));
        }
        if flavour.status != Form::None {
            for _ in 0..dice.below(3) {
                folder.supersede(dice);
            }
        }
        folder
    }

    /// Makes one record the successor of another.
    fn supersede(&mut self, dice: &mut Dice) {
        let old = dice.below(self.records.len() / 2);
        let new = self.records.len() / 2 + dice.below(self.records.len() / 2 - 1);
        if self.is_plain(old) && self.is_plain(new) {
            self.records[old].status = format!("{} {}", dice.pick(&["Superseded by", "superseded by"]), self.link(new));
            self.records[new].supersedes = Some(old);
            (self.records[old].is_plain, self.records[new].is_plain) = (false, false);
        }
    }

    pub fn is_plain(&self, index: usize) -> bool {
        self.records[index].is_plain && index + 1 < self.records.len()
    }

    pub fn has_numbers(&self) -> bool {
        self.flavour.file.contains('N')
    }

    /// How a record refers to another one.
    pub fn link(&self, index: usize) -> String {
        let record = &self.records[index];
        let path = self.file(record);
        let nested = self.flavour.file.contains('/');
        let name = if self.has_numbers() { format!("ADR-{:04}", record.number) } else { record.title.clone() };
        match (self.linked || !self.has_numbers(), nested) {
            (true, true) => format!("[{name}](../{path})"),
            (true, false) => format!("[{name}]({path})"),
            (false, _) => name,
        }
    }

    fn file(&self, record: &Record) -> String {
        numbered(self.flavour.file, record.number).replace('D', &record.made).replace('S', &slug(&record.title))
    }

    pub fn path(&self, index: usize) -> String {
        format!("{}/{}", self.flavour.dir, self.file(&self.records[index]))
    }

    pub fn index_path(&self) -> Option<String> {
        (self.flavour.index != Index::None && self.flavour.index != Index::Plain)
            .then(|| format!("{}/README.md", self.flavour.dir))
    }

    /// All files with their texts.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut out: Vec<(String, String)> =
            (0..self.records.len()).map(|index| (self.path(index), self.text(index))).collect();
        out.extend(self.index());
        let template = "# [short title]\n\n- Status: [proposed | accepted]\n\n## Context\n\n{Describe the Context}\n\n## Decision\n";
        out.push((format!("{}/template.md", self.flavour.dir), template.to_owned()));
        out.push(("README.md".to_owned(), format!("# Shop\n\nDecisions are [recorded]({}).\n", self.flavour.dir)));
        if self.crlf {
            out.iter_mut().for_each(|(_, text)| *text = text.replace('\n', "\r\n"));
        }
        out
    }

    fn index(&self) -> Option<(String, String)> {
        let listed = || {
            let all = self.records.iter().enumerate().filter(|(index, _)| !self.unlisted.contains(index));
            all.map(|(_, record)| (record, self.file(record)))
        };
        let lines: Vec<String> = match self.flavour.index {
            Index::None => return None,
            Index::Plain => vec!["We write a record for each decision; see [the template](template.md).".to_owned()],
            Index::List => listed().map(|(r, path)| format!("* [{}. {}]({path})", r.number, r.title)).collect(),
            Index::Table => {
                let rows = listed().map(|(r, path)| format!("| [{:04}]({path}) | {} | x |", r.number, r.title));
                ["| ADR | Title | Notes |", "|---|---|---|"].map(str::to_owned).into_iter().chain(rows).collect()
            }
        };
        let text = format!("# Architecture Decision Records\n\nWhat was decided, and why.\n\n{}\n", lines.join("\n"));
        Some((format!("{}/README.md", self.flavour.dir), text))
    }

    fn head(&self, record: &Record, level: usize, name: &str) -> String {
        let mut dice = Dice::new(record.number as u64);
        format!("\n{} {}\n\n", "#".repeat(level), cased(&mut dice, name, self.style))
    }

    fn text(&self, index: usize) -> String {
        let record = &self.records[index];
        let has = |part: &str| !record.without.contains(&part);
        let mut front = Vec::new();
        let mut header = Vec::new();
        let mut rows = Vec::new();
        let mut headed = String::new();
        let supersedes = record.supersedes.map(|old| self.link(old));
        let mut field = |form: Form, name: &str, value: &str| match form {
            Form::Frontmatter => front.push(format!("{}: \"{value}\"", name.to_lowercase().replace(' ', "-"))),
            Form::Line => header.push(format!("{name}: {value}\n")),
            Form::Bold => header.push(format!("**{name}:** {value}\n")),
            Form::Bullet => header.push(format!("* {name}: {value}")),
            Form::BoldBullet => header.push(format!("- **{name}**: {value}")),
            Form::Row => rows.push(format!("| {name} | {value} |")),
            Form::Heading => headed.push_str(&format!("{}{value}\n", self.head(record, 2, name))),
            Form::None => {}
        };
        let plain = matches!(self.flavour.status, Form::Frontmatter);
        let status = if plain { record.status.replace(['*', '`'], "") } else { record.status.clone() };
        if has("status") {
            field(self.flavour.status, "Status", &status);
        }
        field(self.flavour.date, "Date", &record.date);
        if let Some(old) = &supersedes
            && self.flavour.status != Form::Heading
        {
            field(self.flavour.status, "Supersedes", old);
        }
        if let (Some(old), Form::Heading) = (&supersedes, self.flavour.status) {
            headed.push_str(&format!("\nSupersedes {old}\n"));
        }
        let title =
            numbered(self.flavour.title, record.title_number).replace('T', "\u{1}").replace('\u{1}', &record.title);
        let mut out = String::new();
        if !front.is_empty() {
            out.push_str(&format!("---\n{}\n---\n\n", front.join("\n")));
        }
        out.push_str(&format!("{title}\n\n"));
        if !rows.is_empty() {
            out.push_str(&format!("| | |\n|---|---|\n{}\n\n", rows.join("\n")));
        }
        out.push_str(&header.join("\n"));
        out.push_str(if header.is_empty() { "" } else { "\n" });
        out.push_str(&headed);
        out.push_str(&self.body(record, &has));
        out
    }

    fn body(&self, record: &Record, has: &dyn Fn(&str) -> bool) -> String {
        let [context, decision, consequences, more] = &record.parts;
        let mut out = String::new();
        let mut part = |wanted: bool, level: usize, name: &str, text: &str| {
            if wanted {
                out.push_str(&format!("{}{text}\n", self.head(record, level, name)));
            }
        };
        match self.flavour.body {
            Body::Nygard => {
                part(has("context"), 2, self.names[0], context);
                part(has("decision"), 2, self.names[1], decision);
                part(has("consequences"), 2, self.names[2], consequences);
            }
            Body::Leads => {
                let leads = [("context", context), ("decision", decision), ("consequences", consequences)];
                for (at, (name, text)) in leads.into_iter().enumerate().filter(|(_, (name, _))| has(name)) {
                    let lead = if at == 0 { "Context" } else { ["Decision", "Consequences"][at - 1] };
                    let _ = name;
                    out.push_str(&format!("\n**{lead}:** {text}\n"));
                }
            }
            Body::Madr => {
                part(has("context"), 2, "Context and Problem Statement", context);
                part(true, 2, "Decision Drivers", "* costs\n* what the team knows");
                let reasons =
                    ["* First Way, because it is there", "* Second Way: more work", "* Bare Option - too dear"];
                let bare = [reasons[0], reasons[1], "* Bare Option"];
                let options = if has("reasons") { reasons } else { bare };
                part(has("alternatives"), 2, "Considered Options", &options.join("\n"));
                part(
                    has("decision"),
                    2,
                    "Decision Outcome",
                    &format!("Chosen option: \"First Way\", because {decision}"),
                );
                part(has("decision"), 3, "Consequences", "* Good, because it is simple\n* Bad, because it costs more");
                part(true, 2, "More Information", more);
            }
            Body::Cosmos => {
                part(true, 2, "Changelog", "* 2020 Oct: Initial draft\n* 23-02-2021: second version");
                part(has("context"), 2, "Context", context);
                part(has("alternatives"), 2, "Alternatives", "> None of the others was better.\n\nSee above.");
                part(has("decision"), 2, "Decision", decision);
                part(has("consequences"), 2, "Consequences", consequences);
                let below = if has("consequences") { 3 } else { 2 };
                part(has("consequences"), below, "Positive", "- faster");
                part(has("consequences"), below, "Negative", "- none of note");
                part(true, 2, "References", "- [other](https://example.org/other)");
            }
            Body::Edc => {
                part(has("decision"), 2, "Decision", decision);
                part(true, 2, "Rationale", context);
                part(true, 2, "Approach", more);
            }
            Body::Tyree => {
                part(true, 2, "Issue", context);
                part(true, 2, "Decision", decision);
                part(true, 2, "Assumptions", more);
                part(true, 2, "Positions", "- one\n- two");
                part(true, 2, "Argument", more);
                part(true, 2, "Implications", consequences);
            }
        }
        out
    }
}

fn record(dice: &mut Dice, number: usize, title: &str, at: usize, accepted: &str) -> Record {
    let is_plain = dice.chance(75);
    let made = format!("20{:02}-{:02}-{:02}", 18 + at / 12, 1 + at % 12, 1 + dice.below(28));
    Record {
        number,
        title_number: number,
        title: title.to_owned(),
        status: if is_plain { accepted } else { dice.pick(OTHERS) }.to_owned(),
        date: made.clone(),
        made,
        without: Vec::new(),
        supersedes: None,
        is_plain,
        parts: [prose(dice), prose(dice), prose(dice), sentence(dice)],
    }
}

/// Puts a number where the pattern has `N`s, with as many digits; a single one stands for as many as it takes.
fn numbered(pattern: &str, number: usize) -> String {
    let count = pattern.chars().filter(|&c| c == 'N').count();
    match count {
        0 => pattern.to_owned(),
        1 => pattern.replacen('N', &number.to_string(), 1),
        _ => pattern.replacen(&"N".repeat(count), &format!("{number:0count$}"), 1),
    }
}
