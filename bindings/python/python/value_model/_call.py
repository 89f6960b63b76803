"""From the arguments of a function to one call of the core."""

from value_model import _native


class _Absent:
    """Stands for an argument that was not given: the core knows what then holds."""

    __slots__ = ()

    def __repr__(self):
        return "..."


ABSENT = _Absent()


def call(id, result, input, /, **fields):
    """Apply a formula to an input, or to the fields that were given."""
    given = {name: value for name, value in fields.items() if value is not ABSENT}
    if input is ABSENT:
        input = given
    elif given:
        raise TypeError(f"{id}() takes one input or its fields ({', '.join(given)}), not both")
    # Imported with the first call: there are many classes, and a scorer needs one of them.
    from value_model import results

    return getattr(results, result)(_native.call(id, input))
