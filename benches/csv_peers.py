"""CSV to CSV: the command against polars and DuckDB, the same scores from the same file.

    python3 -m venv target/peers && target/peers/bin/pip install polars duckdb
    cargo build --release -p value-model-cli
    target/peers/bin/python benches/csv_peers.py [--rows 1000000] [--rounds 5]

Every peer's scores are compared with the command's before anything is timed. Times are wall seconds of whole runs in
one process each, in turn; the median of the rounds and its ratio to the command are printed, with peak memory.
"""

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
WORK = HERE.parent / "target" / "csv_peers"
COMMAND = HERE.parent / "target" / "release" / "value-model"
VALUES = [f"v{i}" for i in range(1, 7)]
COSTS = [f"c{i}" for i in range(1, 7)]


def make(path: Path, rows: int) -> None:
    """Accounts with answers of two decimals, a tenth of them missing, from a fixed seed."""
    rng = random.Random(1)
    texts = [""] * 11 + [f"{n / 100:g}" for n in range(101)]
    with path.open("w") as out:
        out.write(",".join(["account", *VALUES, *COSTS]) + "\n")
        for row in range(rows):
            out.write(f"a{row}," + ",".join(rng.choices(texts, k=12)) + "\n")


POLARS = """
import sys, polars as pl
source, target = sys.argv[1:]
def side(names, reverse):
    present = sum(pl.col(n).is_not_null().cast(pl.Float64) for n in names)
    unit = lambda n: (1.0 - pl.col(n)) if reverse else pl.col(n)
    total = sum(pl.when(pl.col(n).is_not_null()).then(unit(n)).otherwise(0.0) for n in names)
    return present, total
pv, tv = side([f"v{i}" for i in range(1, 7)], False)
pc, tc = side([f"c{i}" for i in range(1, 7)], True)
frame = pl.scan_csv(source, schema_overrides={n: pl.Float64 for n in [f"{s}{i}" for s in "vc" for i in range(1, 7)]})
frame = frame.with_columns(pv=pv, tv=tv, pc=pc, tc=tc)
value = pl.when(pl.col("pv") >= 3).then(pl.col("tv") / pl.col("pv"))
costs = pl.when(pl.col("pc") >= 3).then(pl.col("tc") / pl.col("pc"))
score = (value + costs) / 2 * 100
frame = frame.select(
    "account", score=score,
    band=pl.when(score >= 75).then(pl.lit("healthy")).when(score >= 50).then(pl.lit("watch"))
        .when(score.is_not_null()).then(pl.lit("at_risk")),
    coverage=(pl.col("pv") / 6 + pl.col("pc") / 6) / 2,
    lower=(pl.col("tv") / 6 + pl.col("tc") / 6) / 2 * 100,
    upper=((pl.col("tv") + 6 - pl.col("pv")) / 6 + (pl.col("tc") + 6 - pl.col("pc")) / 6) / 2 * 100,
    value=value * 100, costs=costs * 100,
)
frame.sink_csv(target)
"""

DUCKDB = """
import sys, duckdb
source, target = sys.argv[1:]
present = lambda names: " + ".join(f"({n} is not null)::double" for n in names)
plain = lambda names: " + ".join(f"coalesce({n}, 0)" for n in names)
turned = lambda names: " + ".join(f"coalesce(1 - {n}, 0)" for n in names)
v, c = [f"v{i}" for i in range(1, 7)], [f"c{i}" for i in range(1, 7)]
types = ", ".join(f"'{n}': 'DOUBLE'" for n in v + c)
duckdb.sql(f'''copy (
  with sums as (select account, {present(v)} as pv, {plain(v)} as tv, {present(c)} as pc, {turned(c)} as tc
                from read_csv('{source}', types = {{{types}}})),
  sides as (select *, case when pv >= 3 then tv / pv end as v, case when pc >= 3 then tc / pc end as c from sums),
  scored as (select *, (v + c) / 2 * 100 as score from sides)
  select account, score, case when score >= 75 then 'healthy' when score >= 50 then 'watch' when score is not null then 'at_risk' end as band,
         (pv / 6 + pc / 6) / 2 as coverage, (tv / 6 + tc / 6) / 2 * 100 as lower,
         ((tv + 6 - pv) / 6 + (tc + 6 - pc) / 6) / 2 * 100 as upper, v * 100 as value, c * 100 as costs from scored
) to '{target}' (header)''')
"""


def runs(source: Path) -> dict[str, list[str]]:
    """The command line of each contestant; the last argument is the file it writes."""
    score = [str(COMMAND), "score", str(source), "--model", str(HERE / "twelve.toml"), "--as-of", "2026-11-01", "--quiet", "-o"]
    return {
        "value-model": [*score, str(WORK / "value-model.csv")],
        "polars": [sys.executable, "-c", POLARS, str(source), str(WORK / "polars.csv")],
        "duckdb": [sys.executable, "-c", DUCKDB, str(source), str(WORK / "duckdb.csv")],
    }


def agree(ours: Path, theirs: Path) -> None:
    """Stops when a score, bound, coverage or band differs."""
    with ours.open() as a, theirs.open() as b:
        for mine, row in zip(csv.DictReader(a), csv.DictReader(b), strict=True):
            account = mine["account"]
            if account != row["account"]:
                sys.exit(f"{theirs.stem} has {row['account']} where the command has {account}")
            for name in ("score", "coverage", "lower", "upper", "value", "costs"):
                x, y = mine[name], row[name]
                if (x == "") != (y == "") or (x and abs(float(x) - float(y)) > 1e-9):
                    sys.exit(f"{theirs.stem} disagrees on {account}.{name}: {x} and {y}")
            # A peer compares unrounded scores, so one that stands on a cut point may fall on either side of it.
            if mine["band"] != row["band"] and abs((float(row["score"]) + 12.5) % 25 - 12.5) > 1e-9:
                sys.exit(f"{theirs.stem} disagrees on the band of {account}")


def measure(command: list[str], threads: int) -> tuple[float, float]:
    """Wall seconds and peak memory in megabytes of one run."""
    names = ("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "VALUE_MODEL_THREADS")
    env = {**os.environ, **dict.fromkeys(names, str(threads))}
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    source = WORK / f"accounts_{options.rows}.csv"
    if not source.exists():
        make(source, options.rows)
    threads = os.cpu_count() or 1
    contestants = runs(source)
    for command in contestants.values():
        measure(command, threads)
    for name in ("polars", "duckdb"):
        agree(WORK / "value-model.csv", WORK / f"{name}.csv")
    print(f"{options.rows} accounts, {source.stat().st_size / 1e6:.0f} MB, {threads} threads, scores agree")
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for _ in range(options.rounds):
        for name, command in contestants.items():
            found[name].append(measure(command, threads))
    ours = [seconds for seconds, _ in found["value-model"]]
    for name, results in found.items():
        ratios = [seconds / base for (seconds, _), base in zip(results, ours)]
        peak = max(memory for _, memory in results)
        print(f"{name:12} {statistics.median(s for s, _ in results):7.3f} s  {statistics.median(ratios):5.2f}x  {peak:6.0f} MB")


if __name__ == "__main__":
    main()
