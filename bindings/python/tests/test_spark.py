"""Spark: the bits of one machine, on a cluster of two executors."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import struct, random, sys
import polars as pl, value_model as vm
from pyspark.sql import SparkSession
from value_model.spark import score

spark = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false").getOrCreate()
scorer = vm.Scorer("value-realization")
make = random.Random(1)
names = [name for name in scorer.measures if name not in {"executive_confirmation", "reviewed_internally", "goals_documented"}]
rows = [{"account": f"a{n:05}", "segment": "x", **{name: make.random() if make.random() > 0.2 else None for name in names}} for n in range(4000)]
rows[7]["full_usage"] = 7.0
frame = spark.createDataFrame(rows, ", ".join(["account string", "segment string", *(f"{name} double" for name in names)])).repartition(4)
found = {row["account"]: row.asDict() for row in score(frame, scorer, as_of="2026-11-01").collect()}
wanted = scorer.score_frame(pl.DataFrame(rows), as_of="2026-11-01").to_dicts()
bits = lambda value: struct.pack("<d", value) if isinstance(value, float) else value
wrong = [row for row in wanted if {k: bits(v) for k, v in found[row["account"]].items()} != {k: bits(v) for k, v in row.items()}]
executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
print(len(found), len(wrong), executors, found["a00007"]["code"])
spark.stop()
"""


def test_a_cluster_gives_the_bits_of_one_machine(tmp_path: Path) -> None:
    env = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split() == ["4000", "0", "2", "outside_scale"]
