"""The core in this process, through the C interface of the benches' library."""

from __future__ import annotations

import ctypes as c
import json
from pathlib import Path
from typing import Any

import numpy as np

from harness.agree import Columns
from harness.data import Buffers
from peers import Contestant

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "target" / "release" / "libvalue_model_benches.so"


class NotBuilt(Exception):
    """The core cannot do this job yet."""


class CoreError(Exception):
    """The core refused."""


def _load() -> c.CDLL:
    library = c.CDLL(str(LIBRARY))
    library.vm_error.restype = c.c_char_p
    library.vm_fill.restype = None
    library.vm_fill.argtypes = [
        c.c_void_p, c.c_void_p, c.c_size_t, c.c_uint64, c.c_uint64, c.c_double, c.c_uint32, c.c_double, c.c_bool,
    ]  # fmt: skip
    library.vm_traffic.argtypes = [
        c.c_void_p, c.c_void_p, c.c_size_t, c.c_void_p, c.c_size_t, c.c_void_p, c.c_size_t, c.c_size_t, c.c_bool,
    ]  # fmt: skip
    library.vm_table.restype = c.c_void_p
    library.vm_table.argtypes = [c.c_char_p, c.c_char_p]
    library.vm_table_free.argtypes = [c.c_void_p]
    library.vm_table_free.restype = None
    library.vm_batch.restype = c.c_void_p
    library.vm_batch.argtypes = [c.c_void_p, c.c_void_p, c.c_void_p, c.c_size_t, c.c_size_t]
    library.vm_batch_free.argtypes = [c.c_void_p]
    library.vm_batch_free.restype = None
    library.vm_score_columns.argtypes = [c.c_void_p, c.c_void_p, c.c_void_p]
    library.vm_score_fresh.argtypes = [c.c_void_p, c.c_void_p]
    library.vm_document.argtypes = [c.c_void_p, c.c_void_p, c.c_size_t]
    library.vm_document.restype = c.c_ssize_t
    library.vm_amounts.restype = c.c_void_p
    library.vm_amounts.argtypes = [c.c_void_p, c.c_void_p, c.c_size_t, c.c_size_t]
    library.vm_amounts_free.argtypes = [c.c_void_p]
    library.vm_amounts_free.restype = None
    library.vm_formula.argtypes = [c.c_void_p, c.c_void_p]
    library.vm_auc.argtypes = [c.c_void_p, c.c_void_p, c.c_size_t, c.c_void_p]
    library.vm_rollup.argtypes = [c.c_void_p, c.c_size_t, c.c_void_p]
    library.vm_long.argtypes = [c.c_void_p, c.c_void_p, c.c_size_t, c.c_void_p]
    return library


LIB = _load()


def has(function: str) -> bool:
    """Whether the library offers a function."""
    return hasattr(LIB, function)


def check(code: int) -> None:
    """Raises what the library says went wrong."""
    if code != 0:
        raise CoreError(LIB.vm_error().decode())


def traffic(inputs: Buffers, outputs: Buffers, threads: int, streaming: bool) -> None:
    """Moves the bytes of a job once."""
    check(
        LIB.vm_traffic(
            inputs.value_pointers, inputs.validity_pointers, len(inputs.values),
            outputs.value_pointers, len(outputs.values), outputs.band_pointer,
            inputs.rows, threads, streaming,
        )
    )  # fmt: skip


class _Place(c.Structure):
    """Where one column of results goes."""

    _fields_ = [("values", c.c_void_p), ("valid", c.c_void_p)]


def _place(values: np.ndarray | None, valid: np.ndarray) -> _Place:
    assert values is not None
    return _Place(values.ctypes.data, valid.ctypes.data)


def _model(case: Any, wanted: list[str]) -> int:
    """The case's model, matched to the results that are wanted."""
    model = LIB.vm_table(json.dumps(case.job["model"]).encode(), json.dumps(wanted).encode())
    if not model:
        raise CoreError(LIB.vm_error().decode())
    return model


