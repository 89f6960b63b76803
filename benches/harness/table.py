"""Rows as text for a terminal of 100 columns."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from harness.judge import Verdict

Row = dict[str, Any]
STATES = {"too_noisy": "too noisy", "not_built": "not built yet", "disagrees": "disagrees", "cannot": "cannot"}


def machine(header: Row) -> str:
    """Where the figures come from."""
    packages = ", ".join(f"{name} {version}" for name, version in header["packages"].items())
    state = " and changes" if header["changed"] else ""
    quick = "; quick: smaller data, fewer rounds" if header["quick"] else ""
    return (
        f"{header['cpu']}, {header['cores']} cores, {header['dispatch']}; commit {header['commit']}{state}{quick}\n"
        f"{header['rustc']}; Python {header['python']}; {packages}"
    )


def progress(row: Row) -> str:
    """One row on its own, as it comes."""
    return f"{row['job']:16} {row['layout']:8} {row['threads']} thr  {_line(row)}"


def rows(found: list[Row]) -> str:
    """Every row, a paragraph for each job, layout and number of threads."""
    lines = [f"{'':22}{'ns a row':>10} {'x core':>9} {'of limit':>9}   quartiles of x core (rounds)"]
    for key, group in groupby(found, key=lambda row: (row["job"], row["layout"], row["threads"], row["n"])):
        job, layout, threads, n = key
        lines.append(f"\n{job}, {layout}, {n:,} rows, {threads} thread{'s' * (threads > 1)}")
        lines += [f"  {_line(row)}" for row in group]
    return "\n".join(lines)


def _line(row: Row) -> str:
    name = f"{row['impl']:20}"
    if row["state"] != "ok" and "noisy_ns_per_row" not in row:
        why = f": {row['why']}" if row.get("why") else ""
        return f"{name}{STATES[row['state']]}{why}"[:98]
    noisy = "noisy_" if row["state"] == "too_noisy" else ""
    figures = [row.get(f"{noisy}{field}") for field in ("ns_per_row", "ratio_to_core", "share_of_limit")]
    spread = row["spread"].get("ratio_to_core")
    quartiles = f"{number(spread['lower'])} .. {number(spread['upper'])} ({spread['rounds']})" if spread else ""
    nanoseconds, ratio, share = figures
    mark = "~" if noisy else " "
    percent = "" if share is None else f"{share:.0%}"
    return f"{name}{number(nanoseconds):>10}{mark}{number(ratio):>9} {percent:>9}   {quartiles}".rstrip()


def number(value: float | None) -> str:
    """Three figures, whole above a hundred."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def goals(verdicts: list[Verdict]) -> str:
    """Every goal with what was found."""
    lines = [f"{'job':18}{'thr':>3}  {'measure':34}{'found':>8}{'goal':>7}{'floor':>7}   verdict"]
    for one in verdicts:
        sign = "<=" if one.smaller_is_better else ""
        lines.append(
            f"{one.job:18}{one.threads:>3}  {one.what:34}{number(one.found) or '-':>8}"
            f"{sign + number(one.goal):>7}{number(one.floor):>7}   {one.verdict}"
        )
    return "\n".join(lines)
