"""Measures infralint beside its peers, each on the files that the peer can read.

For every peer the files of its kind are copied to a folder of their own, outside of any repository, so
that both see the same files, no settings and no history. A peer that gives up on them as a whole is run
on halves until the files it cannot bear are known; it is measured on the rest, and the table says so.
Then both run in turn, and the medians count: time on the clock, and processor time of the process and
all its children. Findings are thrown away.
"""

import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 900.0
"""Seconds after which a run is given up."""

DOCKERFILE = re.compile(r"^(Dockerfile|Containerfile)([.-].*)?$|\.(dockerfile|Dockerfile|Containerfile)$")
NO_DOCKERFILE = re.compile(r"\.(dockerignore|md|j2|tmpl|sh|py)$")
WORKFLOW = re.compile(r"(^|/)\.github/workflows/[^/]+\.ya?ml$|(^|/)action\.ya?ml$")


def is_dockerfile(path):
    name = path.rsplit("/", 1)[-1]
    return bool(DOCKERFILE.search(name)) and not NO_DOCKERFILE.search(name)


def is_workflow(path):
    return bool(WORKFLOW.search(path))


def is_markdown(path):
    return path.endswith(".md")


def is_yaml(path):
    return path.endswith((".yaml", ".yml"))


def everything(_path):
    return True


# Name, program, which files, arguments (FILES stands for the files), exit codes of a whole run.
PEERS = [
    ("hadolint", "hadolint", is_dockerfile, ["--no-fail", "--format", "json", "FILES"], {0}),
    ("tally", "tally", is_dockerfile, ["lint", "--no-config", "--slow-checks", "off", "--format", "json", "FILES"], {0, 1}),
    ("zizmor", "zizmor", is_workflow, ["--offline", "--no-config", "--quiet", "--no-exit-codes", "--format", "json", "FILES"], {0}),
    ("rumdl", "rumdl", is_markdown, ["check", "--no-config", "--no-cache", "--silent", "FILES"], {0, 1}),
    ("yamllint", "yamllint", is_yaml, ["-d", "default", "-f", "parsable", "FILES"], {0, 1}),
    ("gitleaks", "gitleaks", everything, ["dir", ".", "--no-banner", "--exit-code", "0"], {0}),
    ("betterleaks", "betterleaks", everything, ["auto", ".", "--no-banner", "--silent", "--exit-code", "0"], {0}),
    ("kingfisher", "kingfisher", everything, ["scan", ".", "--no-validate", "--no-update-check", "--git-history", "none", "--format", "json"], {0, 200}),
    ("checkov", "checkov", everything, ["--directory", ".", "--skip-download", "--quiet", "--compact", "--soft-fail"], {0}),
]


def find(program):
    """A peer's program: in the environments of PEERS, else on PATH."""
    for venv in filter(None, os.environ.get("PEERS", "").split(":")):
        for folder in (Path(venv) / "bin", Path(venv)):
            if os.access(folder / program, os.X_OK) and (folder / program).is_file():
                return str((folder / program).absolute())
    return shutil.which(program)


class Ran:
    def __init__(self, code, wall, cpu, words):
        self.code, self.wall, self.cpu, self.words = code, wall, cpu, words


def run(command, folder):
    """Runs a program in a folder. Its output goes to a file, for a pipe would slow it down."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("INFRALINT_")}
    with tempfile.TemporaryFile() as errors:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        try:
            code = child.wait(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            code = None
        wall = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        errors.seek(0)
        words = errors.read(1 << 16).decode("utf-8", "replace").strip().splitlines()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(code, wall, cpu, words)


def arguments(peer, program, files):
    command = [program]
    for word in peer[3]:
        command.extend(files if word == "FILES" else [word])
    return command


def list_files(folder):
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            path = Path(root) / name
            if path.is_file() and not path.is_symlink():
                found.append(path.relative_to(folder).as_posix())
    return found


def stage(folder, files, target):
    for file in files:
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / file, target / file)


def readable(peer, program, files, folder):
    """The files on which a peer does not give up, and its words on one on which it does."""
    good, words = [], []
    waiting = [files]
    while waiting:
        part = waiting.pop()
        ran = run(arguments(peer, program, part), folder)
        if ran.code in peer[4]:
            good.extend(part)
        elif len(part) > 1:
            middle = len(part) // 2
            waiting += [part[middle:], part[:middle]]
        elif ran.words:
            words = ran.words
    return sorted(good), words


def version(program):
    ran = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+[\w.-]*", ran.stdout + ran.stderr)
    return found.group(0) if found else "?"


def compare(peer, program, own, folder, files, runs):
    """One row of the table."""
    name, _, chosen, words, codes = peer
    files = [file for file in files if chosen(file)]
    if not files:
        return [name, "0", "-", "-", "-", "-", "-", "-", "no file of its kind"]
    note = ""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch).resolve()
        stage(folder, files, target)
        first = run(arguments(peer, program, files), target)
        if first.code not in codes and "FILES" not in words:
            why = "does not end" if first.code is None else f"aborts with code {first.code}"
            said = f": {first.words[-1][:80]}" if first.words else ""
            return [name, str(len(files)), "-", "-", "-", "-", "-", "-", why + said]
        if first.code not in codes:
            good, said = readable(peer, program, files, target)
            note = f"aborts on {len(files) - len(good)} of {len(files)} files"
            note += f": {said[-1][:80]}" if said else ""
            for file in set(files) - set(good):
                (target / file).unlink()
            files = good
            if not files:
                return [name, "0", "-", "-", "-", "-", "-", "-", note]
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(run([own, "--no-config", "--format", "json", "."], target))
            theirs.append(run(arguments(peer, program, files), target))
    failed = [ran.code for ran in ours if ran.code not in {0, 1, 2}]
    if failed:
        note = f"infralint ended with code {failed[0]}; {note}"
    middle = statistics.median
    wall, cpu = middle(r.wall for r in ours), middle(r.cpu for r in ours)
    their_wall, their_cpu = middle(r.wall for r in theirs), middle(r.cpu for r in theirs)
    return [
        f"{name} {version(program)}",
        str(len(files)),
        f"{wall:.2f}",
        f"{their_wall:.2f}",
        f"{their_wall / max(wall, 1e-3):.1f}",
        f"{cpu:.2f}",
        f"{their_cpu:.2f}",
        f"{their_cpu / max(cpu, 1e-3):.1f}",
        note,
    ]


def main():
    folder, runs = Path(sys.argv[1]).resolve(), max(1, int(sys.argv[2]))
    own = str(Path(os.environ["INFRALINT"]).resolve())
    files = list_files(folder)
    print(f"infralint {version(own)}, {len(files)} files, {os.cpu_count()} cores, medians of {runs} runs in turn")
    print("wall and CPU in seconds; a ratio says how many times as long the peer takes on the same files")
    print()
    print("| peer | files | our wall | its wall | ratio | our CPU | its CPU | ratio | |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |", flush=True)
    for peer in PEERS:
        program = find(peer[1])
        row = [peer[0], "-", "-", "-", "-", "-", "-", "-", "not installed"]
        if program:
            row = compare(peer, program, own, folder, files, runs)
        print("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |", flush=True)


if __name__ == "__main__":
    main()
