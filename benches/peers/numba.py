"""numba: a loop written out for the one model, compiled before it is timed; a missing value is not a number."""

from __future__ import annotations

import os
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from harness.card import BANDS, LEAST_COVERAGE, Card, Group
from peers import Contestant

# Without this LLVM gives up on checking so many columns for overlap, and the loop stays scalar: 3 times slower.
llvm.set_option("", "--runtime-memory-check-threshold=1000")

THREADS = int(os.environ["VM_BENCH_THREADS"])


def source(card: Card, names: list[str], measures: int) -> str:
    """The kernel as Python text."""
    lines: list[str] = []

    def visit(group: Group) -> None:
        for child in group.groups:
            visit(child)
        (_leaves if group.leaves else _children)(group, lines.append)

    visit(card.root)
    values = {"score": "s", "coverage": "k0", **{f"g{g.index}": f"u{g.index} * 100.0" for g in card.inner}}
    body = [*lines, "s = u0 * 100.0", *(f"o_{name}[i] = {values[name]}" for name in names)]
    cuts = " + ".join(f"np.uint8(s >= {cut})" for cut in BANDS)
    body.append(f"o_band[i] = np.uint8(s == s) + {cuts}")
    arguments = [f"m{m}" for m in range(measures)] + [f"o_{name}" for name in names] + ["o_band"]
    # Counting from 0 spares numba the check for negative places, which would keep the loop scalar.
    head = f"def kernel({', '.join(arguments)}):\n    for i in range(len(m0)):\n"
    return head + "".join(f"        {line}\n" for line in body)


def _leaves(group: Group, add: Any) -> None:
    g, weight = group.index, float(group.weight)
    for place, measure in enumerate(group.leaves):
        add(f"x = m{measure}[i]")
        known = "1.0 - x" if group.cost else "x"
        before = (f"p{g} + ", f"a{g} + ") if place else ("", "")
        add(f"p{g} = {before[0]}(1.0 if x == x else 0.0)")
        add(f"a{g} = {before[1]}({known} if x == x else 0.0)")
    add(f"u{g} = a{g} / p{g} if p{g} >= {weight * LEAST_COVERAGE} else np.nan")
    add(f"k{g} = p{g} * {1.0 / weight}")


def _children(group: Group, add: Any) -> None:
    g, weight = group.index, float(group.weight)
    indices = [child.index for child in group.groups]
    add(f"k{g} = (" + " + ".join(f"k{c}" for c in indices) + f") / {weight}")
    if group.require:
        add(f"u{g} = (" + " + ".join(f"u{c}" for c in indices) + f") / {weight}")
        return
    add(f"p{g} = " + " + ".join(f"(1.0 if u{c} == u{c} else 0.0)" for c in indices))
    add(f"a{g} = " + " + ".join(f"(u{c} if u{c} == u{c} else 0.0)" for c in indices))
    add(f"u{g} = a{g} / p{g} if k{g} >= {LEAST_COVERAGE} else np.nan")


def compiled(text: str) -> Any:
    """The kernel over all rows: on one thread, or in one piece for each thread."""
    import numba

    numba.set_num_threads(THREADS)
    space: dict[str, Any] = {"np": np, "numba": numba}
    exec(text, space)
    kernel = numba.njit(error_model="numpy", nogil=True)(space["kernel"])
    if THREADS == 1:
        return kernel
    names = text[text.index("(") + 1 : text.index(")")]
    parts = ", ".join(f"{name}[start:end]" for name in names.split(", "))
    space["kernel"] = kernel
    parallel = (
        f"def spread({names}):\n"
        f"    for piece in numba.prange({THREADS}):\n"
        f"        start, end = len(m0) * piece // {THREADS}, len(m0) * (piece + 1) // {THREADS}\n"
        f"        kernel({parts})\n"
    )
    exec(parallel, space)
    return numba.njit(parallel=True)(space["spread"])


def columns(case: Any) -> Contestant:
    """Scores wide columns into arrays that are made once."""
    names = [name for name in case.compared if name != "band"]
    if set(names) - {"score", "coverage"} - {f"g{group.index}" for group in case.card.inner}:
        raise NotImplementedError("bounds and contributions are not written out")
    sources, rows = case.inputs.numpy(), case.inputs.rows
    out = {name: np.zeros(rows) for name in names} | {"band": np.zeros(rows, dtype=np.uint8)}
    kernel = compiled(source(case.card, names, len(sources)))
    return Contestant(lambda: kernel(*sources, *out.values()), lambda: out)


FORMULA = """def kernel(m0, m1, m2, m3, m4, gross, net, ratio):
    for i in range(len(m0)):
        benefits = m0[i] + m1[i]
        costs = m2[i] + m3[i]
        gross[i] = benefits - costs
        net[i] = benefits - costs - m4[i]
        ratio[i] = benefits / costs
"""


def formula(case: Any) -> Contestant:
    """The Customer Value Formula into arrays that are made once."""
    sources, rows = case.inputs.numpy(), case.inputs.rows
    out = {name: np.zeros(rows) for name in ("gross", "net", "benefit_cost")}
    kernel = compiled(FORMULA)
    return Contestant(lambda: kernel(*sources, *out.values()), lambda: out)
