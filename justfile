# Everything that CI runs.
ready:
    .ci/run

# Rewrites generated files.
update:
    UPDATE=1 cargo test --locked

# How much longer the peers take on a folder.
peers FOLDER RUNS="5":
    benches/peers.sh {{FOLDER}} {{RUNS}}

# Stage times over a generated tree.
bench:
    cargo bench --locked
