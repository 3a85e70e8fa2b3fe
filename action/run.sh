#!/usr/bin/env bash
# Runs the program as the inputs say: annotations, summary and SARIF in one run.
set -euo pipefail

fail() {
  echo "::error title=infralint::${1//$'\n'/ }"
  exit 2
}

switch() {
  case "$2" in
    true | false) ;;
    *) fail "the input $1 must be true or false" ;;
  esac
}

annotations="${INPUT_ANNOTATIONS:-true}"
summary="${INPUT_SUMMARY:-true}"
switch annotations "$annotations"
switch summary "$summary"

arguments=()
paths=()
# Words are split, and that is all: no quotes, no patterns, no variables.
while IFS= read -r line; do
  read -ra words <<<"$line"
  [ ${#words[@]} -eq 0 ] || arguments+=("${words[@]}")
done <<<"${INPUT_ARGS:-}"
while IFS= read -r line; do
  line="${line%$'\r'}"
  [ -z "$line" ] || paths+=("$line")
done <<<"${INPUT_PATHS:-.}"
[ ${#paths[@]} -gt 0 ] || paths=(.)

sarif="${INPUT_SARIF:-}"
if [ -n "$sarif" ]; then
  case "$sarif" in *$'\n'* | *$'\r'*) fail "the input sarif has more than one line" ;; esac
  mkdir -p "$(dirname -- "$sarif")"
  arguments+=(--output "sarif=$sarif")
fi

page=""
if [ "$summary" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  page="$(mktemp "${RUNNER_TEMP:-/tmp}/infralint.XXXXXX")"
  arguments+=(--output "markdown=$page")
fi

since="${INPUT_SINCE:-auto}"
[ "$since" != auto ] || since="${BASE_SHA:-none}"
[ "$since" = none ] || arguments+=("--since=$since")

code=0
if [ "$annotations" = true ]; then
  "$INFRALINT" check --format github ${arguments[@]+"${arguments[@]}"} -- "${paths[@]}" || code=$?
else
  # A file's name or words may look like a command to the runner.
  token="infralint-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  echo "::stop-commands::$token"
  "$INFRALINT" check --format concise ${arguments[@]+"${arguments[@]}"} -- "${paths[@]}" || code=$?
  echo "::$token::"
fi

# What went wrong stands on stderr, which makes no annotation.
if [ "$code" -ge 2 ]; then
  echo "::error title=infralint::something could not be checked: see the log of this step"
fi

if [ -n "$page" ]; then
  cat -- "$page" >>"$GITHUB_STEP_SUMMARY"
  rm -f -- "$page"
fi
{
  printf 'exit-code=%s\n' "$code"
  printf 'sarif=%s\n' "$sarif"
} >>"$GITHUB_OUTPUT"
exit "$code"
