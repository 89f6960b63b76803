"""Times the core beside its peers, after checking that they agree; see README.md.

    cargo xtask bench [--quick] [--job ID ...] --json FILE

makes the environment and calls this file. One process runs per number of threads, because most libraries fix theirs
when they are imported.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness import judge, machine, table  # noqa: E402 - the line above makes them known

Row = dict[str, Any]


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="cargo xtask bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="smaller data and fewer rounds: a few minutes, for a first look"
    )
    parser.add_argument("--job", nargs="+", metavar="ID", default=[], help="only these jobs of manifest.json")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2], help="numbers of threads (1 2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every row there, one JSON object a line")
    parser.add_argument(
        "--gate", action="store_true", help="exit with 1 when a floor is missed or could not be measured"
    )
    parser.add_argument(
        "--real-time", action="store_true", help="ask for the real-time class; starves the rest of the machine"
    )
    parser.add_argument("--accept-noise", action="store_true", help="show CPU times where it is too noisy, marked ~")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def chosen(manifest: dict[str, Any], names: list[str]) -> list[dict[str, Any]]:
    """The jobs by name, all of them without names."""
    jobs = manifest["jobs"]
    known = [job["id"] for job in jobs]
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no job {', '.join(unknown)}; the jobs are: {', '.join(known)}")
    return [job for job in jobs if not names or job["id"] in names]


def work(threads: int, given: list[str]) -> list[Row]:
    """Runs the jobs in a process that may use so many threads, and reads its rows as they come."""
    libraries = (
        "POLARS_MAX",
        "RAYON_NUM",
        "NUMBA_NUM",
        "OMP_NUM",
        "OPENBLAS_NUM",
        "MKL_NUM",
        "VALUE_MODEL",
        "VM_BENCH",
    )
    names = [f"{library}_THREADS" for library in libraries]
    env = os.environ | dict.fromkeys(names, str(threads)) | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(HERE / "run.py"), *given, "--worker", str(threads)]
    rows = []
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            row = json.loads(line)
            rows.append(row)
            print(table.progress(row), file=sys.stderr, flush=True)
    if process.returncode != 0:
        sys.exit(f"the process for {threads} threads failed ({process.returncode})")
    return rows


def worker(args: argparse.Namespace, jobs: list[dict[str, Any]]) -> None:
    """What such a process does: prints one JSON object for each row."""
    from harness import job, noise

    if args.real_time:
        print(f"real-time class: {noise.real_time()}", file=sys.stderr)
    # Whatever a peer prints must not end up between the rows.
    rows = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for spec in jobs:
        if args.worker in spec["threads"]:
            for row in job.run(spec, args.worker, args.quick, args.accept_noise):
                print(json.dumps(row), file=rows, flush=True)


def main() -> int:
    """Runs the jobs, shows the table, writes the rows, judges the goals."""
    args = options()
    manifest = json.loads((HERE / "manifest.json").read_text())
    jobs = chosen(manifest, args.job)
    if args.worker is not None:
        worker(args, jobs)
        return 0
    given = [word for word in sys.argv[1:] if word != "--gate"]
    header = machine.header(manifest["version"], args)
    rows = [row for threads in args.threads for row in work(threads, given)]
    verdicts = judge.judge(jobs, rows, header["dispatch"])
    if args.json:
        lines = [header, *rows, *({"goal": verdict.row()} for verdict in verdicts)]
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text("".join(json.dumps(line) + "\n" for line in lines))
    print(table.machine(header), table.rows(rows), table.goals(verdicts), sep="\n\n")
    return 1 if args.gate and any(verdict.fails for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
