//! A realistic tree, generated: documents, manifests, Compose files, workflows and Dockerfiles of varied size.
#![allow(unreachable_pub, dead_code)]

use std::fmt::Write as _;

/// A small generator of numbers: the same tree on every machine.
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const WORDS: &[&str] = &[
    "cluster",
    "service",
    "deploy",
    "the",
    "a",
    "of",
    "when",
    "node",
    "restart",
    "pipeline",
    "queue",
    "database",
    "must",
    "never",
    "alert",
    "traffic",
    "region",
    "replica",
    "is",
    "and",
    "with",
    "token",
    "config",
    "network",
    "storage",
    "latency",
    "budget",
    "operator",
    "rollout",
    "`kubectl get pods`",
    "**important**",
    "_quiet_",
    "[runbook](../runbooks/high-load.md)",
    "team",
    "before",
    "after",
    "limits",
    "requests",
    "image",
    "registry",
];

const NAMES: &[&str] = &["web", "api", "worker", "cache", "db", "queue", "auth", "search", "mail", "metrics"];

/// The files of a tree of about `bytes`: path and text. About 69 % documents, 27 % YAML, 4 % Dockerfiles by number.
pub fn tree(bytes: usize, files: usize) -> Vec<(String, String)> {
    let mut random = Random::new(7);
    let mean = bytes / files;
    let mut out = Vec::with_capacity(files);
    for number in 0..files {
        // Sizes vary as in real repositories: many small files, few large ones.
        let size = match random.below(20) {
            0..=11 => mean / 3,
            12..=17 => mean,
            18 => mean * 3,
            _ => mean * 8,
        };
        let dir = format!("team-{}/part-{}", number % 13, number % 101);
        out.push(match random.below(100) {
            0..=57 => (format!("{dir}/docs/page-{number}.md"), document(&mut random, size)),
            58..=63 => (format!("{dir}/docs/adr/{:04}-choice.md", number), record(&mut random, size)),
            64..=68 => (format!("specs/infrastructure/{number:03}-part/tasks.md"), plan(&mut random)),
            69..=86 => (format!("{dir}/k8s/app-{number}.yaml"), manifests(&mut random, size)),
            87..=91 => (format!("{dir}/{number}/compose.yaml"), compose(&mut random)),
            92..=95 => (format!("{dir}/.github/workflows/job-{number}.yml"), workflow(&mut random)),
            _ => (format!("{dir}/{number}/Dockerfile"), dockerfile(&mut random)),
        });
    }
    out
}

fn sentence(random: &mut Random, out: &mut String) {
    for index in 0..8 + random.below(14) {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(random.pick(WORDS));
    }
    out.push_str(".\n");
}

fn document(random: &mut Random, size: usize) -> String {
    let mut out = String::from("# About a part of the platform\n\n");
    while out.len() < size {
        let _ = writeln!(out, "## {} {}\n", random.pick(NAMES), random.pick(WORDS));
        for _ in 0..1 + random.below(4) {
            sentence(random, &mut out);
        }
        out.push('\n');
        match random.below(5) {
            0 => {
                out.push_str("```yaml\n");
                container(random, &mut out, 0);
                out.push_str("```\n\n");
            }
            1 => out.push_str("| name | value |\n| --- | --- |\n| replicas | 3 |\n| region | eu |\n\n"),
            2 => {
                for _ in 0..3 + random.below(5) {
                    out.push_str("- ");
                    sentence(random, &mut out);
                }
                out.push('\n');
            }
            3 => out.push_str("```bash\nkubectl apply -f app.yaml\nkubectl rollout status deploy/web\n```\n\n"),
            _ => {}
        }
    }
    out
}

fn record(random: &mut Random, size: usize) -> String {
    let mut out = String::from("# 12. Use one queue\n\nDate: 2026-03-04\n\n## Status\n\nAccepted\n");
    for heading in ["Context", "Decision", "Consequences"] {
        let _ = writeln!(out, "\n## {heading}\n");
        while out.len() < size / 3 {
            sentence(random, &mut out);
        }
        sentence(random, &mut out);
    }
    out
}

