"""Reading the numbers of an input, refused by the words of the formula pages."""

import sys

from .errors import Refused
from .numbers import exact

LARGEST = exact(sys.float_info.max)


def finite(given, field, path=None):
    """A finite number as a rational."""
    value = given[field]
    path = path or field
    if value != value or value in (float("inf"), float("-inf")):
        raise Refused("not_finite", path)
    return exact(value)


def at_least(given, field, low, path=None):
    """A number of `low` or more."""
    return _ranged(given, field, path, lambda x: x >= low)


def above(given, field, low, path=None):
    """A number above `low`."""
    return _ranged(given, field, path, lambda x: x > low)


def between(given, field, low, high, path=None):
    """A number from `low` to `high`."""
    return _ranged(given, field, path, lambda x: low <= x <= high)


def share_below_one(given, field, path=None):
    """0 or more and below 1."""
    return _ranged(given, field, path, lambda x: 0 <= x < 1)


def share_above_zero(given, field, path=None):
    """Above 0 and at most 1."""
    return _ranged(given, field, path, lambda x: 0 < x <= 1)


def _ranged(given, field, path, inside):
    x = finite(given, field, path)
    if not inside(x):
        raise Refused("out_of_range", path or field)
    return x


def listed(given, field, check=None):
    """A list of finite numbers, at least one."""
    if not given[field]:
        raise Refused("empty", field)
    return [
        (check or finite)({"x": value}, "x", path=f"{field}[{index}]") for index, value in enumerate(given[field])
    ]


def computed(x, field):
    """The result of a sum or product, refused when no double can hold it."""
    if abs(x) > LARGEST:
        raise Refused("overflow", field)
    return x


def name(text, path):
    """An id: not empty, no control characters."""
    if not text or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text):
        raise Refused("invalid_text", path)


def by_id(given, field, key="id"):
    """The entries of a list with their places, in byte order of their ids, which must differ."""
    entries = given.get(field) or []
    for index, entry in enumerate(entries):
        name(entry[key], f"{field}[{index}].{key}")
    order = sorted(enumerate(entries), key=lambda pair: pair[1][key].encode())
    for (_, left), (_, right) in zip(order, order[1:]):
        if left[key] == right[key]:
            raise Refused("duplicate", field)
    return [(f"{field}[{index}]", entry) for index, entry in order]
