"""Run the notebooks and tests as other machines would: `python tools/machines.py [test ...]`.

The last digit of an exponential depends on the processor, that of a matrix product on the library
that was chosen for it. No result of a test, and nothing that a notebook prints, may depend on them.
So this runs the same tests on imitated machines, prints a table, and fails if one of them failed.
Each imitation has to change a digit, or it would imitate nothing.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
# Not those that start a browser or other programs, nor those about the form of files.
ELSEWHERE = ["browser", "course", "launch", "website", "engine/test_mutations.py"]
TESTS = ["notebooks", "tests", *(f"--ignore=tests/{name}" for name in ELSEWHERE)]
AVX512, AVX2 = ("X86_V4", "AVX512"), ("X86_V3", "AVX2", "FMA3")  # how NumPy's names for them begin
OPTIONS = ["-q", "--color=no", "-p", "no:cacheprovider"]
# How long it takes is not the question here: what a busy machine does late it does right.
OPTIONS += ["--timeout=2000", "--nbval-cell-timeout=1000"]
# What decides about digits; an imitated machine has none of it from the caller.
DECIDING = [
    "BP_LAST_DIGIT", "NPY_DISABLE_CPU_FEATURES", "OMP_NUM_THREADS", "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS", "PYTHONPATH",
]  # fmt: skip
DIGITS = """
import hashlib
import numpy as np
rng = np.random.default_rng(0)
x = rng.normal(size=(300, 300))
results = [np.exp(x), np.tanh(x), np.log(np.abs(x)), x @ x, x[:5, :3] @ x[:3, :2], x[0] @ x[1]]
print(hashlib.sha256(b"".join(result.tobytes() for result in results)).hexdigest())
"""


@dataclass(frozen=True)
class Machine:
    """An imitated machine: its name, and the environment that makes Python calculate as it does.

    `needs` are beginnings of names of processor features: without one of them here, there is
    nothing to imitate. `may_be_this` where a machine may be just as the one that runs this.
    """

    name: str
    environment: dict[str, str]
    needs: tuple[str, ...] = ()
    may_be_this: bool = False


@dataclass(frozen=True)
class Result:
    """What pytest gave: whether all passed, and what it printed."""

    passed: bool
    printed: str


def features(*beginnings: str) -> list[str]:
    """Return the features of this processor that NumPy can do without, by how they are named."""
    core = np._core._multiarray_umath  # type: ignore[attr-defined]
    return [
        name
        for name in core.__cpu_dispatch__
        if core.__cpu_features__[name] and name.startswith(beginnings)
    ]


def _without(name: str, *beginnings: str) -> Machine:
    disabled = {"NPY_DISABLE_CPU_FEATURES": ",".join(features(*beginnings))}
    return Machine(f"no {name}", disabled, needs=beginnings)


def _kernel(name: str, needs: tuple[str, ...] = (), threads: str = "2") -> Machine:
    environment = {"OPENBLAS_CORETYPE": name, "OPENBLAS_NUM_THREADS": threads}
    return Machine(f"kernel {name}, threads: {threads}", environment, needs, bool(needs))


def _moved(seed: int) -> Machine:
    folder = str(ROOT / "tools" / "last_digit")
    environment = {"PYTHONPATH": folder, "BP_LAST_DIGIT": str(seed)}
    return Machine(f"last digits moved, {seed}", environment)


AS_IT_IS = Machine("this one", {}, may_be_this=True)
MACHINES = {
    machine.name: machine
    for machine in [
        AS_IT_IS,
        _without("AVX-512", *AVX512),
        _without("AVX2", *AVX2, *AVX512),
        _kernel("Prescott"),
        _kernel("Nehalem", threads="1"),
        _kernel("Sandybridge", AVX2),
        _kernel("Haswell", AVX2, threads="1"),
        _kernel("SkylakeX", AVX512, threads="1"),
        *(_moved(seed) for seed in range(1, 6)),
    ]
}


def environment(machine: Machine) -> dict[str, str]:
    """Return the variables for a process on `machine`."""
    if machine is AS_IT_IS:
        return dict(os.environ)
    kept = {name: value for name, value in os.environ.items() if name not in DECIDING}
    return kept | machine.environment


@cache
def _digits(machine_name: str) -> str:
    machine = MACHINES.get(machine_name, Machine("plain", {}))
    done = subprocess.run(
        [sys.executable, "-c", DIGITS],
        env=environment(machine),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def why_not(machine: Machine) -> str | None:
    """Return why `machine` cannot be imitated here, or None.

    Raises a `RuntimeError` for an imitation that should change some digit and changes none.
    """
    if machine is AS_IT_IS:
        return None
    x86 = platform.machine().lower() in ("x86_64", "amd64")
    if not x86 and "BP_LAST_DIGIT" not in machine.environment:
        return f"it is an x86 processor, this one is {platform.machine()}"
    if machine.needs and not features(*machine.needs):
        return f"this processor has no {machine.needs[0]}"
    if _digits(machine.name) != _digits("plain"):
        return None
    if machine.may_be_this:
        return "this machine gives the same digits"
    raise RuntimeError(f"{machine.name} is no imitation: it gives all the digits of this machine")


def run(machine: Machine, tests: list[str]) -> Result:
    """Run pytest with the arguments `tests` on `machine`."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, *tests],
        cwd=ROOT,
        env=environment(machine),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    return Result(done.returncode == 0, done.stdout + done.stderr)


def main(tests: list[str]) -> int:
    """Print a line for each machine, with what failed below it; return 1 if something did."""
    failed = False
    for machine in MACHINES.values():
        print(f"{machine.name:32}", end="", flush=True)
        reason = why_not(machine)
        if reason:
            print(f"skipped: {reason}")
            continue
        result = run(machine, tests)
        *lines, last = result.printed.strip().splitlines()
        print(last.strip("= "), flush=True)
        failed |= not result.passed
        print(
            *(f"    {line}\n" for line in lines if line.startswith(("FAILED", "ERROR"))),
            sep="",
            end="",
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or TESTS))
