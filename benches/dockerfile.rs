//! How fast Dockerfiles are split, in bytes a second.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use infralint::syntax::dockerfile;
use infralint::text::Text;

fn main() {
    divan::main();
}

/// A file as they are met: some stages, long RUNs, comments, a heredoc.
fn sample() -> String {
    let stage = "FROM golang:1.22-alpine AS build\n# what it needs\nARG VERSION=1.2.3\nENV A=\"b c\" D=e\nWORKDIR /src\n\
        COPY --from=base --chown=1:1 go.mod go.sum ./\nRUN --mount=type=cache,target=/root/.cache apt-get update && \\\n    \
        apt-get install -y --no-install-recommends \\\n      # the compiler\n      gcc \\\n      libc6-dev=2.36-9 \\\n    && \
        rm -rf /var/lib/apt/lists/* \\\n    && curl -fsSL \"https://example.com/${VERSION}/x.tar.gz\" | tar -xz -C /opt\n\
        RUN <<EOF\nset -e\nmake all\nEOF\nEXPOSE 8080/tcp\nCMD [\"/bin/app\", \"--port\", \"8080\"]\n\n";
    stage.repeat(2000)
}

#[divan::bench]
fn split(bencher: Bencher<'_, '_>) {
    let source = sample();
    bencher.counter(BytesCount::of_str(&source)).bench(|| {
        let text = Text::whole(&source);
        black_box(dockerfile::parse(&text).instructions.len())
    });
}
