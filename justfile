# Everything that CI runs.
ready:
    .ci/run

# Rewrites generated files.
update:
    UPDATE=1 cargo test --locked

# Stage times over a generated tree.
bench:
    cargo bench --locked
