"""Civil dates as whole days."""

from datetime import date
from functools import lru_cache

from .errors import Refused


@lru_cache(maxsize=65536)
def days(text, field="date"):
    """The day number of `YYYY-MM-DD`; any other text is refused."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        raise Refused("invalid_date", field)
    parts = text[:4], text[5:7], text[8:]
    if not all(part.isdigit() for part in parts):
        raise Refused("invalid_date", field)
    try:
        return date(*map(int, parts)).toordinal()
    except ValueError:
        raise Refused("invalid_date", field) from None


def text(number):
    """The date of a day number."""
    return date.fromordinal(number).isoformat()
