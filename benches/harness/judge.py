"""Goals and floors of the manifest against what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass
class Verdict:
    """One goal of one job at one number of threads."""

    job: str
    threads: int
    what: str
    found: float | None
    goal: float
    floor: float
    smaller_is_better: bool = False
    why: str = ""
    """Why nothing was found."""

    def _reaches(self, wanted: float) -> bool:
        if self.found is None:
            return False
        return self.found <= wanted if self.smaller_is_better else self.found >= wanted

    @property
    def verdict(self) -> str:
        """In words."""
        if self.found is None:
            return self.why
        if self._reaches(self.goal):
            return "goal"
        return "floor" if self._reaches(self.floor) else "BELOW FLOOR"

    @property
    def fails(self) -> bool:
        """Whether a gate must stop here: a floor is missed, or nobody knows."""
        return not self._reaches(self.floor)

    def row(self) -> Row:
        """For the file of rows."""
        return vars(self) | {"verdict": self.verdict}


class Rows:
    """Rows by job, contestant, threads and layout."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def find(self, job: str, impl: str, threads: int, layout: str) -> Row | None:
        """The row, if there is one."""
        for row in self.rows:
            if (row["job"], row["impl"], row["threads"], row["layout"]) == (job, impl, threads, layout):
                return row
        return None

    def value(self, job: str, impl: str, threads: int, layout: str, field: str) -> tuple[float | None, str]:
        """A figure of a row, or why there is none."""
        row = self.find(job, impl, threads, layout)
        if row is None:
            return None, "not run"
        return row[field], {"ok": "too noisy"}.get(row["state"], row["state"].replace("_", " "))


def judge(jobs: list[dict[str, Any]], rows: list[Row], dispatch: str) -> list[Verdict]:
    """A verdict for every goal of every job, for each number of threads that was run."""
    table = Rows(rows)
    ran = sorted({row["threads"] for row in rows})
    by_id = {job["id"]: job for job in jobs}
    verdicts: list[Verdict] = []
    for job in jobs:
        for goal in job["goals"]:
            layout = goal.get("layout", job["layouts"][0])
            if goal["measure"] == "threads":
                verdicts.append(_threads(job, goal, layout, table))
                continue
            for threads in ran:
                if threads in goal.get("threads", job["threads"]):
                    verdicts.append(_one(job, goal, layout, threads, table, dispatch, by_id))
    return verdicts


def _one(
    job: dict[str, Any],
    goal: dict[str, Any],
    layout: str,
    threads: int,
    table: Rows,
    dispatch: str,
    by_id: dict[str, Any],
) -> Verdict:
    # Nobody forces the scalar path to be fast: it must reach what the next one must.
    path = "sse2" if dispatch == "scalar" else dispatch
    wish, floor = (goal[key][path] if isinstance(goal[key], dict) else goal[key] for key in ("goal", "floor"))
    name = job["id"]
    if goal["measure"] == "share_of_limit":
        found, why = table.value(name, "core", threads, layout, "share_of_limit")
        return Verdict(name, threads, "share of the limit", found, wish, floor, why=why)
    if goal["measure"] == "times":
        values = [table.value(name, peer, threads, layout, "ratio_to_core") for peer in goal["against"]]
        known = [value for value, _ in values if value is not None]
        core = table.value(name, "core", threads, layout, "ns_per_row")
        why = core[1] if core[0] is None else values[0][1]
        # The best of them counts, and all must be known for that.
        found = min(known) if len(known) == len(values) else None
        who = goal["against"][0] if len(goal["against"]) == 1 else "the best peer"
        return Verdict(name, threads, f"times {who}", found, wish, floor, why=why)
    if goal["measure"] in FIGURES:
        return _figure(job, goal, layout, threads, table, (wish, floor))
    against = goal["against"][0]
    pairs = [table.value(one, "core", threads, layout, "ns_per_row") for one in (name, against)]
    (mine, why), (base, base_why) = pairs
    found = None
    if mine is not None and base is not None:
        found = mine / job["columns"] / (base / by_id[against]["columns"])
    why = why if mine is None else base_why
    return Verdict(name, threads, f"cost per measure of {against}", found, wish, floor, smaller_is_better=True, why=why)


FIGURES = {
    "within": "of {impl} over {against}",
    "faster": "{against} over {impl}",
    "nanoseconds": "nanoseconds of {impl}",
    "memory_growth": "growth of memory, {impl}",
}
"""Goals of one contestant, alone or beside another that need not be the core."""


def _figure(
    job: dict[str, Any], goal: dict[str, Any], layout: str, threads: int, table: Rows, limits: tuple[float, float]
) -> Verdict:
    measure, impl, name = goal["measure"], goal["impl"], job["id"]
    field = {"nanoseconds": "ns_per_row", "memory_growth": "memory_growth"}.get(measure, "ratio_to_core")
    found, why = table.value(name, impl, threads, layout, field)
    against = goal.get("against", [""])[0]
    if against:
        base, base_why = table.value(name, against, threads, layout, field)
        why = why if found is None else base_why
        pair = None if found is None or base is None else (found, base)
        found = pair and (pair[0] / pair[1] if measure == "within" else pair[1] / pair[0])
    what = FIGURES[measure].format(impl=impl, against=against)
    return Verdict(name, threads, what, found, *limits, smaller_is_better=measure != "faster", why=why)


def _threads(job: dict[str, Any], goal: dict[str, Any], layout: str, table: Rows) -> Verdict:
    (one, why), (two, why_two) = (table.value(job["id"], "core", n, layout, "ns_per_row") for n in (1, 2))
    found = one / two if one is not None and two is not None else None
    return Verdict(
        job["id"], 2, "two threads against one", found, goal["goal"], goal["floor"], why=why if one is None else why_two
    )
