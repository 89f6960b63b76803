"""Long work: other threads run meanwhile, Ctrl-C ends it, nothing is copied, a fork has threads of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time

import polars as pl
import pyarrow as pa
import pytest
import value_model as vm
from conftest import AS_OF

SCORER = vm.Scorer("value-realization")


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


BIG = """
import numpy as np, pyarrow as pa, value_model as vm
scorer = vm.Scorer("value-realization")
rows = 1_000_000
make = np.random.default_rng(1)
batch = pa.record_batch({name: make.random(rows) for name in scorer.measures if name not in
    {"executive_confirmation", "reviewed_internally", "goals_documented"}})
"""


def test_ctrl_c_ends_it_within_100_ms() -> None:
    program = BIG + """
import os, signal, threading, time
# A million rows many times over: nothing of it is copied.
whole = pa.Table.from_batches([batch] * 400)
sent = []
def press():
    time.sleep(0.5)
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=press).start()
try:
    scorer.score_arrow(whole, as_of="2026-11-01", results=["score"])
except KeyboardInterrupt:
    print(time.perf_counter() - sent[0])
"""
    # The best of three: a machine that is busy with something else takes its own time.
    assert min(float(run(program)) for _ in range(3)) < 0.1


@pytest.mark.parametrize("order", ["grouped", "any"])
def test_ctrl_c_ends_a_long_table_too(order: str) -> None:
    program = BIG + f"""
order = {order!r}
""" + """
import os, signal, threading, time
names = pa.array([f"a{n:07}" for n in range(250_000)]).take(pa.array(np.arange(rows) // 4))
long = pa.record_batch({"account": names, "measure": pa.array(["full_usage", "experience", "learning", "financial"] * (rows // 4)), "value": make.random(rows)})
whole = pa.Table.from_batches([long] * 100)
sent = []
def press():
    time.sleep(0.5)
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=press).start()
try:
    scorer.score_arrow(whole, as_of="2026-11-01", results=["score"], layout="long", order=order)
except KeyboardInterrupt:
    print(time.perf_counter() - sent[0])
"""
    assert min(float(run(program)) for _ in range(3)) < 0.1


def test_columns_of_numbers_are_not_copied() -> None:
    program = BIG + """
import resource
columns = batch.num_columns * 8 * rows
scorer.score_arrow(batch.slice(0, 1000), as_of="2026-11-01", results=["score"])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = scorer.score_arrow(batch, as_of="2026-11-01", results=["score"])
print(columns // 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    columns, grown = map(int, run(program).split())
    # The scores and codes of a million rows are 16 of the 72 megabytes that a copy would take.
    assert grown < columns / 2, (grown, columns)


def test_other_threads_run_meanwhile() -> None:
    frame = pl.DataFrame({"full_usage": [0.5] * 1_000_000, "experience": [0.5] * 1_000_000})
    whole = pa.Table.from_batches(frame.to_arrow().to_batches() * 30)
    ticks, done = [], threading.Event()

    def count() -> None:
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    start = time.perf_counter()
    SCORER.score_arrow(whole, as_of=AS_OF, results=["score"])
    end = time.perf_counter()
    done.set()
    counter.join()
    during = [tick for tick in ticks if start < tick < end]
    assert len(during) > 10, (len(during), end - start)


def test_sixteen_threads_score_frames_with_one_scorer() -> None:
    frame = pl.DataFrame({"full_usage": [0.25, 0.5, None] * 30_000, "experience": [0.5, 1.0, 0.0] * 30_000})
    wanted = SCORER.score_frame(frame, as_of=AS_OF)
    wrong = []

    def work() -> None:
        for _ in range(3):
            if not SCORER.score_frame(frame, as_of=AS_OF).equals(wanted):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_forked_process_scores_too() -> None:
    program = BIG + """
import os, sys
first = pa.table(scorer.score_arrow(batch, as_of="2026-11-01"))
child = os.fork()
if child == 0:
    again = pa.table(scorer.score_arrow(batch, as_of="2026-11-01"))
    os._exit(0 if again.num_rows == first.num_rows else 1)
_, status = os.waitpid(child, 0)
print(status)
"""
    assert run(program).strip() == "0"


def test_a_stream_is_scored_while_it_is_read() -> None:
    schema = pa.schema({"account": pa.string(), "full_usage": pa.float64()})
    asked: list[int] = []

    def batches() -> object:
        for number in range(50):
            asked.append(number)
            yield pa.record_batch({"account": [f"a{number}"] * 10, "full_usage": [0.5] * 10}, schema=schema)

    reader = pa.RecordBatchReader.from_batches(schema, batches())
    results = pa.RecordBatchReader.from_stream(SCORER.score_batches(reader, as_of=AS_OF))
    assert len(asked) == 0
    first = results.read_next_batch()
    assert first.num_rows == 10 and len(asked) == 1
    assert results.read_all().num_rows == 490


def test_a_stream_can_be_read_once_and_passes_errors_on() -> None:
    frame = pl.DataFrame({"full_usage": [0.5, 7.0]})
    stream = SCORER.score_batches(frame, as_of=AS_OF)
    assert len(pl.DataFrame(stream)) == 2
    with pytest.raises(vm.ValueModelError, match="have been read"):
        pl.DataFrame(stream)
    with pytest.raises(Exception, match="full_usage"):
        pa.RecordBatchReader.from_stream(SCORER.score_batches(frame, as_of=AS_OF, errors="raise")).read_all()

    def broken() -> object:
        yield pa.record_batch({"full_usage": [0.5]})
        raise RuntimeError("the source broke")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"full_usage": pa.float64()}), broken())
    with pytest.raises(Exception, match="the source broke"):
        SCORER.score_arrow(reader, as_of=AS_OF)


def test_a_stream_of_answers_holds_accounts_across_batches() -> None:
    names = ["a"] * 6 + ["b"] * 5
    long = pl.DataFrame({"account": names, "measure": (["full_usage", "experience", "learning"] * 4)[:11], "value": [0.5] * 11})
    whole = SCORER.score_frame(long, as_of=AS_OF, layout="long", order="grouped")
    reader = pa.RecordBatchReader.from_batches(long.to_arrow().schema, long.to_arrow().to_batches(2))
    found = pl.DataFrame(SCORER.score_batches(reader, as_of=AS_OF, layout="long", order="grouped"))
    assert found.equals(whole) and found["account"].to_list() == ["a", "b"]
