"""Rounds over all contestants in turn, and what is left of them without the noisy ones."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.noise import Run, timed

Work = Callable[[], object]


@dataclass
class Plan:
    """How often and how long."""

    rounds: int
    least: int
    """Rounds that must be left."""
    stretch: float
    """Seconds that one contestant runs in a round at least, in whole repetitions."""
    most: int
    """Rounds at which to stop trying."""
    limit: float
    """Seconds after which no further round begins once `rounds` are done."""


FULL = Plan(rounds=9, least=5, stretch=0.15, most=27, limit=120.0)
QUICK = Plan(rounds=5, least=3, stretch=0.08, most=12, limit=25.0)


@dataclass
class Spread:
    """A median with its minimum, quartiles, and the number of rounds it comes from."""

    median: float
    least: float
    lower: float
    upper: float
    rounds: int

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        """Of at least one value."""
        quartiles = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
        return cls(statistics.median(values), min(values), quartiles[0], quartiles[2], len(values))


@dataclass
class Measured:
    """The runs of every contestant, round by round."""

    plan: Plan
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def seconds(self, name: str) -> Spread | None:
        """How long one repetition took; `None` when too few rounds were quiet."""
        return self._spread([run.seconds for run in self.runs[name] if not run.noisy])

    def ratio(self, name: str, base: str) -> Spread | None:
        """How many times as long as another contestant in the same round."""
        return self.ratios([name], [base])

    def ratios(self, names: list[str], bases: list[str]) -> Spread | None:
        """The same between the fastest of some and the fastest of others."""
        found = []
        for row in range(self.rounds):
            mine, theirs = ([self.runs[name][row] for name in group] for group in (names, bases))
            if not any(run.noisy for run in mine + theirs):
                found.append(min(run.seconds for run in mine) / min(run.seconds for run in theirs))
        return self._spread(found)

    @property
    def rounds(self) -> int:
        """Rounds that every contestant ran."""
        return min((len(runs) for runs in self.runs.values()), default=0)

    def quiet(self) -> int:
        """The number of quiet rounds of the contestant that has fewest."""
        return min((sum(not run.noisy for run in runs) for runs in self.runs.values()), default=0)

    def _spread(self, values: list[float]) -> Spread | None:
        return Spread.of(values) if len(values) >= self.plan.least else None


def measure(contestants: dict[str, Work], threads: int, plan: Plan) -> Measured:
    """Warms every contestant up, then runs rounds until enough were quiet or it has taken too long."""
    repeats = {}
    for name, work in contestants.items():
        work()
        start = time.perf_counter()
        work()
        once = time.perf_counter() - start
        repeats[name] = max(1, round(plan.stretch / max(once, 1e-6)))
    measured = Measured(plan, {name: [] for name in contestants})
    start = time.perf_counter()
    while measured.rounds < plan.most:
        for name, work in contestants.items():
            measured.runs[name].append(timed(work, repeats[name], threads))
        late = time.perf_counter() - start > plan.limit
        if measured.rounds >= plan.rounds and (late or measured.quiet() >= plan.rounds):
            break
    return measured
