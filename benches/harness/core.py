"""The core in this process, through the C interface of the benches' library."""

from __future__ import annotations

import ctypes as c
from pathlib import Path

from harness.data import Buffers

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
