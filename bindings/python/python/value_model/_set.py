"""A set of models that scores accounts: which models judge an account, and what they say."""

from value_model import _native
from value_model._call import ABSENT
from value_model._scorer import _given


class SetScorer(_native.SetScorer):
    """A set of models, checked once: it cannot be changed, and any number of threads may use it.

    The set is the path of a document, beside which the files lie that it names; the text of one in TOML or JSON, a
    dictionary, or another scorer of a set. In the last three a model is the id of a preset or a scorecard.

    Examples:
        >>> model_set = SetScorer({
        ...     "schema": "value-model-set/1", "id": "ours", "version": "1", "default": ["standard"],
        ...     "models": {"standard": "value-realization", "strategic": "perceived-value"},
        ...     "cases": [{"id": "large", "models": ["strategic", "standard"], "when": [{"attribute": "arr", "from": 1e5}]}],
        ... })
        >>> model_set.choose({"account": "acme", "attributes": {"arr": 250_000}})
        ('large', ['strategic', 'standard'])
    """

    __slots__ = ()

    def assess(self, record, as_of):
        """Score one account under its models, the headline first, and explain the scores.

        An account that is the roll-up of its children has none.
        """
        from value_model.results import CardAssessment

        return [CardAssessment(one) for one in self._assess(record, as_of)]

    def score_frame(
        self,
        frame,
        *,
        as_of,
        columns=ABSENT,
        on=ABSENT,
        account=ABSENT,
        keep=ABSENT,
        results=ABSENT,
        contributions=ABSENT,
        headroom=ABSENT,
        flags=ABSENT,
        default_source=ABSENT,
        default_on=ABSENT,
        nan=ABSENT,
        errors=ABSENT,
    ):
        """Score the accounts of a data frame: the same kind comes back, one row per account and model.

        Takes the frames that :meth:`Scorer.score_frame` takes, with one row per account. Attributes stand in the columns
        of their names. Rows are in the order of the accounts, and of the models of their case, the headline first; ``case``
        and ``model`` say which. There are the columns of all models, each name once; what a model does not have is
        missing. An account that cannot be scored has one row with its reason in ``code``; one that is the roll-up of its
        children has none: :meth:`score_parents` gives it.

        Args:
            frame: The accounts.
            as_of: The date of scoring.
            columns: Which column holds which measure, where it is not the one of that name.
            on: The column that holds the day of each row's answers.
            account: The column that names accounts, where they have parents. ``"account"``.
            keep: Columns to carry along. The column that names accounts, where there is one.
            results: The columns of results, by name and in this order. The score with its band, bounds, coverage and
                shares, and every group of any model.
            contributions: Whether to add what each measure contributes.
            headroom: Whether to add by how much the score would rise if a measure stood at its best.
            flags: Whether to add, as booleans, the flags of measures (``ID_undated``: an answer without a date where age
                matters, ``ID_regressed``: a value that moved away from its target) and the rules that fired
                (``ID_fired``).
            default_source: Who stands behind answers that do not say.
            default_on: The day of answers that do not say.
            nan: ``"missing"``: NaN is no answer, as data frames mean it. ``"refused"``: it is a mistake.
            errors: ``"code"`` or ``"raise"``, which raises the first refusal with its row.

        Raises:
            ValueModelError: the table does not fit the set; or a row, if asked to raise.
        """
        from value_model import _frames

        return _frames.score_frame(self, frame, _given(locals()))

    def score_parents(
        self,
        frame,
        *,
        as_of,
        columns=ABSENT,
        on=ABSENT,
        account=ABSENT,
        default_source=ABSENT,
        default_on=ABSENT,
        nan=ABSENT,
        errors=ABSENT,
    ):
        """Score the parents of the accounts of a data frame: the same kind comes back, one row per parent.

        A parent is the roll-up of its children. Accounts that cannot be scored are left out.

        Args:
            frame: The accounts, as for :meth:`score_frame`; all of them, because a parent may have its children anywhere.
            as_of: The date of scoring.
            columns: Which column holds which measure, where it is not the one of that name.
            on: The column that holds the day of each row's answers.
            account: The column that names accounts. ``"account"``.
            default_source: Who stands behind answers that do not say.
            default_on: The day of answers that do not say.
            nan: ``"missing"``: NaN is no answer. ``"refused"``: it is a mistake.
            errors: ``"code"`` leaves out accounts that cannot be scored, ``"raise"`` raises the first one with its row.

        Raises:
            ValueModelError: the table does not fit the set; accounts are parents of each other; or a row, if asked.
        """
        from value_model import _frames

        return _frames.score_parents(self, frame, _given(locals()))
