"""The shape of inputs: which fields there are, which are required, what each may hold.

A shape is a function of a value and its path that refuses what does not fit. Shapes are checked before any formula runs.
"""

from . import dates
from .errors import Refused

MOST = 2**32 - 1
LEAST_INT, MOST_INT = -(2**31), 2**31 - 1
INFINITE = (float("inf"), float("-inf"))


def number(value, path):
    """Any number; the formula refuses those that are not finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refused("invalid_input", path)


def _whole(value, path, low, high):
    number(value, path)
    if value != value or value in INFINITE:
        raise Refused("not_finite", path)
    if value != int(value):
        raise Refused("invalid_input", path)
    if not low <= value <= high:
        raise Refused("out_of_range", path)


def count(value, path):
    """A whole number from 0 to 2^32 - 1."""
    _whole(value, path, 0, MOST)


def integer(value, path):
    """A whole number of 32 bits with a sign."""
    _whole(value, path, LEAST_INT, MOST_INT)


def flag(value, path):
    """True or false."""
    if not isinstance(value, bool):
        raise Refused("invalid_input", path)


def text(value, path):
    """A text."""
    if not isinstance(value, str):
        raise Refused("invalid_input", path)


def day(value, path):
    """A civil date."""
    text(value, path)
    dates.days(value, path)


def currency(value, path):
    """Three capital letters."""
    text(value, path)
    if len(value) != 3 or not value.isascii() or not value.isupper() or not value.isalpha():
        raise Refused("invalid_input", path)


def anything(_value, _path):
    """A value that the formula itself reads, such as an answer or a scorecard."""


def choice(*names, **shapes):
    """One of these words, or an object of one field whose name and shape stand here."""

    def check(value, path):
        if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in shapes:
            [(name, inner)] = value.items()
            shapes[name](inner, f"{path}.{name}")
            return
        text(value, path)
        if value not in names:
            raise Refused("unknown_id", path)

    return check


def listed(shape):
    """A list of one shape."""

    def check(value, path):
        if not isinstance(value, list):
            raise Refused("invalid_input", path)
        for index, entry in enumerate(value):
            shape(entry, f"{path}[{index}]")

    return check


def mapping(shape, key=text):
    """An object whose fields are all of one shape."""

    def check(value, path):
        if not isinstance(value, dict):
            raise Refused("invalid_input", path)
        for name, entry in value.items():
            # A key that cannot be read is told of at its map, as an unknown id is.
            key(name, path)
            shape(entry, f"{path}.{name}")

    return check


def record(required, optional=None):
    """An object with these fields and no others; an optional field may be null."""
    fields = {**required, **(optional or {})}

    def check(value, path=""):
        if not isinstance(value, dict):
            raise Refused("invalid_input", path)
        dot = path + "." if path else ""
        for name, entry in value.items():
            if name not in fields:
                raise Refused("unknown_field", dot + name)
            if entry is not None or name in required:
                fields[name](entry, dot + name)
        for name in required:
            if name not in value:
                raise Refused("missing", dot + name)

    return check


def taking(shape, formula):
    """The formula behind its shape."""

    def checked(given):
        shape(given, "")
        return formula(given)

    return checked
