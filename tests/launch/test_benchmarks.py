"""The benchmark runs, on its small sizes, where PyTorch is missing, and says so."""

import os
import subprocess
import sys
from pathlib import Path


def test_engine_benchmark_runs_without_pytorch(tmp_path):
    # PyTorch may be installed here; this file is found before it
    (tmp_path / "torch.py").write_text("raise ImportError\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.engine", "--quick"],
        cwd=Path(__file__).resolve().parents[2],
        # with one thread, whatever else runs here delays it less
        env=os.environ | {"PYTHONPATH": str(tmp_path), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert "PyTorch is not installed" in run.stdout
    steps, passes, memory = run.stdout.split("\n\n")[1:]
    assert steps.count("not installed") == 4  # two sizes, two dtypes
    assert "2-16-16-2 (64)" in steps
    assert "16-16-16-10 (128)" in passes
    assert memory.count("peak") == 3


def test_race_benchmark_runs():
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.race", "--quick"],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    _, single, batch = run.stdout.split("\n\n")
    for examples, table in (("1 example;", single), ("64 examples;", batch)):
        assert table.startswith(examples)
        assert [line.split()[0] for line in table.splitlines()[2:]] == ["90", "280", "960"]


def test_a_checkout_beside_itself():
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.versions", "--quick", "."],
        cwd=root,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    head, *rows = run.stdout.splitlines()
    assert head.endswith("this / other")
    assert [row.split(",")[0] for row in rows] == ["step"] * 10 + ["event"] * 3
    assert all(0 < float(row.split()[-2]) < 100 for row in rows)
