"""How far a double may lie from the exact result, and the comparison of whole results.

A result of n additions, multiplications and divisions, each right to half a unit in the last place (2^-53 relative), differs
from the exact one by at most about n * 2^-53 of the sum of the absolute terms; (n + 2) leaves room for reading the
input and for second-order terms. Where a root, power, logarithm or exponential takes part, 1e-12 relative holds instead.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from decimal import Decimal

ULP = 2.0**-53
FUNCTIONS = 1e-12
# Fields that hold units, in results whose other numbers are points of a score.
UNITS = {"unit", "coverage", "validated_share", "fresh_share", "factor", "personas", "disagreement"}


@dataclass(frozen=True)
class Bound:
    """A relative bound; `scale` is the least size that the terms of a sum are taken to have."""

    relative: float
    scale: float = 0.0

    def of_units(self):
        """The same bound for numbers of 0..1 beside scores of 0..100."""
        return replace(self, scale=min(self.scale, 1.0))

    def allows(self, found, exact):
        """Whether the double is near enough."""
        return abs(found - exact) <= self.relative * max(abs(exact), self.scale)


def operations(count, scale=0.0):
    """The bound after so many operations."""
    return Bound((count + 2) * ULP, scale)


def functions(scale=0.0):
    """The bound where roots, powers or logarithms take part."""
    return Bound(FUNCTIONS, scale)


class Words:
    """A sentence for people: that it is there can be checked, its words cannot."""


TEXT = Words()


class Comparison:
    """Collects what differs between an exact result and a result of the product."""

    def __init__(self, bound):
        self.bound = bound
        self.problems = []
        self.worst = 0.0

    def compare(self, exact, found, path=""):
        """Walks both results; every difference becomes one line in `problems`."""
        if isinstance(exact, dict):
            self._objects(exact, found, path)
        elif exact is TEXT:
            if not isinstance(found, str) or not found:
                self._problem(path, "a sentence", found)
        elif isinstance(exact, (list, tuple)):
            self._lists(exact, found, path)
        elif isinstance(exact, (Fraction, float, Decimal)) and _number(found):
            self._numbers(exact, found, path)
        elif isinstance(exact, int) and not isinstance(exact, bool) and _number(found):
            if exact != found:
                self._problem(path, exact, found)
        elif type(exact) is not type(found) or exact != found:
            self._problem(path, exact, found)

    def _objects(self, exact, found, path):
        if not exact and found is None:
            return
        if not isinstance(found, dict):
            self._problem(path, "an object", found)
            return
        for name in found.keys() - exact.keys():
            self.problems.append(f"{path}.{name}: nothing to check it with (found {found[name]!r})")
        for name, value in exact.items():
            outer = self.bound
            if name in UNITS:
                self.bound = outer.of_units()
            # An absent optional field and null are one on the wire.
            self.compare(value, found.get(name), f"{path}.{name}" if path else name)
            self.bound = outer

    def _lists(self, exact, found, path):
        if not isinstance(found, list) or len(found) != len(exact):
            self._problem(path, f"{len(exact)} entries: {_ids(exact)}", _ids(found))
            return
        for index, (left, right) in enumerate(zip(exact, found)):
            self.compare(left, right, f"{path}[{index}]")

    def _numbers(self, exact, found, path):
        nearest = float(exact)
        size = max(abs(nearest), self.bound.scale)
        if size:
            self.worst = max(self.worst, abs(found - nearest) / size)
        if not self.bound.allows(found, nearest):
            self._problem(path, nearest, found)

    def _problem(self, path, exact, found):
        self.problems.append(f"{path or 'result'}: expected {_short(exact)}, found {_short(found)}")


def _number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _ids(entries):
    if not isinstance(entries, (list, tuple)):
        return entries
    return [entry.get("id", "?") if isinstance(entry, dict) else _short(entry) for entry in entries]


def _short(value):
    return repr(float(value)) if isinstance(value, (Fraction, Decimal)) else repr(value)
