"""What every result has: attributes, ``to_dict()``, a ``repr`` that fits a terminal, HTML for notebooks."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar


class Result:
    """A result of the core. It cannot be changed; compare it, pickle it, turn it into a dictionary."""

    __slots__ = ("__value_model__",)

    __value_model__: dict[str, Any]
    _classes: ClassVar[dict[str, type[Result]]] = {}

    def __init__(self, data: dict[str, Any], /) -> None:
        object.__setattr__(self, "__value_model__", data)

    def __init_subclass__(cls) -> None:
        Result._classes[cls.__name__] = cls

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a result cannot be changed: {type(self).__name__}.{name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a result cannot be changed: {type(self).__name__}.{name}")

    def to_dict(self) -> dict[str, Any]:
        """Return a copy as plain dictionaries, lists, texts and numbers."""
        return {name: _copy(value) for name, value in self.__value_model__.items()}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return type(self) is type(other) and self.__value_model__ == other.__value_model__

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Result], tuple[dict[str, Any]]]:
        return type(self), (self.__value_model__,)

    def __copy__(self) -> Result:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Result:
        return self

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__()} - {"__value_model__"})

    def plot(self, ax: Any = None) -> Any:
        """Draw an assessment, a portfolio or a robustness with matplotlib; see :mod:`value_model.plot`."""
        from value_model import plot

        draw = {"Assessment": plot.waterfall, "PortfolioReport": plot.bands, "Robustness": plot.robustness}
        if type(self).__name__ not in draw:
            raise TypeError(f"a {type(self).__name__} has no figure; {', '.join(draw)} have one")
        return draw[type(self).__name__](self, ax)  # type: ignore[operator]

    def __repr__(self) -> str:
        from value_model import _show

        return _show.text(self)

    def _repr_html_(self) -> str:
        from value_model import _show

        return _show.html(self)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(entry) for name, entry in value.items()}
    return [_copy(entry) for entry in value] if isinstance(value, list) else value


def plain(name: str, about: str) -> property:
    """An attribute that gives a value as it is."""
    return property(lambda self: self.__value_model__[name], doc=about)


def one(name: str, kind: str, about: str) -> property:
    """An attribute that gives an object of a class, or none."""

    def get(self: Result) -> Any:
        data = self.__value_model__[name]
        return data if data is None else Result._classes[kind](data)

    return property(get, doc=about)


def many(name: str, kind: str, about: str) -> property:
    """An attribute that gives a list of objects of a class, or none."""

    def get(self: Result) -> Any:
        data = self.__value_model__[name]
        return data if data is None else [Result._classes[kind](entry) for entry in data]

    return property(get, doc=about)


def mapped(name: str, kind: str, about: str) -> property:
    """An attribute that gives a dictionary of objects of a class, or none."""

    def get(self: Result) -> Any:
        data = self.__value_model__[name]
        return data if data is None else {key: Result._classes[kind](entry) for key, entry in data.items()}

    return property(get, doc=about)