def scorecard(case: Any) -> Contestant:
    """The core scores the case's columns into its outputs."""
    wanted = [*case.names, "band"]
    model = _model(case, wanted)
    read, written = case.inputs, case.outputs
    valid = [np.zeros((case.rows + 7) // 8 + 64, dtype=np.uint8) for _ in wanted]
    values = [*written.values, written.band]
    places = (_Place * len(wanted))(*map(_place, values, valid))
    batch = LIB.vm_batch(model, read.base_pointers, read.base_validity_pointers, read.offset, read.rows)
    if not batch:
        raise CoreError(LIB.vm_error().decode())

    def result() -> Columns:
        known = [np.unpackbits(bits, count=case.rows, bitorder="little").astype(bool) for bits in valid]
        found = {
            name: np.where(there, numbers, np.nan)
            for name, numbers, there in zip(case.names, written.values, known, strict=False)
        }
        assert written.band is not None
        return found | {"band": np.where(known[-1], written.band + 1, 0).astype(np.uint8)}

    return Contestant(lambda: check(LIB.vm_score_columns(model, batch, places)), result)


def fresh(case: Any) -> Contestant:
    """The core scores the case's columns into arrays of its own, which a call from another language gets."""
    model = _model(case, [*case.names, "band"])
    read = case.inputs
    batch = LIB.vm_batch(model, read.base_pointers, read.base_validity_pointers, read.offset, read.rows)
    if not batch:
        raise CoreError(LIB.vm_error().decode())
    reused = scorecard(case)

    def result() -> Columns:
        reused.run()
        return reused.result()

    return Contestant(lambda: check(LIB.vm_score_fresh(model, batch)), result)


def document(case: Any) -> str:
    """The case's model as a document in JSON, for runners in other languages."""
    model = _model(case, ["score"])
    room = c.create_string_buffer(1 << 20)
    length = LIB.vm_document(model, room, len(room))
    if length < 0:
        raise CoreError(LIB.vm_error().decode())
    return room.raw[:length].decode()


def formula(case: Any) -> Contestant:
    """The core computes the Customer Value Formula from the case's columns into its outputs."""
    read, written = case.inputs, case.outputs
    amounts = LIB.vm_amounts(read.base_pointers, read.base_validity_pointers, read.offset, read.rows)
    if not amounts:
        raise CoreError(LIB.vm_error().decode())
    valid = [np.zeros((case.rows + 7) // 8 + 64, dtype=np.uint8) for _ in case.compared]
    places = (_Place * len(valid))(*map(_place, written.values, valid))

    def result() -> Columns:
        known = [np.unpackbits(bits, count=case.rows, bitorder="little").astype(bool) for bits in valid]
        columns = zip(case.compared, written.values, known, strict=True)
        return {name: np.where(there, numbers, np.nan) for name, numbers, there in columns}

    return Contestant(lambda: check(LIB.vm_formula(amounts, places)), result)


class _Results(c.Structure):
    """The columns of a table of results."""

    _fields_ = [
        *((name, c.c_void_p) for name in ("key", "revenue", "score", "score_validity", "outcome")),
        ("rows", c.c_size_t),
    ]


def rollup(case: Any) -> Contestant:
    """The core rolls the case's accounts up by key."""
    columns = case.columns
    outcome = (columns["band"] == 0).astype(np.uint8)
    arrays = [columns["key"], columns["net"], columns["score"], case.validity, outcome]
    results = _Results(*(array.ctypes.data for array in arrays), case.rows)
    out = np.zeros((case.groups, len(case.compared)))

    def run() -> None:
        check(LIB.vm_rollup(c.byref(results), case.groups, out.ctypes.data))
        assert len(arrays) == 5  # they live as long as this function does

    return Contestant(run, lambda: {name: out[:, place] for place, name in enumerate(case.compared)})


class _Answers(c.Structure):
    """The rows of a long table."""

    _fields_ = [*((name, c.c_void_p) for name in ("account", "measure", "value")), ("rows", c.c_size_t)]


def long(case: Any) -> Contestant:
    """The core scores the accounts of the case's long table."""
    wanted = case.compared[1:]
    model = _model(case, wanted)
    columns = case.columns
    answers = _Answers(*(columns[name].ctypes.data for name in ("account", "measure", "value")), case.items)
    accounts = int(columns["account"][-1]) + 1
    found = {name: np.zeros(accounts, dtype=np.uint8 if name == "band" else np.float64) for name in wanted}
    places = (_Place * len(wanted))(*(_Place(values.ctypes.data, None) for values in found.values()))

    def result() -> Columns:
        band = np.where(found["band"] == 255, 0, found["band"] + 1).astype(np.uint8)
        return {"account": np.arange(accounts, dtype=np.float64)} | found | {"band": band}

    return Contestant(lambda: check(LIB.vm_long(model, c.byref(answers), accounts, places)), result)


def auc(case: Any) -> Contestant:
    """The core's AUC, with the interval that its peers do not give."""
    scores, outcomes = case.scores, case.outcomes
    out = np.zeros(3)

    def run() -> None:
        check(LIB.vm_auc(scores.ctypes.data, outcomes.ctypes.data, case.rows, out.ctypes.data))

    return Contestant(run, lambda: {"auc": out[:1]})
