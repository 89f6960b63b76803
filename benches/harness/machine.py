"""What a table of figures must say about where it comes from."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("duckdb", "jsonlogic-rs", "numba", "numpy", "pandas", "polars", "pyarrow", "pydantic", "zen-engine")


def header(manifest: int, args: argparse.Namespace) -> dict[str, Any]:
    """The first row: machine, versions, options and which instructions the core uses."""
    return {
        "header": True,
        "manifest": manifest,
        "cpu": _cpu("model name"),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "rustc": _says(["rustc", "--version"]),
        "commit": _says(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]),
        "changed": bool(_says(["git", "-C", str(ROOT), "status", "--porcelain"])),
        "dispatch": dispatch(),
        "packages": {name: metadata.version(name) for name in PACKAGES} | _npm(),
        "quick": args.quick,
        "real_time": args.real_time,
    }


def _npm() -> dict[str, str]:
    """Node and what the packages for JavaScript are compared with."""
    pinned = json.loads((ROOT / "benches" / "node" / "package.json").read_text())["dependencies"]
    return {"node": _says(["node", "--version"]).removeprefix("v"), **pinned}


def dispatch() -> str:
    """The widest path of the core that this machine can run, or the one that the environment forces."""
    forced = os.environ.get("VALUE_MODEL_SIMD")
    if forced:
        return forced
    flags = _cpu("flags").split()
    if "avx512f" in flags:
        return "avx512"
    return "avx2" if "avx2" in flags else "sse2"


def _cpu(field: str) -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == field:
            return value.strip()
    return "unknown"


def _says(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
