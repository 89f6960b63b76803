"""Whether a run had the machine to itself: own CPU time beside wall time, and everybody else's from the kernel."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

WALL_OVER_CPU = 1.05
"""A run on one thread that took more wall time than this times its CPU time was kept waiting."""

OTHERS = 0.2
"""Cores that others may use meanwhile."""

TICK = 1 / os.sysconf("SC_CLK_TCK")
"""The kernel counts everybody's CPU time in ticks of so many seconds."""


@dataclass
class Run:
    """One timed stretch: wall and CPU seconds of one repetition, and whether anything disturbed it."""

    seconds: float
    cpu: float
    """Of all threads together, divided by their number."""
    noisy: bool


@dataclass
class _Clock:
    wall: float
    own: float
    all: float

    @classmethod
    def now(cls) -> _Clock:
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return cls(time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in usage), _busy())


def _busy() -> float:
    """CPU seconds that all cores have spent on anything but waiting; guests are counted as users already."""
    with open("/proc/stat") as stat:
        user, nice, system, _idle, _wait, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) * TICK


class Elsewhere:
    """Work that is done in a process that stays."""

    def __call__(self) -> None:
        """Does it once."""
        self.repeat(1)

    def repeat(self, times: int) -> float:
        """Does it so often, and says how many CPU seconds that took."""
        raise NotImplementedError


def _here(work: Callable[[], object], repeats: int) -> float:
    for _ in range(repeats):
        work()
    return 0.0


def timed(work: Callable[[], object], repeats: int, threads: int) -> Run:
    """Runs a piece of work so often, and says how long one took and whether others were in the way."""
    before = _Clock.now()
    # Somebody in a process of its own counts for itself, and says what it took.
    elsewhere = work.repeat(repeats) if isinstance(work, Elsewhere) else _here(work, repeats)
    after = _Clock.now()
    wall, own = after.wall - before.wall, after.own - before.own + elsewhere
    # The counts of two cores may each be a tick off.
    others = max(0.0, after.all - before.all - own - 2 * TICK)
    # One thread shows in its own time whether it had a core; several may wait for each other as well.
    noisy = wall > WALL_OVER_CPU * own + TICK / 10 if threads == 1 else others > OTHERS * wall
    return Run(wall / repeats, own / threads / repeats, noisy)


def real_time() -> str:
    """Asks for the real-time class, in which nobody ordinary interrupts; says what came of it."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except (OSError, AttributeError) as error:
        return f"refused: {error}"
    return "fifo 1"
