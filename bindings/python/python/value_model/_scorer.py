"""A model that scores accounts."""

from __future__ import annotations

from value_model import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from value_model.inputs import Date, Record
    from value_model.results import Assessment


class Scorer(_native.Scorer):
    """A model, checked once: it cannot be changed, and any number of threads may use it.

    The model is the id of a preset (``"value-realization"``), the text of a document in TOML or JSON, the path of one,
    a dictionary, or another scorer.

    Examples:
        >>> scorer = Scorer("value-realization")
        >>> scorer.score({"account": "acme", "answers": {"full_usage": 0.8}}, "2026-11-01").outcome
        'insufficient'
    """

    __slots__ = ()

    def assess(self, record: Record | DataclassInstance, as_of: Date) -> Assessment:
        """Score one account and explain the score."""
        from value_model.results import Assessment

        return Assessment(self._assess(record, as_of))
