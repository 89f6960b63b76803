"""A model that scores accounts."""

from value_model import _native
from value_model._call import ABSENT


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

    def assess(self, record, as_of):
        """Score one account and explain the score."""
        from value_model.results import Assessment

        return Assessment(self._assess(record, as_of))

    def score_frame(
        self,
        frame,
        *,
        as_of,
        layout=ABSENT,
        columns=ABSENT,
        on=ABSENT,
        keep=ABSENT,
        results=ABSENT,
        contributions=ABSENT,
        headroom=ABSENT,
        flags=ABSENT,
        default_source=ABSENT,
        default_persona=ABSENT,
        default_on=ABSENT,
        nan=ABSENT,
        errors=ABSENT,
        order=ABSENT,
    ):
        """Score the accounts of a data frame: the same kind comes back, one row per account, in the same order.

        Takes frames of polars (lazy ones too), pandas, pyarrow and DuckDB, and whatever else speaks the Arrow PyCapsule
        interface, which gives a :class:`Table`. Columns of numbers are not copied. A row that cannot be scored has
        its reason in ``code`` and no values; in all others ``code`` is empty.

        Args:
            frame: The accounts.
            as_of: The date of scoring.
            layout: ``"wide"``: one row per account and one column per measure. ``"long"``: one row per answer, with the
                columns account, measure, value and perhaps source, persona, on, before, missing.
            columns: Which column holds what, where it is not the one of that name: of a measure, or of a long table's
                roles.
            on: The column that holds the day of each row's answers.
            keep: Columns to carry along (wide). ``account`` where there is one.
            results: The columns of results, by name and in this order. The score with its band, bounds, coverage and
                shares, and every group.
            contributions: Whether to add what each measure contributes.
            headroom: Whether to add by how much the score would rise if a measure stood at its best.
            flags: Whether to add, as booleans, the flags of measures (``ID_undated``: an answer without a date where age
                matters, ``ID_regressed``: a value that moved away from its target) and the rules that fired
                (``ID_fired``).
            default_source: Who stands behind answers that do not say.
            default_persona: The role behind answers that do not say (long).
            default_on: The day of answers that do not say.
            nan: ``"missing"``: NaN is no answer, as data frames mean it. ``"refused"``: it is a mistake.
            errors: ``"code"`` or ``"raise"``, which raises the first refusal with its row.
            order: In which order the accounts of a long table stand: ``"any"``, ``"grouped"``, ``"sorted"``. The last two
                need no memory for them.

        Raises:
            ValueModelError: the table does not fit the model; or a row, if asked to raise.
        """
        from value_model import _frames

        return _frames.score_frame(self, frame, _given(locals()))

    def score_arrow(
        self,
        frame,
        *,
        as_of,
        layout=ABSENT,
        columns=ABSENT,
        on=ABSENT,
        keep=ABSENT,
        results=ABSENT,
        contributions=ABSENT,
        headroom=ABSENT,
        flags=ABSENT,
        default_source=ABSENT,
        default_persona=ABSENT,
        default_on=ABSENT,
        nan=ABSENT,
        errors=ABSENT,
        order=ABSENT,
    ):
        """As :meth:`score_frame`, but whatever comes in, a table of Arrow comes out."""
        from value_model import _frames

        return _frames.score_arrow(self, frame, _given(locals()))

    def score_batches(
        self,
        frame,
        *,
        as_of,
        layout=ABSENT,
        columns=ABSENT,
        on=ABSENT,
        keep=ABSENT,
        results=ABSENT,
        contributions=ABSENT,
        headroom=ABSENT,
        flags=ABSENT,
        default_source=ABSENT,
        default_persona=ABSENT,
        default_on=ABSENT,
        nan=ABSENT,
        errors=ABSENT,
        order=ABSENT,
    ):
        """As :meth:`score_frame`, batch by batch while the results are read: for tables larger than memory.

        The stream speaks Arrow: ``pyarrow.RecordBatchReader.from_stream(stream)``, or DuckDB and polars directly.
        """
        from value_model import _frames

        return _frames.score_batches(self, frame, _given(locals()))


def _given(arguments):
    """The arguments that were given: the core knows what else holds."""
    return {
        name: value
        for name, value in arguments.items()
        if value is not ABSENT and name not in {"self", "frame", "_frames"}
    }