fn plan(random: &mut Random) -> String {
    let mut out = String::from("# Tasks\n");
    for (number, phase) in [
        "Infrastructure Setup",
        "Configuration",
        "Implementation",
        "Monitoring & Logging",
        "Documentation & Validation",
    ]
    .iter()
    .enumerate()
    {
        let _ = writeln!(out, "\n### Phase {}: {phase}\n", number + 1);
        for task in 1..=3 + random.below(2) {
            let _ = write!(out, "{task}. [ ] ");
            sentence(random, &mut out);
            let hours = 2 + random.below(6);
            let _ = writeln!(out, "   - Estimated effort: {hours} hours\n   - Dependencies: None");
            out.push_str("   - Verification: the endpoint answers within a second\n");
        }
    }
    out
}

fn container(random: &mut Random, out: &mut String, indent: usize) {
    let pad = " ".repeat(indent);
    let name = random.pick(NAMES);
    let tag = random.below(30);
    let _ = writeln!(out, "{pad}- name: {name}\n{pad}  image: registry.example.com/{name}:1.{tag}");
    let _ = writeln!(out, "{pad}  ports:\n{pad}  - containerPort: {}", 8000 + random.below(99));
    let _ = writeln!(out, "{pad}  env:\n{pad}  - name: LOG_LEVEL\n{pad}    value: info");
    let _ =
        writeln!(out, "{pad}  - name: PASSWORD\n{pad}    valueFrom:\n{pad}      secretKeyRef: {{name: db, key: pw}}");
    let _ = writeln!(out, "{pad}  resources:\n{pad}    limits: {{memory: 256Mi}}\n{pad}    requests: {{cpu: 100m}}");
    if random.below(3) == 0 {
        let _ = writeln!(out, "{pad}  securityContext:\n{pad}    privileged: true");
    }
}

fn manifests(random: &mut Random, size: usize) -> String {
    let mut out = String::new();
    while out.len() < size.max(400) {
        let name = random.pick(NAMES);
        let _ = write!(
            out,
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  labels: {{app: {name}}}\nspec:\n  \
             selector:\n    matchLabels: {{app: {name}}}\n  template:\n    metadata:\n      labels: {{app: {name}}}\n    \
             spec:\n      securityContext: {{runAsNonRoot: true}}\n      containers:\n"
        );
        for _ in 0..1 + random.below(2) {
            container(random, &mut out, 6);
        }
        let _ = write!(
            out,
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec:\n  selector: {{app: {name}}}\n  \
             ports:\n  - port: 80\n"
        );
    }
    out
}

fn compose(random: &mut Random) -> String {
    let mut out = String::from("services:\n");
    for name in &NAMES[..2 + random.below(5)] {
        let tag = random.below(9);
        let _ = write!(
            out,
            "  {name}:\n    image: registry.example.com/{name}:2.{tag}\n    environment:\n      LOG_LEVEL: debug\n      \
             DB_PASSWORD: ${{DB_PASSWORD}}\n    ports: [\"80{tag}0:80\"]\n    volumes:\n    - data:/var/lib/{name}\n"
        );
    }
    out.push_str("volumes:\n  data:\n");
    out
}

fn workflow(random: &mut Random) -> String {
    let mut out = String::from("name: build\non:\n  push:\njobs:\n");
    for name in &NAMES[..1 + random.below(4)] {
        let _ = write!(
            out,
            "  {name}:\n    runs-on: ubuntu-24.04\n    steps:\n    - uses: actions/checkout@v4\n    - run: |\n        \
             make {name}\n        make test\n    - run: echo ${{{{ github.sha }}}}\n"
        );
    }
    out
}

fn dockerfile(random: &mut Random) -> String {
    let mut out =
        String::from("# syntax=docker/dockerfile:1\nARG VERSION=3.20\nFROM golang:1.24 AS build\nWORKDIR /src\n");
    for _ in 0..1 + random.below(6) {
        out.push_str(
            "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends \\\n       curl git \\\n",
        );
        out.push_str("    && rm -rf /var/lib/apt/lists/*\nCOPY . .\nENV CGO_ENABLED=0\n");
    }
    out.push_str(
        "RUN go build -o /app ./cmd/app\n\nFROM alpine:${VERSION}\nCOPY --from=build /app /app\nEXPOSE 8080\n",
    );
    out.push_str("USER 10001:10001\nCMD [\"/app\"]\n");
    out
}
