"""One account under one model on one day, and the presets that a model may name."""

import pathlib
import tomllib
from functools import lru_cache

from .. import rules, scorecard, tolerance
from ..compare_random import bound_of
from ..errors import Refused

PRESETS = pathlib.Path(__file__).resolve().parents[3] / "value-model" / "presets"


@lru_cache
def preset(name):
    """The scorecard that comes with the product under this id."""
    for path in sorted(PRESETS.rglob("*.toml")):
        model = tomllib.loads(path.read_text("utf-8"))
        if model.get("id") == name:
            return model
    raise Refused("unknown_id", "model")


def model_of(given):
    """The scorecard of an input: a document or the id of a preset."""
    return preset(given) if isinstance(given, str) else given


class State:
    """An evaluated account."""

    def __init__(self, model, record, as_of, place="record"):
        self.model, self.as_of = model_of(model), as_of
        try:
            scorecard.compiled(self.model)
        except Refused as refused:
            raise refused.within("model") from None
        try:
            self.scored = scorecard.evaluate(self.model, record, as_of)
            self.card = self.scored.card
            self.ties = self.scored.ties
            self.assessment = scorecard.assessment(self.scored, as_of)
        except Refused as refused:
            raise refused.within(place) from None

    @property
    def plain(self):
        """The score without an override, in points."""
        unit = self.scored.final.unit
        return None if unit is None else 100 * unit

    def band(self, score):
        """The name of the band of a score."""
        bands = self.card["bands"]
        return None if score is None else bands["names"][rules.band(bands, score, self.ties)]


def state_of(given):
    """The state that an input describes."""
    return State(given["model"], given["record"], given["as_of"])


def assess_given(given):
    """The assessment as a formula."""
    return state_of(given).assessment


def bound_given(given):
    """The bound of one assessment."""
    return bound_of(model_of(given["model"]))


def functions(_given):
    """Differences of scores: 1e-12 of 100 points."""
    return tolerance.functions(scale=100.0)
