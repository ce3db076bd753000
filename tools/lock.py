"""Write requirements.txt and what is added to it anew: `uv run --no-project tools/lock.py`.

Versions that are already pinned stay, unless `--upgrade` or `--upgrade-package NAME` is added.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEARNER = ROOT / "requirements.txt"
CLUSTER = ROOT / "requirements/cluster.txt"
TESTS = ROOT / "requirements/test.txt"
UV = ROOT / "requirements/uv.txt"

HEADER = """\
# {what}
# Made by `uv run --no-project tools/lock.py` from the ranges in pyproject.toml; do not edit.
# One set of versions for Linux, macOS and Windows and Python 3.11 to 3.14, wheels only.
# "why" stands above each package that the project itself asks for; the others come with those.
--only-binary :all:
"""


def from_root(path: Path) -> str:
    """Name a file as the locks name each other, on every system alike."""
    return path.relative_to(ROOT).as_posix()


def resolve(output: Path, arguments: list[str]) -> None:
    """Let uv write exact versions and their hashes to `output`."""
    fixed = ["--universal", "--python-version=3.11", "--fork-strategy=fewest"]
    fixed += ["--only-binary=:all:", "--generate-hashes", "--no-header", "--quiet"]
    command = ["uv", "pip", "compile", "pyproject.toml", f"--output-file={from_root(output)}"]
    subprocess.run([*command, *fixed, *arguments], cwd=ROOT, check=True)


def blocks(text: str) -> dict[str, str]:
    """Split a lock into one block of lines per package, by name."""
    parts = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    return {part.split("==")[0]: part for part in parts if "==" in part}


def reasons() -> dict[str, str]:
    """Read the comment behind each package of pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.findall(r'^[^"#\n]*"([A-Za-z0-9_-]+)[^"\n]*"\]?,? *# (.+)$', text, re.MULTILINE)
    return {name.replace("_", "-").lower(): why for name, why in found}


def write(path: Path, what: str, packages: dict[str, str]) -> None:
    """Write the packages with the header and with the reason above each direct one."""
    why = reasons()
    lines = [HEADER.format(what=what)]
    for name, block in packages.items():
        reason = f"\n# why: {why[name]}\n" if name in why else ""
        lines.append(reason + block)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def write_added(path: Path, what: str, extras: list[str], given: list[str]) -> None:
    """Write what these extras add to the learner's packages."""
    constraint = f"--constraint={LEARNER.name}"
    resolve(path, [*(f"--extra={extra}" for extra in extras), constraint, *given])
    learner = blocks(LEARNER.read_text(encoding="utf-8"))
    everything = blocks(path.read_text(encoding="utf-8"))
    added = {name: block for name, block in everything.items() if name not in learner}
    write(path, f"{what} besides {LEARNER.name}, pinned.", added)


def main() -> None:
    """Write all files; those of the cluster and the tests hold only what the learner's does not."""
    options = sys.argv[1:]
    resolve(LEARNER, ["--extra=course", *options])
    write(LEARNER, "What a learner runs, pinned.", blocks(LEARNER.read_text(encoding="utf-8")))
    write_added(CLUSTER, "What many machines need", ["course", "cluster"], options)
    versions = [f"--constraint={from_root(CLUSTER)}", *options]
    write_added(TESTS, "What the tests need", ["course", "cluster", "test"], versions)
    write_added(UV, "What start.py installs the others with,", ["setup"], options)


if __name__ == "__main__":
    main()
