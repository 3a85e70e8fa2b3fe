//! A fault for each rule on component directories, task documents and repositories, planted into a component that is right:
//! exactly that rule tells it, at its line.
#![allow(clippy::unwrap_used)]

mod common;

use Edit::{Gone, Instead, Long, New};
use Selected::{Alone, Among};
use common::{Repo, fixture};
use std::path::Path;

const DIR: &str = "specs/infrastructure/001-redis-cache";
const OWN: [&str; 3] = ["spec.md", "setup.md", "tasks.md"];
const AROUND: [&str; 3] = ["infralint.yaml", ".env.example", ".gitignore"];

/// What is done to a file; the three of the component are called by their names alone.
enum Edit {
    Gone(&'static str),
    New(&'static str, &'static str),
    /// A title and so many paragraphs.
    Long(&'static str, &'static str, usize),
    Instead(&'static str, &'static str, &'static str),
}

/// Which rules look: that one alone, where the fault is more than one rule's, or with all that are on by default.
#[derive(PartialEq)]
enum Selected {
    Alone,
    Among,
}

/// A row of the catalogue, its rule, who looks, the fault, the file and words on the line of the finding.
type Fault = (u16, &'static str, Selected, &'static [Edit], &'static str, &'static str);

#[rustfmt::skip]
const FAULTS: &[Fault] = &[
    (1, "infra-spec/missing-file", Among, &[Gone("tasks.md")], "spec.md", "# Redis Cache Inf"),
    (2, "infra-spec/bad-directory-name", Alone, &[New("specs/infrastructure/Mail/spec.md", "# Mail Infrastructure\n")], "specs/infrastructure/Mail/spec.md", "# Mail"),
    (3, "infra-spec/duplicate-number", Alone, &[New("specs/infrastructure/001-tail/spec.md", "# Tail Infrastructure\n")], "specs/infrastructure/001-tail/spec.md", "# Tail"),
    (4, "infra-spec/number-gap", Alone, &[New("specs/infrastructure/003-mail/spec.md", "# Mail Infrastructure\n")], "specs/infrastructure/003-mail/spec.md", "# Mail"),
    (6, "infra-spec/unexpected-file", Among, &[New("specs/infrastructure/001-redis-cache/ideas.md", "# Ideas\n")], "spec.md", "# Redis Cache Inf"),
    (7, "infra-spec/branch-mismatch", Alone, &[New(".git/HEAD", "ref: refs/heads/spec-009\n")], "spec.md", "# Redis Cache Inf"),
    (8, "docs/broken-include", Among, &[New("CLAUDE.md", "# Rules\n\n@docs/rules.md\n")], "CLAUDE.md", "@docs"),
    (9, "docs/broken-path-in-code", Among, &[Instead("setup.md", "docker compose up -d cache", "bash specs/start.sh")], "setup.md", "specs/start.sh"),
    (12, "infra-spec/bad-placeholder", Among, &[Instead("setup.md", "your_redis_api_key_here", "changeme")], "setup.md", "changeme"),
    (13, "infra-spec/bad-placeholder", Among, &[Instead("setup.md", "your_redis_api_key_here", "shop_Test_your_key")], "setup.md", "shop_Test"),
    (15, "docs/env-outside-fence", Among, &[Instead("setup.md", "```bash\nREDIS_URL", "REDIS_URL"), Instead("setup.md", "CACHE_TTL=3600\n```", "CACHE_TTL=3600")], "setup.md", "REDIS_URL="),
    (16, "repo/env-not-ignored", Among, &[New(".gitignore", "node_modules/\n")], ".gitignore", "node"),
    (18, "repo/missing-env-example", Alone, &[Gone(".env.example")], "setup.md", "REDIS_URL="),
    (19, "docs/env-drift", Among, &[Instead("setup.md", "CACHE_TTL=3600", "CACHE_TTL=3600\nCACHE_SIZE=1")], "setup.md", "CACHE_SIZE"),
    (20, "infra-spec/env-usage-unexplained", Alone, &[New("setup.md", "# Setup\n\nStart it.\n")], "setup.md", "# Setup"),
    (22, "infra-spec/key-acquisition-without-link", Among, &[Instead("setup.md", "<https://cache.example.com>", "the provider")], "setup.md", "## Getting"),
    (24, "docs/todo-left", Among, &[Instead("spec.md", "Function 3: the owner", "Function 3: TODO the owner")], "spec.md", "TODO"),
    (25, "docs/template-leftover", Among, &[Instead("spec.md", "Function 3: the owner", "Function 3: {Component Name} the owner")], "spec.md", "{Comp"),
    (26, "docs/enum-not-chosen", Alone, &[Instead("spec.md", "**Priority**: P1", "**Priority**: P0/P1/P2")], "spec.md", "P0/P1"),
    (27, "docs/empty-section", Among, &[Instead("spec.md", "## Security Considerations", "## Notes\n\n## Security Considerations")], "spec.md", "## Notes"),
    (28, "docs/thin-section", Among, &[Instead("spec.md", "## Security Considerations", "## Notes\n\nN/A\n\n## Security Considerations")], "spec.md", "## Notes"),
    (31, "infra-spec/unknown-component-type", Among, &[Instead("spec.md", "Type**: Caching", "Type**: Blending")], "spec.md", "Blending"),
    (34, "infra-spec/unknown-dependency", Among, &[Instead("spec.md", "Dependencies**: None", "Dependencies**: 004-mail")], "spec.md", "004-mail"),
    (35, "infra-spec/dependency-cycle", Among, &[Instead("spec.md", "Dependencies**: None", "Dependencies**: 001-redis-cache")], "spec.md", "Dependencies"),
    (37, "infra-spec/missing-requirements", Alone, &[Instead("spec.md", "## Requirements", "## Wishes")], "spec.md", "# Redis Cache Inf"),
    (40, "infra-spec/vague-resource-limit", Alone, &[New("spec.md", "# Redis Cache Infrastructure\n\n## Technical Constraints\n\n- Memory: some\n")], "spec.md", "## Tech"),
    (42, "infra-spec/unmeasurable-success", Alone, &[New("spec.md", "# Redis Cache Infrastructure\n\n## Success Criteria\n\n- fast\n- good\n- cheap\n")], "spec.md", "## Success"),
    (43, "infra-spec/missing-health-endpoint", Alone, &[New("spec.md", "# Redis Cache Infrastructure\n\n## Success Criteria\n\n- p95 below 5 ms\n- good\n- cheap\n")], "spec.md", "# Redis"),
    (44, "infra-spec/spec-length", Alone, &[Long("spec.md", "# Redis Cache Infrastructure", 200)], "spec.md", "# Redis"),
    (45, "infra-spec/product-in-requirement", Among, &[Instead("spec.md", "Function 3: the owner", "Function 3: Kafka keeps the owner")], "spec.md", "Kafka"),
    (46, "infra-spec/missing-project-json-reference", Among, &[New("project.json", "{}\n")], "spec.md", "# Redis"),
    (48, "infra-spec/missing-verification", Alone, &[New("spec.md", "# Redis Cache Infrastructure\n\n## Notes\n\nText.\n")], "spec.md", "# Redis"),
    (49, "infra-spec/missing-security-topic", Alone, &[New("spec.md", "# Redis Cache Infrastructure\n\n## Security\n\nAll is encrypted.\n")], "spec.md", "## Security"),
    (50, "infra-spec/missing-component-topic", Alone, &[New("spec.md", "# Redis Cache Infrastructure\n\n**Component Type**: Caching\n")], "spec.md", "**Component Type"),
    (51, "infra-spec/setup-length", Alone, &[Long("setup.md", "# Setup", 200)], "setup.md", "# Setup"),
    (57, "infra-spec/missing-troubleshooting", Among, &[Instead("setup.md", "## Troubleshooting", "## Words")], "setup.md", "# Redis Cache Setup"),
    (58, "infra-spec/setup-without-steps", Alone, &[New("setup.md", "# Setup\n\nStart it.\n")], "setup.md", "# Setup"),
    (59, "docs/uncopyable-command", Among, &[Instead("setup.md", "docker compose up", "$ docker compose up")], "setup.md", "$ docker"),
    (61, "docs/fence-without-language", Among, &[Instead("setup.md", "```bash\ndocker compose up", "```\ndocker compose up")], "setup.md", "```"),
    (62, "infra-spec/wrong-env-file-for-stack", Among, &[New("package.json", "{ \"dependencies\": { \"next\": \"15.0.0\" } }\n")], "setup.md", "Copy it to the `.env`"),
    (63, "infra-spec/supabase-without-rls", Among, &[Instead("spec.md", "Function 3: the owner", "Function 3: Supabase keeps the owner")], "spec.md", "# Redis"),
    (64, "infra-spec/task-count", Alone, &[New("tasks.md", "# Tasks\n\n1. [ ] One\n")], "tasks.md", "# Tasks"),
    (65, "infra-spec/phase-count", Alone, &[New("tasks.md", "# Tasks\n\n### Phase 1: Infrastructure Setup\n\n1. [ ] One\n")], "tasks.md", "# Tasks"),
    (72, "infra-spec/total-effort", Alone, &[], "tasks.md", "# Redis Cache Tasks"),
    (76, "infra-spec/missing-phase-topic", Alone, &[New("tasks.md", "# Tasks\n\n### Phase 4: Monitoring & Logging\n\n1. [ ] Paint\n")], "tasks.md", "### Phase 4"),
    (77, "infra-spec/empty-phase", Alone, &[New("tasks.md", "# Tasks\n\n### Phase 1: Infrastructure Setup\n\n### Phase 2: Configuration\n\n1. [ ] One\n")], "tasks.md", "### Phase 1"),
    (78, "infra-spec/total-length", Alone, &[Long("setup.md", "# Setup", 300)], "spec.md", "# Redis"),
    (79, "docs/wrong-reported-count", Among, &[New("report.md", "# Report\n\n- specs/infrastructure/001-redis-cache/tasks.md (9 tasks)\n")], "report.md", "9 tasks"),
    (80, "infra-spec/stale-status", Among, &[Instead("spec.md", "Status**: planned", "Status**: done")], "spec.md", "done"),
    (81, "tasks/unknown-type", Among, &[New("plan.md", "# Plan\n\n## TASK-001: Deploy it\n\n**Type:** Infrastructure\n**Acceptance Criteria:** it runs for a day\n**Dependencies:** None\n\n## TASK-002: Watch it\n\n**Type:** Wonder\n**Acceptance Criteria:** it is seen\n**Dependencies:** None\n")], "plan.md", "Wonder"),
    (82, "tasks/untyped-infra-task", Among, &[New("plan.md", "# Plan\n\n## TASK-001: Deploy it\n\n**Type:** Infrastructure\n**Acceptance Criteria:** it runs for a day\n**Dependencies:** None\n\n## TASK-002: Docker pipeline\n\n**Acceptance Criteria:** it is seen\n**Dependencies:** None\n")], "plan.md", "TASK-002"),
    (83, "tasks/duplicate-id", Among, &[New("plan.md", "# Plan\n\n## TASK-001: Deploy it\n\n**Type:** Infrastructure\n**Acceptance Criteria:** it runs for a day\n**Dependencies:** None\n\n## TASK-001: Watch it\n\n**Type:** Deployment\n**Acceptance Criteria:** it is seen\n**Dependencies:** None\n")], "plan.md", "## TASK-001: Watch"),
    (84, "tasks/missing-acceptance", Among, &[New("plan.md", "# Plan\n\n## TASK-001: Deploy it\n\n**Type:** Infrastructure\n**Dependencies:** None\n")], "plan.md", "## TASK-001"),
    (85, "docs/missing-deployment-doc", Alone, &[New("app/Dockerfile", "FROM scratch\n")], "app/Dockerfile", "FROM"),
    (86, "docs/missing-secret-rotation", Alone, &[New("setup.md", "# Setup\n\nSet the password.\n")], "setup.md", "password"),
    (88, "docs/missing-backup", Alone, &[New("compose.yaml", "services:\n  db:\n    image: postgres:16\n")], "compose.yaml", "db:"),
    (89, "docs/staging-not-before-production", Alone, &[New(".github/workflows/d.yml", "on: push\njobs:\n  deploy-staging: { runs-on: ubuntu-latest }\n  deploy-prod: { runs-on: ubuntu-latest }\n")], ".github/workflows/d.yml", "deploy-prod"),
    (90, "docs/missing-least-privilege", Alone, &[New("spec.md", "# Redis Cache Infrastructure\n\n## Security\n\nText.\n")], "spec.md", "# Redis"),
    (92, "repo/infra-file-ignored", Alone, &[New(".gitignore", ".env*\n!.env.example\nDockerfile\n")], ".gitignore", "Dockerfile"),
    (93, "repo/missing-referenced-config", Among, &[Instead("setup.md", "docker compose up -d cache\n```", "docker compose up -d cache\n```\n\nSee `Dockerfile.cache`."), New("app/Dockerfile", "FROM scratch\nUSER 1\n")], "setup.md", "Dockerfile.cache"),
];

fn path(file: &str) -> String {
    if OWN.contains(&file) { format!("{DIR}/{file}") } else { file.to_owned() }
}

fn text_of(file: &str) -> String {
    std::fs::read_to_string(fixture("component").join(Path::new(&path(file)))).unwrap()
}

fn apply(repo: &Repo, edit: &Edit) {
    match edit {
        Gone(file) => std::fs::remove_file(repo.root.join(path(file))).unwrap(),
        New(file, text) => repo.write(path(file), text.as_bytes()),
        Long(file, title, number) => {
            repo.write(path(file), format!("{title}\n{}", "\nText.\n".repeat(*number)).as_bytes());
        }
        Instead(file, old, new) => {
            let text = std::fs::read_to_string(repo.root.join(path(file))).unwrap();
            assert!(text.contains(old), "{old}");
            repo.write(path(file), text.replacen(old, new, 1).as_bytes());
        }
    }
}

#[test]
fn each_fault_is_told_by_its_rule_at_its_line() {
    let mut wrong = Vec::new();
    for (row, rule, selected, edits, file, words) in FAULTS {
        let repo = Repo::new();
        for file in AROUND.iter().chain(&OWN) {
            repo.write(path(file), text_of(file).as_bytes());
        }
        edits.iter().for_each(|edit| apply(&repo, edit));
        let how = if *selected == Alone { "--select" } else { "--extend-select" };
        let (_, report) = repo.json(&[how, rule]);
        let findings = report["findings"].as_array().unwrap().iter();
        let told = findings.map(|f| {
            let text = |key: &str| f[key].as_str().unwrap_or_default().to_owned();
            (text("rule"), text("path"), f["start"]["line"].as_u64().unwrap_or_default() as usize)
        });
        // A line more or less changes lengths, which are not what was planted.
        let told: Vec<_> = told.filter(|(id, ..)| id == rule || !id.ends_with("-length")).collect();
        let text = std::fs::read_to_string(repo.root.join(path(file))).unwrap();
        let line = text.lines().position(|line| line.contains(words)).unwrap() + 1;
        let wanted = ((*rule).to_owned(), path(file), line);
        if told != [wanted.clone()] {
            wrong.push(format!("row {row}: wanted {wanted:?}, found {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), FAULTS.len(), wrong.join("\n"));
}
