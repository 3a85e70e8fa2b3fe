//! Sentences by dice: the same for the same seed, everywhere.
#![allow(unreachable_pub)]

/// A generator of numbers that a seed decides (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    pub fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }

    pub fn pick(&mut self, all: &[&'static str]) -> &'static str {
        all[self.below(all.len())]
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const SUBJECTS: &[&str] = &[
    "The billing service",
    "Every team",
    "Our message broker",
    "The public API",
    "A nightly job",
    "The platform",
    "Whoever is on call",
    "The front end",
    "Each deployment",
    "The data warehouse",
    "The identity provider",
    "Most of our users",
];
const VERBS: &[&str] = &[
    "depends on",
    "replaces",
    "has outgrown",
    "is built on",
    "shares",
    "cannot do without",
    "duplicates",
    "reads from",
    "waits for",
    "is limited by",
];
const OBJECTS: &[&str] = &[
    "a single PostgreSQL instance",
    "the existing decision process",
    "`docker compose` and a few shell scripts",
    "credentials that rotate every 90 days",
    "an agreed set of interfaces (see [the guide](https://example.org/guide))",
    "the results of last year's audit",
    "tools that nobody maintains any more",
    "status codes that differ from team to team",
    "a proposal of the security team",
    "more memory than the nodes have",
    "two regions, of which one is rarely used",
    "the context of each request, e.g. its `trace_id`",
];
const ENDS: &[&str] = &[
    "",
    ", which is hard to test",
    ", and the costs grow with it",
    " on 2021-06-01",
    ", although this was never decided",
    " as soon as possible",
    "; the alternatives are no better",
    ", but only in production",
    " (about 20 %)",
];
const TOPICS: &[&str] = &[
    "Use PostgreSQL for billing",
    "Record architecture decisions",
    "Adopt a message queue",
    "Choose a front-end framework",
    "Deprecate the SOAP API",
    "Host images in our own registry",
    "Accept JSON only",
    "Trunk based development",
    "Which log format?",
    "Store secrets in a vault",
    "Status page",
    "Rate limits: 100 requests per minute",
    "Run on Kubernetes 1.29",
    "Context propagation",
    "Replace cron by workflows",
    "TLS everywhere",
    "Consequences of multi-tenancy",
    "API versioning & deprecation",
    "Feature flags",
    "Naming of buckets",
    "CI/CD with GitHub Actions",
    "No more shared databases",
    "Proposal: OpenTelemetry",
    "Read replicas (EU)",
    "Data retention",
    "Error budgets",
    "Move to arm64",
    "Design tokens",
    "Mono-repository",
    "Event schemas",
];

pub fn topic(number: usize) -> &'static str {
    TOPICS[number % TOPICS.len()]
}

pub fn sentence(dice: &mut Dice) -> String {
    format!("{} {} {}{}.", dice.pick(SUBJECTS), dice.pick(VERBS), dice.pick(OBJECTS), dice.pick(ENDS))
}

/// One or more paragraphs, now and then with a list, a table, a quotation or code.
pub fn prose(dice: &mut Dice) -> String {
    let mut out = String::new();
    for _ in 0..=dice.below(3) {
        for at in 0..=dice.below(3) {
            out.push_str(if at > 0 { "\n" } else { "" });
            out.push_str(&sentence(dice));
        }
        out.push_str("\n\n");
    }
    match dice.below(8) {
        0 => (0..=dice.below(4)).for_each(|_| out.push_str(&format!("- {}\n", sentence(dice)))),
        1 => (1..=3).for_each(|at| out.push_str(&format!("{at}. **Point {at}**: {}\n", sentence(dice)))),
        2 => out.push_str("```yaml\nstatus: unknown\nreplicas: 3\n```\n"),
        3 => out.push_str("| Option | Score | Remark |\n|---|---:|---|\n| one | 3 | good |\n| two | 1 | |\n"),
        4 => out.push_str("> Whatever works.\n"),
        5 => out.push_str(&format!("Note: {}\n", sentence(dice))),
        _ => {}
    }
    out.trim_end().to_owned()
}

/// A file's name of a title.
pub fn slug(title: &str) -> String {
    let plain: String = title.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

/// The same word as others would write it.
pub fn cased(dice: &mut Dice, word: &str, style: usize) -> String {
    match style {
        0 => word.to_owned(),
        1 => word.to_lowercase(),
        2 => word.to_uppercase(),
        3 => format!("{word}:"),
        4 => format!("**{word}**"),
        _ => format!("{} {word}", dice.pick(&["📋", "✅", "🎯"])),
    }
}
