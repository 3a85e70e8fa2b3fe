#!/usr/bin/env bash
# Finds the program, or fetches a release whose SHA-256 is known beforehand. Leaves its path in GITHUB_OUTPUT.
set -euo pipefail

fail() {
  # A message of several lines would end the command early.
  echo "::error title=infralint::${1//$'\n'/ }"
  exit 2
}

single_line() {
  case "$2" in *$'\n'* | *$'\r'*) fail "the input $1 has more than one line" ;; esac
}

for input in VERSION PATH MIRROR SHA256; do
  name="INPUT_$input"
  single_line "$input" "${!name:-}"
done

if [ -n "${INPUT_PATH:-}" ]; then
  [ -x "$INPUT_PATH" ] || fail "the input path names no program that can be run"
  printf 'program=%s\n' "$INPUT_PATH" >>"$GITHUB_OUTPUT"
  exit 0
fi

case "${RUNNER_OS:-}/${RUNNER_ARCH:-}" in
  Linux/X64) target=x86_64-unknown-linux-musl ;;
  Linux/ARM64) target=aarch64-unknown-linux-musl ;;
  macOS/X64) target=x86_64-apple-darwin ;;
  macOS/ARM64) target=aarch64-apple-darwin ;;
  Windows/X64) target=x86_64-pc-windows-msvc ;;
  *) fail "there is no binary for ${RUNNER_OS:-}/${RUNNER_ARCH:-}: build one and give its path" ;;
esac

table="$GITHUB_ACTION_PATH/action/checksums.txt"
version="${INPUT_VERSION:-}"
version="${version#v}"
if [ -z "$version" ]; then
  version="$(sed -n "s|^[0-9a-f]\{64\}  \([^/]*\)/infralint-.*-$target\.tar\.gz$|\1|p" "$table" | tail -n 1)"
  [ -n "$version" ] || fail "action/checksums.txt lists no release for $target: give version and sha256, or path"
fi
[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+([.-][0-9A-Za-z.-]+)?$ ]] || fail "the input version is no version"

archive="infralint-$version-$target.tar.gz"
expected="${INPUT_SHA256:-}"
if [ -z "$expected" ]; then
  expected="$(awk -v name="$version/$archive" '$2 == name { print $1 }' "$table" | tail -n 1)"
fi
[[ "$expected" =~ ^[0-9a-f]{64}$ ]] || fail "no SHA-256 is known of $archive: give it as the input sha256"

mirror="${INPUT_MIRROR:-}"
if [ -z "$mirror" ]; then
  [ -n "${ACTION_REPOSITORY:-}" ] || fail "where releases are is not known: give the input mirror"
  mirror="${GITHUB_SERVER_URL:-https://github.com}/$ACTION_REPOSITORY/releases/download"
fi
case "$mirror" in
  https://* | file://*) ;;
  *) fail "the input mirror must begin with https:// or file://" ;;
esac

digest() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# The archive is kept, not the program: it is checked each time before anything of it is run.
cache="${RUNNER_TOOL_CACHE:-$RUNNER_TEMP}/infralint/$version"
kept="$cache/$archive"
if [ ! -f "$kept" ] || [ "$(digest "$kept")" != "$expected" ]; then
  mkdir -p "$cache"
  fetched="$(mktemp "$RUNNER_TEMP/infralint.XXXXXX")"
  curl --fail --silent --show-error --location --retry 3 --proto '=https,file' --proto-redir '=https' \
    --output "$fetched" -- "${mirror%/}/v$version/$archive" || fail "$archive cannot be fetched"
  found="$(digest "$fetched")"
  [ "$found" = "$expected" ] || fail "$archive has the SHA-256 $found, expected $expected"
  mv -f "$fetched" "$kept"
fi

home="$(mktemp -d "$RUNNER_TEMP/infralint.XXXXXX")"
tar -xzf "$kept" -C "$home"
program="$home/infralint-$version-$target/infralint"
[ "${RUNNER_OS:-}" != Windows ] || program="$program.exe"
[ -x "$program" ] || fail "$archive does not hold what it should"
printf 'program=%s\n' "$program" >>"$GITHUB_OUTPUT"
