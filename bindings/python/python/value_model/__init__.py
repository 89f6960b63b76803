"""Canonical customer value models: one account or a data frame, with the same bits as everywhere else.

Every formula of the catalog is a function here. It takes its fields as keywords, or one dictionary, dataclass or typed
dictionary of :mod:`value_model.inputs`; it gives a result of :mod:`value_model.results`. What cannot be computed is
refused with :class:`ValueModelError`. :class:`Scorer` scores accounts and data frames with a model,
:class:`SetScorer` with several.
"""

from value_model import _functions
from value_model._documents import catalog, error_codes, lint, presets
from value_model._errors import ValueModelError
from value_model._functions import *  # noqa: F403
from value_model._native import Score, Stream, Table, __version__
from value_model._scorer import Scorer
from value_model._set import SetScorer

# Checkers take this name for true; importing `typing` for it would cost half of the time that this package takes.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from value_model import inputs as inputs
    from value_model import results as results

__all__ = [
    "Score",
    "Scorer",
    "SetScorer",
    "Stream",
    "Table",
    "ValueModelError",
    "__version__",
    "catalog",
    "error_codes",
    "lint",
    "presets",
]
__all__ += _functions.__all__


def __getattr__(name: str) -> object:
    """Import modules when they are first asked for."""
    if name in {"inputs", "results"}:
        import importlib

        return importlib.import_module(f"value_model.{name}")
    raise AttributeError(f"module 'value_model' has no attribute {name!r}")
